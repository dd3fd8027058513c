import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FILES } from "../enforcement/repository-files.ts";
import { type Scene, scene } from "../enforcement/scene.ts";
import { mismatches } from "../github/conformance.ts";
import { PERMISSIONS, type Ran, runStep, type Step } from "./workflow.ts";

const KEY = String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
const REGISTRY = String(FILES[".github/ai-systems.yml"]);
/** A review that was last held long ago, and a model that is gone. */
const LATE = REGISTRY.replaceAll("last: 2026-11-01", "last: 2025-01-01");
let s: Scene;

beforeEach(async () => {
  s = await scene({ files: { ".github/ai-systems.yml": LATE } });
  s.github.deliveries.hold();
});
afterEach(() => s.close());

async function run(
  command: string,
  event: string,
  payload: Step["payload"],
  inputs: Record<string, string>,
): Promise<Ran> {
  const permissions = { ...PERMISSIONS, contents: "write", issues: "write" };
  const ran = await runStep(s.github, s.repository, { event, payload, permissions, with: { command, ...inputs } });
  expect(ran.requests.flatMap(mismatches)).toEqual([]);
  return ran;
}

const audit = (inputs: Record<string, string> = {}) => run("audit", "schedule", {}, inputs);
const push = (files: Record<string, string>) => {
  s.act.push(s.repository, "main", files, { by: "root" });
  return s.github.deliveries.sent.findLast(({ event }) => event === "push")?.payload ?? {};
};
const issues = () => [...s.repository.issues.values()].filter(({ title }) => title.startsWith("Countersign audit"));

describe("the command audit", () => {
  it("names what is due by the registry, and says where no evidence is kept", async () => {
    const ran = await audit();
    expect(ran.exitCode).toBe(0);
    expect(ran.outputs.passes).toBe("false");
    expect(ran.summary).toContain("`record/review-overdue` system critical was due for review on 2025-07-01");
    expect(ran.summary).toContain("No evidence is kept here");
    expect(issues()).toEqual([]);
  });

  it("names landings without a record, from the first record on", async () => {
    push({ "docs/before.md": "x\n" });
    await run("record", "push", push({ "docs/first.md": "x\n" }), { "signing-key": KEY });
    expect((await audit()).summary).not.toContain("No record of");
    push({ "docs/missed.md": "x\n" });
    const missed = s.repository.refs.get("refs/heads/main") ?? "";
    const ran = await audit();
    expect(ran.stdout).toContain("Without a record: 1.");
    expect(ran.summary).toContain(`No record of \`${missed.slice(0, 12)}\` on \`main\`, brought by \`root\``);
  });

  it("keeps one issue up to date, closes it when nothing is left, and makes none that is not needed", async () => {
    await audit({ issue: "true" });
    await audit({ issue: "true" });
    expect(issues().map(({ state, labels }) => [state, labels])).toEqual([["open", ["countersign"]]]);
    await run("record", "push", push({ ".github/ai-systems.yml": REGISTRY }), { "signing-key": KEY });
    const ran = await audit({ issue: "true" });
    expect(ran.outputs.passes).toBe("true");
    expect(issues().map(({ state, title }) => [state, title])).toEqual([
      ["closed", "Countersign audit: Nothing is due, and every landing is on record"],
    ]);
    s.repository.issues.clear();
    await audit({ issue: "true" });
    expect(issues()).toEqual([]);
  });
});
