import { hash, type KeyObject } from "node:crypto";
import type { Signer } from "./envelope.ts";
import { isSignedBy, type KnownKeys, keyIdOf } from "./key-history.ts";
import type { LedgerTip } from "./ledger.ts";

// A checkpoint is a signed note: https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note

/** How a ledger stood at a time: whoever holds this notices when what it covers is changed afterwards. */
export interface Checkpoint {
  /** Names the ledger. */
  readonly origin: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
  /** RFC 3339; kept in an extension line, since a key's window asks for it. */
  readonly at: string;
}

/** What became of reading a checkpoint: the problem is one sentence without an end. */
export type ReadCheckpoint = { readonly checkpoint: Checkpoint } | { readonly problem: string };

/** A checkpoint as text, signed. */
export async function signCheckpoint(
  { origin, at }: { readonly origin: string; readonly at: string },
  { size, root }: Pick<LedgerTip, "size" | "root">,
  signer: Signer,
): Promise<string> {
  if (!isOrigin(origin)) throw new TypeError("an origin is a name without white space and without +");
  const text = `${origin}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\ntime ${at}\n`;
  const signature = await signer.sign(Buffer.from(text, "utf8"));
  const line = Buffer.concat([noteKeyId(origin, signer.publicKey), signature]).toString("base64");
  return `${text}\n\u2014 ${origin} ${line}\n`;
}

/** Reads a checkpoint and verifies it by the keys that are known. Signatures of others beside ours are no matter. */
export function readCheckpoint(note: string, keys: KnownKeys): ReadCheckpoint {
  if (note.length > 100_000) return { problem: "it is too long for a checkpoint" };
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const checkpoint = end < 0 ? null : checkpointOf(text);
  if (!checkpoint) return { problem: "it is not in the form of a checkpoint" };
  const { origin, at } = checkpoint;
  const byNoteId = new Map([...keys.values()].map((known) => [noteKeyId(origin, known.key).toString("hex"), known]));
  let signed = false;
  for (const line of note.slice(end + 2).split("\n")) {
    const [, name, base64 = ""] = /^\u2014 (\S{1,1000}) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    const bytes = Buffer.from(base64, "base64");
    const known = name === origin ? byNoteId.get(bytes.subarray(0, 4).toString("hex")) : undefined;
    if (!known) continue;
    if (!isSignedBy(known.key, Buffer.from(text, "utf8"), bytes.subarray(4)))
      return { problem: "it was changed after it was signed, or is of another key" };
    const time = Date.parse(at);
    if (!known.windows.some(({ from, until }) => time >= from && time <= until))
      return { problem: `its key was not valid at ${at}` };
    signed = true;
  }
  return signed ? { checkpoint } : { problem: "no key that is known signed it" };
}

function checkpointOf(text: string): Checkpoint | null {
  const [origin = "", size = "", root = "", time = "", end, ...more] = text.split("\n");
  const at = /^time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)$/.exec(time)?.[1];
  if (end !== "" || more.length > 0 || !isOrigin(origin) || !at || Number.isNaN(Date.parse(at))) return null;
  if (!/^(?:0|[1-9]\d{0,14})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return null;
  return { origin, size: Number(size), root: Buffer.from(root, "base64").toString("hex"), at };
}

/** What may name a ledger. Never what begins a DSSE encoding, which the same key signs. */
function isOrigin(origin: string): boolean {
  return /^[^\s+\p{C}]{1,200}$/u.test(origin);
}

/** The four bytes by which a signed note names a key: of the name and the key for Ed25519, of the SPKI for ECDSA. */
export function noteKeyId(name: string, key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== "ed25519") return Buffer.from(keyIdOf(key).slice(0, 8), "hex");
  const { x = "" } = key.export({ format: "jwk" });
  const bytes = Buffer.concat([Buffer.from(`${name}\n\u0001`, "utf8"), Buffer.from(x, "base64url")]);
  return hash("sha256", bytes, "buffer").subarray(0, 4);
}
