import picomatch from "picomatch";
import { RE2JS } from "re2js";
import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import type { CustomRule } from "../core/policy.ts";
import { directionOf } from "./distinct-facts.ts";

const MAX_VALUE = 500;
const GROUP = "value";

/** One detector for each rule that a policy writes: what its group `value` matches is the fact. */
export function customDetectors(rules: readonly CustomRule[]): readonly Detector[] {
  return rules.map(detectorOf);
}

/** The reason why a pattern cannot be used, or null: it must compile in linear-time syntax and hold the group `value`. */
export function customPatternFault(pattern: string): string | null {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.MULTILINE);
    return GROUP in compiled.namedGroups() ? null : "expected the named group `value`";
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function detectorOf(rule: CustomRule): Detector {
  const literal = literalOf(rule.pattern);
  return {
    name: `custom ${rule.id}`,
    rules: [{ id: rule.id, class: rule.class, summary: `A rule of this policy: ${rule.pattern}` }],
    literals: literal === null ? [] : [literal],
    selects: picomatch([...rule.paths], { dot: true }),
    extract: extractor(rule),
    judge: (change) => judge(change, rule),
  };
}

function extractor(rule: CustomRule): (file: FileSide) => readonly Fact[] {
  const pattern = RE2JS.compile(rule.pattern, RE2JS.MULTILINE);
  return (file) => {
    if (file.binary) return [];
    const facts: Fact[] = [];
    const matcher = pattern.matcher(file.text);
    let position = 0;
    let line = 1;
    while (matcher.find()) {
      const value = matcher.group(GROUP);
      if (value === null || value === "") continue;
      const start = matcher.start(GROUP);
      for (; position < start; position += 1) if (file.text.charCodeAt(position) === 10) line += 1;
      facts.push({ rule: rule.id, key: rule.id, value: value.slice(0, MAX_VALUE), line, confidence: "likely" });
    }
    return facts;
  };
}

/**
 * A run of at least three letters or digits that every match must hold, lower-cased, or null when none is certain:
 * only what stands before the first sign of the pattern language, outside of alternatives, is.
 */
function literalOf(pattern: string): string | null {
  if (pattern.includes("|") || pattern.includes("(?i")) return null;
  const run = /^\^?([A-Za-z0-9_ :/-]+)/.exec(pattern)?.[1] ?? "";
  const next = pattern.slice(pattern.indexOf(run) + run.length)[0] ?? "";
  const certain = "?*{".includes(next) && next !== "" ? run.slice(0, -1) : run;
  return certain.length >= 3 ? certain.toLowerCase() : null;
}

function judge(change: FactChange, rule: CustomRule): Judgement {
  const remedy = `Follow what the policy says about ${rule.id}.`;
  return { direction: directionOf(change), severity: rule.severity ?? "material", remedy };
}
