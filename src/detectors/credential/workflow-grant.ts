import type { FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import type { Floor } from "../../core/finding.ts";
import { groupLiterals, type LiteralGroup, valueIn } from "../literal-groups.ts";
import { emptyBlocks } from "./empty-block.ts";

/** What a job holds when nothing is declared: the repository's or the organisation's setting, unknown here. */
const UNDECLARED = "the repository's default";
const NOTHING = "none";
/** Marks a job that has what the workflow declares for all of its jobs, and is not the first of them. */
export const SHARED = "shared";
/** What a token of an App holds when its step names no permission. */
const WHOLE_APP = "all that the App may do";
/** What stands before the owner whose repositories a token of an App reaches, where none of them is named. */
const WHOLE_OWNER = "every repository of ";
/** Actions that mint a token of a GitHub App. */
const APP_TOKEN = /^(?:actions\/create-github-app-token|tibdex\/github-app-token|getsentry\/action-github-app-token)@/i;

/** What the token of one job may do. */
export interface JobGrant {
  readonly job: string;
  /** `scope: level`, sorted, or the word that stands for all scopes. */
  readonly value: string;
  readonly line: number;
  /** The job has what the workflow declares for all of them, as one above it has. */
  readonly shared?: boolean;
}

/** The set that each job's token holds: its own block before the workflow's before the default. */
export function jobGrants(file: FileSide): readonly JobGrant[] {
  const own = new Map<string, Literal[]>();
  const jobs = new Map<string, number>();
  const shared: Literal[] = [];
  for (const literal of file.literals) {
    const [first, job = "", third] = literal.path;
    if (first === "permissions") shared.push(literal);
    if (first !== "jobs") continue;
    if (!jobs.has(job)) jobs.set(job, literal.line);
    if (third === "permissions") own.set(job, [...(own.get(job) ?? []), literal]);
  }
  const empty = emptyBlocks(file.text);
  const declared = shared.length > 0 || empty.has("permissions");
  let holders = 0;
  return [...jobs].map(([job, line]) => {
    const block = own.get(job);
    const none = empty.get(`jobs/${job}/permissions`);
    if (block) return { job, value: setOf(block, 3), line: block[0]?.line ?? line };
    if (none !== undefined) return { job, value: NOTHING, line: none };
    if (!declared) return { job, value: UNDECLARED, line };
    holders += 1;
    return { job, value: setOf(shared, 1), line: shared[0]?.line ?? line, shared: holders > 1 };
  });
}

function setOf(block: readonly Literal[], depth: number): string {
  const grants: string[] = [];
  for (const { path, value, kind } of block) {
    const scope = path[depth];
    if (scope === undefined) return kind === "null" ? NOTHING : value;
    if (value !== "none" && kind !== "null") grants.push(`${scope}: ${value}`);
  }
  return grants.length === 0 ? NOTHING : grants.sort().join(", ");
}

/** The set that each token of a GitHub App holds, by the job whose step mints it. */
export function appTokens(file: FileSide): readonly JobGrant[] {
  return appSteps(file).map((step) => {
    const grants = step.fields
      .filter(({ path }) => path[0] === "with" && path[1]?.startsWith("permission-"))
      .map(({ path, value }) => `${path[1]?.slice("permission-".length)}: ${value}`);
    return { job: jobOf(step), value: grants.length > 0 ? grants.sort().join(", ") : WHOLE_APP, line: step.line };
  });
}

/** Where else than in its own repository each token of a GitHub App is good: repositories by name, or all of an owner. */
export function appReaches(file: FileSide): readonly JobGrant[] {
  return appSteps(file).flatMap((step): readonly JobGrant[] => {
    const input = (name: string) => step.fields.find(({ path }) => path[0] === "with" && path[1] === name);
    const owner = input("owner");
    const named = input("repositories");
    const repositories = (named?.value ?? "").split(/[\s,]+/).filter((name) => name !== "");
    const line = (named ?? owner)?.line ?? step.line;
    const places = repositories.map((name) => (owner && !name.includes("/") ? `${owner.value}/${name}` : name));
    if (places.length > 0) return [{ job: jobOf(step), value: places.sort().join(", "), line }];
    return owner?.value ? [{ job: jobOf(step), value: `${WHOLE_OWNER}${owner.value}`, line }] : [];
  });
}

function appSteps(file: FileSide): readonly LiteralGroup[] {
  const steps = groupLiterals(file.literals, (path) => {
    const at = path.indexOf("steps");
    return at >= 0 && path.length > at + 2 ? at + 2 : null;
  });
  return steps.filter((step) => APP_TOKEN.test(valueIn(step, /^uses$/) ?? ""));
}

function jobOf(step: LiteralGroup): string {
  return step.path[0] === "jobs" ? (step.path[1] ?? "") : "runs";
}

function reaches(known: string, place: string): boolean {
  return known === place || (known.startsWith(WHOLE_OWNER) && place.startsWith(`${known.slice(WHOLE_OWNER.length)}/`));
}

/** Widened when the token is good in a repository where it was not. */
export function judgeReach({ before, after }: FactChange): Judgement {
  const old = before?.value.split(", ") ?? [];
  const more = after?.value.split(", ").some((place) => !old.some((known) => reaches(known, place))) ?? false;
  return more
    ? { direction: "widened", severity: "major", remedy: "Name the repositories that the job works on." }
    : { direction: "narrowed", severity: "minor", remedy: "Check that the job still reaches what it works on." };
}

/** Widened when the job may do anything it could not do before; a set that reads only, where nothing was declared, is none. */
export function judgeGrant(change: FactChange): Judgement {
  const before = change.before?.value;
  const after = change.after?.value;
  if (after === undefined) {
    const wrote = before !== undefined && before !== UNDECLARED && levelOf(before) > 1;
    const direction = wrote ? "narrowed" : "removed";
    return { direction, severity: wrote ? "minor" : "trivial", remedy: "Nothing is left to grant." };
  }
  const floor: { readonly floor?: Floor } = after === "write-all" ? { floor: "critical" } : {};
  const remedy = "Grant the job only the scopes it uses.";
  if (before !== undefined) {
    if (!grantsMore(before, after))
      return { direction: "narrowed", severity: "minor", remedy: "Check that the job still has what it needs." };
    // A default that is not known here may have been more or less, and one scope for another is both.
    const direction = grantsMore(after, before) ? "changed" : "widened";
    return { direction, severity: "major", remedy, ...floor };
  }
  if (after === UNDECLARED)
    return { direction: "added", severity: "trivial", remedy: "Declare the permissions that the job needs." };
  if (levelOf(after) > 1) return { direction: "widened", severity: "major", remedy, ...floor };
  // One more job that reads what the workflow's others read is given nothing new.
  const given = levelOf(after) > 0 && change.after?.label !== SHARED;
  return { direction: "added", severity: given ? "minor" : "trivial", remedy };
}

/** 0 nothing, 1 reading, 2 writing, 3 everything; a default that is not known here counts as writing. */
function levelOf(set: string): number {
  if (set === "write-all") return 3;
  if (set === UNDECLARED || set === WHOLE_APP) return 2;
  if (set === "read-all") return 1;
  return set === NOTHING ? 0 : /: (?:write|admin)\b/.test(set) ? 2 : 1;
}

function grantsMore(before: string, after: string): boolean {
  if (after === UNDECLARED) return before !== "write-all";
  if (after === WHOLE_APP || before === WHOLE_APP) return after === WHOLE_APP;
  if (before === UNDECLARED) return levelOf(after) > 1;
  if (after === "write-all" || before === "write-all") return after === "write-all";
  if (after === "read-all") return before !== "read-all";
  const old = new Map(before.split(", ").map((grant) => [grant.split(": ")[0] ?? "", levelOf(grant)]));
  return after.split(", ").some((grant) => {
    const level = grant === NOTHING ? 0 : levelOf(grant);
    return level > Math.max(before === "read-all" ? 1 : 0, old.get(grant.split(": ")[0] ?? "") ?? 0);
  });
}
