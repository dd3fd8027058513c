import { afterEach, describe, expect, it } from "vitest";
import { checkActs } from "../github/check-suites.ts";
import { peopleActs } from "../github/people-acts.ts";
import type { MergeQueueParameters, PullRequest } from "../github/world.ts";
import { type QueueScene, queueScene } from "./queue-scene.ts";
import { agent, CHANGES, POLICY } from "./repository-files.ts";
import type { SceneOptions } from "./scene.ts";

const DAY = 86_400_000;
const RELEASE = "countersign: release/**";
let s: QueueScene;

async function begin(parameters: Partial<MergeQueueParameters> = {}, options: SceneOptions = {}): Promise<void> {
  s = await queueScene(parameters, options);
}
afterEach(() => s.end());

/** Some seconds later, in which the App was started again. */
async function soon(): Promise<void> {
  await s.idle();
  s.later(6_000);
  await s.restart();
  await s.idle();
}

const landed = (...pulls: PullRequest[]) => pulls.map(({ merged }) => merged !== null);
/** A group lands only together with as many others: time to look at it. */
const waiting = { min_entries_to_merge: 5 };

describe("P19 S28 a merge group", () => {
  it("of one approved pull request is answered and lands", async () => {
    await begin();
    const pull = await s.approved("one", CHANGES.low);
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(head)).toBe("success: #1 stands as approved");
    expect(pull.merged?.sha).toBe(head);
  });

  it("of three, governed and not, is answered on each head, in the order of the queue, and lands as one", async () => {
    await begin({ min_entries_to_merge: 3 });
    const pulls = [
      await s.approved("one", CHANGES.low),
      await s.approved("two", CHANGES.medium),
      await s.approved("three", CHANGES.docs),
    ];
    // S18 as long as the approval that ends first.
    const [ends] = pulls.flatMap((pull) => /until .*$/.exec(s.check(pull)?.output.title ?? "")?.[0] ?? []).sort();
    const heads = await s.enqueue(...pulls);
    await s.idle();
    expect(heads.map((head) => s.run(head))).toEqual([
      "success: #1 stands as approved",
      "success: #1 and #2 stand as approved",
      "success: #1 and #2 stand as approved",
    ]);
    expect(landed(...pulls)).toEqual([true, true, true]);
    const { title = "", summary = "" } = s.check({ head: { sha: heads[2] ?? "" } })?.output ?? {};
    expect(title).toBe(`#1 and #2 stand as approved, ${ends}`);
    for (const { number } of pulls) expect(summary).toContain(`/acme/agent/pull/${number})`);
  });

  it("of nothing governed passes, and says so", async () => {
    await begin();
    const [head = ""] = await s.enqueue(await s.approved("docs", CHANGES.docs));
    await s.idle();
    expect(s.run(head)).toBe("success: Not governed: no model, prompt or credential changes in #1");
  });

  it.each(["MERGE", "SQUASH", "REBASE"] as const)("is answered the same where it lands by %s", async (merge_method) => {
    await begin({ merge_method, min_entries_to_merge: 2 });
    const one = await s.approved("one", CHANGES.low);
    s.act.push(s.repository, "one", { "docs/one.md": "1\n" }, { by: "dora" });
    const two = await s.approved("two", CHANGES.medium);
    const heads = await s.enqueue(one, two);
    await s.idle();
    expect(heads.map((head) => s.run(head))).toEqual([
      "success: #1 stands as approved",
      "success: #1 and #2 stand as approved",
    ]);
    expect(landed(one, two)).toEqual([true, true]);
  });

  it.each(["ALLGREEN", "HEADGREEN"] as const)(
    "%s: one that lacks an approval goes, whatever is behind it, which lands without it",
    async (grouping_strategy) => {
      await begin({ grouping_strategy });
      const one = await s.open("one", CHANGES.low);
      await s.approve(one, "anna");
      const two = await s.approved("two", CHANGES.medium);
      const [first = "", second = ""] = await s.enqueue(one, two);
      await s.idle();
      expect(s.run(first)).toBe("failure: #1 needs @olga (system owner)");
      // The one behind is not answered before: it would be taken out for what is none of its own.
      expect(s.run(second)).toBe("no run");
      await soon();
      if (grouping_strategy === "HEADGREEN") expect(s.run(second)).toBe("failure: #1 needs @olga (system owner)");
      expect(landed(one, two)).toEqual([false, true]);
      expect(s.left()).toContain("#1 CI_FAILURE");
    },
  );

  it("names whoever holds it up first, and how many others", async () => {
    await begin(waiting);
    const pulls = [await s.open("one", CHANGES.low), await s.open("two", CHANGES.medium)];
    for (const pull of pulls) await s.approve(pull, "anna");
    await s.idle();
    // Only the second group is asked about.
    s.github.deliveries.disturb({ event: "merge_group", fate: "lost" });
    const [, head = ""] = await s.enqueue(...pulls);
    await soon();
    expect(s.run(head)).toBe("failure: #1 needs @olga (system owner) (and 1 more)");
  });
});

