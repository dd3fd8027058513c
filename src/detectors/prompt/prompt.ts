import type { Detector, Excerpt, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { withoutSecrets } from "../credential/secret-free-text.ts";
import { directionOf } from "../distinct-facts.ts";
import { askedInARow } from "../memoised.ts";
import { MODEL_WORDS } from "../model/model-mention.ts";
import { guardrailIn, guardrailLikeness, guardrailLines, isWeaker } from "./guardrail-line.ts";
import { holdsPrompts } from "./prompt-binding.ts";
import { boundPromptFacts, boundRule, PROMPT_CODE, PROMPT_FIELD } from "./prompt-code.ts";
import { GUARDRAIL_REMOVED, HIDDEN_UNICODE } from "./prompt-facts.ts";
import { PROMPT_FILE, promptFileEvidence, promptFileFacts } from "./prompt-file.ts";
import { promptPaths } from "./prompt-paths.ts";
import { PROMPT_REFERENCE, promptReferences } from "./prompt-reference.ts";
import { nearlySame, textDifference } from "./text-difference.ts";

const NAME = "prompt";
/** How much of two prompts is compared to tell which became which. */
const COMPARED = 2_000;
/**
 * Pieces of which a file with bound prompts holds one: a name that says so, a model's or a framework's, or the words that
 * tell a model who it is.
 */
const PIECES: readonly string[] = [
  ...MODEL_WORDS,
  ..."prompt instruction persona preamble few_shot fewshot few-shot backstory expected_output signature".split(" "),
  ..."system-message system_text system_msg developer_message pmpt_ system: system= \"system\" 'system' \"ai\" 'ai'".split(
    " ",
  ),
  ..."you are,you're,you will,you have been,act as,your task,your job,your role,your goal,as an ai,as an expert".split(
    ",",
  ),
  ..."as a helpful,as a senior,system message,system =,du bist,sie sind,tu es,eres un,sei un,je bent een,sen bir".split(
    ",",
  ),
];

const isPromptPath = askedInARow(
  (path) => promptFileEvidence(path) !== null || (boundRule(path) !== null && holdsPrompts(path)),
);

/** Prompts bound to names, calls and roles in code and configuration, prompts kept elsewhere, and files loaded as prompts. */
export const promptDetector: Detector = {
  name: NAME,
  rules: [
    {
      id: PROMPT_CODE,
      class: "prompt",
      summary: "A prompt in source code says something else.",
      severity: "A typing error: minor. Else material.",
    },
    {
      id: PROMPT_FIELD,
      class: "prompt",
      summary: "A prompt in configuration says something else.",
      severity: "A typing error: minor. Else material.",
    },
    {
      id: PROMPT_REFERENCE,
      class: "prompt",
      summary: "Another prompt, or another version, is taken from a registry.",
      severity: "material",
    },
  ],
  literals: PIECES,
  selects: (path) => !isPromptPath(path) && boundRule(path) !== null,
  extract: (file) => (isPromptPath(file.path) ? [] : extract(file)),
  wants: (file) => (isPromptPath(file.path) ? [] : promptPaths(file)),
  judge,
  likeness: promptLikeness,
};

/** Files that are prompts, or exist to hold them, by where they lie and what they are called. */
export const promptFileDetector: Detector = {
  // One name for both: what either follows is a prompt, and whichever knows the path reads it.
  name: NAME,
  rules: [
    {
      id: PROMPT_FILE,
      class: "prompt",
      summary: "A file that is a prompt says something else.",
      severity: "A typing error: minor. Else material.",
      wholeFile: true,
    },
    {
      id: GUARDRAIL_REMOVED,
      class: "prompt",
      summary: "A rule that a prompt lays down is gone or weaker.",
      severity: "major",
    },
    {
      id: HIDDEN_UNICODE,
      class: "prompt",
      summary: "A prompt holds characters that a reviewer does not see.",
      severity: "major",
    },
  ],
  literals: [],
  selects: isPromptPath,
  extract: (file) => (isPromptPath(file.path) ? extract(file) : []),
  wants: (file) => (isPromptPath(file.path) ? promptPaths(file) : []),
  judge,
  likeness: promptLikeness,
};

function extract(file: FileSide): readonly Fact[] {
  if (file.binary) return [];
  const loaded = file.roles?.has(NAME) === true;
  const rule = boundRule(file.path);
  if (rule === null) return promptFileFacts(file, loaded);
  const asFile = promptFileEvidence(file.path) === null ? [] : promptFileFacts(file, false);
  return [...(asFile.length > 0 ? asFile : boundPromptFacts(file, rule, loaded)), ...promptReferences(file)];
}

/** The same name is the same prompt; without it, and for rules, the words decide. */
function promptLikeness(before: Fact, after: Fact): number {
  if (before.rule === GUARDRAIL_REMOVED) return guardrailLikeness(before.value, after.value);
  const words = guardrailLikeness(before.value.slice(0, COMPARED), after.value.slice(0, COMPARED));
  return before.label === after.label ? 0.5 + words / 2 : words;
}

function judge(change: FactChange): Judgement {
  switch ((change.after ?? change.before)?.rule) {
    case GUARDRAIL_REMOVED:
      return judgeGuardrail(change);
    case HIDDEN_UNICODE:
      return judgeHidden(change);
    case PROMPT_REFERENCE:
      return {
        direction: directionOf(change),
        severity: "material",
        remedy: "Name the version, and show what the prompt says now and how it was tested.",
      };
    default:
      return judgePrompt(change);
  }
}

/** Whether prompt words changed by more than a typing error. */
export function judgePrompt(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = directionOf(change);
  const remedy = "Test the system with the new wording on its own cases, and link the result.";
  if (!before || !after) return { direction, severity: "material", remedy };
  const [old, fresh] = [withoutSlotNames(before.value), withoutSlotNames(after.value)];
  const same = old === fresh || (nearlySame(before.value, after.value) && sameRules(before.value, after.value));
  return { direction, severity: same ? "minor" : "material", remedy, excerpt: excerptOf(before, after) };
}

/** What fills a slot may be called otherwise: `{text}`, `${input.text}`. */
function withoutSlotNames(text: string): string {
  return text.replace(/\{[\w.[\]'"()]{1,80}\}/g, "{}");
}

function sameRules(before: string, after: string): boolean {
  const rules = (text: string) => guardrailLines(text, 1).map((rule) => rule.text);
  return JSON.stringify(rules(before)) === JSON.stringify(rules(after));
}

function excerptOf(before: Fact, after: Fact): Excerpt {
  const part = textDifference(before.value, after.value);
  const lineIn = (fact: Fact) => fact.wordLines?.[part.start] ?? fact.wordLines?.at(-1) ?? fact.line;
  return {
    before: withoutSecrets(part.before),
    after: withoutSecrets(part.after),
    beforeLine: lineIn(before),
    afterLine: lineIn(after),
  };
}

function judgeGuardrail({ before, after }: FactChange): Judgement {
  const old = before ? guardrailIn(before.value) : null;
  if (!old) return { direction: "added", severity: "trivial", remedy: "Nothing to do: a rule was added." };
  const direction = after ? "changed" : "removed";
  const gone = !after || isWeaker(old, guardrailIn(after.value));
  // A preference ("avoid") is style: losing it is seen as a change of the prompt.
  if (!gone || old.level === 1)
    return { direction, severity: "trivial", remedy: "Nothing to do: the rule is as strong." };
  const remedy = "Keep the rule, or show who decided to drop it and what enforces it now.";
  return { direction, severity: "major", remedy, floor: "high" };
}

function judgeHidden(change: FactChange): Judgement {
  const direction = directionOf(change);
  if (!change.after) return { direction, severity: "minor", remedy: "Nothing to do: hidden characters were removed." };
  return {
    direction,
    severity: "major",
    remedy: "Remove the characters, or write them as visible escapes and say why.",
  };
}
