/**
 * The main job on a real example: builds a small git repository, proposes a change that swaps a model, loosens a prompt
 * and adds a credential, and prints what an engineer sees before anybody reviewed. Exits 0 only if every step happened.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "countersign-demo-"));

function git(...args: string[]): void {
  execFileSync(
    "git",
    [
      "-C",
      directory,
      "-c",
      "user.name=Demo",
      "-c",
      "user.email=demo@example.com",
      "-c",
      "commit.gpgsign=false",
      ...args,
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

function countersign(...args: string[]): { status: number | null; text: string } {
  const run = spawnSync(process.execPath, [join(root, "src/cli.ts"), ...args], { encoding: "utf8" });
  process.stderr.write(run.stderr);
  return { status: run.status, text: run.stdout };
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the demo expected ${what}`);
}

try {
  git("init", "--quiet", "--initial-branch=main");
  cpSync(join(root, "fixtures/demo/before"), directory, { recursive: true });
  git("add", ".");
  git("commit", "--quiet", "--message", "A support agent");
  git("checkout", "--quiet", "-b", "cheaper-model");
  cpSync(join(root, "fixtures/demo/after"), directory, { recursive: true });
  git("commit", "--quiet", "--all", "--message", "Use a cheaper model, refund faster");

  console.log("A pull request swaps the model, removes a guardrail from the prompt and adds a credential.\n");
  console.log("$ countersign check --base main --head cheaper-model\n");
  const report = countersign("check", "--repo", directory, "--base", "main", "--head", "cheaper-model");
  console.log(report.text);
  expect(report.status === 1, "the change to be held back (exit code 1)");
  for (const rule of ["model/", "prompt/guardrail-removed", "credential/reference"])
    expect(report.text.includes(rule), `a finding of ${rule}`);

  const unchanged = countersign("check", "--repo", directory, "--base", "main", "--head", "main");
  console.log("$ countersign check --base main --head main\n");
  console.log(unchanged.text);
  expect(unchanged.status === 0, "an unchanged branch to pass (exit code 0)");
} finally {
  rmSync(directory, { recursive: true, force: true });
}
