import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { parsePolicy } from "../../src/governance/configuration-file.ts";
import { type Program, programOver } from "./model/program.ts";
import { PLAIN } from "./model/rules.ts";
import { POLICY, type Pull, World } from "./model/world.ts";
import { FILES, PROMPT } from "./repository-files.ts";

const PAGE = readFileSync(new URL("../../docs/small-teams.md", import.meta.url), "utf8");
const [THREE = "", TWO = "", ONE = ""] = [...PAGE.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml ?? "");
const REGISTRY = String(FILES[".github/ai-systems.yml"])
  .replaceAll("@olga", "@anna")
  .replaceAll("runbook: docs/runbook.md,", "runbook: docs/runbook.md, lastRehearsal: 2026-11-20,");
const TIERS = ["low", "medium", "high", "critical"] as const;

describe("S15 docs/small-teams.md", () => {
  let program: Program;
  let world: World;
  let heard = 0;
  afterEach(() => program.close());

  const begin = (policy: string, people: readonly string[]) => {
    world = new World(PLAIN, people, { [POLICY]: policy, ".github/ai-systems.yml": REGISTRY });
    program = programOver(world);
  };
  const check = async (pull: Pull) => {
    for (let event = world.events.shift(); event; event = world.events.shift()) await program.hear(event, ++heard);
    await program.work();
    return world.runs.get(`${world.headOf(pull)} countersign`)?.said;
  };
  const opened = (author: string, files: Readonly<Record<string, string>>) => {
    const branch = `branch-${world.pulls.length}`;
    const tip = world.tip("main");
    world.branches.set(branch, world.commit([tip], world.changed(tip, files), author));
    return world.open(author, branch, "main") as Pull;
  };
  const approve = (pull: Pull, by: readonly string[]) => {
    for (const login of by) {
      world.now += 1_000;
      world.review(pull, login, "APPROVED");
      world.command(pull, login, `/countersign accept-risk ${world.headOf(pull)} Looked at it.`);
    }
  };

  it.each([
    ["three", THREE, ["anna", "ben", "cleo"]],
    ["two", TWO, ["anna", "ben"]],
  ])(
    "of %s people everything can be approved by the others, whoever made it, and nothing without them",
    async (_, policy, people) => {
      expect(parsePolicy(policy, "page").ok).toBe(true);
      // What is rehearsed is on record elsewhere, whoever approves.
      begin(policy.replace("critical: {", "critical: { rollback: planned,"), people);
      const edits: readonly Readonly<Record<string, string>>[] = [
        ...TIERS.map((tier) => ({ [`services/${tier}/prompts/system.md`]: `${PROMPT}Be brief.\n` })),
        { [POLICY]: `${policy}contact: "@anna"\n` },
      ];
      for (const author of people) {
        for (const files of edits) {
          const pull = opened(author, files);
          expect(await check(pull)).toMatch(/^action_required/);
          world.evaluate(pull, "success");
          approve(
            pull,
            people.filter((login) => login !== author),
          );
          expect(await check(pull), `${author} ${Object.keys(files)}`).toMatch(/^success: \w+ risk: approved/);
          world.setOpen(pull, false);
        }
      }
    },
  );

  it("of one person nothing is blocked, and everything is told", async () => {
    begin(ONE, ["anna"]);
    for (const tier of TIERS) {
      const pull = opened("anna", { [`services/${tier}/prompts/system.md`]: `${PROMPT}Be brief.\n` });
      expect(await check(pull)).toMatch(/^success: Observing: \w+ risk, would/);
    }
  });
});
