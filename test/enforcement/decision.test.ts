import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agent, POLICY } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";

describe("a pull request, end to end", () => {
  let s: Scene;
  beforeAll(async () => {
    s = await scene();
  });
  afterAll(() => s.close());

  it("with nothing governed gets one green check, no comment, and merges", async () => {
    const from = s.github.recorded.length;
    const pull = await s.open("docs", { "README.md": "# Agents\n" });
    expect(await s.verdict(pull)).toBe("success: Not governed: no model, prompt or credential changes");
    expect(s.comments(pull)).toEqual([]);
    expect(s.writes(from)).toEqual(["POST /check-runs"]);
    expect(await s.merge(pull)).toBe(200);
  });

  it("waits for the people of its tier by name, is refused by GitHub until they approved, then merges", async () => {
    const pull = await s.open("waits", { "services/low/agent.py": agent(MODEL) });
    expect(await s.verdict(pull)).toBe(
      "action_required: Medium risk: needs @olga (system owner) and @anna or @ben (AI reviewer)",
    );
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "olga");
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @anna or @ben (AI reviewer)");
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna, until 2026-12-/);
    expect(s.comments(pull)).toHaveLength(1);
    expect(await s.merge(pull)).toBe(200);
  });

  it("P11 counts approvals of nobody who holds no role, and checks of nobody else's name", async () => {
    const pull = await s.open("others", { "services/low/agent.py": agent("gpt-4.1-2025-04-14") });
    await s.approve(pull, "sam", "stranger");
    s.act.check(s.repository, "impostor", "countersign", pull.head.sha, "success");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P11 S16 its check must succeed as a job of the named workflow on this head", async () => {
    const pull = await s.open("evals", { "services/medium/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "rita");
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `evals`");
    s.act.check(s.repository, "impostor", "evals", pull.head.sha, "success");
    s.act.workflow(s.repository, {
      path: ".github/workflows/other.yml",
      sha: pull.head.sha,
      branch: "evals",
      job: "evals",
      conclusion: "success",
    });
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `evals`");
    s.evals(pull, "failure");
    expect(await s.verdict(pull)).toMatch(/^failure: High risk: blocked/);
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success: High risk: approved/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("P29 a draft is evaluated and shown, and nobody is asked to review it", async () => {
    const from = s.github.recorded.length;
    const pull = await s.open("draft", { "services/low/agent.py": agent("o3-2025-04-16") }, { draft: true });
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk/);
    expect(s.writes(from).filter((write) => write.includes("requested_reviewers"))).toEqual([]);
    expect(pull.requestedReviewers.size).toBe(0);
  });

  it("P17 P18 is driven by its own events and posts on its head, whatever a commit says of checks", async () => {
    const pull = await s.open("skips", { "services/low/agent.py": agent("o1-2024-12-17") });
    const head = s.act.push(
      s.repository,
      "skips",
      { "services/low/helper.py": "x = 1\n" },
      { by: "dora", message: "more\n\nskip-checks: true" },
    );
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check(pull)?.headSha).toBe(head);
    const heads = new Set([...s.repository.pulls.values()].map((one) => one.head.sha));
    const newest = s.repository.checkRuns.filter(({ app }) => app === s.app).at(-1);
    expect(heads).toContain(newest?.headSha);
  });

  it("P34 writes nothing when nothing changed", async () => {
    const pull = await s.open("again", { "services/low/agent.py": agent("gpt-4.1-mini-2025-04-14") });
    await s.idle();
    const from = s.github.recorded.length;
    await s.review(pull, "stranger", "COMMENT");
    for (const delivery of s.github.deliveries.sent.slice(-3)) s.github.deliveries.redeliver(delivery);
    await s.comment(pull, "anna", "looks fine");
    await s.idle();
    expect(s.writes(from)).toEqual([]);
  });

  it("S10 a standing request for changes by a role that is asked keeps it waiting, until it is dismissed", async () => {
    const pull = await s.open("objects", { "services/low/agent.py": agent("gpt-4.1-nano-2025-04-14") });
    await s.approve(pull, "olga", "anna");
    await s.review(pull, "ben", "REQUEST_CHANGES");
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @ben to lift their request for changes");
    await s.approve(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("every request so far, and its answer, is as GitHub describes it", () => {
    expect(s.conforms()).toEqual([]);
  });
});

describe("modes", () => {
  it("without a policy the check passes and says what would have been asked; nothing else is written", async () => {
    const s = await scene({ files: { ".github/countersign.yml": null as unknown as string } });
    try {
      const pull = await s.open("observed", { "services/low/agent.py": agent(MODEL) });
      expect(await s.verdict(pull)).toMatch(/^success: No policy yet: medium risk/);
      expect(s.check(pull)?.output.summary).toContain("system owner");
      expect(s.comments(pull)).toEqual([]);
    } finally {
      await s.close();
    }
  });

  it("COUNTERSIGN_MODE=observe keeps a whole instance from blocking anything, a broken policy and a fault included", async () => {
    const s = await scene({ settings: { mode: "observe" } });
    try {
      const pull = await s.open("observed", { "services/high/agent.py": agent(MODEL) });
      expect(await s.verdict(pull)).toMatch(/^success: Observing: critical risk/);
      expect(s.check(pull)?.output.summary).toContain("lets nothing be blocked");
      const broken = await s.open("broken", { ".github/countersign.yml": "version: 2\n" });
      expect(await s.verdict(broken)).toMatch(/^success: Observing/);
      s.github.faults.push({ matches: (_, path) => path.includes("/compare/"), times: 40, answer: { status: 500 } });
      const fault = await s.open("fault", { "services/low/helper.py": "y = 2\n" });
      expect(await s.verdict(fault)).toMatch(/^success: Observed only. Could not be evaluated/);
    } finally {
      await s.close();
    }
  });

  it("enforceFrom makes lower tiers advisory", async () => {
    const s = await scene({ files: { ".github/countersign.yml": `${POLICY}enforceFrom: high\n` } });
    try {
      const low = await s.open("low", { "services/low/agent.py": agent(MODEL) });
      const high = await s.open("high", { "services/medium/agent.py": agent(MODEL) });
      expect(await s.verdict(low)).toMatch(/^success: Advisory: medium risk/);
      expect(await s.verdict(high)).toMatch(/^action_required: High risk/);
    } finally {
      await s.close();
    }
  });
});

describe("faults", () => {
  it("P13 S19 an evaluation that fails says so in red, and the answer follows by itself", async () => {
    const s = await scene();
    try {
      const compare = { matches: (_: string, path: string) => path.includes("/compare/"), times: 8 };
      s.github.faults.push({ ...compare, answer: { status: 500, body: { message: "boom" } } });
      const seen: string[] = [];
      const pull = await s.open("fault", { "services/low/agent.py": agent(MODEL) });
      for (let tries = 0; tries < 400 && !seen.at(-1)?.startsWith("action_required"); tries += 1) {
        const run = s.check(pull);
        const now = run ? `${run.conclusion}: ${run.output.title}` : "";
        if (now !== seen.at(-1)) seen.push(now);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(seen.filter((one) => one !== "")[0]).toBe("failure: Could not be evaluated");
      expect(seen.at(-1)).toMatch(/^action_required: Medium risk/);
      expect(await s.merge(pull)).toBe(405);
    } finally {
      await s.close();
    }
  });

  it("a policy on the default branch that cannot be read blocks what is governed by it, and its mending passes", async () => {
    const s = await scene({ files: { ".github/countersign.yml": `${POLICY}unknown: true\n` } });
    try {
      const pull = await s.open("change", { "services/low/agent.py": agent(MODEL) });
      expect(await s.verdict(pull)).toMatch(/^failure/);
      expect(s.check(pull)?.output.summary).toContain("unknown");
      const mended = await s.open("mend", { ".github/countersign.yml": POLICY });
      expect(await s.verdict(mended)).not.toContain("unknown");
    } finally {
      await s.close();
    }
  });
});

describe("what takes long, and what does not", () => {
  it("S19 on a head without a run nothing is written before the answer, unless that takes more than three seconds", async () => {
    const s = await scene();
    try {
      const quick = await s.open("quick", { "services/low/agent.py": agent(MODEL) });
      await s.idle();
      const bodies = () =>
        s.github.recorded
          .filter(({ method, path }) => method !== "GET" && path.includes("/check-runs"))
          .map(({ body }) => (body as { status: string }).status);
      expect(bodies()).toEqual(["completed"]);
      const from = bodies().length;
      s.github.latency = 2_500;
      const slow = await s.open("slow", { "services/low/prompts/new.md": "You are a new agent. Be brief.\n" });
      expect(await s.verdict(slow)).toMatch(/^action_required|^success/);
      expect(bodies().slice(from)).toEqual(["in_progress", "completed"]);
      expect([s.check(quick)?.status, s.check(slow)?.status]).toEqual(["completed", "completed"]);
    } finally {
      await s.close();
    }
  });

  it("P34 a base that moves elsewhere writes nothing again", async () => {
    const s = await scene();
    try {
      const pull = await s.open("stays", { "services/low/agent.py": agent(MODEL) });
      await s.approve(pull, "olga", "anna");
      expect(await s.verdict(pull)).toMatch(/^success/);
      const from = s.github.recorded.length;
      s.act.push(s.repository, "main", { "docs/elsewhere.md": "x\n" }, { by: "root" });
      await s.idle();
      expect(s.github.recorded.length).toBeGreaterThan(from);
      expect(s.writes(from)).toEqual([]);
    } finally {
      await s.close();
    }
  });
});
