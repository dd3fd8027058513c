import { afterEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { agent, FILES, POLICY, PROMPT } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const REGISTRY_PATH = ".github/ai-systems.yml";
const REGISTRY = String(FILES[REGISTRY_PATH]);

/** A system of the registry. */
const system = (id: string, owner: string, tier = "low") =>
  `${REGISTRY.slice(REGISTRY.indexOf("  - id: low"), REGISTRY.indexOf("  - id: medium"))}`
    .replaceAll("low", id)
    .replace(`tier: ${id}`, `tier: ${tier}`)
    .replace('owner: "@olga"', `owner: "${owner}"`);

describe("the registry, end to end", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
  };
  afterEach(() => s.end());
  const output = (pull: PullRequest) => `${s.check(pull)?.output.summary}${s.check(pull)?.output.text}`;

  it("S04 a new system of the head adds its owner, beside whoever answers for what is not registered yet", async () => {
    await start();
    const pull = await s.open("new", {
      [REGISTRY_PATH]: `${REGISTRY}${system("fresh", "@ben")}`,
      "services/fresh/agent.py": agent(MODEL),
    });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(output(pull)).toContain("`@ben`");
    await s.approve(pull, "ben", "anna", "olga", "sam");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@rita/);
    s.evals(pull);
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S04 taking a system out of the registry, or giving it a lower tier, cures nothing of the change beside it", async () => {
    await start();
    const prompt = { "services/high/prompts/system.md": `${PROMPT}Be brief.\n` };
    const out = await s.open("out", {
      ...prompt,
      [REGISTRY_PATH]: REGISTRY.replace(/ {2}- id: high[\s\S]*?(?= {2}- id: critical)/, ""),
    });
    const lower = await s.open("lower", {
      ...prompt,
      [REGISTRY_PATH]: REGISTRY.replace("    tier: high\n", "    tier: low\n"),
    });
    for (const pull of [out, lower]) {
      expect(await s.verdict(pull)).toMatch(/^(?:action_required|failure): (?:High|Critical) risk/);
      await s.approve(pull, "anna", "ben");
      await s.idle();
      expect(await s.merge(pull)).toBe(405);
      expect(output(pull)).toContain("`@olga`");
    }
  });

  it("S04 an exception works from the pull request after the one that merged it", async () => {
    const overdue = REGISTRY.replace(
      /( {2}- id: high[\s\S]*?review: \{ every: )P180D, last: 2026-11-01/,
      "$1P90D, last: 2026-01-01",
    );
    await start({ files: { [REGISTRY_PATH]: overdue } });
    const exception = `exceptions:\n  - { id: EX-1, rule: record/review-overdue, scope: { system: high }, reason: The review is under way., compensatingControls: [daily sampling], acceptedBy: "@rita", created: 2026-11-20, expires: 2026-12-20 }\n`;
    const change = { "services/high/prompts/system.md": `${PROMPT}Be brief.\n` };
    const own = await s.open("own", { ...change, [REGISTRY_PATH]: `${overdue}${exception}` });
    s.evals(own);
    await s.approve(own, "olga", "rita", "sam");
    expect(await s.verdict(own)).toMatch(/^failure/);
    expect(output(own)).toContain("record/review-overdue");
    s.act.push(s.repository, "main", { [REGISTRY_PATH]: `${overdue}${exception}` }, { by: "root" });
    const after = await s.open("after", change);
    s.evals(after);
    await s.approve(after, "olga", "rita");
    expect(await s.verdict(after)).toMatch(/^success/);
  });

  it("S08 pausing a system is quick: low, and one person who is not its author", async () => {
    await start();
    const paused = REGISTRY.replace(/( {2}- id: critical[\s\S]*?lifecycle: )deployed/, "$1paused");
    const pull = await s.open("pause", { [REGISTRY_PATH]: paused });
    expect(await s.verdict(pull)).toMatch(/^action_required: Low risk/);
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success: Low risk: approved by @rita/);
    const more = await s.open("more", { [REGISTRY_PATH]: paused.replace("tier: high", "tier: low") });
    await s.approve(more, "rita");
    expect(await s.verdict(more)).toMatch(/^(?:action_required|failure): (?:High|Critical) risk/);
  });

  it("S13 an approval by command names at least sixteen digits of the head as it stood", async () => {
    await start();
    const pull = await s.open("digits", { "services/low/agent.py": agent(MODEL) });
    await s.approve(pull, "anna");
    const old = pull.head.sha;
    await s.comment(pull, "olga", `/countersign approve ${old.slice(0, 15)}`);
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga/);
    await s.comment(pull, "olga", `/countersign approve ${old.slice(0, 16)}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
    const head = s.act.push(
      s.repository,
      "digits",
      { "services/low/agent.py": agent("o3-2025-04-16") },
      { by: "dora" },
    );
    await s.approve(pull, "anna");
    await s.comment(pull, "olga", `/countersign approve ${old}`);
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga/);
    await s.comment(pull, "olga", `/countersign approve ${head}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S27 an owner of many systems is asked once, and above ten of them a risk owner may stand in", async () => {
    const ids = Array.from({ length: 12 }, (_, at) => `many-${at}`);
    await start({
      files: {
        [REGISTRY_PATH]: `version: 1\nsystems:\n${ids.map((id, at) => system(id, at === 0 ? "@ben" : "@olga", "medium")).join("")}`,
        ...Object.fromEntries(ids.map((id) => [`services/${id}/prompts/system.md`, PROMPT])),
      },
    });
    const change = (some: readonly string[]) =>
      Object.fromEntries(some.map((id) => [`services/${id}/prompts/system.md`, `${PROMPT}Be brief.\n`]));
    const few = await s.open("few", change(ids.slice(1, 10)));
    expect(await s.verdict(few)).toMatch(/^action_required: Medium risk: needs @olga \(system owner\)/);
    await s.approve(few, "olga", "anna");
    expect(await s.verdict(few)).toMatch(/^success/);
    const many = await s.open("many", change(ids));
    await s.approve(many, "rita", "anna");
    expect(await s.verdict(many)).toMatch(/^success: Medium risk: approved by/);
  });

  it("S27 CODEOWNERS gives nobody a role", async () => {
    await start({ files: { ".github/CODEOWNERS": "* @sam\nservices/** @sam\n" } });
    const pull = await s.open("owned", { "services/low/agent.py": agent(MODEL) });
    await s.approve(pull, "sam", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga/);
  });

  it("P41 a pattern that would take for ever elsewhere, and a bomb of YAML, take no time", async () => {
    const custom = `detect:\n  custom: [{ id: model/route, class: model, paths: ["**/*.cfg"], pattern: "^route: (?<value>(a+)+)$" }]\n`;
    await start({ files: { ".github/countersign.yml": `${POLICY}${custom}`, "services/low/a.cfg": "route: a\n" } });
    const began = performance.now();
    const pattern = await s.open("pattern", { "services/low/a.cfg": `route: ${"a".repeat(200_000)}b\nroute: aa\n` });
    expect(await s.verdict(pattern)).toMatch(/^action_required/);
    const levels = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]`);
    const bomb = await s.open("bomb", { ".github/countersign.yml": `a0: &a0 x\n${levels.join("\n")}\n` });
    expect(await s.verdict(bomb)).toMatch(/^failure/);
    expect(output(bomb)).toContain("aliases repeat too much");
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
