import { afterEach, describe, expect, it } from "vitest";
import { agent, FILES, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const FILE = ".github/countersign.yml";
const REGISTRY = ".github/ai-systems.yml";
const UNDER = "### Under the policy of this pull request";

describe("P08 what a pull request that edits the rules would be under them", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
  };
  afterEach(() => s.end());
  const section = (pull: Parameters<Scene["check"]>[0]) => {
    const [, own = ""] = s.check(pull)?.output.summary?.split(UNDER) ?? [];
    return own.split("\n### ")[0] ?? "";
  };
  const edit = async (branch: string, text: string, more = {}) => {
    const pull = await s.open(branch, { [FILE]: text, ...more });
    await s.verdict(pull);
    return pull;
  };

  it("P08 a loosening is called out, in words, with what it would ask of this one; the old rules decide", async () => {
    await start();
    const looser = POLICY.replace("{ role: system-owner }, { role: risk-owner }", "{ role: system-owner }").replace(
      "distinctPeople: 2",
      "distinctPeople: 1",
    );
    const pull = await edit("looser", looser);
    expect(await s.verdict(pull)).toMatch(/^action_required: Critical risk: needs @rita .*and one more person$/);
    expect(section(pull)).toContain("Critical risk: needs");
    expect(section(pull)).toContain("1 risk owner fewer");
    expect(section(pull)).toContain("⚠️ **Looser:** critical risk: 1 risk owner fewer");
    expect(section(pull)).toContain("⚠️ **Looser:** critical risk: 1 different person instead of 2");
    expect(section(pull)).not.toContain("Tighter");
    // One more vote changes what the new policy says of this pull request as well.
    await s.approve(pull, "rita", "sam");
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("P08 a tightening is named as one, and each kind of field has its words", async () => {
    await start();
    const other =
      `${POLICY.replace('["@rita"]', '["@rita", "@ben"]').replace('branches: ["~DEFAULT_BRANCH", "release/**"]', 'branches: ["~DEFAULT_BRANCH"]')}  red-team: { name: red-team, app: acme-evals, when: [model], from: high }
detect: { ignore: ["docs/**"], rules: { "prompt/file": off } }
`.replace(
        "tiers:\n",
        "tiers:\n  high: { approvals: [{ role: system-owner }, { role: risk-owner, count: 2 }], bind: change-set, validFor: P90D }\n",
      );
    const pull = await edit("other", other);
    const told = section(pull);
    expect(told).toContain("🔒 **Tighter:** high risk: an approval covers the whole change instead of");
    expect(told).toContain("**Looser:** high risk: an approval holds for 90 days instead of 14 days");
    expect(told).toMatch(
      /Looser:\*\* high risk: 1 risk owner more and 1 security fewer \(for credential, tool and provider\)/,
    );
    expect(told).toContain("**Looser:** no longer governs release/");
    expect(told).toContain("`@ben` may approve as risk owner");
    expect(told).toContain("🔒 **Tighter:** the check red-team is asked for from high risk on");
    expect(told).toContain("**Looser:** ignores docs/");
    expect(told).toContain("the rule prompt/file is off");
    expect(told.indexOf("Tighter")).toBeGreaterThan(told.lastIndexOf("Looser"));
  });

  it("P08 votes are judged by the new rules as they stand: who could not approve now could then", async () => {
    await start();
    const own = POLICY.replace('risk-owner: ["@rita"]', 'risk-owner: ["@anna", "@ben"]');
    const pull = await edit("own", own);
    await s.approve(pull, "anna", "ben");
    expect(await s.verdict(pull)).toMatch(/^action_required: Critical risk: needs .*@rita/);
    expect(section(pull)).toMatch(/this one would be: \*\*Critical risk: approved by `@anna` and `@ben`\*\*/);
    expect(section(pull)).toContain("`@rita` may no longer approve as risk owner");
  });

  it("P08 switched to observe, it would pass; deleted, the built-in policy would observe", async () => {
    await start();
    const pull = await edit("observe", POLICY.replace("mode: enforce", "mode: observe"));
    expect(section(pull)).toContain("Observing: critical risk");
    expect(section(pull)).toContain("**Looser:** nothing is held back any more");
    const gone = await s.open("gone", { [FILE]: null });
    await s.verdict(gone);
    expect(section(gone)).toContain("**Looser:** nothing is held back any more");
  });

  it("P08 a policy that does not parse says so at line and column, and decides nothing", async () => {
    await start();
    const pull = await edit("broken", POLICY.replace("mode: enforce", "mode: sometimes"));
    expect(await s.verdict(pull)).toMatch(/^failure/);
    expect(section(pull)).toContain(".github/countersign.yml:2:7: mode");
    expect(section(pull)).toContain("cannot be told");
  });

  it("P08 a registry is told of only where it changes how this one is judged", async () => {
    await start();
    const registry = String(FILES[REGISTRY]);
    const change = { "services/critical/agent.py": agent("gpt-4o-mini-2024-07-18") };
    const none = await s.open("none", { ...change, [REGISTRY]: registry.replace("name: low", "name: Low") });
    await s.verdict(none);
    expect(s.check(none)?.output.summary).not.toContain("### Under the");
    const lower = registry.replace("tier: critical", "tier: medium");
    const pull = await s.open("lower", { ...change, [REGISTRY]: lower });
    expect(await s.verdict(pull)).toMatch(/^action_required: Critical risk/);
    expect(s.check(pull)?.output.summary).toContain("### Under the registry of this pull request");
    expect(s.check(pull)?.output.summary).toMatch(/this one would be: \*\*High risk: needs/);
  });

  it("P08 hostile text of a policy stays inert, and a policy that is new from end to end is cut off", async () => {
    await start();
    const hostile = Array.from({ length: 60 }, (_, at) => `  r${at}: ["@acme/ml"]`).join("\n");
    const pull = await edit(
      "hostile",
      `${POLICY.replace("roles:\n", `roles:\n${hostile}\n`)}detect: { ignore: ["@everyone<img src=x>/**", "a\`b/*](http://x)"] }\n`,
    );
    const told = section(pull);
    expect(told).not.toMatch(/(?<!\\)<img/);
    expect(told).not.toMatch(/(?<![`\u2060\\])@everyone/);
    expect(told).toContain("… and");
    expect(told.split("\n").length).toBeLessThan(25);
  });
});
