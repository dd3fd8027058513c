import type { FileSide } from "../core/detector.ts";

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

const WRAPPED = /[A-Za-z0-9+/_-]{24,}(?:\n[ \t]{0,40}[A-Za-z0-9+/_-]{24,})*/g;
/** How much of a run is decoded to tell text from other data. */
const PROBED = 80;
/** Below this a value cannot hold a secret of a known format. */
const MIN_VALUE = 16;

/**
 * A file's text as it stands. Escaped line breaks and tabs are blanked, keeping every offset: in `"\nTOKEN"` the letter of
 * the escape would otherwise read as the letter before the token.
 */
export function textView(file: FileSide): View {
  const text = file.text.includes("\\") ? file.text.replace(/\\[nrt]/g, "  ") : file.text;
  return viewOf(text, lineStarts(text), (index) => index + 1);
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
  return viewOf(segments.map((segment) => segment.text).join("\n"), starts, (index) => segments[index]?.line ?? 1);
}

function viewOf(text: string, starts: readonly number[], line: (index: number) => number): View {
  return {
    text,
    lineAt(offset) {
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
  return [...view.text.matchAll(WRAPPED)].flatMap(({ 0: wrapped, index }): readonly WrappedSegment[] => {
    if (!isPrintable(Buffer.from(wrapped.slice(0, PROBED), "base64"))) return [];
    return [{ text: Buffer.from(wrapped, "base64").toString("latin1"), wrapped, line: view.lineAt(index) }];
  });
}

/** Whether text came out, judged by its beginning: other data is printable for a few characters only. */
function isPrintable(bytes: Buffer): boolean {
  return /^[\t\n\r\x20-\x7e]+$/.test(bytes.toString("latin1"));
}

/** What base64 makes of a piece of text wherever in the encoded text it stands: three notations, one for each remainder of its offset by 3. */
export function encodedPieces(piece: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(piece)]).toString("base64");
    return encoded.slice([0, 2, 3][offset], Math.floor(((offset + piece.length) * 8) / 6));
  });
}
