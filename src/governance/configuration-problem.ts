import type { core } from "zod";
import { z } from "zod";
import { nearest } from "./nearest.ts";
import { shownKey } from "./strict-yaml.ts";

/** Something wrong in a configuration file, with what is expected there. Values are never repeated: one may be a secret. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** The keys and indices that lead to it. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly expected: string;
  /** The valid name most like the one written. */
  readonly nearest?: string;
}

/** A name that leads nowhere, or that two entries claim. */
export type Reference = Pick<Problem, "path" | "message" | "expected" | "nearest">;

type Path = readonly (string | number)[];
type Wrong = Pick<Problem, "message" | "expected" | "nearest"> & { path: Path; atKey?: boolean };

/** More problems than this are not listed: nobody reads them, and a hostile file could ask for millions. */
const MOST = 100;

/** A problem as one line: `file:line:column: message; expected ...; did you mean ...?` */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const where = problem.path.length > 0 ? `${pathText(problem.path)}: ` : "";
  const hint = problem.nearest === undefined ? "" : `; did you mean "${problem.nearest}"?`;
  return `${place}: ${where}${problem.message}; expected ${problem.expected}${hint}`;
}

/** A path as people write it: `tiers.high.approvals[0].role`. */
function pathText(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? shownKey(step) : `.${shownKey(step)}`,
    )
    .join("");
}

/** The schema's issues as problems with places, in the file's order. */
export function problemsOf(
  schema: z.ZodType,
  value: unknown,
  issues: readonly core.$ZodIssue[],
  file: string,
  locate: (path: Path, atKey: boolean) => { line: number; column: number },
): Problem[] {
  // Cut before places are looked up: each look-up walks the file.
  const listed = issues.slice(0, MOST).flatMap((issue) => wrongs(schema, value, issue, []));
  return listed
    .slice(0, MOST)
    .map(({ atKey = false, ...wrong }) => ({ file, ...locate(wrong.path, atKey), ...wrong }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function wrongs(schema: z.ZodType, value: unknown, issue: core.$ZodIssue, above: Path): Wrong[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.slice(0, MOST).map((key) => unknownKey(schema, [...path, key], key));
    case "invalid_key":
      return [
        { path, atKey: true, message: "a key that is not allowed", expected: expectation(issue.issues[0]?.message) },
      ];
    case "invalid_union":
      return unionWrongs(schema, value, issue, path);
    case "invalid_type": {
      const found = valueAt(value, path);
      if (found !== undefined) return [{ path, message: `found ${named(found)}`, expected: article(issue.expected) }];
      return [{ path, message: "missing", expected: choices(schemaAt(schema, path)) ?? article(issue.expected) }];
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      const found = valueAt(value, path);
      if (found === undefined) return [{ path, message: "missing", expected: oneOf(values) }];
      const near = typeof found === "string" ? nearest(found, values) : undefined;
      return [{ path, message: "a value that is not allowed", expected: oneOf(values), ...optional(near) }];
    }
    case "too_big":
    case "too_small": {
      const unit = issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : "";
      const bound = issue.code === "too_big" ? `at most ${issue.maximum}` : `at least ${issue.minimum}`;
      return [{ path, message: issue.code === "too_big" ? "too much" : "too little", expected: `${bound}${unit}` }];
    }
    default:
      return [{ path, message: "a value that is not valid", expected: expectation(issue.message) }];
  }
}

/** A union's branches each have their complaints; the branch of the value's own shape is the one to repeat. */
function unionWrongs(schema: z.ZodType, value: unknown, issue: core.$ZodIssueInvalidUnion, path: Path): Wrong[] {
  const inside = issue.errors.find((branch) =>
    branch.every((one) => one.path.length > 0 || one.code === "unrecognized_keys"),
  );
  if (inside) return inside.flatMap((one) => wrongs(schema, value, one, path));
  return [
    { path, message: "a value that is not allowed", expected: choices(schemaAt(schema, path)) ?? "another value" },
  ];
}

function unknownKey(schema: z.ZodType, path: Path, key: string): Wrong {
  const known = keysOf(schemaAt(schema, path.slice(0, -1)));
  const message = `unknown key "${shownKey(key)}"`;
  return { path, atKey: true, message, expected: oneOf(known), ...optional(nearest(key, known)) };
}

function optional(near: string | undefined): { nearest?: string } {
  return near === undefined ? {} : { nearest: near };
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function schemaAt(root: z.ZodType, path: Path): z.ZodType | undefined {
  let schemas = [unwrapped(root)];
  for (const step of path) {
    schemas = schemas
      .flatMap((schema) => (schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]) : [schema]))
      .map((schema) => {
        if (schema instanceof z.ZodObject) return unwrapped(schema.shape[String(step)]);
        if (schema instanceof z.ZodArray) return unwrapped(schema.element as z.ZodType);
        if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType as z.ZodType);
        return undefined;
      })
      .filter((schema) => schema !== undefined);
  }
  return schemas[0];
}

function keysOf(schema: z.ZodType | undefined): string[] {
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(keysOf);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** What a schema asks for, in words, where it says so itself. */
function choices(schema: z.ZodType | undefined): string | undefined {
  if (schema instanceof z.ZodEnum) return oneOf(schema.options.map(String));
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.values].map(String));
  if (schema instanceof z.ZodUnion) {
    return (schema.options as z.ZodType[]).map((option) => choices(option) ?? "another value").join(", or ");
  }
  if (schema instanceof z.ZodObject) return `an object with ${Object.keys(schema.shape).join(", ")}`;
  return schema?.description?.replace(/\.$/, "");
}

function oneOf(names: readonly string[]): string {
  return names.length === 0 ? "nothing here" : names.length === 1 ? `${names[0]}` : `one of ${names.join(", ")}`;
}

function expectation(message: string | undefined): string {
  return (message ?? "another value").replace(/^expected /, "");
}

const ARTICLES: Readonly<Record<string, string>> = {
  object: "an object (keys with values)",
  record: "an object (keys with values)",
  array: "a list",
  int: "a whole number",
  boolean: "true or false",
  string: "text",
};

function article(type: string): string {
  return ARTICLES[type] ?? `a ${type}`;
}

function named(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : typeof value === "string" ? "text" : `a ${typeof value}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
