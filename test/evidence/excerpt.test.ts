import { beforeAll, describe, expect, it } from "vitest";
import { canonicalBytes } from "../../src/evidence/canonical.ts";
import { verifyExcerpt } from "../../src/evidence/excerpt.ts";
import type { LedgerEntry } from "../../src/evidence/ledger.ts";
import { EMPTY_TREE, inclusionProof, leafHash, type ReadNodes, withLeaf } from "../../src/evidence/tree.ts";
import { keysOf, ledgerOf, signerOf } from "./sample-record.ts";

const signer = signerOf("p256");
const keys = keysOf(signer);
let ledger: LedgerEntry[] = [];
let proven: { envelope: LedgerEntry["envelope"]; proof: readonly string[] }[] = [];
const checkpoint = { size: 9, root: "", source: "The checkpoint of today" };

beforeAll(async () => {
  ledger = await ledgerOf(9, signer);
  checkpoint.root = ledger[8]?.root ?? "";
  const nodes = new Map<string, string>();
  let tree = EMPTY_TREE;
  for (const { envelope } of ledger) {
    const grown = withLeaf(tree, leafHash(canonicalBytes(envelope)));
    tree = grown.tree;
    for (const { level, index, hash } of grown.completed) nodes.set(`${level}/${index}`, hash);
  }
  const read: ReadNodes = async (wanted) => wanted.map(({ level, index }) => nodes.get(`${level}/${index}`) ?? "");
  proven = await Promise.all(
    ledger.map(async ({ envelope, sequence }) => ({ envelope, proof: await inclusionProof(sequence, 9, read) })),
  );
});

const found = async (records: Iterable<unknown>) => {
  const { problems } = await verifyExcerpt(records, { keys, checkpoint });
  return problems.map(({ code, sequence, sentence }) => [code, sequence, sentence]);
};

describe("records out of a ledger", () => {
  it("verify with nothing but a checkpoint", async () => {
    const seen: string[] = [];
    const some = [proven[2], proven[3], proven[8]];
    const result = await verifyExcerpt(some, { keys, checkpoint }, ({ record }) => seen.push(record.id));
    expect(result).toEqual({ count: 3, problems: [], problemCount: 0 });
    expect(seen).toEqual(["landing/7/main/2", "landing/7/main/3", "landing/7/main/8"]);
  });

  it("that are not of that ledger, with whatever proof", async () => {
    const other = await ledgerOf(9, signer);
    const changed = other.map(({ envelope }, at) => ({ envelope, proof: proven[at]?.proof }));
    // P-256 signs otherwise each time: the same words in another envelope.
    expect(await found([changed[4]])).toEqual([
      ["not-included", 4, "Record 4 is not proven to be among the 9 records of the checkpoint."],
    ]);
    expect((await found([{ ...proven[4], proof: [] }])).map(([code]) => code)).toEqual(["not-included"]);
    expect((await found([{ ...proven[4], proof: proven[3]?.proof }])).map(([code]) => code)).toEqual(["not-included"]);
  });

  it("changed, reordered, twice, or no records at all", async () => {
    const [first, second] = [proven[1], proven[5]];
    expect((await found([second, first])).map(([code, at]) => [code, at])).toEqual([["reordered", 1]]);
    expect((await found([first, first])).map(([code, at]) => [code, at])).toEqual([["repeated", 1]]);
    expect((await found([first, null])).map(([code, at]) => [code, at])).toEqual([["unreadable", 1]]);
    const payload = Buffer.from(first?.envelope.payload ?? "", "base64")
      .toString()
      .replace("acme", "evil");
    const edited = { ...first, envelope: { ...first?.envelope, payload: Buffer.from(payload).toString("base64") } };
    expect((await found([edited])).map(([code]) => code)).toEqual(["edited"]);
    expect((await verifyExcerpt([first], { keys: keysOf(signerOf()), checkpoint })).problems[0]?.code).toBe(
      "wrong-key",
    );
  });
});
