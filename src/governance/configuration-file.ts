import type { ParsedNode } from "yaml";
import type { z } from "zod";
import { Policy } from "../core/policy.ts";
import { Registry } from "../core/registry.ts";
import type { Problem, Reference } from "./configuration-problem.ts";
import { problemsOf } from "./configuration-problem.ts";
import { policyReferences, registryReferences } from "./cross-reference.ts";
import { offsetOf, strictYaml } from "./strict-yaml.ts";

/** A line and a column of a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A configuration file's value with the places of its parts, or every problem found in it. */
export type Parsed<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Where the value at a path stands, or the nearest value above it; undefined for an empty text. */
      readonly lines: (path: readonly (string | number)[]) => Position | undefined;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const MEGABYTE = 1_000_000;
const LARGEST = { policy: MEGABYTE, registry: 8 * MEGABYTE };

/** Reads `.github/countersign.yml`; a fault of the text is a problem, never an exception. The organisation's `baseline` defines names too. */
export function parsePolicy(text: Uint8Array | string, file: string, baseline: Policy | null = null): Parsed<Policy> {
  return parse(Policy, text, file, LARGEST.policy, (policy) => policyReferences(policy, baseline));
}

/** Reads `.github/ai-systems.yml`; a fault of the text is a problem, never an exception. */
export function parseRegistry(text: Uint8Array | string, file: string): Parsed<Registry> {
  return parse(Registry, text, file, LARGEST.registry, registryReferences);
}

function parse<T>(
  schema: z.ZodType<T>,
  source: Uint8Array | string,
  file: string,
  largest: number,
  references: (value: T) => readonly Reference[],
): Parsed<T> {
  const bytes = typeof source === "string" ? Buffer.byteLength(source) : source.byteLength;
  if (bytes > largest) {
    const expected = `at most ${largest / MEGABYTE} MB`;
    return {
      ok: false,
      problems: [{ file, line: 1, column: 1, path: [], message: "the file is too large", expected }],
    };
  }
  const text = typeof source === "string" ? source : utf8(source);
  if (text === undefined) {
    const line = typeof source === "string" ? 1 : firstBadLine(source);
    const message = "bytes that are not UTF-8";
    return { ok: false, problems: [{ file, line, column: 1, path: [], message, expected: "UTF-8 text" }] };
  }
  // A real file has a lexeme for every three to six bytes; a denser one only burns time.
  const yaml = strictYaml(text, largest / 2.5);
  if (!yaml.ok) {
    const at = positions(text);
    return {
      ok: false,
      problems: yaml.refusals.map(({ offset, ...why }) => ({ file, ...at(offset), path: [], ...why })),
    };
  }
  const checked = schema.safeParse(yaml.value);
  const dangling = checked.success ? references(checked.data) : [];
  if (checked.success && dangling.length === 0) return { ok: true, value: checked.data, lines: locator(text) };
  const at = positions(text);
  const locate = (path: readonly (string | number)[], key: boolean): Position => at(offsetOf(yaml.root, path, key));
  if (checked.success)
    return { ok: false, problems: dangling.map((wrong) => ({ file, ...locate(wrong.path, false), ...wrong })) };
  return { ok: false, problems: problemsOf(schema, yaml.value, checked.error.issues, file, locate) };
}

/**
 * Finds places by reading the text again, at the first question: few callers ask, and keeping the document of every
 * registry alive would cost many times the text's size.
 */
function locator(text: string): (path: readonly (string | number)[]) => Position | undefined {
  let document: { root: ParsedNode | null; at: (offset: number) => Position } | undefined;
  return (path) => {
    if (!document) {
      const yaml = strictYaml(text, Number.POSITIVE_INFINITY);
      document = { root: yaml.ok ? yaml.root : null, at: positions(text) };
    }
    return document.root ? document.at(offsetOf(document.root, path)) : undefined;
  };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** No byte of a longer character is a line feed, so each line can be judged by itself. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const next = end < 0 ? bytes.length : end + 1;
    if (utf8(bytes.subarray(start, next)) === undefined) return line;
    start = next;
  }
  return line;
}

/** Line and column of any offset of a text, by binary search over its line starts. */
function positions(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
