import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Envelope, Signer } from "../../src/evidence/envelope.ts";
import { PAYLOAD_TYPE, signEnvelope, signedBytes } from "../../src/evidence/envelope.ts";
import { type KnownKeys, knownKeys } from "../../src/evidence/key-history.ts";
import type { LedgerEntry } from "../../src/evidence/ledger.ts";
import type { ProblemCode } from "../../src/evidence/problem.ts";
import { PREDICATE_TYPE } from "../../src/evidence/record.ts";
import { statementOf } from "../../src/evidence/statement.ts";
import { verifyLedger, type Witness } from "../../src/evidence/verification.ts";
import {
  keysOf,
  ledgerOf,
  publicPem,
  replaced,
  sampleLedger,
  sampleRecord,
  signerOf,
  timeOf,
} from "./sample-record.ts";

const signer = signerOf();
const keys = keysOf(signer);
let ledger: LedgerEntry[] = [];
let checkpoint: Witness;
beforeAll(async () => {
  ledger = await ledgerOf(10, signer);
  checkpoint = witness(ledger, 8);
});

function witness(entries: readonly LedgerEntry[], size: number): Witness {
  return { size, root: entries[size - 1]?.root ?? "", source: "The checkpoint of today" };
}

/** The codes of what is wrong, and the sentences. */
async function found(entries: Iterable<unknown>, known: { keys?: KnownKeys; witnesses?: readonly Witness[] } = {}) {
  const result = await verifyLedger(entries, { keys, ...known });
  expect(result.problemCount).toBe(result.problems.length);
  return result.problems.map(({ code, sentence }) => [code, sentence]);
}

/** As one who may write to the ledger but does not have the key: the envelopes in this order, every column fitting. */
function forged(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return replaced(entries.map(({ id, envelope }) => ({ id, envelope })));
}

/** A record with one word of what it says changed, its signature left as it was. */
function edited({ id, envelope }: LedgerEntry): LedgerEntry {
  const text = Buffer.from(envelope.payload, "base64").toString("utf8").replace("acme", "evil");
  return { id, envelope: { ...envelope, payload: Buffer.from(text).toString("base64") } } as LedgerEntry;
}

const at = (entries: readonly LedgerEntry[], place: number) => entries[place] as LedgerEntry;

describe("a ledger that nobody touched", () => {
  it.each(["ed25519", "p256"] as const)("verifies, signed with %s, and is compared with what left it", async (kind) => {
    const own = signerOf(kind);
    const entries = await ledgerOf(10, own);
    const seen: string[] = [];
    const result = await verifyLedger(
      entries,
      { keys: keysOf(own), witnesses: [witness(entries, 3), witness(entries, 8)] },
      ({ record }) => seen.push(record.id),
    );
    expect(result).toEqual({
      tip: { size: 10, previous: at(entries, 9).digest, root: at(entries, 9).root },
      problems: [],
      problemCount: 0,
      witnessed: 8,
      period: { first: timeOf(0), last: timeOf(9) },
    });
    expect(seen).toEqual(entries.map(({ id }) => id));
  });

  it("verifies when it is empty", async () => {
    const result = await verifyLedger([], { keys });
    expect(result).toMatchObject({ tip: { size: 0, previous: null }, problems: [], witnessed: 0, period: null });
  });

  it("verifies over a rotation of the key, and when two operators sign together", async () => {
    const [old, next] = [signerOf(), signerOf("p256")];
    const history = knownKeys({
      keys: [
        { publicKey: publicPem(old), until: timeOf(2) },
        { publicKey: publicPem(next), from: timeOf(3) },
      ],
    });
    const rotated = await sampleLedger([old, old, old, next, next].map((one) => ({ signer: one })));
    expect(await found(rotated, { keys: history })).toEqual([]);
    const both = await Promise.all(ledger.slice(0, 1).map(async (entry) => cosigned(entry, next)));
    expect(await found(forged(both), { keys: keysOf(signer, next) })).toEqual([]);
  });
});

