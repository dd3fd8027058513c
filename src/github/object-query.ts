import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";

/** An object to ask for: by its id, or by what git calls an expression, such as `<commit>:<folder>`. */
export type Wanted = { readonly oid: string } | { readonly expression: string };

/**
 * Reads many objects in one GraphQL query; null for one that does not exist. Where GitHub cannot answer for all of them at
 * once (they are too many, or too large), halves are asked for; what fails alone is null too, for the caller to read otherwise.
 */
export async function queryObjects<T>(
  api: Api,
  wanted: readonly Wanted[],
  fields: string,
  schema: z.ZodType<T>,
): Promise<readonly (T | null)[]> {
  if (wanted.length === 0) return [];
  try {
    const { repository } = await api.graphql(documentOf(wanted, fields), variablesOf(wanted), answerOf(schema));
    return wanted.map((_, index) => repository[`o${index}`] ?? null);
  } catch (fault) {
    if (!(fault instanceof HostingFault) || !OVERLOADED.has(fault.code)) throw fault;
    if (wanted.length === 1) return [null];
    const half = Math.ceil(wanted.length / 2);
    const first = await queryObjects(api, wanted.slice(0, half), fields, schema);
    return [...first, ...(await queryObjects(api, wanted.slice(half), fields, schema))];
  }
}

const OVERLOADED: ReadonlySet<HostingFault["code"]> = new Set(["hosting/unavailable", "hosting/refused"]);

function documentOf(wanted: readonly Wanted[], fields: string): string {
  const declared = wanted.map((one, index) => `$v${index}: ${"oid" in one ? "GitObjectID!" : "String!"}`);
  const asked = wanted.map(
    (one, index) => `o${index}: object(${"oid" in one ? "oid" : "expression"}: $v${index}) { ${fields} }`,
  );
  return `query Objects($owner: String!, $name: String!, ${declared.join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${asked.join("\n    ")}
  }
}`;
}

function variablesOf(wanted: readonly Wanted[]): Record<string, string> {
  return Object.fromEntries(
    wanted.map((one, index) => [`v${index}`, "oid" in one ? one.oid : one.expression] as const),
  );
}

/** An object of another kind than asked for has none of the fields: it is as good as missing. */
function answerOf<T>(schema: z.ZodType<T>) {
  const empty = z.strictObject({}).transform(() => null);
  return z.object({ repository: z.record(z.string(), z.union([empty, schema]).nullable()) });
}
