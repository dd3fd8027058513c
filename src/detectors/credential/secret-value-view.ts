import type { FileSide } from "../../core/detector.ts";
import { integrityFree } from "./integrity-free.ts";

/** A text to look for secrets in, and where in the file each place of it lies. */
export interface View {
  readonly text: string;
  /** The line of the file that an offset of `text` belongs to, 1-based. */
  lineAt(offset: number): number;
}

/** A piece of text with the line it begins at. */
export interface Segment {
  readonly text: string;
  readonly line: number;
}

/** A piece of text that stands in the file in another notation. */
export interface WrappedSegment extends Segment {
  readonly wrapped: string;
}

/** What a line of base64 is at least long. */
const SHORTEST_RUN = 24;
const DEEPEST_INDENT = 40;
/** How much of a run is decoded to tell text from other data. */
const PROBED = 80;
/** Below this a value cannot hold a secret of a known format. */
const MIN_VALUE = 16;

/**
 * A file's text as it stands, but for digests of packages. Escaped line breaks and tabs are blanked: in `"\nTOKEN"` the letter of
 * the escape would otherwise read as the letter before the token.
 */
export function textView(file: FileSide): View {
  const whole = integrityFree(file.text);
  const text = whole.includes("\\") ? whole.replace(/\\[nrt]/g, "  ") : whole;
  return viewOf(
    text,
    () => lineStarts(text),
    (index) => index + 1,
  );
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Pieces of text one below the other. */
export function segmentView(segments: readonly Segment[]): View {
  const starts: number[] = [];
  let length = 0;
  for (const segment of segments) {
    starts.push(length);
    length += segment.text.length + 1;
  }
  return viewOf(
    segments.map((segment) => segment.text).join("\n"),
    () => starts,
    (index) => segments[index]?.line ?? 1,
  );
}

/** Most texts hold nothing whose line is asked for, so the places of lines are found on the first question. */
function viewOf(text: string, places: () => readonly number[], line: (index: number) => number): View {
  let known: readonly number[] | undefined;
  return {
    text,
    lineAt(offset) {
      known ??= places();
      const starts = known;
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return line(low);
    },
  };
}

/** Values as the program sees them: escapes decoded, pieces joined. What is long enough to hold a secret. */
export function literalSegments(file: FileSide): readonly Segment[] {
  return file.literals.flatMap(({ kind, value, line }) =>
    kind === "string" && value.length >= MIN_VALUE ? [{ text: value, line }] : [],
  );
}

/** Text that stands in a view as base64, on one line or wrapped over several. */
export function wrappedSegments(view: View): readonly WrappedSegment[] {
  const { text } = view;
  const found: WrappedSegment[] = [];
  for (let at = 0; at < text.length; ) {
    if (!isBase64(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    const line = runEnd(text, start);
    const end = line - start < SHORTEST_RUN ? line : wrappedEnd(text, line);
    at = end;
    if (line - start < SHORTEST_RUN || !isTextAt(text, start, end)) continue;
    const wrapped = text.slice(start, end);
    found.push({ text: Buffer.from(wrapped, "base64").toString("latin1"), wrapped, line: view.lineAt(start) });
  }
  return found;
}

/** Where a run of base64 ends that begins at `at`. */
function runEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
  return end;
}

/** Where the runs end that continue one on the following lines. */
function wrappedEnd(text: string, line: number): number {
  let end = line;
  for (;;) {
    if (text.charCodeAt(end) !== 10) return end;
    let start = end + 1;
    while (start - end <= DEEPEST_INDENT && (text[start] === " " || text[start] === "\t")) start += 1;
    const next = runEnd(text, start);
    if (next - start < SHORTEST_RUN) return end;
    end = next;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** By character, the six bits it stands for; -1 for what is no base64. */
const BITS = Int8Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code).replace("-", "+").replace("_", "/")),
);

function isBase64(code: number): boolean {
  return code < 128 && (BITS[code] as number) >= 0;
}

/** Whether text comes out of the run at a place, judged by its beginning: other data is printable for a few characters only. */
function isTextAt(text: string, start: number, end: number): boolean {
  // Two bytes tell most data from text, and cost nothing.
  const first = BITS[text.charCodeAt(start)] as number;
  const second = BITS[text.charCodeAt(start + 1)] as number;
  const third = BITS[text.charCodeAt(start + 2)] as number;
  if (!isPrintable((first << 2) | (second >> 4)) || !isPrintable(((second & 15) << 4) | (third >> 2))) return false;
  return Buffer.from(text.slice(start, Math.min(end, start + PROBED)), "base64").every(isPrintable);
}

function isPrintable(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
}

/** What base64 makes of a piece of text wherever in the encoded text it stands: three notations, one for each remainder of its offset by 3. */
export function encodedPieces(piece: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(piece)]).toString("base64");
    return encoded.slice([0, 2, 3][offset], Math.floor(((offset + piece.length) * 8) / 6));
  });
}
