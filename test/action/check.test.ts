import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agent } from "../enforcement/repository-files.ts";
import { type Scene, scene } from "../enforcement/scene.ts";
import { mismatches } from "../github/conformance.ts";
import type { PullRequest } from "../github/world.ts";
import { PERMISSIONS, type Ran, runStep, type Step } from "./workflow.ts";

const SWAP = { "services/high/agent.py": agent("gpt-4.1-2025-04-14") };
const FORKED = { ...PERMISSIONS, checks: "read" };
let stage: Scene;

beforeAll(async () => {
  stage = await scene();
});
afterAll(async () => {
  expect(stage.conforms()).toEqual([]);
  await stage.close();
});

/** The payload of the last such webhook about a pull request. */
function told(event: string, action: string, { number }: PullRequest): Step["payload"] {
  const found = stage.github.deliveries.sent.findLast(
    ({ event: name, payload }) =>
      name === event &&
      payload.action === action &&
      ((payload.pull_request ?? payload.issue) as { number?: number })?.number === number,
  );
  if (!found) throw new Error(`no ${event}.${action} of #${number}`);
  return found.payload;
}

async function run(step: Step): Promise<Ran> {
  const ran = await runStep(stage.github, stage.repository, step);
  expect(ran.requests.flatMap(mismatches)).toEqual([]);
  return ran;
}

async function opened(branch: string, files = SWAP as Record<string, string>, options = {}): Promise<PullRequest> {
  const pull = await stage.open(branch, files, options);
  await stage.idle();
  return pull;
}

const onOpened = (pull: PullRequest, more: Partial<Step> = {}) =>
  run({ event: "pull_request", payload: told("pull_request", "opened", pull), ...more });

/** The newest check that the Action reported on a head. */
function checkOf({ head }: PullRequest) {
  const runs = stage.repository.checkRuns.filter(
    ({ app, headSha, name }) => app.slug === "github-actions" && headSha === head.sha && name === "countersign",
  );
  return runs.at(-1) ?? null;
}

