import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { effectivePolicy } from "../../src/core/policy.ts";
import { detectorsFor } from "../../src/detectors/index.ts";
import { findingsBetween, fixtures } from "./fixture.ts";

const all = fixtures();
const rules = detectorsFor(effectivePolicy(null), Buffer.alloc(32, 7)).flatMap((detector) => detector.rules);
const ENOUGH = 5;
/** Rules whose examples cannot be files of this repository, with the test that covers them. */
const PROVEN_ELSEWHERE: Readonly<Record<string, string>> = {
  // A committed value that looks like a secret would set off every scanner that reads this repository.
  "credential/secret-value": "test/detectors/credential/secret-value.test.ts",
};

describe("fixtures", () => {
  it.each(all)("$name", async (fixture) => {
    const findings = await findingsBetween(fixture.before, fixture.after, fixture.policy);
    const own = findings.filter(({ rule, severity }) => rule === fixture.rule && severity !== "trivial");
    for (const wanted of fixture.expected ?? []) expect(findings).toContainEqual(expect.objectContaining(wanted));
    if (fixture.kind === "miss") expect(own).toEqual([]);
    else if (fixture.expected === null) expect(own, `no finding of ${fixture.rule}`).not.toEqual([]);
  });
});

describe("every rule is shown by examples", () => {
  it("knows the rules that fixtures name", () => {
    const known = new Set(rules.map(({ id }) => id));
    expect(all.filter(({ rule }) => !known.has(rule)).map(({ name }) => name)).toEqual([]);
  });

  it.each(Object.entries(PROVEN_ELSEWHERE))("%s has its examples in %s", (id, path) => {
    expect(readFileSync(path, "utf8")).toContain(id);
  });

  it.each(rules.map(({ id }) => id).filter((id) => !(id in PROVEN_ELSEWHERE)))("%s", (id) => {
    const own = all.filter(({ rule }) => rule === id);
    const hits = own.filter(({ kind }) => kind === "hit").length;
    expect({ hits: Math.min(hits, ENOUGH), misses: Math.min(own.length - hits, ENOUGH) }).toEqual({
      hits: ENOUGH,
      misses: ENOUGH,
    });
  });
});
