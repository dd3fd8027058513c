import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { check } from "../../action/check.ts";
import { run } from "../../src/commands/run.ts";
import type { Evaluation } from "../../src/core/evaluation.ts";
import { answer } from "../../src/enforcement/answer.ts";
import type { Enforcement } from "../../src/enforcement/enforcement.ts";
import { matterOf } from "../../src/enforcement/matter.ts";
import { githubHosting } from "../../src/github/hosting.ts";
import { workflowStanding } from "../../src/github/workflow-run.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import { type EvaluationJson, evaluationJson } from "../../src/reports/evaluation-json.ts";
import type { Scene } from "../enforcement/scene.ts";
import type { PullRequest } from "../github/world.ts";
import { PERMISSIONS } from "./workflow.ts";

const NOW = "2026-11-24T12:00:00.000Z";

/** What each of the three entries decides about a pull request as it stands. */
export interface Entries {
  readonly app: EvaluationJson;
  readonly commandLine: EvaluationJson;
  readonly action: EvaluationJson;
}

/** Asks all three; what the command line is told, anybody could gather, but for who pushed, which the App saw. */
export async function threeEntries(s: Scene, pull: PullRequest): Promise<Entries> {
  const evaluation = await byApp(s, pull);
  const { teams, access, pushers } = evaluation.facts;
  const facts = await factsFile(s, pull, {
    teams: Object.fromEntries(teams),
    access: Object.fromEntries(access ?? []),
    ...(pushers === null && evaluation.decision.state !== "not-governed" ? {} : { pushers: pushers ?? [] }),
  });
  return {
    app: JSON.parse(JSON.stringify(evaluationJson(evaluation))),
    commandLine: await byCommandLine(s, pull, facts),
    action: JSON.parse(JSON.stringify(evaluationJson(await byAction(s, pull)))),
  };
}

/** What the Action decides on a run that was started by hand. */
async function byAction(s: Scene, { number }: PullRequest): Promise<Evaluation> {
  const { github, repository } = s;
  const event = {
    ...{ name: "workflow_dispatch", payload: {}, branch: "main", apiUrl: github.url, serverUrl: github.url },
    repository: { installation: 0, id: repository.id, owner: "acme", name: "agent" },
    ...{ sha: "", workflow: "acme/agent/.github/workflows/countersign.yml@refs/heads/main" },
  };
  const tokens = { repository: github.workflowToken(repository, PERMISSIONS), organization: "ghp_root" };
  const options = { tokens, pullRequest: number, comment: false, requestReviewers: false };
  const signal = AbortSignal.timeout(60_000);
  const standing = workflowStanding({ baseUrl: github.url, tokens }, event, signal);
  const { decided } = await check(event, options, standing, signal);
  if (decided === null) throw new Error(`nothing was decided about #${number}`);
  return decided.evaluation;
}

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
  if (stderr !== "") throw new Error(stderr);
  // What an edit of the rules would lead to is told beside the decision.
  const { ownRules: _, ...decided } = JSON.parse(stdout);
  return decided;
}
