import { expect, it } from "vitest";
import { effectivePolicy } from "../../src/core/policy.ts";
import { RULE_IDS } from "../../src/core/rule-id.ts";
import { detectorsFor } from "../../src/detectors/index.ts";

it("the ids that a policy may name are those of the detectors", () => {
  const rules = detectorsFor(effectivePolicy(null), new Uint8Array(32)).flatMap((detector) => detector.rules);
  expect([...new Set(rules.map(({ id }) => id))].sort()).toEqual([...RULE_IDS].sort());
  for (const rule of rules) expect(rule.id.startsWith(`${rule.class}/`), rule.id).toBe(true);
});
