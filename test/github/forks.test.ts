import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkActs } from "./check-suites.ts";
import { repositoryActs } from "./repository-acts.ts";
import { type Scenery, scenery } from "./scenery.ts";
import type { CheckRun, PullRequest } from "./world.ts";

let s: Scenery;

beforeEach(async () => {
  s = await scenery();
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";
const shown = async (pull: PullRequest) => (await s.ask("installation", "GET", `${AGENT}/pulls/${pull.number}`)).json;
const titled = (title: string, head: string, base: string) => ({ title, head, base });

async function check(sha: string, conclusion = "success"): Promise<CheckRun> {
  const body = { name: "countersign", head_sha: sha, status: "completed", conclusion };
  const { json } = await s.ask("installation", "POST", `${AGENT}/check-runs`, body);
  return s.repository.checkRuns.find((one) => one.id === json.id) as CheckRun;
}

describe("P16 a fork's pull request", () => {
  it("is of another owner, found by no commit of the base repository, and named by none of its checks", async () => {
    repositoryActs(s.github).publicize(s.repository, "root");
    const fork = s.github.world.forkOf(s.repository, "stranger");
    s.heard();
    const pull = await s.open("patch", "stranger", { from: fork });
    expect(s.heard()).toEqual(["pull_request.opened"]);
    expect(await shown(pull)).toMatchObject({
      head: { label: "stranger:patch", repo: { full_name: "stranger/agent", fork: true } },
      base: { repo: { full_name: "acme/agent" } },
    });
    expect((await s.ask("installation", "GET", `${AGENT}/commits/${pull.head.sha}/pulls`)).json).toEqual([]);
    const run = await check(pull.head.sha);
    const asked = checkActs(s.github);
    asked.rerequestSuite(s.repository, s.app, pull.head.sha, "anna");
    asked.rerequestRun(s.repository, run, "anna");
    expect(s.webhooks("check_suite", "rerequested")[0]).toMatchObject({
      check_suite: { head_branch: null, pull_requests: [], head_sha: pull.head.sha, conclusion: "success" },
    });
    expect(s.webhooks("check_run", "rerequested")[0]).toMatchObject({ check_run: { pull_requests: [] } });
    s.act.push(fork, "patch", { "more.txt": "1" }, { by: "stranger" });
    expect(s.heard().slice(-1)).toEqual(["pull_request.synchronize"]);
  });

  it("whose fork was deleted has no head repository, and can still be merged", async () => {
    const fork = s.github.world.forkOf(s.repository, "anna");
    const pull = await s.open("patch", "anna", { from: fork });
    repositoryActs(s.github).remove(fork, "anna");
    expect(await shown(pull)).toMatchObject({
      state: "open",
      head: { repo: null, ref: "patch", user: { login: "anna" } },
    });
    const { json } = await s.graphql(
      "installation",
      `query($n: Int!) { repository(owner: "acme", name: "agent") { pullRequest(number: $n) {
        isCrossRepository headRefName headRef { name } headRepository { id } } } }`,
      { n: pull.number },
    );
    expect(json.data.repository.pullRequest).toEqual({
      isCrossRepository: true,
      headRefName: "patch",
      headRef: null,
      headRepository: null,
    });
    expect((await s.ask("anna", "PUT", `${AGENT}/pulls/${pull.number}/merge`, {})).status).toBe(200);
    // Of some operations and webhooks GitHub's description leaves out the null that it has in those of others.
    expect(s.unlike()).toEqual([
      `GET ${AGENT}/pulls/${pull.number} answer 200: /head/repo must be object`,
      "webhook pull-request-closed: /pull_request/head/repo must be object",
    ]);
    s.github.deliveries.sent.length = 0;
    s.github.recorded.length = 0;
  });
});

describe("a push", () => {
  it("begins a suite for each App that writes checks, naming the pull requests from that branch", async () => {
    const pull = await s.open("feature", "anna");
    s.act.push(s.repository, "feature", { "more.txt": "1" }, { by: "anna" });
    const suite = s.webhooks("check_suite", "requested").at(-1);
    expect(suite).toMatchObject({ check_suite: { head_branch: "feature", head_sha: pull.head.sha, status: "queued" } });
    const run = await check(pull.head.sha, "action_required");
    expect(suite).toMatchObject({ check_suite: { id: run.suite } });
    checkActs(s.github).press(s.repository, run, "re-evaluate", "anna");
    expect(s.webhooks("check_run", "requested_action")[0]).toMatchObject({
      requested_action: { identifier: "re-evaluate" },
      check_run: { id: run.id, pull_requests: [{ number: pull.number }] },
      sender: { login: "anna" },
    });
  });

  it("P17 begins none where its newest commit says so", async () => {
    const message = "quiet\n\n\nskip-checks: true\n";
    s.act.push(s.repository, "quiet", { "q.txt": "1" }, { message });
    expect(s.heard()).toEqual(["create", "push"]);
  });
});

describe("P10 stacked pull requests", () => {
  it("go on to the next base when the merged one's branch is deleted by the button or by the merge", async () => {
    const lower = await s.open("lower", "anna");
    const upper = await s.open("upper", "anna", { base: "lower" });
    const path = `${AGENT}/pulls/${lower.number}/merge`;
    expect((await s.ask("anna", "PUT", path, { merge_method: "squash" })).status).toBe(200);
    expect([upper.state, upper.base.ref]).toEqual(["open", "lower"]);
    repositoryActs(s.github).deleteMergedBranch(s.repository, lower.number, "anna");
    expect([upper.state, upper.base.ref, upper.base.sha]).toEqual([
      "open",
      "main",
      s.repository.refs.get("refs/heads/main"),
    ]);
    expect(s.webhooks("pull_request", "edited")[0]).toMatchObject({
      number: upper.number,
      changes: { base: { ref: { from: "lower" } } },
    });
    const { json } = await s.graphql(
      "installation",
      `query($n: Int!) { repository(owner: "acme", name: "agent") { pullRequest(number: $n) {
        timelineItems(first: 9, itemTypes: [AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) { nodes {
          ... on AutomaticBaseChangeSucceededEvent { oldBase newBase } } } } } }`,
      { n: upper.number },
    );
    expect(json.data.repository.pullRequest.timelineItems.nodes).toEqual([{ oldBase: "lower", newBase: "main" }]);
    const top = await s.open("top", "anna", { base: "upper" });
    s.repository.deleteBranchOnMerge = true;
    expect((await s.ask("anna", "PUT", `${AGENT}/pulls/${upper.number}/merge`, {})).status).toBe(200);
    expect([top.state, top.base.ref, s.repository.refs.has("refs/heads/upper")]).toEqual(["open", "main", false]);
  });

  it("are closed for good when their base is deleted by its ref", async () => {
    await s.open("lower", "anna");
    const upper = await s.open("upper", "anna", { base: "lower" });
    await s.ask("anna", "DELETE", `${AGENT}/git/refs/heads/lower`);
    expect((await shown(upper)).state).toBe("closed");
    const path = `${AGENT}/pulls/${upper.number}`;
    expect((await s.ask("anna", "PATCH", path, { state: "open" })).json.errors[0].message).toContain(
      "has been deleted",
    );
    expect((await s.ask("anna", "PATCH", path, { base: "main" })).status).toBe(422);
  });
});

describe("P30 two pull requests of one branch", () => {
  it("go into two bases, and a push moves both; into one base there can be only one", async () => {
    s.act.push(s.repository, "release", { "r.txt": "1" });
    const first = await s.open("feature", "anna");
    const second = await s.ask("ben", "POST", `${AGENT}/pulls`, titled("again", "feature", "release"));
    const third = await s.ask("ben", "POST", `${AGENT}/pulls`, titled("again", "feature", "main"));
    expect([second.status, third.status]).toEqual([201, 422]);
    expect(third.json.errors[0].message).toBe("A pull request already exists for acme:feature.");
    const head = s.act.push(s.repository, "feature", { "more.txt": "1" }, { by: "anna" });
    expect([first.head.sha, s.repository.pulls.get(second.json.number)?.head.sha]).toEqual([head, head]);
    expect(s.webhooks("pull_request", "synchronize").map(({ number }) => number)).toEqual([
      first.number,
      second.json.number,
    ]);
    const run = await check(head);
    checkActs(s.github).rerequestRun(s.repository, run, "anna");
    expect(s.webhooks("check_run", "rerequested")[0]).toMatchObject({
      check_run: { pull_requests: [{ number: first.number }, { number: second.json.number }] },
    });
  });

  it("are reopened with what was pushed meanwhile, and not at all after a force-push", async () => {
    const pull = await s.open("feature", "anna");
    const path = `${AGENT}/pulls/${pull.number}`;
    await s.ask("anna", "PATCH", path, { state: "closed" });
    const old = pull.head.sha;
    const head = s.act.push(s.repository, "feature", { "more.txt": "1" }, { by: "anna" });
    expect(pull.head.sha).toBe(old);
    expect((await s.ask("anna", "PATCH", path, { state: "open" })).json.head.sha).toBe(head);
    await s.ask("anna", "PATCH", path, { state: "closed" });
    s.act.move(s.repository, "feature", s.repository.refs.get("refs/heads/main") ?? "", "anna");
    expect((await s.ask("anna", "PATCH", path, { state: "open" })).status).toBe(422);
  });
});