describe("P19 S07 while a group waits, it is decided again when", () => {
  async function waits(options: SceneOptions = {}, files: Parameters<QueueScene["open"]>[1] = CHANGES.low) {
    await begin(waiting, options);
    const pull = await s.approved("one", files);
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(head)).toBe("success: #1 stands as approved");
    return { pull, head };
  }

  it("an approver asks for changes", async () => {
    const { pull, head } = await waits();
    await s.review(pull, "olga", "REQUEST_CHANGES");
    await s.idle();
    expect(s.run(head)).toMatch(/^failure: #1 needs .*@olga/);
    expect([s.left(), landed(pull)]).toEqual([["#1 CI_FAILURE"], [false]]);
  });

  it("a review is dismissed", async () => {
    const { pull, head } = await waits();
    const [review] = pull.reviews;
    await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/reviews/${review?.id}/dismissals`, {
      method: "PUT",
      headers: { authorization: "Bearer ghp_root" },
      body: JSON.stringify({ message: "No." }),
    });
    await s.idle();
    expect(s.run(head)).toBe("failure: #1 needs @olga (system owner)");
  });

  it("somebody leaves the team that approved", async () => {
    const { head } = await waits();
    const team = s.github.world.teams.find(({ slug }) => slug === "ml");
    if (team) peopleActs(s.github).removeFromTeam(team, "anna");
    await s.idle();
    expect(s.run(head)).toMatch(/^failure: #1 needs .*AI reviewer/);
  });

  it("the policy changes, and S19 what let it land is taken back first", async () => {
    await begin(waiting);
    s.act.push(s.repository, "release/1", { "r.md": "1\n" }, { by: "root" });
    const pull = await s.approved("one", CHANGES.low, { base: "release/1" });
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(head, RELEASE)).toBe("success: #1 stands as approved");
    const from = s.github.recorded.length;
    const stricter = POLICY.replace(
      "tiers:\n",
      "tiers:\n  low: { approvals: [{ role: system-owner }, { role: ai-reviewer }, { role: risk-owner }] }\n" +
        "  medium: { approvals: [{ role: system-owner }, { role: ai-reviewer }, { role: risk-owner }] }\n",
    );
    s.act.push(s.repository, "main", { ".github/countersign.yml": stricter }, { by: "root" });
    await s.idle();
    const id = s.check({ head: { sha: head } }, RELEASE)?.id;
    const written = s.github.recorded
      .slice(from)
      .filter(({ method, path }) => method === "PATCH" && path.endsWith(`/check-runs/${id}`))
      .map(({ body }) => (body as { readonly status?: string }).status);
    expect(written).toEqual(["in_progress", "completed"]);
    expect(s.run(head, RELEASE)).toBe("failure: #1 needs @rita (risk owner)");
    expect(landed(pull)).toEqual([false]);
  });

  it("an approval expires by time alone", async () => {
    const { pull, head } = await waits();
    s.later(91 * DAY);
    await s.review(pull, "ben", "COMMENT");
    await s.restart();
    await s.idle();
    expect(s.run(head)).toMatch(/^failure: #1 needs/);
  });
});

describe("P19 a group that is not to be answered", () => {
  it("into a branch that nothing governs gets no run", async () => {
    await begin();
    s.act.push(s.repository, "lab", { "lab.md": "lab\n" }, { by: "root" });
    const rules = s.repository.rules.get("main");
    if (!Array.isArray(rules) && rules) s.repository.rules.set("lab", { ...rules, requiredChecks: [] });
    const pull = await s.open("one", CHANGES.low, { base: "lab" });
    s.github.deliveries.hold();
    s.queues.enqueue(s.repository, pull, "dora");
    s.github.deliveries.release();
    await s.idle();
    expect(s.repository.checkRuns.filter(({ app }) => app === s.app)).toEqual([]);
  });

  it("into a further governed branch is answered under that branch's name alone", async () => {
    await begin();
    s.act.push(s.repository, "release/1", { "r.md": "1\n" }, { by: "root" });
    const pull = await s.approved("one", CHANGES.low, { base: "release/1" });
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(landed(pull)).toEqual([true]);
    // Once it has landed there, it lets nothing land on another branch that the same check speaks for.
    expect([s.run(head, RELEASE), s.run(head)]).toEqual(["in_progress: Evaluating", "no run"]);
  });

  it("because the queue dropped it gets no run, and its work ends", async () => {
    await begin();
    const pull = await s.approved("one", CHANGES.low);
    await s.idle();
    s.github.deliveries.hold();
    s.queues.enqueue(s.repository, pull, "dora");
    const head = s.head(pull);
    s.queues.dequeue(s.repository, pull, "dora");
    s.github.deliveries.release();
    await s.idle();
    expect(s.run(head)).toBe("no run");
    expect(await s.service().store.openGroups(s.repository.id)).toEqual([]);
  });

  it("P09 takes back what let it land", async () => {
    await begin(waiting);
    const pull = await s.approved("one", CHANGES.low);
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(head)).toMatch(/^success/);
    s.queues.dequeue(s.repository, pull, "dora");
    await s.idle();
    expect(s.run(head)).toBe("failure: Dropped from the queue");
  });

  it("a second time causes nothing when its webhook comes again", async () => {
    await begin(waiting);
    const [head = ""] = await s.enqueue(await s.approved("one", CHANGES.low));
    await s.idle();
    const from = s.github.recorded.length;
    for (const delivery of s.github.deliveries.sent.filter(({ event }) => event === "merge_group"))
      s.github.deliveries.redeliver(delivery);
    await s.idle();
    expect([s.run(head), s.writes(from)]).toEqual(["success: #1 stands as approved", []]);
  });
});

describe("P19 a group is answered all the same", () => {
  it("after a restart in between", async () => {
    await begin();
    const pull = await s.approved("one", CHANGES.low);
    s.github.latency = 60;
    s.queues.enqueue(s.repository, pull, "dora");
    const head = s.head(pull);
    await s.github.deliveries.settled();
    await s.stop();
    s.github.latency = 0;
    expect(s.run(head)).toBe("no run");
    await s.restart();
    await s.idle();
    expect([s.run(head), landed(pull)]).toEqual(["success: #1 stands as approved", [true]]);
  });

  it("P16 with a fork's pull request in it", async () => {
    await begin();
    const fork = s.github.world.forkOf(s.repository, "stranger");
    const pull = await s.approved("one", CHANGES.low, { by: "stranger", from: fork });
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect([s.run(head), landed(pull)]).toEqual(["success: #1 stands as approved", [true]]);
  });

  it("in seconds, also far from GitHub", async () => {
    await begin(waiting);
    const pulls = [
      await s.approved("one", CHANGES.low),
      await s.approved("two", CHANGES.medium),
      await s.approved("three", CHANGES.docs),
    ];
    await s.idle();
    s.github.latency = 100;
    const started = performance.now();
    const heads = await s.enqueue(...pulls);
    await s.idle();
    const took = performance.now() - started;
    expect(s.run(heads[2] ?? "")).toBe("success: #1 and #2 stand as approved");
    expect(took).toBeLessThan(5_000);
  });

  it("where nothing is enforced: it lands, and says what would have been needed", async () => {
    await begin({}, { settings: { mode: "observe" } });
    const pull = await s.open("one", CHANGES.low);
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect([s.run(head), landed(pull)]).toEqual(["success: #1 is not held up", [true]]);
    expect(s.check({ head: { sha: head } })?.output.summary).toContain("would need");
  });
});

describe("P15 the buttons of a group's run", () => {
  it("have it decided and written again for whoever may", async () => {
    await begin(waiting);
    const [head = ""] = await s.enqueue(await s.approved("one", CHANGES.low));
    await s.idle();
    const runs = () => s.writes().filter((write) => /check-runs/.test(write)).length;
    const before = runs();
    const run = s.check({ head: { sha: head } });
    if (!run) throw new Error("no run");
    checkActs(s.github).press(s.repository, run, "re-evaluate", "stranger");
    await s.idle();
    expect(runs()).toBe(before);
    checkActs(s.github).press(s.repository, run, "re-evaluate", "dora");
    await s.idle();
    expect([runs(), s.run(head)]).toEqual([before + 1, "success: #1 stands as approved"]);
  });
});

describe("S28 a named check", () => {
  const onGroup = (from: string) =>
    POLICY.replace("when: [model, prompt], from: high", `when: [model, prompt], from: ${from}, onGroup: true`);
  const files = { ".github/countersign.yml": onGroup("low") };
  const evals = (head: string, conclusion: string | null) =>
    s.act.workflow(s.repository, {
      ...{ path: ".github/workflows/evals.yml", sha: head, branch: "gh-readonly-queue/main/x", event: "merge_group" },
      ...{ job: "evals", conclusion },
    });
  async function queued(): Promise<{ pull: PullRequest; head: string }> {
    await begin({}, { files });
    const pull = await s.open("one", CHANGES.low);
    await s.approve(pull, "olga", "anna");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    return { pull, head };
  }

  it("is asked for on the group's head only where the policy says onGroup", async () => {
    await begin();
    const pull = await s.open("one", { "services/high/agent.py": agent("gpt-4o-mini-2024-07-18") });
    await s.approve(pull, "olga", "rita");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    await s.enqueue(pull);
    await s.idle();
    expect(landed(pull)).toEqual([true]);
  });

  it("is waited for, and lets it land when it succeeds there", async () => {
    const { pull, head } = await queued();
    expect(s.run(head)).toBe("in_progress: `evals` has not succeeded on this group yet");
    evals(head, "success");
    await s.idle();
    expect([s.run(head), landed(pull)]).toEqual(["success: #1 stands as approved", [true]]);
  });

  it("keeps it from landing when it fails there", async () => {
    const { pull, head } = await queued();
    evals(head, "failure");
    await s.idle();
    expect([s.run(head), landed(pull)]).toEqual(["failure: #1 fails `evals` in this group", [false]]);
  });

  it("that never comes is not waited for without end, and P13 a dropped group is not left in progress", async () => {
    const { pull, head } = await queued();
    s.later(6 * 3_600_000 + 60_000);
    await s.restart();
    await s.idle();
    expect(s.run(head)).toBe("failure: `evals` has not succeeded on this group yet");
    s.github.deliveries.hold();
    s.queues.enqueue(s.repository, pull, "dora");
    const second = s.head(pull);
    s.github.deliveries.release();
    await s.idle();
    expect(s.run(second)).toMatch(/^in_progress/);
    s.queues.dequeue(s.repository, pull, "dora");
    await s.idle();
    expect(s.run(second)).toBe("failure: Dropped from the queue");
  });
});
