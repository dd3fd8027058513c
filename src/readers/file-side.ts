import type { Entry } from "../core/change-set.ts";
import { SYMBOLIC_LINK } from "../core/change-set.ts";
import type { FileSide } from "../core/detector.ts";
import { readerOf } from "./index.ts";
import { readLines } from "./line-reader.ts";
import type { Reader, Reading } from "./reader.ts";
import { surfaceOf } from "./surface.ts";

const NOTHING: Reading = { literals: [], comments: [], parsed: true };
/** How far git looks for a NUL byte when it tells binary files from text. */
const SNIFFED = 8000;
/** In UTF-16 units: what is longer is read by lines, whatever it is. */
const MAX_LENGTH = 8_000_000;

/**
 * Decodes one side of a file; it is read by its format's reader when a detector first asks for values or comments.
 * `roles` name the detectors whose references led here.
 */
export function fileSide(entry: Entry, bytes: Uint8Array, roles?: ReadonlySet<string>): FileSide {
  const reader = entry.mode === SYMBOLIC_LINK ? null : readerOf(entry.path);
  const decoded = decode(bytes, reader !== null);
  const text = decoded ?? "";
  let reading: Reading | undefined;
  const read = (): Reading => {
    reading ??= reader === null || decoded === null ? NOTHING : readWith(reader, text, entry.path);
    return reading;
  };
  return {
    entry,
    path: entry.path,
    surface: surfaceOf(entry.path),
    bytes,
    text,
    binary: decoded === null,
    ...(roles ? { roles } : {}),
    get parsed() {
      return read().parsed;
    },
    get literals() {
      return read().literals;
    },
    get comments() {
      return read().comments;
    },
  };
}

function readWith(reader: Reader, text: string, path: string): Reading {
  return text.length > MAX_LENGTH && !reader.anyLength ? readLines(text) : reader.read(text, path);
}

/**
 * Text with LF line ends and no byte order mark, null for binary content. A file whose name says text is never binary:
 * else one NUL byte in a comment would hide it. Bytes that are no UTF-8 are read as Windows-1252, so that every byte counts.
 */
function decode(bytes: Uint8Array, named: boolean): string | null {
  const wide = utf16(bytes);
  if (wide === null && !named && bytes.subarray(0, SNIFFED).includes(0)) return null;
  const text = wide ?? utf8(bytes);
  return text.includes("\r") ? text.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : text;
}

function utf16(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return null;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
