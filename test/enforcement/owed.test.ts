import { describe, expect, it } from "vitest";
import { effectivePolicy } from "../../src/core/policy.ts";
import type { System } from "../../src/core/registry.ts";
import { indexRegistry } from "../../src/core/touched-systems.ts";
import { causeAndAction } from "../../src/enforcement/afterwards/cause-and-action.ts";
import { followUpsOf } from "../../src/enforcement/afterwards/keep-follow-ups.ts";
import { owedAfter } from "../../src/enforcement/afterwards/owed-after.ts";
import type { UnplacedRecord } from "../../src/evidence/record.ts";

const AT = "2026-11-24T12:00:00Z";

describe("what a landing leaves to be done", () => {
  const policy = effectivePolicy({
    version: 1,
    roles: { "risk-owner": ["@rita", "@ron"] },
    breakGlass: { by: ["@sam"] },
  });
  const system = (id: string, owner: string | undefined, tier: System["tier"]): System =>
    ({ id, tier, lifecycle: "deployed", ...(owner ? { owner } : {}) }) as System;
  const after = (systems: readonly System[], more = policy) =>
    owedAfter(
      "bypass",
      { systems, policy: more, index: indexRegistry({ version: 1, systems: [...systems] }, null) },
      AT,
    );

  it("S14 falls due within the policy's time, an approval and a cause with its action", () => {
    expect(after([system("a", "@olga", "low")])).toEqual([
      { kind: "retrospective-approval", owner: "@olga", dueAt: "2026-11-26T12:00:00.000Z" },
      { kind: "corrective-action", owner: "@olga", dueAt: "2026-11-26T12:00:00.000Z" },
    ]);
  });

  it("is seen to by the owner with the most at stake, else by who answers for what is not registered", () => {
    const owner = (...systems: System[]) => after(systems)[0]?.owner;
    expect(owner(system("a", "@anna", "low"), system("b", "@ben", "critical"), system("c", "@cleo", "high"))).toBe(
      "@ben",
    );
    expect(owner(system("a", "@anna", "low"), system("b", undefined, "critical"))).toBe("@anna");
    expect(owner(system("b", undefined, "critical"))).toBe("@rita");
    expect(owner()).toBe("@rita");
    expect(after([], effectivePolicy({ version: 1, contact: "@acme/platform" }))[0]?.owner).toBe("@acme/platform");
    expect(after([], effectivePolicy(null))[0]?.owner).toBe("");
  });

  it("S08 of a quick revert the owner's approval alone", () => {
    const systems = [system("a", "@olga", "low")];
    const index = indexRegistry({ version: 1, systems }, null);
    expect(owedAfter("quick-revert", { systems, policy, index }, AT).map(({ kind }) => kind)).toEqual([
      "retrospective-approval",
    ]);
  });
});

describe("rows of what is owed", () => {
  const record = (more: Partial<UnplacedRecord> = {}): UnplacedRecord => ({
    record: { id: "landing/7/main/b" },
    event: "bypass",
    repository: { id: 7, owner: "acme", name: "agent" },
    about: [],
    landed: { branch: "main", before: "a".repeat(40), after: "b".repeat(40), at: AT, paths: [] },
    bypass: { cause: "direct-push", actor: "root", detail: "" },
    owed: [
      { kind: "retrospective-approval", owner: "@olga", dueAt: AT },
      { kind: "corrective-action", owner: "@olga", dueAt: AT },
    ],
    limitations: [],
    ...more,
  });

  it("are told by the record alone, each with a name of its own that stays", () => {
    const [approval, cause, ...none] = followUpsOf(record());
    expect(none).toEqual([]);
    expect(approval).toMatchObject({ cause: "direct-push", person: "root", branch: "main", pull: null, openedAt: AT });
    expect(approval?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(approval?.id).not.toBe(cause?.id);
    expect(followUpsOf(record())[0]?.id).toBe(approval?.id);
    expect(followUpsOf(record({ record: { id: "landing/7/main/c" } }))[0]?.id).not.toBe(approval?.id);
  });

  it("are none where nothing is owed", () => {
    const { owed: _, ...nothing } = record();
    expect(followUpsOf(nothing)).toEqual([]);
  });
});

describe("a cause with its action", () => {
  it.each([
    ["cause: haste action: slow down", { cause: "haste", action: "slow down" }],
    ["Cause: a: b  ACTION: x action: y", { cause: "a: b", action: "x action: y" }],
    ["cause:haste action:none needed", { cause: "haste", action: "none needed" }],
  ])("is read from %j", (text, expected) => expect(causeAndAction(text)).toEqual(expected));

  it.each([
    "",
    "done",
    "cause: haste",
    "action: x cause: y",
    "cause: action: x",
    "cause: x action:",
    "because: x action: y",
  ])("is none in %j", (text) => expect(causeAndAction(text)).toBeNull());
});
