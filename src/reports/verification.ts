import { z } from "zod";
import { penFor } from "./pen.ts";
import { plain } from "./plain.ts";

const Problem = z.strictObject({ code: z.string(), sequence: z.int(), sentence: z.string() });

/** The published form of `verify --format json`. */
export const VerificationJson = z.strictObject({
  schemaVersion: z.literal(1),
  /** What was verified: a path, or `PostgreSQL`. */
  source: z.string(),
  kind: z.enum(["database", "PostgreSQL", "branch", "export", "excerpt"]),
  ok: z.boolean(),
  records: z.int(),
  period: z.strictObject({ first: z.string(), last: z.string() }).nullable(),
  /** Where the ledger stands by its records; null for an export of some repositories. */
  tip: z.strictObject({ size: z.int(), previous: z.string().nullable(), root: z.string() }).nullable(),
  /** The numbers of the repositories that an export holds; null where it holds all records. */
  repositories: z.array(z.int()).nullable(),
  /** So many records from the first on are those that a checkpoint from outside covers. */
  witnessed: z.int(),
  /** The first thousand. */
  problems: z.array(Problem),
  problemCount: z.int(),
});
/** The published form of `verify --format json`. */
export type VerificationJson = z.infer<typeof VerificationJson>;

/** How many problems a person reads. */
const SHOWN = 50;
const WIDEST = 100;
const LONGEST = 600;

/** What `verify` found, as a person reads it in a terminal. */
export function verificationReport(
  seen: VerificationJson,
  paper: { readonly color: boolean; readonly width: number | null },
): string {
  const pen = penFor({ color: paper.color, width: Math.min(paper.width ?? WIDEST, WIDEST) });
  const { ok, problems, problemCount } = seen;
  const more = problemCount - Math.min(SHOWN, problems.length);
  const lines = [
    ...pen.paragraph(0, ok ? "✓" : "✗", `${plain(seen.source)}: ${headline(seen)}`, ok ? "green" : "red", LONGEST),
    ...problems.slice(0, SHOWN).flatMap(({ sentence }) => pen.paragraph(2, "✗", sentence, "red", LONGEST)),
    ...(more > 0 ? pen.paragraph(2, "…", `and ${count(more, "more problem")}`, "dim") : []),
    ...facts(seen).flatMap(([name, text]) => pen.paragraph(2, name, text, "dim", LONGEST)),
    ...warnings(seen).flatMap((text) => pen.paragraph(2, "!", text, "yellow", LONGEST)),
  ];
  return `${lines.join("\n")}\n`;
}

function headline({ ok, records, period, problemCount }: VerificationJson): string {
  if (!ok) return `${count(problemCount, "problem")} in ${count(records, "record")}`;
  if (records === 0 || period === null) return "no records";
  const [first, last] = [period.first.slice(0, 10), period.last.slice(0, 10)];
  const when = first === last ? `of ${first}` : `from ${first} to ${last}`;
  return `${count(records, "record")} ${when}, each unchanged, in its place and signed by a known key`;
}

function facts({ ok, tip, repositories, witnessed, records }: VerificationJson): (readonly [string, string])[] {
  return [
    ...(tip && tip.size > 0 ? [["Last record:", `${tip.size - 1}, root ${tip.root}`] as const] : []),
    ...(repositories ? [["Repositories:", repositories.join(", ")] as const] : []),
    ...(ok && witnessed > 0 ? [["Compared:", `${witness(witnessed, records)} ${SHOWN_THEN}`] as const] : []),
  ];
}

const SHOWN_THEN =
  "with what left this system before; a change since then would show, even one by who holds the signing key";

function witness(witnessed: number, records: number): string {
  if (witnessed === records) return "all of them";
  return witnessed === 1 ? "the first record" : `the first ${count(witnessed, "record")}`;
}

function warnings({ ok, kind, records, witnessed }: VerificationJson): string[] {
  if (!ok || records === 0) return [];
  if (kind === "excerpt")
    return [
      "That these are all records of these repositories is the word of who made the export: compare with the whole ledger.",
    ];
  if (witnessed === records) return [];
  const which = witnessed === 0 ? "any of them" : "those after it";
  return [
    `Who holds the signing key could have rewritten ${which} or cut off the end without a trace in here. A checkpoint that left this system shows it: give one with --checkpoint FILE.`,
  ];
}

function count(amount: number, noun: string): string {
  return `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
}
