import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import type { Finding, FindingClass } from "./finding.ts";
import { holdersOf } from "./people.ts";
import type { System } from "./registry.ts";
import type { Requirement } from "./requirement.ts";
import { REVERTING, type RollbackPlan, type RollbackStrategy, UNREGISTERED } from "./rollback-plan.ts";
import { type RollbackSection, rollbackSection } from "./rollback-section.ts";
import { endOf, plus } from "./scalars.ts";
import { atLeast } from "./tier.ts";
import type { TouchedFinding } from "./touched-systems.ts";

/** One plan per touched system and class, in the order of the findings; the registry's words before the body's. */
export function rollbackPlans(matter: Case): readonly RollbackPlan[] {
  const section = rollbackSection(matter.facts.pullRequest?.body ?? "");
  const groups = new Map<string, { readonly system: System | null; readonly entries: TouchedFinding[] }>();
  for (const entry of governing(matter.assessment))
    for (const system of entry.systems.length > 0 ? entry.systems : [null]) {
      const key = `${system?.id ?? ""} ${entry.finding.class}`;
      const group = groups.get(key) ?? { system: system && matter.left.system(system), entries: [] };
      groups.set(key, group);
      group.entries.push(entry);
    }
  return [...groups.values()].map(({ system, entries }) => plan(system, entries, section, matter));
}

const DEFAULT: Readonly<Partial<Record<FindingClass, RollbackStrategy>>> = {
  model: "pin-model",
  credential: "credential-rotate",
};

function plan(
  system: System | null,
  entries: readonly TouchedFinding[],
  section: RollbackSection,
  matter: Case,
): RollbackPlan {
  const { finding } = entries.find((one) => one.finding.before !== null) ?? (entries[0] as TouchedFinding);
  const { class: kind, before } = finding;
  const said = system?.rollback ?? {};
  const stale = staleness(finding, system, matter);
  // Nobody goes back to an older credential, and the way back from rules is their revert.
  const fixed = kind === "credential" || kind === "governance";
  const named = [said.strategy, section.strategy].filter((one) => one !== null && one !== undefined);
  const switched = named.find((one) => !REVERTING.has(one));
  const other = stale && kind === "model" && !switched ? otherModel(entries, system, matter) : undefined;
  const usual = DEFAULT[kind] ?? "revert-commit";
  const strategy = fixed ? usual : other ? "pin-model" : ((stale ? switched : named[0]) ?? named[0] ?? usual);
  const target = other ?? { ref: stale || kind === "credential" ? null : before, retires: retirement(before, system) };
  const metrics = system?.monitoring?.metrics?.map(({ name, threshold }) => `${name} is not ${threshold} any more`);
  const runbook = said.runbook ?? null;
  return {
    ...{ kind, system: system?.id ?? null, strategy, stale, runbook },
    owner: said.owner ?? system?.owner ?? section.owner,
    backup: system?.deputies ?? [],
    previous:
      target.ref === null || !REVERTING.has(strategy) ? null : { value: target.ref, retires: target.retires ?? null },
    revert: { base: matter.assessment.changeSet.base, conflicts: matter.facts.trialRevert?.conflicts ?? null },
    revoke: kind !== "credential" ? null : entries.some((one) => isExposed(one, matter)) ? "first" : "last",
    cleanUp: entries.some((one) => fillsIndex(one.finding)),
    trigger: filled(said.trigger, metrics, section.trigger, runbook === null ? [] : [`as ${runbook} says`]),
    verification: filled(said.verification, runbook === null ? [] : [`follow ${runbook}`], section.verification),
    reason: strategy === "irreversible" ? (said.reason ?? section.reason) : null,
    maxTimeToRestore: said.maxTimeToRestore ?? null,
    lastRehearsal: matter.facts.ledger?.rehearsals.get(`${system?.id ?? UNREGISTERED} ${strategy}`) ?? null,
    declaredRehearsal: said.lastRehearsal ?? null,
  };
}

function filled(...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return lists.find((list) => list !== undefined && list.length > 0) ?? [];
}

function retirement(model: string | null, system: System | null): string | undefined {
  return system?.models?.find(({ ref }) => ref === model)?.retires;
}

/** Why what stood there before is no way back; null where it is one. */
function staleness({ class: kind, before }: Finding, system: System | null, matter: Case): RollbackPlan["stale"] {
  const { clock, assessment, left } = matter;
  if (before === null || kind === "credential") return null;
  const retires = kind === "model" ? retirement(before, system) : undefined;
  if (retires !== undefined && clock.reached(endOf(retires))) return { value: before, why: `retired on ${retires}` };
  const provider = assessment.index.providersByName.get(before)?.map(left.provider);
  const unfit = provider?.find(({ approval }) => approval?.status === "suspended" || approval?.status === "rejected");
  return unfit ? { value: before, why: `belongs to ${unfit.id}, which is ${unfit.approval?.status}` } : null;
}

/** Another registered model of the system, which the change does not bring and which is not retired. */
function otherModel(entries: readonly TouchedFinding[], system: System | null, { clock }: Case) {
  const changed = new Set(entries.flatMap(({ finding }) => [finding.before, finding.after]));
  const models = (system?.models ?? []).flatMap(({ ref, previous, retires }) => [
    { ref, retires },
    ...(previous === undefined ? [] : [{ ref: previous, retires: retirement(previous, system) }]),
  ]);
  return models.find(
    ({ ref, retires }) => !changed.has(ref) && (retires === undefined || !clock.reached(endOf(retires))),
  );
}

