import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import type { Obligation } from "./obligation.ts";
import { holdersOf } from "./people.ts";
import type { Provider } from "./registry.ts";
import { endOf } from "./scalars.ts";

const DISCLOSURES = ["lifecycle-controls", "incident-escalation", "ongoing-oversight"] as const;

/** What is not in order with a provider in use. */
export function providerObligations(
  provider: Provider,
  fresh: boolean,
  counted: ReadonlySet<string>,
  matter: Case,
): Obligation[] {
  const scope = { provider: provider.id };
  const approval = fresh ? freshApproval(provider, counted, matter) : ownApproval(provider, matter);
  const missing = DISCLOSURES.flatMap((type): Obligation[] => {
    const given = (provider.disclosures ?? []).filter((disclosure) => disclosure.type === type);
    if (given.length === 0)
      return [
        { rule: "record/disclosure-missing", reason: `provider ${provider.id} lacks the disclosure ${type}`, scope },
      ];
    if (!given.every(({ expires }) => expires !== undefined && matter.clock.reached(endOf(expires)))) return [];
    const reason = `the disclosure ${type} of provider ${provider.id} expired`;
    return [{ rule: "record/disclosure-expired", reason, scope, dated: { blocksFrom: null } }];
  });
  return [...approval.map((obligation) => ({ ...obligation, scope })), ...missing];
}

type Unapproved = Omit<Obligation, "scope">;
const RULE = "record/provider-unapproved";

function ownApproval({ id, approval }: Provider, { clock }: Case): Unapproved[] {
  const expired = approval?.expires !== undefined && clock.reached(endOf(approval.expires));
  if (approval?.status === "approved" && !expired) return [];
  const state = expired ? `approved only until ${approval?.expires}` : (approval?.status ?? "not approved");
  return [{ rule: RULE, reason: `provider ${id} is ${state}` }];
}

/** A new provider is approved by a counted vote on this pull request, whatever its own entry claims (security rule S04). */
function freshApproval({ id }: Provider, counted: ReadonlySet<string>, matter: Case): Unapproved[] {
  const role = matter.policy.unregisteredOwner;
  const holders = holdersOf(role, matter).logins;
  if ([...counted].some((login) => holders.has(login))) return [];
  return [
    { rule: RULE, reason: `provider ${id} is new`, awaits: `the approval of ${role} on this pull request approves it` },
  ];
}

/** Providers that come with this change and that the registry does not know, once it declares any. */
export function unregisteredProviders({ assessment }: Case): Obligation[] {
  if (assessment.index.providers.size === 0) return [];
  const unknown = governing(assessment).filter(
    ({ finding, providers }) =>
      finding.class === "provider" &&
      finding.severity === "major" &&
      finding.place.after !== undefined &&
      providers.length === 0,
  );
  const names = new Set(unknown.map(({ finding }) => finding.place.after?.key ?? finding.after ?? finding.rule));
  return [...names].map((name) => ({
    rule: RULE,
    reason: `${name} belongs to no provider of .github/ai-systems.yml; register it with its hosts or packages`,
    scope: {},
  }));
}
