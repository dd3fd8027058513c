import type { Requirement } from "./approval.ts";
import type { Assessment } from "./assessment.ts";
import { governs } from "./assessment.ts";
import type { Clock } from "./clock.ts";
import type { EffectivePolicy } from "./policy.ts";
import type { Exception, Identity, Provider, Registry, System } from "./registry.ts";
import { endOf, milliseconds, plus } from "./scalars.ts";
import { atLeast, inherentTier } from "./tier.ts";

interface Obligation {
  readonly rule: string;
  readonly reason: string;
  /** What an exception's scope must name. */
  readonly scope: { readonly system?: string; readonly identity?: string; readonly provider?: string };
  /** A dated one warns below high; one without a date always blocks. */
  readonly dated: boolean;
}

/** Rules of which an approved, unexpired exception may take the place. */
export const EXCEPTABLE: ReadonlySet<string> = new Set(
  [
    "disclosure-missing",
    "disclosure-expired",
    "owner-missing",
    "rotation-overdue",
    "access-review-overdue",
    "review-overdue",
    "impact-overdue",
    "monitoring-missing",
    "static-secret",
    "cross-environment-reuse",
  ].map((name) => `record/${name}`),
);

/** The entries that a merge would leave: head's where it still has them, else base's, so removing an entry cures nothing. */
interface Remaining {
  readonly systems: readonly System[];
  readonly identities: readonly Identity[];
  readonly referenced: ReadonlySet<string>;
  readonly providers: readonly Provider[];
}

/** What blocks the merge whatever is approved, judged on what the merge would leave. */
export function obligations(
  assessment: Assessment,
  base: Registry,
  head: Registry | null,
  policy: EffectivePolicy,
  clock: Clock,
): readonly Requirement[] {
  const left = remaining(assessment, head);
  const found = [
    ...left.systems.flatMap((system) => ofSystem(system, assessment, policy, clock)),
    ...left.identities.flatMap((identity) =>
      ofIdentity(identity, left.referenced.has(identity.id), assessment, policy, clock),
    ),
    ...left.providers.flatMap((provider) => ofProvider(provider, clock)),
    ...retiredModels(assessment, left.systems, clock),
    ...secrets(assessment),
  ];
  return found.map((obligation) => settle(obligation, base.exceptions ?? [], assessment, policy, clock));
}

function remaining(assessment: Assessment, head: Registry | null): Remaining {
  const { index, systems } = assessment;
  const governing = assessment.findings.filter(({ finding }) => governs(finding));
  const latest = <T extends { readonly id: string }>(entries: Iterable<T>, from: readonly T[] | undefined): T[] => {
    const now = new Map((from ?? []).map((entry) => [entry.id, entry]));
    return [...entries].map((entry) => now.get(entry.id) ?? entry);
  };
  const leftSystems = latest(systems, head?.systems);
  const referenced = new Set(
    governing.flatMap((entry) => (entry.finding.place.after ? entry.identities.map(({ id }) => id) : [])),
  );
  const identityIds = new Set([...referenced, ...leftSystems.flatMap((system) => system.identities ?? [])]);
  const named = governing.flatMap((entry) => (entry.finding.place.after ? entry.providers.map(({ id }) => id) : []));
  const providerIds = new Set([...named, ...leftSystems.flatMap((system) => system.providers ?? [])]);
  const pick = <T>(ids: ReadonlySet<string>, entries: ReadonlyMap<string, T>) =>
    [...ids].flatMap((id) => entries.get(id) ?? []);
  return {
    systems: leftSystems,
    identities: latest(pick(identityIds, index.identities), head?.identities),
    referenced,
    providers: latest(pick(providerIds, index.providers), head?.providers),
  };
}

function ofSystem(system: System, assessment: Assessment, policy: EffectivePolicy, clock: Clock): Obligation[] {
  const scope = { system: system.id };
  const found: Obligation[] = [];
  const add = (rule: string, reason: string, dated = false): void => {
    found.push({ rule: `record/${rule}`, reason: `system ${system.id} ${reason}`, scope, dated });
  };
  if (system.risk?.euAiAct === "prohibited")
    add("prohibited-practice", "is declared a prohibited practice; it may not be changed, only removed");
  if (system.lifecycle === "retired") add("system-retired", "is retired");
  if (!atLeast(inherentTier(system, assessment.index.identities).value, "high")) return found;
  if (!system.owner) add("owner-missing", "has no owner");
  if (!system.monitoring?.logs?.length && !system.monitoring?.metrics?.length)
    add("monitoring-missing", "names no monitoring");
  const review = dueAt(system.review, policy.limits.reviewMax, policy.limits.reviewGrace);
  if (review === null || clock.reached(review))
    add("review-overdue", review === null ? "names no review" : `was due for review, with grace, by ${review}`, true);
  const impact = system.risk?.impactAssessment?.expires;
  if (impact === undefined || clock.reached(endOf(impact)))
    add(
      "impact-overdue",
      impact === undefined ? "has no impact assessment" : `has an impact assessment that expired on ${impact}`,
      true,
    );
  return found;
}

/** When a cadence falls due, grace included; null when it was never done. A cadence above the limit counts as the limit. */
function dueAt(
  cadence: { readonly every: string; readonly last?: string | undefined } | undefined,
  max: string,
  grace: string,
): string | null {
  if (!cadence?.last) return null;
  const every = milliseconds(cadence.every) <= milliseconds(max) ? cadence.every : max;
  return plus(plus(endOf(cadence.last), every), grace);
}

