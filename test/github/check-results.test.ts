import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RevalidationCheck } from "../../src/core/policy.ts";
import { type FactsScene, factsScene } from "./facts-scene.ts";
import type { CheckRun, PullRequest } from "./world.ts";

const EVALS = ".github/workflows/evals.yml";
const evals: RevalidationCheck = { name: "regression", app: "github-actions", workflow: EVALS };
const redTeam: RevalidationCheck = { name: "red-team", app: "acme-evals" };

let scene: FactsScene;
let pull: PullRequest;
let head: string;
let branch = 0;

beforeAll(async () => {
  scene = await factsScene();
});
afterAll(async () => {
  scene.conforms();
  await scene.github.close();
});
beforeEach(async () => {
  branch += 1;
  pull = await scene.open(`change-${branch}`, "anna");
  head = pull.head.sha;
});

/** Reads a pull request and then the results; `charges` is what the results cost beside it. */
async function read(wanted: readonly RevalidationCheck[], numbers: readonly number[] = [pull.number]) {
  const { facts, charges } = scene.job();
  for (const number of numbers) await facts.pullRequest(number);
  const before = { ...charges };
  const { checks, workflowRuns } = await facts.checks({ head, baseRef: pull.base.ref }, wanted);
  const told = checks.map(({ name, app, workflow, conclusion, status }) => [name, app, workflow, conclusion ?? status]);
  const cost = { requests: charges.requests - before.requests, unchanged: charges.unchanged - before.unchanged };
  return { told, checks, workflowRuns, charges: cost };
}

const SUCCESS = ["regression", "github-actions", EVALS, "success"];

const run = (conclusion: string | null, path = EVALS, job = "regression", event = "pull_request") =>
  scene.act.workflow(scene.repository, { path, sha: head, job, conclusion, event });
const retarget = (number: number, base: string) =>
  scene.request("PATCH", `/repos/acme/agent/pulls/${number}`, "anna", { base });
const close = (number: number) =>
  scene.request("PATCH", `/repos/acme/agent/pulls/${number}`, "anna", { state: "closed" });

/** Proposes the same head to a branch that somebody pushed for the purpose. */
async function propose(from: string, base: string): Promise<number> {
  if (!scene.repository.refs.has(`refs/heads/${base}`))
    scene.act.push(scene.repository, base, { [EVALS]: "on: pull_request\n" }, { by: "anna" });
  const opened = await scene.request("POST", "/repos/acme/agent/pulls", "anna", { title: "x", head: from, base });
  expect(opened.status).toBe(201);
  return scene.repository.nextNumber - 1;
}

/** What Actions' token can do in any workflow: a check run of any name, filed under any suite of the App's. */
function forge(name: string, suite: number, slug = "github-actions"): void {
  scene.act.check(scene.repository, slug, name, head, "success");
  const forged = scene.repository.checkRuns.at(-1) as CheckRun;
  scene.repository.checkRuns.splice(-1, 1, { ...forged, suite });
}

