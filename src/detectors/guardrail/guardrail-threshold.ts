import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import { commentedLines } from "../commented-lines.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { lastName, partQuestion } from "../literal-parts.ts";
import { memoised } from "../memoised.ts";
import { GUARDED, isGuarded, isGuardLibrary } from "./guardrail-words.ts";

const RULE = "guardrail/threshold";
const SKIPPED =
  /\.(?:mdx?|rst|txt|svg|map|patch|diff|snap|lock|css|html?|csv|tsv|jsonl)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$/i;
/** Names of limits; what they limit decides whether they are guardrails. */
const LIMIT =
  /threshold|cut_?off|(?:^|[_.-]|[a-z])(?:min|max)(?:imum)?_?(?:score|pass_?rate|rating|confidence|toxicity|severity|risk|accuracy|faithfulness|relevancy|grade|hate|violence|sexual|self_?harm|harm|harassment)|pass_?(?:rate|threshold|score)|^(?:toxicity|hate|violence|sexual|self_?harm|faithfulness|hallucination|groundedness|jailbreak|prompt_?injection|pii|bias|answer_relevancy)(?:_?(?:score|limit|level|min|max))?$/i;
/** A category alone: in code a full score or none is what a classifier answered, no limit. */
const BARE = /^(?:toxicity|hate|violence|sexual|self_?harm|harassment)$/i;
/** What is bad in itself: more of it allowed is weaker. */
const BAD =
  /toxic|(?<![a-z])hate|violence|sexual|(?<![a-z])harm|harass|jailbreak|injection|(?<![a-z])pii(?![a-z])|hallucinat|(?<![a-z])bias|risk|severity|error|fail|leak|unsafe|danger|insult|profan|moderat/i;
