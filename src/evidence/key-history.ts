import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import { z } from "zod";

const Instant = z.iso.datetime({ offset: true });

/** The public keys that a ledger's records were signed with, each with the time in which it was the operator's. */
export const KeyHistory = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        /** SPKI in PEM: Ed25519 or P-256. */
        publicKey: z.string().max(2_000),
        /** Absent: from the beginning. */
        from: Instant.optional(),
        /** Absent: still in use. */
        until: Instant.optional(),
      }),
    )
    .min(1)
    .max(1_000),
});
/** The public keys that a ledger's records were signed with. */
export type KeyHistory = z.infer<typeof KeyHistory>;

/** A public key, and when it was the operator's: milliseconds since 1970, both ends included. */
export interface KnownKey {
  readonly keyId: string;
  readonly key: KeyObject;
  readonly windows: readonly { readonly from: number; readonly until: number }[];
}

/** Public keys by their ids. */
export type KnownKeys = ReadonlyMap<string, KnownKey>;

/** A public key that records cannot be verified with, in words. */
export class UnusableKey extends Error {
  override readonly name = "UnusableKey";
}

/** What identifies a public key: SHA-256 of its SPKI, lower-case hex. */
export function keyIdOf(key: KeyObject): string {
  return hash("sha256", key.export({ type: "spki", format: "der" }), "hex");
}

/** The keys of a history. Throws UnusableKey, which says which one cannot be used. */
export function knownKeys({ keys }: KeyHistory): KnownKeys {
  const known = new Map<string, KnownKey>();
  keys.forEach(({ publicKey, from, until }, at) => {
    const key = publicKeyOf(publicKey, `key ${at + 1} of the history`);
    const window = { from: from ? Date.parse(from) : -Infinity, until: until ? Date.parse(until) : Infinity };
    if (window.from > window.until) throw new UnusableKey(`key ${at + 1} of the history ends before it begins`);
    const keyId = keyIdOf(key);
    known.set(keyId, { keyId, key, windows: [...(known.get(keyId)?.windows ?? []), window] });
  });
  return known;
}

/** A public key from its PEM. Throws UnusableKey where it is none, or of a kind that nothing is signed with here. */
export function publicKeyOf(pem: string, what: string): KeyObject {
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) throw new UnusableKey(`${what} is no public key in PEM form`);
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new UnusableKey(`${what} is no public key in PEM form`);
  }
  if (!signsRecords(key)) throw new UnusableKey(`${what} is neither an Ed25519 nor a P-256 key`);
  return key;
}

/** Whether a key is of a kind that records are signed with. */
export function signsRecords(key: KeyObject): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  return type === "ed25519" || (type === "ec" && details?.namedCurve === "prime256v1");
}

/** How a key signs, for node:crypto: Ed25519 takes the bytes themselves, P-256 their SHA-256. */
export function digestFor(key: KeyObject): "sha256" | null {
  return key.asymmetricKeyType === "ed25519" ? null : "sha256";
}

/** Whether a signature over these bytes is of this key. */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(digestFor(key), bytes, key, signature);
}

/** The same, beside this thread: a ledger is verified by as many processors as there are. */
export function isSignedByLater(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    verify(digestFor(key), bytes, key, signature, (fault, valid) => resolve(fault === null && valid));
  });
}
