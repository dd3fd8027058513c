import { afterEach, describe, expect, it } from "vitest";
import { agent, POLICY, PROMPT } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";

describe("rules that hold whatever a policy says, and rules of now", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
  };
  afterEach(() => s.end());
  const output = (pull: Parameters<Scene["check"]>[0]) =>
    `${s.check(pull)?.output.summary}${s.check(pull)?.output.text}`;

  it.each([
    ["the policy", ".github/countersign.yml", `${POLICY}contact: "@olga"\n`, "Critical|High"],
    ["the registry", ".github/ai-systems.yml", "version: 1\n", "Critical|High"],
    ["the owners of code", ".github/CODEOWNERS", "* @dora\n", "High"],
    ["an agent's permissions", ".claude/settings.json", '{"permissions":{"allow":["Bash(*)"]}}\n', "Critical"],
    ["a named check's workflow", ".github/workflows/evals.yml", "name: evals\non: push\n", "High"],
  ])("P08 an edit of %s is governed although the policy ignores everything", async (_, path, text, tier) => {
    const silent = `detect:\n  ignore: ["**"]\n  rules: { "guardrail/eval": off }\n`;
    await start({ files: { ".github/countersign.yml": `${POLICY}${silent}` } });
    const silenced = await s.open("silenced", { "services/low/agent.py": agent(MODEL) });
    expect(await s.verdict(silenced)).toMatch(/^success: Not governed/);
    const pull = await s.open("edits", { [path]: path.endsWith("countersign.yml") ? `${text}${silent}` : text });
    expect(await s.verdict(pull)).toMatch(new RegExp(`^(?:action_required|failure): (?:${tier}) risk`));
    expect(output(pull)).toContain(path);
    await s.approve(pull, "anna");
    await s.idle();
    expect(await s.merge(pull)).toBe(405);
  });

  it.each(["governance/policy", "credential/secret-value", "tool/permission"])(
    "P08 a policy that switches %s off is none",
    async (rule) => {
      await start();
      const pull = await s.open("off", {
        ".github/countersign.yml": `${POLICY}detect: { rules: { "${rule}": off } }\n`,
      });
      expect(await s.verdict(pull)).toMatch(/^failure/);
      expect(output(pull)).toContain("stay as they are");
    },
  );

  it("P08 the policy of the head decides nothing about itself: not who may approve it, nor how many", async () => {
    await start();
    const own = POLICY.replace('["@rita"]', '["@anna"]').replace("distinctPeople: 2", "distinctPeople: 1");
    const pull = await s.open("own", { ".github/countersign.yml": own });
    await s.approve(pull, "anna", "ben");
    expect(await s.verdict(pull)).toMatch(/^action_required: Critical risk: needs .*@rita/);
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "rita", "olga", "sam");
    expect(await s.verdict(pull)).toMatch(/^success: Critical risk: approved/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("S06 what an approval covers is computed with the rules of now on both sides", async () => {
    await start();
    const pull = await s.open("both", {
      "services/low/agent.py": agent(MODEL),
      "services/low/gateway.cfg": "route: first\n",
    });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    // The same content is governed in more places now: whoever approved it saw them.
    const custom =
      "detect:\n  custom: [{ id: model/route, class: model, paths: ['**/*.cfg'], pattern: '^route: (?<value>.+)' }]\n";
    s.act.push(s.repository, "main", { ".github/countersign.yml": `${POLICY}${custom}` }, { by: "root" });
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(output(pull)).toContain("services/low/gateway.cfg");
    s.act.push(s.repository, "both", { "services/low/gateway.cfg": "route: second\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required: .*needs @olga/);
  });

  it("S06 P30 two pull requests of one branch into two bases: an approval of one is none of the other", async () => {
    await start();
    s.act.push(s.repository, "release/1", { "docs/release.md": "x\n" }, { by: "root" });
    const first = await s.open("shared", { "services/low/prompts/system.md": `${PROMPT}Be brief.\n` });
    await s.approve(first, "olga", "anna");
    const answer = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: "Bearer ghp_dora" },
      body: JSON.stringify({ title: "second", base: "release/1", head: "shared" }),
    });
    const { number } = (await answer.json()) as { number: number };
    const second = s.repository.pulls.get(number);
    if (!second) throw new Error("no second pull request");
    expect(await s.verdict(first)).toMatch(/^success/);
    expect(await s.verdict(second, "countersign: release/**")).toMatch(/^action_required/);
    expect(await s.merge(second)).toBe(405);
    await s.approve(second, "olga", "anna");
    expect(await s.verdict(second, "countersign: release/**")).toMatch(/^success/);
    // A push to the branch is one to both.
    s.act.push(s.repository, "shared", { "services/low/prompts/system.md": `${PROMPT}Be long.\n` }, { by: "dora" });
    expect(await s.verdict(first)).toMatch(/^action_required/);
    expect(await s.verdict(second, "countersign: release/**")).toMatch(/^action_required/);
  });
});
