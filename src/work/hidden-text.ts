import { createHash } from "node:crypto";
import type { Fact, HiddenText } from "../core/detector.ts";

/** The most characters compared with secrets: beyond it a file is made of them, and nothing of it is shown. */
const MAX_COMPARED = 50_000_000;
/** Fewer characters of a secret at a cut tell nothing of it. */
const MIN_PIECE = 6;
const CUT = "…";

/** Facts in which what stands for a secret takes the secret's place, whatever its case. What differs still differs. */
export function withoutHidden(facts: readonly Fact[], hidden: readonly HiddenText[]): readonly Fact[] {
  if (hidden.length === 0) return facts;
  const size = facts.reduce((sum, fact) => sum + fact.value.length + (fact.shown?.length ?? 0) + fact.key.length, 0);
  if (size * hidden.length > MAX_COMPARED) return facts.map(withoutText);
  const longestFirst = [...hidden].sort((a, b) => b.text.length - a.text.length);
  const patterns = longestFirst.map(({ text, shown }) => ({
    text: text.toLowerCase(),
    pattern: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi"),
    shown,
  }));
  const masked = (text: string) =>
    patterns.reduce((kept, { pattern, shown }) => kept.replace(pattern, shown), withoutCutPieces(text, patterns));
  return facts.map((fact) => ({
    ...fact,
    key: masked(fact.key),
    value: masked(fact.value),
    ...(fact.label === undefined ? {} : { label: masked(fact.label) }),
    ...(fact.shown === undefined ? {} : { shown: masked(fact.shown) }),
    ...(fact.references === undefined ? {} : { references: fact.references.map(masked) }),
  }));
}

/** What was shortened may have been cut in the middle of a secret: its beginning or end stands at the cut. */
function withoutCutPieces(text: string, hidden: readonly HiddenText[]): string {
  if (!text.includes(CUT)) return text;
  const pieces = text.split(CUT);
  return pieces
    .map((piece, index) => {
      const head = index < pieces.length - 1 ? withoutEnd(piece, hidden) : piece;
      return index > 0 ? withoutStart(head, hidden) : head;
    })
    .join(CUT);
}

function withoutEnd(piece: string, hidden: readonly HiddenText[]): string {
  const lower = piece.toLowerCase();
  for (const { text, shown } of hidden) {
    for (let length = Math.min(text.length, piece.length); length >= MIN_PIECE; length -= 1)
      if (lower.endsWith(text.slice(0, length))) return piece.slice(0, -length) + shown;
  }
  return piece;
}

function withoutStart(piece: string, hidden: readonly HiddenText[]): string {
  const lower = piece.toLowerCase();
  for (const { text, shown } of hidden) {
    for (let length = Math.min(text.length, piece.length); length >= MIN_PIECE; length -= 1)
      if (lower.startsWith(text.slice(-length))) return shown + piece.slice(length);
  }
  return piece;
}

function withoutText(fact: Fact): Fact {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const { label: _label, references: _references, ...kept } = fact;
  return { ...kept, key: digest(fact.key), value: digest(fact.value), shown: "not shown beside so many secrets" };
}
