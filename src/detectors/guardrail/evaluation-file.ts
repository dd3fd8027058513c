import type { FileSide } from "../../core/detector.ts";
import { partQuestion } from "../literal-parts.ts";
import { digest } from "../text-digest.ts";
import { type EvaluationCase, jsonLineCases, listedCases, rowCases } from "./evaluation-case.ts";
import { isGuardLibrary } from "./guardrail-words.ts";

const SUITE = /(?:^|\/)[^/]*promptfoo[^/]*\.(?:ya?ml|json|[cm]?[jt]s)$/i;
/** Folders whose data are cases, and names of data that say so themselves. */
const FOLDER =
  /(?:^|\/)(?:evals?|evaluations?|eval[_-]?(?:sets?|data|datasets?|cases|suites?)|llm[_-]?evals?|registry\/(?:data|evals))\//i;
const NAMED =
  /(?:^|\/)goldens?\/[^/]+\.(?:jsonl|json|ya?ml|csv|tsv)$|(?:^|[/._-])(?:goldens?|golden[_-]?(?:set|data|dataset)|eval[_-]?(?:set|data|dataset|cases)|evalset|test[_-]?cases\.eval)(?:[._-][^/]*)?\.(?:jsonl|json|ya?ml|csv|tsv)$/i;
const DATA = /\.(?:jsonl|ndjson|json|ya?ml|csv|tsv)$/i;
const CODE = /\.(?:py|[cm]?[jt]sx?)$/i;
/** Files beside the cases that configure or report and hold none. */
const OTHER =
  /(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*|[^/]*config[^/]*|[^/]*settings[^/]*|docker-compose[^/]*|pnpm-[^/]*|environment|manifest|schema|[^/]*\.schema|baseline[^/]*|leaderboard[^/]*|flow\.dag|flow\.flex|[^/]*\.flow|[^/]*workflow[^/]*)\.(?:json|ya?ml|toml)$|(?:^|\/)(?:results?|outputs?|reports?|logs?|runs|node_modules|\.github)\//i;
const CASE_TEXT = /(?:^|\/)(?:cases?|goldens?|test[_-]?cases)\/.{1,400}\.(?:txt|md|prompt)$/i;
/** Fields of what is asked, and of what is expected of the answer. */
const ASKED =
  "inputs?|question|query|prompt|messages|user_?(?:input|message)|conversation|vars|instruction|utterance|scenario";
const EXPECTED =
  "ideal|expected\\w{0,30}|(?:reference|ground_?truth|gold)\\w{0,20}|answers?|asserts?|assertions|rubric|completion|criteria|target|label";
const ASKED_FIELD = new RegExp(`^(?:${ASKED})$`, "i");
const EXPECTED_FIELD = new RegExp(`^(?:${EXPECTED})$`, "i");
const ASKED_TEXT = new RegExp(`(?:^|[,;\\t"'])\\s{0,4}(?:${ASKED})["']?\\s{0,4}(?:[:,;\\t]|$)`, "im");
const EXPECTED_TEXT = new RegExp(`(?:^|[,;\\t"'])\\s{0,4}(?:_{0,2}(?:${EXPECTED}))["']?\\s{0,4}(?:[:,;\\t]|$)`, "im");
const CASE_LISTS =
  /^(?:tests?|test_?cases|testCases|cases|goldens?|samples|examples|dataset|data|eval_?cases|scenarios|items|questions|conversations)$/i;
const CASE_CALLS =
  /(?:^|\.)(?:LLMTestCase|ConversationalTestCase|MLLMTestCase|Golden|SingleTurnSample|MultiTurnSample|EvaluationRow)\(\)$/;
/** Names that mean a case only beside a library of evaluation. */
const GENERAL_CALLS = /(?:^|\.)(?:Sample|Case|Example|TestCase)\(\)$/;

/** Whether a file's own name says that it holds cases. */
export function isCaseFile(path: string): boolean {
  if (SUITE.test(path)) return true;
  if (OTHER.test(path)) return false;
  return (DATA.test(path) && (FOLDER.test(path) || NAMED.test(path))) || (FOLDER.test(path) && CASE_TEXT.test(path));
}

