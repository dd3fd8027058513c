import { type EvaluationResult, type ResultCase, UnreadableResult } from "./evaluation-result.ts";

const OUTCOMES: Readonly<Record<string, ResultCase["outcome"]>> = {
  failure: "failed",
  error: "error",
  skipped: "skipped",
};
/** From the least to the worst: a case that has several of them is the worst. */
const WORSE: readonly ResultCase["outcome"][] = ["passed", "skipped", "failed", "error"];

/** The test cases of a JUnit XML file, as pytest, DeepEval's reporters and others write it; suites may be nested. */
export function junitResult(text: string): EvaluationResult {
  const cases: ResultCase[] = [];
  const open: string[] = [];
  let current: ResultCase | null = null;
  let root: string | null = null;
  for (const { name, kind, attributes } of tags(text)) {
    root ??= name;
    if (kind === "closes" && open.pop() !== name) throw new UnreadableResult(`closes <${name}>, which is not open`);
    if (kind === "opens") open.push(name);
    if (name === "testcase") {
      current = kind === "closes" ? current : started(attributesOf(attributes));
      if (kind === "opens" || current === null) continue;
      cases.push(current);
      current = null;
    } else if (current !== null && kind !== "closes" && Object.hasOwn(OUTCOMES, name))
      current = worsened(current, OUTCOMES[name] ?? "failed", attributesOf(attributes).get("message") ?? null);
  }
  if (root !== "testsuites" && root !== "testsuite")
    throw new UnreadableResult("is no JUnit XML: expected <testsuites> or <testsuite>");
  if (open.length > 0) throw new UnreadableResult(`ends while <${open.at(-1)}> is open: it was cut`);
  return { tool: "JUnit", cases };
}

interface Tag {
  readonly name: string;
  readonly kind: "opens" | "closes" | "empty";
  readonly attributes: string;
}

/** What may hold anything that looks like a tag, by how it begins and ends. */
const WHOLE = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
  ["<!", ">"],
] as const;

function* tags(text: string): Iterable<Tag> {
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const whole = WHOLE.find(([begin]) => text.startsWith(begin, at));
    const end = whole ? text.indexOf(whole[1], at + whole[0].length) : tagEnd(text, at);
    if (end < 0) throw new UnreadableResult("ends in the middle of a tag: it was cut");
    const inside = text.slice(at + 1, end);
    at = end + 1;
    if (whole) continue;
    const [, slash, name, attributes = ""] = /^(\/?)([A-Za-z_][\w.:-]*)([\s\S]*)$/.exec(inside) ?? [];
    if (name === undefined) throw new UnreadableResult("is not well-formed XML");
    yield { name, kind: slash === "/" ? "closes" : attributes.endsWith("/") ? "empty" : "opens", attributes };
  }
}

/** The `>` of a tag, which may stand in the values before it, too. */
function tagEnd(text: string, from: number): number {
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === ">") return at;
    else if (character === '"' || character === "'") quote = character;
  }
  return -1;
}

function started(attributes: ReadonlyMap<string, string>): ResultCase {
  const names = [attributes.get("classname"), attributes.get("name")].filter(Boolean);
  return { name: names.join(" > ") || "a test case", outcome: "passed", detail: null };
}

function worsened(one: ResultCase, outcome: ResultCase["outcome"], detail: string | null): ResultCase {
  const worse = WORSE.indexOf(outcome) > WORSE.indexOf(one.outcome);
  return worse ? { ...one, outcome, detail: detail ?? one.detail } : one;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function attributesOf(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/([\w.:-]{1,200})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/g)];
  return new Map(
    pairs.map(([, name = "", double, single]) => [
      name,
      (double ?? single ?? "").replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity] ?? ""),
    ]),
  );
}
