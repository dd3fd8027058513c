import type { FileSide } from "../../core/detector.ts";
import { groupLiterals, type LiteralGroup, valueIn, valuesOf } from "../literal-groups.ts";
import { partQuestion } from "../literal-parts.ts";
import { memoisedByObject } from "../memoised.ts";
import { textGate } from "../text-gate.ts";
import { cloudLiterals } from "./cloud-literals.ts";
import { conditionsOf, type Scope, sorted } from "./iam-scope.ts";

/** One statement of an access policy, in whatever notation it stands. */
export interface Statement extends Scope {
  /** The resource that holds the policy, empty in a document of its own. */
  readonly owner: string;
  readonly effect: "Allow" | "Deny";
  /** Action patterns; `all-but-X` for NotAction. */
  readonly actions: readonly string[];
  /** Whether it says who may assume an identity rather than what the identity may do. */
  readonly trust: boolean;
  readonly line: number;
}

const LIST =
  /^(?:statements?|(?:iam)?RoleStatements|iam_?(?:policy_|role_)?statements|(?:inline_)?policy_statements?)$/i;
const ACTION = /^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+|[a-z.]+\/[a-z0-9*/.]+|\$\{[a-z]+\.[^}]+\})$/i;
const TRUST_ACTION = /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)/i;

const mayState = textGate("statement", "actions");

/** The statements of JSON and YAML policies, CloudFormation, Terraform documents and embedded JSON, and policy objects in code. */
export const policyStatements: (file: FileSide) => readonly Statement[] = memoisedByObject((file) => {
  if (!mayState(file)) return [];
  const literals = cloudLiterals(file);
  if (!statementParts.any(literals)) return [];
  return groupLiterals(literals, statementAt).flatMap((group) => {
    const statement = statementOf(group);
    return statement ? [statement] : [];
  });
});

const statementParts = partQuestion(leadsToStatement);

function leadsToStatement(part: string): boolean {
  return LIST.test(part) || /(?:^|\.)PolicyStatement\(\)$/.test(part);
}

/** How much of a path leads to a statement: to the list and the index or name in it, or to the call that makes one. */
function statementAt(path: readonly string[]): number | null {
  const at = path.findLastIndex(leadsToStatement);
  if (at < 0 || at === path.length - 1) return null;
  const named = /^[a-z]/.test(path[at] ?? "") && !isField(path[at + 1] ?? "");
  return /^\d+$/.test(path[at + 1] ?? "") || named ? at + 2 : at + 1;
}

function isField(name: string): boolean {
  return /^(?:sid|effect|not_?actions?|actions?|not_?resources?|resources?|not_?principals?|principals?|conditions?)$/i.test(
    name,
  );
}

function statementOf(group: LiteralGroup): Statement | null {
  const actions = [
    ...valuesOf(group, /^actions?$/i),
    ...valuesOf(group, /^not_?actions?$/i).map((action) => `all-but-${action}`),
  ].filter((action) => ACTION.test(action.replace(/^all-but-/, "")));
  if (actions.length === 0) return null;
  const resources = [
    ...valuesOf(group, /^resources?$/i),
    ...valuesOf(group, /^not_?resources?$/i).map((resource) => `all but ${resource}`),
  ];
  const principals = principalsOf(group);
  return {
    owner: ownerOf(group.path),
    effect: /^(?:.*\.)?deny$/i.test(valueIn(group, /^effect$/i) ?? "Allow") ? "Deny" : "Allow",
    actions: sorted(actions),
    resources: sorted(resources),
    conditions: conditionsOf(group),
    principals,
    trust: resources.length === 0 && actions.some((action) => TRUST_ACTION.test(action) || isInput(action, principals)),
    line: group.line,
  };
}

/** Whether actions that a module takes as input are those of assuming: a policy of nothing else names principals and no resource. */
function isInput(action: string, principals: readonly string[]): boolean {
  return action.startsWith("${") && principals.length > 0;
}

/** Terraform's `type.name`, CloudFormation's logical id, or nothing. */
function ownerOf(path: readonly string[]): string {
  if (path[0] === "resource" || path[0] === "data") return `${path[1] ?? ""}.${path[2] ?? ""}`;
  if (path[0] === "module") return `module.${path[1] ?? ""}`;
  return path[0] === "Resources" ? (path[1] ?? "") : "";
}

function principalsOf(group: LiteralGroup): readonly string[] {
  const named = group.fields.filter(
    ({ path }) => /^(?:not_?)?principals?$/i.test(path[0] ?? "") && !/^(?:type|for_each)$/.test(path.at(-1) ?? ""),
  );
  return sorted(named.map(({ path, value }) => (/^not/i.test(path[0] ?? "") ? `all but ${value}` : value)));
}
