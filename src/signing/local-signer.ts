import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Signer } from "../evidence/envelope.ts";
import { digestFor, keyIdOf, signsRecords } from "../evidence/key-history.ts";

/** Signs with a private key of this process: Ed25519 or P-256. */
export function localSigner(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  const algorithm = digestFor(publicKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: async (bytes) => sign(algorithm, bytes, privateKey),
  };
}

/** A private key from its PEM; null where it is none that records can be signed with. Never says what it read. */
export function signingKeyOf(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return signsRecords(key) ? key : null;
  } catch {
    // What Node says of a key that it cannot read may quote it.
    return null;
  }
}
