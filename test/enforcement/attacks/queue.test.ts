import { afterEach, describe, expect, it } from "vitest";
import type { PullRequest, Repository } from "../../github/world.ts";
import { type QueueScene, queueScene } from "../queue-scene.ts";
import { CHANGES, POLICY } from "../repository-files.ts";

const POLICY_FILE = ".github/countersign.yml";
const RELEASE = "countersign: release/**";
/** A group lands only together with as many others: time for the attack. */
const waiting = { min_entries_to_merge: 5 };

describe("attacks on merge queues", () => {
  let s: QueueScene;
  afterEach(() => s.end());

  /** Pull requests whose groups are answered and wait; each may land. */
  const queued = async (...files: Parameters<QueueScene["open"]>[1][]) => {
    s = await queueScene(waiting);
    s.act.push(s.repository, "release/1", { "r.md": "r\n" }, { by: "root" });
    s.act.push(s.repository, "lab", { "lab.md": "lab\n" }, { by: "root" });
    const pulls: PullRequest[] = [];
    for (const [at, changes] of files.entries()) pulls.push(await s.approved(`attack-${at}`, changes));
    const heads = await s.enqueue(...pulls);
    await s.idle();
    for (const head of heads) expect(s.run(head)).toMatch(/^success/);
    return { pulls, heads };
  };
  const group = (pull: PullRequest) =>
    s.queues.queue(s.repository, pull.base.ref)?.entries.find((one) => one.pull === pull)?.group;
  /** GitHub takes it out of the queue, says so late, and the group's branch still stands. */
  const still = async (pull: PullRequest, act: () => Promise<unknown>) => {
    const { branch = "", headSha = "" } = group(pull) ?? {};
    const told = s.github.deliveries.disturb({ event: "merge_group", action: "destroyed", fate: "lost", times: 9 });
    s.github.deliveries.hold();
    await act();
    s.repository.refs.set(`refs/heads/${branch}`, headSha);
    s.github.deliveries.release();
    await s.idle();
    expect(told.met.length).toBeGreaterThan(0);
  };

  it.each([
    ["closed", () => {}],
    ["closed and opened again", (pull: PullRequest) => s.setState(pull, "open")],
  ])(
    "P19 P30 a pull request is %s while it is a member of a group: what let it land is taken back",
    async (_, then) => {
      const { pulls, heads } = await queued(CHANGES.low, CHANGES.medium);
      const [pull] = pulls as [PullRequest];
      await s.setState(pull, "closed");
      await then(pull);
      await s.idle();
      expect(heads.map((head) => s.run(head))).toEqual([
        "failure: Dropped from the queue",
        "failure: Dropped from the queue",
      ]);
      expect(pulls.map(({ merged }) => merged)).toEqual([null, null]);
      const [, second] = pulls as [PullRequest, PullRequest];
      expect(s.run(s.head(second))).toBe("success: #2 stands as approved");
    },
  );

  it("P19 a closed pull request does not land with a group that nobody has dropped yet", async () => {
    const { pulls, heads } = await queued(CHANGES.low, CHANGES.medium);
    const [first] = pulls as [PullRequest];
    await still(first, () => s.setState(first, "closed"));
    expect(s.run(heads[0] ?? "")).toBe("failure: #1 is closed");
  });

  it.each(["lab", "release/1"])(
    "P19 P10 a pull request is moved to %s while it is a member of a group",
    async (base) => {
      const { pulls, heads } = await queued(CHANGES.low);
      const [pull] = pulls as [PullRequest];
      await still(pull, () => s.retarget(pull, base));
      expect(s.run(heads[0] ?? "")).toBe(`failure: #1 goes into ${base} now`);
    },
  );

  it("P19 P10 a pull request is moved to an ungoverned branch and merged there while it is a member of a group", async () => {
    const { pulls, heads } = await queued(CHANGES.low);
    const [pull] = pulls as [PullRequest];
    await still(pull, async () => {
      await s.retarget(pull, "lab");
      expect(await s.merge(pull)).toBe(200);
    });
    expect(s.run(heads[0] ?? "")).toBe("failure: #1 goes into lab now");
  });

  const opened = async (branch: string, head: string, by: string, base: string, from: Repository = s.repository) => {
    s.act.move(from, branch, head, by);
    const response = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: `Bearer ghp_${by}` },
      body: JSON.stringify({ title: "twin", head: from === s.repository ? branch : `${by}:${branch}`, base }),
    });
    expect(response.status).toBe(201);
    const { number } = (await response.json()) as { readonly number: number };
    await s.idle();
    return s.repository.pulls.get(number) as PullRequest;
  };

  it("S02 P19 a stranger's fork pull request with a group's head neither passes nor blocks the group", async () => {
    const { pulls, heads } = await queued(CHANGES.low);
    const [head = ""] = heads;
    const fork = s.github.world.forkOf(s.repository, "stranger");
    fork.refs.set("refs/heads/twin", head);
    const twin = await opened("twin", head, "stranger", "main", fork);
    expect(s.run(head)).toMatch(/^success/);
    expect(s.head(pulls[0] as PullRequest)).toBe(head);
    expect(await s.merge(twin, "dora")).toBe(405);
    // In a queue of its own it is decided by what it has itself.
    s.queues.dequeue(s.repository, pulls[0] as PullRequest, "dora");
    await s.idle();
    expect(await s.verdict(twin)).toMatch(/^action_required/);
  });

  it("P09 P19 one into another branch that asks for the same check keeps both from landing until it is gone", async () => {
    s = await queueScene(waiting);
    for (const branch of ["release/1", "release/2"])
      s.act.push(s.repository, branch, { "r.md": "r\n" }, { by: "root" });
    const pull = await s.approved("attack", CHANGES.low, { base: "release/1" });
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(head, RELEASE)).toMatch(/^success/);
    const twin = await opened("twin", head, "anna", "release/2");
    expect(s.run(head, RELEASE)).toMatch(/^action_required/);
    await s.setState(twin, "closed");
    await s.idle();
    const [again = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(again, RELEASE)).toMatch(/^success/);
  });

  it("P09 P19 what is approved into another branch does not let a group land that waits for its own check", async () => {
    const asked = "when: [model, prompt], from: low, onGroup: true";
    s = await queueScene(
      {},
      {
        files: { [POLICY_FILE]: POLICY.replace("when: [model, prompt], from: high", asked) },
      },
    );
    for (const branch of ["release/1", "release/2"])
      s.act.push(s.repository, branch, { "r.md": "r\n" }, { by: "root" });
    const pull = await s.open("attack", CHANGES.low, { base: "release/1" });
    await s.approve(pull, "olga", "anna");
    s.evals(pull);
    expect(await s.verdict(pull, RELEASE)).toMatch(/^success/);
    const [head = ""] = await s.enqueue(pull);
    await s.idle();
    expect(s.run(head, RELEASE)).toMatch(/^in_progress/);
    // Everybody is faster than the App.
    s.github.deliveries.hold();
    const twin = await opened("twin", head, "dora", "release/2");
    await s.approve(twin, "olga", "anna");
    // Nothing makes the App look at the group again.
    for (const event of ["check_run", "workflow_run"]) s.github.deliveries.disturb({ event, fate: "unsent", times: 9 });
    s.evals(twin);
    s.github.deliveries.release();
    await s.idle();
    expect(pull.merged).toBeNull();
  });

  it("S02 P19 nor does one into a branch that nothing governs", async () => {
    const { heads } = await queued(CHANGES.low);
    const [head = ""] = heads;
    await opened("twin", head, "anna", "lab");
    expect(s.run(head)).toMatch(/^success/);
  });
});
