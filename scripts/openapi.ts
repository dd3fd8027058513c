/**
 * Trims GitHub's OpenAPI description to the operations that the program and the loopback GitHub use, and to what the
 * webhooks that it sends must have.
 *
 *   node scripts/openapi.ts PATH/TO/api.github.com.json
 *
 * The source is `generated/api.github.com.json` of the npm package @octokit/openapi; it is too large to be a dependency.
 * Only schemas are kept: no descriptions, no examples; of webhooks only what is required.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VERSION = "@octokit/openapi@23.0.2";
const TARGET = new URL("../fixtures/github/openapi.json", import.meta.url);
const HOOKS = new URL("../fixtures/github/webhooks.json", import.meta.url);
const OPERATIONS = listed("operations.json");
const EVENTS = listed("events.json");

const DROPPED = new Set([
  "description",
  "example",
  "examples",
  "title",
  "externalDocs",
  "operationId",
  "tags",
  "summary",
  "x-github",
  "headers",
  "deprecated",
  "x-multi-segment",
]);

const LOOSE = new Set(["additionalProperties", "format", "pattern", "default", "enum"]);

interface Description {
  readonly paths: Record<string, Record<string, unknown>>;
  readonly "x-webhooks": Record<string, { post: { requestBody: { content: Record<string, { schema: unknown }> } } }>;
  readonly components: Record<string, Record<string, unknown>>;
}

const source = process.argv[2];
if (source === undefined) {
  console.error("usage: node scripts/openapi.ts PATH/TO/api.github.com.json");
  process.exit(2);
}
const full: Description = JSON.parse(readFileSync(source, "utf8"));
const paths: Record<string, Record<string, unknown>> = {};
const components: Record<string, Record<string, unknown>> = {};
const open: unknown[] = [];
for (const operation of OPERATIONS) {
  const [method = "", path = ""] = operation.split(" ");
  const found = full.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`${VERSION} has no operation ${operation}`);
  const { parameters, requestBody, responses } = found as Record<string, unknown>;
  const kept = slim({ parameters, requestBody, responses });
  paths[path] = { ...paths[path], [method.toLowerCase()]: kept };
  open.push(kept);
}
while (open.length > 0) for (const reference of references(open.pop())) keep(reference);

writeFileSync(TARGET, `${JSON.stringify({ source: VERSION, paths, components })}\n`);
console.log(`${fileURLToPath(TARGET)}: ${OPERATIONS.length} operations`);

const shared = new Map<string, string>();
const definitions: Record<string, unknown> = {};
const webhooks = Object.fromEntries(
  EVENTS.map((event) => {
    const schema = full["x-webhooks"][event]?.post.requestBody.content["application/json"]?.schema;
    if (schema === undefined) throw new Error(`${VERSION} has no webhook ${event}`);
    return [event, sharing(required(slim(inlined(schema))))];
  }),
);
writeFileSync(HOOKS, `${JSON.stringify({ source: VERSION, webhooks, definitions })}\n`);
console.log(`${fileURLToPath(HOOKS)}: ${EVENTS.length} webhooks`);

function listed(name: string): readonly string[] {
  return JSON.parse(readFileSync(new URL(`../fixtures/github/${name}`, import.meta.url), "utf8"));
}

/** The schema with what it refers to in place; nothing in webhooks refers to itself. */
function inlined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inlined);
  if (typeof value !== "object" || value === null) return value;
  const { $ref: reference } = value as { $ref?: unknown };
  if (typeof reference === "string") {
    const [, , kind = "", name = ""] = reference.split("/");
    return inlined(full.components[kind]?.[name]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inlined(child)]));
}

/** Of objects only the properties that they must have; what values may be is left open, since lists of them age. */
function required(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(required);
  if (typeof value !== "object" || value === null) return value;
  const names = (value as { required?: readonly string[] }).required ?? [];
  const kept = Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
    if (key !== "properties") return LOOSE.has(key) ? [] : [[key, required(child)]];
    const needed = Object.entries(child as object).filter(([name]) => names.includes(name));
    return needed.length === 0 ? [] : [[key, Object.fromEntries(needed.map(([name, one]) => [name, required(one)]))]];
  });
  return Object.fromEntries(kept);
}

/** Large schemas that are the same are written once. */
function sharing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sharing);
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, sharing(child)]));
  const text = JSON.stringify(inner);
  if (inner.type !== "object" || text.length < 200) return inner;
  const name = shared.get(text) ?? `d${shared.size}`;
  shared.set(text, name);
  definitions[name] = inner;
  return { $ref: `#/definitions/${name}` };
}

function keep(reference: string): void {
  const [, , kind = "", name = ""] = reference.split("/");
  if (components[kind]?.[name] !== undefined) return;
  const schema = slim(full.components[kind]?.[name]);
  components[kind] = { ...components[kind], [name]: schema };
  open.push(schema);
}

function* references(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "$ref" && typeof child === "string") yield child;
    else yield* references(child);
  }
}

/** The same schema without prose; a property may itself be called `description`, so names of properties are left alone. */
function slim(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((one) => slim(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, child]) => names || (!DROPPED.has(key) && child !== undefined))
      .map(([key, child]) => [key, slim(child, key === "properties" || key === "schemas" || key === "responses")]),
  );
}
