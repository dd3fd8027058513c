import { byText } from "../core/change-set.ts";
import type { FileSide } from "../core/detector.ts";
import { embeddedLiterals } from "./embedded-json.ts";
import { groupLiterals, type LiteralGroup, valueIn, valuesOf } from "./literal-groups.ts";

/** Where and under what a statement holds; lists are sorted. */
export interface Scope {
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly principals: readonly string[];
}

/** One statement of an access policy, in whatever notation it stands. */
export interface Statement extends Scope {
  /** The resource that holds the policy, empty in a document of its own. */
  readonly owner: string;
  readonly effect: "Allow" | "Deny";
  /** Action patterns; `all but X` for NotAction. */
  readonly actions: readonly string[];
  /** Whether it says who may assume an identity rather than what the identity may do. */
  readonly trust: boolean;
  readonly line: number;
}

const ACTION = /^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+|[A-Za-z.]+\/[A-Za-z0-9*/.]+|sts:.*)$/;
const TRUST_ACTION = /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)/;

/** The statements of JSON and YAML policies, CloudFormation, Terraform documents and embedded JSON, and policy objects in code. */
export function policyStatements(file: FileSide): readonly Statement[] {
  if (!/statement|actions/i.test(file.text)) return [];
  const literals = [...file.literals, ...embeddedLiterals(file.literals, /"?Statement"?/)];
  return groupLiterals(literals, statementAt).flatMap((group) => {
    const statement = statementOf(group);
    return statement ? [statement] : [];
  });
}

/** How much of a path leads to a statement: to `Statement` and its index, or to the call or block that makes one. */
function statementAt(path: readonly string[]): number | null {
  const at = path.findLastIndex(
    (part) => part === "Statement" || part === "statement" || /(?:^|\.)PolicyStatement\(\)$/.test(part),
  );
  if (at < 0 || at === path.length - 1) return null;
  return /^\d+$/.test(path[at + 1] ?? "") ? at + 2 : at + 1;
}

function statementOf(group: LiteralGroup): Statement | null {
  const actions = [
    ...valuesOf(group, /^actions?$/i),
    ...valuesOf(group, /^not_?actions?$/i).map((action) => `all-but-${action}`),
  ].filter((action) => ACTION.test(action.replace(/^all-but-/, "")));
  if (actions.length === 0) return null;
  const effect = /^(?:deny|effect\.deny)$/i.test(valueIn(group, /^effect$/i) ?? "Allow") ? "Deny" : "Allow";
  const resources = [
    ...valuesOf(group, /^resources?$/i),
    ...valuesOf(group, /^not_?resources?$/i).map((resource) => `all but ${resource}`),
  ];
  return {
    owner: ownerOf(group.path),
    effect,
    actions: sorted(actions),
    resources: sorted(resources),
    conditions: conditionsOf(group),
    principals: principalsOf(group),
    trust: actions.some((action) => TRUST_ACTION.test(action)) && resources.length === 0,
    line: group.line,
  };
}

/** Terraform's `type.name`, CloudFormation's logical id, or nothing. */
function ownerOf(path: readonly string[]): string {
  if (path[0] === "resource" || path[0] === "data") return `${path[1] ?? ""}.${path[2] ?? ""}`;
  return path[0] === "Resources" ? (path[1] ?? "") : "";
}

function conditionsOf(group: LiteralGroup): readonly string[] {
  const nested = group.fields.filter(({ path }) => /^conditions?$/i.test(path[0] ?? "") && path.length > 1);
  return sorted(
    nested.map(({ path, value }) =>
      `${path
        .slice(1)
        .filter((part) => !/^\d+$/.test(part))
        .join(" ")} ${value}`.trim(),
    ),
  );
}

function principalsOf(group: LiteralGroup): readonly string[] {
  const nested = group.fields.filter(({ path }) => /^(?:not_?)?principals?$/i.test(path[0] ?? ""));
  return sorted(
    nested
      .filter(({ path }) => path.at(-1) !== "type")
      .map(({ path, value }) => (/^not/i.test(path[0] ?? "") ? `all but ${value}` : value)),
  );
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(byText);
}

/** Whether `after` reaches something that `before` does not: another resource or principal, or one condition less. */
export function isBroader(before: Scope, after: Scope): boolean {
  const lost = before.conditions.some((condition) => !after.conditions.includes(condition));
  return lost || reachesMore(before.resources, after.resources) || reachesMore(before.principals, after.principals);
}

function reachesMore(before: readonly string[], after: readonly string[]): boolean {
  return after.some((pattern) => !before.some((known) => covers(known, pattern)));
}

/** Whether a pattern with stars matches all that another one does; only a star at the end is looked into. */
function covers(pattern: string, other: string): boolean {
  if (pattern === other || pattern === "*") return true;
  return pattern.endsWith("*") && pattern.indexOf("*") === pattern.length - 1 && other.startsWith(pattern.slice(0, -1));
}

const READING = /:(?:List|Describe|Get|Head|BatchGet)[A-Za-z]*\*?$/;

/** Whether an allowing statement is a wildcard: all actions of a service, everyone, or every resource for more than reading. */
export function isWildcardStatement(action: string, scope: Scope): boolean {
  if (action === "*" || action.endsWith(":*") || action.startsWith("all-but-") || action === "*/*") return true;
  if (scope.principals.includes("*")) return true;
  return scope.resources.includes("*") && !READING.test(action);
}
