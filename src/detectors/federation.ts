import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";
import { isBroader, policyStatements, type Scope } from "./iam-statement.ts";
import { groupLiterals, type LiteralGroup, valueIn, valuesOf } from "./literal-groups.ts";

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
    },
  ],
  literals: [
    "role-to-assume",
    "assume",
    "workload",
    "federated",
    "oidc",
    "openid",
    "issuer",
    "azure/login",
    "aws-access-key-id",
    "credentials_json",
    "creds",
    "id_token",
  ],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts([...logins(file), ...trust(file), ...providers(file)])),
  judge,
};

/** Fields of login steps by what they prove: a federated identity or a static secret. */
const LOGINS: readonly {
  readonly action: RegExp;
  readonly cloud: string;
  readonly federated: RegExp;
  readonly secret: RegExp;
}[] = [
  {
    action: /^aws-actions\/configure-aws-credentials(?:@|$)/,
    cloud: "AWS",
    federated: /^role-to-assume$/,
    secret: /^aws-secret-access-key$/,
  },
  {
    action: /^google-github-actions\/auth(?:@|$)/,
    cloud: "Google Cloud",
    federated: /^(?:workload_identity_provider|service_account)$/,
    secret: /^credentials_json$/,
  },
  {
    action: /^azure\/login(?:@|$)/i,
    cloud: "Azure",
    federated: /^(?:client-id|tenant-id|subscription-id)$/,
    secret: /^creds$/,
  },
  {
    action: /^hashicorp\/vault-action(?:@|$)/,
    cloud: "Vault",
    federated: /^(?:role|jwtGithubAudience|path)$/,
    secret: /^(?:token|secretId)$/,
  },
  {
    action: /^anthropics\/claude-code-(?:base-)?action(?:@|$)/,
    cloud: "Anthropic",
    federated: /^anthropic_(?:federation_rule_id|service_account_id|organization_id|workspace_id)$/,
    secret: /^(?:anthropic_api_key|claude_code_oauth_token)$/,
  },
  { action: /^pypa\/gh-action-pypi-publish(?:@|$)/, cloud: "PyPI", federated: /^attestations$/, secret: /^password$/ },
];

/** One fact a step that logs in, by cloud: what it logs in with. */
function logins(file: FileSide): readonly Fact[] {
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.indexOf("steps");
    return at >= 0 && path.length > at + 2 ? at + 2 : null;
  });
  return groups.flatMap((group): readonly Fact[] => {
    const uses = valueIn(group, /^uses$/) ?? "";
    const login = LOGINS.find(({ action }) => action.test(uses));
    if (!login) return [];
    const given = group.fields.filter(({ path }) => path[0] === "with" && path.length === 2);
    const secrets = given.filter(({ path }) => login.secret.test(path[1] ?? ""));
    const federated = given.filter(({ path }) => login.federated.test(path[1] ?? ""));
    if (secrets.length === 0 && federated.length === 0) return [];
    const how = federated.map(({ path, value }) => `${path[1]} ${value}`).sort();
    const value =
      secrets.length > 0 ? `static secret (${secrets.map(({ path }) => path[1]).join(", ")})` : how.join(", ");
    return [fact(file, `${login.cloud} login`, value, (secrets[0] ?? federated[0])?.line ?? group.line)];
  });
}

/** Trust policies: each principal with the conditions under which it may assume the identity. */
function trust(file: FileSide): readonly Fact[] {
  return policyStatements(file)
    .filter((statement) => statement.trust)
    .map(({ owner, effect, actions, principals, conditions, resources, line }) => {
      const scope: Scope = { principals, conditions, resources };
      const shown = `${effect} ${principals.join(", ") || "a principal"} to assume${conditions.length > 0 ? ` if ${conditions.join(", ")}` : " without a condition"}`;
      return {
        ...fact(file, `${owner === "" ? "" : `${owner}: `}trust by ${actions.join(", ")}`, JSON.stringify(scope), line),
        shown,
      };
    });
}

const PROVIDER_BLOCK =
  /^(?:aws_iam_openid_connect_provider|google_iam_workload_identity_pool_provider|azuread_application_federated_identity_credential|azurerm_federated_identity_credential|vault_jwt_auth_backend(?:_role)?|github_actions_[a-z_]*oidc[a-z_]*|aws_iam_saml_provider)$/;
const PROVIDER_FIELD =
  /^(?:url|client_id_list|thumbprint_list|attribute_condition|attribute_mapping|issuer|issuer_uri|subject|audiences?|allowed_audiences|oidc|oidc_discovery_url|bound_[a-z_]+|include_claim_keys|use_default)$/;
