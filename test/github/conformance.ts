import { readFileSync } from "node:fs";
import { validate as validateGraphql } from "@octokit/graphql-schema";
import Ajv, { type ValidateFunction } from "ajv";
import type { Delivery } from "./deliveries.ts";
import type { Recorded } from "./server.ts";

interface Operation {
  readonly parameters?: readonly ({ readonly $ref: string } | Parameter)[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }>
  >;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const description = nullableByChoice(
  JSON.parse(readFileSync(new URL("../../fixtures/github/openapi.json", import.meta.url), "utf8")),
) as Description;
const ajv = new Ajv.default({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema(description, "github");
const compiled = new Map<string, ValidateFunction>();

/** `nullable` as a choice between the schema and null: ajv wants a type beside it, and null among the values. */
function nullableByChoice(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullableByChoice);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, nullableByChoice(child)]));
  if (kept.nullable !== true) return kept;
  const { nullable: _, ...schema } = kept;
  return { anyOf: [schema, { type: "null" }] };
}

const webhooks = nullableByChoice(
  JSON.parse(readFileSync(new URL("../../fixtures/github/webhooks.json", import.meta.url), "utf8")),
) as { readonly webhooks: Readonly<Record<string, unknown>> };
ajv.addSchema(webhooks, "webhooks");

/** Everything that a webhook lacks, or has in another form than GitHub describes. */
export function webhookMismatches({ event, payload }: Delivery): string[] {
  const { action } = payload;
  const name = `${event}${typeof action === "string" ? `-${action}` : ""}`.replaceAll("_", "-");
  if (webhooks.webhooks[name] === undefined)
    return [
      `${name}: fixtures/github/webhooks.json has no such webhook; add it to events.json and run scripts/openapi.ts`,
    ];
  return against("webhooks", `#/webhooks/${name}`, payload, `webhook ${name}`);
}

/** Everything in which a request or its answer is not as GitHub describes it; empty when all is well. */
export function mismatches(recorded: Recorded): string[] {
  const place = `${recorded.method} ${recorded.path}`;
  if (recorded.path === "/graphql") return graphqlMismatches(recorded);
  const found = operationOf(recorded);
  if (!found)
    return [
      `${place}: fixtures/github/openapi.json has no such operation; add it to operations.json and run scripts/openapi.ts`,
    ];
  const { operation, pointer } = found;
  const problems: string[] = [];
  const known = new Set(
    (operation.parameters ?? []).flatMap((one) => {
      const parameter =
        "$ref" in one
          ? (description.components.parameters?.[one.$ref.split("/").at(-1) ?? ""] as Parameter | undefined)
          : one;
      return parameter?.in === "query" ? [parameter.name] : [];
    }),
  );
  for (const name of Object.keys(recorded.query))
    if (!known.has(name)) problems.push(`${place}: unknown query parameter ${name}`);
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  if (recorded.method !== "GET" && body !== undefined)
    problems.push(
      ...against(
        "github",
        `${pointer}/requestBody/content/application~1json/schema`,
        recorded.body,
        `${place} request`,
      ),
    );
  const answer = operation.responses?.[String(recorded.status)]?.content?.["application/json"]?.schema;
  if (answer !== undefined)
    problems.push(
      ...against(
        "github",
        `${pointer}/responses/${recorded.status}/content/application~1json/schema`,
        recorded.answer,
        `${place} answer ${recorded.status}`,
      ),
    );
  else if (recorded.status === 200 || recorded.status === 201)
    problems.push(`${place}: GitHub describes no answer ${recorded.status}`);
  return problems;
}

/** The operation as GitHub's description names it: `GET /repos/{owner}/{repo}`; null where it has none. */
export function operationName(recorded: Recorded): string | null {
  const found = operationOf(recorded);
  return found ? `${recorded.method} ${found.template}` : null;
}

function operationOf(recorded: Recorded): { operation: Operation; template: string; pointer: string } | null {
  const method = recorded.method.toLowerCase();
  const parts = recorded.path.split("/");
  // A template that takes many parts gives way to one that names them.
  const exact = ([template]: readonly [string, unknown]) => template.split("/").length === parts.length;
  const { true: first = [], false: rest = [] } = Object.groupBy(Object.entries(description.paths), (one) =>
    exact(one) ? "true" : "false",
  );
  // So does one that takes any part to one that names it.
  const open = ([template]: readonly [string, unknown]) => template.split("{").length;
  for (const [template, operations] of [...first.toSorted((a, b) => open(a) - open(b)), ...rest]) {
    const operation = operations[method];
    if (operation && fits(template.split("/"), parts)) {
      return {
        operation,
        template,
        pointer: `#/paths/${template.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")}/${method}`,
      };
    }
  }
  return null;
}

const MANY = new Set(["{ref}", "{path}", "{basehead}"]);

function fits(template: readonly string[], parts: readonly string[]): boolean {
  for (const [index, part] of template.entries()) {
    if (MANY.has(part) && index === template.length - 1) return parts.length > index;
    const actual = parts[index];
    if (actual === undefined || (part.startsWith("{") ? actual === "" : part !== actual)) return false;
  }
  return template.length === parts.length;
}

function against(source: "github" | "webhooks", pointer: string, value: unknown, place: string): string[] {
  let validate = compiled.get(source + pointer);
  if (!validate) {
    validate = ajv.compile({ $ref: `${source}${pointer}` });
    compiled.set(source + pointer, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .slice(0, 3)
    .map((error) => `${place}: ${error.instancePath || "(whole)"} ${error.message ?? ""}`);
}

function graphqlMismatches(recorded: Recorded): string[] {
  const { query } = recorded.body as { query?: string };
  return validateGraphql(String(query)).map((error: { message: string }) => `GraphQL: ${error.message}`);
}