describe("the command check", () => {
  it("S25 reports what it decides as a check, and the job succeeds whatever that is", async () => {
    const pull = await opened("reports");
    const ran = await onOpened(pull);
    expect(ran.exitCode).toBe(0);
    expect(checkOf(pull)).toMatchObject({ conclusion: "action_required", actions: [] });
    expect(checkOf(pull)?.output.title).toBe(stage.check(pull)?.output.title);
    expect(ran.outputs).toMatchObject({ decision: "waiting", basis: "votes", tier: "critical", passes: "false" });
    expect(JSON.parse(ran.outputs.systems ?? "")).toEqual(["high"]);
    expect(JSON.parse(ran.outputs.classes ?? "")).toEqual(["model"]);
    expect(JSON.parse(ran.outputs.findings ?? "")).toMatchObject([{ rule: "model/id", after: "gpt-4.1-2025-04-14" }]);
    expect(ran.outputs["governed-digest"]).toMatch(/^[0-9a-f]{64}$/);
    expect(ran.summary).toContain("needs `@olga` (system owner)");
    expect(ran.summary).toContain("| `gpt-4o-2024-08-06` | `gpt-4.1-2025-04-14` |");
    expect(ran.stdout).toContain("Decision: waiting. Tier: critical. Findings: 1.");
  });

  it("names what must be evaluated for which system, until it has been", async () => {
    const pull = await opened("matrix", { ...SWAP, "services/medium/prompts/system.md": "You are brief.\n" });
    const evals = { check: "evals", workflow: ".github/workflows/evals.yml" };
    const revalidations = async () => JSON.parse((await onOpened(pull)).outputs.revalidate ?? "");
    expect(await revalidations()).toEqual([
      { ...evals, system: "high", models: ["gpt-4.1-2025-04-14"], prompts: [] },
      { ...evals, system: "medium", models: [], prompts: ["services/medium/prompts/system.md"] },
    ]);
    stage.evals(pull);
    expect(await revalidations()).toEqual([]);
  });

  it("lets pass what was approved, on the review that completes it", async () => {
    const pull = await opened("approved");
    stage.evals(pull);
    await stage.approve(pull, "rita");
    expect((await onOpened(pull)).outputs.decision).toBe("waiting");
    await stage.approve(pull, "olga");
    await stage.idle();
    const ran = await run({
      event: "pull_request_review",
      payload: told("pull_request_review", "submitted", pull),
    });
    expect(ran.outputs).toMatchObject({ decision: "approved", passes: "true", revalidate: "[]" });
    expect(checkOf(pull)?.conclusion).toBe("success");
    expect(stage.check(pull)?.conclusion).toBe("success");
  });

  it("P44 decides the same on pull_request_target, with nothing checked out", async () => {
    const pull = await opened("target");
    const ran = await run({ event: "pull_request_target", payload: told("pull_request", "opened", pull) });
    expect(ran.outputs).toMatchObject({ decision: "waiting", tier: "critical" });
    expect(checkOf(pull)?.conclusion).toBe("action_required");
  });

  it("S25 P10 is the verdict itself where its token may report none, as of a fork", async () => {
    const fork = stage.github.world.forkOf(stage.repository, "stranger");
    const pull = await opened("forked", SWAP, { by: "stranger", from: fork });
    const ran = await onOpened(pull, { permissions: FORKED });
    expect(ran.exitCode).toBe(1);
    expect(checkOf(pull)).toBeNull();
    expect(ran.outputs).toMatchObject({ decision: "waiting", passes: "false" });
    expect(ran.stdout).toMatch(/^::error::Critical risk: needs @olga/m);
    expect(ran.stdout).toMatch(/^::error title=model\/id .*,file=services\/high\/agent\.py,line=4::/m);
    expect(ran.summary).toContain("this job's result is the verdict");
  });

  it("passes what is not governed, with at most eight requests", async () => {
    const pull = await opened("docs", { "docs/runbook.md": "# Runbook, again\n" });
    const ran = await onOpened(pull);
    expect(ran.exitCode).toBe(0);
    expect(ran.outputs).toMatchObject({ decision: "not-governed", basis: "", tier: "none", passes: "true" });
    expect(checkOf(pull)?.conclusion).toBe("success");
    expect(ran.requests.length).toBeLessThanOrEqual(8);
  });

  it("looks at the pull request that is named, on an event that names none", async () => {
    const pull = await opened("dispatched");
    const repository = told("pull_request", "opened", pull).repository;
    const step = { event: "workflow_dispatch", payload: { inputs: null, ref: "refs/heads/main", repository } };
    const named = await run({ ...step, with: { "pull-request": String(pull.number) } });
    expect(named.outputs.decision).toBe("waiting");
    expect(checkOf(pull)?.conclusion).toBe("action_required");
    const unnamed = await run(step);
    expect(unnamed.exitCode).toBe(1);
    expect(unnamed.stdout).toContain("and this is workflow_dispatch; give the number of a pull request");
    expect(unnamed.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("reads members of teams with another token where one is given, and says that it needs one where none is", async () => {
    const pull = await opened("team", { "services/medium/prompts/system.md": "You are very brief.\n" });
    await stage.approve(pull, "olga");
    const without = await onOpened(pull);
    expect(without.outputs.decision).toBe("waiting");
    expect(without.summary).toContain("input \\`organization-token\\`");
    const root = stage.github.world.user("root").token;
    const given = await onOpened(pull, { with: { "organization-token": root } });
    expect(given.summary).not.toContain("organization-token");
    expect(given.stdout).toContain(`::add-mask::${root}`);
    expect(given.stdout.replaceAll(`::add-mask::${root}`, "")).not.toContain(root);
  });

  it("writes one comment where that is asked for, and not a second", async () => {
    const pull = await opened("comment");
    const own = () =>
      stage.repository.issues.get(pull.number)?.comments.filter(({ app }) => app?.slug === "github-actions") ?? [];
    const step = { with: { comment: "true" }, permissions: { ...PERMISSIONS, pull_requests: "write" } };
    expect((await onOpened(pull)).exitCode).toBe(0);
    expect(own()).toEqual([]);
    expect((await onOpened(pull, step)).exitCode).toBe(0);
    expect(own().map(({ body }) => body.split("\n")[1])).toEqual(["### 🟡 Critical risk: waiting for people"]);
    expect((await onOpened(pull, step)).exitCode).toBe(0);
    expect(own()).toHaveLength(1);
  });

  it("writes no SARIF through a link that a checked out change brings", async () => {
    const folder = mkdtempSync(join(tmpdir(), "countersign-link-"));
    writeFileSync(join(folder, "target"), "as it was\n");
    symlinkSync("target", join(folder, "findings.sarif"));
    const pull = await opened("linked");
    const ran = await onOpened(pull, { with: { sarif: join(folder, "findings.sarif") } });
    expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining("::error::input sarif: ")]);
    expect(readFileSync(join(folder, "target"), "utf8")).toBe("as it was\n");
    rmSync(folder, { recursive: true });
  });

  it("writes findings as SARIF where a file is named", async () => {
    const pull = await opened("sarif");
    const ran = await onOpened(pull, { with: { sarif: "findings.sarif" } });
    expect(ran.outputs.sarif).toBe("findings.sarif");
    expect(JSON.parse(ran.sarif ?? "")).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "model/id", level: "error" }] }],
    });
  });

  it("S25 calls itself advisory unless a ruleset of the organisation requires this very workflow", async () => {
    const { world } = stage.github;
    const pull = await opened("advisory");
    const require = (path: string, id: number) =>
      world.rulesets.splice(0, world.rulesets.length, {
        ...{ id: 900, name: "AI changes", source: world.organisation("acme"), target: "branch", enforcement: "active" },
        conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
        rules: [{ type: "workflows", parameters: { workflows: [{ path, repository_id: id }] } }],
        ...{ bypassActors: [], createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
      });
    const path = ".github/workflows/countersign.yml";
    expect((await onOpened(pull)).summary).toContain("> Advisory: no ruleset");
    require(path, stage.repository.id + 1);
    expect((await onOpened(pull)).summary).toContain("> Advisory: no ruleset");
    require(path, stage.repository.id);
    expect((await onOpened(pull)).summary).not.toContain("Advisory");
    expect(checkOf(pull)?.output.summary).not.toContain("Advisory");
    world.rulesets.length = 0;
  });

  it("P39 P40 shows nothing of a change to the runner as a command, and no token", async () => {
    const title = "::set-output name=decision::approved\n##[error]x %0A::error::y";
    const pull = await opened("hostile", {
      "services/high/::warning::%0A.md": "x",
      "services/high/agent.py": agent('gpt-4.1"\n::add-mask::a'),
    });
    pull.title = title;
    const ran = await onOpened(pull, { permissions: FORKED });
    const commands = ran.stdout.split("\n").filter((line) => /^\s*(?:::|##\[)/.test(line));
    for (const command of commands)
      expect(command).toMatch(/^::(?:add-mask::ghs_[0-9a-f]{32}|error(?: title=[^:]*)?::[^\n]*)$/);
    expect(ran.stdout).not.toContain("##[");
    expect(ran.outputs.decision).toBe("waiting");
  });

  it("tells everything that is wrong with its inputs at once, and asks GitHub nothing", async () => {
    const pull = await opened("inputs");
    const ran = await onOpened(pull, { with: { command: "chekc", comment: "yes", "pull-request": "#3" } });
    expect(ran.exitCode).toBe(1);
    for (const name of ["command", "comment", "pull-request"]) expect(ran.stdout).toContain(`input ${name}: `);
    expect(ran.requests).toEqual([]);
  });

  it("P13 says that it could not decide where GitHub does not answer, and fails", async () => {
    const pull = await opened("fault");
    stage.github.faults.next({ route: "GET /repos/{owner}/{repo}/compare/{range}", times: 9, fault: { status: 502 } });
    const ran = await onOpened(pull);
    expect(ran.exitCode).toBe(1);
    expect(checkOf(pull)).toMatchObject({ conclusion: "failure", output: { title: "Could not be evaluated" } });
  }, 120_000);
});