/** Whether somebody else may have the credential already. */
function isExposed({ finding, identities }: TouchedFinding, { left }: Case): boolean {
  if (finding.rule === "credential/secret-value") return true;
  return identities.some((identity) => left.identity(identity).state === "compromised");
}

const INDEX = /(?:^|[^a-z])(?:embeddings?|vectors?|index|indexes|memory|memories|retriever|retrieval)(?:[^a-z]|$)/i;

function fillsIndex({ rule, place }: Finding): boolean {
  return rule === "model/embedding" || INDEX.test((place.after ?? place.before)?.key?.slice(0, 500) ?? "");
}

/** What the tier asks of the plans. A policy's way back is its revert, which is never rehearsed. */
export function rollbackRequirement(
  matter: Case,
  plans: readonly RollbackPlan[],
  counted: ReadonlySet<string>,
): readonly Requirement[] {
  if (matter.duties.rollback === "none") return [];
  const operational = plans.filter(({ kind }) => kind !== "governance");
  const how = [...new Set(plans.map(({ strategy }) => strategy))].join(", ");
  const [state, reason, people] = lackOf(operational, matter) ??
    unaccepted(operational, matter, counted) ??
    unrehearsed(operational, matter) ?? ["met", `${matter.duties.rollback}, ${how}`];
  return [{ kind: "rollback", state, rule: RULE, reason: `${RULE}: ${reason}`, ...(people ? { people } : {}) }];
}

type Judged = readonly [Requirement["state"], string, (readonly string[])?];

/** What a plan lacks: a way back that still is one, or people's part where that is asked for. */
function lackOf(plans: readonly RollbackPlan[], { assessment }: Case): Judged | null {
  const dead = plans.find(({ stale, previous, strategy }) => stale && !previous && REVERTING.has(strategy));
  if (dead?.stale) {
    const what = `the plan of ${nameOf(dead)} goes back to ${dead.stale.value}, which ${dead.stale.why}`;
    const instead = "name another model of the system, or a strategy (flag-off, disable-agent or irreversible)";
    return ["failed", `${what}; ${instead} under rollback ${WHERE} Strategy:`];
  }
  const [conflict] = plans.flatMap(({ revert }) => revert.conflicts ?? []);
  const [lacking, ...more] = atLeast(assessment.tier.value, "high") || conflict ? plans.filter(missingParts) : [];
  if (!lacking) return null;
  const names = [...new Set([lacking, ...more].map(nameOf))].join(", ");
  const what = `the plan of ${names} lacks ${missingParts(lacking)}`;
  const why = conflict ? `taking this back conflicts in ${conflict.path}, and ` : "";
  return ["failed", `${why}${what}; fill rollback ${WHERE} Owner:, Trigger: and Verification:`];
}

/** That there is no way back takes a reason, and a risk owner who approves. */
function unaccepted(plans: readonly RollbackPlan[], matter: Case, counted: ReadonlySet<string>): Judged | null {
  const final = plans.filter(({ strategy }) => strategy === "irreversible");
  const silent = final.find(({ reason }) => reason === null);
  if (silent) return ["failed", `${nameOf(silent)} has no way back and no reason for it; give one ${WHERE} Reason:`];
  const owners = [...holdersOf("risk-owner", matter).logins.keys()];
  if (!final[0] || owners.some((login) => counted.has(login))) return null;
  return ["waiting", `no way back (${final[0].reason}); a risk-owner has to approve that`, owners];
}

function unrehearsed(plans: readonly RollbackPlan[], { duties, policy, clock }: Case): Judged | null {
  const until = (at: string) => plus(at, policy.limits.rehearsalMaxAge);
  const due = plans.filter(({ lastRehearsal: at }) => at === null || clock.reached(until(at)));
  if (duties.rollback !== "rehearsed" || !due[0]) return null;
  const dates = [...new Set(due.map(({ declaredRehearsal }) => declaredRehearsal ?? "none"))].join(", ");
  const how = REVERTING.has(due[0].strategy) ? "" : ` ${due[0].strategy} <what was done and seen>`;
  const ask = `comment /countersign rehearse ${due[0].system ?? UNREGISTERED}${how}`;
  return ["waiting", `needs a rehearsal on record (declared: ${dates}; a date alone is no record): ${ask}`];
}

const RULE = "record/rollback-missing";
const WHERE = 'in .github/ai-systems.yml, or under "## Rollback" of the pull request with lines';

function nameOf({ system }: RollbackPlan): string {
  return system ?? "the unregistered system";
}

/** What of people's part a plan lacks, in words; empty where it is complete. */
export function missingParts({ owner, trigger, verification }: RollbackPlan): string {
  const parts = [
    owner ? "" : "an owner",
    trigger.length ? "" : "a trigger",
    verification.length ? "" : "a verification",
  ];
  return parts
    .filter((part) => part !== "")
    .join(", ")
    .replace(/, (?=[^,]*$)/, " and ");
}
