import { createHash } from "node:crypto";
import type { CommandIo } from "./command-io.ts";

/** Fingerprints must be the same in the next run, or nobody could name one in a command; an operator's key wins. */
export function fingerprintKey(io: CommandIo): Uint8Array {
  return createHash("sha256")
    .update(`countersign command line ${io.fingerprintKey ?? ""}`)
    .digest();
}
