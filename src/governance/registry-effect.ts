import type { Direction, Severity } from "../core/finding.ts";
import { milliseconds } from "../core/scalars.ts";

/** What an edit of one registry field does. */
export interface Effect {
  readonly severity: Severity;
  readonly direction: Direction;
  /** True where the edit may go the quick way: pausing, suspending, taking a scope away. */
  readonly safe?: true;
}

/** The entry or list element a field belongs to, on both sides. */
export interface Owner {
  readonly before: unknown;
  readonly after: unknown;
}

/** Judges one field's edit; undefined where nothing changed in effect. */
export type Effects = (before: unknown, after: unknown, owner: Owner) => Effect | undefined;

const WIDER: Effect = { severity: "major", direction: "widened" };
const REMOVED: Effect = { severity: "major", direction: "removed" };
const OTHER: Effect = { severity: "material", direction: "changed" };
const ADDED: Effect = { severity: "material", direction: "added" };
const SMALL: Effect = { severity: "minor", direction: "changed" };
const NARROWER: Effect = { severity: "minor", direction: "narrowed" };
/** What a system no longer lists may still stand in its code: its owner must say that it does not. */
const DETACHED: Effect = { severity: "material", direction: "removed" };
const QUICK: Effect = { ...NARROWER, safe: true };

const label: Effects = () => SMALL;
const changed: Effects = (before) => (before === undefined ? ADDED : OTHER);
/** What must not go: replacing it is an ordinary edit, dropping it is not. */
const needed: Effects = (before, after, owner) => (after === undefined ? REMOVED : changed(before, after, owner));

function members(value: unknown): ReadonlySet<unknown> {
  return new Set(Array.isArray(value) ? value : []);
}

/** Lists that say what an entry may do or reach: more is wider, but for what is harmless. */
function reach(onLess: Effect, harmless?: string): Effects {
  return (before, after) => {
    const [old, now] = [members(before), members(after)];
    const added = [...now].filter((entry) => !old.has(entry));
    if (added.some((entry) => entry !== harmless)) return WIDER;
    return [...old].some((entry) => !now.has(entry)) ? onLess : added.length > 0 ? ADDED : undefined;
  };
}

/** Lists that say what is governed, watched or asked: less is looser. */
const duty: Effects = (before, after) => {
  const [old, now] = [members(before), members(after)];
  if ([...old].some((entry) => !now.has(entry))) return REMOVED;
  return [...now].some((entry) => !old.has(entry)) ? ADDED : undefined;
};

/** Values from the least to the most power or risk; silence after a value hides it. */
function power(values: readonly string[]): Effects {
  return (before, after) => {
    if (after === undefined) return REMOVED;
    return values.indexOf(String(after)) > values.indexOf(String(before ?? values[0])) ? WIDER : NARROWER;
  };
}

/** Values from the least to the most duties. */
function strictness(values: readonly string[]): Effects {
  return (before, after) => {
    if (before === undefined) return NARROWER;
    return values.indexOf(String(after)) < values.indexOf(String(before)) ? WIDER : NARROWER;
  };
}

const cadence: Effects = (before, after) => {
  if (after === undefined) return REMOVED;
  return before !== undefined && milliseconds(String(after)) > milliseconds(String(before)) ? WIDER : NARROWER;
};

/** Whether an edit changes a field of the entry to another value: new evidence, not the old one again. */
function fresh(...path: readonly string[]): (owner: Owner) => boolean {
  const read = (entry: unknown): unknown =>
    path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], entry);
  return ({ before, after }) => read(after) !== undefined && read(after) !== read(before);
}

/** An access review's evidence is who found what. */
function reviewed({ after }: Owner): boolean {
  const review = (after as { accessReview?: { reviewer?: string; outcome?: string } } | undefined)?.accessReview;
  return review?.reviewer !== undefined && review.outcome !== undefined;
}

/** A date on which something was done: forward is quick where the edit brings evidence, and an ordinary edit otherwise. */
function done(evidence: (owner: Owner) => boolean = () => false): Effects {
  return (before, after, owner) => {
    if (after === undefined) return REMOVED;
    if (before !== undefined && String(after) < String(before)) return NARROWER;
    return evidence(owner) ? SMALL : OTHER;
  };
}

/** A date on which something ends: later is longer validity, and quick only with new evidence. */
function end(evidence: (owner: Owner) => boolean = () => false): Effects {
  return (before, after, owner) => {
    if (after === undefined) return REMOVED;
    if (before === undefined || String(after) < String(before)) return NARROWER;
    return evidence(owner) ? SMALL : WIDER;
  };
}

const lifecycle: Effects = (before, after) => {
  const [old, now] = [before ?? "deployed", after ?? "deployed"];
  if (old === now) return undefined;
  if (now === "deployed" || old === "retired") return WIDER;
  if (old === "deployed" && now === "paused") return QUICK;
  return OTHER;
};

const state: Effects = (before, after) => {
  const [old, now] = [before ?? "active", after ?? "active"];
  const stopped = (value: unknown): boolean => value === "suspended" || value === "compromised" || value === "revoked";
  if (old === now) return undefined;
  if (stopped(old) && !stopped(now)) return WIDER;
  // Calling a compromised identity suspended hides what must be rotated.
  if (old === "compromised" && now === "suspended") return OTHER;
  if (stopped(now)) return QUICK;
  return now === "active" ? WIDER : OTHER;
};

const authentication: Effects = (before, after) => {
  if (after === undefined) return REMOVED;
  if (after === "static-secret") return before === undefined ? OTHER : WIDER;
  return before === "static-secret" ? NARROWER : OTHER;
};

