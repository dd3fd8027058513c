import { governing, governs } from "../../core/assessment.ts";
import type { ChangeSet, ObjectId } from "../../core/change-set.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import { namesCommit } from "../../core/independence.ts";
import type { Exception } from "../../core/registry.ts";
import type { Instant } from "../../core/scalars.ts";
import type { TouchedFinding } from "../../core/touched-systems.ts";
import type { Dossier } from "../../evidence/record.ts";
import { rollbackJson } from "../../reports/evaluation-json.ts";
import { controlsOf } from "./controls.ts";
import { type Accounts, authorsOf } from "./dossier-authors.ts";
import { votesOf } from "./dossier-votes.ts";

/** What a dossier holds beside the evaluation. */
export interface DossierContext {
  readonly at: Instant;
  readonly base: ObjectId;
  readonly baseRef: string;
  /** The files that ruled, as they were read. */
  readonly rules: Pick<Dossier, "policy" | "registry">;
  readonly tool: Dossier["tool"];
  /** The numbers of accounts, by login in lower case. */
  readonly accounts: Accounts;
  /** Exceptions of the registry that ruled. */
  readonly exceptions: readonly Exception[];
  /** SHA-256 of the files that were read, by the id of their blob. */
  readonly hashes: ReadonlyMap<ObjectId, string>;
}

/** What a decision rested on, and what that cannot know. */
export interface DossierWithLimits {
  readonly dossier: Dossier;
  readonly limitations: readonly string[];
}

/** A change of thousands of values is told by its first ones; the files and digests cover all of it. */
const MOST = 1_000;
/** Characters of a value that are kept; a digest of the file stands beside it. */
const LONGEST = 1_000;

