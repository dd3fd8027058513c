import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { directionOf } from "./distinct-facts.ts";
import { guardrailIn, guardrailLikeness, guardrailLines, isWeaker } from "./guardrail-line.ts";
import { boundPromptFacts, boundRule, PROMPT_CODE, PROMPT_FIELD } from "./prompt-code.ts";
import { GUARDRAIL_REMOVED, HIDDEN_UNICODE } from "./prompt-facts.ts";
import { PROMPT_FILE, promptFileEvidence, promptFileFacts } from "./prompt-file.ts";
import { promptPaths } from "./prompt-paths.ts";
import { PROMPT_REFERENCE, promptReferences } from "./prompt-reference.ts";
import { withoutSecrets } from "./secret-free-text.ts";
import { differingPart, nearlySame } from "./text-difference.ts";

/** What a model is told: prompts in files, code and configuration, prompts kept elsewhere, and the rules in them. */
export const promptDetector: Detector = {
  name: "prompt",
  rules: [
    { id: PROMPT_FILE, class: "prompt", summary: "A file that is a prompt says something else." },
    { id: PROMPT_CODE, class: "prompt", summary: "A prompt in source code says something else." },
    { id: PROMPT_FIELD, class: "prompt", summary: "A prompt in configuration says something else." },
    { id: PROMPT_REFERENCE, class: "prompt", summary: "Another prompt, or another version, is taken from a registry." },
    { id: GUARDRAIL_REMOVED, class: "prompt", summary: "A rule that a prompt lays down is gone or weaker." },
    { id: HIDDEN_UNICODE, class: "prompt", summary: "A prompt holds characters that a reviewer does not see." },
  ],
  literals: [],
  selects: (path) => promptFileEvidence(path) !== null || boundRule(path) !== null,
  extract,
  judge,
  wants: promptPaths,
  likeness: (before, after) =>
    before.rule === GUARDRAIL_REMOVED ? guardrailLikeness(before.value, after.value) : promptLikeness(before, after),
};

function extract(file: FileSide): readonly Fact[] {
  if (file.binary) return [];
  const loaded = file.roles?.has("prompt") === true;
  const rule = boundRule(file.path);
  if (rule === null) return promptFileFacts(file, loaded);
  const asFile = promptFileEvidence(file.path) === null ? [] : promptFileFacts(file, false);
  return [...(asFile.length > 0 ? asFile : boundPromptFacts(file, rule, loaded)), ...promptReferences(file)];
}

/** The same name is the same prompt; without it the words decide. */
function promptLikeness(before: Fact, after: Fact): number {
  if (before.label === after.label) return 1;
  return guardrailLikeness(before.value.slice(0, 2_000), after.value.slice(0, 2_000));
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
  const same = nearlySame(before.value, after.value) && sameRules(before.value, after.value);
  return { direction, severity: same ? "minor" : "material", remedy, excerpt: excerptOf(before.value, after.value) };
}

function sameRules(before: string, after: string): boolean {
  const rules = (text: string) => guardrailLines(text, 1).map((rule) => rule.text);
  return JSON.stringify(rules(before)) === JSON.stringify(rules(after));
}

function excerptOf(before: string, after: string): { readonly before: string; readonly after: string } {
  const part = differingPart(before, after);
  return { before: withoutSecrets(part.before), after: withoutSecrets(part.after) };
}

function judgeGuardrail({ before, after }: FactChange): Judgement {
  const remedy = "Keep the rule, or show who decided to drop it and what enforces it now.";
  const old = before ? guardrailIn(before.value) : null;
  if (!before || !old) return { direction: "added", severity: "trivial", remedy: "Nothing to do: a rule was added." };
  // A preference ("avoid") is style: losing it is seen as a change of the prompt.
  if (!after) return { direction: "removed", severity: old.level > 1 ? "major" : "trivial", remedy };
  const weaker = isWeaker(old, guardrailIn(after.value));
  return { direction: "changed", severity: weaker && old.level > 1 ? "major" : "trivial", remedy };
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