const CLAIM =
  /^(?:trusted_(?:role_arns|role_services|role_actions)|oidc_(?:subjects|fully_qualified_subjects|fully_qualified_audiences|subjects_with_wildcards|audiences)|provider_urls?|oidc_providers|github_repositories|issuer_ur[li]|workload_identity_provider|federated_token_file|assume_role_arns?|role_arn|web_identity_token_file|audience|subject|token_exchange_audience)$/i;

/** Identity providers in Terraform and CloudFormation, and the fields that modules and configuration hand them. */
function providers(file: FileSide): readonly Fact[] {
  const blocks = groupLiterals(file.literals, (path) =>
    path[0] === "resource" && PROVIDER_BLOCK.test(path[1] ?? "") && path.length > 3 ? 3 : null,
  );
  return [...blocks.flatMap((group) => blockFields(file, group)), ...templates(file), ...claims(file)];
}

function blockFields(file: FileSide, group: LiteralGroup): readonly Fact[] {
  return group.fields
    .filter(({ path }) => PROVIDER_FIELD.test(path[0] ?? ""))
    .map(({ path, value, line }) =>
      fact(
        file,
        `${group.path[1]}.${group.path[2]}: ${path.filter((part) => !/^\d+$/.test(part)).join(".")}`,
        value,
        line,
      ),
    );
}

function templates(file: FileSide): readonly Fact[] {
  const groups = groupLiterals(file.literals, (path) => (path[0] === "Resources" && path.length > 2 ? 2 : null));
  return groups.flatMap((group) => {
    if (valueIn(group, /^Type$/) !== "AWS::IAM::OIDCProvider") return [];
    return valuesOf(group, /^Properties$/).map((value) =>
      fact(file, `${group.path[1]}: AWS::IAM::OIDCProvider`, value, group.line),
    );
  });
}

function claims(file: FileSide): readonly Fact[] {
  if (!/\.(?:tf|tfvars|ya?ml|toml|json|hcl|ini|cfg)$/i.test(file.path)) return [];
  return file.literals.flatMap(({ path, value, line }): readonly Fact[] => {
    const keys = path.filter((part) => !/^\d+$/.test(part));
    if (keys[0] === "resource" && PROVIDER_BLOCK.test(keys[1] ?? "")) return [];
    const at = keys.findIndex((key) => CLAIM.test(key));
    const inSteps = keys.includes("steps");
    if (at < 0 || value === "" || inSteps || /^(?:audience|subject)$/i.test(keys[at] ?? "") !== isTokenRequest(keys))
      return [];
    return [fact(file, keys.slice(0, at + 1).join("."), value, line)];
  });
}

/** `audience` and `subject` are words of many schemas: they count where a token is asked for. */
function isTokenRequest(keys: readonly string[]): boolean {
  const last = keys.at(-1) ?? "";
  return (
    /^(?:audience|subject)$/i.test(last) &&
    keys.some((key) => /oidc|id_token|federat|identity|serviceaccounttoken/i.test(key))
  );
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  return { rule: RULE, key, value, line, confidence: confidenceIn(file) };
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const remedy = "Bind the identity to one repository, branch or environment, with short-lived tokens.";
  if (!after)
    return {
      direction: "removed",
      severity: "minor",
      remedy: "Remove the identity where nothing assumes it any more.",
    };
  const secret = after.value.startsWith("static secret");
  if (!before) return { direction: secret ? "added" : "widened", severity: "major", remedy };
  if (secret)
    return { direction: "widened", severity: "major", remedy: "Keep the federated login instead of a static secret." };
  if (before.value.startsWith("static secret"))
    return { direction: "narrowed", severity: "minor", remedy: "Revoke the static secret that is no longer used." };
  const [old, fresh] = [scopeOf(before), scopeOf(after)];
  if (!old || !fresh) return { direction: directionOf(change), severity: "major", remedy };
  const floor = fresh.principals.includes("*") && fresh.conditions.length === 0 ? ({ floor: "critical" } as const) : {};
  return isBroader(old, fresh)
    ? { direction: "widened", severity: "major", remedy, ...floor }
    : {
        direction: "narrowed",
        severity: "minor",
        remedy: "Check that everyone who needs the identity can still assume it.",
      };
}

function scopeOf(fact: Fact): Scope | null {
  return fact.value.startsWith("{") ? (JSON.parse(fact.value) as Scope) : null;
}
