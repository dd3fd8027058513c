import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { LoopbackGitHub, Recorded } from "../github/server.ts";
import type { Repository } from "../github/world.ts";

const ACTION = fileURLToPath(new URL("../../action/dist/index.js", import.meta.url));
const DEFAULTS = defaults();

/** The step of a workflow that uses the Action, and what started it. */
export interface Step {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, string>>;
  /** The workflow's `permissions:`; those that the documentation names when left out. */
  readonly permissions?: Record<string, string>;
  /** `owner/name/.github/workflows/file.yml@ref`. */
  readonly workflow?: string;
  /** What earlier steps left in the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  /** The commit that it runs on. */
  readonly sha?: string;
}

/** What came of a step. */
export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  /** The findings as SARIF, where that was asked for as `findings.sarif`. */
  readonly sarif: string | null;
  readonly requests: readonly Recorded[];
}

/** The least that the documentation asks for. */
export const PERMISSIONS = {
  actions: "read",
  checks: "write",
  contents: "read",
  issues: "read",
  pull_requests: "read",
};

/** Runs the Action's bundle as a runner does: `node24`, inputs and files in the environment, nothing checked out. */
export async function runStep(github: LoopbackGitHub, repository: Repository, step: Step): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-step-"));
  const file = (name: string, text = "") => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const token = github.workflowToken(repository, step.permissions ?? PERMISSIONS);
  const full = `${repository.owner.login}/${repository.name}`;
  const [output, summary] = [file("output"), file("summary")];
  const environment = {
    PATH: process.env.PATH,
    ...inputVariables({ token, ...step.with }),
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: step.event,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(withoutInstallation(step.payload))),
    GITHUB_REPOSITORY: full,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: github.url,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKFLOW_REF: step.workflow ?? `${full}/.github/workflows/countersign.yml@refs/heads/main`,
    GITHUB_SHA: step.sha ?? "",
    RUNNER_TEMP: folder,
  };
  for (const [name, text] of Object.entries(step.files ?? {})) file(name, text);
  const before = github.recorded.length;
  const child = spawn(process.execPath, [ACTION], { cwd: folder, env: environment as NodeJS.ProcessEnv });
  let stdout = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (stdout += String(chunk)));
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const ran = {
    ...{ exitCode, stdout },
    outputs: outputsOf(readFileSync(output, "utf8")),
    summary: readFileSync(summary, "utf8"),
    sarif: existsSync(join(folder, "findings.sarif")) ? readFileSync(join(folder, "findings.sarif"), "utf8") : null,
    requests: github.recorded.slice(before).filter(({ app }) => app === "github-actions"),
  };
  rmSync(folder, { recursive: true });
  return ran;
}

/** A workflow is told what the webhook tells, without the installation of an App. */
function withoutInstallation({ installation: _, ...payload }: Step["payload"]): object {
  return payload;
}

/** Inputs as the runner gives them: in the environment, with the default of each that is not named. */
export function inputVariables(given: Readonly<Record<string, string>>): Record<string, string> {
  const inputs = Object.entries({ ...DEFAULTS, ...given });
  return Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

/** Reads the output file as the runner does: `name<<DELIMITER`, lines, `DELIMITER`. */
export function outputsOf(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^([^<]+)<<(ghadelimiter_[\w-]+)$/.exec(lines[at] ?? "") ?? [];
    if (name === undefined) continue;
    const end = lines.indexOf(delimiter ?? "", at);
    outputs[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return outputs;
}

function defaults(): Record<string, string> {
  const { inputs } = parse(readFileSync(new URL("../../action.yml", import.meta.url), "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? ""]));
}