const FLOOR_WORD = /(?:^|[_. -])min(?:imum)?(?:[_.-]|$)|(?:^|[_. -])min(?=[A-Z])/;
const CEILING_WORD = /(?:^|[_. -])max(?:imum)?(?:[_.-]|$)|(?:^|[_. -])max(?=[A-Z])|limit|budget/i;
/** Named levels, from the strictest to none at all, with the names they stand under. */
const LEVELS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/threshold/i, ["block_low_and_above", "block_medium_and_above", "block_only_high", "block_none", "off"]],
  [/(?:input|output)_?strength$/i, ["high", "medium", "low", "none"]],
  [/severity_?threshold$/i, ["low", "medium", "high"]],
];
const ENUM = /\bHarmBlockThreshold\.(?:Known\.)?([A-Z_]{3,40})/g;
const COMPARED =
  /(?<![\w.])([A-Za-z_][\w.]{0,80}(?:\[["'][\w/ -]{1,60}["']\])?)\s{0,4}(?:>=?|<=?)\s{0,4}(\d{1,6}(?:\.\d{1,9})?)(?![\w.])/g;
/** A line without it holds neither. */
const WRITTEN = /[<>]=?[^\S\n]{0,4}\d|HarmBlockThreshold/g;
const CODE = /\.(?:py|pyi|[cm]?[jt]sx?|go|java|kt|cs|rb|rs|php|swift|scala|ipynb)$/i;
const SCORE = /score|rate$|accuracy|similarity|faithful|relevan|grounded|correctness|pass/i;
const LONGEST_LINE = 2_000;

/** The limits of evaluations, moderation, judges and safety filters. */
export const thresholdDetector: Detector = {
  name: "guardrail-threshold",
  rules: [
    {
      id: RULE,
      class: "guardrail",
      summary: "A threshold of evaluation, moderation, judge or safety filter changes.",
      severity:
        "Weaker or gone: major, at least tier high. Stricter or new: minor. For limits of something bad (`max_toxicity`) higher is weaker.",
      ignoresSurface: true,
    },
  ],
  literals: `threshold cutoff cut_off cut-off score rate rating confidence toxic severity risk accuracy faithful relevan
    grade hate violence sexual harm hallucinat grounded jailbreak injection pii bias strength correctness similarity`.split(
    /\s+/,
  ),
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : thresholdsIn(file)),
  judge,
};

function thresholdsIn(file: FileSide): readonly Fact[] {
  if (!isGuarded(file)) return [];
  const whole =
    GUARDED.test(file.path) || file.literals.some(({ path, value }) => path[0] === "import" && isGuardLibrary(value));
  return [
    ...(limits.any(file.literals) ? file.literals.flatMap((literal) => bound(file, literal, whole)) : []),
    ...(CODE.test(file.path) ? written(file, whole) : []),
  ];
}

/** Limits that are bound to a name. */
function bound(file: FileSide, { path, value: written, kind, line }: Literal, whole: boolean): readonly Fact[] {
  const name = lastName(path);
  if (!isLimit(name)) return [];
  const value = written.trim().toLowerCase();
  const names = path.filter((part) => !/^\d+$/.test(part));
  const found = () => [fact(file, keyOf(names), value, `${name} ${written.trim()}`, line)];
  if (LEVELS.some(([under, levels]) => levels.includes(value) && under.test(name))) return found();
  if (BARE.test(name) && CODE.test(file.path) && /^[01]$/.test(value)) return [];
  const isNumber = kind === "number" || (kind === "string" && /^\d{1,6}(?:\.\d{1,9})?%?$/.test(value));
  return isNumber && LIMIT.test(name) && (whole || names.some((part) => GUARDED.test(part))) ? found() : [];
}

/** The name with what it is a limit of: where it stands besides may change without changing it. */
function keyOf(names: readonly string[]): string {
  const name = names.at(-1) ?? "";
  const about = names.slice(0, -1).findLast((part) => GUARDED.test(part) || BAD.test(part));
  return about === undefined ? name : `${about} ${name}`;
}

const isLimit = memoised((name) => LIMIT.test(name) || LEVELS.some(([under]) => under.test(name)));

const limits = partQuestion(isLimit);

/** Limits that code compares with, and constants of an enumeration. */
function written(file: FileSide, whole: boolean): readonly Fact[] {
  const found = linesWith(file, WRITTEN);
  if (found.length === 0) return [];
  const silent = commentedLines(file);
  const lines = linesOf(file);
  return found.flatMap((index): readonly Fact[] => {
    const text = lines[index] ?? "";
    const line = index + 1;
    if (text.length > LONGEST_LINE || silent.has(line)) return [];
    const enums = [...text.matchAll(ENUM)].map(([, level = ""]) => {
      const category = /HarmCategory\.(?:Known\.)?([A-Z_]{3,60})/.exec(text)?.[1] ?? "HarmBlockThreshold";
      return fact(file, `${category} threshold`, level.toLowerCase(), level, line);
    });
    const compared = [...text.matchAll(COMPARED)].flatMap(([shown, name = "", value = ""]) =>
      value !== "0" && !/threshold|limit/i.test(name) && (GUARDED.test(name) || (whole && SCORE.test(name)))
        ? [fact(file, name, value, shown, line)]
        : [],
    );
    return [...enums, ...compared];
  });
}

function fact(file: FileSide, key: string, value: string, shown: string, line: number): Fact {
  return { rule: RULE, key, value, shown, line, confidence: confidenceIn(file) };
}

/** Which way a threshold moved: weaker is major, stricter minor. */
function judge({ before, after }: FactChange): Judgement {
  const remedy = "Keep the threshold, or show the results that justify the new one.";
  if (!before) return { direction: "added", severity: "minor", remedy };
  if (!after)
    return {
      direction: "removed",
      severity: "major",
      floor: "high",
      remedy: "Put the threshold back, or say what takes its place.",
    };
  const step = weakness(after) - weakness(before);
  if (Number.isNaN(step)) return { direction: "changed", severity: "major", remedy };
  return step > 0
    ? { direction: "widened", severity: "major", floor: "high", remedy }
    : { direction: "narrowed", severity: "minor", remedy };
}

/** How much a threshold lets pass, comparable among the values of one name. */
function weakness({ key, value }: Fact): number {
  const levels = LEVELS.find(([under, named]) => under.test(key) && named.includes(value))?.[1];
  if (levels) return levels.indexOf(value);
  const number = Number.parseFloat(value);
  return isCeiling(key) ? number : -number;
}

/** Whether more of what is limited is worse, so that a higher limit is weaker. */
function isCeiling(key: string): boolean {
  if (FLOOR_WORD.test(key)) return false;
  return CEILING_WORD.test(key) || BAD.test(key);
}
