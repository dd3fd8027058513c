import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEVERITIES, type Severity } from "../../src/core/finding.ts";
import { Registry } from "../../src/core/registry.ts";
import { registryLoosenings } from "../../src/governance/registry-edit.ts";
import { REGISTRY_EFFECTS } from "../../src/governance/registry-effect.ts";
import { documentWith, fieldsOf, samples } from "./schema-field.ts";

const fields = fieldsOf(Registry).map(({ path, schema }) => ({
  name: path.join("."),
  path,
  values: few(samples(schema)),
}));

function few(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].slice(0, 8);
}

const withField = (path: readonly string[], value: unknown) => documentWith(Registry, path, value) as Registry;
const heaviest = (before: Registry, after: Registry): Severity | null =>
  registryLoosenings(before, after).reduce<Severity | null>(
    (most, { severity }) => (most && SEVERITIES.indexOf(most) >= SEVERITIES.indexOf(severity) ? most : severity),
    null,
  );

/** Fields of which no edit is major: what they say gives nothing away by itself. A new field must be put here or be major. */
const HARMLESS = [
  "systems.*.name",
  "systems.*.deputies",
  "systems.*.risk.impactAssessment.ref",
  "systems.*.models.*.ref",
  "systems.*.models.*.previous",
  "systems.*.tools.*.id",
  "systems.*.tools.*.type",
  "identities.*.type",
  "identities.*.deputies",
  "identities.*.secret.store",
  "identities.*.secret.location",
  "providers.*.incidentEscalation.contact",
  "providers.*.disclosures.*.ref",
  "exceptions.*.id",
  "exceptions.*.rule",
  "exceptions.*.scope.identity",
  "exceptions.*.scope.system",
  "exceptions.*.scope.provider",
  "exceptions.*.reason",
  "exceptions.*.acceptedBy",
];

describe("every field of the registry's schema", () => {
  it("has one row, and every row has a field", () => {
    expect(fields.map(({ name }) => name).sort()).toEqual(Object.keys(REGISTRY_EFFECTS).sort());
    expect(fields.length).toBeGreaterThan(70);
  });

  it.each(fields.filter(({ name }) => name !== "version"))(
    "$name: no edit goes unseen, and a loosening is major",
    ({ name, path, values }) => {
      let worst: Severity | null = null;
      for (const before of [undefined, ...values]) {
        for (const after of [undefined, ...values]) {
          const [old, now] = [withField(path, before), withField(path, after)];
          const found = heaviest(old, now);
          if (JSON.stringify(old) === JSON.stringify(now)) expect(found).toBeNull();
          else if (before !== undefined && after !== undefined && path.length > 2) {
            const same = meaning(before) === meaning(after);
            expect([before, after, found !== null]).toEqual([before, after, !same]);
          }
          if (found && (worst === null || SEVERITIES.indexOf(found) > SEVERITIES.indexOf(worst))) worst = found;
        }
      }
      expect([name, worst === "major"]).toEqual([name, !HARMLESS.includes(name)]);
    },
  );

  /** Lists are sets, and `false` says nothing. */
  function meaning(value: unknown): string {
    return Array.isArray(value) ? JSON.stringify([...new Set(value)].sort()) : JSON.stringify(value);
  }
});

describe("an edit of the registry", () => {
  const base: Registry = {
    version: 1,
    systems: [{ id: "bot", owner: "@o", tier: "medium", paths: ["a/**"], identities: ["key"] }],
    identities: [{ id: "key", type: "api-key", scopes: ["r", "w"], rotation: { every: "P90D", last: "2026-01-01" } }],
  };
  const bot = base.systems?.[0] as NonNullable<Registry["systems"]>[number];
  const key = base.identities?.[0] as NonNullable<Registry["identities"]>[number];
  const edits = (after: Registry, before = base) =>
    registryLoosenings(before, after).map(({ path, severity, direction, safe = false, floor = null }) => [
      path,
      severity,
      direction,
      safe,
      floor,
    ]);
  const system = (fields: object): Registry => ({ ...base, systems: [{ ...bot, ...fields }] });
  const identity = (fields: object): Registry => ({ ...base, identities: [{ ...key, ...fields }] });

  it.each<[string, Registry, readonly (readonly unknown[])[]]>([
    ["nothing", base, []],
    ["another order of a list", system({ paths: ["a/**"] }), []],
    ["pausing is safe", system({ lifecycle: "paused" }), [["systems.bot.lifecycle", "minor", "narrowed", true, null]]],
    ["retiring", system({ lifecycle: "retired" }), [["systems.bot.lifecycle", "material", "changed", false, null]]],
    ["a scope less is safe", identity({ scopes: ["r"] }), [["identities.key.scopes", "minor", "narrowed", true, null]]],
    [
      "a scope swapped",
      identity({ scopes: ["r", "x"] }),
      [["identities.key.scopes", "major", "widened", false, "high"]],
    ],
    [
      "suspending is safe",
      identity({ state: "suspended" }),
      [["identities.key.state", "minor", "narrowed", true, null]],
    ],
    [
      "a rotation with evidence",
      identity({ rotation: { every: "P90D", last: "2026-03-01", evidence: "#9" } }),
      [
        ["identities.key.rotation.last", "minor", "changed", false, null],
        ["identities.key.rotation.evidence", "minor", "changed", false, null],
      ],
    ],
    [
      "a rotation without evidence",
      identity({ rotation: { every: "P90D", last: "2026-03-01" } }),
      [["identities.key.rotation.last", "material", "changed", false, null]],
    ],
    [
      "an identity that a system no longer lists",
      system({ identities: [] }),
      [["systems.bot.identities", "material", "removed", false, null]],
    ],
    [
      "a tier that falls by what a system may do",
      system({ tier: "low" }),
      [
        ["systems.bot.tier", "major", "widened", false, "high"],
        ["systems.bot.inherent tier", "major", "narrowed", false, "high"],
      ],
    ],
    [
      "an entry under another id is removed and added",
      { ...base, identities: [{ ...key, id: "key2" }] },
      [
        ["identities.key", "major", "removed", false, "high"],
        ["identities.key2", "material", "added", false, null],
      ],
    ],
    [
      "a second entry of one id is an entry of its own",
      { ...base, systems: [bot, { ...bot, owner: "@eve" }] },
      [["systems.bot#2", "material", "added", false, null]],
    ],
  ])("%s", (_, after, expected) => expect(edits(after)).toEqual(expected));

  it("the entry of a critical system, and of what it uses, goes at critical", () => {
    const vital: Registry = { ...base, systems: [{ ...bot, tier: "critical" }] };
    expect(edits({ version: 1 }, vital)).toEqual([
      ["systems.bot", "major", "removed", false, "critical"],
      ["identities.key", "major", "removed", false, "critical"],
    ]);
  });

  it("names no free text, which may hold what must not be repeated", () => {
    const [edit] = registryLoosenings(
      base,
      identity({ secret: { store: "s", location: "sk-abcdefghijklmnopqrstuvwxyz" } }),
    );
    expect(JSON.stringify(edit)).not.toContain("sk-");
  });

  it("a whole registry that stays is no edit, whatever it holds", () => {
    const part = fc.constantFrom(...fields.flatMap(({ path, values }) => values.map((value) => ({ path, value }))));
    fc.assert(
      fc.property(part, ({ path, value }) => {
        const given = withField(path, value);
        expect(registryLoosenings(given, structuredClone(given))).toEqual([]);
      }),
    );
  });
});
