import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact } from "../../src/core/detector.ts";
import { pairFacts } from "../../src/core/fact-pairs.ts";

const fact = (value: string): Fact => ({ rule: "r", key: "k", value, line: 1, confidence: "certain" });
const facts = (...values: string[]) => values.map(fact);
const shown = (pairs: ReturnType<typeof pairFacts>) =>
  pairs.map(({ before, after }) => [before?.value ?? null, after?.value ?? null]);

/** The share of letters two values have in common. */
const letters = (before: Fact, after: Fact) => {
  const all = new Set([...before.value, ...after.value]);
  return [...all].filter((letter) => before.value.includes(letter) && after.value.includes(letter)).length / all.size;
};

describe("pairFacts", () => {
  it("pairs in file order without a measure", () => {
    expect(shown(pairFacts(facts("a", "b"), facts("x")))).toEqual([
      ["a", "x"],
      ["b", null],
    ]);
  });

  it("pairs the most alike, whatever the order", () => {
    expect(shown(pairFacts(facts("abcd", "wxyz"), facts("wxy", "abc"), letters))).toEqual([
      ["abcd", "abc"],
      ["wxyz", "wxy"],
    ]);
  });

  it("pairs nothing that is less than half alike", () => {
    expect(shown(pairFacts(facts("abcd"), facts("wxyz"), letters))).toEqual([
      ["abcd", null],
      [null, "wxyz"],
    ]);
  });

  it("loses and invents no fact", () => {
    const values = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 4 }), { maxLength: 80 });
    fc.assert(
      fc.property(values, values, fc.boolean(), (removed, added, measured) => {
        const pairs = pairFacts(facts(...removed), facts(...added), measured ? letters : undefined);
        expect(pairs.flatMap(({ before }) => before?.value ?? []).sort()).toEqual([...removed].sort());
        expect(pairs.flatMap(({ after }) => after?.value ?? []).sort()).toEqual([...added].sort());
      }),
    );
  });
});
