import { writeFile } from "node:fs/promises";
import { signCheckpoint } from "../evidence/checkpoint.ts";
import { addToRef } from "../git/add-to-ref.ts";
import { plain } from "../reports/plain.ts";
import type { CommandIo } from "./command-io.ts";
import { EVIDENCE_BRANCH } from "./ledger-source.ts";
import { operatorKeys } from "./operator-keys.ts";
import { readArguments } from "./read-options.ts";
import { Usage } from "./usage.ts";
import { openLedgerInPlace, verifiedSource } from "./verified-source.ts";
import { checkpointWitnesses } from "./verify.ts";

const HELP = `countersign checkpoint: how the ledger stands now, signed, to be kept outside of this system

Usage
  countersign checkpoint SOURCE [options]

Who holds the signing key can rewrite a ledger. A checkpoint that has left the system shows it to whoever has
it: keep one where the operator cannot change it, each month or more often, and give it to verify. The ledger
is verified first; nothing is signed about one that does not stand.

SOURCE is the App's database (DATABASE_PATH), a local repository with an evidence branch, or postgres://...

Options
  --out WHERE        a new file, - for standard output (default), or a ref such as refs/countersign/checkpoint
  --repo DIR         with a ref: the repository (default: this folder)
  --checkpoint FILE  an earlier checkpoint, which must still hold; may be given several times
  --origin NAME      how the checkpoint names this ledger (default: by its first record)
  --branch NAME      the evidence branch (default: ${EVIDENCE_BRANCH})
  -h, --help         this text

Environment
  COUNTERSIGN_SIGNING_KEY, COUNTERSIGN_SIGNING_KEY_PATH, COUNTERSIGN_SIGNER, COUNTERSIGN_KEY_HISTORY_PATH
                     as the App has them; without, the key that lies beside its database

Exit code
  0  signed   1  the ledger does not stand, or nothing is recorded yet   2  wrong usage   3  fault

Examples
  countersign checkpoint data/countersign.db --out checkpoint-2026-11.txt
  countersign checkpoint data/countersign.db --out refs/countersign/checkpoint && git push origin refs/countersign/checkpoint
`;

const OPTIONS = {
  out: { type: "string", default: "-" },
  repo: { type: "string" },
  checkpoint: { type: "string", multiple: true },
  origin: { type: "string" },
  branch: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `countersign checkpoint`: signs how a ledger stands. Returns the exit code. */
export async function checkpoint(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArguments("checkpoint", args, OPTIONS, 1);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  const { out, repo } = values;
  if (repo !== undefined && !out.startsWith("refs/")) throw new Usage("--repo goes with --out refs/...");
  const [name = ""] = positionals;
  const source = await openLedgerInPlace("checkpoint", positionals[0], values.branch);
  try {
    const { signer, keys } = operatorKeys(source.folder, io);
    const witnesses = await checkpointWitnesses(values.checkpoint ?? [], keys, io);
    const ledger = await verifiedSource(source, name, { keys, witnesses }, io);
    if (ledger === null) return 1;
    const { tip } = ledger;
    const note = await signCheckpoint({ origin: originOf(values.origin ?? ledger.origin), at: io.now() }, tip, signer);
    if (out === "-") io.stdout(note);
    else await keep(note, out, { directory: repo ?? ".", size: tip.size });
    if (out !== "-") io.stderr(`Wrote a checkpoint of ${tip.size} records to ${plain(out)}\n`);
    return 0;
  } finally {
    await source.close();
  }
}

/** The name of a ledger, as a caller may give it. */
export function originOf(given: string): string {
  if (/^[^\s+\p{C}]{1,200}$/u.test(given)) return given;
  throw new Usage(`--origin is ${JSON.stringify(given)}; expected a name without white space and without +`);
}

async function keep(
  note: string,
  out: string,
  { directory, size }: { readonly directory: string; readonly size: number },
): Promise<void> {
  if (out.startsWith("refs/"))
    return addToRef({
      directory,
      ref: out,
      file: "checkpoint",
      content: note,
      message: `Checkpoint of ${size} records`,
    });
  await writeNew(out, note);
}

/** Writes a file that must not be there yet. */
export async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: "wx", flush: true }).catch((fault: NodeJS.ErrnoException) => {
    throw new Usage(
      fault.code === "EEXIST"
        ? `${plain(path)} is there already; name another file, since an earlier one is worth keeping`
        : `${plain(path)} cannot be written (${fault.code ?? "unknown"})`,
    );
  });
}
