import { describe, expect, it } from "vitest";
import { canonicalBytes } from "../../src/evidence/canonical.ts";
import { type Envelope, envelopeDigest } from "../../src/evidence/envelope.ts";
import type { Ledger, LedgerEntry } from "../../src/evidence/ledger.ts";
import { Statement } from "../../src/evidence/record.ts";
import {
  consistencyProof,
  EMPTY_TREE,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  withLeaf,
} from "../../src/evidence/tree.ts";
import { signing, testSigner } from "./ledger-records.ts";

/** One place for a ledger, of its own for each test. */
export interface LedgerPlace {
  readonly ledger: Ledger;
  /** Another instance of the program on the same ledger. */
  beside(): Promise<Ledger>;
  /** The first instance ends as it stands, in the middle of whatever it does; another one begins. */
  afterCrash(): Promise<Ledger>;
}

const signer = testSigner();
const statementIn = ({ envelope }: LedgerEntry) =>
  Statement.parse(JSON.parse(Buffer.from(envelope.payload, "base64").toString()));

async function all(ledger: Ledger, from = 0): Promise<LedgerEntry[]> {
  const entries = [];
  for await (const entry of ledger.entries(from)) entries.push(entry);
  return entries;
}

async function filled(ledger: Ledger, size: number): Promise<readonly LedgerEntry[]> {
  return Promise.all(Array.from({ length: size }, (_, at) => ledger.append(`r/${at}`, signing(signer, `r/${at}`))));
}

/** Every entry in its place, every record naming the one before, every root that of the tree so far. */
function expectWhole(entries: readonly LedgerEntry[]): void {
  let [tree, previous] = [EMPTY_TREE, null as string | null];
  for (const [at, entry] of entries.entries()) {
    ({ tree } = withLeaf(tree, leafHash(canonicalBytes(entry.envelope))));
    const { record } = statementIn(entry).predicate;
    expect(record).toMatchObject({ id: entry.id, sequence: at, previous });
    expect(entry).toMatchObject({ sequence: at, digest: envelopeDigest(entry.envelope), root: rootOf(tree) });
    previous = entry.digest;
  }
}

