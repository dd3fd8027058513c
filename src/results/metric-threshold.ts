import { UnreadableResult } from "./evaluation-result.ts";

const HOLDS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** Whether a metric's value is within its threshold, such as `< 0.02`. Throws UnreadableResult where the threshold says no bound. */
export function isWithin(value: number, threshold: string): boolean {
  const [, sign = "", bound = ""] = /^\s*(<=|>=|<|>)\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*$/.exec(threshold) ?? [];
  const holds = HOLDS[sign];
  if (holds === undefined)
    throw new UnreadableResult(
      `is ${JSON.stringify(threshold)}, which cannot be compared; expected <, <=, > or >= and a number, such as "< 0.02"`,
    );
  return holds(value, Number(bound));
}
