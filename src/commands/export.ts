import { open } from "node:fs/promises";
import type { EvidenceRecord } from "../evidence/record.ts";
import { plain } from "../reports/plain.ts";
import { originOf } from "./checkpoint.ts";
import type { CommandIo } from "./command-io.ts";
import { exportLines } from "./ledger-export.ts";
import { EVIDENCE_BRANCH } from "./ledger-source.ts";
import { operatorKeys } from "./operator-keys.ts";
import { readArguments } from "./read-options.ts";
import { Usage } from "./usage.ts";
import { openLedgerInPlace, verifiedSource } from "./verified-source.ts";
import { checkpointWitnesses } from "./verify.ts";

const HELP = `countersign export: records for somebody else, in a file that verifies without this system

Usage
  countersign export SOURCE [options]

Writes JSON lines: first what the export is, signed, with a checkpoint of the ledger; then one record a line as
it was signed (a DSSE envelope with an in-toto statement). Records of some repositories come each with the
proof that it is part of the ledger. The ledger is verified first. countersign verify reads the file.

SOURCE is the App's database (DATABASE_PATH), a local repository with an evidence branch, or postgres://...

Options
  --repository NAME  only records of this repository: its number, or OWNER/NAME as a record has it; several times
  --out FILE         a new file (default: standard output)
  --checkpoint FILE  an earlier checkpoint, which must still hold; may be given several times
  --origin NAME      how the checkpoint names this ledger (default: by its first record)
  --branch NAME      the evidence branch (default: ${EVIDENCE_BRANCH})
  -h, --help         this text

Environment
  COUNTERSIGN_SIGNING_KEY, COUNTERSIGN_SIGNING_KEY_PATH, COUNTERSIGN_SIGNER, COUNTERSIGN_KEY_HISTORY_PATH
                     as the App has them; without, the key that lies beside its database

Exit code
  0  written   1  the ledger does not stand, or nothing is recorded yet   2  wrong usage   3  fault

Examples
  countersign export data/countersign.db --out evidence-2026.jsonl
  countersign export data/countersign.db --repository acme/support --out support.jsonl
`;

const OPTIONS = {
  repository: { type: "string", multiple: true },
  out: { type: "string" },
  checkpoint: { type: "string", multiple: true },
  origin: { type: "string" },
  branch: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `countersign export`: writes records for those who verify them elsewhere. Returns the exit code. */
export async function exportRecords(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArguments("export", args, OPTIONS, 1);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  const wanted = wantedOf(values.repository);
  const [name = ""] = positionals;
  const source = await openLedgerInPlace("export", positionals[0], values.branch);
  try {
    const { signer, keys } = operatorKeys(source.folder, io);
    const witnesses = await checkpointWitnesses(values.checkpoint ?? [], keys, io);
    const ledger = await verifiedSource(source, name, { keys, witnesses }, io, wanted?.see);
    if (ledger === null) return 1;
    const origin = originOf(values.origin ?? ledger.origin);
    const exported = { tip: ledger.tip, repositories: wanted?.ids() ?? null, reading: source.reading };
    const written = await write(exportLines(exported, { signer, origin, at: io.now() }), values.out, io);
    if (values.out !== undefined) io.stderr(`Wrote ${written - 1} records to ${plain(values.out)}\n`);
    return 0;
  } finally {
    await source.close();
  }
}

/** The repositories that are asked for, found by what records call them; null where none is named. */
function wantedOf(given: readonly string[] | undefined) {
  if (given === undefined) return null;
  const found = new Map<string, Set<number>>();
  for (const name of given) {
    if (!/^(?:[1-9]\d{0,14}|[\w.-]{1,100}\/[\w.-]{1,100})$/.test(name))
      throw new Usage(`--repository is ${JSON.stringify(name)}; expected a repository's number or OWNER/NAME`);
    found.set(name.toLowerCase(), new Set());
  }
  return {
    see({ repository: { id, owner, name } }: EvidenceRecord): void {
      for (const key of [String(id), `${owner}/${name}`.toLowerCase()]) found.get(key)?.add(id);
    },
    ids(): readonly number[] {
      for (const [name, ids] of found)
        if (ids.size === 0) throw new Usage(`no record is of a repository ${JSON.stringify(name)}`);
      return [...new Set([...found.values()].flatMap((ids) => [...ids]))].toSorted((a, b) => a - b);
    },
  };
}

async function write(lines: AsyncIterable<string>, path: string | undefined, io: CommandIo): Promise<number> {
  let written = 0;
  if (path === undefined) {
    for await (const line of lines) {
      io.stdout(line);
      written += 1;
    }
    return written;
  }
  const file = await open(path, "wx").catch((fault: NodeJS.ErrnoException) => {
    throw new Usage(
      `${plain(path)} ${fault.code === "EEXIST" ? "is there already; name another file" : `cannot be written (${fault.code ?? "unknown"})`}`,
    );
  });
  try {
    for await (const line of lines) {
      await file.write(line);
      written += 1;
    }
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}
