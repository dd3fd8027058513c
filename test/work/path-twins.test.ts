import { describe, expect, it } from "vitest";
import { check } from "../../src/commands/check.ts";
import type { EvaluationJson } from "../../src/reports/evaluation-json.ts";
import { recorded, testRepository } from "../commands/repository.ts";

async function twinsOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string | null>>,
): Promise<EvaluationJson> {
  const repo = testRepository();
  const base = repo.commit(before);
  const head = repo.commit(after);
  const { io, out } = recorded();
  await check(["--repo", repo.directory, "--base", base, "--head", head, "--format", "json"], io);
  return JSON.parse(out()) as EvaluationJson;
}

const found = ({ findings }: EvaluationJson) =>
  findings.filter(({ rule }) => rule === "record/path-twin").map(({ place, after }) => [place.after?.path, after]);

describe("P05 two paths that are one to some file systems", () => {
  it.each([
    ["letters of another case", "config/agent.yml", "config/Agent.yml"],
    ["a folder of another case", "config/agent.yml", "Config/agent.yml"],
    ["another spelling of the same letter", "prompts/caf\u00e9.md", "prompts/cafe\u0301.md"],
    ["a letter that another folds to", "prompts/stra\u00dfe.md", "prompts/STRASSE.md"],
  ])("%s", async (_, standing, added) => {
    const evaluation = await twinsOf({ [standing]: "a: 1\n" }, { [added]: "a: 2\n" });
    expect(found(evaluation)).toEqual([[added, `beside ${standing}`]]);
    expect(evaluation.tier.value).toBe("medium");
  });

  it("counts in the system whose paths it lies in", async () => {
    const registry =
      "version: 1\nsystems:\n  - id: bot\n    name: Bot\n    intendedPurpose: Answers.\n    owner: '@anna'\n    lifecycle: deployed\n    tier: low\n    paths: ['config/**']\n";
    const before = { ".github/ai-systems.yml": registry, "config/data.bin": "x" };
    const evaluation = await twinsOf(before, { "CONFIG/data.bin": "y" });
    expect(found(evaluation)).toHaveLength(1);
    expect(evaluation.systems).toEqual(["bot"]);
  });

  it.each([
    ["a rename that only changes the case", { "a.yml": "a: 1\n" }, { "a.yml": null, "A.yml": "a: 1\n" }],
    ["another folder", { "a/x.yml": "a: 1\n" }, { "b/X.yml": "a: 1\n" }],
    ["two that stood before", { "x.yml": "a: 1\n", "X.yml": "a: 1\n" }, { "x.yml": "a: 2\n" }],
    ["files that no rule reads", { "a.bin": "x" }, { "A.bin": "y" }],
  ])("not %s", async (_, before, after) => expect(found(await twinsOf(before, after))).toEqual([]));
});
