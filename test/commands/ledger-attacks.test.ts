import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { signCheckpoint } from "../../src/evidence/checkpoint.ts";
import type { VerificationJson } from "../../src/reports/verification.ts";
import { postgresServer } from "../stores/postgres-server.ts";
import {
  branchPlace,
  command,
  exportPlace,
  honestRows,
  type KeptPlace,
  keyFile,
  postgresPlace,
  privatePem,
  type Row,
  rowsOf,
  SIZE,
  signedRows,
  signer,
  sqlitePlace,
  stranger,
  temporaryFolder,
} from "./ledger-rows.ts";

const server = postgresServer();

const PLACES: Readonly<Record<string, () => Promise<KeptPlace>>> = {
  SQLite: () => sqlitePlace(),
  PostgreSQL: () => postgresPlace(server),
  "an evidence branch": branchPlace,
  "an export": exportPlace,
};

const row = (at: number) => honestRows[at] as Row;
/** The rows with the content of one changed. */
const changed = (at: number, change: (row: Row) => Row) =>
  honestRows.map((one) => (one.sequence === at ? change(one) : one));
/** Envelopes in another order or number, with everything beside them as good as it can be made without the key. */
const arranged = (rows: readonly Row[]) => rowsOf(rows);
const flipped = (base64: string, at: number) => {
  const bytes = Buffer.from(base64, "base64");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString("base64");
};

interface Attack {
  readonly name: string;
  rows(): readonly Row[] | Promise<readonly Row[]>;
  /** What `verify` says, and about which record. */
  readonly says: readonly (readonly [sequence: number, sentence: RegExp])[];
  /** Whether only a checkpoint from outside shows it. */
  readonly unseen?: true;
}

const ATTACKS: readonly Attack[] = [
  {
    name: "a record edited",
    rows: () =>
      arranged(
        changed(3, (one) => ({ ...one, envelope: { ...one.envelope, payload: flipped(one.envelope.payload, 300) } })),
      ),
    says: [[3, /Record 3 was changed after it was signed, or signed with another key/]],
  },
  {
    name: "a record replaced by one of another key",
    rows: async () =>
      arranged([
        ...honestRows.slice(0, 3),
        ...(await signedRows(["r/3"], stranger, honestRows.slice(0, 3))).slice(3),
        ...honestRows.slice(4),
      ]),
    says: [[3, /Record 3 is signed with a key that is not known/]],
  },
  {
    name: "what stands beside a record edited",
    rows: () => changed(3, (one) => ({ ...one, root: row(4).root })),
    says: [[3, /The ledger's own root beside record 3 is not that of the record: the row was changed/]],
  },
  {
    name: "another id beside a record",
    rows: () => changed(3, (one) => ({ ...one, id: "r/never" })),
    says: [[3, /own id beside record 3 /]],
  },
  {
    name: "two records that changed places",
    rows: () => arranged([row(0), row(1), row(4), row(3), row(2), ...honestRows.slice(5)]),
    says: [[3, /Record 3 stands after record 4: the order was changed/]],
  },
  {
    name: "a record deleted, and those after it moved up",
    rows: () => arranged(honestRows.filter(({ sequence }) => sequence !== 4)),
    says: [[4, /Record 4 is missing: deleted/]],
  },
  {
    name: "a record deleted, and nothing else",
    rows: () => honestRows.filter(({ sequence }) => sequence !== 4),
    says: [[4, /Record 4 is missing: deleted/]],
  },
  {
    name: "the end cut off",
    rows: () => honestRows.slice(0, 6),
    says: [[6, /and the ledger ends after 6 records: its end was cut off/]],
    unseen: true,
  },
  {
    name: "a copy of a record inserted",
    rows: () => arranged([...honestRows.slice(0, 4), { ...row(1), id: "r/1 again" }, ...honestRows.slice(4)]),
    says: [[1, /Record 1 stands a second time, after record 3: a copy was inserted/]],
  },
  {
    name: "a record of another key inserted",
    rows: async () =>
      arranged([...honestRows.slice(0, 4), ...(await signedRows(["new"], stranger)), ...honestRows.slice(4)]),
    says: [[4, /One entry before record 4 does not belong there: inserted/]],
  },
  {
    name: "a history that was forked and signed with the operator's key",
    rows: () => signedRows(["r/5", "r/6 and not what it was", "r/7"], signer, honestRows.slice(0, 5)),
    says: [[SIZE - 1, /covers 8 records, and they were other ones: the history was rewritten/]],
    unseen: true,
  },
  {
    name: "records of two histories in one",
    rows: async () => {
      const fork = await signedRows(["x/5", "x/6", "x/7"], signer, honestRows.slice(0, 5));
      return arranged([...honestRows.slice(0, 6), ...fork.slice(6)]);
    },
    says: [[6, /Record 6 was signed to follow another record than the one before it: the history was rewritten/]],
  },
  {
    name: "a second signature that is none",
    rows: () =>
      arranged(
        changed(2, (one) => {
          const [first] = one.envelope.signatures;
          const bad = { keyid: stranger.keyId, sig: first?.sig ?? "" };
          return { ...one, envelope: { ...one.envelope, signatures: [...one.envelope.signatures, bad] } };
        }),
      ),
    says: [[2, /Record 2 carries 2 signatures of which one is not valid/]],
  },
  {
    name: "the payload type swapped",
    rows: () =>
      arranged(changed(2, (one) => ({ ...one, envelope: { ...one.envelope, payloadType: "application/json" } }))),
    says: [[2, /Record 2 says that it holds something other than a record: its payload type was swapped/]],
  },
  {
    name: "an envelope that is none",
    rows: () => changed(2, (one) => ({ ...one, envelope: { nothing: true } as never })),
    says: [[2, /Record 2 cannot be read/]],
  },
];

let key = "";
let checkpoint = "";
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-outside-"));
  key = join(folder, "public.pem");
  writeFileSync(key, signer.publicKey.export({ type: "spki", format: "pem" }));
  checkpoint = join(folder, "checkpoint.txt");
  const tip = { size: SIZE, root: row(SIZE - 1).root };
  writeFileSync(checkpoint, await signCheckpoint({ origin: "x", at: "2026-11-24T13:00:00Z" }, tip, signer));
  return () => rmSync(folder, { recursive: true, force: true });
});

