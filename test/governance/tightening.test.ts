import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Policy } from "../../src/core/policy.ts";
import { POLICY_ORDER } from "../../src/governance/policy-order.ts";
import { baselineFor, loosenings, stricterPolicy } from "../../src/governance/tightening.ts";
import { documentWith, fieldsOf, samples } from "./schema-field.ts";

const fields = fieldsOf(Policy).map(({ path, schema }) => ({
  name: path.join("."),
  path,
  values: few(samples(schema)),
}));

function few(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].slice(0, 8);
}

/** The row of a field: its own, or that of a list which is compared as a whole. */
function rowOf(name: string) {
  return Object.entries(POLICY_ORDER).find(
    ([row, { covers = [] }]) => row === name || covers.some((below) => `${row}.*.${below}` === name),
  )?.[1];
}

const policyWith = (path: readonly string[], value: unknown) => documentWith(Policy, path, value) as Policy;
const looser = (path: readonly string[], before: unknown, after: unknown) =>
  loosenings(policyWith(path, before), policyWith(path, after));

/** Fields whose value may be replaced by any other, and only not be dropped. */
const KEPT = /^aiPolicy\.(?:document|owner|approvedBy|review\.last)$/;

describe("every field of the policy's schema", () => {
  it("has one row, and every row has a field", () => {
    expect(fields.filter(({ name }) => rowOf(name) === undefined).map(({ name }) => name)).toEqual([]);
    const used = new Set(fields.map(({ name }) => rowOf(name)));
    expect(Object.entries(POLICY_ORDER).flatMap(([name, row]) => (used.has(row) ? [] : [name]))).toEqual([]);
    expect(fields.length).toBeGreaterThan(60);
  });

  const ordered = fields.filter(({ name }) => rowOf(name)?.neutral !== true && !KEPT.test(name));
  it.each(ordered)("$name: of two values one is looser, and the loosening says so", ({ name, path, values: all }) => {
    // A role that nobody holds approves nothing: naming its first people, or taking its last away, loosens nothing.
    const values = name === "roles.*" ? all.filter((value) => (value as unknown[]).length > 0) : all;
    expect(values.length).toBeGreaterThan(1);
    for (const before of values) {
      expect(looser(path, before, before)).toEqual([]);
      for (const after of values) {
        if (before === after) continue;
        const found = [...looser(path, before, after), ...looser(path, after, before)];
        expect([before, after, found.length > 0]).toEqual([before, after, true]);
        for (const { sentence, path: where } of found) {
          expect(sentence.startsWith(`${where}: `)).toBe(true);
          expect(name.split(".")[0]).toBe(where.split(".")[0]);
        }
      }
    }
  });

  it.each(fields)("$name: a baseline's value is never undercut", ({ path, values }) => {
    for (const organisation of values) {
      for (const own of values) {
        const baseline = policyWith(path, organisation);
        const { policy, loosened } = stricterPolicy(baseline, policyWith(path, own));
        expect(Policy.safeParse(policy).error).toBeUndefined();
        expect(stricterPolicy(baseline, policy).loosened).toEqual([]);
        expect(stricterPolicy(baseline, policy).policy).toEqual(policy);
        if (organisation === own) expect(loosened).toEqual([]);
      }
    }
  });
});

describe("whole policies", () => {
  const part = fc.constantFrom(...fields.flatMap(({ path, values }) => values.map((value) => ({ path, value }))));
  const policy = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => {
    const merged = parts.reduce<object>((all, { path, value }) => merge(all, policyWith(path, value)), { version: 1 });
    return merged as Policy;
  });
  function merge(one: unknown, other: unknown): object {
    const both = { ...(one as Record<string, unknown>) };
    for (const [key, value] of Object.entries(other as object)) {
      const known = both[key];
      const nested = [known, value].every((item) => typeof item === "object" && item !== null && !Array.isArray(item));
      both[key] = nested ? merge(known, value) : value;
    }
    return both;
  }

  it("are not looser than themselves, and silence of the organisation changes nothing", () => {
    fc.assert(
      fc.property(policy, (given) => {
        expect(loosenings(given, given)).toEqual([]);
        expect(stricterPolicy(null, given)).toEqual({ policy: given, loosened: [] });
        expect(stricterPolicy({ version: 1 }, given).loosened).toEqual([]);
      }),
    );
  });

  it("S03 joined with a baseline are valid, hold all it says, and stay so", () => {
    fc.assert(
      fc.property(policy, policy, (baseline, own) => {
        const joined = stricterPolicy(baseline, own);
        expect(Policy.safeParse(joined.policy).error).toBeUndefined();
        expect(stricterPolicy(baseline, joined.policy)).toEqual({ policy: joined.policy, loosened: [] });
      }),
      { numRuns: 300 },
    );
  });
});

