import { z } from "zod";
import { type Envelope, PAYLOAD_TYPE, signedBytes } from "./envelope.ts";
import { isSignedByLater, type KnownKeys } from "./key-history.ts";
import type { EnvelopeProblem } from "./problem.ts";
import { EvidenceRecord, Statement } from "./record.ts";

/** An envelope on its own: what it says, where a known key signed that, and everything that is wrong with it. */
export interface CheckedEnvelope {
  /** The place that it was signed for; null where no known key signed it. */
  readonly place: EvidenceRecord["record"] | null;
  /** Null where no known key signed it, or it is not in the form of a record. */
  readonly record: EvidenceRecord | null;
  readonly problems: readonly EnvelopeProblem[];
}

/** How far a clock may go back between two records before a key that ended is refused, in milliseconds. */
const CLOCK = 3_600_000;

/** Checks one envelope: its payload type, each of its signatures, the keys' times, and the form of what it says. */
export async function checkEnvelope(envelope: Envelope, keys: KnownKeys): Promise<CheckedEnvelope> {
  const refused = (problem: EnvelopeProblem) => ({ place: null, record: null, problems: [problem] });
  if (envelope.payloadType !== PAYLOAD_TYPE) return refused({ code: "payload-type", detail: "" });
  const payload = Buffer.from(envelope.payload, "base64");
  const signed = signaturesOf(envelope, payload, keys);
  const { place, record, where } = readPayload(payload);
  const unsigned = await signed;
  if (unsigned) return refused(unsigned);
  const late = place && outsideItsTime(envelope, place, keys);
  const problems: EnvelopeProblem[] = record ? [] : [{ code: "schema", detail: where }];
  return { place, record, problems: late ? [...problems, late] : problems };
}

/**
 * What is wrong with the times of an envelope's keys. `newest` is the time of the newest record before it: a key that had ended
 * by then signs nothing more, whatever time it writes.
 */
export function outsideItsTime(
  { signatures }: Envelope,
  { createdAt }: EvidenceRecord["record"],
  keys: KnownKeys,
  newest = -Infinity,
): EnvelopeProblem | null {
  const at = Date.parse(createdAt);
  const late = signatures.find(({ keyid }) => {
    const windows = keys.get(keyid)?.windows ?? [];
    return !windows.some(({ from, until }) => at >= from && at <= until && newest <= until + CLOCK);
  });
  return late ? { code: "key-not-valid", detail: `key ${short(late.keyid)}, record of ${createdAt}` } : null;
}

/** What is wrong with the signatures; null where every one is valid, and of a key of its own. */
async function signaturesOf(
  { signatures }: Envelope,
  payload: Buffer,
  keys: KnownKeys,
): Promise<EnvelopeProblem | null> {
  const bytes = signedBytes(PAYLOAD_TYPE, payload);
  const valid = await Promise.all(
    signatures.map(({ keyid, sig }, at) => {
      const known = keys.get(keyid);
      const repeated = signatures.findIndex((other) => other.keyid === keyid) !== at;
      return known !== undefined && !repeated && isSignedByLater(known.key, bytes, Buffer.from(sig, "base64"));
    }),
  );
  if (valid.every(Boolean)) return null;
  if (valid.some(Boolean)) return { code: "second-signature", detail: String(signatures.length) };
  const unknown = signatures.find(({ keyid }) => !keys.has(keyid));
  return unknown ? { code: "wrong-key", detail: short(unknown.keyid) } : { code: "edited", detail: "" };
}

/** A record of a version that is not known has its place all the same. */
const Placed = z.looseObject({ predicate: z.looseObject({ record: EvidenceRecord.shape.record }) });

function readPayload(payload: Buffer): Pick<CheckedEnvelope, "place" | "record"> & { readonly where: string } {
  let json: unknown;
  try {
    json = JSON.parse(payload.toString("utf8"));
  } catch {
    return { place: null, record: null, where: "no JSON" };
  }
  const read = Statement.safeParse(json);
  if (read.success) return { place: read.data.predicate.record, record: read.data.predicate, where: "" };
  const where = read.error.issues[0]?.path.join(".") ?? "";
  const place = Placed.safeParse(json).data?.predicate.record ?? null;
  return { place, record: null, where: /^[\w.]{1,100}$/.test(where) ? where : "" };
}

/** The beginning of a key's id, enough to find it by; nothing where it is no id. */
function short(keyid: string): string {
  return /^[0-9a-f]{64}$/.test(keyid) ? keyid.slice(0, 16) : "";
}
