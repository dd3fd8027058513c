import { KeyHistory, type KnownKeys, knownKeys, UnusableKey } from "../evidence/key-history.ts";
import { plain } from "../reports/plain.ts";
import { InvalidFile } from "../work/invalid-file.ts";
import type { CommandIo } from "./command-io.ts";
import { Usage } from "./usage.ts";

/** The public keys that a caller gives: `--key` one that was always valid, `--keys` a history with its windows. */
export async function readKnownKeys(
  { key, keys }: { readonly key?: string | undefined; readonly keys?: string | undefined },
  io: CommandIo,
): Promise<KnownKeys> {
  if (key !== undefined && keys !== undefined) throw new Usage("--key and --keys exclude each other; give one");
  const path = key ?? keys;
  if (path === undefined)
    throw new Usage(
      "give the operator's public key with --key FILE, or the history of keys with --keys FILE, from where you keep it yourself: one that comes with the records proves nothing",
    );
  const text = await readText(path, io);
  try {
    return knownKeys(key === undefined ? historyOf(text, path) : { keys: [{ publicKey: text }] });
  } catch (fault) {
    if (!(fault instanceof UnusableKey)) throw fault;
    const said = key === undefined ? fault.message : fault.message.replace(/^key 1 of the history/, "it");
    throw new InvalidFile(`${plain(path)}: ${said}`);
  }
}

function historyOf(text: string, path: string): KeyHistory {
  try {
    return KeyHistory.parse(JSON.parse(text));
  } catch {
    throw new InvalidFile(
      `${plain(path)}: no key history; expected JSON of the form {"keys": [{"publicKey": "-----BEGIN PUBLIC KEY-----...", "from": "...", "until": "..."}]}`,
    );
  }
}

/** A file that the caller names, as text. */
export async function readText(path: string, io: CommandIo): Promise<string> {
  const bytes = await io.readFile(path).catch((fault: NodeJS.ErrnoException) => {
    throw new InvalidFile(`${plain(path)}: cannot be read (${fault.code ?? "unknown"})`);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidFile(`${plain(path)}: is no text in UTF-8`);
  }
}
