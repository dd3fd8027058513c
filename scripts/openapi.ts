/**
 * Trims GitHub's OpenAPI description to the operations that the program and the loopback GitHub use.
 *
 *   node scripts/openapi.ts PATH/TO/api.github.com.json
 *
 * The source is `generated/api.github.com.json` of the npm package @octokit/openapi; it is too large to be a dependency.
 * Only schemas are kept: no descriptions, no examples.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VERSION = "@octokit/openapi@23.0.2";
const TARGET = new URL("../fixtures/github/openapi.json", import.meta.url);
const OPERATIONS: readonly string[] = JSON.parse(
  readFileSync(new URL("../fixtures/github/operations.json", import.meta.url), "utf8"),
);

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

interface Description {
  readonly paths: Record<string, Record<string, unknown>>;
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
