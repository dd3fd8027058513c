import { effectivePolicy } from "../core/policy.ts";
import { EMPTY_REGISTRY } from "../core/registry.ts";
import type { Parsed } from "../governance/configuration-file.ts";
import { formatProblem, type Problem } from "../governance/configuration-problem.ts";
import { shortages } from "../governance/shortage.ts";
import { stricterPolicy } from "../governance/tightening.ts";
import type { CommandIo } from "./command-io.ts";
import { type ConfigDocuments, configDocuments } from "./config-documents.ts";

/** `countersign config check`: every problem with its place, and what nobody could approve. Exit code 2 when a file is invalid. */
export async function configCheck(args: readonly string[], io: CommandIo): Promise<number> {
  const documents = await configDocuments("config", args, io);
  const problems = [problemsIn(documents.policy.parsed), problemsIn(documents.registry.parsed)].flat();
  const warnings = problems.length > 0 ? [] : warningsOf(documents);
  if (documents.format === "json") {
    io.stdout(`${JSON.stringify({ version: 1, problems, warnings }, null, 2)}\n`);
    return problems.length > 0 ? 2 : 0;
  }
  for (const problem of problems) io.stdout(`${formatProblem(problem)}\n`);
  for (const { file, line, column, sentence } of warnings)
    io.stdout(`${file}:${line}:${column}: warning: ${sentence}\n`);
  if (problems.length === 0) io.stdout(`${summary(documents, warnings.length)}\n`);
  return problems.length > 0 ? 2 : 0;
}

function problemsIn(parsed: Parsed<unknown> | null): readonly Problem[] {
  return parsed?.ok === false ? parsed.problems : [];
}

interface Warning {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

function warningsOf({ policy, registry, baseline }: ConfigDocuments): readonly Warning[] {
  const written = policy.parsed?.ok ? policy.parsed.value : null;
  const { policy: joined, loosened } = stricterPolicy(baseline, written);
  const entries = registry.parsed?.ok ? registry.parsed.value : EMPTY_REGISTRY;
  const place = (file: "policy" | "registry", path: readonly (string | number)[]) => {
    const document = file === "policy" ? policy : registry;
    const at = document.parsed?.ok ? document.parsed.lines(path) : undefined;
    return { file: document.file, line: at?.line ?? 1, column: at?.column ?? 1 };
  };
  return [
    ...loosened.map(({ path, sentence }) => ({
      ...place("policy", path.split(".")),
      sentence: `${sentence} The baseline's value holds.`,
    })),
    ...(written || baseline ? shortages(effectivePolicy(joined), entries) : []).map(({ file, path, sentence }) => ({
      ...place(file, path),
      sentence,
    })),
  ];
}

function summary({ policy, registry }: ConfigDocuments, warnings: number): string {
  const state = ({ file, parsed }: { file: string; parsed: unknown }) =>
    parsed ? `${file} is valid` : `${file} is absent`;
  const silent = policy.parsed ? "" : " (the built-in policy observes only)";
  return `${state(policy)}${silent}; ${state(registry)}; ${warnings} warning${warnings === 1 ? "" : "s"}`;
}
