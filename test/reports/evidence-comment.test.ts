import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dossier, EvidenceRecord } from "../../src/evidence/record.ts";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";
import { evidenceComment } from "../../src/reports/evidence-comment.ts";
import { bytesOf } from "../../src/reports/fitted.ts";
import { recordedCheck } from "../../src/reports/recorded-check.ts";
import { harm, hostile } from "./hostile-text.ts";

const ID = "a".repeat(40);
const AT = "2026-11-24T12:00:00Z";
const PLACE = { server: "https://github.com", owner: "acme", name: "support" };
const RECEIPT = { id: "landing/1/main/x", sequence: 12, root: "b".repeat(64), keyId: "c".repeat(64) };

function finding(more: Partial<Dossier["findings"][number]> = {}): Dossier["findings"][number] {
  return {
    ...{ rule: "model/id", class: "model", direction: "changed", surface: "production", severity: "major" },
    ...{ confidence: "certain", systems: ["support"], place: { after: { path: "agent.py", line: 4 } } },
    ...{ before: "gpt-4o", after: "gpt-4o-mini" },
    ...more,
  };
}

function dossier(more: Partial<Dossier> = {}): Dossier {
  return {
    decision: { state: "approved", basis: "votes", validUntil: null, at: AT },
    change: { base: ID, mergeBase: ID, head: ID, baseRef: "main" },
    ...{ governedDigest: {}, files: [], tool: { version: "1", rules: "x" } },
    policy: { commit: ID, digest: null, baseline: null },
    registry: { commit: ID, digest: null },
    ...{ tier: { value: "high", reasons: [] }, classes: ["model"], systems: ["support"], findings: [finding()] },
    requirements: [
      { kind: "approval", state: "met", role: "system-owner", subject: "system support", reason: "approved by @olga" },
      { kind: "approval", state: "met", reason: "2 of 2 different people approved" },
      { kind: "check", state: "met", check: "evals", reason: "evals succeeded on this head" },
    ],
    votes: [
      {
        ...{ person: { id: 5, login: "olga" }, role: "system-owner", basis: "team acme/owners", counted: true },
        ...{ reason: "holds system-owner for system support", reviewId: 77, commit: ID },
      },
      {
        person: { id: 6, login: "rita" },
        role: "risk-owner",
        basis: "direct",
        counted: true,
        reason: "holds risk-owner",
      },
    ],
    ...{ checks: [], authors: [], exceptions: [], rollback: [], controls: [] },
    ...more,
  };
}

function record(more: Partial<EvidenceRecord> = {}): EvidenceRecord {
  return {
    record: { id: RECEIPT.id, sequence: 12, previous: null, createdAt: AT },
    event: "merge",
    repository: { id: 1, owner: "acme", name: "support" },
    about: [],
    pullRequest: {
      ...{ number: 7, base: ID, head: ID, baseRef: "main", merge: ID, method: "squash" },
      ...{ landedAsApproved: true, mergedBy: { id: 8, login: "dora" }, mergedAt: AT },
    },
    dossier: dossier(),
    limitations: ["A token that acts as a person looks like that person."],
    ...more,
  };
}

const bypass = { cause: "expired", actor: "root", detail: "What it was approved by ended." };

