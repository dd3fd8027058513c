import { z } from "zod";

/** A field of a schema: a value that is compared as a whole. `*` stands for a record's key or a list's element. */
export interface SchemaField {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
}

/** Every field of a schema, found by walking it, so that a new one cannot be forgotten. */
export function fieldsOf(schema: z.ZodType, path: readonly string[] = []): readonly SchemaField[] {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodObject)
    return Object.entries(bare.shape).flatMap(([key, field]) => fieldsOf(field as z.ZodType, [...path, key]));
  if (bare instanceof z.ZodRecord) return fieldsOf(bare.valueType as z.ZodType, [...path, "*"]);
  if (bare instanceof z.ZodArray && unwrapped(bare.element as z.ZodType) instanceof z.ZodObject)
    return fieldsOf(bare.element as z.ZodType, [...path, "*"]);
  return [{ path, schema: bare }];
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

/** Texts of which every string of the schemas accepts at least two. */
const TEXTS = [
  ["P1D", "P30D", "PT12H"],
  ["2026-01-01", "2026-06-01", "2026-12-31"],
  ["@octocat", "@hubot", "@acme/ml", "@acme/security"],
  ["model/id", "prompt/file", "model/acme"],
  ["record/static-secret", "record/review-overdue"],
  ["risk-owner", "security", "ai-reviewer", "privacy"],
  ["docs/**", "src/*.py"],
  ["^a: (?<value>.+)", "^b: (?<value>.+)"],
].flat();

/** A few different values that a schema accepts. */
export function samples(schema: z.ZodType): readonly unknown[] {
  const bare = unwrapped(schema);
  const valid = candidates(bare).filter((value) => bare.safeParse(value).success);
  if (valid.length === 0) throw new Error(`no sample fits ${JSON.stringify(z.toJSONSchema(bare, { io: "input" }))}`);
  return valid;
}

function candidates(schema: z.ZodType): readonly unknown[] {
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (schema instanceof z.ZodNumber) return [1, 2, 3, 0.5, 0.9];
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(samples);
  if (schema instanceof z.ZodArray) {
    const [first, second = first, third = second] = samples(schema.element as z.ZodType);
    return [[first], [first, second], [second, third], []];
  }
  if (schema instanceof z.ZodObject) return objects(schema);
  return TEXTS;
}

/** The least object, and those in which one field is filled in. */
function objects(schema: z.ZodObject): readonly unknown[] {
  const least = objectWith(schema, undefined, [], undefined) as object;
  const filled = Object.entries(schema.shape).flatMap(([key, field]) =>
    samples(field as z.ZodType).map((value) => ({ ...least, [key]: value })),
  );
  return [least, ...filled];
}

/** A valid value of a schema in which the field at `path` is `value` (left out when undefined) and little else stands. */
export function documentWith(schema: z.ZodType, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  const bare = unwrapped(schema);
  if (step === undefined) return value ?? samples(bare)[0];
  if (bare instanceof z.ZodObject) return objectWith(bare, step, rest, value);
  if (bare instanceof z.ZodRecord)
    return { [String(samples(bare.keyType as z.ZodType)[0])]: documentWith(bare.valueType as z.ZodType, rest, value) };
  if (bare instanceof z.ZodArray) return [documentWith(bare.element as z.ZodType, rest, value)];
  throw new Error(`nothing lies below ${path.join(".")}`);
}

function objectWith(schema: z.ZodObject, step: string | undefined, rest: readonly string[], value: unknown): unknown {
  const fields: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema.shape)) {
    if (key !== step && field instanceof z.ZodOptional) continue;
    if (key === step && rest.length === 0 && value === undefined && field instanceof z.ZodOptional) continue;
    fields[key] = key === step ? documentWith(field as z.ZodType, rest, value) : samples(field as z.ZodType)[0];
  }
  return fields;
}
