import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileChanges } from "../../github/git-store.ts";
import type { PullRequest } from "../../github/world.ts";
import { agent, FILES, POLICY, PROMPT } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const POLICY_FILE = ".github/countersign.yml";
const REGISTRY_FILE = ".github/ai-systems.yml";
const REGISTRY = String(FILES[REGISTRY_FILE]);

describe("attacks on the rules", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  /** Everybody whom the change itself, without what it does to the rules, would need. */
  const willing = async (pull: PullRequest, ...logins: string[]) => {
    await s.approve(pull, ...logins);
    await s.idle();
    s.evals(pull);
  };
  const held = async (files: FileChanges, tier: RegExp, ...logins: string[]) => {
    const pull = await s.open(`attack-${s.repository.pulls.size}`, files);
    await willing(pull, ...logins);
    const verdict = await s.verdict(pull);
    expect(verdict).toMatch(/^(action_required|failure): /);
    expect(verdict).toMatch(tier);
    expect(await s.merge(pull)).toBe(405);
    return pull;
  };
  const onMain = async (files: FileChanges) => {
    s.act.push(s.repository, "main", files, { by: "root" });
    await s.idle();
  };

  it("P08 the policy is edited together with what it governs: the old one rules, at the highest tier where it loosens", async () => {
    const lax = POLICY.replace('ai-reviewer: ["@acme/ml"]', 'ai-reviewer: ["@dora"]').replace(
      "mode: enforce",
      "mode: observe",
    );
    await held({ "services/low/agent.py": agent(MODEL), [POLICY_FILE]: lax }, /Critical risk/, "olga", "anna");
  });

  it("P08 the policy is deleted, or replaced by a link to another file", async () => {
    await held({ [POLICY_FILE]: null }, /Critical risk/, "olga", "anna");
    await held(
      { [POLICY_FILE]: { mode: "120000", data: "../docs/policy.yml" }, "docs/policy.yml": "version: 1\n" },
      /(High|Critical) risk/,
      "olga",
      "anna",
    );
  });

  it("P08 the path of what is governed is taken out of the registry in the same change", async () => {
    const moved = REGISTRY.replace('paths: ["services/high/**"]', 'paths: ["services/nothing/**"]');
    await held(
      { [REGISTRY_FILE]: moved, "services/high/prompts/system.md": "Lie.\n" },
      /(High|Critical) risk/,
      "anna",
      "ben",
    );
  });

  it("P08 CODEOWNERS is edited", async () => {
    await held({ ".github/CODEOWNERS": "* @dora\n" }, /(High|Critical) risk/, "anna", "ben");
  });

  it.each(["deleted", "renamed"])("S04 an entry of the registry is %s as a cure for what it lacks", async (how) => {
    const overdue = REGISTRY.replace("lifecycle: deployed\n    tier: high", "lifecycle: retired\n    tier: high");
    expect(overdue).not.toBe(REGISTRY);
    await onMain({ [REGISTRY_FILE]: overdue });
    const entries = overdue.split(/(?=^ {2}- id: )/m);
    const other = entries.filter((entry) => !entry.startsWith("  - id: high"));
    const cured = how === "deleted" ? other.join("") : overdue.replace("- id: high", "- id: elevated");
    await held(
      { [REGISTRY_FILE]: cured, "services/high/prompts/system.md": `${PROMPT}x\n` },
      /(High|Critical) risk/,
      "anna",
      "ben",
    );
  });

  it("S04 an exception works for nothing in the pull request that brings it", async () => {
    const unowned = REGISTRY.replace(/(- id: high[\s\S]*?) {4}monitoring: .*\n/, "$1");
    await onMain({ [REGISTRY_FILE]: unowned });
    const exception = `${unowned}exceptions:
  - { id: EX-1, rule: record/monitoring-missing, scope: { system: high }, reason: Later., compensatingControls: [none], acceptedBy: "@rita", created: 2026-11-20, expires: 2026-12-20 }
`;
    const files = { "services/high/prompts/system.md": `${PROMPT}Answer in forty words.\n` };
    const pull = await s.open("attack", { ...files, [REGISTRY_FILE]: exception });
    await willing(pull, "olga", "rita", "anna", "sam");
    const verdict = await s.verdict(pull);
    const plain = await s.open("plain", files);
    await willing(plain, "olga", "rita", "anna", "sam");
    const without = await s.verdict(plain);
    // Whatever the missing monitoring does without the exception, it does with it.
    expect(verdict.split(":")[0]).toBe(without.split(":")[0]);
    expect(verdict).not.toMatch(/excepted/i);
  });

  it("a revert of what tightened the policy is a loosening, however ordinary a revert looks", async () => {
    const tighter = POLICY.replace("tiers:", "tiers:\n  medium: { distinctPeople: 3 }");
    await onMain({ [POLICY_FILE]: tighter });
    await held({ [POLICY_FILE]: POLICY }, /Critical risk/, "olga", "anna");
  });

  it("P08 the loosened policy is pushed to another governed branch, which then loosens nothing", async () => {
    s.act.push(s.repository, "release/1", { [POLICY_FILE]: "version: 1\nmode: observe\n" }, { by: "dora" });
    const pull = await s.open("attack", { "services/low/agent.py": agent(MODEL) }, { base: "release/1" });
    expect(await s.verdict(pull, "countersign: release/**")).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("S03 the organisation's repository is deselected, emptied or broken: its policy stays in force", async () => {
    const world = s.github.world;
    const baseline = world.repository("acme/.github", {
      [POLICY_FILE]: 'version: 1\nroles:\n  security: ["@sam"]\ntiers:\n  medium: { distinctPeople: 3 }\n',
    });
    const installation = world.installations.find(({ app }) => app === s.app);
    const pull = await s.open("attack", { "services/low/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    const still = async () => {
      s.later(3_600_000);
      await s.comment(pull, "dora", "/countersign recheck");
      expect(await s.verdict(pull)).toMatch(/^action_required/);
      expect(s.check(pull)?.output.summary).toContain("stays in force");
      expect(await s.merge(pull)).toBe(405);
    };
    if (installation) installation.selection = new Set([s.repository.id]);
    await still();
    if (installation) installation.selection = null;
    s.act.push(baseline, "main", { [POLICY_FILE]: "version: [\n" }, { by: "root" });
    await still();
    s.act.push(baseline, "main", { [POLICY_FILE]: null }, { by: "root" });
    await still();
    await s.restart();
    await still();
  });

  it("S10 a review that GitHub dismisses by itself although nothing changed keeps what it covers, and no more", async () => {
    const rules = s.repository.rules.get("main");
    if (rules) rules.dismissStale = true;
    const pull = await s.open("attack", { "services/low/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "attack", { "docs/x.md": "x\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "attack", { "services/low/agent.py": agent("o3-2025-04-16") }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("S18 the App is stopped, an approval expires, somebody merges: what was waiting in the meantime is closed", async () => {
    const pull = await s.open("attack", { "services/low/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: .*until 2026-12-24/);
    await s.stop();
    s.later(31 * 86_400_000);
    // Nobody can keep GitHub from it; the title said until when it held.
    expect(await s.merge(pull)).toBe(200);
    const other = await s.open("other", { "services/low/agent.py": agent("o3-2025-04-16") });
    await s.restart();
    await s.idle();
    expect((await s.service().store.headOf(s.repository.id, pull.number))?.open).toBe(false);
    expect(await s.merge(other)).toBe(405);
  });
});
