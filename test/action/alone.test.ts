import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type QueueScene, queueScene } from "../enforcement/queue-scene.ts";
import { agent, CHANGES } from "../enforcement/repository-files.ts";
import { mismatches } from "../github/conformance.ts";
import { PERMISSIONS, type Ran, runStep, type Step } from "./workflow.ts";

const WRITING = { ...PERMISSIONS, pull_requests: "write", issues: "write" };
let s: QueueScene;

/** The App hears of nothing: all that is done there, the Action does. */
beforeEach(async () => {
  s = await queueScene({ min_entries_to_merge: 5 });
  s.github.deliveries.hold();
});
afterEach(() => s.close());

async function on(event: string, action: string, more: Partial<Step> = {}): Promise<Ran> {
  await s.github.deliveries.settled();
  const sent = s.github.deliveries.sent.findLast((one) => one.event === event && one.payload.action === action);
  if (!sent) throw new Error(`no ${event}.${action}`);
  // The workflow's own token reads no teams.
  const organization = { "organization-token": s.github.world.user("root").token };
  const step = { event, payload: sent.payload, ...more, with: { ...organization, ...more.with } };
  const ran = await runStep(s.github, s.repository, step);
  expect(ran.requests.flatMap(mismatches)).toEqual([]);
  return ran;
}

const runsOn = (sha: string) =>
  s.repository.checkRuns
    .filter(({ app, headSha }) => app.slug === "github-actions" && headSha === sha)
    .map(({ name, conclusion, output }) => `${name}: ${conclusion}: ${output.title}`);

describe("the Action where the App is not installed", () => {
  it("asks those to review who can still approve, once, where that is asked for", async () => {
    const pull = await s.open("swap", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") });
    const asked = () => [...pull.requestedReviewers].sort();
    await on("pull_request", "opened", { permissions: WRITING });
    expect(asked()).toEqual([]);
    const given = { permissions: WRITING, with: { "request-reviewers": "true" } };
    expect((await on("pull_request", "opened", given)).exitCode).toBe(0);
    expect(asked()).toEqual(["olga", "rita"]);
    const again = await on("pull_request", "opened", given);
    expect(again.requests.filter(({ path }) => path.endsWith("/requested_reviewers"))).toEqual([]);
  });

  it("P27 counts an approval by command, and answers it where comments are asked for", async () => {
    const pull = await s.open("swap", CHANGES.low);
    await s.approve(pull, "anna");
    await s.comment(pull, "olga", `/countersign approve ${pull.head.sha}`);
    const ran = await on("issue_comment", "created", { permissions: WRITING, with: { comment: "true" } });
    expect(ran.outputs).toMatchObject({ decision: "approved", passes: "true" });
    expect(runsOn(pull.head.sha)[0]).toMatch(/^countersign: success: Medium risk: approved by /);
    expect(s.repository.issues.get(pull.number)?.comments.some(({ app }) => app?.slug === "github-actions")).toBe(true);
  });

  it("P19 answers a merge group by the pull requests in it", async () => {
    const good = await s.open("good", CHANGES.low);
    await s.approve(good, "olga", "anna");
    await on("pull_request", "opened");
    expect(runsOn(good.head.sha)).toHaveLength(1);
    const [, rule] = [...s.repository.rules][0] ?? [];
    if (rule) rule.requiredChecks.length = 0;
    const bad = await s.open("bad", CHANGES.medium);
    const queue = s.queues;
    queue.enqueue(s.repository, good, "dora");
    await s.github.deliveries.settled();
    const first = s.head(good);
    const passed = await on("merge_group", "checks_requested");
    expect(passed.exitCode).toBe(0);
    expect(passed.outputs.passes).toBe("true");
    expect(runsOn(first)).toEqual([
      expect.stringMatching(/^countersign: success: #1 stands as approved, until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
    ]);
    queue.enqueue(s.repository, bad, "dora");
    await s.github.deliveries.settled();
    const second = s.head(bad);
    const failed = await on("merge_group", "checks_requested");
    expect(failed.exitCode).toBe(0);
    expect(failed.outputs.passes).toBe("false");
    expect(runsOn(second)[0]).toMatch(/^countersign: failure: #2 needs /);
  });
});
