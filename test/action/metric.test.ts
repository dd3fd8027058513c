import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UnreadableResult } from "../../src/results/evaluation-result.ts";
import { isWithin } from "../../src/results/metric-threshold.ts";
import { FILES } from "../enforcement/repository-files.ts";
import { type Scene, scene } from "../enforcement/scene.ts";
import { mismatches } from "../github/conformance.ts";
import { PERMISSIONS, type Ran, runStep } from "./workflow.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = String(privateKey.export({ type: "pkcs8", format: "pem" }));
const PUBLIC = String(publicKey.export({ type: "spki", format: "pem" }));
const METRIC = '{ name: errors, threshold: "< 0.02", onBreach: pause }, { name: odd, threshold: few }';
const REGISTRY = String(FILES[".github/ai-systems.yml"]).replaceAll(
  /monitoring: \{ logs: \[("siem:\/\/\w+")\] \}/g,
  `monitoring: { logs: [$1], metrics: [${METRIC}] }`,
);
let s: Scene;

beforeAll(async () => {
  s = await scene({ files: { ".github/ai-systems.yml": REGISTRY } });
  s.github.deliveries.hold();
});
afterAll(() => s.close());

async function run(inputs: Record<string, string>): Promise<Ran> {
  const permissions = { ...PERMISSIONS, contents: "write" };
  const ran = await runStep(s.github, s.repository, { event: "schedule", payload: {}, permissions, with: inputs });
  expect(ran.requests.flatMap(mismatches)).toEqual([]);
  return ran;
}
const report = (value: string, more: Record<string, string> = {}) =>
  run({ command: "report", system: "high", metric: "errors", value, "signing-key": KEY, ...more });

describe("a production metric", () => {
  it("is held against the registry's threshold, and recorded", async () => {
    const within = await report("0.019");
    expect(within.stdout).toContain("Within its threshold.");
    expect(within.exitCode).toBe(0);
    expect(within.outputs).toMatchObject({ passes: "true", "on-breach": "" });
    const beyond = await report("0.02");
    expect(beyond.exitCode).toBe(1);
    expect(beyond.outputs).toMatchObject({ passes: "false", "on-breach": "pause" });
    expect(beyond.outputs["record-path"]).toMatch(/^records\/000\/000001-/);
    expect(beyond.summary).toContain("`@olga` answers for it; on breach: **pause**");
    const verified = await run({ command: "verify", "public-key": PUBLIC });
    expect(verified.stdout).toContain("Records: 2. Problems: 0.");
  });

  it("is not recorded without a key, and says so", async () => {
    const ran = await report("1", { "signing-key": "" });
    expect(ran.exitCode).toBe(1);
    expect(ran.summary).toContain("Not recorded");
    expect(ran.requests.filter(({ method, path }) => method !== "GET" && path !== "/graphql")).toEqual([]);
  });

  it.each([
    [{ value: "" }, "input value: expected a number"],
    [{ value: "many" }, "input value: expected a number"],
    [{ system: "none" }, 'input system: the registry has no system "none"'],
    [{ metric: "latency" }, 'high has no metric "latency" under monitoring; it has errors, odd'],
    [{ metric: "odd" }, 'the threshold of odd is "few", which cannot be compared'],
  ])("refuses %j with what to do", async (inputs, said) => {
    const ran = await report("1", inputs as Record<string, string>);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain(said);
  });

  it.each<[string, number, boolean]>([
    ["< 0.02", 0.0199, true],
    ["<0.02", 0.02, false],
    ["<= 5", 5, true],
    ["> -1", -1, false],
    [">= 99.9", 99.9, true],
  ])("%s: %d is within it: %s", (threshold, value, holds) => {
    expect(isWithin(value, threshold)).toBe(holds);
  });

  it.each(["", "2", "< ", "== 3", "< 2 %", "< 1e9", "<> 2"])("the threshold %j says no bound", (threshold) => {
    expect(() => isWithin(1, threshold)).toThrow(UnreadableResult);
  });
});
