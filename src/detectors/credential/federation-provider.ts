import type { FileSide, Literal } from "../../core/detector.ts";
import { groupLiterals, type LiteralGroup } from "../literal-groups.ts";
import { partQuestion } from "../literal-parts.ts";
import { cloudLiterals, namesOf } from "./cloud-literals.ts";
import { type Scope, scopeText, sorted } from "./iam-scope.ts";

/** Something that says whose tokens are believed. */
export interface Believed {
  readonly key: string;
  /** A scope whose conditions are the provider's fields, or one value. */
  readonly value: string;
  readonly shown: string;
  readonly line: number;
}

const BLOCK =
  /^(?:aws_iam_openid_connect_provider|aws_iam_saml_provider|google_iam_workload_identity_pool_provider|azuread_application_federated_identity_credential|azurerm_federated_identity_credential|vault_jwt_auth_backend(?:_role)?|github_actions_[a-z_]{0,40}oidc[a-z_]{0,40}|AWS::IAM::OIDCProvider|AWS::IAM::SAMLProvider)$/;
const FIELD =
  /^(?:url|client_?id_?list|thumbprint_?list|attribute_condition|attribute_mapping|issuer|issuer_uri|subject|audiences?|allowed_audiences|oidc|oidc_discovery_url|bound_[a-z_]+|include_claim_keys|use_default|saml_?metadata_?document)$/i;
/** Names under which modules, charts and tools take who may assume an identity. */
const CLAIM =
  /^(?:trusted_(?:role_arns|role_services|role_actions)|oidc_(?:subjects|fully_qualified_subjects|fully_qualified_audiences|subjects_with_wildcards|audiences)|provider_urls?|oidc_providers|github_repositories|issuer_ur[li]|workload_identity_provider|federated_token_file|assume_role_arns?|role_arn|web_identity_token_file|token_exchange_audience)$/i;
/** Words of many schemas, which count where a token is asked for or an identity is tied to one. */
const TOKEN_FIELD = /^(?:audience|aud|subject)$/i;
const TOKEN_CONTEXT = /oidc|id_tokens?|federat|identity|serviceaccounttoken/i;
const PRINCIPAL_CALL =
  /(?:^|\.)(?:OpenIdConnectProvider|(?:OpenIdConnect|WebIdentity|Federated|Saml|Account|Arn|Organization)Principal|FederatedIdentityCredential)\(\)$/;

/** Identity providers in Terraform, CloudFormation and code, and the fields that modules and configuration hand them. */
export function providers(file: FileSide): readonly Believed[] {
  const literals = cloudLiterals(file);
  const blocks = groupLiterals(literals, (path) =>
    path[0] === "resource" && path.length > 3 ? 3 : path[0] === "Resources" && path.length > 2 ? 2 : null,
  );
  return [...blocks.flatMap(block), ...claims(file, literals), ...calls(literals)];
}

/** A provider's block with its fields as conditions: one that goes lets more in. */
function block(group: LiteralGroup): readonly Believed[] {
  const type =
    group.path[0] === "resource" ? group.path[1] : group.fields.find(({ path }) => path[0] === "Type")?.value;
  if (!BLOCK.test(type ?? "")) return [];
  const conditions = new Map<string, string[]>();
  for (const { path, value } of group.fields) {
    const names = namesOf(path[0] === "Properties" ? path.slice(1) : path);
    if (!FIELD.test(names[0] ?? "")) continue;
    const name = names.join(".");
    conditions.set(name, [...(conditions.get(name) ?? []), value]);
  }
  if (conditions.size === 0) return [];
  const scope: Scope = {
    resources: [],
    principals: [],
    conditions: Object.fromEntries([...conditions].sort().map(([name, values]) => [name, sorted(values)])),
  };
  const shown = Object.entries(scope.conditions).map(([name, values]) => `${name} ${values.join(", ")}`);
  return [{ key: `${type}.${group.path.at(-1)}`, value: scopeText(scope), shown: shown.join("; "), line: group.line }];
}

function claims(file: FileSide, literals: readonly Literal[]): readonly Believed[] {
  if (!/\.(?:tf|tofu|tfvars|ya?ml|toml|json|hcl|ini|cfg)$/i.test(file.path)) return [];
  return literals.flatMap(({ path, value, line, kind }): readonly Believed[] => {
    const names = namesOf(path);
    const at = names.findIndex((name) => CLAIM.test(name) || TOKEN_FIELD.test(name));
    const name = names[at] ?? "";
    if (at < 0 || value === "" || kind === "null" || names.includes("steps")) return [];
    if (names[0] === "resource" && BLOCK.test(names[1] ?? "")) return [];
    if (/^(?:variable|output)$/.test(names[0] ?? "") && !/^(?:default|value)$/.test(names[2] ?? "")) return [];
    if (TOKEN_FIELD.test(name) && !names.some((other) => TOKEN_CONTEXT.test(other))) return [];
    return [{ key: names.slice(0, at + 1).join("."), value, shown: value, line }];
  });
}

const principalCalls = partQuestion((part) => PRINCIPAL_CALL.test(part));

function calls(literals: readonly Literal[]): readonly Believed[] {
  const isCall = principalCalls.meant(literals);
  if (isCall === null) return [];
  return literals.flatMap(({ path, value, line }): readonly Believed[] => {
    const at = path.findIndex(isCall);
    if (at < 0 || value === "") return [];
    const call = path[at]?.split(".").at(-1) ?? "";
    return [{ key: [call, ...namesOf(path.slice(at + 1))].join(" "), value, shown: value, line }];
  });
}
