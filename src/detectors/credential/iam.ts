import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, distinctFacts } from "../distinct-facts.ts";
import { cloudGrants } from "./iam-grant.ts";
import { isBroader, isWildcard, type Scope, scopeOf, scopeText, shownConditions } from "./iam-scope.ts";
import { policyStatements } from "./iam-statement.ts";

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
      severity: "Wider: major, wildcards at least tier critical. Narrower: minor.",
    },
  ],
  literals: [
    "statement",
    "policy",
    "iam",
    "role",
    "bindings",
    "actions",
    "access_key",
    "accesskey",
    "rbac",
    "locals",
    "credential reset",
    ".grant",
  ],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts([...statementFacts(file), ...grantFacts(file)])),
  judge,
};

function statementFacts(file: FileSide): readonly Fact[] {
  return policyStatements(file)
    .filter((statement) => !statement.trust)
    .flatMap((statement) => {
      const { effect, owner } = statement;
      return statement.actions.map((action) => ({
        rule: RULE,
        key: `${owner === "" ? "" : `${owner}: `}${effect} ${action}`,
        value: scopeText(statement),
        shown: `${effect} ${action}${shownScope(statement)}`,
        line: statement.line,
        confidence: confidenceIn(file),
      }));
    });
}

function shownScope({ resources, conditions, principals }: Scope): string {
  const on = resources.length > 0 ? ` on ${resources.join(", ")}` : "";
  const to = principals.length > 0 ? ` to ${principals.join(", ")}` : "";
  const limits = shownConditions(conditions);
  return `${on}${to}${limits === "" ? "" : ` if ${limits}`}`;
}

function grantFacts(file: FileSide): readonly Fact[] {
  return cloudGrants(file).map(({ key, value, scope, line, references }) => ({
    rule: RULE,
    key,
    value: scope ? scopeText(scope) : value,
    shown: scope ? `${key}${shownScope(scope)}` : value === "present" ? key : `${key}: ${value}`,
    line,
    confidence: confidenceIn(file),
    ...(references.length > 0 ? { references } : {}),
  }));
}

function judge({ before, after }: FactChange): Judgement {
  const denied = /(?:^|: )Deny /.test((after ?? before)?.key ?? "");
  const [more, less] = denied
    ? [reachesMore(after, before), reachesMore(before, after)]
    : [reachesMore(before, after), reachesMore(after, before)];
  if (!more)
    return { direction: "narrowed", severity: "minor", remedy: "Check that nothing still needs what was taken away." };
  const critical = after !== undefined && !denied && isCritical(after);
  const remedy = critical
    ? "Name the actions and resources instead of a wildcard or an administrator's role."
    : "Grant only the actions and resources that are used.";
  const direction = less ? "changed" : "widened";
  return { direction, severity: "major", remedy, ...(critical ? { floor: "critical" as const } : {}) };
}

/** Whether a grant gives something that the one before it did not: statements by their scopes, all else unless an administrator's role goes. */
function reachesMore(before: Fact | undefined, after: Fact | undefined): boolean {
  if (!before || !after) return after !== undefined;
  const old = scopeOf(before.value);
  const fresh = scopeOf(after.value);
  return old && fresh ? isBroader(old, fresh) : isCritical(after) || !isCritical(before);
}

const ADMIN =
  /AdministratorAccess|PowerUserAccess|IAMFullAccess|roles\/(?:owner|editor|[a-zA-Z.]{0,60}[aA]dmin|iam\.[a-zA-Z]{0,60}(?:TokenCreator|KeyAdmin))\b|(?<!\b[A-Z][A-Za-z]{1,30} )\b(?:Owner|Contributor|User Access Administrator|Role Based Access Control Administrator|Global Administrator)\b|allUsers|allAuthenticatedUsers/;
/** Azure's ids of Owner, Contributor and User Access Administrator. */
const ADMIN_IDS =
  /8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c|18d7d88d-d35e-4fb5-a5c3-77773c87e1fa/i;

const STATEMENT = /(?:^|: )(?:Allow|Deny) /;

function isCritical(fact: Fact): boolean {
  const scope = scopeOf(fact.value);
  // A binding's role is what counts, whatever it is bound to.
  if (scope && STATEMENT.test(fact.key)) return isWildcard(fact.key.slice(fact.key.lastIndexOf(" ") + 1), scope);
  const text = scope ? fact.key : `${fact.key} ${fact.value}`;
  return ADMIN.test(text) || ADMIN_IDS.test(text) || /Allow \*(?:\/\*)?$/.test(fact.key);
}
