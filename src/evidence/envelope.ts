import { hash, type KeyObject } from "node:crypto";
import { z } from "zod";
import { canonicalBytes } from "./canonical.ts";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

// DSSE has verifiers take either alphabet of base64.
const Base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/);

/** A DSSE envelope as JSON: `payload` and `sig` are base64, `keyid` is the SHA-256 of the key's SPKI as lower-case hex. */
export const Envelope = z.strictObject({
  payloadType: z.string(),
  payload: Base64,
  signatures: z
    .array(z.strictObject({ keyid: z.string(), sig: Base64 }))
    .min(1)
    .max(16),
});
/** A DSSE envelope as JSON. */
export type Envelope = z.infer<typeof Envelope>;

/** Signs bytes with the operator's key, wherever that key lives. */
export interface Signer {
  /** SHA-256 of the public key's SPKI, lower-case hex. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** An Ed25519 signature of 64 bytes, or an ECDSA one in DER, over these bytes as they are. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A statement in canonical JSON, signed: what a ledger keeps. */
export async function signEnvelope(statement: object, signer: Signer): Promise<Envelope> {
  const payload = canonicalBytes(statement);
  const signature = await signer.sign(signedBytes(PAYLOAD_TYPE, payload));
  return {
    payloadType: PAYLOAD_TYPE,
    payload: payload.toString("base64"),
    signatures: [{ keyid: signer.keyId, sig: Buffer.from(signature).toString("base64") }],
  };
}

/** What is signed: DSSE's pre-authentication encoding, which holds the payload's type beside it. */
export function signedBytes(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** An envelope's canonical JSON: what its digest and its leaf stand over. Its payload, most of it, needs no escapes. */
export function envelopeBytes({ payload, payloadType, signatures }: Envelope): Buffer {
  const rest = canonicalBytes({ payloadType, signatures }).toString("utf8");
  return Buffer.from(`{"payload":"${payload}",${rest.slice(1)}`, "utf8");
}

/** SHA-256 of an envelope's canonical JSON, lower-case hex. */
export function envelopeDigest(envelope: Envelope): string {
  return hash("sha256", envelopeBytes(envelope), "hex");
}
