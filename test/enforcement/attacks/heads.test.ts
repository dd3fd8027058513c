import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequest, Repository } from "../../github/world.ts";
import { agent, POLICY, PROMPT } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const CODE = "services/low/agent.py";
const GOOD = { [CODE]: agent("gpt-4o-mini-2024-07-18") };
const BAD = { [CODE]: agent("gpt-3.5-turbo-0125") };

describe("attacks with heads and branches", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  const push = (files: Parameters<Scene["act"]["push"]>[2], by = "dora") =>
    s.act.push(s.repository, "attack", files, { by });
  const approved = async (): Promise<PullRequest> => {
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: .* risk: approved/);
    return pull;
  };
  const again = async (branch: string, by = "dora", from: Repository = s.repository): Promise<PullRequest> => {
    const head = from === s.repository ? branch : `${from.owner.login}:${branch}`;
    const response = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: `Bearer ghp_${by}` },
      body: JSON.stringify({ title: "again", head, base: "main" }),
    });
    return s.repository.pulls.get(Number(((await response.json()) as { number: number }).number)) as PullRequest;
  };
  /** Deliveries are held: whatever GitHub lets merge now, the App could not prevent. */
  const before = async (act: () => Promise<PullRequest>): Promise<number> => {
    await s.idle();
    s.github.deliveries.hold();
    const status = await s.merge(await act());
    s.github.deliveries.release();
    await s.idle();
    return status;
  };
  const onMain = () => {
    const entry = s.repository.store.entry(s.repository.refs.get("refs/heads/main") ?? "", CODE);
    return s.repository.store.blob(entry?.sha ?? "").toString();
  };

  it.each(["the review's event first", "the push's event first", "the review's event much later"])(
    "P22 P32 approve, then push within the same second: %s",
    async (order) => {
      const pull = await s.open("attack", GOOD);
      await s.approve(pull, "olga");
      await s.idle();
      s.github.deliveries.hold();
      await s.approve(pull, "anna");
      push(BAD);
      let late: (() => void) | undefined;
      s.github.deliveries.release((held) => {
        if (order === "the push's event first") return [...held].reverse();
        if (order === "the review's event much later") late = held[0];
        return late ? held.slice(1) : held;
      });
      expect(await s.verdict(pull)).toMatch(/^action_required: .*@olga/);
      late?.();
      expect(await s.verdict(pull)).toMatch(/^action_required: .*@olga/);
      expect(await s.merge(pull)).toBe(405);
    },
  );

  it("S01 S02 a decoy into a lax branch and one into main share the head: neither lends the other its answer", async () => {
    s.act.push(s.repository, "decoy", { ".github/countersign.yml": "version: 1\n" }, { by: "dora" });
    const pull = await s.open("attack", BAD);
    const decoy = await s.open("other", {}, { base: "decoy" });
    s.act.move(s.repository, "other", pull.head.sha, "dora");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(decoy)).toBe(200);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("S02 P16 a fork's pull request with the approved head is not merged in place of the approved one", async () => {
    const pull = await approved();
    const fork = s.github.world.forkOf(s.repository, "stranger");
    s.act.move(fork, "copy", pull.head.sha, "stranger");
    const copy = await again("copy", "stranger", fork);
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(fork, "copy", BAD, { by: "stranger" });
    await s.idle();
    expect(await s.verdict(copy)).toMatch(/^action_required/);
    expect(await s.merge(copy)).toBe(405);
  });

  it("S01 P09 create and merge in two calls: what was approved once and closed is no free ticket", async () => {
    const pull = await approved();
    await s.setState(pull, "closed");
    expect(await before(() => again("attack", "anna"))).toBe(405);
  });

  it("S19 reopen and merge in two calls", async () => {
    const pull = await approved();
    await s.setState(pull, "closed");
    const merged = await before(async () => {
      await s.setState(pull, "open");
      return pull;
    });
    expect(merged).toBe(405);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("S01 S06 lax base, then retarget and merge in two calls", async () => {
    s.act.push(s.repository, "decoy", { ".github/countersign.yml": "version: 1\n" }, { by: "dora" });
    const pull = await s.open("attack", BAD, { base: "decoy" });
    const merged = await before(async () => {
      await s.retarget(pull, "main");
      return pull;
    });
    expect(merged).toBe(405);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it("revert and reapply: back to the approved head after somebody withdrew, and merged in two calls", async () => {
    const pull = await approved();
    const good = pull.head.sha;
    push(BAD);
    await s.review(pull, "olga", "REQUEST_CHANGES");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    const merged = await before(async () => {
      s.act.move(s.repository, "attack", good, "dora");
      return pull;
    });
    expect(merged).toBe(405);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it.each(["pushed away from", "closed"])(
    "S19 P31 a head that is %s while GitHub takes no writes: what stands on it is taken back once it does",
    async (how) => {
      const pull = await approved();
      const good = pull.head.sha;
      // As often as one try sends it, and the note of the fault after it.
      s.github.faults.next({
        route: "/repos/{owner}/{repo}/check-runs/{check_run_id}",
        times: 6,
        fault: { status: 502 },
      });
      if (how === "closed") await s.setState(pull, "closed");
      else push(BAD);
      for (let tries = 0; tries < 600 && s.repository.checkRuns[0]?.conclusion === "success"; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const merged = await before(async () => {
        if (how === "closed") await s.setState(pull, "open");
        else s.act.move(s.repository, "attack", good, "dora");
        return pull;
      });
      expect(merged).toBe(405);
    },
  );

  it("revert and reapply: back to the approved head with everything as it was is approved again", async () => {
    const pull = await approved();
    const good = pull.head.sha;
    push(BAD);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    s.act.move(s.repository, "attack", good, "dora");
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("P22 revert and reapply: a review that GitHub points at the newest commit covers what it was given on", async () => {
    const pull = await approved();
    push(BAD);
    await s.idle();
    for (const review of pull.reviews) review.commit = pull.head.sha;
    push({ "docs/poke.md": "poke\n" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it.each(["squash", "rebase", "merge"])(
    "S07 revert and reapply: what was merged (%s) and reverted since does not come back with its old answer, where rules are strict",
    async (method) => {
      const rules = s.repository.rules.get("main");
      if (rules) rules.strict = true;
      const pull = await approved();
      const start = s.repository.refs.get("refs/heads/main") ?? "";
      await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/merge`, {
        method: "PUT",
        headers: { authorization: "Bearer ghp_dora" },
        body: JSON.stringify({ merge_method: method }),
      });
      await s.idle();
      expect(onMain()).toBe(GOOD[CODE]);
      const reverted = s.repository.store.entry(start, CODE);
      s.act.push(s.repository, "main", { [CODE]: s.repository.store.blob(reverted?.sha ?? "") }, { by: "root" });
      await s.idle();
      s.github.deliveries.hold();
      const copy = await again("attack", "anna");
      await s.merge(copy);
      expect(onMain()).not.toBe(GOOD[CODE]);
      s.github.deliveries.release();
      await s.idle();
      expect(await s.merge(copy)).not.toBe(200);
    },
  );

  it("S07 two approved pull requests that remove one guardrail each: merged at once, strict rules refuse the second", async () => {
    const rules = s.repository.rules.get("main");
    if (rules) rules.strict = true;
    const first = await s.open("first", {
      "services/low/prompts/system.md": PROMPT.replace("Never promise a refund.", ""),
    });
    const second = await s.open("second", {
      "services/low/prompts/system.md": `${PROMPT.replace("Ask a colleague whenever you are not sure.\n", "")}`,
    });
    for (const pull of [first, second]) {
      await s.approve(pull, "olga", "anna", "rita");
      await s.idle();
      s.evals(pull);
    }
    expect([await s.verdict(first), await s.verdict(second)].filter((text) => text.startsWith("success"))).toHaveLength(
      2,
    );
    s.github.deliveries.hold();
    expect([await s.merge(first), await s.merge(second)]).toEqual([200, 405]);
    s.github.deliveries.release();
    expect(await s.verdict(second)).toMatch(/^action_required: .*update of the branch/);
  });

  it("P32 closed and reopened, told in the wrong order: it is still looked after", async () => {
    const pull = await approved();
    s.github.deliveries.hold();
    await s.setState(pull, "closed");
    await s.setState(pull, "open");
    s.github.deliveries.release((held) => [...held].reverse());
    await s.idle();
    const team = s.github.world.teams.find(({ slug }) => slug === "ml");
    team?.members.delete("anna");
    s.github.deliveries.send("membership", null, {
      action: "removed",
      scope: "team",
      organization: { login: "acme", id: 1 },
      team: { slug: "ml", id: team?.id },
      member: { login: "anna" },
      sender: { login: "root", id: 1, type: "User" },
    });
    s.repository.collaborators.set("anna", "read");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P32 the head moves while it is evaluated: no answer of the old content ends up on the new head", async () => {
    const pull = await approved();
    s.github.latency = 80;
    await s.approve(pull, "ben");
    await new Promise((resolve) => setTimeout(resolve, 100));
    push(BAD);
    const merged = await s.merge(pull);
    s.github.latency = 0;
    expect(merged).toBe(405);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P32 the policy is tightened while a pull request is evaluated", async () => {
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga");
    await s.idle();
    s.github.latency = 60;
    await s.approve(pull, "anna");
    await new Promise((resolve) => setTimeout(resolve, 90));
    const stricter = POLICY.replace("tiers:", "tiers:\n  medium: { distinctPeople: 3 }");
    s.act.push(s.repository, "main", { ".github/countersign.yml": stricter }, { by: "root" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    s.github.latency = 0;
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P32 lost webhooks: a push that nobody told of leaves a head on which nothing can merge", async () => {
    const pull = await approved();
    const { webhook } = s.app;
    s.app.webhook = null;
    push(BAD);
    expect(await s.merge(pull)).toBe(405);
    s.app.webhook = webhook;
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P31 P32 every webhook twice and in a random order: the answer is the right one", async () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    s.github.deliveries.hold();
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    push(BAD);
    await s.approve(pull, "olga");
    await s.setState(pull, "closed");
    await s.setState(pull, "open");
    await s.retarget(pull, "release/1").catch(() => {});
    s.github.deliveries.release((held) => {
      const twice = [...held, ...held];
      for (let at = twice.length - 1; at > 0; at -= 1) {
        const other = Math.floor(random() * (at + 1));
        [twice[at], twice[other]] = [twice[other] as () => void, twice[at] as () => void];
      }
      return twice;
    });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  describe("P32 GitHub's copies lag behind its webhooks", () => {
    it("a request for changes that cannot be read yet", async () => {
      const pull = await approved();
      s.github.deliveries.hold();
      await s.review(pull, "olga", "REQUEST_CHANGES");
      const [hidden] = pull.reviews.splice(-1);
      s.github.deliveries.release();
      expect(await s.verdict(pull)).toMatch(/^success/);
      if (hidden) pull.reviews.push(hidden);
      s.later(6_000);
      expect(await s.verdict(pull)).toMatch(/^action_required/);
      expect(await s.merge(pull)).toBe(405);
    });

    it("a request for changes on another pull request with the same head", async () => {
      const pull = await approved();
      s.act.move(s.repository, "copy", pull.head.sha, "dora");
      const copy = await again("copy");
      expect(await s.verdict(pull)).toMatch(/^success/);
      s.github.deliveries.hold();
      await s.review(copy, "olga", "REQUEST_CHANGES");
      const [hidden] = copy.reviews.splice(-1);
      s.github.deliveries.release();
      expect(await s.verdict(pull)).toMatch(/^success/);
      if (hidden) copy.reviews.push(hidden);
      s.later(6_000);
      await s.restart();
      expect(await s.verdict(pull)).toMatch(/^action_required/);
    });

    it("a dismissal that cannot be read yet", async () => {
      const pull = await approved();
      const [review] = pull.reviews;
      s.github.deliveries.hold();
      await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/reviews/${review?.id}/dismissals`, {
        method: "PUT",
        headers: { authorization: "Bearer ghp_root" },
        body: JSON.stringify({ message: "wrong" }),
      });
      const event = pull.timeline.pop();
      if (review) review.state = "APPROVED";
      s.github.deliveries.release();
      expect(await s.verdict(pull)).toMatch(/^success/);
      if (review) review.state = "DISMISSED";
      if (event) pull.timeline.push(event);
      s.later(6_000);
      expect(await s.verdict(pull)).toMatch(/^action_required/);
      expect(await s.merge(pull)).toBe(405);
    });

    it("a push that cannot be read yet: its head is decided, and does not wait for another event", async () => {
      const pull = await approved();
      const old = pull.head.sha;
      s.github.deliveries.hold();
      const head = push(BAD);
      pull.head.sha = old;
      s.github.deliveries.release();
      await s.idle();
      pull.head.sha = head;
      expect(await s.merge(pull)).toBe(405);
      s.later(6_000);
      expect(await s.verdict(pull)).toMatch(/^action_required/);
    });
  });
});
