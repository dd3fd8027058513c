import { patternFault } from "../core/custom-pattern.ts";
import type { Policy } from "../core/policy.ts";
import { RULE_IDS } from "../core/rule-id.ts";
import type { Reference } from "./configuration-problem.ts";
import { nearest } from "./nearest.ts";

/** What is wrong with the rules that a policy writes and names; `baseline` are the rules of the organisation's policy. */
export function ruleReferences(policy: Policy, baseline: readonly string[]): readonly Reference[] {
  const custom = policy.detect?.custom ?? [];
  const known = [...RULE_IDS, ...custom.map(({ id }) => id), ...baseline];
  const named = Object.keys(policy.detect?.rules ?? {}).flatMap((id): Reference[] => {
    if (known.includes(id)) return [];
    const near = nearest(id, known);
    const expected = "the id of a rule of docs/rules.md or of detect.custom";
    const path = ["detect", "rules", id];
    return [{ path, message: `unknown rule "${id}"`, expected, ...(near === undefined ? {} : { nearest: near }) }];
  });
  return [...named, ...custom.flatMap((rule, index) => customFaults(rule, index, custom))];
}

type CustomRules = NonNullable<NonNullable<Policy["detect"]>["custom"]>;

function customFaults(rule: CustomRules[number], index: number, all: CustomRules): Reference[] {
  const path = ["detect", "custom", index] as const;
  const faults: Reference[] = [];
  const ownClass = rule.id.slice(0, rule.id.indexOf("/"));
  if (ownClass !== rule.class)
    faults.push({
      path: [...path, "class"],
      message: `the class ${rule.class} of the rule ${rule.id}`,
      expected: `${ownClass}, as its id says`,
    });
  if ((RULE_IDS as readonly string[]).includes(rule.id))
    faults.push({
      path: [...path, "id"],
      message: `the id "${rule.id}" is a built-in rule's`,
      expected: "an id of its own",
    });
  const earlier = all.findIndex(({ id }) => id === rule.id);
  if (earlier < index)
    faults.push({
      path: [...path, "id"],
      message: `the id "${rule.id}" is also that of entry ${earlier}`,
      expected: "an id of its own",
    });
  const fault = patternFault(rule.pattern);
  if (fault) faults.push({ path: [...path, "pattern"], ...fault });
  return faults;
}
