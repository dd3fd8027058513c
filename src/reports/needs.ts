import type { Evaluation } from "../core/evaluation.ts";
import type { Requirement } from "../core/requirement.ts";
import { plain } from "./plain.ts";

/** A role in words: `system-owner` is a system owner. */
export function roleName(role: string): string {
  return role.replaceAll("-", " ").replace(/^ai\b/, "AI");
}

/** Names in a row: `a`, `a or b`, `a, b or c`. */
export function inRow(items: readonly string[], last: "and" | "or"): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}

/** What is still needed, each in a few words; people who can do several things at once are named once. */
export function needsOf(requirements: readonly Requirement[], policy: Evaluation["policy"]): readonly string[] {
  const open = requirements.filter(({ state }) => state === "waiting" || state === "failed");
  const asks = open.filter((one) => one.kind === "approval" && one.role !== undefined && one.missing !== undefined);
  const groups = Map.groupBy(asks, ({ role, people = [], missing }) =>
    JSON.stringify(people.length > 0 ? [people, missing] : [role]),
  );
  const approvals = [...groups.values()].map((group) => approvalNeed(group, policy));
  const asked = asks.length === 0 ? 0 : [...groups.values()].reduce((sum, [first]) => sum + (first?.missing ?? 0), 0);
  const heads = open.find((one) => one.kind === "approval" && one.role === undefined && one.missing !== undefined);
  const more = (heads?.missing ?? 0) - asked;
  const needs = [
    ...approvals,
    ...(more > 0 ? [more === 1 ? "one more person" : `${more} more people`] : []),
    ...open.filter((one) => one.missing === undefined).flatMap(otherNeed),
  ];
  return needs.length > 0 || open.length === 0 ? needs : ["a known author"];
}

/** More names than this are a crowd. */
const NAMED = 2;

function approvalNeed(group: readonly Requirement[], policy: Evaluation["policy"]): string {
  const { people = [], missing = 1, role = "" } = group[0] ?? {};
  const roles = inRow([...new Set(group.map((one) => roleName(one.role ?? "")))], "and");
  const holders = policy.roles[role] ?? [];
  const team = holders.length === 1 && holders[0]?.includes("/") ? holders[0] : null;
  if (missing > 1) return people.length === missing ? `${named(people, "and")} (${roles})` : `${missing} of ${roles}`;
  if (people.length > NAMED || (people.length === 0 && team)) return team ? `${team} (${roles})` : `one ${roles}`;
  return people.length === 0 ? article(roles) : `${named(people, "or")} (${roles})`;
}

function named(logins: readonly string[], last: "and" | "or"): string {
  return inRow(
    logins.map((login) => `@${login}`),
    last,
  );
}

function article(noun: string): string {
  return `${/^[aeio]/i.test(noun) ? "an" : "a"} ${noun}`;
}

function otherNeed({ kind, check, role, rule, people = [], reason }: Requirement): readonly string[] {
  if (kind === "check") return [check === undefined ? "a check that covers it" : `\`${plain(check, 60)}\``];
  if (kind === "statement") return ["a risk acceptance"];
  if (kind === "rollback") return ["a rollback plan"];
  if (rule === "credential/secret-value") return ["a word on a suspected secret"];
  if (kind === "approval" && people.length > 0) return [`${named(people, "and")} to lift their request for changes`];
  // Whose independence cannot be judged yet: said only where nothing else is.
  if (kind === "approval" && role === undefined) return [];
  if (reason.startsWith("update the branch")) return ["an update of the branch"];
  // A new provider is approved by the role that is named already.
  return rule === "record/provider-unapproved" ? [] : [shortReason({ reason, ...(rule ? { rule } : {}) })];
}

/** Why a requirement failed, short: without its rule, and without the advice behind the semicolon. */
export function shortReason({ reason, rule }: Pick<Requirement, "reason" | "rule">): string {
  const bare = rule !== undefined && reason.startsWith(`${rule}: `) ? reason.slice(rule.length + 2) : reason;
  return plain(bare.split(";")[0] ?? "", 90);
}
