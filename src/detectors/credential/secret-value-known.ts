import type { FileSide } from "../../core/detector.ts";
import { prefilter } from "../prefilter.ts";
import { addGates, heldGates } from "../text-gate.ts";
import { SECRET_FORMATS, type SecretFormat } from "./secret-format.ts";
import { type FoundSecret, KEPT_RULES, type KeptRule, keptSecrets } from "./secret-kept-rule.ts";
import { isBlank, isMadeUp } from "./secret-value-placeholder.ts";
import { encodedPieces, type View } from "./secret-value-view.ts";

const OWN = SECRET_FORMATS.map((format) => ({
  ...format,
  pieces: exactPieces(format),
  pattern: new RegExp(`(?<![A-Za-z0-9_.])(?:${format.body})(?![A-Za-z0-9_])`, "g"),
}));
/** Shorter pieces come up in any base64; what begins with one is found where its name stands beside it. */
const MIN_ENCODED = 4;
/** Stands for all formats in base64. */
const WRAPPED = {
  literals: [...KEPT_RULES, ...OWN]
    .flatMap(({ literals }) => literals)
    .filter((piece) => piece.length >= MIN_ENCODED)
    .flatMap(encodedPieces),
};
const GATED = [...KEPT_RULES, ...OWN, WRAPPED];
const GATE = prefilter<{ readonly literals: readonly string[] }>(GATED);
addGates(GATED);

/** Lower-case pieces without which a text holds no value of a known format, as it stands or in base64. */
export const KNOWN_LITERALS: readonly string[] = [...new Set(GATED.flatMap(({ literals }) => literals))];

/**
 * A format's pieces as its values write them, none where that cannot be told. Hashes hold most short pieces in some mix of
 * upper and lower case, and looking for the right one costs far less than the pattern.
 */
function exactPieces({ literals, body }: SecretFormat): readonly string[] {
  const plain = body.replaceAll("\\.", ".");
  const lower = plain.toLowerCase();
  // The last letter of a piece may be one of several.
  const pieces = literals.map((literal) => {
    const piece = lower.includes(literal) ? literal : literal.slice(0, -1);
    const at = piece.length < 2 ? -1 : lower.indexOf(piece);
    return at < 0 ? null : plain.slice(at, at + piece.length);
  });
  return pieces.every((piece) => piece !== null) ? pieces : [];
}

/**
 * The values of a format in a text. Where a piece must stand in the value's line, only such lines are matched: in a file of
 * hashes a pattern is otherwise tried at every other letter.
 */
function matchesOf({ pattern, pieces, body }: (typeof OWN)[number], text: string): readonly Match[] {
  const common = commonBeginning(pieces);
  const looked = common.length < SHORTEST_PIECE ? pieces : [common];
  const byLine = looked.length > 0 && looked.every(({ length }) => length >= SHORTEST_PIECE);
  if (!byLine || /\\s|\[\^/.test(body)) return matchesIn(text, 0, pattern);
  const ends = new Map(looked.flatMap((piece) => linesHolding(text, piece)));
  const starts = [...ends.keys()].sort((a, b) => a - b);
  return starts.flatMap((start) => matchesIn(text.slice(start, ends.get(start)), start, pattern));
}

/** Where the lines that hold a piece begin and end. */
function linesHolding(text: string, piece: string): readonly (readonly [start: number, end: number])[] {
  const found: [number, number][] = [];
  for (let at = text.indexOf(piece); at >= 0; ) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    found.push([text.lastIndexOf("\n", at) + 1, end]);
    at = text.indexOf(piece, end);
  }
  return found;
}

const SHORTEST_PIECE = 2;

function commonBeginning([first = "", ...others]: readonly string[]): string {
  let { length } = first;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

interface Match {
  readonly secret: string;
  readonly index: number;
}

function matchesIn(text: string, offset: number, pattern: RegExp): readonly Match[] {
  return [...text.matchAll(pattern)].map(({ 0: secret, index }) => ({ secret, index: offset + index }));
}

/** What a text may hold, by its pieces. */
export interface Candidates {
  readonly kept: readonly KeptRule[];
  readonly own: readonly (typeof OWN)[number][];
  readonly wrapped: boolean;
}

/** What a file's text may hold as it stands, where nothing but escaped line breaks and tabs is blanked in it. */
export function candidatesOf(file: FileSide, { text }: View): Candidates {
  const held = text.length === file.text.length ? heldGates(file) : null;
  // Blanks make no piece that was not there. But what stands in base64 is looked for wherever one was met.
  return held && (text === file.text || !held.has(WRAPPED)) ? candidatesBy(held, text) : candidatesIn(text);
}

/** One pass over a text for the pieces of all formats. */
function candidatesIn(text: string): Candidates {
  return candidatesBy(new Set(GATE.matching(Buffer.from(text), GATED)), text);
}

function candidatesBy(found: ReadonlySet<unknown>, text: string): Candidates {
  return {
    kept: KEPT_RULES.filter((kept) => found.has(kept)),
    own: OWN.filter(
      (own) => found.has(own) && (own.pieces.length === 0 || own.pieces.some((piece) => text.includes(piece))),
    ),
    wrapped: found.has(WRAPPED),
  };
}

/** The values of known formats in a text. Lock files may be asked too: these formats have no double meaning there. */
export async function knownSecrets(
  view: View,
  file: FileSide,
  candidates: Candidates = candidatesIn(view.text),
): Promise<readonly FoundSecret[]> {
  const own = candidates.own.flatMap((one) =>
    matchesOf(one, view.text).map(({ secret, index }) => ({
      secret,
      format: one.format,
      line: view.lineAt(index),
      confidence: one.confidence,
    })),
  );
  const kept = await keptSecrets(view, file, candidates.kept);
  // What only may be a secret and looks made up is none; what has a vendor's own shape still asks a person.
  return [...kept, ...own.filter((found) => found.confidence === "certain" || !isMadeUp(found.secret))]
    .filter(({ secret }) => !isBlank(secret))
    .map((found) => (isMadeUp(found.secret) ? { ...found, confidence: "likely" } : found));
}
