import { z } from "zod";

export const DIAGNOSIS_STATES = ["problem", "unknown", "warning", "ok"] as const;
/** How it stands; what could not be seen is `unknown`, and never `ok`. */
export type DiagnosisState = (typeof DIAGNOSIS_STATES)[number];

/** What a diagnosis is about, in the order in which they are told, and what each is called. */
export const AREAS = {
  app: "The App",
  rules: "The rules of the branches",
  settings: "GitHub's own settings that ask twice",
  configuration: "Policy and registry",
  people: "People and teams",
  checks: "Named checks",
} as const;
export type Area = keyof typeof AREAS;

/** One thing that was looked at. */
export const Diagnosis = z.strictObject({
  id: z.string().describe("What was looked at, the same in every version: rules/required, people/access ..."),
  area: z.enum(Object.keys(AREAS) as [Area, ...Area[]]),
  state: z.enum(DIAGNOSIS_STATES),
  what: z.string().describe("What was found."),
  why: z.string().describe("Why it matters."),
  fix: z.string().nullable().describe("What to do, with the address or the command; null where all is well."),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** `countersign doctor --format json`. */
export const DoctorJson = z.strictObject({
  version: z.literal(1),
  repository: z.string().describe("owner/name"),
  at: z.string().describe("When it was looked at, ISO 8601."),
  seenBy: z.string().nullable().describe("Whose token it was seen with; null where it was the App's own."),
  app: z
    .strictObject({ id: z.int(), slug: z.string().nullable() })
    .nullable()
    .describe("The App whose check counts; null where nobody said which."),
  counts: z.strictObject({ problem: z.int(), unknown: z.int(), warning: z.int(), ok: z.int() }),
  diagnoses: z.array(Diagnosis),
});
export type DoctorJson = z.infer<typeof DoctorJson>;

/** Puts diagnoses together: the worst first within each area. */
export function doctorJson(
  about: Omit<DoctorJson, "version" | "counts" | "diagnoses">,
  diagnoses: readonly Diagnosis[],
): DoctorJson {
  const areas = Object.keys(AREAS);
  const rank = ({ area, state }: Diagnosis) => areas.indexOf(area) * 10 + DIAGNOSIS_STATES.indexOf(state);
  const count = (state: DiagnosisState) => diagnoses.filter((one) => one.state === state).length;
  return {
    version: 1,
    ...about,
    counts: { problem: count("problem"), unknown: count("unknown"), warning: count("warning"), ok: count("ok") },
    diagnoses: diagnoses.toSorted((a, b) => rank(a) - rank(b)),
  };
}
