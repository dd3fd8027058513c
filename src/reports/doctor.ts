import { AREAS, type Area, type Diagnosis, type DiagnosisState, type DoctorJson } from "./diagnosis.ts";
import { type Pen, penFor, type Style } from "./pen.ts";
import { plain } from "./plain.ts";

const MARK: Readonly<Record<DiagnosisState, string>> = { problem: "✗", unknown: "?", warning: "!", ok: "✓" };
const TINT: Readonly<Record<DiagnosisState, Style>> = {
  problem: "red",
  unknown: "yellow",
  warning: "yellow",
  ok: "green",
};
/** No line is longer, whatever the terminal, but for an address or a command that is. */
const WIDEST = 100;
/** A sentence that names many people is still read; what is longer is an attack. */
const LONGEST = 1_000;

/** What `doctor` saw, as a person reads it in a terminal. */
export function doctorReport(
  seen: DoctorJson,
  paper: { readonly color: boolean; readonly width: number | null },
): string {
  const pen = penFor({ color: paper.color, width: Math.min(paper.width ?? WIDEST, WIDEST) });
  const areas = Object.keys(AREAS) as Area[];
  const lines = [
    ...headline(seen, pen),
    ...areas.flatMap((area) => section(area, seen.diagnoses, pen)),
    "",
    ...pen.paragraph(0, "", conclusion(seen), "bold"),
  ];
  return `${lines.join("\n")}\n`;
}

function headline({ repository, at, seenBy, app }: DoctorJson, pen: Pen): string[] {
  const whose = seenBy === null ? "as the App itself" : `with the token of @${seenBy}`;
  const which = app === null ? "no App named" : `App ${app.id}${app.slug === null ? "" : ` (${app.slug})`}`;
  return [
    ...pen.paragraph(0, "", `Countersign at ${repository}`, "bold"),
    ...pen.paragraph(0, "", `Seen ${whose}, ${at.slice(0, 16).replace("T", " ")} UTC; ${which}`, "dim"),
  ];
}

function section(area: Area, diagnoses: readonly Diagnosis[], pen: Pen): string[] {
  const own = diagnoses.filter((one) => one.area === area);
  return own.length === 0 ? [] : ["", pen.paint("bold", AREAS[area]), ...own.flatMap((one) => paragraphs(one, pen))];
}

function paragraphs({ state, what, why, fix }: Diagnosis, pen: Pen): string[] {
  const unknown = state === "unknown" ? "unknown: " : "";
  return [
    ...pen.paragraph(2, MARK[state], `${unknown}${what}`, TINT[state], LONGEST),
    ...(state === "ok" ? [] : pen.paragraph(4, "Why:", why, "dim", LONGEST)),
    ...(fix === null ? [] : pen.paragraph(4, "Fix:", fix, "bold", LONGEST)),
  ];
}

/** The last line, since it is the one that stays in sight. */
function conclusion({ counts, repository }: DoctorJson): string {
  const parts = [
    named(counts.problem, "problem"),
    counts.unknown === 0 ? "" : `${counts.unknown} unknown (which does not mean safe)`,
    named(counts.warning, "warning"),
    counts.ok === 0 ? "" : `${counts.ok} in order`,
  ].filter((part) => part !== "");
  const mark = counts.problem > 0 ? MARK.problem : counts.unknown > 0 ? MARK.unknown : MARK.ok;
  return `${mark} ${plain(repository)}: ${parts.join(", ")}`;
}

function named(amount: number, noun: string): string {
  return amount === 0 ? "" : `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
