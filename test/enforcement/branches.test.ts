import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, POLICY, PROMPT } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const RELEASE = "countersign: release/**";

describe("branches, and pull requests that share a head", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
    for (const branch of ["release/1", "decoy"])
      s.act.push(s.repository, branch, { [`docs/${branch}.md`]: "x\n" }, { by: "root" });
    await s.idle();
  });
  afterEach(() => s.end());
  const change = { "services/low/agent.py": agent(MODEL) };
  /** A second pull request with the head of the first. */
  const another = async (branch: string, base: string, by = "stranger", from = s.repository) => {
    const response = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: `Bearer ghp_${by}` },
      body: JSON.stringify({
        title: "again",
        base,
        head: from === s.repository ? branch : `${from.owner.login}:${branch}`,
      }),
    });
    const { number } = (await response.json()) as { number: number };
    const pull = s.repository.pulls.get(number);
    if (!pull) throw new Error(`no pull request: ${response.status}`);
    return pull;
  };
  const names = (sha: string) =>
    s.repository.checkRuns.filter((run) => run.app === s.app && run.headSha === sha).map(({ name }) => name);

  it("S01 what landed on one branch lets nothing land on another one that the same check speaks for", async () => {
    const rules = s.repository.rules.get("release/1");
    if (rules) s.repository.rules.set("release/2", rules);
    s.act.push(s.repository, "release/2", { "docs/two.md": "x\n" }, { by: "root" });
    await s.idle();
    const pull = await s.open("y", change, { base: "release/1" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull, RELEASE)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
    await s.idle();
    // Opened and merged before the App hears of it.
    s.github.deliveries.hold();
    const second = await another("y", "release/2", "dora");
    expect(await s.merge(second)).toBe(405);
    // And so with the very commit that the merge made.
    s.act.move(s.repository, "landed", s.repository.refs.get("refs/heads/release/1") ?? "", "dora");
    expect(await s.merge(await another("landed", "release/2", "dora"))).toBe(405);
    s.github.deliveries.release();
    await s.idle();
    expect(await s.verdict(second, RELEASE)).toMatch(/^action_required/);
  });

  it("S01 a pull request into an ungoverned branch gets no run at all", async () => {
    const pull = await s.open("x", change, { base: "decoy" });
    expect(await s.verdict(pull)).toBe("no run");
    expect(names(pull.head.sha)).toEqual([]);
  });

  it("S01 each further governed branch has a run of its own name, by the default branch's rules", async () => {
    s.act.push(
      s.repository,
      "release/1",
      { ".github/countersign.yml": "version: 1\nmode: observe\nroles:\n  ai-reviewer: ['@dora']\n" },
      { by: "root" },
    );
    const pull = await s.open("y", change, { base: "release/1" });
    await s.idle();
    expect(names(pull.head.sha)).toEqual([RELEASE]);
    expect(await s.verdict(pull, RELEASE)).toMatch(/^action_required: Medium risk: needs @olga/);
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull, RELEASE)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("S01 a governed branch's own policy may tighten", async () => {
    s.act.push(
      s.repository,
      "release/1",
      { ".github/countersign.yml": `${POLICY.replace("tiers:", "tiers:\n  medium: { distinctPeople: 3 }")}` },
      { by: "root" },
    );
    const pull = await s.open("y", change, { base: "release/1" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull, RELEASE)).toMatch(/^action_required: .*one more person|1 more person/);
  });

  it("S01 decoy base, then create into main and merge at once: nothing green is there to be found", async () => {
    s.act.push(s.repository, "decoy", { ".github/countersign.yml": "version: 1\n" }, { by: "root" });
    const decoy = await s.open("attack", change, { base: "decoy" });
    await s.idle();
    s.github.deliveries.hold();
    const real = await another("attack", "main", "dora");
    expect(real.head.sha).toBe(decoy.head.sha);
    expect(await s.merge(real)).toBe(405);
    s.github.deliveries.release();
    expect(await s.verdict(real)).toMatch(/^action_required/);
    expect(await s.merge(real)).toBe(405);
  });

  it("S01 a policy of a branch that rules nothing changes nothing, and one in the pull request itself neither (P08)", async () => {
    const loose = { ...change, ".github/countersign.yml": "version: 1\nmode: observe\n" };
    const pull = await s.open("loosens", loose);
    expect(await s.verdict(pull)).toMatch(/^(action_required|failure): Critical risk/);
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^(action_required|failure): Critical risk/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P08 a policy that is tightened holds for pull requests that were approved before, and S19 takes green back first", async () => {
    const pull = await s.open("z", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const states: string[] = [];
    const watched = s.check(pull);
    s.github.latency = 15;
    s.act.push(
      s.repository,
      "main",
      { ".github/countersign.yml": POLICY.replace("tiers:", "tiers:\n  medium: { distinctPeople: 3 }") },
      { by: "root" },
    );
    for (let tries = 0; tries < 300 && states.at(-1) !== "action_required"; tries += 1) {
      const state = watched?.conclusion ?? watched?.status ?? "";
      if (state !== states.at(-1)) states.push(state);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(states).toEqual(["success", "in_progress", "action_required"]);
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S06 P10 a retarget voids every binding, there and back too; the run of the old branch does not stay green", async () => {
    const pull = await s.open("moves", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    await s.retarget(pull, "decoy");
    await s.idle();
    expect(s.check(pull)?.status).toBe("in_progress");
    s.github.deliveries.hold();
    await s.retarget(pull, "main");
    expect(await s.merge(pull)).toBe(405);
    s.github.deliveries.release();
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check(pull)?.output.summary).toContain("before the pull request was moved to another base branch");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S06 an approval for one branch is none for another", async () => {
    const pull = await s.open("moves", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    await s.retarget(pull, "release/1");
    expect(await s.verdict(pull, RELEASE)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("S19 closed: what was green is taken back, so that nothing merges on it when it is opened again", async () => {
    const pull = await s.open("reopened", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    await s.setState(pull, "closed");
    expect(await s.verdict(pull)).toMatch(/^in_progress/);
    await s.stop();
    await s.setState(pull, "open");
    expect(await s.merge(pull)).toBe(405);
    await s.restart();
    await s.setState(pull, "closed");
    await s.setState(pull, "open");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S19 pushed past: a head that was green is taken back, so that nothing merges by going back there", async () => {
    const pull = await s.open("past", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const left = pull.head.sha;
    s.act.push(s.repository, "past", { "services/low/prompts/system.md": `${PROMPT}Another one.\n` }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check({ head: { sha: left } })?.status).toBe("in_progress");
    await s.stop();
    s.act.move(s.repository, "past", left, "dora");
    expect(await s.merge(pull)).toBe(405);
  });

  it("S02 P09 one head in two pull requests into one branch is one decision: votes pooled, authors excluded", async () => {
    const first = await s.open("shared", change);
    for (const branch of ["shared-too", "shared-again"])
      s.act.move(s.repository, branch, first.head.sha, "anna", false);
    const second = await another("shared-too", "main", "anna");
    await s.approve(first, "olga");
    await s.approve(second, "ben");
    expect(await s.verdict(first)).toMatch(/^success/);
    expect(s.check(first)?.output.summary).toContain("share one decision");
    expect(names(first.head.sha)).toEqual(["countersign"]);
    expect(s.comments(second)).toHaveLength(1);
    const third = await another("shared-again", "main", "olga");
    expect(await s.verdict(first)).toMatch(/^action_required/);
    await s.setState(third, "closed");
    expect(await s.verdict(first)).toMatch(/^success/);
  });

  it("S02 P16 a stranger's fork with the same head neither passes nor blocks it", async () => {
    const pull = await s.open("mine", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const fork = s.github.world.forkOf(s.repository, "stranger");
    s.act.move(fork, "copy", pull.head.sha, "stranger");
    const copy = await another("copy", "main", "stranger", fork);
    expect(await s.verdict(pull)).toMatch(/^success/);
    const other = await s.open("unapproved", { "services/low/agent.py": agent("o3-2025-04-16") });
    s.act.move(fork, "copy2", other.head.sha, "stranger");
    const early = await another("copy2", "main", "stranger", fork);
    await s.approve(early, "sam");
    expect(await s.verdict(other)).toMatch(/^action_required/);
    expect(await s.verdict(copy)).toMatch(/^success/);
  });

  it("P16 P18 a fork's pull request is decided, posted on in the base repository, and its checks are found by its head", async () => {
    const fork = s.github.world.forkOf(s.repository, "stranger");
    const pull = await s.open("theirs", { "services/medium/agent.py": agent(MODEL) }, { by: "stranger", from: fork });
    await s.approve(pull, "olga", "rita");
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `evals`");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success: High risk/);
    expect(fork.checkRuns).toEqual([]);
  });
});