async function cosigned(entry: LedgerEntry, other: Signer): Promise<LedgerEntry> {
  const { payload, signatures } = entry.envelope;
  const sig = await other.sign(signedBytes(PAYLOAD_TYPE, Buffer.from(payload, "base64")));
  const second = { keyid: other.keyId, sig: Buffer.from(sig).toString("base64") };
  return { ...entry, envelope: { ...entry.envelope, signatures: [...signatures, second] } };
}

describe("attacks without the key, by one who can write to the ledger and makes every column fit", () => {
  const attack = (change: (entries: LedgerEntry[]) => readonly LedgerEntry[]) => forged(change([...ledger]));

  it("a record edited", async () => {
    const result = await found(attack((all) => all.with(3, edited(at(all, 3)))));
    expect(result).toEqual([
      ["edited", "Record 3 was changed after it was signed, or signed with another key: its signature does not fit."],
    ]);
  });

  it("the last record edited", async () => {
    const [problem] = await found(attack((all) => all.with(9, edited(at(all, 9)))));
    expect(problem?.[0]).toBe("edited");
  });

  it("two records reordered", async () => {
    const result = await found(attack((all) => all.with(3, at(all, 4)).with(4, at(all, 3))));
    expect(result).toEqual([["reordered", "Record 3 stands after record 4: the order was changed."]]);
  });

  it("the whole order turned around", async () => {
    const result = await found(attack((all) => all.reverse()));
    expect(result.map(([code]) => code)).toEqual(Array(9).fill("reordered"));
  });

  it("records deleted", async () => {
    expect(await found(attack((all) => all.toSpliced(3, 1)))).toEqual([["deleted", "Record 3 is missing: deleted."]]);
    expect(await found(attack((all) => all.toSpliced(3, 3)))).toEqual([
      ["deleted", "Records 3 to 5 are missing: deleted."],
    ]);
    expect(await found(attack((all) => all.slice(4)))).toEqual([["deleted", "Records 0 to 3 are missing: deleted."]]);
  });

  it("the end cut off, which a checkpoint shows and nothing else can", async () => {
    const cut = attack((all) => all.slice(0, 6));
    expect(await found(cut)).toEqual([]);
    expect(await found(cut, { witnesses: [checkpoint] })).toEqual([
      [
        "truncated",
        "The checkpoint of today covers 8 records, and the ledger ends after 6 records: its end was cut off.",
      ],
    ]);
    expect(await found([], { witnesses: [witness(ledger, 1)] })).toEqual([
      [
        "truncated",
        "The checkpoint of today covers 1 record, and the ledger ends after 0 records: its end was cut off.",
      ],
    ]);
  });

  it("something inserted", async () => {
    const result = await found(attack((all) => all.toSpliced(3, 0, edited(at(all, 3)))));
    expect(result).toEqual([
      ["edited", "Record 3 was changed after it was signed, or signed with another key: its signature does not fit."],
      ["inserted", "One entry before record 3 does not belong there: inserted."],
    ]);
  });

  it("a true record inserted a second time", async () => {
    expect(await found(attack((all) => all.toSpliced(6, 0, at(all, 2))))).toEqual([
      ["repeated", "Record 2 stands a second time, after record 5: a copy was inserted."],
    ]);
    expect((await found(attack((all) => [...all, at(all, 9)]))).map(([code]) => code)).toEqual(["repeated"]);
  });

  it("a record signed with another key", async () => {
    const other = signerOf();
    const own = await sampleLedger(ledger.map((_, place) => ({ signer: place === 4 ? other : signer })));
    const result = await found(own);
    expect(result).toEqual([
      ["wrong-key", `Record 4 is signed with a key that is not known (${other.keyId.slice(0, 16)}).`],
    ]);
  });

  it("a record signed with another key under the name of ours", async () => {
    const other = signerOf();
    const own = await sampleLedger(ledger.map(() => ({ signer: { ...other, keyId: signer.keyId } })));
    expect(new Set((await found(own)).map(([code]) => code))).toEqual(new Set(["edited"]));
  });

  it("a second signature, bad, unknown or the same again", async () => {
    const sentence = "Record 3 carries 2 signatures of which one is not valid: it was added or changed afterwards.";
    const other = signerOf();
    const entry = at(ledger, 3);
    const [signature] = entry.envelope.signatures as [{ keyid: string; sig: string }];
    const bad = { keyid: other.keyId, sig: signature.sig };
    const unknown = await cosigned(entry, other);
    const put = (one: LedgerEntry) => attack((all) => all.with(3, one));
    const second = (one: typeof signature, first = signature) =>
      put({ ...entry, envelope: { ...entry.envelope, signatures: [first, one] } });
    expect(await found(second(bad), { keys: keysOf(signer, other) })).toEqual([["second-signature", sentence]]);
    expect(await found(second(signature, bad), { keys: keysOf(signer, other) })).toEqual([
      ["second-signature", sentence],
    ]);
    expect(await found(put(unknown))).toEqual([["second-signature", sentence]]);
    expect(await found(second(signature))).toEqual([["second-signature", sentence]]);
  });

  it("the payload type swapped", async () => {
    const entry = at(ledger, 3);
    const swapped = { ...entry, envelope: { ...entry.envelope, payloadType: "application/json" } };
    expect(await found(attack((all) => all.with(3, swapped)))).toEqual([
      ["payload-type", "Record 3 says that it holds something other than a record: its payload type was swapped."],
    ]);
  });

  it("a valid signature over the same payload as another type", async () => {
    const entry = at(ledger, 3);
    const sig = await signer.sign(signedBytes("application/json", Buffer.from(entry.envelope.payload, "base64")));
    const signatures = [{ keyid: signer.keyId, sig: Buffer.from(sig).toString("base64") }];
    for (const payloadType of [PAYLOAD_TYPE, "application/json"]) {
      const other = { ...entry, envelope: { ...entry.envelope, payloadType, signatures } };
      const [problem] = await found(attack((all) => all.with(3, other)));
      expect(problem?.[0]).toBe(payloadType === PAYLOAD_TYPE ? "edited" : "payload-type");
    }
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "x"],
    ["a list", [1]],
    ["what has no JSON form", { envelope: Number.NaN }],
    ["an entry without an envelope", { id: "x", sequence: 3, digest: "", root: "" }],
    [
      "an envelope without signatures",
      { id: "x", sequence: 3, envelope: { payloadType: "x", payload: "", signatures: [] }, digest: "", root: "" },
    ],
  ])("%s in place of a record", async (_, junk) => {
    const result = await found(ledger.toSpliced(3, 1, junk as LedgerEntry));
    expect(result).toEqual([["unreadable", "Record 3 cannot be read: it is not in the form of an entry."]]);
  });

  it.each<[ProblemCode | "root", Partial<LedgerEntry>, string]>([
    ["row-changed", { id: "landing/7/main/99" }, "id"],
    ["row-changed", { sequence: 7 }, "sequence"],
    ["row-changed", { digest: "0".repeat(64) }, "digest"],
    ["row-changed", { root: "0".repeat(64) }, "root"],
    ["row-changed", { id: "x", root: "x" }, "id, root"],
  ])("%s: a column changed by hand: %j", async (_, change, names) => {
    const result = await found(ledger.with(3, { ...at(ledger, 3), ...change }));
    expect(result).toEqual([
      ["row-changed", `The ledger's own ${names} beside record 3 is not that of the record: the row was changed.`],
    ]);
  });
});

