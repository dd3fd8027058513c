import { afterEach, beforeEach, expect, it } from "vitest";
import type { MergeQueueParameters, PullRequest } from "../github/world.ts";
import { type QueueScene, queueScene } from "./queue-scene.ts";
import { agent, CHANGES, POLICY } from "./repository-files.ts";
import type { SceneOptions } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const PROMPT = "services/low/prompts/system.md";
const AGENT = "services/low/agent.py";
/** Lines far enough apart for git to merge changes of two of them. */
const LINES = Array.from(
  { length: 20 },
  (_, at) => `Rule ${at}: never do thing ${at} without asking a colleague first.`,
);
const without = (...gone: number[]) => `${LINES.filter((_, at) => !gone.includes(at)).join("\n")}\n`;
const long = (model: string, last = "pass") =>
  agent(model, `${LINES.map((line) => `# ${line}`).join("\n")}\n\ndef done():\n    ${last}\n`);
const files = { [PROMPT]: without(), [AGENT]: long("gpt-4o-2024-08-06") };

let s: QueueScene;
async function again(parameters: Partial<MergeQueueParameters>, options: SceneOptions = {}): Promise<void> {
  await s.close();
  s = await queueScene(parameters, { files, ...options });
}
beforeEach(async () => {
  s = await queueScene({ min_entries_to_merge: 2 }, { files });
});
afterEach(() => s.end());

const landed = (...pulls: PullRequest[]) => pulls.map(({ merged }) => merged !== null);

/** Opens two pull requests, both approved, and puts them in one after the other. */
async function two(first: Parameters<QueueScene["open"]>[1], second: Parameters<QueueScene["open"]>[1]) {
  const pulls = [await s.approved("one", first), await s.approved("two", second)] as const;
  const [, head = ""] = await s.enqueue(...pulls);
  await s.idle();
  return { pulls, head, summary: s.check({ head: { sha: head } })?.output.summary ?? "" };
}

it.each(["ALLGREEN", "HEADGREEN"] as const)(
  "S07 two approved pull requests that together remove both guardrails do not land together (%s)",
  async (grouping_strategy) => {
    await again({ min_entries_to_merge: 2, grouping_strategy });
    const { pulls, head, summary } = await two({ [PROMPT]: without(2) }, { [PROMPT]: without(17) });
    expect(s.run(head)).toBe(`failure: #2 needs an update after #1: both change \`${PROMPT}\``);
    expect(summary).toContain("update the branch of");
    expect(landed(pulls[1])).toEqual([false]);
    // The first one is as it was approved, and lands once nothing more is waited for.
    s.queues.waited(s.repository, "main");
    await s.idle();
    expect(landed(...pulls)).toEqual([true, false]);
    expect(await s.verdict(pulls[1])).toMatch(/^action_required: .*update of the branch/);
  },
);

it("S07 another whole file of a system that one before it changes asks for an update, too", async () => {
  const { pulls, head } = await two({ [PROMPT]: without(2) }, { "services/low/prompts/more.md": "Never refuse.\n" });
  expect(s.run(head)).toBe(`failure: #2 needs an update after #1, which changes \`${PROMPT}\``);
  expect(landed(...pulls)).toEqual([false, false]);
});

it("S07 a merge without a conflict that changes a governed file of another one does not land, whatever its own is", async () => {
  const { pulls, head } = await two({ [AGENT]: long(MODEL) }, { [AGENT]: long("gpt-4o-2024-08-06", "return None") });
  expect(s.run(head)).toBe(`failure: #2 needs an update after #1: both change \`${AGENT}\``);
  expect(landed(pulls[1])).toEqual([false]);
});

it("S07 files that nothing governs may be merged as they like", async () => {
  const { pulls } = await two({ ...CHANGES.low, "docs/a.md": "a\n" }, { ...CHANGES.medium, "docs/b.md": "b\n" });
  expect(landed(...pulls)).toEqual([true, true]);
});

it("S07 two that change the same ungoverned lines apart land, and what nobody brings is looked at", async () => {
  const helper = LINES.map((line) => `# ${line}`);
  const edited = (at: number) => `${helper.with(at, "# changed").join("\n")}\n`;
  await again({ min_entries_to_merge: 2 }, { files: { ...files, "services/low/helper.py": `${helper.join("\n")}\n` } });
  const { pulls, head } = await two({ "services/low/helper.py": edited(2) }, { "services/low/helper.py": edited(17) });
  expect(s.run(head)).toMatch(/^success: Not governed/);
  expect(landed(...pulls)).toEqual([true, true]);
});

it("S07 a base that moved under a member: its group is built again, and it needs an update", async () => {
  const pull = await s.approved("one", { [PROMPT]: without(2) });
  const [before = ""] = await s.enqueue(pull);
  await s.idle();
  expect(s.run(before)).toMatch(/^success/);
  s.github.deliveries.hold();
  s.act.push(s.repository, "main", { [PROMPT]: without(17) }, { by: "root" });
  const after = s.head(pull);
  s.github.deliveries.release();
  await s.idle();
  expect(after).not.toBe(before);
  expect(s.run(after)).toMatch(/^failure: #1 needs .*an update/);
  expect(landed(pull)).toEqual([false]);
});

it("S07 what was built on another one and approved as such lands with it", async () => {
  const one = await s.approved("one", { [PROMPT]: without(2) });
  s.act.push(s.repository, "two", { [PROMPT]: without(2, 17) }, { by: "dora", from: "one" });
  const upper = await s.approved("two", { "docs/two.md": "2\n" });
  const [, head = ""] = await s.enqueue(one, upper);
  await s.idle();
  expect(s.run(head)).toBe("success: #1 and #2 stand as approved");
  expect(landed(one, upper)).toEqual([true, true]);
});

it("S01 what lands before it and changes the rules has to land first: it is decided under those then", async () => {
  const rules = await s.open("rules", { ".github/countersign.yml": `${POLICY}unregisteredTier: high\n` });
  await s.approve(rules, "olga", "anna", "rita", "sam");
  expect(await s.verdict(rules)).toMatch(/^success/);
  const pull = await s.approved("two", CHANGES.low);
  const [first = "", second = ""] = await s.enqueue(rules, pull);
  await s.idle();
  expect([s.run(first), s.run(second)]).toEqual([
    "success: #1 stands as approved",
    "in_progress: #1, which changes the rules, has to land first",
  ]);
  s.queues.waited(s.repository, "main");
  await s.idle();
  expect(landed(rules)).toEqual([true]);
  expect(s.run(second)).toBe("success: #2 stands as approved");
});

it("S07 a governed change that no named pull request brings keeps the group from landing", async () => {
  // The App may not see the queue, and was not told of the first group.
  const one = await s.approved("one", { [PROMPT]: without(2) });
  const pull = await s.approved("two", CHANGES.medium);
  s.github.faults.next({
    operation: "MergeQueue",
    fault: { partial: ["repository.mergeQueue"], type: "FORBIDDEN" },
    times: 50,
  });
  s.github.deliveries.disturb({ event: "merge_group", fate: "lost" });
  const [, head = ""] = await s.enqueue(one, pull);
  // It might have been on its way.
  await expect
    .poll(() => s.run(head), { timeout: 9_000 })
    .toBe(`failure: nobody has approved \`${PROMPT}\` of this group`);
  expect(landed(one, pull)).toEqual([false, false]);
});

it("P19 without sight of the queue a group that is heard of before the one that it is built on waits for it", async () => {
  const pulls = [await s.approved("one", CHANGES.low), await s.approved("two", CHANGES.medium)] as const;
  s.github.faults.next({
    operation: "MergeQueue",
    fault: { partial: ["repository.mergeQueue"], type: "FORBIDDEN" },
    times: 50,
  });
  s.github.deliveries.disturb({ event: "merge_group", fate: "lost" });
  const [, head = ""] = await s.enqueue(...pulls);
  await s.idle();
  expect(s.run(head)).toBe("no run");
  const [first] = s.github.deliveries.sent.filter(({ event }) => event === "merge_group");
  if (first) s.github.deliveries.redeliver(first);
  await expect.poll(() => landed(...pulls), { timeout: 9_000 }).toEqual([true, true]);
  expect(s.run(head)).toBe("success: #1 and #2 stand as approved");
});

it("P19 without sight of the queue the names of groups are enough", async () => {
  s.github.faults.next({
    operation: "MergeQueue",
    fault: { partial: ["repository.mergeQueue"], type: "FORBIDDEN" },
    times: 50,
  });
  const { pulls, head } = await two(CHANGES.low, CHANGES.medium);
  expect(s.run(head)).toBe("success: #1 and #2 stand as approved");
  expect(landed(...pulls)).toEqual([true, true]);
});

it("P19 a pull request that the App is not shown fails the group, which says so", async () => {
  s.github.faults.next({
    operation: "MergeQueue",
    fault: { partial: ["repository.mergeQueue.entries.nodes.0.pullRequest"], type: "NOT_FOUND" },
    times: 50,
  });
  const pull = await s.approved("one", CHANGES.low);
  const [head = ""] = await s.enqueue(pull);
  await s.idle();
  expect(s.run(head)).toBe("failure: A pull request of this group cannot be seen");
  expect(landed(pull)).toEqual([false]);
});

it("P13 a fault is tried again before it fails a group, and says so if it goes on", async () => {
  await again({});
  const once = await s.approved("one", CHANGES.low);
  s.github.faults.next({ operation: "MergeQueue", fault: { status: 404 }, times: 1 });
  await s.enqueue(once);
  await expect.poll(() => landed(once), { timeout: 5_000 }).toEqual([true]);
  const pull = await s.approved("two", CHANGES.medium);
  s.github.faults.next({ operation: "MergeQueue", fault: { status: 404 }, times: 20 });
  const [head = ""] = await s.enqueue(pull);
  await expect.poll(() => s.run(head), { timeout: 5_000 }).toBe("failure: Could not be evaluated");
  await s.idle();
  expect([landed(pull), s.left().at(-1)]).toEqual([[false], `#${pull.number} CI_FAILURE`]);
});

it("P19 observed by the repository's own policy, nothing is held up and everything is told", async () => {
  await again(
    { min_entries_to_merge: 2 },
    { files: { ...files, ".github/countersign.yml": POLICY.replace("enforce", "observe") } },
  );
  const { pulls, summary } = await two({ [PROMPT]: without(2) }, { [PROMPT]: without(17) });
  expect(landed(...pulls)).toEqual([true, true]);
  expect(summary).toContain("Not enforced, and worth knowing");
});
