import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { agent, PROMPT } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";

describe("what an approval covers", () => {
  let s: Scene;
  let number = 0;
  // One for each test: no installation may write more than 80 times a minute.
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  const change = (tier: string) => ({
    [`services/${tier}/prompts/system.md`]: `${PROMPT}Answer in ${++number} words.\n`,
  });
  /** An approved pull request on a system. A prompt's change on the system of each tier is of that tier. */
  const approved = async (tier: string, files = change(tier)): Promise<PullRequest> => {
    const pull = await s.open(`${tier}-${++number}`, files);
    await s.approve(pull, "olga", "rita", "anna");
    await pass(pull);
    expect(await s.verdict(pull)).toMatch(/^success: .* risk: approved/);
    return pull;
  };
  /** Runs the evaluation again on a new head, so that only approvals tell. */
  const pass = async (pull: PullRequest) => {
    await s.idle();
    s.evals(pull);
    await s.idle();
  };
  const push = (pull: PullRequest, files: Parameters<Scene["act"]["push"]>[2], by = "dora") =>
    s.act.push(s.repository, pull.head.ref, files, { by });
  const rebase = async (pull: PullRequest, files: Parameters<Scene["act"]["push"]>[2]) => {
    const main = s.act.push(s.repository, "main", { [`docs/moved-${++number}.md`]: "moved\n" }, { by: "root" });
    const sha = s.repository.store.commit({
      parents: [main],
      files,
      author: { name: "dora", email: "dora@example.com", date: s.github.world.now() },
    });
    s.act.move(s.repository, pull.head.ref, sha, "dora");
  };

  describe.each([
    ["low", "facts"],
    ["medium", "facts"],
    ["high", "files"],
    ["critical", "change-set"],
  ])("S05 %s: %s", (tier, bind) => {
    it("survives a merge of the base", async () => {
      const pull = await approved(tier);
      s.act.push(s.repository, "main", { [`docs/base-${++number}.md`]: "moved\n" }, { by: "root" });
      s.act.mergeInto(s.repository, pull.head.ref, "main", "dora");
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
    });

    it("survives a rebase", async () => {
      const files = change(tier);
      const pull = await approved(tier, files);
      await rebase(pull, files);
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
    });

    it(`${bind === "change-set" ? "dies with" : "survives"} an unrelated commit`, async () => {
      const pull = await approved(tier);
      push(pull, { [`docs/unrelated-${++number}.md`]: "x\n" });
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(bind === "change-set" ? /^action_required/ : /^success/);
    });

    it(`${bind === "facts" ? "survives" : "dies with"} code of the same system that governs nothing`, async () => {
      const pull = await approved(tier);
      push(pull, { [`services/${tier}/helper.py`]: `def add(a, b):\n    return b + a + ${++number}\n` });
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(bind === "facts" ? /^success/ : /^action_required/);
    });

    it("dies with an edit of the prompt, and the check says whose approval, by which commit and path", async () => {
      const pull = await approved(tier);
      const commit = push(pull, { [`services/${tier}/prompts/system.md`]: "Do whatever you are asked to do.\n" });
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(/^action_required/);
      const { summary } = s.check(pull)?.output ?? {};
      expect(summary).toContain(`services/${tier}/prompts/system.md`);
      expect(summary).toContain(commit.slice(0, 12));
      expect(summary).toMatch(/@olga/);
      expect(await s.merge(pull)).toBe(405);
      await s.approve(pull, "olga", "rita", "anna");
      expect(await s.verdict(pull)).toMatch(/^success/);
    });

    it("dies with its rename", async () => {
      const files = change(tier);
      const pull = await approved(tier, files);
      const [path = "", text = ""] = Object.entries(files)[0] ?? [];
      push(pull, { [path]: null, [`services/${tier}/prompts/renamed-${++number}.md`]: text });
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(/^action_required/);
    });

    it("dies with its deletion", async () => {
      const pull = await approved(tier);
      push(pull, { [`services/${tier}/prompts/system.md`]: null });
      await pass(pull);
      expect(await s.verdict(pull)).toMatch(/^(action_required|failure)/);
    });
  });

  it("S05 dies with a swap of a binary file that is governed", async () => {
    const weights = (byte: number) => ({ "services/low/model.safetensors": Buffer.alloc(4096, byte) });
    const pull = await s.open("weights", weights(1));
    await s.approve(pull, "olga", "rita", "anna");
    await pass(pull);
    expect(await s.verdict(pull)).toMatch(/^success: .*approved/);
    push(pull, weights(2));
    await pass(pull);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it("S05 facts: code added around an approved call survives where no fact changes; a changed fact kills", async () => {
    const pull = await approved("low", { "services/low/agent.py": agent(MODEL) });
    push(pull, { "services/low/agent.py": agent(MODEL, "print(answer)\n") });
    expect(await s.verdict(pull)).toMatch(/^success/);
    push(pull, { "services/low/agent.py": agent("gpt-3.5-turbo-0125") });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it("P22 a review that GitHub points at another commit covers what it was given on", async () => {
    const pull = await approved("low", { "services/low/agent.py": agent(MODEL) });
    const files = { "services/low/agent.py": agent("o3-mini-2025-01-31") };
    await rebase(pull, files);
    // As GitHub does it after some force-pushes: the review now names the new commit.
    for (const review of pull.reviews) review.commit = pull.head.sha;
    s.act.push(s.repository, pull.head.ref, { "docs/poke.md": "poke\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check(pull)?.output.summary).toMatch(/@olga/);
  });

  it("P22 a review that is first seen after a force-push counts for nothing, and the check says why", async () => {
    const pull = await s.open("missed", { "services/low/agent.py": agent("gpt-4.1-2025-04-14") });
    await s.idle();
    const { webhook } = s.app;
    s.app.webhook = null;
    await s.approve(pull, "olga");
    s.app.webhook = webhook;
    await s.approve(pull, "anna");
    // Missed, but nothing happened since that could have moved it: it is believed.
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.app.webhook = null;
    await s.review(pull, "olga", "REQUEST_CHANGES");
    await s.approve(pull, "olga");
    await rebase(pull, { "services/low/agent.py": agent("gpt-4.1-2025-04-14", "pass\n") });
    for (const review of pull.reviews) review.commit = pull.head.sha;
    s.app.webhook = webhook;
    await s.comment(pull, "dora", "/countersign re-evaluate");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga \(system owner\)/);
    expect(s.check(pull)?.output.summary).toContain("force-push");
  });

  it("P30 reviews bind while closed, across reopening and a force-push", async () => {
    const files = { "services/low/agent.py": agent("gpt-4.1-mini-2025-04-14") };
    const pull = await s.open("closes", files);
    await s.setState(pull, "closed");
    await s.approve(pull, "olga");
    await s.idle();
    await s.setState(pull, "open");
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    await rebase(pull, files);
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S10 a dismissal by a person withdraws a vote; one that GitHub made because of a push leaves it as it covers", async () => {
    const rules = s.repository.rules.get("main");
    if (rules) rules.dismissStale = true;
    try {
      const pull = await approved("low", { "services/low/agent.py": agent("gpt-4.1-nano-2025-04-14") });
      push(pull, { "docs/harmless.md": "x\n" });
      await s.idle();
      expect(pull.reviews.map(({ state }) => state)).toEqual(["DISMISSED", "DISMISSED", "DISMISSED"]);
      expect(await s.verdict(pull)).toMatch(/^success/);
    } finally {
      if (rules) rules.dismissStale = false;
    }
    const pull = await approved("low", { "services/low/agent.py": agent("o4-mini-2025-04-16") });
    const [review] = pull.reviews;
    await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/reviews/${review?.id}/dismissals`, {
      method: "PUT",
      headers: { authorization: "Bearer ghp_root" },
      body: JSON.stringify({ message: "wrong" }),
    });
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@olga/);
  });

  it("P27 an approval by command names a commit, and covers what that held", async () => {
    const pull = await s.open("command", { "services/low/agent.py": agent("o3-2025-04-16") });
    const head = pull.head.sha;
    await s.comment(pull, "olga", "/countersign approve");
    await s.comment(pull, "olga", `/countersign approve ${"0".repeat(40)}`);
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@olga/);
    await s.comment(pull, "olga", `/countersign approve ${head}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
    push(pull, { "docs/after.md": "x\n" });
    expect(await s.verdict(pull)).toMatch(/^success/);
    push(pull, { "services/low/agent.py": agent("o1-2024-12-17") });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });
});
