import type { ConfigurationFault } from "../core/decision.ts";
import { type EffectivePolicy, effectivePolicy, type Policy } from "../core/policy.ts";
import { EMPTY_REGISTRY, type Registry } from "../core/registry.ts";
import type { Parsed } from "./configuration-file.ts";
import { formatProblem } from "./configuration-problem.ts";
import { shortages } from "./shortage.ts";
import { stricterPolicy } from "./tightening.ts";

/** A document where the rules come from, where the change started and where it leads; null where it is absent. */
export interface DocumentSides<T> {
  readonly rules: Parsed<T> | null;
  readonly before: Parsed<T> | null;
  readonly after: Parsed<T> | null;
}

/** More problems of one file than this are not listed. */
const LISTED = 5;

/** Why nothing can be decided around the configuration as the merge would leave it. */
export function configurationFaults(
  policy: DocumentSides<Policy>,
  registry: DocumentSides<Registry>,
  baseline: Policy | null,
): readonly ConfigurationFault[] {
  return [
    ...unreadable(policy),
    ...unreadable(registry),
    ...looser(policy, baseline),
    ...unmeetable(policy, registry, baseline),
  ];
}

/** A change that mends a file is not stopped by what it mends, and one that breaks a file is. */
function unreadable<T>({ rules, before, after }: DocumentSides<T>): ConfigurationFault[] {
  const changed = before !== after;
  if (changed && after?.ok === false) return faultsOf(after, "this change leaves ");
  return rules?.ok === false && !(changed && after?.ok === true) ? faultsOf(rules, "") : [];
}

function faultsOf(parsed: Parsed<unknown> & { ok: false }, whose: string): ConfigurationFault[] {
  return parsed.problems
    .slice(0, LISTED)
    .map((problem) => ({ rule: "record/unreadable", reason: `${whose}${formatProblem(problem)}` }));
}

/** Values looser than the baseline's are an error in the change that writes them (security rule S03). */
function looser({ before, after }: DocumentSides<Policy>, baseline: Policy | null): ConfigurationFault[] {
  if (!baseline || !after?.ok || before === after) return [];
  const known = new Set(stricterPolicy(baseline, readable(before)).loosened.map(({ sentence }) => sentence));
  return stricterPolicy(baseline, after.value)
    .loosened.filter(({ sentence }) => !known.has(sentence))
    .map(({ sentence }) => ({ rule: "governance/policy", reason: sentence }));
}

/** Switching to `enforce` is refused while the people named could not approve what it asks for (security rule S15). */
function unmeetable(
  policy: DocumentSides<Policy>,
  registry: DocumentSides<Registry>,
  baseline: Policy | null,
): ConfigurationFault[] {
  if (policy.rules?.ok === false || !policy.after?.ok || policy.before === policy.after) return [];
  const proposed = held(baseline, policy.after.value);
  if (held(baseline, readable(policy.rules)).mode === "enforce" || proposed.mode !== "enforce") return [];
  return shortages(proposed, readable(registry.after) ?? EMPTY_REGISTRY)
    .filter(({ fatal }) => fatal)
    .map(({ sentence }) => ({ rule: "governance/policy", reason: `it cannot switch to enforce yet: ${sentence}` }));
}

function held(baseline: Policy | null, policy: Policy | null): EffectivePolicy {
  return effectivePolicy(baseline || policy ? stricterPolicy(baseline, policy).policy : null);
}

function readable<T>(parsed: Parsed<T> | null): T | null {
  return parsed?.ok ? parsed.value : null;
}
