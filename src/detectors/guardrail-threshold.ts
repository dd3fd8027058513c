import type { Fact, FactChange, FileSide, Judgement, Literal } from "../core/detector.ts";
import { confidenceIn } from "./distinct-facts.ts";

/** The rule of thresholds. */
export const THRESHOLD = "guardrail/threshold";
/** Names of limits; what they limit decides whether they are guardrails. */
const LIMIT =
  /threshold|cut_?off|(?:^|[_.-]|[a-z])(?:min|max)(?:imum)?_?(?:score|pass_?rate|rating|confidence|toxicity|severity|risk|accuracy|similarity|faithfulness|relevance|grade)|pass_?(?:rate|threshold|score)|^(?:toxicity|hate|violence|sexual|self_?harm|faithfulness|hallucination|groundedness|jailbreak|prompt_?injection|pii|bias|answer_relevancy)(?:_?(?:score|limit|level|min|max))?$/i;
/** Words of a path, a file or a name that make a limit one of evaluation, moderation, judging or safety. */
const GUARDED =
  /eval(?!ue)|judge|moderat|safety|guard_?rail|toxic|hate|violence|sexual|harm|jailbreak|injection|pii|faithful|hallucinat|grounded|relevanc|refusal|bias|promptfoo|deepeval|ragas|red_?team|content_?filter|llm[_-]?rubric|g[_-]?eval|HARM_CATEGORY|shield/i;
/** What is bad in itself: more of it allowed is weaker. */
const BAD =
  /toxic|hate|violence|sexual|harm|jailbreak|injection|pii|hallucinat|bias|risk|severity|error|fail|leak|unsafe|danger|refusal_?limit|insult|profan/i;
/** Words that make even a limit of something bad a floor. */
const FLOOR_WORD = /(?:^|[_.-])min(?:imum)?(?:[_.-]|$)|(?:^|[_.-])min(?=[A-Z])/;
const CEILING_WORD = /(?:^|[_.-])max(?:imum)?(?:[_.-]|$)|(?:^|[_.-])max(?=[A-Z])|limit|budget/i;
/** Named levels, from the strictest to none at all. */
const LEVELS: readonly string[] = [
  "block_low_and_above",
  "block_medium_and_above",
  "block_only_high",
  "block_none",
  "off",
];

/** The limits that a file sets for evaluations, moderation, judges and safety filters. */
export function thresholdFacts(file: FileSide): readonly Fact[] {
  if (!GUARDED.test(file.text) && !GUARDED.test(file.path)) return [];
  return file.literals.flatMap((literal) => thresholdOf(file, literal));
}

function thresholdOf(file: FileSide, literal: Literal): readonly Fact[] {
  const names = literal.path.filter((part) => !/^\d+$/.test(part));
  const name = names.at(-1) ?? "";
  const value = literal.value.trim().toLowerCase();
  const level = LEVELS.includes(value);
  const number = literal.kind === "number" || (literal.kind === "string" && /^\d{1,6}(?:\.\d{1,9})?%?$/.test(value));
  if (!(level || (number && LIMIT.test(name)))) return [];
  if (!level && !names.some((part) => GUARDED.test(part)) && !GUARDED.test(file.path)) return [];
  return [
    {
      rule: THRESHOLD,
      key: names.join("."),
      value,
      shown: `${name} ${literal.value.trim()}`,
      line: literal.line,
      confidence: confidenceIn(file),
    },
  ];
}

/** Which way a threshold moved: weaker is major, stricter minor. */
export function judgeThreshold({ before, after }: FactChange): Judgement {
  const remedy = "Keep the threshold, or show the results that justify the new one.";
  if (!before) return { direction: "added", severity: "minor", remedy };
  if (!after)
    return {
      direction: "removed",
      severity: "major",
      floor: "high",
      remedy: "Put the threshold back, or say what takes its place.",
    };
  const looser = isCeiling(after.key) ? rank(after) > rank(before) : rank(after) < rank(before);
  return looser
    ? { direction: "widened", severity: "major", floor: "high", remedy }
    : { direction: "narrowed", severity: "minor", remedy };
}

function rank({ value }: Fact): number {
  const level = LEVELS.indexOf(value);
  return level >= 0 ? -level : Number.parseFloat(value);
}

/** Whether more of what is limited is worse, so that a higher limit is weaker. */
function isCeiling(key: string): boolean {
  if (FLOOR_WORD.test(key)) return false;
  return CEILING_WORD.test(key) || BAD.test(key);
}