describe("attacks with the key", () => {
  it("the history written anew from a record on, which a checkpoint shows and nothing else can", async () => {
    const fork = await sampleLedger(
      ledger.map((_, place) => ({ signer, ...(place >= 5 ? { record: { limitations: ["another story"] } } : {}) })),
    );
    expect(await found(fork)).toEqual([]);
    const result = await found(fork, { witnesses: [witness(ledger, 4), checkpoint] });
    expect(result).toEqual([
      ["rewritten", "The checkpoint of today covers 8 records, and they were other ones: the history was rewritten."],
    ]);
    expect((await verifyLedger(fork, { keys, witnesses: [witness(ledger, 4), checkpoint] })).witnessed).toBe(4);
  });

  it("two histories of one key joined", async () => {
    const other = await sampleLedger(ledger.map(() => ({ signer, record: { limitations: ["another story"] } })));
    expect(await found(forged([...ledger.slice(0, 5), ...other.slice(5)]))).toEqual([
      ["rewritten", "Record 5 was signed to follow another record than the one before it: the history was rewritten."],
    ]);
  });

  it("a first record that was signed to follow another", async () => {
    const statement = statementOf(sampleRecord("x"), { size: 0, previous: "a".repeat(64), root: "" }, timeOf(0));
    const entries = replaced([{ id: "x", envelope: await signEnvelope(statement, signer) }]);
    expect((await found(entries)).map(([code]) => code)).toEqual(["rewritten"]);
  });

  it("a witness of an empty ledger that was none", async () => {
    const empty = { size: 0, root: "0".repeat(64), source: "The checkpoint of today" };
    expect((await found(ledger, { witnesses: [empty] })).map(([code]) => code)).toEqual(["rewritten"]);
  });

  it("a record outside the time of its key, before and after", async () => {
    const history = (window: object) => knownKeys({ keys: [{ publicKey: publicPem(signer), ...window }] });
    const key = signer.keyId.slice(0, 16);
    expect(await found(ledger.slice(0, 3), { keys: history({ until: timeOf(1) }) })).toEqual([
      ["key-not-valid", `Record 2 is signed with a key that was not valid then (key ${key}, record of ${timeOf(2)}).`],
    ]);
    const early = await found(ledger.slice(0, 3), { keys: history({ from: timeOf(1) }) });
    expect(early.map(([code, sentence]) => [code, sentence?.slice(0, 8)])).toEqual([["key-not-valid", "Record 0"]]);
  });

  it("a key whose time is over signs with a date of before: the records that stand before it are newer", async () => {
    const [old, next] = [signerOf(), signerOf()];
    const until = "2026-01-01T00:10:00Z";
    const history = knownKeys({ keys: [{ publicKey: publicPem(old), until }, { publicKey: publicPem(next) }] });
    const plan = (time: string) => [
      { signer: old },
      { signer: next, at: time },
      { signer: old, at: "2026-01-01T00:09:00Z" },
    ];
    const codes = async (time: string) =>
      (await found(await sampleLedger(plan(time)), { keys: history })).map(([code]) => code);
    expect(await codes("2026-01-01T01:10:01Z")).toEqual(["key-not-valid"]);
    // Clocks of two machines at a rotation.
    expect(await codes("2026-01-01T01:10:00Z")).toEqual([]);
  });

  it.each<[string, (statement: ReturnType<typeof statementOf>) => object, string]>([
    ["another predicate", (one) => ({ ...one, predicateType: "https://slsa.dev/provenance/v1" }), " (predicateType)"],
    ["another statement", (one) => ({ ...one, _type: "https://in-toto.io/Statement/v0.1" }), " (_type)"],
    ["no subject", (one) => ({ ...one, subject: [] }), " (subject)"],
    ["a field more", (one) => ({ ...one, predicate: { ...one.predicate, extra: 1 } }), " (predicate)"],
    [
      "an event that is none",
      (one) => ({ ...one, predicate: { ...one.predicate, event: "party" } }),
      " (predicate.event)",
    ],
  ])("signed, but no record: %s", async (_, change, where) => {
    const entries: LedgerEntry[] = [];
    for (const [sequence, { id }] of ledger.slice(0, 3).entries()) {
      const tip = { size: sequence, previous: entries.at(-1)?.digest ?? null, root: "" };
      const statement = statementOf(sampleRecord(id), tip, timeOf(sequence));
      const envelope = await signEnvelope(sequence === 1 ? change(statement) : statement, signer);
      entries.push(at(replaced([...entries, { id, envelope }]), sequence));
    }
    expect(await found(entries)).toEqual([
      [
        "schema",
        `Record 1 is signed, but not in the form of a record${where}: a newer version or another program wrote it.`,
      ],
    ]);
  });

  it("signed, but no JSON or no statement at all: it has no place either", async () => {
    for (const payload of ["{", "null", "[]", '{"predicate":{"record":{}}}']) {
      const sig = await signer.sign(signedBytes(PAYLOAD_TYPE, Buffer.from(payload)));
      const envelope: Envelope = {
        payloadType: PAYLOAD_TYPE,
        payload: Buffer.from(payload).toString("base64"),
        signatures: [{ keyid: signer.keyId, sig: Buffer.from(sig).toString("base64") }],
      };
      const all = forged([...ledger.slice(0, 3), { id: "x", envelope } as LedgerEntry, ...ledger.slice(3)]);
      expect((await found(all)).map(([code]) => code)).toEqual(["schema", "inserted"]);
    }
  });

  it("says nothing that a record could choose freely", async () => {
    const hostile = "\u001b[2J\u202e\nall is well";
    const own = await sampleLedger([{ signer: { ...signerOf(), keyId: hostile } }]);
    const typed = [{ ...at(own, 0), envelope: { ...at(own, 0).envelope, payloadType: hostile } }];
    const named = [{ ...at(ledger, 0), id: hostile, digest: hostile, root: hostile }];
    for (const entries of [own, typed, named]) {
      const result = await found(entries);
      expect(result.length).toBeGreaterThan(0);
      for (const [, sentence] of result) expect(sentence).toMatch(/^[\x20-\x7e]+$/);
    }
    expect(PREDICATE_TYPE).toMatch(/^urn:/);
  });
});

