import { createHash } from "node:crypto";
import type { ObjectId } from "../../core/change-set.ts";
import type { Content } from "../../work/source.ts";

/** The same content; the SHA-256 of every blob that passes by is noted, so that records need not read it again. */
export function hashing<T extends Content>(source: T, hashes: Map<ObjectId, string>): T {
  return {
    ...source,
    async *load(entries) {
      for await (const [id, bytes] of source.load(entries)) {
        if (!hashes.has(id)) hashes.set(id, createHash("sha256").update(bytes).digest("hex"));
        yield [id, bytes] as const;
      }
    },
  };
}
