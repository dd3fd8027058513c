import { describe, expect, it } from "vitest";
import type { Fact } from "../../src/core/detector.ts";
import { withoutHidden } from "../../src/work/hidden-text.ts";

const HIDDEN = [
  { text: "alpha-bravo.charlie+delta", shown: "***1" },
  { text: "alpha-bravo", shown: "***2" },
];

function masked(fields: Partial<Fact>): Fact | undefined {
  const fact: Fact = { rule: "r", key: "k", value: "v", line: 1, confidence: "certain", ...fields };
  return withoutHidden([fact], HIDDEN)[0];
}

describe("what no report may show", () => {
  it.each<readonly [string, Partial<Fact>, Partial<Fact>]>([
    ["in a value", { value: "say alpha-bravo.charlie+delta now" }, { value: "say ***1 now" }],
    ["in a key and its label", { key: "a alpha-bravo", label: "alpha-bravo" }, { key: "a ***2", label: "***2" }],
    ["in what is shown", { shown: "x alpha-bravo.charlie+delta" }, { shown: "x ***1" }],
    ["in other letters", { shown: "ALPHA-Bravo.charlie+DELTA" }, { shown: "***1" }],
    ["in references", { references: ["alpha-bravo", "KEY"] }, { references: ["***2", "KEY"] }],
    ["cut at its end", { shown: "x alpha-bravo.cha…" }, { shown: "x ***1…" }],
    ["cut at its start", { shown: "x …charlie+delta y" }, { shown: "x …***1 y" }],
    ["cut in the middle", { shown: "x alpha-br…ie+delta" }, { shown: "x ***1…***1" }],
    ["too little of it to tell", { shown: "x alpha…" }, { shown: "x alpha…" }],
  ])("%s", (_, fields, expected) => expect(masked(fields)).toMatchObject(expected));

  it("leaves facts alone where nothing is hidden", () => {
    const facts: readonly Fact[] = [{ rule: "r", key: "k", value: "v", line: 1, confidence: "certain" }];
    expect(withoutHidden(facts, [])).toBe(facts);
  });

  it("shows nothing of a file that is made of secrets, and still tells what differs", () => {
    const hidden = Array.from({ length: 6_000 }, (_, index) => ({ text: `secret-${index}`, shown: "***" }));
    const fact = (text: string): Fact => ({
      rule: "r",
      key: "k",
      label: `name ${text}`,
      value: `${text} `.repeat(1_000),
      line: 1,
      confidence: "certain",
    });
    const [first, second, again] = withoutHidden([fact("secret-1"), fact("secret-2"), fact("secret-1")], hidden);
    expect(JSON.stringify([first, second])).not.toContain("secret-");
    expect(first?.value).not.toBe(second?.value);
    expect(first?.value).toBe(again?.value);
  });
});
