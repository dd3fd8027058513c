import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../src/commands/run.ts";
import { answer } from "../../src/enforcement/answer.ts";
import type { Enforcement } from "../../src/enforcement/enforcement.ts";
import { matterOf } from "../../src/enforcement/matter.ts";
import { githubHosting } from "../../src/github/hosting.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import { evaluationJson } from "../../src/reports/evaluation-json.ts";
import type { PullRequest } from "../github/world.ts";
import { agent, PROMPT } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const NOW = "2026-11-24T12:00:00.000Z";

/** What the App decides, with the facts it read. */
async function byApp(s: Scene, pull: PullRequest) {
  const [installation] = s.github.world.installations;
  const { queue, close } = embeddedDatabase(":memory:");
  try {
    const enforcement: Enforcement = {
      hosting: githubHosting({ appId: s.app.id, privateKey: s.app.privateKey, baseUrl: s.github.url }),
      store: s.service().store,
      queue,
      now: () => NOW,
      evidence: null,
      observes: false,
      appId: 1,
      program: "another",
      server: s.github.url,
      log: { info: () => {}, warn: () => {} },
    };
    const place = { installation: installation?.id ?? 0, owner: "acme", name: "agent" };
    const name = { ...place, id: s.repository.id };
    const repository = await enforcement.hosting.open(name, AbortSignal.timeout(30_000));
    const read = await repository.pullRequest(pull.number);
    if (!read) throw new Error("no pull request");
    const work = { ...place, repository: s.repository.id, number: pull.number, reason: "test" };
    return await answer(await matterOf(work, repository, [read], enforcement), enforcement);
  } finally {
    close();
  }
}

/** Facts in GitHub's own shapes, as anybody with a token can gather them. */
async function factsFile(s: Scene, pull: PullRequest, more: object): Promise<string> {
  const get = async (path: string) => {
    const headers = { authorization: "Bearer ghp_root" };
    const response = await fetch(`${s.github.url}/repos/acme/agent${path}`, { headers });
    return (await response.json()) as Record<string, unknown>;
  };
  const runs = (await get(`/actions/runs?head_sha=${pull.head.sha}`)).workflow_runs as { id: number }[];
  const jobs = await Promise.all(runs.map(async ({ id }) => (await get(`/actions/runs/${id}/jobs?filter=all`)).jobs));
  const facts = {
    pullRequest: await get(`/pulls/${pull.number}`),
    reviews: await get(`/pulls/${pull.number}/reviews`),
    comments: await get(`/issues/${pull.number}/comments`),
    checkRuns: (await get(`/commits/${pull.head.sha}/check-runs`)).check_runs,
    workflowRuns: runs,
    jobs: jobs.flat(),
    ...more,
  };
  const path = join(s.repository.store.directory, "facts.json");
  writeFileSync(path, JSON.stringify(facts));
  return path;
}

async function byCommandLine(s: Scene, pull: PullRequest, facts: string) {
  let [stdout, stderr] = ["", ""];
  const main = s.repository.refs.get("refs/heads/main") ?? "";
  const args = ["--repo", s.repository.store.directory, "--base", main, "--head", pull.head.sha, "--facts", facts];
  await run(["check", ...args, "--now", NOW, "--format", "json"], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    readFile: (path) => readFile(path),
    color: false,
    width: null,
    progress: false,
    now: () => NOW,
    index: undefined,
    fingerprintKey: undefined,
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

it("the App and the command line decide the same from the same facts", async () => {
  const s = await scene();
  try {
    const approved = await s.open("approved", { "services/medium/agent.py": agent("gpt-4o-mini-2024-07-18") });
    await s.approve(approved, "olga", "rita");
    s.evals(approved);
    await s.idle();
    s.act.push(s.repository, "main", { "docs/moved.md": "x\n" }, { by: "root" });
    const waiting = await s.open("waiting", {
      "services/high/prompts/system.md": PROMPT.replace("Never promise a refund. ", ""),
      "services/low/agent.py": agent("o3-2025-04-16"),
    });
    await s.approve(waiting, "rita", "stranger");
    await s.review(waiting, "olga", "REQUEST_CHANGES");
    await s.idle();
    s.act.push(s.repository, "waiting", { "services/high/helper.py": "x = 2\n" }, { by: "anna" });
    await s.approve(waiting, "anna");
    await s.comment(waiting, "ben", `/countersign approve ${waiting.head.sha}`);
    s.evals(waiting, "failure");
    const ungoverned = await s.open("ungoverned", { "docs/none.md": "x\n" });
    await s.idle();
    const states: string[] = [];
    for (const pull of [approved, waiting, ungoverned]) {
      const evaluation = await byApp(s, pull);
      const { teams, access, pushers } = evaluation.facts;
      const facts = await factsFile(s, pull, {
        teams: Object.fromEntries(teams),
        access: Object.fromEntries(access ?? []),
        pushers: pushers ?? [],
      });
      const own = JSON.parse(JSON.stringify(evaluationJson(evaluation)));
      expect(own).toEqual(await byCommandLine(s, pull, facts));
      states.push(own.decision.state);
    }
    expect(states).toEqual(["approved", "blocked", "not-governed"]);
  } finally {
    await s.close();
  }
});
