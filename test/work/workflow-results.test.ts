import { describe, expect, it } from "vitest";
import { jobResults, type ListedJob, type ListedRun, workflowFile } from "../../src/work/workflow-results.ts";

const HEAD = "a".repeat(40);
const EVALS = ".github/workflows/evals.yml";
const run = (more: Partial<ListedRun> = {}): ListedRun => ({
  id: 1,
  path: EVALS,
  head: HEAD,
  status: "completed",
  number: 1,
  attempt: 1,
  ...more,
});
const job = (more: Partial<ListedJob> = {}): ListedJob => ({
  run: 1,
  name: "evals",
  workflowName: null,
  head: HEAD,
  status: "completed",
  conclusion: "success",
  completedAt: "2026-11-24T10:00:00Z",
  attempt: 1,
  ...more,
});
const told = (runs: readonly ListedRun[], jobs: readonly ListedJob[]) =>
  jobResults(runs, jobs).map(({ name, conclusion, status }) => [name, conclusion ?? status]);

describe("S16 the results of a workflow", () => {
  it("come from its newest run, however the runs are ordered", () => {
    const runs = [run({ id: 9, number: 8 }), run({ id: 7, number: 9 }), run({ id: 8, number: 7 })];
    const jobs = runs.map(({ id }) => job({ run: id, conclusion: id === 7 ? "failure" : "success" }));
    expect(told(runs, jobs)).toEqual([["evals", "failure"]]);
  });

  it("keep those of a job that the newest attempt did not run again, once that attempt has ended", () => {
    const jobs = [job(), job({ name: "other", conclusion: "failure" }), job({ name: "other", attempt: 2 })];
    expect(told([run({ attempt: 2 })], jobs)).toEqual([
      ["evals", "success"],
      ["other", "success"],
    ]);
    expect(told([run({ attempt: 2, status: "in_progress" })], jobs)).toEqual([["other", "success"]]);
  });

  it("are those of a newer attempt than the run was listed with", () => {
    expect(told([run()], [job(), job({ attempt: 2, status: "queued", conclusion: null })])).toEqual([
      ["evals", "queued"],
    ]);
  });

  it("are the weakest where several jobs have one name", () => {
    const later = "2026-11-24T11:00:00Z";
    expect(told([run()], [job({ completedAt: later }), job({ conclusion: "failure" })])).toEqual([
      ["evals", "failure"],
    ]);
    expect(
      told(
        [run()],
        [job({ conclusion: "failure" }), job({ status: "in_progress", conclusion: null, completedAt: null })],
      ),
    ).toEqual([["evals", "in_progress"]]);
    expect(jobResults([run()], [job({ completedAt: later }), job()]).map(({ completedAt }) => completedAt)).toEqual([
      "2026-11-24T10:00:00Z",
    ]);
  });

  it("are found under the name that a pull request's page shows, unless a job is called so", () => {
    const plain = job({ name: "regression", workflowName: "evals" });
    expect(told([run()], [plain])).toEqual([
      ["regression", "success"],
      ["evals / regression", "success"],
    ]);
    const called = job({ name: "evals / regression", workflowName: "evals", conclusion: "failure" });
    expect(told([run()], [plain, called])).toContainEqual(["evals / regression", "failure"]);
    expect(told([run()], [plain, called])).not.toContainEqual(["evals / regression", "success"]);
  });

  it.each([
    [EVALS, EVALS],
    [`${EVALS}@main`, EVALS],
    [`${EVALS}@refs/heads/main`, EVALS],
    [`${EVALS}@easy.yml`, `${EVALS}@easy.yml`],
    [`${EVALS}@easy.yml@main`, `${EVALS}@easy.yml`],
    [`${EVALS}@refs/heads/a@b`, `${EVALS}@refs/heads/a`],
    ["dynamic/codeql", "dynamic/codeql"],
  ])("of %s are those of the file %s: no other file can be named so that it passes for it", (path, file) => {
    expect(workflowFile({ path })).toBe(file);
    expect(jobResults([run({ path })], [job()])[0]?.workflow).toBe(file);
  });

  it("are none of another head's jobs, and none of jobs without a run", () => {
    expect(told([run()], [job({ head: "b".repeat(40) }), job({ run: 5 })])).toEqual([]);
  });
});
