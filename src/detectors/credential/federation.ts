import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, distinctFacts } from "../distinct-facts.ts";
import { logins, STATIC } from "./federation-login.ts";
import { providers } from "./federation-provider.ts";
import { isBroader, scopeOf, scopeText, shownConditions } from "./iam-scope.ts";
import { policyStatements } from "./iam-statement.ts";

const RULE = "credential/federation";
const SKIPPED =
  /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|csv|css|html?)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$/i;

/** Who may take on an identity: roles to assume, workload identity providers, trust policies, issuers and subjects. */
export const federationDetector: Detector = {
  name: "federation",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary: "Who may assume an identity changes, or a static secret replaces federation.",
      severity: "Wider, or replaced by a static secret: major. Narrower: minor.",
    },
  ],
  literals: [
    "role-to-assume",
    "assume",
    "workload",
    "federat",
    "oidc",
    "openid",
    "issuer",
    "principal(",
    "id_token",
    "serviceaccounttoken",
    "azure/login",
    "aws-secret-access-key",
    "credentials_json",
    "role_arn",
    "trusted_role",
    "github_repositories",
    "vault-action",
    "vault_jwt",
    "claude-code-",
    "gh-action-pypi-publish",
    "saml",
    "provider_url",
    "identity",
  ],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts(factsOf(file))),
  judge,
};

function factsOf(file: FileSide): readonly Fact[] {
  return [
    ...logins(file).map(({ cloud, value, line }) => fact(file, `${cloud} login`, value, value, line)),
    ...trust(file),
    ...providers(file).map(({ key, value, shown, line }) => fact(file, key, value, shown, line)),
  ];
}

/** Trust policies: each principal with the conditions under which it may assume the identity. */
function trust(file: FileSide): readonly Fact[] {
  return policyStatements(file)
    .filter((statement) => statement.trust)
    .map((statement) => {
      const { owner, effect, actions, principals, line } = statement;
      const limits = shownConditions(statement.conditions);
      const shown = `${effect} ${principals.join(", ") || "a principal"} to assume${limits === "" ? " without a condition" : ` if ${limits}`}`;
      const key = `${owner === "" ? "" : `${owner}: `}trust by ${actions.join(", ")}`;
      return fact(file, key, scopeText(statement), shown, line);
    });
}

function fact(file: FileSide, key: string, value: string, shown: string, line: number): Fact {
  return { rule: RULE, key, value, shown, line, confidence: confidenceIn(file) };
}

function judge({ before, after }: FactChange): Judgement {
  const remedy = "Bind the identity to one repository, branch or environment, with short-lived tokens.";
  if (!after) {
    const direction = before && isStatic(before) ? "removed" : "narrowed";
    return { direction, severity: "minor", remedy: "Remove the identity where nothing assumes it any more." };
  }
  const fresh = scopeOf(after.value);
  const open = fresh?.principals.includes("*") && Object.keys(fresh.conditions).length === 0;
  const floor = open ? ({ floor: "critical" } as const) : {};
  if (!before) {
    const replace = "Log in with a federated identity instead of a static secret.";
    if (isStatic(after)) return { direction: "added", severity: "material", remedy: replace };
    return { direction: "widened", severity: "major", remedy, ...floor };
  }
  if (isStatic(before) !== isStatic(after))
    return isStatic(after)
      ? { direction: "widened", severity: "major", remedy: "Keep the federated login instead of a static secret." }
      : { direction: "narrowed", severity: "minor", remedy: "Revoke the static secret that is no longer used." };
  const old = scopeOf(before.value);
  if (!old || !fresh) return { direction: "changed", severity: "major", remedy };
  if (!isBroader(old, fresh)) {
    const kept = "Check that everyone who needs the identity can still assume it.";
    return { direction: "narrowed", severity: "minor", remedy: kept };
  }
  return { direction: isBroader(fresh, old) ? "changed" : "widened", severity: "major", remedy, ...floor };
}

function isStatic({ value }: Fact): boolean {
  return value.startsWith(STATIC);
}
