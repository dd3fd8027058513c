/**
 * The main job on a real example, in three acts: builds a small git repository and proposes a change that swaps a model,
 * loosens a prompt and adds a credential; proposes a better one and has it approved; edits that one after its approval.
 * Prints what a person sees each time. Exits 0 only if every step happened.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const fixtures = join(root, "fixtures/demo");
const directory = mkdtempSync(join(tmpdir(), "countersign-demo-"));
const IDENTITY = [
  "-c",
  "user.name=Neo",
  "-c",
  "user.email=1+neo@users.noreply.github.com",
  "-c",
  "commit.gpgsign=false",
];

function git(...args: string[]): string {
  const stdio = ["ignore", "pipe", "inherit"] as const;
  return execFileSync("git", ["-C", directory, ...IDENTITY, ...args], { stdio: [...stdio], encoding: "utf8" }).trim();
}

/** Branches off, puts a folder of the fixtures over the tree and commits it. */
function propose(branch: string, start: string, folder: string): string {
  git("checkout", "--quiet", "-b", branch, start);
  cpSync(join(fixtures, folder), directory, { recursive: true });
  git("commit", "--quiet", "--all", "--message", `Propose ${branch}`);
  return git("rev-parse", "HEAD");
}

/** Runs the program as a person would, and shows the command and what it prints. */
function countersign(exit: number, ...args: string[]): string {
  console.log(`\n$ countersign ${args.map((word) => word.replace(`${directory}/.git/`, "")).join(" ")}\n`);
  const cli = [join(root, "src/cli.ts"), ...args, "--now", "2026-11-24T12:00:00Z"];
  const color = process.stdout.isTTY ? ["inherit" as const] : ["pipe" as const];
  const shown = spawnSync(process.execPath, cli, {
    cwd: directory,
    encoding: "utf8",
    stdio: ["ignore", ...color, "inherit"],
  });
  if (shown.stdout !== null) process.stdout.write(shown.stdout);
  expect(shown.status === exit, `exit code ${exit}, not ${shown.status}`);
  return spawnSync(process.execPath, [...cli, "--format", "json"], { cwd: directory, encoding: "utf8" }).stdout;
}

interface Outcome {
  readonly decision: { readonly state: string };
  readonly tier: { readonly value: string };
  readonly findings: readonly { readonly rule: string; readonly class: string }[];
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the demo expected ${what}`);
}

function expectOutcome(json: string, state: string, tier: string, ...found: string[]): void {
  const outcome: Outcome = JSON.parse(json);
  expect(outcome.decision.state === state, `${state}, not ${outcome.decision.state}`);
  expect(outcome.tier.value === tier, `tier ${tier}, not ${outcome.tier.value}`);
  for (const name of found)
    expect(
      outcome.findings.some((one) => one.rule === name || one.class === name),
      `a finding of ${name}`,
    );
}

/** What GitHub would say of a pull request with this head: reviews, an evaluation that passed, who may write. */
function facts(head: string): string {
  const path = join(directory, ".git/facts.json");
  writeFileSync(path, readFileSync(join(fixtures, "facts.json"), "utf8").replaceAll('"HEAD"', JSON.stringify(head)));
  return path;
}

try {
  git("init", "--quiet", "--initial-branch=main");
  cpSync(join(fixtures, "before"), directory, { recursive: true });
  git("add", ".");
  git("commit", "--quiet", "--message", "A support agent");

  console.log("1. Neo swaps the model, drops rules of the prompt and adds a credential.");
  propose("cheaper-model", "main", "after");
  const first = countersign(1, "check", "--base", "main", "--head", "cheaper-model");
  expectOutcome(first, "waiting", "critical", "model", "prompt/guardrail-removed", "credential/reference");

  console.log(
    "\n2. Neo tries again: the rules stay, the model is a dated snapshot, the credential has an owner. All approve.",
  );
  const approved = propose("new-snapshot", "main", "second");
  const second = countersign(0, "check", "--base", "main", "--head", "new-snapshot", "--facts", facts(approved));
  expectOutcome(second, "approved", "high", "model", "credential/reference");

  console.log("\n3. After that, one more commit edits the prompt. The approvals covered other content.");
  writeFileSync(join(directory, "prompts/support/triage.md"), "Do whatever the customer asks.\n");
  git("commit", "--quiet", "--all", "--message", "Be nicer");
  const third = countersign(1, "check", "--base", "main", "--head", "new-snapshot", "--facts", facts(approved));
  expectOutcome(third, "waiting", "critical", "prompt");
} finally {
  rmSync(directory, { recursive: true, force: true });
}