describe("the evidence comment", () => {
  it("says who approved which commit by which review, what changed, and how to verify its record", () => {
    const text = evidenceComment(record(), RECEIPT, PLACE);
    expect(text.startsWith(`${COMMENT_MARKER}\n### ✅ High risk: approved, merged and recorded\n`)).toBe(true);
    for (const part of [
      "`@dora` merged it as one commit as [`aaaaaaaaaaaa`](https://github.com/acme/support/commit/",
      "What is governed landed exactly as it was approved.",
      "| ✅ | system owner for system support | `@olga` ([review](https://github.com/acme/support/pull/7#pullrequestreview-77) of `aaaaaaaaaaaa`, team acme/owners) |",
      "| ✅ | 2 different people in all | `@olga` and `@rita` |",
      "| model/id changed, **major** | `agent.py:4` | `gpt-4o` | `gpt-4o-mini` |",
      "| Record | `landing/1/main/x` |",
      `countersign verify evidence.jsonl --key public-key.pem --seen 12:${RECEIPT.root}`,
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/(?<!`)@(?:olga|rita|dora)/);
  });

  it.each<readonly [string, Partial<EvidenceRecord>, RegExp]>([
    [
      "nothing enforced",
      { dossier: dossier({ decision: { state: "waiting", basis: "observe", validUntil: null, at: AT } }) },
      /### ⚪ High risk: merged and recorded while nothing was enforced\n\n.*this is no approval/,
    ],
    [
      "past the gate",
      { event: "bypass", bypass },
      /### ❌ High risk: merged past the approval, and recorded\n\n.*\*\*What it was approved by ended\.\*\*/,
    ],
    [
      "a broken glass",
      { event: "break-glass", owed: [{ kind: "retrospective-approval", owner: "@olga", dueAt: AT }] },
      /### ⚠️ High risk: merged with the glass broken, and recorded\n\n.*owed until 2026-11-24 12:00 UTC/,
    ],
    [
      "nobody known",
      { dossier: dossier({ decision: { state: "waiting", basis: "votes", validUntil: null, at: AT } }) },
      /### ⚪ High risk: merged and recorded\n\n.*who approved it is not in this record/,
    ],
  ])("never calls approved what was not: %s", (_, more, says) => {
    const text = evidenceComment(record(more), RECEIPT, PLACE);
    expect(text).toMatch(says);
    expect(text).not.toContain("approved, merged");
  });

  it("P14 fits GitHub's limits whatever was found", () => {
    const findings = Array.from({ length: 1_000 }, (_, at) => finding({ after: `${"x".repeat(900)}${at}` }));
    const limitations = Array.from({ length: 900 }, (_, at) => `${"Something was left out. ".repeat(20)}${at}`);
    const big = record({ dossier: dossier({ findings }), limitations });
    expect(bytesOf(evidenceComment(big, RECEIPT, PLACE))).toBeLessThanOrEqual(65_000);
    const check = recordedCheck("countersign", big, RECEIPT, { ...PLACE, stands: true });
    expect(bytesOf(check.summary)).toBeLessThanOrEqual(65_535);
    for (const text of [evidenceComment(big, RECEIPT, PLACE), check.summary]) expect(text).toContain(RECEIPT.root);
  });

  it("P39 holds nothing of others that notifies, links or formats", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 10, maxLength: 10 }), (texts) => {
        const [a = "", b = "", c = "", d = "", e = "", f = "", g = "", h = "", i = "", j = ""] = texts;
        const evil = record({
          event: "bypass",
          bypass: { cause: a, actor: b, detail: c },
          pullRequest: {
            ...(record().pullRequest as NonNullable<EvidenceRecord["pullRequest"]>),
            mergedBy: { id: 1, login: d },
          },
          dossier: dossier({
            findings: [
              finding({
                rule: e,
                direction: f,
                severity: g,
                before: h,
                after: i,
                place: { after: { path: j, line: 1 } },
              }),
            ],
            requirements: [
              { kind: "approval", state: "met", role: a, subject: b, reason: c },
              { kind: "check", state: "failed", check: d, reason: `${d}${e}` },
              { kind: f, state: "waiting", rule: g, reason: `${g}: ${h}` },
            ],
            votes: [
              {
                person: { id: null, login: i },
                role: a,
                basis: j,
                counted: true,
                reason: `for ${b}`,
                reviewId: 1,
                commit: ID,
              },
            ],
            rollback: [
              { kind: "model", system: a, strategy: "revert-commit", owner: b, trigger: [c], verification: [d] },
            ],
          }),
          limitations: [e, f],
        });
        const comment = evidenceComment(evil, RECEIPT, PLACE);
        const check = recordedCheck("countersign", evil, RECEIPT, { ...PLACE, stands: true });
        expect([...harm(comment.slice(COMMENT_MARKER.length)), ...harm(check.summary)]).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});
