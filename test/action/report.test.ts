import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agent, POLICY } from "../enforcement/repository-files.ts";
import { type Scene, scene } from "../enforcement/scene.ts";
import { mismatches } from "../github/conformance.ts";
import type { PullRequest } from "../github/world.ts";
import { PERMISSIONS, type Ran, runStep, type Step } from "./workflow.ts";

const rows = (passed: number, failed: number) =>
  JSON.stringify({
    results: {
      results: [
        ...Array.from({ length: passed }, (_, testIdx) => ({ success: true, testIdx })),
        ...Array.from({ length: failed }, () => ({
          ...{ success: false, description: "asks | for\n::error::`@acme/ml`", failureReason: 1 },
          gradingResult: { reason: "no refusal <b>" },
        })),
      ],
      stats: { successes: passed, failures: failed, errors: 0 },
    },
  });
const NEEDS = POLICY.replace("from: high }", "from: high, passRate: 0.9 }");
let s: Scene;
let pull: PullRequest;

beforeAll(async () => {
  s = await scene({ files: { ".github/countersign.yml": NEEDS } });
  pull = await s.open("swap", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") });
  await s.idle();
});
afterAll(() => s.close());

async function report(files: Record<string, string>, more: Partial<Step> = {}): Promise<Ran> {
  const { payload = {} } = s.github.deliveries.sent.find(({ event }) => event === "pull_request") ?? {};
  const results = Object.keys(files).join("\n");
  const asked = { command: "report", check: "evals", results, ...more.with };
  const ran = await runStep(s.github, s.repository, { event: "pull_request", payload, files, ...more, with: asked });
  expect(ran.requests.flatMap(mismatches)).toEqual([]);
  return ran;
}

const runs = (sha: string) =>
  s.repository.checkRuns.filter(({ name, headSha }) => name === "countersign report: evals" && headSha === sha);

describe("the command report", () => {
  it("succeeds where enough cases passed, and says on the head for which content", async () => {
    const ran = await report({
      "results.json": rows(19, 1),
      "unit.xml": "<testsuite><testcase name='a'/></testsuite>",
    });
    expect(ran.stdout).toContain("Cases: 21. Passed: 20.");
    expect(ran.exitCode).toBe(0);
    expect(ran.outputs).toMatchObject({ passes: "true", "pass-rate": String(20 / 21) });
    const [run] = runs(pull.head.sha);
    expect(run).toMatchObject({ conclusion: "success", app: { slug: "github-actions" } });
    expect(run?.output.title).toBe("evals: 20 of 21 cases passed (95.2 %), 90 % needed");
    expect(run?.output.summary).toMatch(new RegExp(`${pull.head.sha}.*governed content \`[0-9a-f]{64}\``));
  });

  it("fails the job where too few passed, in the same check run, with what failed", async () => {
    const ran = await report({ "results.json": rows(17, 3) });
    expect(ran.exitCode).toBe(1);
    expect(ran.outputs).toMatchObject({ passes: "false", "pass-rate": "0.85" });
    expect(ran.stdout).toContain("::error::evals: 17 of 20 cases passed (85 %25), 90 %25 needed");
    expect(runs(pull.head.sha)).toHaveLength(1);
    expect(runs(pull.head.sha)[0]?.conclusion).toBe("failure");
    expect(ran.summary).toContain("`` asks \\| for⏎::error::`@acme/ml` `` | failed | `no refusal <b>`");
    expect(ran.stdout.split("\n").filter((line) => /^\s*::error::(?!evals: )/.test(line))).toEqual([]);
  });

  it("reads no device, which has no end, and nothing that is no file", async () => {
    for (const results of ["/dev/zero", "/proc/self/fd/0", "."]) {
      const ran = await report({}, { with: { results } });
      expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining(`${results} cannot be read: `)]);
    }
  });

  it("is not lowered by the pull request that it judges", async () => {
    const lax = await s.open("lax", {
      ".github/countersign.yml": NEEDS.replace("passRate: 0.9", "passRate: 0.1"),
      "services/high/agent.py": agent("o3-2025-04-16"),
    });
    await s.idle();
    const { payload = {} } =
      s.github.deliveries.sent.findLast(
        ({ event, payload: told }) => event === "pull_request" && told.number === lax.number,
      ) ?? {};
    const ran = await report({ "results.json": rows(17, 3) }, { payload });
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain("90 %25 needed");
  });

  it("says nothing of governed content where the head has moved on since it was evaluated", async () => {
    const { payload = {} } = s.github.deliveries.sent.find(({ event }) => event === "pull_request") ?? {};
    const evaluated = pull.head.sha;
    s.act.push(s.repository, "swap", { "docs/later.md": "x\n" }, { by: "dora" });
    await s.idle();
    const ran = await report({ "results.json": rows(1, 0) }, { payload });
    expect(ran.exitCode).toBe(0);
    expect(runs(evaluated)[0]?.output.summary).not.toContain("governed content");
    expect(runs(pull.head.sha)).toEqual([]);
  });

  it("S25 is told by the job alone where the token may write no checks", async () => {
    const ran = await report({ "results.json": rows(1, 9) }, { permissions: { ...PERMISSIONS, checks: "read" } });
    expect(ran.exitCode).toBe(1);
    expect(ran.summary).toContain("1 of 10 cases passed");
  });

  it("reports on the commit of a push, where no pull request is", async () => {
    const sha = s.repository.refs.get("refs/heads/main") ?? "";
    const repository = { id: s.repository.id, name: "agent", owner: { login: "acme" }, default_branch: "main" };
    const ran = await report({ "results.json": rows(10, 0) }, { event: "push", payload: { repository }, sha });
    expect(ran.exitCode).toBe(0);
    expect(runs(sha)[0]?.conclusion).toBe("success");
  });

  it.each([
    [
      "a check that the policy does not have",
      { check: "eval" },
      { "r.json": rows(1, 0) },
      'has no check "eval"; it has evals',
    ],
    ["no check", { check: "" }, { "r.json": rows(1, 0) }, "input check: expected the key"],
    ["no file", { results: "" }, {}, "input results: expected a file"],
    ["a file that is not there", { results: "none.json" }, {}, "input results: none.json cannot be read: ENOENT"],
    ["a file of another tool", {}, { "r.json": "{}" }, "input results: r.json is the result of no tool"],
    [
      "a file that was cut",
      {},
      { "r.xml": "<testsuite><testcase>" },
      "input results: r.xml ends while <testcase> is open",
    ],
    ["an empty evaluation", {}, { "r.xml": "<testsuite/>" }, "proves nothing"],
  ])("refuses %s with what to do", async (_, inputs, files, said) => {
    const ran = await report(files as Record<string, string>, { with: inputs as Record<string, string> });
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain(said);
    expect(ran.outputs).toEqual({});
  });
});
