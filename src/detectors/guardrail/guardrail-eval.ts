import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { commentedLines } from "../commented-lines.ts";
import { withoutSecrets } from "../credential/secret-free-text.ts";
import { confidenceIn, directionOf } from "../distinct-facts.ts";
import { askedInARow } from "../memoised.ts";
import { digest } from "../text-digest.ts";
import type { EvaluationCase } from "./evaluation-case.ts";
import { casesIn, isCaseFile, isSuite } from "./evaluation-file.ts";

const RULE = "guardrail/eval";
const NAME = "guardrail-eval";
const CODE = /\.(?:py|[cm]?[jt]sx?)$/i;
const SCRIPT = /\.(?:ya?ml|sh|bash|json|toml)$|(?:^|\/)(?:Makefile|justfile)$/i;
const LOCK = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|composer\.lock)$/i;
const EVALUATION_CODE = /(?:^|\/)(?:evals?|evaluations?|llm[_-]?evals?)\/|[._-]evals?\.\w{1,4}$/i;
/** What makes a test, and what switches one off, or all others. */
const TEST =
  /^\s{0,40}(?:async\s{1,4})?def\s{1,4}test_\w{1,100}|\b(?:it|test|evalite)(?:\.each\b[^\n]{0,200})?\(\s{0,20}["'`]/gm;
const SKIPPED =
  /@pytest\.mark\.(?:skip|skipif|xfail)\b|\b(?:it|test|describe|evalite|suite)\.(?:skip|only|todo)\(|\bpytest\.skip\(/g;
/** Commands that run evaluations. */
const RUN =
  /\b(?:promptfoo(?:@[\w.-]{1,20})?\s{1,4}(?:eval|redteam)|deepeval\s{1,4}test\s{1,4}run|inspect\s{1,4}eval|evalite\b|oaieval\b|braintrust\s{1,4}eval|adk\s{1,4}eval)[^\n]{0,300}/g;
const FORGIVING = /\|\|\s{0,4}true\b|\|\|\s{0,4}:|--no-fail|continue-on-error/;
const SHOWN = 200;
const ALIKE = 0.5;

/** What files hold that are no evaluation by their name: libraries' cases, suites, commands. */
const USE_LITERALS: readonly string[] = [
  ..."llmtestcase|conversationaltestcase|golden|singleturnsample|multiturnsample|evaluationrow".split("|"),
  ..."deepeval|ragas|guardrails|trulens|inspect_ai|pydantic_evals|llm_guard|braintrust|autoevals|evalite".split("|"),
  ..."vitest-evals|langfuse|langsmith|openevals|agentevals|phoenix.evals|azure.ai.evaluation|giskard".split("|"),
  ..."mlflow.genai|promptfoo|providers|targets|inspect|oaieval|adk".split("|"),
];

const isEvaluation = askedInARow((path) => isCaseFile(path) || (CODE.test(path) && EVALUATION_CODE.test(path)));

/** Evaluation suites and their data: what an answer must pass before it counts. */
export const evaluationDetector: Detector = {
  name: NAME,
  rules: [
    {
      id: RULE,
      class: "guardrail",
      summary: "A case of an evaluation suite or of its data comes, goes or changes, or the suite is no longer run.",
      severity:
        "A case, a check of one or a test that goes, or a run whose failure no longer counts: major, at least tier high. Another expectation: material. A new case: minor.",
      ignoresSurface: true,
    },
  ],
  literals: [],
  selects: isEvaluation,
  extract: (file) => {
    if (file.binary) return [];
    const cases = casesIn(file, file.roles?.has(NAME) === true).map((one) => caseFact(file, one));
    return [...cases, ...tests(file)];
  },
  wants: (file) => (isSuite(file) ? referenced(file) : []),
  likeness: (before, after) => (before.key === "case" ? overlap(before.shown ?? "", after.shown ?? "") : 1),
  judge,
};

/** Evaluations in files that are none by their name; facts of the same rule. */
export const evaluationUseDetector: Detector = {
  ...evaluationDetector,
  rules: [],
  literals: USE_LITERALS,
  selects: (path) => (CODE.test(path) || SCRIPT.test(path)) && !LOCK.test(path) && !isEvaluation(path),
  extract: (file) => {
    if (file.binary) return [];
    const known = isEvaluation(file.path) || file.roles?.has(NAME) === true;
    return [...(known ? [] : casesIn(file, false).map((one) => caseFact(file, one))), ...runs(file)];
  },
};

/** Case files that a suite names, by address. */
function referenced(file: FileSide): readonly string[] {
  return file.literals.flatMap(({ value }) => {
    const address = value.startsWith("file://") ? value.slice("file://".length) : "";
    // A function of a script is named behind its file.
    return address === "" ? [] : [address.replace(/(\.[cm]?[jt]s|\.py):\w{1,80}$/, "$1")];
  });
}

function caseFact(file: FileSide, { text, checks, line }: EvaluationCase): Fact {
  return {
    rule: RULE,
    key: "case",
    value: `${digest(text)} ${checks}`,
    shown: withoutSecrets(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text),
    line,
    confidence: confidenceIn(file),
  };
}

/** How many tests a file of evaluations has, and how many of them are switched off. */
function tests(file: FileSide): readonly Fact[] {
  if (!CODE.test(file.path) || !EVALUATION_CODE.test(file.path)) return [];
  const off = found(file, SKIPPED);
  const all = [...found(file, TEST), ...off.filter(({ text }) => text.endsWith("("))];
  const [first] = all;
  if (!first) return [];
  return [
    fact(file, "tests", `${all.length} ${off.length}`, `${all.length} tests, ${off.length} switched off`, first.line),
  ];
}

/** Commands that run a suite, and whether their failure counts. */
function runs(file: FileSide): readonly Fact[] {
  if (!SCRIPT.test(file.path) || isCaseFile(file.path)) return [];
  return found(file, RUN).map(({ text, line }) => {
    const counts = FORGIVING.test(text) ? "failure is ignored" : "failure counts";
    return fact(file, "run", counts, text.trim().replace(/["',]+$/, ""), line);
  });
}

function found(file: FileSide, pattern: RegExp): readonly { readonly text: string; readonly line: number }[] {
  const matches = [...file.text.matchAll(pattern)];
  if (matches.length === 0) return [];
  const silent = commentedLines(file);
  let line = 1;
  let at = 0;
  return matches.flatMap(({ 0: text, index }) => {
    for (; at < index; at += 1) if (file.text.charCodeAt(at) === 10) line += 1;
    return silent.has(line) ? [] : [{ text, line }];
  });
}

function fact(file: FileSide, key: string, value: string, shown: string, line: number): Fact {
  return { rule: RULE, key, value, shown: withoutSecrets(shown), line, confidence: confidenceIn(file) };
}

/** How many of two texts' words are the same. */
function overlap(one: string, other: string): number {
  const words = new Set(one.split(/\W+/));
  const against = new Set(other.split(/\W+/));
  let common = 0;
  for (const word of words) if (against.has(word)) common += 1;
  return common / (words.size + against.size - common || 1);
}

/** A case or a run that goes is major, one that comes minor; so is a check that goes or comes. */
function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const remedy = "Show a run of the suite as it is now.";
  const weaker = {
    severity: "major",
    floor: "high",
    remedy: "Keep the case, or say why it need not pass any more.",
  } as const;
  const direction = directionOf(change);
  if (!after) return { direction, ...weaker };
  if (!before) return { direction, severity: "minor", remedy };
  // Among many cases those that went and came are paired in file order: what is not alike was replaced.
  const replaced = after.key === "case" && overlap(before.shown ?? "", after.shown ?? "") < ALIKE;
  if (replaced) return { direction, ...weaker };
  const step = strength(after) - strength(before);
  if (step === 0) return { direction, severity: "material", remedy };
  return step < 0 ? { direction: "widened", ...weaker } : { direction: "narrowed", severity: "minor", remedy };
}

/** How much must hold: the checks of a case, the tests that run, or that a failed run counts. */
function strength({ key, value }: Fact): number {
  const [first = "", second = ""] = value.split(" ");
  if (key === "case") return Number(second);
  return key === "tests" ? Number(first) - Number(second) : value === "failure counts" ? 1 : 0;
}
