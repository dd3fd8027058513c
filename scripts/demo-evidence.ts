/** What the demo does with the ledger: verifies it as an auditor would, and edits a copy as somebody with its password could. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

const COMMANDS = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** What `countersign verify` said, paragraph by paragraph, and how it ended. */
export interface Verified {
  readonly exit: number | null;
  readonly lines: readonly string[];
}

/** Runs `countersign verify` as a program of its own, in the folder of the database: with the public key, and nothing else. */
export function verified(folder: string, ...args: readonly string[]): Verified {
  const key = readdirSync(folder).find((name) => /^countersign-public-key-\w+\.pem$/.test(name));
  if (key === undefined) throw new Error("expected a public key beside the database");
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMANDS, "verify", ...args, "--key", key], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
  });
  // In paragraphs again: whoever shows them breaks their lines.
  const text = `${stdout}${stderr}`.replaceAll(/\n +(?=\S)(?![✗!] |[A-Z][a-z ]+: )/g, " ");
  return {
    exit: status,
    lines: text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  };
}

/** The number and the root that a comment shows, as `--seen` takes them; null where it shows none. */
export function seenIn(comment: string): string | null {
  const [, seen] = /--seen (\d+:[0-9a-f]{64})/.exec(comment) ?? [];
  return seen ?? null;
}

/** Has one person's name stand for another's in every record of a copy of the ledger, past the triggers that refuse it. */
export function forge(folder: string, copy: string, from: string, to: string): { readonly refusal: string } {
  const source = new DatabaseSync(join(folder, "countersign.db"), { readOnly: true });
  source.exec(`VACUUM INTO '${join(folder, copy)}'`);
  source.close();
  const database = new DatabaseSync(join(folder, copy));
  try {
    const change = () => {
      const update = database.prepare("UPDATE ledger_entry SET envelope = ? WHERE sequence = ?");
      for (const { sequence, envelope } of database.prepare("SELECT sequence, envelope FROM ledger_entry").all())
        update.run(forged(String(envelope), from, to), Number(sequence));
    };
    const refusal = refusalOf(change);
    database.exec("DROP TRIGGER ledger_entry_update");
    change();
    return { refusal };
  } finally {
    database.close();
  }
}

function forged(envelope: string, from: string, to: string): string {
  const parsed = JSON.parse(envelope) as { readonly payload: string };
  const payload = Buffer.from(parsed.payload, "base64").toString("utf8").replaceAll(`"${from}"`, `"${to}"`);
  return JSON.stringify({ ...parsed, payload: Buffer.from(payload).toString("base64") });
}

function refusalOf(change: () => void): string {
  try {
    change();
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  throw new Error("expected the ledger to refuse the edit");
}