/** Puts together what a decision rested on, whole. Nothing in it is a secret's value: findings never hold one. */
export function dossierOf(evaluation: Evaluation, context: DossierContext): DossierWithLimits {
  const { assessment, decision, requirements, rollback, facts } = evaluation;
  const { changeSet, classes, digests, systems, tier } = assessment;
  const files = filesOf(evaluation, context);
  const rested: Omit<Dossier, "controls"> = {
    decision: { ...decision, at: context.at },
    change: { base: context.base, mergeBase: changeSet.base, head: changeSet.head, baseRef: context.baseRef },
    governedDigest: { ...digests },
    files,
    ...context.rules,
    tool: context.tool,
    tier: { value: tier.value, reasons: [...tier.reasons] },
    classes: [...classes],
    systems: systems.map(({ id }) => id),
    findings: governing(assessment).slice(0, MOST).map(findingOf),
    requirements: requirements.map(({ kind, state, role, check, rule, subject, reason }) => ({
      ...{ kind, state, reason },
      ...defined({ role, check, rule, subject }),
    })),
    votes: votesOf(evaluation, context.accounts),
    checks: facts.checks.map(({ name, app, conclusion, head, completedAt }) => ({
      ...{ name, app, conclusion, head, completedAt },
    })),
    authors: authorsOf(facts, context.accounts),
    exceptions: exceptionsOf(evaluation, context.exceptions),
    ...riskAcceptanceOf(evaluation, context.accounts),
    rollback: rollback.map((plan) => ({ ...rollbackJson(plan), checkedAt: context.at })),
  };
  const dossier = { ...rested, controls: controlsOf(rested) };
  return { dossier, limitations: limitationsOf(evaluation, files) };
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function findingOf({ finding, systems }: TouchedFinding): Dossier["findings"][number] {
  const { rule, class: name, direction, surface, severity, confidence, place, before, after } = finding;
  return {
    ...{ rule, class: name, direction, surface, severity, confidence, systems: systems.map(({ id }) => id) },
    place: defined({ before: place.before && { ...place.before }, after: place.after && { ...place.after } }),
    ...{ before: clipped(before), after: clipped(after) },
  };
}

function clipped(value: string | null): string | null {
  return value === null || value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}…`;
}

/** The files with something governed in them, as both sides have them. */
function filesOf({ assessment }: Evaluation, { hashes }: DossierContext): Dossier["files"] {
  return governedChanges(assessment).map(({ path, before, after }) => ({
    path,
    before,
    after: after && { ...after, sha256: hashes.get(after.id) ?? null },
  }));
}

/** The governed paths of a change with what stands there on both sides. */
export function governedChanges({
  changeSet,
  governedPaths,
}: {
  readonly changeSet: Pick<ChangeSet, "changes">;
  readonly governedPaths: ReadonlySet<string>;
}) {
  const sides = new Map<string, { before: Blob; after: Blob }>();
  const side = (path: string) => {
    const known = sides.get(path) ?? { before: null, after: null };
    sides.set(path, known);
    return known;
  };
  for (const { before, after } of changeSet.changes) {
    if (![before, after].some((one) => one && governedPaths.has(one.path))) continue;
    // A file that moved is gone at the one path and new at the other.
    if (before) side(before.path).before = { mode: before.mode, id: before.id };
    if (after) side(after.path).after = { mode: after.mode, id: after.id };
  }
  return [...sides].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, both]) => ({ path, ...both }));
}

type Blob = { mode: string; id: ObjectId } | null;

/** The exceptions that took the place of an obligation, by their ids. */
function exceptionsOf({ requirements }: Evaluation, exceptions: readonly Exception[]): string[] {
  const excepted = requirements.filter(({ state }) => state === "excepted");
  const used = exceptions.filter(({ id, rule, expires }) =>
    excepted.some((one) => one.rule === rule && one.reason.endsWith(`; exception ${id} until ${expires}`)),
  );
  return used.map(({ id }) => id);
}

/** The written acceptance that met the tier's demand for one. */
function riskAcceptanceOf(
  { assessment, facts, policy, requirements }: Evaluation,
  accounts: Accounts,
): Pick<Dossier, "riskAcceptance"> {
  const met = requirements.find(({ kind, state }) => kind === "statement" && state === "met");
  const tier = assessment.tier.value;
  if (met === undefined || tier === "none") return {};
  const { head } = assessment.changeSet;
  const given = facts.commands.filter(
    ({ name, argument, person, reason }) =>
      name === "accept-risk" &&
      namesCommit(argument, head) &&
      met.reason === `risk-owner @${person?.login} accepted the risk: ${reason}`,
  );
  const newest = given.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
  if (!newest?.person) return {};
  const { login } = newest.person;
  const person = { id: accounts.get(login.toLowerCase()) ?? null, login };
  const digest = assessment.digests[policy.tiers[tier].bind];
  return { riskAcceptance: { person, tier, digest, text: newest.reason, receivedAt: newest.createdAt } };
}

/** Why the people in a record are who they say only as far as GitHub tells (security rule S12). */
const TOKENS = "A token that acts as a person looks like that person: GitHub does not tell them apart.";
const OUTSIDE =
  "What is changed outside of git (labels of a prompt service, aliases of a provider, scopes in a store of secrets) is not seen.";

function limitationsOf({ assessment, facts }: Evaluation, files: Dossier["files"]): string[] {
  const trivial = assessment.findings.filter(({ finding }) => !governs(finding)).length;
  const more = governing(assessment).length - MOST;
  const unread = files.filter(({ after }) => after !== null && after.sha256 === null).length;
  return [
    TOKENS,
    OUTSIDE,
    ...facts.missing,
    ...(facts.pushersIncomplete ? ["Who pushed some of its commits was not seen."] : []),
    ...(facts.pushers === null && assessment.tier.value !== "none" ? ["Who pushed its commits was not seen."] : []),
    ...(trivial > 0 ? [`Left out: ${trivial} trivial finding${trivial === 1 ? "" : "s"}, which ask for nothing.`] : []),
    ...(more > 0 ? [`Left out: ${more} further findings; the files and digests cover them.`] : []),
    ...(unread > 0
      ? [`${unread} governed file${unread === 1 ? " was" : "s were"} not read whole; the blob's id names it.`]
      : []),
  ];
}
