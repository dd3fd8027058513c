import { effectivePolicy } from "../core/policy.ts";
import { formatProblem } from "../governance/configuration-problem.ts";
import { type Origins, originsOf } from "../governance/origin.ts";
import { stricterPolicy } from "../governance/tightening.ts";
import { InvalidFile } from "../work/invalid-file.ts";
import type { CommandIo } from "./command-io.ts";
import { configDocuments } from "./config-documents.ts";

/** `countersign config print`: the policy that holds, as YAML with the origin of each value, or as JSON. */
export async function configPrint(args: readonly string[], io: CommandIo): Promise<number> {
  const { format, policy, baseline } = await configDocuments("config", args, io);
  if (policy.parsed?.ok === false) throw new InvalidFile(policy.parsed.problems.map(formatProblem).join("\n"));
  const repository = policy.parsed?.value ?? null;
  const { policy: joined, loosened } = stricterPolicy(baseline, repository);
  const effective = effectivePolicy(repository || baseline ? joined : null);
  const origins = originsOf(effective, baseline, repository);
  if (format === "json") {
    const document = { version: 1, policy: effective, origins: Object.fromEntries(origins), loosened };
    io.stdout(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  const lines = ["version: 1", ...yamlLines(effective, [], origins)];
  for (const { sentence } of loosened) lines.push(`# ${sentence} The baseline's value holds.`);
  io.stdout(`${lines.join("\n")}\n`);
  return 0;
}

function yamlLines(value: object, path: readonly string[], origins: Origins): string[] {
  return Object.entries(value).flatMap(([key, field]) => {
    const at = [...path, key];
    const indent = "  ".repeat(path.length);
    const origin = origins.get(at.join("."));
    if (origin === undefined) return [`${indent}${scalar(key)}:`, ...yamlLines(field as object, at, origins)];
    const line = `${indent}${scalar(key)}: ${flow(field)}`;
    return [`${line.padEnd(64)}  # ${origin}`];
  });
}

/** A value in YAML's flow style. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${scalar(key)}: ${flow(field)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  return typeof value === "string" ? scalar(value) : JSON.stringify(value);
}

/** Plain where YAML reads it back as the same text, else quoted as JSON, which YAML includes. */
function scalar(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_/.-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
