import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const script = fileURLToPath(new URL("../scripts/demo.ts", import.meta.url));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function demo(environment: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, TMPDIR: folder, ...environment };
  return spawnSync(process.execPath, [script], { encoding: "utf8", env, timeout: 100_000 });
}

it("the demo plays a governed pull request from its opening to its merge, its evidence and the way back", () => {
  const { status, stdout, stderr } = demo();
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/GitHub answered 405: Repository rule violations found/);
  expect(stdout).toMatch(/changed prompts\/support\/triage\.md; they have to look again/);
  expect(stdout).toMatch(/✓ countersign\.db: \d+ records/);
  expect(stdout).toMatch(/The database refuses: the ledger is append-only\./);
  expect(stdout).toMatch(/✗ Record 0 was changed after it was signed/);
  expect(stdout).toMatch(/taken back by #3 after \d+ s/);
  expect(stdout).toMatch(/All 13 steps happened\.\n$/);
  expect(readdirSync(folder)).toEqual([]);
}, 120_000);

it("the demo fails where a step does not happen", () => {
  const { status, stderr } = demo({ COUNTERSIGN_MODE: "observe" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/The demo stopped: expected a high risk that waits; the check run says success: /);
}, 120_000);

it("the demo leaves nothing behind where the App does not start", () => {
  const { status, stderr } = demo({ COUNTERSIGN_MODE: "strict" });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /COUNTERSIGN_MODE is not [\s\S]*The demo stopped: the App did not start \(it ended with 2\)\n$/,
  );
  expect(readdirSync(folder)).toEqual([]);
}, 120_000);

it("the demo leaves nothing behind where it is interrupted", async () => {
  const child = spawn(process.execPath, [script], { env: { ...process.env, TMPDIR: folder } });
  let shown = "";
  for await (const part of child.stdout) {
    shown += part;
    if (shown.includes("@neo opens")) child.kill("SIGINT");
  }
  if (child.exitCode === null) await once(child, "exit");
  expect(child.exitCode).toBe(130);
  expect(shown).not.toMatch(/steps happened/);
  expect(readdirSync(folder)).toEqual([]);
}, 120_000);