async function verifying(source: string, ...args: readonly string[]) {
  const { exit, out, err } = await command(["verify", source, "--format", "json", ...args]);
  return { exit, err, seen: JSON.parse(out) as VerificationJson };
}

describe.each(Object.entries(PLACES))("a ledger in %s", (name, make) => {
  it("verifies as it was made", async () => {
    const { source, replace } = await make();
    const stands = async () => {
      const { exit, seen, err } = await verifying(source, "--key", key, "--checkpoint", checkpoint);
      expect([exit, err, seen]).toMatchObject([0, "", { ok: true, records: SIZE, witnessed: SIZE, problems: [] }]);
    };
    await stands();
    // What the attacks below do without one.
    await replace(arranged(honestRows));
    await stands();
  });

  it.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
    "S07 shows %s",
    async (_, { rows, says, unseen }) => {
      const { source, replace } = await make();
      await replace(await rows());
      const { exit, seen } = await verifying(source, "--key", key, "--checkpoint", checkpoint);
      expect(exit).toBe(1);
      for (const [sequence, sentence] of says)
        expect(seen.problems).toContainEqual(
          expect.objectContaining({ sequence, sentence: expect.stringMatching(sentence) }),
        );
      // An export carries a checkpoint of its own; elsewhere only one from outside tells some things.
      const alone = await verifying(source, "--key", key);
      expect(alone.exit).toBe(unseen && name !== "an export" ? 0 : 1);
    },
  );

  it("shows a wrong key, and one that was not the operator's then", async () => {
    const { source } = await make();
    const other = await verifying(source, "--key", keyFile(stranger));
    expect(other.exit).toBe(1);
    expect(other.seen.problems).toContainEqual(
      expect.objectContaining({
        sequence: 0,
        sentence: expect.stringContaining("signed with a key that is not known"),
      }),
    );
    const history = join(temporaryFolder(), "keys.json");
    const pem = signer.publicKey.export({ type: "spki", format: "pem" });
    writeFileSync(history, JSON.stringify({ keys: [{ publicKey: pem, until: "2026-11-01T00:00:00Z" }] }));
    const late = await verifying(source, "--keys", history);
    expect(late.exit).toBe(1);
    expect(late.seen.problems).toContainEqual(
      expect.objectContaining({
        sequence: 0,
        sentence: expect.stringContaining("signed with a key that was not valid then"),
      }),
    );
  });
});

it("signs no checkpoint and no export of a ledger that does not stand", async () => {
  const { source, replace } = await sqlitePlace();
  await replace(honestRows.slice(0, 6).map((one) => (one.sequence === 3 ? { ...one, root: row(0).root } : one)));
  for (const name of ["checkpoint", "export"]) {
    const { exit, out, err } = await command([name, source], { COUNTERSIGN_SIGNING_KEY: privatePem() });
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toContain("own root beside record 3");
    expect(err).toContain("nothing is signed about a ledger that does not stand");
  }
});
