import { describe, expect, it } from "vitest";
import { evaluationBetween, type TreeFile } from "../detectors/fixture.ts";

const file = (text: string): TreeFile => ({ mode: "100644", bytes: Buffer.from(text) });
const POLICY = "version: 1\nmode: enforce\n";

describe("a file that holds more than is read of one", () => {
  const values = (model: string) => `{"rows": [${"1,".repeat(1_100_000)}1], "model": "${model}"}`;

  it("blocks, and says how to go on, since what hides behind its data is not known", async () => {
    const before = new Map([["config/agent.json", file(values("gpt-4o-2024-08-06"))]]);
    const after = new Map([["config/agent.json", file(values("gpt-4o-mini"))]]);
    const { decision, requirements } = await evaluationBetween(before, after, POLICY);
    expect(decision.state).toBe("blocked");
    const reasons = requirements.filter(({ state }) => state === "failed").map(({ reason }) => reason);
    expect(reasons.join("\n")).toMatch(/config\/agent\.json holds more than is read of one file .*detect\.ignore/);
  });

  it("is left alone where the policy says that it is data", async () => {
    const policy = `${POLICY}detect: { ignore: ["data/**"] }\n`;
    const before = new Map([["data/rows.json", file(values("gpt-4o-2024-08-06"))]]);
    const after = new Map([["data/rows.json", file(values("gpt-4o-mini"))]]);
    expect((await evaluationBetween(before, after, policy)).decision.state).toBe("not-governed");
  });

  it("is no matter while it does not change", async () => {
    const rows = file(values("gpt-4o-2024-08-06"));
    const before = new Map([["config/agent.json", rows]]);
    const after = new Map([
      ["config/agent.json", rows],
      ["src/a.ts", file("export const a = 1;\n")],
    ]);
    expect((await evaluationBetween(before, after, POLICY)).decision.state).toBe("not-governed");
  });
});
