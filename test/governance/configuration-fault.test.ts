import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/core/policy.ts";
import { configurationFaults } from "../../src/governance/configuration-fault.ts";
import { type Parsed, parsePolicy, parseRegistry } from "../../src/governance/configuration-file.ts";

const policy = (text: string) => parsePolicy(`version: 1\n${text}`, ".github/countersign.yml");
const registry = (text: string) => parseRegistry(`version: 1\n${text}`, ".github/ai-systems.yml");
const ABSENT = { rules: null, before: null, after: null };
const from = <T>(before: Parsed<T> | null, after: Parsed<T> | null) => ({ rules: before, before, after });
const reasons = (
  policies: Parameters<typeof configurationFaults>[0],
  registries: Parameters<typeof configurationFaults>[1] = ABSENT,
  baseline: Policy | null = null,
) => configurationFaults(policies, registries, baseline).map(({ rule, reason }) => `${rule}: ${reason}`);

describe("a configuration that cannot be read", () => {
  const good = policy("");
  const bad = policy("mode: enforced\n");
  const sentence =
    '.github/countersign.yml:2:7: mode: a value that is not allowed; expected one of observe, enforce; did you mean "enforce"?';
  it("is a fault where the rules come from", () => {
    expect(reasons(from(bad, bad))).toEqual([`record/unreadable: ${sentence}`]);
    expect(reasons({ rules: bad, before: good, after: good })).toEqual([`record/unreadable: ${sentence}`]);
  });
  it("is a fault of the change that leaves it so", () => {
    expect(reasons(from(good, bad))).toEqual([`record/unreadable: this change leaves ${sentence}`]);
    expect(reasons(from(null, bad))).toHaveLength(1);
  });
  it("is none of the change that mends it", () => {
    expect(reasons(from(bad, good))).toEqual([]);
  });
  it("is one still when a change removes it, or leaves it broken otherwise", () => {
    expect(reasons(from(bad, null))).toHaveLength(1);
    expect(reasons(from(bad, policy("mode: off\n")))[0]).toContain("this change leaves");
  });
  it("is one for the registry too, five problems at most", () => {
    const many = registry(`systems: [${Array.from({ length: 9 }, (_, at) => `{ id: s${at}, tier: x }`).join(", ")}]\n`);
    expect(reasons(from(good, good), from(registry(""), many))).toHaveLength(5);
    expect(reasons(ABSENT, from(many, registry("")))).toEqual([]);
  });
  it("is none where there is nothing", () => {
    expect(reasons(ABSENT)).toEqual([]);
  });
});

describe("S03 a value looser than the baseline's", () => {
  const baseline: Policy = { version: 1, mode: "enforce", tiers: { high: { distinctPeople: 3 } } };
  const loose = policy("tiers: { high: { distinctPeople: 1 } }\n");
  it("is a fault of the change that writes it", () => {
    expect(reasons(from(policy(""), loose), ABSENT, baseline)).toEqual([
      "governance/policy: tiers.high.distinctPeople: 1 is looser than the organisation's 3: fewer people need to approve.",
    ]);
    expect(reasons(from(null, loose), ABSENT, baseline)).toHaveLength(1);
  });
  it("is none of a change that leaves it alone, or edits something else", () => {
    expect(reasons(from(loose, loose), ABSENT, baseline)).toEqual([]);
    expect(
      reasons(from(loose, policy('tiers: { high: { distinctPeople: 1 } }\ncontact: "@a"\n')), ABSENT, baseline),
    ).toEqual([]);
  });
  it("is none without a baseline", () => {
    expect(reasons(from(policy(""), loose))).toEqual([]);
  });
});

describe("S15 switching to enforce", () => {
  const observing = policy("");
  const people = 'roles: { ai-reviewer: ["@a", "@b"], risk-owner: ["@c", "@d"], security: ["@e", "@f"] }\n';
  it("is refused while nobody holds a role that it asks for", () => {
    const found = reasons(from(observing, policy('mode: enforce\nroles: { risk-owner: ["@a", "@b", "@c"] }\n')));
    expect(found).toEqual([expect.stringContaining("it cannot switch to enforce yet: nobody holds ai-reviewer")]);
  });
  it("is refused while a tier asks for more people than there are", () => {
    const two = 'mode: enforce\nroles: { ai-reviewer: ["@a", "@b"], risk-owner: ["@a", "@b"] }\n';
    expect(reasons(from(observing, policy(two))).join()).toContain(
      "tier critical cannot be met: it asks for 3 different people",
    );
    expect(reasons(from(observing, policy(`${two}tiers: { critical: { distinctPeople: 2 } }\n`)))).toEqual([]);
  });
  it("is allowed with the people it takes, or with teams", () => {
    expect(reasons(from(observing, policy(`mode: enforce\n${people}`)))).toEqual([]);
    expect(
      reasons(from(null, policy('mode: enforce\nroles: { ai-reviewer: ["@a/m"], risk-owner: ["@c", "@d"] }\n'))),
    ).toEqual([]);
  });
  it("is no matter of a policy that enforces already, or goes on observing", () => {
    expect(reasons(from(policy(`mode: enforce\n${people}`), policy("mode: enforce\n")))).toEqual([]);
    expect(reasons(from(observing, policy('contact: "@a"\n')))).toEqual([]);
  });
  it("is no matter where the baseline enforces already", () => {
    const baseline: Policy = { version: 1, mode: "enforce" };
    expect(reasons(from(observing, policy("mode: enforce\n")), ABSENT, baseline)).toEqual([]);
  });
});