describe("whatever it is given", () => {
  const base64 = fc.oneof(fc.base64String({ maxLength: 100 }), fc.string());
  const signature = fc.record({ keyid: fc.oneof(fc.constant(signer.keyId), fc.string()), sig: base64 });
  const envelope = fc.record({
    payloadType: fc.oneof(fc.constant(PAYLOAD_TYPE), fc.string()),
    payload: base64,
    signatures: fc.array(signature, { maxLength: 20 }),
  });
  const column = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
  const entry = fc.record({ id: column, sequence: column, envelope, digest: column, root: column });

  it("it answers, and believes none of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(entry, fc.jsonValue(), fc.anything()), { minLength: 1 }), async (entries) => {
        const result = await verifyLedger(entries, { keys });
        expect(result.problemCount).toBeGreaterThanOrEqual(entries.length);
        expect(result.tip.size).toBe(entries.length);
        expect(result.period).toBe(null);
      }),
      { numRuns: 300 },
    );
  });
});

describe("many problems", () => {
  it("are counted, and the first thousand told", async () => {
    const many = await ledgerOf(1_500, signer);
    const result = await verifyLedger(many, { keys: keysOf(signerOf()) });
    expect(result.problemCount).toBe(1_500);
    expect(result.problems).toHaveLength(1_000);
  });

  it("every second record put at the end: as many as are remembered are told as reordered, and none is overlooked beyond", async () => {
    const parted = async (size: number) => {
      const many = await ledgerOf(size, signer);
      const [odd, even] = [many.filter((_, place) => place % 2 === 1), many.filter((_, place) => place % 2 === 0)];
      return verifyLedger(forged([...odd, ...even]), { keys });
    };
    const some = await parted(1_600);
    expect(some.problemCount).toBe(800);
    expect(new Set(some.problems.map(({ code }) => code))).toEqual(new Set(["reordered"]));
    const many = await parted(2_400);
    // The first two hundred gaps were given up, and what came for them afterwards is told once more.
    expect(many.problemCount).toBe(1_200 + 200);
  });
});