const approval: Effects = (_, after) => (after === "approved" ? WIDER : after === undefined ? REMOVED : NARROWER);
const reviewOutcome: Effects = (_, after) => (after === undefined ? REMOVED : SMALL);
const guardrail: Effects = (before, after) => (after === true ? ADDED : before === true ? REMOVED : undefined);
const pin: Effects = (_, after) => (after === "snapshot" ? NARROWER : WIDER);
const breach: Effects = (_, after) => (after === "pause" ? NARROWER : WIDER);
const strategy: Effects = (_, after) => (after === undefined ? REMOVED : after === "irreversible" ? WIDER : OTHER);
/** Ending an element that grants something narrows; ending one that asks for something does not. */
const grant: Effects = (before) => (before === undefined ? ADDED : NARROWER);

const review = (at: string, evidence: Effects): Record<string, Effects> => ({
  [`${at}.every`]: cadence,
  [`${at}.last`]: evidence,
});

/** One row for each field of the registry's schema (`*` stands for list elements, met by id); a test keeps it complete. */
export const REGISTRY_EFFECTS: Readonly<Record<string, Effects>> = {
  version: label,
  "systems.*.id": changed,
  "systems.*.name": label,
  "systems.*.intendedPurpose": needed,
  "systems.*.owner": needed,
  "systems.*.deputies": changed,
  "systems.*.sponsor": needed,
  "systems.*.approvers": duty,
  "systems.*.lifecycle": lifecycle,
  "systems.*.tier": strictness(["low", "medium", "high", "critical"]),
  "systems.*.risk.autonomy": power(["advisory", "supervised", "autonomous"]),
  "systems.*.risk.affects": reach(NARROWER, "internal"),
  "systems.*.risk.data": reach(NARROWER, "none"),
  "systems.*.risk.euAiAct": power(["minimal", "limited", "high", "prohibited"]),
  "systems.*.risk.impactAssessment.ref": needed,
  "systems.*.risk.impactAssessment.expires": end(fresh("risk", "impactAssessment", "ref")),
  "systems.*.paths": duty,
  "systems.*.models.*.id": changed,
  "systems.*.models.*.provider": needed,
  "systems.*.models.*.ref": needed,
  "systems.*.models.*.pin": pin,
  "systems.*.models.*.previous": changed,
  "systems.*.models.*.retires": end(),
  "systems.*.prompts.*.id": needed,
  "systems.*.prompts.*.paths": duty,
  "systems.*.prompts.*.guardrail": guardrail,
  "systems.*.tools.*.id": grant,
  "systems.*.tools.*.type": changed,
  "systems.*.tools.*.effects": reach(NARROWER, "read"),
  "systems.*.identities": reach(DETACHED),
  "systems.*.providers": reach(DETACHED),
  "systems.*.monitoring.logs": duty,
  "systems.*.monitoring.metrics.*.name": needed,
  "systems.*.monitoring.metrics.*.threshold": (before) => (before === undefined ? ADDED : WIDER),
  "systems.*.monitoring.metrics.*.onBreach": breach,
  ...review("systems.*.review", done()),
  "systems.*.rollback.strategy": strategy,
  "systems.*.rollback.reason": needed,
  "systems.*.rollback.runbook": needed,
  "systems.*.rollback.owner": needed,
  "systems.*.rollback.trigger": duty,
  "systems.*.rollback.verification": duty,
  "systems.*.rollback.maxTimeToRestore": cadence,
  "systems.*.rollback.lastRehearsal": done(),
  "identities.*.id": changed,
  "identities.*.type": changed,
  "identities.*.owner": needed,
  "identities.*.deputies": changed,
  "identities.*.references": duty,
  "identities.*.environments": reach(NARROWER),
  "identities.*.secret.store": needed,
  "identities.*.secret.location": needed,
  "identities.*.authentication": authentication,
  "identities.*.scopes": reach(QUICK),
  "identities.*.privilege": power(["read", "write", "admin"]),
  "identities.*.state": state,
  "identities.*.expires": end(fresh("rotation", "evidence")),
  ...review("identities.*.rotation", done(fresh("rotation", "evidence"))),
  "identities.*.rotation.evidence": (_, after) => (after === undefined ? REMOVED : SMALL),
  ...review("identities.*.accessReview", done(reviewed)),
  "identities.*.accessReview.reviewer": needed,
  "identities.*.accessReview.outcome": reviewOutcome,
  "identities.*.monitoring.logs": duty,
  "providers.*.id": changed,
  "providers.*.hosts": duty,
  "providers.*.packages": duty,
  "providers.*.owner": needed,
  "providers.*.approval.status": approval,
  "providers.*.approval.expires": end(),
  "providers.*.incidentEscalation.contact": needed,
  "providers.*.incidentEscalation.notifyWithin": cadence,
  ...review("providers.*.review", done()),
  "providers.*.disclosures.*.type": needed,
  "providers.*.disclosures.*.ref": changed,
  "providers.*.disclosures.*.sha256": needed,
  "providers.*.disclosures.*.reviewedBy": needed,
  "providers.*.disclosures.*.reviewedAt": done(fresh("sha256")),
  "providers.*.disclosures.*.expires": end(fresh("sha256")),
  "exceptions.*.id": changed,
  "exceptions.*.rule": changed,
  "exceptions.*.scope.identity": changed,
  "exceptions.*.scope.system": changed,
  "exceptions.*.scope.provider": changed,
  "exceptions.*.reason": changed,
  "exceptions.*.compensatingControls": duty,
  "exceptions.*.acceptedBy": changed,
  "exceptions.*.created": end(),
  "exceptions.*.expires": end(),
};
