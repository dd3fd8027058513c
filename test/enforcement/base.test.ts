import { expect, it } from "vitest";
import { PROMPT } from "./repository-files.ts";
import { scene } from "./scene.ts";

const prompt = (more: string) => `${PROMPT}${more}\n`;

it("S07 two approved pull requests that together remove both guardrails: the second must update its branch", async () => {
  const s = await scene();
  try {
    const [first, second] = [
      await s.open("first", { "services/low/prompts/system.md": PROMPT.replace("Never promise a refund. ", "") }),
      await s.open("second", {
        "services/low/prompts/system.md": PROMPT.replace(" Ask a colleague whenever you are not sure.", ""),
        "services/low/prompts/extra.md": prompt("Extra."),
      }),
    ];
    for (const pull of [first, second]) {
      await s.approve(pull, "olga", "anna", "rita");
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
    }
    expect(await s.merge(first)).toBe(200);
    expect(await s.verdict(second)).toMatch(/^action_required: .*update of the branch/);
    expect(await s.merge(second)).toBe(405);
    expect(s.check(second)?.output.summary).toContain("services/low/prompts/system.md");
  } finally {
    await s.close();
  }
});

it("S07 a base that moved elsewhere asks for nothing; another whole file of the same system does", async () => {
  const s = await scene();
  try {
    const pull = await s.open("mine", { "services/low/prompts/system.md": prompt("Be brief.") });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(
      s.repository,
      "main",
      { "docs/x.md": "x\n", "services/medium/prompts/system.md": prompt("y") },
      { by: "root" },
    );
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "main", { "services/low/prompts/second.md": prompt("Second.") }, { by: "root" });
    expect(await s.verdict(pull)).toMatch(/^action_required: .*update of the branch/);
    s.act.mergeInto(s.repository, "mine", "main", "dora");
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
  } finally {
    await s.close();
  }
});
