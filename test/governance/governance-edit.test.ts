import { describe, expect, it } from "vitest";
import { parsePolicy, parseRegistry } from "../../src/governance/configuration-file.ts";
import { policyEdits, registryEdits } from "../../src/governance/governance-edit.ts";

const policies = (before: string | null, after: string | null) =>
  policyEdits({
    path: "p.yml",
    before: before === null ? null : parsePolicy(`version: 1\n${before}`, "p.yml"),
    after: after === null ? null : parsePolicy(`version: 1\n${after}`, "p.yml"),
  });
const registries = (before: string | null, after: string | null) =>
  registryEdits({
    path: "r.yml",
    before: before === null ? null : parseRegistry(`version: 1\n${before}`, "r.yml"),
    after: after === null ? null : parseRegistry(`version: 1\n${after}`, "r.yml"),
  });

describe("edits of the policy as findings", () => {
  it("loosening is critical, with the place on both sides", () => {
    expect(
      policies("mode: enforce\nlimits:\n  reviewMax: P30D\n", "limits:\n  reviewMax: P60D\nmode: enforce\n"),
    ).toEqual([
      {
        finding: {
          rule: "governance/policy",
          class: "governance",
          direction: "widened",
          surface: "production",
          severity: "major",
          confidence: "certain",
          connected: true,
          place: {
            before: { path: "p.yml", line: 4, key: "limits.reviewMax" },
            after: { path: "p.yml", line: 3, key: "limits.reviewMax" },
          },
          before: "P30D",
          after: "P60D",
          remedy:
            "limits.reviewMax: P60D is looser than the P30D: the limit is longer. Keep the stricter value, or have it approved at critical.",
          floor: "critical",
        },
      },
    ]);
  });
  it("tightening is none; a policy that goes is loosening", () => {
    expect(policies("", "mode: enforce\n")).toEqual([]);
    expect(policies("mode: enforce\n", null).map(({ finding }) => finding.place)).toEqual([
      { before: { path: "p.yml", line: 2, key: "mode" } },
    ]);
  });
  it("say nothing where a side cannot be read: the file itself is the finding then", () => {
    expect(policies("mode: enforce\n", "mode: what\n")).toEqual([]);
    expect(registries("systems: what\n", "")).toEqual([]);
  });
});

describe("edits of the registry as findings", () => {
  const before = "systems:\n  - id: a\n  - id: bot\n    lifecycle: planned\n";
  it("know the entry, the place and what they do", () => {
    const after = 'systems:\n  - id: a\n    owner: "@o"\n  - id: bot\n    lifecycle: deployed\n';
    expect(registries(before, after)).toMatchObject([
      {
        entry: { kind: "system", id: "a" },
        safe: false,
        widens: false,
        finding: { place: { before: { line: 3 }, after: { line: 4 } } },
      },
      {
        entry: { kind: "system", id: "bot" },
        widens: true,
        finding: {
          severity: "major",
          floor: "high",
          place: { before: { line: 5, key: "systems.bot.lifecycle" }, after: { line: 6 } },
        },
      },
    ]);
  });
  it("a new system must be in order, a new identity only where it is used", () => {
    const after = `${before}  - id: new\nidentities:\n  - { id: key, type: pat }\n`;
    expect(registries(before, after).map(({ entry, widens }) => [entry?.id, widens])).toEqual([
      ["new", true],
      ["key", false],
    ]);
  });
  it("an exception names its acceptor and what it is for; a closed one asks nobody", () => {
    const exception =
      'exceptions:\n  - { id: E, rule: record/review-overdue, scope: { system: bot }, reason: r, compensatingControls: [c], acceptedBy: "@o", created: 2026-01-01, expires: 2026-02-01 }\n';
    expect(registries(before, before + exception)).toMatchObject([
      { entry: { kind: "system", id: "bot" }, acceptedBy: "@o", finding: { severity: "material", direction: "added" } },
    ]);
    const [closed] = registries(before + exception, before);
    expect([closed?.acceptedBy, closed?.finding.severity]).toEqual([undefined, "minor"]);
  });
  it("a registry that comes or goes is all its entries", () => {
    expect(registries(null, before).map(({ finding }) => finding.direction)).toEqual(["added", "added"]);
    expect(registries(before, null).map(({ finding }) => finding.place.after)).toEqual([undefined, undefined]);
  });
});
