import type { Entry } from "../core/change-set.ts";
import { SYMBOLIC_LINK } from "../core/change-set.ts";
import type { FileSide } from "../core/detector.ts";
import type { Surface } from "../core/finding.ts";
import { readerOf } from "./index.ts";
import { readLines } from "./line-reader.ts";
import { isFull } from "./literal-cap.ts";
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
  // Most files of a large change are asked for neither: decoding them all would cost more than looking for words.
  let decoded: string | null | undefined;
  const text = (): string | null => {
    if (decoded === undefined) decoded = decode(bytes, reader !== null);
    return decoded;
  };
  let reading: Reading | undefined;
  const read = (): Reading => {
    const content = text();
    reading ??= reader === null || content === null ? NOTHING : readWith(reader, content, entry.path);
    return reading;
  };
  let surface: Surface | undefined;
  return {
    entry,
    path: entry.path,
    bytes,
    ...(roles ? { roles } : {}),
    get surface() {
      surface ??= surfaceOf(entry.path);
      return surface;
    },
    get text() {
      return text() ?? "";
    },
    get binary() {
      return text() === null;
    },
    get parsed() {
      return read().parsed;
    },
    get whole() {
      return reading === undefined || (!isFull(reading) && !(reader !== null && tooLong(reader, text() ?? "")));
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
  return tooLong(reader, text) ? readLines(text) : reader.read(text, path);
}

function tooLong(reader: Reader, text: string): boolean {
  return text.length > MAX_LENGTH && !reader.anyLength;
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

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const WINDOWS = new TextDecoder("windows-1252");

function utf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return WINDOWS.decode(bytes);
  }
}
