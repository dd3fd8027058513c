import { readCheckpoint } from "../evidence/checkpoint.ts";
import type { KnownKeys } from "../evidence/key-history.ts";
import { verifyLedger, type Witness } from "../evidence/verification.ts";
import { plain } from "../reports/plain.ts";
import { type VerificationJson, verificationReport } from "../reports/verification.ts";
import { InvalidFile } from "../work/invalid-file.ts";
import type { CommandIo } from "./command-io.ts";
import { readKnownKeys, readText } from "./known-keys.ts";
import { EVIDENCE_BRANCH, type LedgerSource, openLedgerSource } from "./ledger-source.ts";
import { readArguments } from "./read-options.ts";
import { seenWitness } from "./seen-witness.ts";
import { Usage } from "./usage.ts";
import { type Known, verificationJson, verifyExport } from "./verify-export.ts";

const HELP = `countersign verify: whether records are whole, in order, and signed by the operator; offline

Usage
  countersign verify SOURCE --key FILE [options]

SOURCE is one of
  a file             an export (countersign export), or the App's database (DATABASE_PATH), which may be in use
  a folder           a local repository with an evidence branch
  postgres://...     a PostgreSQL database; leave the password to PGPASSWORD or ~/.pgpass

Keys and checkpoints, from where you keep them yourself
  --key FILE         the operator's public key in PEM form
  --keys FILE        the history of keys, each with the time in which it was the operator's (JSON)
  --checkpoint FILE  a checkpoint that left the system before; may be given several times
  --seen PLACE       what an evidence comment shows: SEQUENCE:ROOT; may be given several times
  --branch NAME      the evidence branch (default: ${EVIDENCE_BRANCH})

Output
  --format FORMAT    text (default) or json
  -h, --help         this text

Exit code
  0  everything stands as it was signed   1  a problem: edited, reordered, deleted, cut off, inserted, another key
  2  wrong usage, or something given cannot be read   3  fault

Examples
  countersign verify data/countersign.db --key countersign-public-key.pem
  countersign verify audit-2026.jsonl --keys keys.json --checkpoint checkpoint-2026-10.txt
  countersign verify . --key countersign-public-key.pem
`;

const OPTIONS = {
  key: { type: "string" },
  keys: { type: "string" },
  checkpoint: { type: "string", multiple: true },
  seen: { type: "string", multiple: true },
  branch: { type: "string" },
  format: { type: "string", default: "text" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `countersign verify`: whether records stand as they were signed. Returns the exit code. */
export async function verify(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArguments("verify", args, OPTIONS, 1);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  const { format } = values;
  if (format !== "text" && format !== "json")
    throw new Usage(`--format is ${JSON.stringify(format)}; expected text or json`);
  const [name] = positionals;
  if (name === undefined)
    throw new Usage(
      "verify needs an export, a database, a repository or a postgres:// URL; see countersign verify --help",
    );
  const keys = await readKnownKeys(values, io);
  const witnesses = [
    ...(await checkpointWitnesses(values.checkpoint ?? [], keys, io)),
    ...(values.seen ?? []).map(seenWitness),
  ];
  const source = await openLedgerSource(name, values.branch);
  try {
    const shown = source.kind === "PostgreSQL" ? source.kind : name;
    const seen = await verified(source, shown, { keys, witnesses });
    io.stdout(format === "json" ? `${JSON.stringify(seen, null, 2)}\n` : verificationReport(seen, paperOf(io)));
    return seen.ok ? 0 : 1;
  } finally {
    await source.close();
  }
}

/** Checkpoints from files, each verified by the keys that are known. */
export async function checkpointWitnesses(
  paths: readonly string[],
  keys: KnownKeys,
  io: CommandIo,
): Promise<readonly Witness[]> {
  const witnesses = [];
  for (const path of paths) {
    const read = readCheckpoint(await readText(path, io), keys);
    if ("problem" in read) throw new InvalidFile(`${plain(path)}: ${read.problem}`);
    const { size, root, at } = read.checkpoint;
    witnesses.push({ size, root, source: `The checkpoint of ${at}` });
  }
  return witnesses;
}

async function verified(source: LedgerSource, name: string, known: Known): Promise<VerificationJson> {
  if (source.kind === "export") return verifyExport(source.lines(), name, known);
  return verificationJson(name, source.kind, await verifyLedger(source.stored(), known));
}

function paperOf({ color, width = null }: CommandIo) {
  return { color, width };
}
