import type { Witness } from "../evidence/verification.ts";
import { Usage } from "./usage.ts";

/** What somebody noted from an evidence comment, or from a run that recorded: `SEQUENCE:ROOT`. */
export function seenWitness(place: string): Witness {
  const [, sequence, root = ""] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(place) ?? [];
  if (sequence === undefined)
    throw new Usage(
      `${JSON.stringify(place)} is nothing that was seen; expected SEQUENCE:ROOT as an evidence comment shows them`,
    );
  return { size: Number(sequence) + 1, root, source: `What was seen of record ${sequence}` };
}
