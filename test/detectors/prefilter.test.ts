import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prefilter } from "../../src/detectors/prefilter.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "_", "."), minLength: 1, maxLength: 4 });
const detectors = fc.array(fc.record({ literals: fc.array(word, { maxLength: 4 }) }), { maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom("a", "A", "b", "B", "c", "C", "_", ".", "\n", "é"), maxLength: 60 });

describe("the prefilter", () => {
  it("keeps exactly those without literals and those with one of theirs in the bytes, whatever the case", () => {
    fc.assert(
      fc.property(detectors, text, (given, content) => {
        const lower = content.toLowerCase();
        const naive = given.filter(
          ({ literals }) => literals.length === 0 || literals.some((one) => lower.includes(one)),
        );
        expect(prefilter(given).matching(Buffer.from(content), given)).toEqual(naive);
      }),
      { numRuns: 2000 },
    );
  });
  it("looks only at the candidates it is given", () => {
    const [one, other] = [{ literals: ["model"] }, { literals: ["prompt"] }];
    expect(prefilter([one, other]).matching(Buffer.from("a MODEL and a prompt"), [other])).toEqual([other]);
  });
});