/** What every ledger promises, whatever keeps it. */
export function ledgerContract(name: string, make: () => Promise<LedgerPlace>, sizes = 33): void {
  describe(`a ledger (${name})`, () => {
    it("holds nothing at first", async () => {
      const { ledger } = await make();
      expect(await ledger.tip()).toEqual({ size: 0, previous: null, root: rootOf(EMPTY_TREE) });
      expect(await ledger.get("r/0")).toBeNull();
      expect(await all(ledger)).toEqual([]);
      expect(await ledger.nodes([])).toEqual([]);
      await expect(ledger.nodes([{ level: 0, index: 0 }])).rejects.toThrow("has no node");
    });

    it("gives back what it keeps, and knows where it stands", async () => {
      const { ledger, beside } = await make();
      const entry = await ledger.append("landing/1/main/ü", signing(signer, "landing/1/main/ü"));
      const other = await beside();
      for (const one of [ledger, other]) {
        expect(await one.get("landing/1/main/ü")).toEqual(entry);
        expect(await all(one)).toEqual([entry]);
        expect(await one.tip()).toEqual({ size: 1, previous: entry.digest, root: entry.root });
      }
      expectWhole([entry]);
    });

    it("keeps the same id once, however often and from wherever it is asked for", async () => {
      const { ledger, beside } = await make();
      const other = await beside();
      let built = 0;
      const build = (tip: Parameters<Parameters<Ledger["append"]>[1]>[0]): Promise<Envelope> => {
        built += 1;
        return signing(signer, "same")(tip);
      };
      const together = await Promise.all([ledger.append("same", build), ledger.append("same", build)]);
      const later = [await ledger.append("same", build), await other.append("same", build)];
      expect(built).toBe(1);
      for (const entry of [...together, ...later]) expect(entry).toEqual(together[0]);
      expect((await ledger.tip()).size).toBe(1);
    });

    it("puts 50 that come at once into 50 places without a gap, one built after the other", async () => {
      const { ledger } = await make();
      let [under, most] = [0, 0];
      const slowly = (id: string) => async (tip: Parameters<Parameters<Ledger["append"]>[1]>[0]) => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setImmediate(resolve));
        const envelope = await signing(signer, id)(tip);
        under -= 1;
        return envelope;
      };
      const ids = Array.from({ length: 50 }, (_, at) => `r/${at}`);
      const entries = await Promise.all(ids.map((id) => ledger.append(id, slowly(id))));
      expect(most).toBe(1);
      expect(entries.map(({ id, sequence }) => [id, sequence])).toEqual(ids.map((id, at) => [id, at]));
      expect(await all(ledger)).toEqual(entries);
      expectWhole(entries);
    });

    it("is one ledger for several instances that append at once", async () => {
      const { ledger, beside } = await make();
      const instances = [ledger, await beside(), await beside()];
      const ids = Array.from({ length: 24 }, (_, at) => `r/${at}`);
      const given = await Promise.all(
        ids.map((id, at) => (instances[at % 3] as Ledger).append(id, signing(signer, id))),
      );
      const twice = await Promise.all(instances.map((one) => one.append("all", signing(signer, "all"))));
      const entries = await all(ledger);
      expectWhole(entries);
      expect(entries).toHaveLength(25);
      expect(entries.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
        [...given, twice[0] as LedgerEntry].toSorted((a, b) => a.id.localeCompare(b.id)),
      );
      expect(new Set(twice.map(({ sequence }) => sequence)).size).toBe(1);
    });

    it("leaves nothing of a record that could not be built, and goes on", async () => {
      const { ledger } = await make();
      const results = await Promise.allSettled([
        ledger.append("a", signing(signer, "a")),
        ledger.append("b", () => Promise.reject(new Error("the key is away"))),
        ledger.append("c", signing(signer, "c")),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      await expect(ledger.append("b", () => Promise.reject(new Error("still away")))).rejects.toThrow("still away");
      expect(await ledger.get("b")).toBeNull();
      const b = await ledger.append("b", signing(signer, "b"));
      expect(b.sequence).toBe(2);
      expectWhole(await all(ledger));
    });

    it("leaves nothing of what was being built when the program ended, and the next one takes its place", async () => {
      const { ledger, afterCrash } = await make();
      await filled(ledger, 3);
      let begun = () => {};
      const building = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const lost = ledger.append("lost", () => {
        begun();
        return new Promise(() => {});
      });
      lost.catch(() => {});
      await building;
      const next = await afterCrash();
      expect(await next.get("lost")).toBeNull();
      const entry = await next.append("next", signing(signer, "next"));
      expect(entry.sequence).toBe(3);
      expectWhole(await all(next));
    });

    it(`proves every record at every size up to ${sizes}, and every size to be how the next ones began`, async () => {
      const { ledger } = await make();
      const entries = await filled(ledger, sizes);
      const read: Ledger["nodes"] = (wanted) => ledger.nodes(wanted);
      for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 31, 32, 33].filter((one) => one <= sizes)) {
        const root = entries[size - 1]?.root as string;
        for (const { sequence, envelope } of entries.slice(0, size)) {
          const proof = await inclusionProof(sequence, size, read);
          const leaf = leafHash(canonicalBytes(envelope));
          expect(verifyInclusion({ index: sequence, leaf }, { size, root }, proof)).toBe(true);
        }
        const newer = { size: sizes, root: entries.at(-1)?.root as string };
        expect(verifyConsistency({ size, root }, newer, await consistencyProof(size, sizes, read))).toBe(true);
      }
      await expect(ledger.nodes([{ level: 0, index: sizes }])).rejects.toThrow("has no node");
    });

    it("reads on from any sequence, and while others append", async () => {
      const { ledger } = await make();
      const entries = await filled(ledger, 5);
      expect(await all(ledger, 3)).toEqual(entries.slice(3));
      expect(await all(ledger, 5)).toEqual([]);
      const seen: number[] = [];
      for await (const { sequence } of ledger.entries(0)) {
        seen.push(sequence);
        if (sequence === 1) await ledger.append("more", signing(signer, "more"));
        if (sequence === 3) break;
      }
      expect(seen).toEqual([0, 1, 2, 3]);
      expect(await all(ledger)).toHaveLength(6);
    });
  });
}
