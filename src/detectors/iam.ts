import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";
import { cloudGrants } from "./iam-grant.ts";
import { isBroader, isWildcardStatement, policyStatements, type Scope } from "./iam-statement.ts";

const RULE = "credential/iam";
const SKIPPED =
  /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|csv|css|html?)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$/i;

/** What cloud policies let an identity do: statements, role bindings, attached policies, access keys. */
export const iamDetector: Detector = {
  name: "iam",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary: "A cloud policy, role binding or access key gives more or less than before.",
    },
  ],
  literals: ["statement", "policy", "iam", "role", "bindings", "actions", "access_key", "accesskey"],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts([...statementFacts(file), ...grantFacts(file)])),
  judge,
};

function statementFacts(file: FileSide): readonly Fact[] {
  return policyStatements(file)
    .filter((statement) => !statement.trust)
    .flatMap((statement) =>
      statement.actions.map((action): Fact => {
        const { effect, resources, conditions, principals, owner } = statement;
        const scope: Scope = { resources, conditions, principals };
        const on = resources.length > 0 ? ` on ${resources.join(", ")}` : "";
        const to = principals.length > 0 ? ` to ${principals.join(", ")}` : "";
        return {
          rule: RULE,
          key: `${owner === "" ? "" : `${owner}: `}${effect} ${action}`,
          value: JSON.stringify(scope),
          shown: `${effect} ${action}${on}${to}${conditions.length > 0 ? ` if ${conditions.join(", ")}` : ""}`,
          line: statement.line,
          confidence: confidenceIn(file),
        };
      }),
    );
}

function grantFacts(file: FileSide): readonly Fact[] {
  return cloudGrants(file).map(({ key, value, line, references }) => ({
    rule: RULE,
    key,
    value,
    shown: value === "present" ? key : `${key}: ${value}`,
    line,
    confidence: confidenceIn(file),
    ...(references.length > 0 ? { references } : {}),
  }));
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const key = (after ?? before)?.key ?? "";
  const denied = /(?:^|: )Deny /.test(key);
  const widened = before && after ? isWider(before, after, denied) : denied === (after === undefined);
  if (!widened) {
    const direction = before && after ? "narrowed" : denied ? "narrowed" : directionOf(change);
    return {
      direction: direction === "removed" ? "narrowed" : direction,
      severity: "minor",
      remedy: "Check that nothing still needs what was taken away.",
    };
  }
  const critical = after !== undefined && !denied && isCritical(after);
  const remedy = critical
    ? "Name the actions and resources instead of a wildcard or an administrator's role."
    : "Grant only the actions and resources that are used.";
  return { direction: "widened", severity: "major", remedy, ...(critical ? { floor: "critical" as const } : {}) };
}

/** Two values of one slot: statements by their scopes; for the rest every other value counts as wider. */
function isWider(before: Fact, after: Fact, denied: boolean): boolean {
  const old = scopeOf(before);
  const fresh = scopeOf(after);
  if (!old || !fresh) return true;
  return denied ? isBroader(fresh, old) || !isBroader(old, fresh) : isBroader(old, fresh);
}

function scopeOf(fact: Fact): Scope | null {
  return fact.value.startsWith("{") ? (JSON.parse(fact.value) as Scope) : null;
}

const ADMIN =
  /AdministratorAccess|PowerUserAccess|IAMFullAccess|roles\/(?:owner|editor|[a-zA-Z.]*[aA]dmin|iam\.[a-zA-Z]*(?:TokenCreator|KeyAdmin))\b|\b(?:Owner|Contributor|User Access Administrator|Role Based Access Control Administrator)\b|allUsers|allAuthenticatedUsers/;

function isCritical(fact: Fact): boolean {
  const scope = scopeOf(fact);
  return scope
    ? isWildcardStatement(fact.key.slice(fact.key.lastIndexOf(" ") + 1), scope)
    : ADMIN.test(`${fact.key} ${fact.value}`);
}
