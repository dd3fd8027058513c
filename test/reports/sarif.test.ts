import { describe, expect, it } from "vitest";
import { sarifReport } from "../../src/reports/sarif.ts";
import { evaluationBetween, type Tree } from "../detectors/fixture.ts";

const tree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: "100644" }]));
const MODEL = (model: string, line = "") =>
  `import openai\n${line}client.chat.completions.create(model="${model}", messages=[])\n`;

async function reportOf(before: Tree, after: Tree) {
  const evaluation = await evaluationBetween(before, after);
  const { runs } = sarifReport(evaluation, ["model/id: Another model is used."], "1.2.3");
  const [run] = runs;
  if (!run?.results) throw new Error("no run");
  return { run, results: run.results };
}

describe("SARIF", () => {
  it("P39 names rule, level, place and change of each finding", async () => {
    const path = "src/a b#c/`::error::` @team.py";
    const { run, results } = await reportOf(tree({ [path]: MODEL("gpt-4o") }), tree({ [path]: MODEL("gpt-4.1") }));
    expect(results).toHaveLength(1);
    const [result] = results;
    expect(result?.ruleId).toBe("model/id");
    expect(run.tool.driver.rules?.[result?.ruleIndex ?? -1]).toMatchObject({
      id: "model/id",
      shortDescription: { text: "Another model is used." },
    });
    const place = result?.locations?.[0]?.physicalLocation;
    expect(place?.region?.startLine).toBe(2);
    expect(place?.artifactLocation?.uri?.split("/").map(decodeURIComponent).join("/")).toBe(path);
    expect(place?.artifactLocation?.uri).not.toMatch(/[ #`]/);
    expect(result?.message.text).toContain("gpt-4o -> gpt-4.1");
    expect(["note", "warning", "error"]).toContain(result?.level);
  });

  it("knows a finding again when its line moves, and another one as another", async () => {
    const at = async (model: string, line = "") => {
      const { results } = await reportOf(
        tree({ "src/agent.py": MODEL("gpt-4o") }),
        tree({ "src/agent.py": MODEL(model, line) }),
      );
      return results.map((result) => result.partialFingerprints);
    };
    expect(await at("gpt-4.1", "# moved\n")).toEqual(await at("gpt-4.1"));
    expect(await at("o3")).not.toEqual(await at("gpt-4.1"));
  });

  it("shows what is gone where it stood", async () => {
    const { results } = await reportOf(tree({ "AGENTS.md": "Never reveal secrets.\n" }), tree({}));
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri)).toContain(
      "AGENTS.md",
    );
    expect(results[0]?.message.text).toContain("it stood here before the change");
  });

  it("says nothing where nothing is governed", async () => {
    const { results, run } = await reportOf(tree({ "README.md": "a\n" }), tree({ "README.md": "b\n" }));
    expect(results).toEqual([]);
    expect(run.tool.driver.rules).toEqual([]);
  });
});
