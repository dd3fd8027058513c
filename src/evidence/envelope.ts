import { z } from "zod";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** A DSSE envelope as JSON: `payload` and `sig` are base64, `keyid` is the SHA-256 of the key's SPKI as lower-case hex. */
export const Envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).min(1),
});
/** A DSSE envelope as JSON. */
export type Envelope = z.infer<typeof Envelope>;

/** Signs bytes with the operator's key, wherever that key lives. */
export interface Signer {
  /** SHA-256 of the public key's SPKI, lower-case hex. */
  readonly keyId: string;
  sign(preAuthEncoding: Uint8Array): Promise<Uint8Array>;
}
