import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../../src/evidence/canonical.ts";
import { EVENTS, Statement, type UnplacedRecord } from "../../src/evidence/record.ts";
import { statementOf } from "../../src/evidence/statement.ts";
import { sampleRecord, timeOf } from "./sample-record.ts";

const tip = { size: 4, previous: "a".repeat(64), root: "b".repeat(64) };
const made = (record: UnplacedRecord) => statementOf(record, tip, timeOf(4));
const [head, merge, landed] = ["3".repeat(40), "4".repeat(40), "5".repeat(40)];

const pullRequest = {
  ...{ number: 1, base: "1".repeat(40), head, baseRef: "main", merge, method: "squash" as const },
  ...{ landedAsApproved: true, mergedBy: null, mergedAt: timeOf(1) },
};
const account = { id: 1, login: "olga" };
const dossier: NonNullable<UnplacedRecord["dossier"]> = {
  decision: { state: "approved", basis: "votes", validUntil: null, at: timeOf(1) },
  change: { base: "1".repeat(40), mergeBase: "1".repeat(40), head, baseRef: "main" },
  governedDigest: { facts: "x" },
  files: [
    { path: "prompts/a.md", before: null, after: { mode: "100644", id: "6".repeat(40), sha256: "7".repeat(64) } },
    { path: "big.bin", before: null, after: { mode: "100644", id: "8".repeat(40), sha256: null } },
    { path: "gone.md", before: { mode: "100644", id: "9".repeat(40) }, after: null },
  ],
  policy: { commit: head, digest: "c".repeat(64), baseline: null },
  registry: { commit: head, digest: null },
  tool: { version: "1.0.0", rules: "1" },
  tier: { value: "high", reasons: ["x"] },
  ...{ classes: [], systems: [], findings: [], requirements: [], votes: [], checks: [], exceptions: [], rollback: [] },
  authors: [{ ...account, kind: "author" }],
  controls: [],
};

describe("the statement of a record", () => {
  it("has the place that the ledger gives it", () => {
    const { predicate, ...statement } = made(sampleRecord("landing/7/main/x"));
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "urn:countersign:change-approval:v1",
    });
    expect(predicate.record).toEqual({
      id: "landing/7/main/x",
      sequence: 4,
      previous: tip.previous,
      createdAt: timeOf(4),
    });
  });

  it("is about the commits and the governed files, each by its digest; one that is gone is none", () => {
    const record = sampleRecord("x", {
      pullRequest,
      dossier,
      landed: { branch: "main", before: null, after: landed, at: timeOf(1), paths: [] },
    });
    expect(made(record).subject).toEqual([
      { name: "head commit", digest: { gitCommit: head } },
      { name: "merge commit", digest: { gitCommit: merge } },
      { name: "landed commit", digest: { gitCommit: landed } },
      { name: "file prompts/a.md", digest: { gitBlob: "6".repeat(40), sha256: "7".repeat(64) } },
      { name: "file big.bin", digest: { gitBlob: "8".repeat(40) } },
    ]);
  });

  it("names a commit once, when what landed is the merge", () => {
    const record = sampleRecord("x", {
      pullRequest,
      landed: { branch: "main", before: null, after: merge, at: timeOf(1), paths: [] },
    });
    expect(made(record).subject.map(({ name }) => name)).toEqual(["head commit", "merge commit"]);
  });

  it("is about its own content where it is about neither: the same content has the same digest in every place", () => {
    const { landed: _, ...record } = sampleRecord("x", { event: "enforcement" });
    const { record: __, ...content } = record;
    const sha256 = hash("sha256", canonicalBytes(content), "hex");
    expect(made(record).subject).toEqual([{ name: "recorded content", digest: { sha256 } }]);
    expect(statementOf(record, { ...tip, size: 9 }, timeOf(9)).subject).toEqual(made(record).subject);
  });

  it("is valid by the schema that the program reads with, and by the published one", () => {
    const published = JSON.parse(readFileSync(new URL("../../schemas/evidence.schema.json", import.meta.url), "utf8"));
    const valid = new Ajv2020.default({ strict: false, validateFormats: false }).compile(published);
    const records = [
      ...EVENTS.map((event) => sampleRecord("x", { event })),
      sampleRecord("x", { event: "merge", pullRequest, dossier }),
    ];
    for (const record of records) {
      const statement = JSON.parse(canonicalBytes(made(record)).toString());
      expect(Statement.parse(statement)).toEqual(statement);
      expect(valid(statement), JSON.stringify(valid.errors)).toBe(true);
    }
    expect(valid({ ...made(sampleRecord("x")), predicateType: "x" })).toBe(false);
    expect(valid({ ...made(sampleRecord("x")), subject: [] })).toBe(false);
  });
});
