import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prefilter } from "../../src/detectors/prefilter.ts";

const gate = (...literals: string[]) => ({ literals });
const names = (bytes: string | Uint8Array, gates: readonly { literals: string[] }[]) =>
  prefilter(gates)
    .matching(typeof bytes === "string" ? Buffer.from(bytes) : bytes, gates)
    .map((found) => gates.indexOf(found));

describe("prefilter", () => {
  it.each([
    ["nothing to find", "hello", [["x"]], []],
    ["no literals: all content", "", [[]], [0]],
    ["upper case", "MCPSERVERS", [["mcpservers"]], [0]],
    ["a literal in another one", "xshex", [["she"], ["he"], ["hers"]], [0, 1]],
    ["overlaps", "ushers", [["she"], ["he"], ["hers"], ["his"]], [0, 1, 2]],
    ["a beginning that fails late", "aaab", [["aab"], ["ab"]], [0, 1]],
    ["one literal of two detectors", "key", [["key"], ["key", "x"]], [0, 1]],
    ["letters outside of ASCII by their bytes", "größe", [["größe"], ["grösse"]], [0]],
  ] as const)("%s", (_, text, gates, found) => {
    expect(
      names(
        text,
        gates.map((literals) => gate(...literals)),
      ),
    ).toEqual(found);
  });

  it("asks only the candidates", () => {
    const gates = [gate("a"), gate("b"), gate()];
    expect(prefilter(gates).matching(Buffer.from("ab"), [gates[1] as (typeof gates)[0]])).toEqual([gates[1]]);
  });

  it("agrees with searching each literal", () => {
    const letter = fc.constantFrom("a", "b", "A", "B", "é");
    const literal = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.array(literal, { maxLength: 4 }), { maxLength: 6 }),
        // Short ones are walked through from the beginning, longer ones in quarters.
        fc.oneof(
          fc.string({ unit: letter, maxLength: 60 }),
          fc.string({ unit: letter, minLength: 100, maxLength: 400 }),
        ),
        (lists, text) => {
          const gates = lists.map((literals) => gate(...literals));
          const lower = text.replace(/[A-Z]/g, (upper) => upper.toLowerCase());
          const expected = lists.flatMap((literals, number) =>
            literals.length === 0 || literals.some((one) => lower.includes(one)) ? [number] : [],
          );
          expect(names(text, gates)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps the automatons of other literals apart", () => {
    for (let round = 0; round < 20; round += 1) {
      const gates = [gate(`word${round % 12}`)];
      expect(names(`word${round % 12}`, gates)).toEqual([0]);
      expect(names("word", gates)).toEqual([]);
    }
  });
});
