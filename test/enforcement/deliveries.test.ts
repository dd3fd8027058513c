import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { peopleActs } from "../github/people-acts.ts";
import { agent } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const change = { "services/low/agent.py": agent(MODEL) };
const DAY = 86_400_000;

describe("deliveries, restarts and time", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());
  const decided = () =>
    s.logged.filter((line) => line.msg === "work done" && line.kind === "decide-pull-request").length;

  it("P31 a redelivery of what was done causes nothing", async () => {
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    await s.idle();
    const [before, from] = [decided(), s.github.recorded.length];
    for (const delivery of [...s.github.deliveries.sent]) s.github.deliveries.redeliver(delivery);
    await s.idle();
    expect(s.github.deliveries.sent.every(({ status }) => status === 202 || status === 200)).toBe(true);
    expect([decided(), s.writes(from)]).toEqual([before, []]);
  });

  it("P32 deliveries in the wrong order lead to the same answer", async () => {
    s.github.deliveries.hold();
    const pull = await s.open("x", change);
    await s.approve(pull, "olga");
    s.act.push(s.repository, "x", { "services/low/agent.py": agent("o3-2025-04-16") }, { by: "dora" });
    await s.approve(pull, "anna");
    s.github.deliveries.release((held) => [...held].reverse());
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @olga (system owner)");
    await s.approve(pull, "olga");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P32 bursts coalesce: far fewer decisions than events, never two of one pull request at once", async () => {
    s.github.latency = 10;
    const pull = await s.open("x", change);
    for (let n = 0; n < 25; n += 1) await s.review(pull, "ben", "APPROVE");
    await s.idle();
    expect(pull.reviews).toHaveLength(25);
    expect((await s.service().store.bindingsOf(s.repository.id, pull.number)).length).toBe(25);
    expect(decided()).toBeLessThan(26);
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @olga (system owner)");
  });

  it("a restart in the middle of work loses nothing", async () => {
    s.github.latency = 60;
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    await s.github.deliveries.settled();
    await s.stop();
    await s.restart();
    s.github.latency = 0;
    expect(await s.verdict(pull)).toMatch(/^success/);
    const runs = s.repository.checkRuns.filter((run) => run.app === s.app && run.headSha === pull.head.sha);
    expect(runs).toHaveLength(1);
    expect(s.comments(pull)).toHaveLength(1);
  });

  it.each(["a review", "a reopening"])(
    "P32 a check that fails while the answer to %s is being looked for is not overlooked",
    async (what) => {
      const pull = await s.open("x", { "services/medium/agent.py": agent(MODEL) });
      await s.approve(pull, "olga", "rita");
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
      if (what === "a reopening") await s.setState(pull, "closed");
      await s.idle();
      s.github.latency = 200;
      const happens = what === "a review" ? s.review(pull, "anna", "APPROVE") : s.setState(pull, "open");
      // What is begun beside the pull request was asked by now, and the pull request is not there yet.
      await new Promise((resolve) => setTimeout(resolve, 120));
      s.evals(pull, "failure");
      await happens;
      s.github.latency = 0;
      expect(await s.verdict(pull)).toMatch(/^failure/);
    },
  );

  it("nothing is written again after a restart", async () => {
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const from = s.github.recorded.length;
    await s.restart();
    const team = s.github.world.teams.find(({ slug }) => slug === "ml");
    if (team) peopleActs(s.github).addToTeam(team, "dora");
    await s.idle();
    const again = s.logged.filter(({ reason }) => String(reason).startsWith("membership"));
    expect(again).not.toEqual([]);
    expect(s.writes(from)).toEqual([]);
  });

  it("S18 validUntil passes by the clock alone: the approval expires, and a stopped App catches up when it starts", async () => {
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: .*until 2026-12-24/);
    await s.stop();
    s.later(31 * DAY);
    await s.restart();
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check(pull)?.output.summary).toContain("expired");
    expect(await s.merge(pull)).toBe(405);
  });

  it("S19 the operator's switch back to enforcing takes back what passed only because nothing was allowed to block", async () => {
    await s.restart({ mode: "observe" });
    const pull = await s.open("x", change);
    expect(await s.verdict(pull)).toMatch(/^success: Observing/);
    await s.restart();
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk/);
    expect(await s.merge(pull)).toBe(405);
    await s.restart({ mode: "observe" });
    expect(await s.verdict(pull)).toMatch(/^success: Observing/);
  });

  it("P31 work that died is taken up again when its delivery is sent again", async () => {
    s.github.faults.push({ matches: (_, path) => path === "/graphql", times: 1000, answer: { status: 500 } });
    const pull = await s.open("x", change);
    await s.idle();
    const dead = async () => {
      const state = (await (await fetch(`${s.service().url}/readyz`)).json()) as { dead: number };
      return state.dead;
    };
    for (let tries = 0; tries < 1500 && (await dead()) === 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await dead()).toBeGreaterThan(0);
    s.github.faults.length = 0;
    for (const delivery of s.github.deliveries.sent.filter(({ event }) => event === "pull_request"))
      s.github.deliveries.redeliver(delivery);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });
});