function ofIdentity(
  identity: Identity,
  referenced: boolean,
  assessment: Assessment,
  policy: EffectivePolicy,
  clock: Clock,
): Obligation[] {
  const found: Obligation[] = [];
  const add = (rule: string, reason: string, dated = false): void => {
    found.push({
      rule: `record/${rule}`,
      reason: `identity ${identity.id} ${reason}`,
      scope: { identity: identity.id },
      dated,
    });
  };
  const state = identity.state ?? "active";
  if (state === "suspended" || state === "compromised" || state === "revoked")
    add("identity-inactive", `is ${state} and in use`);
  if (identity.expires !== undefined && clock.reached(endOf(identity.expires)))
    add("identity-inactive", `expired on ${identity.expires} and is in use`);
  if (identity.rotation) {
    const due = dueAt(identity.rotation, policy.limits.rotationMax, policy.limits.rotationGrace);
    if (due === null || clock.reached(due))
      add("rotation-overdue", due === null ? "was never rotated" : `was due for rotation, with grace, by ${due}`, true);
  }
  if (identity.accessReview) {
    const due = dueAt(identity.accessReview, policy.limits.reviewMax, policy.limits.reviewGrace);
    if (due === null || clock.reached(due))
      add(
        "access-review-overdue",
        due === null ? "never had an access review" : `was due for an access review, with grace, by ${due}`,
        true,
      );
  }
  if (!referenced || !atLeast(assessment.tier.value, "high")) return found;
  if (!identity.owner) add("owner-missing", "has no owner");
  if (identity.authentication === "static-secret") add("static-secret", "authenticates with a static secret");
  const environments = identity.environments ?? [];
  if (environments.includes("production") && environments.length > 1)
    add("cross-environment-reuse", `is shared by ${environments.join(", ")}`);
  return found;
}

const DISCLOSURES = ["lifecycle-controls", "incident-escalation", "ongoing-oversight"] as const;

function ofProvider(provider: Provider, clock: Clock): Obligation[] {
  const scope = { provider: provider.id };
  const found: Obligation[] = [];
  const { approval } = provider;
  const expired = approval?.expires !== undefined && clock.reached(endOf(approval.expires));
  if (approval?.status !== "approved" || expired) {
    found.push({
      rule: "record/provider-unapproved",
      reason: `provider ${provider.id} is ${expired ? `approved only until ${approval?.expires}` : (approval?.status ?? "not approved")}`,
      scope,
      dated: false,
    });
  }
  for (const type of DISCLOSURES) {
    const given = (provider.disclosures ?? []).filter((disclosure) => disclosure.type === type);
    if (given.length === 0)
      found.push({
        rule: "record/disclosure-missing",
        reason: `provider ${provider.id} lacks the disclosure ${type}`,
        scope,
        dated: false,
      });
    else if (given.every(({ expires }) => expires !== undefined && clock.reached(endOf(expires)))) {
      found.push({
        rule: "record/disclosure-expired",
        reason: `the disclosure ${type} of provider ${provider.id} expired`,
        scope,
        dated: true,
      });
    }
  }
  return found;
}

function retiredModels(assessment: Assessment, systems: readonly System[], clock: Clock): Obligation[] {
  const retires = new Map(
    systems.flatMap((system) =>
      (system.models ?? []).flatMap((model) => (model.retires ? [[model.ref, model.retires] as const] : [])),
    ),
  );
  return assessment.findings.flatMap(({ finding }) => {
    const date =
      finding.class === "model" && governs(finding) && finding.after !== null ? retires.get(finding.after) : undefined;
    if (date === undefined || !clock.reached(endOf(date))) return [];
    return [
      { rule: "record/model-retired", reason: `model ${finding.after} retired on ${date}`, scope: {}, dated: false },
    ];
  });
}

function secrets(assessment: Assessment): Obligation[] {
  return assessment.findings.flatMap(({ finding }) => {
    const place = finding.place.after;
    if (
      finding.rule !== "credential/secret-value" ||
      finding.confidence !== "certain" ||
      !place ||
      finding.severity === "trivial"
    )
      return [];
    return [
      {
        rule: finding.rule,
        reason: `a secret's value stands at ${place.path}:${place.line}; remove it and rotate it`,
        scope: {},
        dated: false,
      },
    ];
  });
}

function settle(
  obligation: Obligation,
  exceptions: readonly Exception[],
  assessment: Assessment,
  policy: EffectivePolicy,
  clock: Clock,
): Requirement {
  const base = { kind: "record" as const, rule: obligation.rule };
  const exception = EXCEPTABLE.has(obligation.rule)
    ? exceptions.find((entry) => applies(entry, obligation, policy, clock))
    : undefined;
  if (exception)
    return {
      ...base,
      state: "excepted",
      reason: `${obligation.rule}: ${obligation.reason}; exception ${exception.id} until ${exception.expires}`,
    };
  if (obligation.dated && !atLeast(assessment.tier.value, "high")) {
    return { ...base, state: "met", reason: `${obligation.rule} (a warning below high): ${obligation.reason}` };
  }
  return { ...base, state: "failed", reason: `${obligation.rule}: ${obligation.reason}` };
}

function applies(exception: Exception, obligation: Obligation, policy: EffectivePolicy, clock: Clock): boolean {
  const scope = Object.entries(exception.scope);
  const same = scope.every(([kind, id]) => obligation.scope[kind as keyof Obligation["scope"]] === id);
  if (exception.rule !== obligation.rule || !same) return false;
  const accepted = (policy.roles["risk-owner"] ?? []).some(
    (person) => person.toLowerCase() === exception.acceptedBy.toLowerCase(),
  );
  const cap = plus(`${exception.created}T00:00:00Z`, policy.limits.exceptionMax);
  return accepted && !clock.reached(endOf(exception.expires)) && !clock.reached(cap);
}