describe("single loosenings", () => {
  const base: Policy = { version: 1, mode: "enforce" };
  it.each<[string, Policy | null, Policy | null, readonly string[]]>([
    ["a policy that goes", base, null, ["mode"]],
    ["a policy that comes", null, base, []],
    [
      "dropping a check is one loosening",
      { ...base, checks: { a: { name: "a", app: "x", from: "low", maxAge: "P1D" } } },
      base,
      ["checks.a"],
    ],
    [
      "dropping the AI policy",
      { ...base, aiPolicy: { document: "d", owner: "@o" } },
      base,
      ["aiPolicy.document", "aiPolicy.owner"],
    ],
    ["the first people of a role take nothing away", base, { ...base, roles: { "risk-owner": ["@o"] } }, []],
    [
      "a role of its own for security, wider than the risk owners",
      { ...base, roles: { "risk-owner": ["@o"] } },
      { ...base, roles: { "risk-owner": ["@o"], security: ["@o", "@p"] } },
      ["roles.security"],
    ],
    [
      "an approval that goes",
      base,
      { ...base, tiers: { high: { approvals: [{ role: "risk-owner" }] } } },
      ["tiers.high.approvals"],
    ],
    [
      "an approval that is asked of fewer classes",
      base,
      {
        ...base,
        tiers: {
          high: {
            approvals: [{ role: "system-owner" }, { role: "risk-owner" }, { role: "security", when: ["credential"] }],
          },
        },
      },
      ["tiers.high.approvals"],
    ],
    [
      "an approval more",
      base,
      {
        ...base,
        tiers: {
          high: { approvals: [{ role: "system-owner" }, { role: "risk-owner", count: 2 }, { role: "security" }] },
        },
      },
      [],
    ],
    [
      "one person less",
      base,
      { ...base, tiers: { critical: { distinctPeople: 2 } } },
      ["tiers.critical.distinctPeople"],
    ],
    [
      "a rule that is switched off",
      base,
      { ...base, detect: { rules: { "model/id": "off" } } },
      ["detect.rules.model/id"],
    ],
    [
      "a rule weighed less than it weighs itself",
      base,
      { ...base, detect: { rules: { "model/default": { severity: "material" } } } },
      ["detect.rules.model/default"],
    ],
    [
      "a rule weighed as it weighs itself",
      base,
      { ...base, detect: { rules: { "model/default": { severity: "major" } } } },
      [],
    ],
    [
      "a higher weight that is taken back",
      { ...base, detect: { rules: { "model/list": { severity: "major" } } } },
      base,
      ["detect.rules.model/list"],
    ],
    [
      "a waiting list of repositories that is left early",
      { ...base, enforceIn: ["*"] },
      { ...base, enforceIn: ["payments-*"] },
      ["enforceIn"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(loosenings(before, after).map(({ path }) => path)).toEqual(expected);
  });
});

describe("S03 a baseline", () => {
  const baseline: Policy = {
    version: 1,
    mode: "enforce",
    roles: { "risk-owner": ["@ceo", "@cto"], security: ["@acme/sec"] },
    tiers: { high: { distinctPeople: 3, approvals: [{ role: "risk-owner" }] } },
    checks: { evals: { name: "evals", app: "acme", from: "medium" } },
    limits: { exceptionMax: "P30D" },
  };
  const join = (own: Policy | null) => stricterPolicy(baseline, own);

  it("holds where the repository is looser, and names every such value", () => {
    const { policy, loosened } = join({
      version: 1,
      mode: "observe",
      roles: { "risk-owner": ["@ceo", "@dev"], "ai-reviewer": ["@dev"] },
      tiers: { high: { distinctPeople: 1, approvals: [{ role: "ai-reviewer" }] } },
      checks: { evals: { name: "evals", app: "acme", from: "critical" }, own: { name: "own", app: "acme" } },
      limits: { exceptionMax: "P90D", reviewMax: "P30D" },
    });
    expect(policy).toEqual({
      version: 1,
      mode: "enforce",
      roles: { "risk-owner": ["@ceo"], security: ["@acme/sec"], "ai-reviewer": ["@dev"] },
      tiers: { high: { distinctPeople: 3, approvals: [{ role: "risk-owner" }, { role: "ai-reviewer" }] } },
      checks: { evals: { name: "evals", app: "acme", from: "medium" }, own: { name: "own", app: "acme" } },
      limits: { exceptionMax: "P30D", reviewMax: "P30D" },
    });
    expect(loosened.map(({ path }) => path)).toEqual([
      "mode",
      "roles.risk-owner",
      "tiers.high.approvals",
      "tiers.high.distinctPeople",
      "checks.evals.from",
      "limits.exceptionMax",
    ]);
    expect(loosened[3]?.sentence).toBe(
      "tiers.high.distinctPeople: 1 is looser than the organisation's 3: fewer people need to approve.",
    );
  });
  it("stands alone where the repository has none", () => {
    expect(join(null)).toEqual({ policy: baseline, loosened: [] });
  });
  it("leaves nobody's role empty because no name is on both lists", () => {
    expect(join({ version: 1, roles: { "risk-owner": ["@dev"] } }).policy.roles?.["risk-owner"]).toEqual([
      "@ceo",
      "@cto",
    ]);
  });
  it("enforces in the repositories it names, and never switches a repository's own enforcing off", () => {
    const waves: Policy = { version: 1, mode: "enforce", enforceIn: ["payments-*", "core", "a*-b*-c"] };
    const mode = (name: string | undefined, own: Policy | null = null) =>
      stricterPolicy(baselineFor(waves, name), own).policy.mode;
    const names = ["acme/payments-api", "Core", "acme/web", "payments", "ax-b-by-c", "ab-c", "a-b-x", undefined];
    expect(names.map((name) => mode(name))).toEqual([
      ...["enforce", "enforce", "observe", "observe"],
      ...["enforce", "observe", "observe", "enforce"],
    ]);
    expect(mode("acme/web", { version: 1, mode: "enforce" })).toBe("enforce");
    // S03: what loosens everything is never only observed, unless everything is.
    expect(mode("acme/.github")).toBe("enforce");
    expect(stricterPolicy(baselineFor({ ...waves, enforceIn: [] }, "acme/.github"), null).policy.mode).toBe("observe");
    expect(stricterPolicy(waves, { version: 1, enforceIn: [] }).policy).not.toHaveProperty("enforceIn");
    expect(baselineFor(null, "core")).toBeNull();
    expect(baselineFor(baseline, "core")).toBe(baseline);
  });
});

describe("an element that is new", () => {
  const policy = (more: Partial<Policy>): Policy => ({ version: 1, mode: "enforce", ...more });
  it("asks for more, however high the tier from which it does", () => {
    const checks = { "red-team": { name: "red-team", app: "acme", from: "critical" as const } };
    expect(loosenings(policy({}), policy({ checks }))).toEqual([]);
    const custom = [
      { id: "model/x", class: "model" as const, paths: ["**"], pattern: "abc", severity: "minor" as const },
    ];
    expect(loosenings(policy({}), policy({ detect: { custom } }))).toEqual([]);
  });
  it("lets through, where it is a delegation or a rule that finds less", () => {
    const delegations = [{ from: "@a", to: "@b", roles: ["risk-owner"], until: "2027-01-01" }];
    expect(loosenings(policy({}), policy({ delegations })).map(({ path }) => path)).toContain(
      "delegations.@a to @b.from",
    );
    const rules = { "prompt/file": "off" as const };
    expect(loosenings(policy({}), policy({ detect: { rules } })).map(({ path }) => path)).toEqual([
      "detect.rules.prompt/file",
    ]);
  });
});
