import { expect, it } from "vitest";
import { effectivePolicy, type Policy } from "../../src/core/policy.ts";
import type { Registry } from "../../src/core/registry.ts";
import { shortages } from "../../src/governance/shortage.ts";

const ENOUGH = { "ai-reviewer": ["@a", "@b"], "risk-owner": ["@c", "@d"], security: ["@e", "@f"] };
const found = (policy: Partial<Policy>, registry: Partial<Registry> = {}) =>
  shortages(effectivePolicy({ version: 1, ...policy }), { version: 1, ...registry }).map(
    ({ path, sentence, fatal }) => `${fatal ? "fatal" : "hint"} ${path.join(".")}: ${sentence}`,
  );

it.each<[string, Partial<Policy>, Partial<Registry>, readonly string[]]>([
  ["enough people", { roles: ENOUGH }, {}, []],
  ["a team, whose size nobody knows here", { roles: { ...ENOUGH, security: ["@acme/sec"] } }, {}, []],
  [
    "a role with nobody",
    { roles: { ...ENOUGH, security: [] } },
    {},
    [
      "fatal roles.security: nobody holds security, which tier high, tier critical ask for; name people under roles.security",
    ],
  ],
  [
    "a role with one person",
    { roles: { ...ENOUGH, security: ["@e"] } },
    {},
    ["hint roles.security: security is held by @e only, so what they change themselves nobody can approve as security"],
  ],
  [
    "a role with fewer people than are asked",
    { roles: ENOUGH, tiers: { high: { approvals: [{ role: "security", count: 3 }] } } },
    {},
    ["fatal roles.security: security is held by 2, and tier high, tier critical ask for 3 of them; name more people"],
  ],
  [
    "a statement without a risk owner",
    {
      roles: { ...ENOUGH, "risk-owner": [] },
      tiers: { critical: { approvals: [] }, high: { approvals: [] } },
      unregisteredOwner: "security",
    },
    {},
    ["fatal roles.risk-owner: nobody holds risk-owner, which the statement of tier critical asks for"],
  ],
  [
    "a role that only a system asks for",
    { roles: ENOUGH },
    { systems: [{ id: "bot", approvers: ["privacy"] }] },
    ["fatal roles.privacy: nobody holds privacy, which system bot asks for; name people under roles.privacy"],
  ],
  [
    "a tier that asks for more people than there are",
    { roles: { "ai-reviewer": ["@a", "@b"], "risk-owner": ["@a", "@b"] } },
    {},
    [
      "fatal tiers.critical.distinctPeople: tier critical cannot be met: it asks for 3 different people, and only 2 are named",
    ],
  ],
  [
    "owners and deputies count as people too",
    { roles: { "ai-reviewer": ["@a", "@b"], "risk-owner": ["@a", "@b"] } },
    { systems: [{ id: "bot", owner: "@o" }] },
    [],
  ],
])("%s", (_, policy, registry, expected) => {
  const all = found(policy, registry);
  expect(all).toHaveLength(expected.length);
  for (const [at, sentence] of expected.entries()) expect(all[at]).toContain(sentence);
});