describe("S16 a check of Actions", () => {
  it("counts as a job of the named workflow's run on this head", async () => {
    run("success");
    const { told, workflowRuns, checks } = await read([evals]);
    expect(told).toEqual([["regression", "github-actions", EVALS, "success"]]);
    expect(checks[0]?.head).toBe(head);
    expect(checks[0]?.completedAt).toMatch(/^2026-/);
    expect(workflowRuns).toEqual([{ path: EVALS, head, status: "completed" }]);
  });

  it("is never taken from a check run of that name, whoever filed it under whichever suite", async () => {
    const real = run("failure");
    forge("regression", real.id);
    run("success", ".github/workflows/easy.yml");
    run("success", `${EVALS}@easy.yml`);
    forge("regression", 1, "some-app");
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "failure"]]);
  });

  it("is not there while its workflow has not run here, whatever ran elsewhere", async () => {
    scene.act.workflow(scene.repository, { path: EVALS, sha: pull.base.sha, job: "regression", conclusion: "success" });
    forge("regression", 1);
    expect(await read([evals])).toMatchObject({ told: [], workflowRuns: [] });
  });

  it("counts from the newest run and the newest attempt of the job", async () => {
    run("success");
    run("failure");
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "failure"]]);
    const newest = run("failure");
    scene.act.rerun(scene.repository, newest, [{ name: "regression", conclusion: "success" }]);
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "success"]]);
    scene.act.rerun(scene.repository, newest, [{ name: "regression", conclusion: null }]);
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "in_progress"]]);
  });

  it("keeps the result of a job that a partial re-run left alone", async () => {
    const partial = run("success");
    partial.jobs.push({
      id: scene.github.world.nextId(),
      name: "flaky",
      status: "completed",
      conclusion: "failure",
      completedAt: scene.github.world.now(),
      attempt: 1,
    });
    scene.act.rerun(scene.repository, partial, [{ name: "flaky", conclusion: null }]);
    expect((await read([evals])).told).toEqual([]);
    scene.act.rerun(scene.repository, partial, [{ name: "flaky", conclusion: "success" }]);
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "success"]]);
  });

  it("is found under the name that the pull request's page shows", async () => {
    scene.act.workflow(scene.repository, {
      path: EVALS,
      name: "evals",
      sha: head,
      job: "regression",
      conclusion: "success",
    });
    expect((await read([{ ...evals, name: "evals / regression" }])).told).toEqual([
      ["evals / regression", "github-actions", EVALS, "success"],
    ]);
  });

  it("waits for somebody's leave where a fork's run is held", async () => {
    const held = run("success");
    held.jobs.length = 0;
    held.conclusion = "action_required";
    const { told, workflowRuns } = await read([evals]);
    expect(told).toEqual([]);
    expect(workflowRuns).toEqual([{ path: EVALS, head, status: "action_required" }]);
  });

  it("P10 counts only if its run began since the base branch was changed, unless no base was merged into it", async () => {
    const early = run("success");
    scene.act.push(scene.repository, "decoy", { "d.txt": "1" }, { by: "anna" });
    await retarget(pull.number, "decoy");
    scene.act.rerun(scene.repository, early, [{ name: "regression", conclusion: "success" }]);
    expect((await read([evals])).told).toEqual([]);
    run("success");
    expect((await read([evals])).told).toEqual([SUCCESS]);
    await retarget(pull.number, "main");
    expect((await read([evals])).told).toEqual([]);
    run("success", EVALS, "regression", "push");
    expect((await read([evals])).told).toEqual([SUCCESS]);
  });

  it("P09 is not that of another pull request's run with the same head and another base, even once that is closed", async () => {
    run("failure");
    const decoy = await propose(pull.head.ref, "lax");
    run("success");
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "failure"]]);
    await close(decoy);
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "failure"]]);
    // Also where the other one was moved back, and where it came first.
    await retarget(decoy, "main");
    expect((await read([evals])).told).toEqual([["regression", "github-actions", EVALS, "failure"]]);
    expect((await read([evals], [decoy])).told).toEqual([]);
  });

  it("P09 is not that of another branch with the same head", async () => {
    scene.repository.refs.set(`refs/heads/twin-${branch}`, head);
    await propose(`twin-${branch}`, "lax");
    run("success");
    expect(scene.repository.runs.at(-1)?.headBranch).toBe(`twin-${branch}`);
    expect(await read([evals])).toMatchObject({ told: [], workflowRuns: [] });
  });

  it("P09 S02 counts for pull requests that share head and base, and for an earlier one of the branch that was closed", async () => {
    run("success");
    await close(pull.number);
    const again = await propose(pull.head.ref, "main");
    expect((await read([evals], [again])).told).toEqual([SUCCESS]);
    scene.repository.refs.set(`refs/heads/twin-${branch}`, head);
    const twin = await propose(`twin-${branch}`, "main");
    expect((await read([evals], [twin])).told).toEqual([]);
    expect((await read([evals], [again, twin])).told).toEqual([SUCCESS]);
  });

  it("P09 is none where a crowd of pull requests of the branch hides the rest", async () => {
    const crowd = (size: number) => {
      for (let at = 0; at < size; at += 1) {
        const number = scene.repository.nextNumber++;
        scene.repository.pulls.set(number, { ...pull, number, state: "closed", base: { ...pull.base } });
      }
    };
    run("success");
    crowd(40);
    expect((await read([evals])).told).toEqual([SUCCESS]);
    crowd(40);
    expect((await read([evals])).told).toEqual([]);
  });

  it("P09 is not that of a fork's branch of the same name and head", async () => {
    const fork = scene.github.world.forkOf(scene.repository, `double-${branch}`);
    scene.repository.collaborators.set(`double-${branch}`, "read");
    if (!scene.repository.refs.has("refs/heads/lax"))
      scene.act.push(scene.repository, "lax", { [EVALS]: "on: pull_request\n" }, { by: "anna" });
    const proposed = { title: "d", head: `double-${branch}:${pull.head.ref}`, base: "lax" };
    await scene.request("POST", "/repos/acme/agent/pulls", `double-${branch}`, proposed);
    expect(run("success").headRepository).toBe(fork);
    expect((await read([evals])).told).toEqual([]);
  });

  it("is none for a pull request that was not read", async () => {
    run("success");
    expect((await read([evals], [])).told).toEqual([]);
  });

  it("is found among many jobs and many runs", async () => {
    for (let at = 0; at < 120; at += 1) run("failure", `.github/workflows/other-${at % 9}.yml`, `noise-${at}`);
    const large = run("success");
    const [job] = large.jobs;
    for (let at = 0; at < 250; at += 1)
      if (job) large.jobs.unshift({ ...job, id: at, name: `shard ${at}`, conclusion: "failure" });
    const { told, charges } = await read([evals]);
    expect(told).toEqual([["regression", "github-actions", EVALS, "success"]]);
    // Two pages of runs, three of jobs.
    expect(charges.requests).toBe(5);
  });
});

