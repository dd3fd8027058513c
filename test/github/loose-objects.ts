import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";

/** An object as git stores it. */
export interface StoredObject {
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Objects of a repository that lie in files of their own, read and written as git does: that takes no run of git. */
export interface LooseObjects {
  /** Null where there is no such file: the object is in a pack, or nowhere. */
  read(id: string): StoredObject | null;
  write(type: string, bytes: Buffer): StoredObject;
}

/** The loose objects of a bare repository. */
export function looseObjects(directory: string, format: "sha1" | "sha256"): LooseObjects {
  const folderOf = (id: string) => join(directory, "objects", id.slice(0, 2));
  const written = new Set<string>();
  return {
    read(id) {
      let file: Buffer;
      try {
        file = readFileSync(join(folderOf(id), id.slice(2)));
      } catch {
        return null;
      }
      const raw = inflateSync(file);
      const end = raw.indexOf(0);
      const [type = ""] = raw.toString("latin1", 0, end).split(" ");
      return { id, type, bytes: raw.subarray(end + 1) };
    },
    write(type, bytes) {
      const raw = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
      const id = createHash(format).update(raw).digest("hex");
      if (!written.has(id)) {
        mkdirSync(folderOf(id), { recursive: true });
        writeFileSync(join(folderOf(id), id.slice(2)), deflateSync(raw, { level: 1 }));
        written.add(id);
      }
      return { id, type, bytes };
    },
  };
}
