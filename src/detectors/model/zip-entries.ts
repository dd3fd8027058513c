import { inflateRawSync } from "node:zlib";

/** One file of an archive, unpacked. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const MOST_ENTRIES = 20_000;
const CENTRAL_HEADER = 0x02014b50;
const END_HEADER = 0x06054b50;

/** Whether bytes begin like a ZIP archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 30 && bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] ?? 0) <= 7;
}

/**
 * Unpacks the entries of an archive that `wanted` names, by its central directory, each up to `limit` bytes. What is
 * damaged or larger is left out and named in `skipped`.
 */
export function zipEntries(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  limit: number,
): { readonly entries: readonly ZipEntry[]; readonly skipped: readonly string[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  const skipped: string[] = [];
  const directory = directoryOf(view);
  let position = directory?.start ?? -1;
  for (let count = 0; position >= 0 && count < MOST_ENTRIES; count += 1) {
    if (position + 46 > view.byteLength || view.getUint32(position, true) !== CENTRAL_HEADER) break;
    const nameLength = view.getUint16(position + 28, true);
    const name = Buffer.from(bytes.subarray(position + 46, position + 46 + nameLength)).toString("utf8");
    if (wanted(name)) {
      const content = unpacked(bytes, view, position, directory?.shift ?? 0, limit);
      if (content) entries.push({ name, bytes: content });
      else skipped.push(name);
    }
    position += 46 + nameLength + view.getUint16(position + 30, true) + view.getUint16(position + 32, true);
  }
  if (position < 0) skipped.push("archive");
  return { entries, skipped };
}

/**
 * Where the directory begins, and by how much offsets are too small because data stands before the archive. The end
 * record is within the last 64 KiB.
 */
function directoryOf(view: DataView): { readonly start: number; readonly shift: number } | null {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at -= 1) {
    if (view.getUint32(at, true) !== END_HEADER) continue;
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (offset + size > at) continue;
    const before = at - size - offset;
    const shifted = view.byteLength >= at - size + 4 && view.getUint32(at - size, true) === CENTRAL_HEADER;
    return shifted ? { start: at - size, shift: before } : { start: offset, shift: 0 };
  }
  return null;
}

/** The flag for encryption is passed over: readers of models do so, and setting it must not hide an entry. */
function unpacked(bytes: Uint8Array, view: DataView, header: number, shift: number, limit: number): Uint8Array | null {
  const method = view.getUint16(header + 10, true);
  const packedSize = view.getUint32(header + 20, true);
  const local = view.getUint32(header + 42, true) + shift;
  if (local + 30 > view.byteLength || (method !== 0 && method !== 8)) return null;
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packedSize > view.byteLength || packedSize > limit) return null;
  const packed = bytes.subarray(start, start + packedSize);
  if (method === 0) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: limit });
  } catch {
    return null;
  }
}
