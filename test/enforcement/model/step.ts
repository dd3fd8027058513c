import fc from "fast-check";
import { PROMPT } from "../repository-files.ts";
import type { Rules } from "./rules.ts";

export const PEOPLE = ["olga", "anna", "ben", "rita", "rob", "sam", "dora", "eve"];
const BASES = ["main", "release/1", "release/2", "dev"];
const BRANCHES = ["one", "two", "three"];
const SYSTEMS = ["low", "medium", "high", "critical"];

/** What somebody writes into files. */
interface Edit {
  readonly system: string;
  readonly what: "prompt" | "code" | "document" | "as-it-was";
  readonly value: number;
}

/** What may happen, with what it needs; numbers choose among what there is by then. */
interface Happenings {
  open: { by: string; branch: string; base: string; files: Edit | null };
  push: { pull: number; by: string; files: Edit };
  rewind: { pull: number; by: string; back: number };
  rebase: { pull: number; by: string };
  update: { pull: number; by: string };
  /** Another branch with the same head, and a pull request from it. */
  share: { pull: number; by: string; branch: string; base: string };
  retarget: { pull: number; base: string };
  review: { pull: number; by: string; state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" };
  /** All who might be asked approve, and the evaluation is green. */
  approve: { pull: number };
  dismiss: { pull: number; at: number };
  close: { pull: number };
  reopen: { pull: number };
  merge: { pull: number };
  evaluate: { pull: number; conclusion: string | null };
  /** A push to a branch that pull requests go into. */
  base: { base: string; files: Edit };
  team: { login: string; member: boolean };
  access: { login: string; role: string };
  rules: { rules: Rules };
  wait: { days: number };
  /** One event arrives. */
  hear: { at: number; twice: boolean };
  /** All events arrive. */
  settle: { order: number };
}

export type Step = { [K in keyof Happenings]: { does: K } & Happenings[K] }[keyof Happenings];

/** Each tells the model something else, so that one for another is as material as one more. */
const SENTENCES = [
  "Invoices are written in German and paid within thirty days.",
  "The shop in Hamburg sells bicycles and repairs them on Saturdays.",
  "Customers see their meter readings on the second page.",
  "Our own carriers deliver parcels, and the post delivers letters.",
];

export function filesOf({ system, what, value }: Edit): Record<string, string> {
  const prompt = `services/${system}/prompts/system.md`;
  if (what === "prompt") return { [prompt]: `${PROMPT}${SENTENCES[value]}\n` };
  if (what === "as-it-was") return { [prompt]: PROMPT };
  if (what === "code") return { [`services/${system}/helper.py`]: `def add(a, b):\n    return a + b + ${value}\n` };
  return { "README.md": `# Agent ${value}\n` };
}

const pull = fc.nat({ max: 3 });
const maker = fc.constantFrom("dora", "eve", "dora", "eve", "olga", "anna");
const base = fc.constantFrom("main", "main", ...BASES);
const branch = fc.constantFrom(...BRANCHES);
const files: fc.Arbitrary<Edit> = fc.record({
  system: fc.constantFrom(...SYSTEMS),
  what: fc.constantFrom("prompt", "prompt", "prompt", "code", "document", "as-it-was"),
  value: fc.nat({ max: 3 }),
});
const rules: fc.Arbitrary<Rules> = fc.record({
  enforced: fc.constantFrom(true, true, true, false),
  riskAtMedium: fc.boolean(),
  bindHigh: fc.constantFrom("facts", "files", "change-set"),
  distinctAtHigh: fc.constantFrom(2, 3),
  validDays: fc.constantFrom(14, 3),
});

function often<K extends keyof Happenings>(
  weight: number,
  does: K,
  fields: { [F in keyof Happenings[K]]: fc.Arbitrary<Happenings[K][F]> },
) {
  return { weight, arbitrary: fc.record({ does: fc.constant(does), ...fields }) as unknown as fc.Arbitrary<Step> };
}

/** Sequences in which pull requests are likely to be opened, approved, touched again and merged. */
export const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    often(3, "open", { by: maker, branch, base, files: fc.option(files, { freq: 12 }) }),
    often(3, "push", { pull, by: maker, files }),
    often(1, "rewind", { pull, by: maker, back: fc.integer({ min: 1, max: 2 }) }),
    often(1, "rebase", { pull, by: maker }),
    often(1, "update", { pull, by: maker }),
    often(2, "share", { pull, by: fc.constantFrom("dora", "olga", "anna", "rita"), branch, base }),
    often(1, "retarget", { pull, base }),
    often(8, "approve", { pull }),
    often(5, "review", {
      pull,
      by: fc.constantFrom(...PEOPLE),
      state: fc.constantFrom("APPROVED", "APPROVED", "APPROVED", "CHANGES_REQUESTED", "COMMENTED"),
    }),
    often(1, "dismiss", { pull, at: fc.nat({ max: 5 }) }),
    often(1, "close", { pull }),
    often(1, "reopen", { pull }),
    often(3, "merge", { pull }),
    often(3, "evaluate", { pull, conclusion: fc.constantFrom("success", "success", "success", "failure", null) }),
    often(1, "base", { base, files }),
    often(1, "team", { login: fc.constantFrom("anna", "ben", "eve"), member: fc.boolean() }),
    often(1, "access", {
      login: fc.constantFrom("olga", "rita", "sam"),
      role: fc.constantFrom("write", "write", "read"),
    }),
    often(1, "rules", { rules }),
    often(1, "wait", { days: fc.integer({ min: 1, max: 10 }) }),
    often(3, "hear", { at: fc.nat({ max: 5 }), twice: fc.boolean() }),
    often(9, "settle", { order: fc.nat({ max: 1_000 }) }),
  ),
  { minLength: 8, maxLength: 40, size: "max" },
);
