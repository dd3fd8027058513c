import { byText } from "../../core/change-set.ts";
import type { LiteralGroup } from "../literal-groups.ts";

/** Where and under what a statement holds; lists are sorted. */
export interface Scope {
  readonly resources: readonly string[];
  /** Values by operator and variable: one of them must hold. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
  readonly principals: readonly string[];
}

/** A list without repeats, sorted. */
export function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(byText);
}

/** The conditions of a statement: `{ operator: { variable: values } }`, or blocks of test, variable and values. */
export function conditionsOf(group: LiteralGroup): Scope["conditions"] {
  const blocks = new Map<string, { test: string; variable: string; values: string[] }>();
  const conditions = new Map<string, string[]>();
  for (const { path, value } of group.fields) {
    const [head = "", number = "", field = ""] = path;
    if (!/^conditions?$/i.test(head) || path.length < 2) continue;
    if (/^(?:test|variable|values)$/.test(field) && /^\d+$/.test(number)) {
      const block = blocks.get(number) ?? { test: "", variable: "", values: [] };
      blocks.set(number, block);
      if (field === "values") block.values.push(value);
      else if (field === "test") block.test = value;
      else block.variable = value;
    } else if (field !== "for_each" && number !== "for_each") {
      const name = path
        .slice(1)
        .filter((part) => !/^\d+$/.test(part))
        .join(" ");
      conditions.set(name, [...(conditions.get(name) ?? []), value]);
    }
  }
  for (const { test, variable, values } of blocks.values()) {
    const name = `${test} ${variable}`;
    conditions.set(name, [...(conditions.get(name) ?? []), ...values]);
  }
  return Object.fromEntries(
    [...conditions].map(([name, values]) => [name, sorted(values)] as const).sort(([a], [b]) => byText(a, b)),
  );
}

/** Conditions in words. */
export function shownConditions(conditions: Scope["conditions"]): string {
  return Object.entries(conditions)
    .map(([name, values]) => `${name} ${values.join(" or ")}`)
    .join(", ");
}

/** Whether `after` reaches something that `before` does not: another resource or principal, a condition less or a weaker one. */
export function isBroader(before: Scope, after: Scope): boolean {
  if (reachesMore(before.resources, after.resources) || reachesMore(before.principals, after.principals)) return true;
  return Object.entries(before.conditions).some(([name, values]) => {
    const now = after.conditions[name];
    if (!now) return true;
    return /\bNot|NotEquals|NotLike/i.test(name) ? reachesMore(now, values) : reachesMore(values, now);
  });
}

function reachesMore(before: readonly string[], after: readonly string[]): boolean {
  return after.some((pattern) => !before.some((known) => covers(known, pattern)));
}

/** Whether a pattern with stars matches all that another one does; only a star at the end is looked into. */
function covers(pattern: string, other: string): boolean {
  if (pattern === other || pattern === "*") return true;
  return pattern.endsWith("*") && pattern.indexOf("*") === pattern.length - 1 && other.startsWith(pattern.slice(0, -1));
}

const READING = /:(?:List|Describe|Get|Head|BatchGet|Search|Query|Scan|View|Read)[A-Za-z]*\*?$/;

/** Whether an allowing statement is a wildcard: all actions of a service, everyone, or every resource for more than reading. */
export function isWildcard(action: string, scope: Scope): boolean {
  if (action === "*" || action.endsWith(":*") || action.startsWith("all-but-") || action === "*/*") return true;
  if (scope.principals.includes("*") && Object.keys(scope.conditions).length === 0) return true;
  return scope.resources.includes("*") && !READING.test(action);
}

/** A statement's scope as the value of a fact. */
export function scopeText({ resources, conditions, principals }: Scope): string {
  return JSON.stringify({ resources, conditions, principals });
}

/** The scope that a fact's value stands for, null where it is none. */
export function scopeOf(value: string): Scope | null {
  return value.startsWith('{"resources"') ? (JSON.parse(value) as Scope) : null;
}