describe("laws", () => {
  // A fork of the whole by the key's holder, and a stranger's records: what may be brought in.
  const outside: LedgerEntry[] = [];
  beforeAll(async () => {
    outside.push(...(await ledgerOf(10, signerOf())));
    outside.push(...(await sampleLedger(ledger.map(() => ({ signer, record: { limitations: ["another story"] } })))));
  });
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("edit" as const),
      at: fc.nat(),
      byte: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
    }),
    fc.record({ kind: fc.constant("swap" as const), at: fc.nat(), other: fc.nat() }),
    fc.record({ kind: fc.constant("delete" as const), at: fc.nat() }),
    fc.record({ kind: fc.constant("insert" as const), at: fc.nat(), other: fc.nat() }),
    fc.record({ kind: fc.constant("copy" as const), at: fc.nat(), other: fc.nat() }),
    fc.record({ kind: fc.constant("cut" as const), at: fc.nat() }),
    fc.record({
      kind: fc.constant("signature" as const),
      at: fc.nat(),
      byte: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
    }),
  );
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  function flipped(base64: string, byte: number, bit: number): string {
    const bytes = Buffer.from(base64, "base64");
    const place = byte % bytes.length;
    bytes[place] = (bytes[place] as number) ^ (1 << bit);
    return bytes.toString("base64");
  }

  function done(entries: readonly LedgerEntry[], change: Step): LedgerEntry[] {
    if (entries.length === 0) return [...entries];
    const place = change.at % entries.length;
    const entry = at(entries, place);
    switch (change.kind) {
      case "edit": {
        const payload = flipped(entry.envelope.payload, change.byte, change.bit);
        return entries.with(place, { ...entry, envelope: { ...entry.envelope, payload } });
      }
      case "signature": {
        const signatures = entry.envelope.signatures.map(({ keyid, sig }) => ({
          keyid,
          sig: flipped(sig, change.byte, change.bit),
        }));
        return entries.with(place, { ...entry, envelope: { ...entry.envelope, signatures } });
      }
      case "swap": {
        const other = change.other % entries.length;
        return entries.with(place, at(entries, other)).with(other, entry);
      }
      case "delete":
        return entries.toSpliced(place, 1);
      case "insert":
        return entries.toSpliced(place, 0, at(outside, change.other % outside.length));
      case "copy":
        return entries.toSpliced(place, 0, at(entries, change.other % entries.length));
      case "cut":
        return entries.slice(0, place);
    }
  }

  it("any change of the ledger, every column made to fit, is found by who knows the tip", async () => {
    const envelopes = (entries: readonly LedgerEntry[]) => JSON.stringify(entries.map(({ envelope }) => envelope));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const changed = steps.reduce<LedgerEntry[]>(done, ledger);
        fc.pre(envelopes(changed) !== envelopes(ledger));
        const problems = await found(forged(changed), { witnesses: [witness(ledger, 10)] });
        expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it("any change of what a checkpoint covers is found by who has the checkpoint", async () => {
    const envelopes = (entries: readonly LedgerEntry[]) =>
      JSON.stringify(entries.slice(0, 8).map(({ envelope }) => envelope));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const changed = steps.reduce<LedgerEntry[]>(done, ledger);
        fc.pre(envelopes(changed) !== envelopes(ledger));
        const problems = await found(forged(changed), { witnesses: [checkpoint] });
        expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it("without any checkpoint, everything but a cut end is found, if the key was kept", async () => {
    const envelopes = (entries: readonly LedgerEntry[]) => entries.map(({ envelope }) => JSON.stringify(envelope));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const own = steps.filter(({ kind }) => kind !== "insert");
        const changed = own.reduce<LedgerEntry[]>(done, ledger);
        const [now, before] = [envelopes(changed), envelopes(ledger)];
        fc.pre(now.some((envelope, place) => envelope !== before[place]));
        expect((await found(forged(changed))).length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
