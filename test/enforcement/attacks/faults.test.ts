import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../src/github/clock.ts";
import type { FaultKind } from "../../github/faults.ts";
import type { PullRequest } from "../../github/world.ts";
import { agent } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const CODE = "services/low/agent.py";
const GOOD = { [CODE]: agent("gpt-4o-mini-2024-07-18") };

/** Pauses take no time, and the write limits of a minute pass in one. */
const swift: Clock = {
  now: () => Date.now() * 60,
  sleep: (_, signal) =>
    new Promise((resolve, reject) => setTimeout(() => (signal.aborted ? reject(signal.reason) : resolve()), 1)),
};

describe("GitHub fails at the worst moment", () => {
  let s: Scene;
  afterEach(async () => {
    await s.close();
  });
  const quick = () => scene({ app: { hosting: { clock: swift, timeout: 400 }, queue: { backoff: 5, attempts: 8 } } });
  const UPDATES = "/repos/{owner}/{repo}/check-runs/{check_run_id}";

  /** Somebody of whom an approval is missing gives it, or takes it back. */
  const changed = async (pull: PullRequest, approves: boolean) =>
    s.review(pull, "olga", approves ? "APPROVE" : "REQUEST_CHANGES");
  const right = (approves: boolean) => (approves ? /^success: Medium risk: approved/ : /^action_required: Medium risk/);

  /** Whatever is tried again later was tried. */
  const settled = async (pull: PullRequest, approves: boolean, what: string) => {
    for (let tries = 0; tries < 400 && !right(approves).test(await s.verdict(pull)); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await s.verdict(pull), what).toMatch(right(approves));
  };

  it("P31 S19 an answer that was written and never acknowledged is not taken for unwritten", async () => {
    s = await quick();
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(right(false));
    // GitHub does what it is asked and nobody hears of it; then it does nothing any more.
    s.github.faults.next({ route: UPDATES, times: 3, fault: "reset", done: true });
    let refused = 0;
    const outage = {
      matches: (method: string, path: string) => method === "PATCH" && path.includes("/check-runs/") && ++refused > 3,
      times: 10_000,
      answer: { status: 502 },
    };
    s.github.faults.push(outage);
    await changed(pull, true);
    while (refused < 7) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(s.check(pull)?.conclusion).toBe("success");
    // Everything is again as it was when the last answer was acknowledged.
    pull.reviews.splice(0, pull.reviews.length, ...pull.reviews.filter(({ author }) => author.login !== "olga"));
    outage.times = 0;
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(right(false));
    expect(await s.merge(pull)).toBe(405);
  });

  const KINDS: readonly (readonly [string, FaultKind, boolean])[] = [
    ["502", { status: 502 }, false],
    ["a connection reset after it was done", "reset", true],
    ["403", { status: 403, body: { message: "Resource not accessible by integration" } }, false],
  ];
  it.each(KINDS)("P13 P31 %s at each request of a decision: the end is right", async (_, fault, done) => {
    s = await quick();
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "anna");
    await s.idle();
    let approves = false;
    for (let after = 0; ; after += 1) {
      approves = !approves;
      s.github.deliveries.hold();
      await changed(pull, approves);
      const plan = s.github.faults.next({ after, times: 4, fault, done });
      s.github.deliveries.release();
      await settled(pull, approves, `fault at request ${after}`);
      if (plan.met === 0) break;
      // What is left of it would meet the next review instead of the App.
      while (plan.met < 4) await fetch(s.github.url).catch(() => {});
      expect(after).toBeLessThan(40);
    }
  });

  it("P31 P33 an outage longer than anything is tried: what should be red turns red by itself afterwards", async () => {
    s = await scene({ app: { hosting: { clock: swift }, queue: { backoff: 1, attempts: 3 } } });
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(right(true));
    const outage = {
      matches: (method: string, path: string) => !(method === "POST" && path.endsWith("/reviews")),
      times: 10_000,
      answer: { status: 503 },
    };
    s.github.faults.push(outage);
    await changed(pull, false);
    const dead = async () => ((await (await fetch(`${s.service().url}/readyz`)).json()) as { dead: number }).dead;
    while ((await dead()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    outage.times = 0;
    s.later(3_600_000);
    expect(await s.verdict(pull)).toMatch(right(false));
    expect(await s.merge(pull)).toBe(405);
  });

  it("a restart at any moment of a decision: one run, one comment, and the right answer", async () => {
    s = await scene();
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "anna");
    await s.idle();
    s.github.latency = 15;
    let approves = false;
    for (let wait = 5; wait < 130; wait += 25) {
      approves = !approves;
      await changed(pull, approves);
      await s.github.deliveries.settled();
      await new Promise((resolve) => setTimeout(resolve, wait));
      await s.restart();
      expect(await s.verdict(pull), `stopped after ${wait} ms`).toMatch(right(approves));
    }
    expect(s.repository.checkRuns.filter((run) => run.app === s.app)).toHaveLength(1);
    expect(s.comments(pull)).toHaveLength(1);
  });

  it("P40 S20 no token, key or secret of the program, and none of a pull request, leaves it", async () => {
    s = await scene();
    const secret = `sk-ant-${"api03"}-${"Zq8vXw3LrT".repeat(9)}AA`;
    const pull = await s.open("attack", { ...GOOD, "services/low/settings.py": `ANTHROPIC_API_KEY = "${secret}"\n` });
    s.github.faults.next({
      route: "/repos/{owner}/{repo}/compare/{basehead}",
      fault: { status: 500, body: { message: `Bearer ${secret}` } },
    });
    await s.approve(pull, "olga", "anna");
    await s.comment(pull, "dora", `/countersign explain ${secret}`);
    expect(await s.verdict(pull)).toMatch(/^failure/);
    const tokens = [...JSON.stringify(s.github.deliveries.sent).matchAll(/ghs_\w+/g)].map(([token]) => token);
    const written = s.github.recorded.filter(
      ({ method, path, actor }) => actor === "installation" && method !== "GET" && path !== "/graphql",
    );
    const said = JSON.stringify([written.map(({ body }) => body), s.logged]);
    expect(written.length).toBeGreaterThan(0);
    for (const hidden of [secret, s.app.privateKey.slice(100, 160), "ghs_", ...tokens])
      expect(said).not.toContain(hidden);
  });
});