/** Whether a file is a suite of promptfoo, by its name or by what it holds. */
export function isSuite(file: FileSide): boolean {
  if (SUITE.test(file.path)) return true;
  if (!/\.ya?ml$/i.test(file.path) || !/^(?:providers|targets)\s*:/m.test(file.text)) return false;
  const keys = new Set(file.literals.map(({ path }) => path[0]));
  return (
    (keys.has("prompts") || keys.has("targets")) &&
    (keys.has("tests") || keys.has("scenarios") || keys.has("redteam") || keys.has("defaultTest"))
  );
}

/** The cases of a file; `followed` says that a suite names it. */
export function casesIn(file: FileSide, followed: boolean): readonly EvaluationCase[] {
  if (isSuite(file)) return suiteCases(file);
  if (followed && CODE.test(file.path)) return [{ text: digest(file.text.replace(/\s+/g, " ")), checks: 0, line: 1 }];
  if (followed || isCaseFile(file.path)) return dataCases(file, followed);
  return CODE.test(file.path) ? codedCases(file) : [];
}

/** Tests, scenarios, what holds for every test, and the attacks of a red team. */
function suiteCases(file: FileSide): readonly EvaluationCase[] {
  return listedCases(file.literals, (path) => {
    const at = path.findIndex((part) => /^(?:tests|scenarios|defaultTest|redteam)$/.test(part));
    if (at < 0 || path[at + 1] === undefined) return null;
    if (path[at] === "tests" || path[at] === "scenarios") return /^\d+$/.test(path[at + 1] ?? "") ? at + 2 : at + 1;
    const list = path.findIndex((part, index) => index > at && /^\d+$/.test(part));
    return list < 0 ? null : list + 1;
  });
}

/** The cases of a data file; what no suite names must also look like questions and answers. */
function dataCases(file: FileSide, sure: boolean): readonly EvaluationCase[] {
  if (!DATA.test(file.path)) return [{ text: digest(file.text.trim()), checks: 0, line: 1 }];
  if (!sure && !looksLikeCases(file)) return [];
  if (/\.(?:jsonl|ndjson)$/i.test(file.path)) return jsonLineCases(file.text);
  if (/\.(?:csv|tsv)$/i.test(file.path)) return rowCases(file.text, 1);
  const numbered = /^\d+$/;
  return listedCases(file.literals, (path) => {
    if (numbered.test(path[0] ?? "")) return 1;
    if (numbered.test(path[1] ?? "")) return 2;
    return CASE_LISTS.test(path[0] ?? "") && path.length > 2 ? 2 : null;
  });
}

/** Whether data ask something; outside of a folder of evaluations they must also expect something. */
function looksLikeCases(file: FileSide): boolean {
  const both = !FOLDER.test(file.path);
  const beginning = file.text.slice(0, 4_000);
  const [asks, expects] = /\.(?:jsonl|ndjson|csv|tsv)$/i.test(file.path)
    ? [ASKED_TEXT.test(beginning), EXPECTED_TEXT.test(beginning)]
    : [ASKED_FIELD, EXPECTED_FIELD].map((field) =>
        file.literals.some(({ path }) => path.some((part) => field.test(part))),
      );
  return both ? asks === true && expects === true : asks === true || expects === true;
}

const caseParts = partQuestion((part) => CASE_CALLS.test(part) || GENERAL_CALLS.test(part) || CASE_LISTS.test(part));

/** Cases that code makes: by the calls of evaluation libraries, or in lists of a file that uses one. */
function codedCases(file: FileSide): readonly EvaluationCase[] {
  if (!caseParts.any(file.literals) || !/TestCase|Golden|Sample|dataset|cases|data\b/i.test(file.text)) return [];
  const library = file.literals.some(({ path, value }) => path[0] === "import" && isGuardLibrary(value));
  return listedCases(file.literals, (path) => {
    const call = path.findIndex((part) => CASE_CALLS.test(part) || (library && GENERAL_CALLS.test(part)));
    if (call >= 0) return call + 1;
    if (!library) return null;
    const list = path.findIndex((part, index) => CASE_LISTS.test(part) && /^\d+$/.test(path[index + 1] ?? ""));
    return list < 0 ? null : list + 2;
  });
}
