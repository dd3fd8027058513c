import type { EffectivePolicy, Policy } from "../core/policy.ts";
import { type ComparedField, comparedFields, isOfNew } from "./tightening.ts";

/** One thing that a policy asks for otherwise than another one. */
export interface PolicyDifference {
  /** The keys of the field; of an element that is new or gone, those of the element. */
  readonly path: readonly string[];
  /** Whether the second policy asks for less; for more; or for something else. */
  readonly effect: "looser" | "tighter" | "other";
  /** Undefined where there is none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What two policies ask for otherwise, every default filled in; what asks for less comes first. */
export function policyDifferences(before: EffectivePolicy, after: EffectivePolicy): readonly PolicyDifference[] {
  const fields = comparedFields(whole(before), whole(after)).filter(
    (one) => JSON.stringify(one.before) !== JSON.stringify(one.after),
  );
  const groups = Map.groupBy(fields, (one) => JSON.stringify(placeOf(one)));
  const found = [...groups.values()].map((group): PolicyDifference => {
    const [first] = group as [ComparedField];
    const path = placeOf(first);
    const effect = effectOf(group);
    if (isWhole(first)) return { path, effect, before: first.before, after: first.after };
    const side = (which: "before" | "after") =>
      first.element[which] ? Object.fromEntries(group.map((one) => [one.keys.at(-1), one[which]])) : undefined;
    return { path, effect, before: side("before"), after: side("after") };
  });
  return found.sort((a, b) => RANK[a.effect] - RANK[b.effect]);
}

const RANK = { looser: 0, tighter: 1, other: 2 } as const;

/** With nothing left out, so that no silence stands for another default. */
function whole(policy: EffectivePolicy): Policy {
  return { version: 1, ...policy } as unknown as Policy;
}

/** An element that is new or gone is one difference, not one for each of its fields. */
function isWhole({ keys, depth, element }: ComparedField): boolean {
  return depth === 0 || keys.length === depth || (element.before && element.after);
}

function placeOf(field: ComparedField): readonly string[] {
  return isWhole(field) ? field.keys : field.keys.slice(0, field.depth);
}

function effectOf(fields: readonly ComparedField[]): PolicyDifference["effect"] {
  const looser = fields.some((one) => !isOfNew(one, one.order) && one.order.looser(one.before, one.after, one.key));
  if (looser) return "looser";
  const added = fields.some((one) => isOfNew(one, one.order));
  return added || fields.some(({ order, before, after, key }) => order.looser(after, before, key))
    ? "tighter"
    : "other";
}
