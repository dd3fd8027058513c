import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type QueueActs, queueActs } from "./queue-acts.ts";
import { mergeQueue } from "./rules.ts";
import { type Scenery, scenery } from "./scenery.ts";
import type { MergeQueueParameters, PullRequest } from "./world.ts";

let s: Scenery;
let queues: QueueActs;

beforeEach(async () => {
  s = await scenery();
  queues = queueActs(s.github);
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";

function rule(parameters: Partial<MergeQueueParameters> = {}): void {
  s.repository.rules.set("main", {
    requiredChecks: [{ context: "countersign", integrationId: s.app.id }],
    strict: false,
    requiredApprovals: 0,
    dismissStale: false,
    bypass: ["root"],
    mergeQueue: mergeQueue(parameters),
  });
}

async function check(sha: string, conclusion = "success"): Promise<void> {
  const body = { name: "countersign", head_sha: sha, status: "completed", conclusion };
  expect((await s.ask("installation", "POST", `${AGENT}/check-runs`, body)).status).toBe(201);
}

const ENQUEUE = `mutation Enqueue($input: EnqueuePullRequestInput!) { enqueuePullRequest(input: $input) {
  mergeQueueEntry { position state } } }`;
const enqueue = (pull: PullRequest, by = "anna") =>
  s.graphql(by, ENQUEUE, { input: { pullRequestId: `PR_${pull.id}` } });

async function entries() {
  const query = `query { repository(owner: "acme", name: "agent") { mergeQueue(branch: "main") {
    configuration { mergingStrategy mergeMethod }
    entries(first: 10) { nodes { position state baseCommit { oid } headCommit { oid } pullRequest { number } } } } } }`;
  const { json } = await s.graphql("installation", query);
  expect(json.errors).toBeUndefined();
  return json.data.repository.mergeQueue.entries.nodes;
}

/** Several pull requests in the queue, each green by itself. */
async function queued(...branches: string[]): Promise<PullRequest[]> {
  const pulls: PullRequest[] = [];
  for (const branch of branches) pulls.push(await s.open(branch, "anna"));
  for (const { head: tip } of pulls) await check(tip.sha);
  s.heard();
  for (const pull of pulls) expect((await enqueue(pull)).json.errors).toBeUndefined();
  return pulls;
}

const tip = () => s.repository.refs.get("refs/heads/main") ?? "";
const groups = () => [...s.repository.refs.keys()].filter((ref) => ref.startsWith("refs/heads/gh-readonly-queue/"));
const group = (pull: PullRequest) =>
  queues.queue(s.repository, "main")?.entries.find((one) => one.pull === pull)?.group ?? null;
const head = (pull: PullRequest) => group(pull)?.headSha ?? "";
const destroyed = () => s.webhooks("merge_group", "destroyed").map(({ reason }) => reason);

describe("P19 a merge queue", () => {
  it("is shown among the rules of the branch, and is the only way in but for those who may bypass it", async () => {
    rule();
    const rules = await s.ask("installation", "GET", `${AGENT}/rules/branches/main`);
    expect(rules.json).toMatchObject([
      { type: "required_status_checks" },
      { type: "merge_queue", parameters: { grouping_strategy: "ALLGREEN", merge_method: "MERGE" } },
    ]);
    const pull = await s.open("feature", "anna");
    expect((await enqueue(pull)).json.errors[0].message).toBe('Required status check "countersign" is expected.');
    await check(pull.head.sha);
    const merge = await s.ask("anna", "PUT", `${AGENT}/pulls/${pull.number}/merge`, {});
    expect([merge.status, merge.json.message]).toEqual([
      405,
      "Repository rule violations found\n\nChanges must be made through the merge queue\n\n",
    ]);
    expect((await enqueue(pull, "stranger")).json.errors[0].type).toBe("FORBIDDEN");
    expect((await s.ask("root", "PUT", `${AGENT}/pulls/${pull.number}/merge`, {})).status).toBe(200);
  });

  it("builds each entry on what is before it, and says so in its branch, its webhook and GraphQL", async () => {
    rule();
    const main = tip();
    const [first, second] = (await queued("one", "two")) as [PullRequest, PullRequest];
    expect(groups()).toEqual([
      `refs/heads/gh-readonly-queue/main/pr-${first.number}-${main}`,
      `refs/heads/gh-readonly-queue/main/pr-${second.number}-${head(first)}`,
    ]);
    expect(s.repository.store.read(head(second)).parents).toEqual([head(first), second.head.sha]);
    expect(s.repository.store.entry(head(second), "one.py")).not.toBeNull();
    expect(s.webhooks("merge_group", "checks_requested")[1]).toMatchObject({
      merge_group: {
        head_ref: groups()[1],
        head_sha: head(second),
        base_ref: "refs/heads/main",
        base_sha: head(first),
        head_commit: { id: head(second) },
      },
    });
    expect(await entries()).toEqual([
      entry(1, "AWAITING_CHECKS", main, head(first), first.number),
      entry(2, "AWAITING_CHECKS", head(first), head(second), second.number),
    ]);
    const query = `query($n: Int!) { repository(owner: "acme", name: "agent") { pullRequest(number: $n) {
      isInMergeQueue mergeQueueEntry { position headCommit { oid } } } } }`;
    const { json } = await s.graphql("installation", query, { n: second.number });
    expect(json.data.repository.pullRequest).toEqual({
      isInMergeQueue: true,
      mergeQueueEntry: { position: 2, headCommit: { oid: head(second) } },
    });
    expect(s.heard().slice(0, 5)).toEqual([
      "pull_request.enqueued",
      "create",
      "push",
      "check_suite.requested",
      "merge_group.checks_requested",
    ]);
  });

  it("ALLGREEN merges what is green in order, and waits for what is not", async () => {
    rule();
    const [first, second, third] = (await queued("one", "two", "three")) as [PullRequest, PullRequest, PullRequest];
    const [a, b] = [head(first), head(second)];
    await check(b);
    expect([first.merged, second.merged]).toEqual([null, null]);
    s.heard();
    await check(a);
    expect([tip(), first.merged?.sha, second.merged?.sha, third.merged]).toEqual([b, a, b, null]);
    const heard = s.heard().filter((one) => !one.startsWith("check_"));
    expect(heard).toEqual([
      ...["pull_request.dequeued", "pull_request.dequeued", "pull_request.closed", "pull_request.closed", "push"],
      ...["merge_group.destroyed", "delete", "push", "merge_group.destroyed", "delete", "push"],
    ]);
    expect(destroyed()).toEqual(["merged", "merged"]);
    expect(s.webhooks("pull_request", "closed")[0]).toMatchObject({
      pull_request: { merged: true, merge_commit_sha: a, merged_by: { login: "github-merge-queue[bot]" } },
    });
    expect(await entries()).toMatchObject([{ position: 1 }]);
  });

  it("ALLGREEN takes out what is red, and builds what was on it again", async () => {
    rule();
    const [first, second, third] = (await queued("one", "two", "three")) as [PullRequest, PullRequest, PullRequest];
    const old = head(third);
    await check(head(second), "failure");
    expect(second.merged ?? group(second)).toBeNull();
    expect([group(third)?.baseSha, head(third) === old]).toEqual([head(first), false]);
    expect(s.repository.store.entry(head(third), "two.py")).toBeNull();
    expect(destroyed()).toEqual(["invalidated", "dequeued"]);
    expect(s.webhooks("pull_request", "dequeued")).toMatchObject([{ number: second.number, reason: "CI_FAILURE" }]);
    await check(head(third));
    await check(head(first));
    expect([first.merged !== null, third.merged !== null, second.state]).toEqual([true, true, "open"]);
  });

  it("HEADGREEN merges a group whose last is green, whatever is before it", async () => {
    rule({ grouping_strategy: "HEADGREEN" });
    const [first, second] = (await queued("one", "two")) as [PullRequest, PullRequest];
    const last = head(second);
    await check(head(first), "failure");
    expect(await entries()).toMatchObject([{ state: "UNMERGEABLE" }, { state: "AWAITING_CHECKS" }]);
    await check(last);
    expect([tip(), first.merged !== null, second.merged?.sha]).toEqual([last, true, last]);
  });

  it("HEADGREEN takes out what is red when nothing behind it can save it", async () => {
    rule({ grouping_strategy: "HEADGREEN" });
    const [first, second] = (await queued("one", "two")) as [PullRequest, PullRequest];
    await check(head(first), "failure");
    await check(head(second), "failure");
    expect([group(first), group(second)?.baseSha]).toEqual([null, tip()]);
    await check(head(second));
    expect([first.state, second.merged !== null]).toEqual(["open", true]);
  });

  it("counts a check of the pinned App alone", async () => {
    rule();
    const [pull] = (await queued("one")) as [PullRequest];
    s.act.check(s.repository, "other-app", "countersign", head(pull), "success");
    expect(pull.merged).toBeNull();
    await check(head(pull));
    expect(pull.merged).not.toBeNull();
  });

  it.each([
    ["SQUASH", 1],
    ["REBASE", 2],
    ["MERGE", 3],
  ] as const)("lands by %s", async (merge_method, commits) => {
    rule({ merge_method });
    const main = tip();
    const pull = await s.open("feature", "anna");
    s.act.push(s.repository, "feature", { "second.txt": "2" }, { by: "anna" });
    await check(pull.head.sha);
    await enqueue(pull);
    await check(head(pull));
    expect(pull.merged?.sha).toBe(tip());
    expect(s.repository.store.between(main, tip())).toHaveLength(commits);
  });

  it("waits for the least number of entries, or long enough; builds and merges no more than it may", async () => {
    rule({ min_entries_to_merge: 2, max_entries_to_build: 2, max_entries_to_merge: 2 });
    const [first, second, third] = (await queued("one", "two", "three")) as [PullRequest, PullRequest, PullRequest];
    expect([groups().length, (await entries())[2].state]).toEqual([2, "QUEUED"]);
    await check(head(first));
    expect(first.merged).toBeNull();
    await check(head(second));
    expect([first.merged !== null, second.merged !== null, third.merged]).toEqual([true, true, null]);
    await check(head(third));
    expect(third.merged).toBeNull();
    queues.waited(s.repository, "main");
    expect(third.merged).not.toBeNull();
  });

  it("lets a pull request go when asked, when its checks do not come, and when it conflicts", async () => {
    rule();
    const [first, second] = (await queued("one", "two")) as [PullRequest, PullRequest];
    const { json } = await s.graphql(
      "anna",
      "mutation Dequeue($id: ID!) { dequeuePullRequest(input: { id: $id }) { mergeQueueEntry { pullRequest { number } } } }",
      { id: `PR_${first.id}` },
    );
    expect(json.data.dequeuePullRequest.mergeQueueEntry.pullRequest.number).toBe(first.number);
    expect([group(first), group(second)?.baseSha, destroyed()]).toEqual([null, tip(), ["invalidated", "dequeued"]]);
    queues.timeOut(s.repository, second);
    const third = await s.open("three", "anna", { files: { "bot.py": "MODEL = 'b'\n" } });
    const fourth = await s.open("four", "anna", { files: { "bot.py": "MODEL = 'c'\n" } });
    for (const pull of [third, fourth]) {
      await check(pull.head.sha);
      await enqueue(pull);
    }
    expect([group(third) !== null, group(fourth)]).toEqual([true, null]);
    expect(s.webhooks("pull_request", "dequeued").map(({ reason }) => reason)).toEqual([
      "MANUAL",
      "CI_TIMEOUT",
      "MERGE_CONFLICT",
    ]);
    expect(fourth.timeline.map(({ event }) => event)).toEqual(["added_to_merge_queue", "removed_from_merge_queue"]);
  });

  it("builds everything again when its base moves, or somebody jumps the queue", async () => {
    rule();
    const [first] = (await queued("one")) as [PullRequest];
    const before = head(first);
    const pushed = s.act.push(s.repository, "main", { "hot.fix": "1" }, { by: "root" });
    expect([group(first)?.baseSha, head(first) === before, destroyed()]).toEqual([pushed, false, ["invalidated"]]);
    const urgent = await s.open("urgent", "ben");
    await check(urgent.head.sha);
    queues.enqueue(s.repository, urgent, "root", true);
    expect([group(urgent)?.baseSha, group(first)?.baseSha]).toEqual([pushed, head(urgent)]);
  });

  it("holds the branch of what is in it still; closing, retargeting and a fork's push take it out", async () => {
    rule();
    const [first, second] = (await queued("one", "two")) as [PullRequest, PullRequest];
    expect(() => s.act.push(s.repository, "one", { "late.txt": "1" }, { by: "anna" })).toThrow("cannot be updated");
    await s.ask("anna", "PATCH", `${AGENT}/pulls/${first.number}`, { state: "closed" });
    s.act.push(s.repository, "other", { "o.txt": "1" });
    await s.ask("anna", "PATCH", `${AGENT}/pulls/${second.number}`, { base: "other" });
    const fork = s.github.world.forkOf(s.repository, "anna");
    const third = await s.open("patch", "anna", { from: fork });
    await check(third.head.sha);
    await enqueue(third);
    expect(group(third)).not.toBeNull();
    s.act.push(fork, "patch", { "late.txt": "1" }, { by: "anna" });
    expect(queues.queue(s.repository, "main")?.entries).toEqual([]);
    expect(groups()).toEqual([]);
  });

  it("goes on below a stack: what was based on a merged branch that is deleted", async () => {
    rule();
    s.repository.deleteBranchOnMerge = true;
    const [lower] = (await queued("lower")) as [PullRequest];
    const upper = await s.open("upper", "anna", { base: "lower" });
    await check(head(lower));
    expect([upper.state, upper.base.ref, s.repository.refs.has("refs/heads/lower")]).toEqual(["open", "main", false]);
  });

  it("shows nothing to an installation without the permission", async () => {
    rule();
    await s.token({ permissions: { contents: "read", pull_requests: "read" } });
    const { json } = await s.graphql(
      "installation",
      'query { repository(owner: "acme", name: "agent") { mergeQueue(branch: "main") { id } } }',
    );
    expect(json.errors[0].type).toBe("FORBIDDEN");
  });
});

function entry(position: number, state: string, base: string, headOid: string, number: number) {
  return { position, state, baseCommit: { oid: base }, headCommit: { oid: headOid }, pullRequest: { number } };
}
