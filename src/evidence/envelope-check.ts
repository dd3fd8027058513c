import { z } from "zod";
import { type Envelope, PAYLOAD_TYPE, signedBytes } from "./envelope.ts";
import { isSignedBy, type KnownKeys } from "./key-history.ts";
import type { EnvelopeProblem } from "./problem.ts";
import { EvidenceRecord } from "./record.ts";
import { Statement } from "./statement.ts";

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

/**
 * Checks one envelope: its payload type, each of its signatures, the keys' times, and the form of what it says. `newest` is the
 * time of the newest record before it: a key that had ended by then signs nothing more, whatever time it writes.
 */
export function checkEnvelope(envelope: Envelope, keys: KnownKeys, newest = -Infinity): CheckedEnvelope {
  const refused = (problem: EnvelopeProblem) => ({ place: null, record: null, problems: [problem] });
  if (envelope.payloadType !== PAYLOAD_TYPE) return refused({ code: "payload-type", detail: "" });
  const payload = Buffer.from(envelope.payload, "base64");
  const signatures = signaturesOf(envelope, payload, keys);
  if (signatures) return refused(signatures);
  const { place, record, where } = readPayload(payload);
  const problems: EnvelopeProblem[] = record ? [] : [{ code: "schema", detail: where }];
  if (!place) return { place, record, problems };
  const at = Date.parse(place.createdAt);
  const invalid = envelope.signatures.find(({ keyid }) => {
    const windows = keys.get(keyid)?.windows ?? [];
    return !windows.some(({ from, until }) => at >= from && at <= until && newest <= until + CLOCK);
  });
  const detail = `key ${short(invalid?.keyid ?? "")}, record of ${place.createdAt}`;
  return { place, record, problems: [...problems, ...(invalid ? [{ code: "key-not-valid", detail } as const] : [])] };
}

/** What is wrong with the signatures; null where every one is valid, and of a key of its own. */
function signaturesOf({ signatures }: Envelope, payload: Buffer, keys: KnownKeys): EnvelopeProblem | null {
  const bytes = signedBytes(PAYLOAD_TYPE, payload);
  const valid = signatures.map(({ keyid, sig }, at) => {
    const known = keys.get(keyid);
    const repeated = signatures.findIndex((other) => other.keyid === keyid) !== at;
    return known !== undefined && !repeated && isSignedBy(known.key, bytes, Buffer.from(sig, "base64"));
  });
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