describe("P11 P12 a check of another App", () => {
  it("counts only from the App that the policy names", async () => {
    scene.act.check(scene.repository, "acme-evals", "red-team", head, "failure");
    scene.act.check(scene.repository, "imposter", "red-team", head, "success");
    forge("red-team", 1);
    expect((await read([redTeam])).told).toEqual([["red-team", "acme-evals", null, "failure"]]);
  });

  it("tells skipped, neutral and their like as what they are", async () => {
    for (const conclusion of ["skipped", "neutral", "timed_out", "cancelled"]) {
      scene.act.check(scene.repository, "acme-evals", "red-team", head, conclusion);
      expect((await read([redTeam])).told).toEqual([["red-team", "acme-evals", null, conclusion]]);
    }
  });

  it("is not a commit status of that name", async () => {
    const status = { context: "red-team", state: "success" };
    expect((await scene.request("POST", `/repos/acme/agent/statuses/${head}`, "anna", status)).status).toBe(201);
    expect((await read([redTeam])).told).toEqual([]);
  });

  it("P10 counts only if it was begun since the base branch was changed", async () => {
    scene.act.check(scene.repository, "acme-evals", "red-team", head, "success");
    scene.act.push(scene.repository, "decoy", { "e.txt": "1" }, { by: "anna" });
    await retarget(pull.number, "decoy");
    expect((await read([redTeam])).told).toEqual([]);
    scene.act.check(scene.repository, "acme-evals", "red-team", head, "success");
    expect((await read([redTeam])).told).toHaveLength(1);
  });

  it("is found on every page of check runs of that name", async () => {
    scene.act.check(scene.repository, "acme-evals", "red-team", head, "success");
    const real = scene.repository.checkRuns.at(-1) as CheckRun;
    for (let at = 0; at < 130; at += 1) {
      const app = { ...real.app, id: 90_000 + at, slug: `app-${at}` };
      scene.repository.checkRuns.push({ ...real, id: 90_000 + at, app, conclusion: "failure" });
    }
    expect((await read([redTeam])).told).toEqual([["red-team", "acme-evals", null, "success"]]);
  });
});

describe("the checks of a head", () => {
  it.each([
    ["public", false],
    ["private and so not shown", true],
  ])("P16 are found on a fork's head too, where they name no pull request: %s", async (_, hidden) => {
    const fork = scene.github.world.find("outsider/agent") ?? scene.github.world.forkOf(scene.repository, "outsider");
    fork.private = hidden;
    scene.repository.collaborators.set("outsider", "read");
    const theirs = hidden ? "hidden" : "shown";
    head = scene.act.push(fork, theirs, { "f.py": theirs }, { by: "outsider" });
    const proposed = { title: "f", head: `outsider:${theirs}`, base: "main" };
    expect((await scene.request("POST", "/repos/acme/agent/pulls", "outsider", proposed)).status).toBe(201);
    const number = scene.repository.nextNumber - 1;
    run("success");
    scene.act.check(scene.repository, "acme-evals", "red-team", head, "success");
    const { told, charges } = await read([evals, redTeam], [number]);
    expect(told.map(([name]) => name)).toEqual(["red-team", "regression"]);
    // Runs, jobs, check runs, and the other pull requests of a fork's branch.
    expect(charges.requests).toBe(4);
    const decoy = { title: "g", head: `outsider:${theirs}`, base: "lax" };
    expect((await scene.request("POST", "/repos/acme/agent/pulls", "outsider", decoy)).status).toBe(201);
    run("failure");
    expect((await read([evals], [number])).told).toEqual([SUCCESS]);
  });

  it("cost nothing when none is wanted, and nothing when nothing changed", async () => {
    run("success");
    scene.act.check(scene.repository, "acme-evals", "red-team", head, "success");
    expect((await read([])).charges.requests).toBe(0);
    const second = { ...evals, name: "other" };
    expect((await read([evals, redTeam, second])).charges.requests).toBe(3);
    expect((await read([evals, redTeam, second])).charges).toMatchObject({ requests: 0, unchanged: 3 });
  });

  it("are a fault where they cannot be read", async () => {
    const { facts } = scene.job({ permissions: { contents: "read" } });
    await expect(facts.checks({ head, baseRef: "main" }, [evals])).rejects.toMatchObject({ code: "hosting/forbidden" });
    await expect(facts.checks({ head, baseRef: "main" }, [redTeam])).rejects.toMatchObject({
      code: "hosting/forbidden",
    });
  });
});
