import { expect, it } from "vitest";
import { effectivePolicy, type Policy } from "../../src/core/policy.ts";
import { originsOf } from "../../src/governance/origin.ts";
import { stricterPolicy } from "../../src/governance/tightening.ts";

const baseline: Policy = {
  version: 1,
  mode: "enforce",
  roles: { "risk-owner": ["@ceo", "@cto"] },
  limits: { reviewMax: "P30D" },
};
const own: Policy = {
  version: 1,
  roles: { "risk-owner": ["@ceo"], "ai-reviewer": ["@dev"] },
  limits: { reviewMax: "P60D" },
  contact: "@dev",
};

it("every value of the effective policy says who set it", () => {
  const origins = originsOf(effectivePolicy(stricterPolicy(baseline, own).policy), baseline, own);
  expect(Object.fromEntries(origins)).toMatchObject({
    mode: "baseline",
    "roles.risk-owner": "repository",
    "roles.ai-reviewer": "repository",
    "roles.security": "built-in",
    "limits.reviewMax": "baseline",
    "limits.reviewGrace": "built-in",
    contact: "repository",
    checks: "built-in",
    "tiers.high.distinctPeople": "built-in",
  });
});

it("a value that joins both is of both", () => {
  const [one, other]: Policy[] = [
    { version: 1, branches: ["main"] },
    { version: 1, branches: ["release/**"] },
  ];
  const joined = stricterPolicy(one as Policy, other as Policy).policy;
  expect(originsOf(effectivePolicy(joined), one as Policy, other as Policy).get("branches")).toBe(
    "baseline and repository",
  );
});
