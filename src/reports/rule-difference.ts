import { CLASSES } from "../core/finding.ts";
import type { Approval } from "../core/policy.ts";
import { inRow, roleName } from "./needs.ts";

/** One thing that a policy asks for otherwise than another one. */
export interface RuleDifference {
  readonly path: readonly string[];
  readonly effect: "looser" | "tighter" | "other";
  readonly before: unknown;
  readonly after: unknown;
}

type Words = (difference: RuleDifference) => string;

const TIER_WORDS: Readonly<Record<string, Words>> = {
  approvals: ({ before, after }) => approvalsText(approvalsOf(before), approvalsOf(after)),
  distinctPeople: ({ before, after }) =>
    `${String(after)} different ${after === 1 ? "person" : "people"} instead of ${String(before)}`,
  rollback: ({ before, after }) => `the way back has to be ${wayBack(after)} instead of ${wayBack(before)}`,
  statement: ({ after }) =>
    after === true ? "a written risk acceptance is asked for" : "no written risk acceptance is asked for any more",
  bind: ({ before, after }) => `an approval covers ${COVERS[String(after)]} instead of ${COVERS[String(before)]}`,
  validFor: ({ before, after }) => `an approval holds for ${lengthText(after)} instead of ${lengthText(before)}`,
};

const WORDS: Readonly<Record<string, Words>> = {
  mode: ({ after }) =>
    after === "observe"
      ? "nothing is held back any more (mode observe)"
      : "what is not approved is held back (mode enforce)",
  enforceFrom: ({ before, after }) =>
    `merges are held back from ${String(after)} risk on, instead of ${String(before)}`,
  branches: (one) => lists(one, "governs", "no longer governs"),
  unregisteredTier: ({ before, after }) =>
    `what belongs to no system counts as ${String(after)} instead of ${String(before)}`,
  selfApproval: ({ after }) =>
    after === "recorded"
      ? "authors may approve their own changes of low and medium risk"
      : "authors approve nothing of their own",
  roles: (one) => {
    const role = roleName(one.path[1] ?? "");
    return people(one, `may approve as ${role}`, `may no longer approve as ${role}`);
  },
  tiers: (one) => `${one.path[1]} risk: ${(TIER_WORDS[one.path[2] ?? ""] ?? otherwise)(one)}`,
  checks: checkText,
  breakGlass: (one) =>
    one.path[1] === "by" ? people(one, "may break the glass", "may no longer break the glass") : otherwise(one),
  detect: (one) => {
    if (one.path[1] === "ignore") return lists(one, "ignores", "no longer ignores");
    if (one.path[1] === "rules")
      return `the rule ${one.path[2]} is ${ruleText(one.after)} instead of ${ruleText(one.before)}`;
    return otherwise(one);
  },
};

/** A difference in words, as plain text. */
export function ruleDifferenceText(difference: RuleDifference): string {
  return (WORDS[difference.path[0] ?? ""] ?? otherwise)(difference);
}

const COVERS: Readonly<Record<string, string>> = {
  facts: "what the change does",
  files: "the governed files and the code of their systems",
  "change-set": "the whole change",
};

function wayBack(value: unknown): string {
  return value === "none" ? "nothing" : String(value);
}

function otherwise({ path, before, after }: RuleDifference): string {
  const name = path.join(".");
  if (after === undefined) return `${name} is gone (it was ${shown(before)})`;
  return before === undefined
    ? `${name} is new: ${shown(after)}`
    : `${name}: ${shown(after)} instead of ${shown(before)}`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return lengthText(value);
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** ISO 8601 in words where that is shorter to read: `14 days`. */
function lengthText(value: unknown): string {
  const [, days, hours] = /^P(?:(\d{1,6})D|T(\d{1,6})H)$/.exec(String(value)) ?? [];
  const amount = days ?? hours;
  if (amount === undefined) return String(value);
  return `${amount} ${days === undefined ? "hour" : "day"}${amount === "1" ? "" : "s"}`;
}

/** More entries than these are not named. */
const NAMED = 4;

function lists(difference: RuleDifference, more: string, fewer: string): string {
  return moved(
    difference,
    (added) => `${more} ${added}`,
    (gone) => `${fewer} ${gone}`,
  );
}

function people(difference: RuleDifference, more: string, fewer: string): string {
  return moved(
    difference,
    (added) => `${added} ${more}`,
    (gone) => `${gone} ${fewer}`,
  );
}

function moved(
  { before, after }: RuleDifference,
  more: (names: string) => string,
  fewer: (names: string) => string,
): string {
  const [old, now] = [before, after].map((value) => (Array.isArray(value) ? value.map(String) : [])) as [
    string[],
    string[],
  ];
  const added = now.filter((one) => !old.includes(one));
  const gone = old.filter((one) => !now.includes(one));
  const parts = [...(added.length > 0 ? [more(named(added))] : []), ...(gone.length > 0 ? [fewer(named(gone))] : [])];
  return parts.length > 0 ? parts.join("; ") : "the same in another order";
}

function named(all: readonly string[]): string {
  return inRow(all.length > NAMED ? [...all.slice(0, NAMED), `${all.length - NAMED} more`] : all, "and");
}

function ruleText(value: unknown): string {
  if (value === undefined) return "as it is built in";
  if (value === "off") return "off";
  return String((value as { severity?: unknown }).severity ?? "as it is built in");
}

function checkText(difference: RuleDifference): string {
  const { path, before, after } = difference;
  const [, id = "", field] = path;
  if (field === "from")
    return `the check ${id} is asked for from ${String(after ?? "medium")} risk on, instead of from ${String(before ?? "medium")}`;
  if (field !== undefined) return otherwise(difference);
  const { name = id, from = "medium" } = ((after ?? before) as { name?: string; from?: string } | undefined) ?? {};
  return after === undefined
    ? `the check ${name} is not asked for any more`
    : `the check ${name} is asked for from ${from} risk on`;
}

function approvalsOf(value: unknown): readonly Approval[] {
  return Array.isArray(value) ? (value as Approval[]) : [];
}

/** Votes of each role that are asked for, by class. */
function votes(approvals: readonly Approval[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const asked = new Map<string, Map<string, number>>();
  for (const { role, count = 1, when = CLASSES } of approvals) {
    const classes = asked.get(role) ?? new Map<string, number>();
    asked.set(role, classes);
    for (const name of when) classes.set(name, Math.max(classes.get(name) ?? 0, count));
  }
  return asked;
}

function approvalsText(before: readonly Approval[], after: readonly Approval[]): string {
  const [old, now] = [votes(before), votes(after)];
  const roles = [...new Set([...old.keys(), ...now.keys()])];
  const words = roles.flatMap((role) => {
    const by = Map.groupBy(CLASSES, (name) => (now.get(role)?.get(name) ?? 0) - (old.get(role)?.get(name) ?? 0));
    return [...by].flatMap(([more, classes]) => {
      if (more === 0) return [];
      const where = classes.length === CLASSES.length ? "" : ` (for ${inRow(classes, "and")})`;
      return [`${Math.abs(more)} ${roleName(role)} ${more > 0 ? "more" : "fewer"}${where}`];
    });
  });
  return words.length > 0 ? inRow(words, "and") : "the same approvals in another order";
}
