import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

function demo(environment: NodeJS.ProcessEnv = {}) {
  const script = fileURLToPath(new URL("../scripts/demo.ts", import.meta.url));
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [script], { encoding: "utf8", env, timeout: 100_000 });
}

it("the demo plays a governed pull request from its opening to its merge", () => {
  const { status, stdout, stderr } = demo();
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/GitHub answered 405: Repository rule violations found/);
  expect(stdout).toMatch(/changed prompts\/support\/triage\.md; they have to look again/);
  expect(stdout).toMatch(/All 8 steps happened\.\n$/);
}, 120_000);

it("the demo fails where a step does not happen", () => {
  const { status, stderr } = demo({ COUNTERSIGN_MODE: "observe" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/The demo stopped: expected a high risk that waits; the check run says success: /);
}, 120_000);
