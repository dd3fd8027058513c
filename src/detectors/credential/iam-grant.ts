import type { FileSide, Literal } from "../../core/detector.ts";
import { groupLiterals, type LiteralGroup, valueIn, valuesOf } from "../literal-groups.ts";
import { lastName, partQuestion } from "../literal-parts.ts";
import type { CloudGrant } from "./cloud-grant.ts";
import { cloudLiterals, namesOf } from "./cloud-literals.ts";
import { commandGrants } from "./iam-command.ts";
import { constructGrants } from "./iam-construct.ts";
import { type Scope, sorted } from "./iam-scope.ts";

const GCP_MEMBER = /^google_[a-z_]{0,60}iam_(?:member|binding)$/;
/** Fields of a binding that say nothing about where it holds. */
const PLACELESS = /^(?:role|members?|condition|for_each|count|depends_on|provider|region|location|etag)$/;
const KEYS =
  /^(?:aws_iam_access_key|aws_iam_user_login_profile|aws_iam_service_specific_credential|google_service_account_key|google_apikeys_key|azuread_application_password|azuread_service_principal_password|AWS::IAM::AccessKey)$/;
const AZURE_ASSIGNMENT = /^azure(?:rm|ad)_(?:[a-z_]{1,40}_)?role_assignment$/;
const ATTACHMENT = /^aws_iam_(?:(?:role|user|group)_)?policy_attachment$/;
const BOUNDED = /^aws_iam_(?:role|user)$/;
/** Also with the partition or the account taken from elsewhere: `arn:${data.aws_partition.current.partition}:iam::aws:policy/…`. */
const MANAGED_POLICY =
  /\barn:(?:aws[a-z-]{0,10}|\$\{[^}]{1,100}\}):iam::(?:aws|\d{12}|\$\{[^}]{1,100}\}):policy\/[A-Za-z0-9/_+=.@-]{1,200}/g;
/** A policy behind a prefix that the document makes once: `${local.policy_prefix}/AmazonS3ReadOnlyAccess`. */
const PREFIXED_POLICY = /^\$\{[^}]{0,100}[Pp]olic[^}]{0,100}\}\/(?:[a-z-]{1,40}\/){0,2}[A-Z][A-Za-z0-9_+=@-]{2,127}$/;
const MANAGED_CALL = /(?:fromAwsManagedPolicyName|from_aws_managed_policy_name)\(\)$/;
const KEY_CALL = /(?:^|\.)(?:Cfn)?AccessKey\(\)$/;

/** Names without one of which only managed policies and the fields of Azure grant something. */
const grantParts = partQuestion(
  (part) => /^(?:resource|bindings?|Resources|locals|variable)$/.test(part) || KEY_CALL.test(part),
);

/** Role bindings, attached policies and access keys in Terraform, CloudFormation, GCP and Azure documents, code and commands. */
export function cloudGrants(file: FileSide): readonly CloudGrant[] {
  const literals = cloudLiterals(file);
  const named = grantParts.any(literals) ? literals : [];
  return [
    ...groupLiterals(named, (path) => (path[0] === "resource" && path.length > 3 ? 3 : null)).flatMap(blockGrants),
    ...groupLiterals(named, bindingAt).flatMap(binding),
    ...named.flatMap(templateKey),
    ...literals.flatMap((literal) => managedPolicy(file, literal)),
    ...(azureFields.any(literals) ? literals.flatMap(azureRole) : []),
    ...named.flatMap(listedAction),
    ...listedRoles(file, literals),
    ...commandGrants(file),
    ...constructGrants(file),
  ];
}

function grant(key: string, line: number, references: readonly string[] = [], value = "present"): CloudGrant {
  return { key, value, line, references };
}

function blockGrants(group: LiteralGroup): readonly CloudGrant[] {
  const [, type = "", name = ""] = group.path;
  if (GCP_MEMBER.test(type)) {
    const members = valuesOf(group, /^members?$/);
    return roleGrants(valueIn(group, /^role$/) ?? "a role", members.length > 0 ? members : [name], group);
  }
  if (AZURE_ASSIGNMENT.test(type)) {
    const role = valueIn(group, /^role_(?:definition_(?:name|id)|id)$/) ?? valueIn(group, /^app_role_id$/) ?? "a role";
    const scope = valueIn(group, /^(?:scope|directory_scope_id|resource_object_id)$/) ?? "a scope";
    return [grant(`${type}.${name}`, group.line, [], `${role} at ${scope}`)];
  }
  if (ATTACHMENT.test(type)) {
    const policy = attachedPolicy(group);
    return policy.startsWith("${") ? [grant(`${type}.${name}: attach ${policy}`, group.line)] : [];
  }
  const boundary = BOUNDED.test(type) ? valuesOf(group, /^permissions_boundary$/).join(" ") : "";
  // What lies beyond a boundary is denied, whatever the policies allow.
  if (boundary !== "") return [grant(`${type}.${name}: Deny all beyond ${boundary}`, group.line)];
  return KEYS.test(type) ? [grant(`${type}.${name}`, group.line, [name])] : [];
}

/** What gives the policy of an attachment, also by a call or by either of two. */
function attachedPolicy(group: LiteralGroup): string {
  const given = valuesOf(group, /^policy_arn$/);
  return given.filter((value) => !value.startsWith("${count.")).join(" ");
}

function roleGrants(role: string, members: readonly string[], group: LiteralGroup): readonly CloudGrant[] {
  const scope = bindingScope(group);
  return members.map((member) => ({ ...grant(`${role} to ${member}`, group.line, [member]), scope }));
}

/** What a binding is bound to (`project`, `bucket` and the like) and the expression it depends on. */
function bindingScope(group: LiteralGroup): Scope {
  const expressions = group.fields.filter(({ path }) => path[0] === "condition" && path.at(-1) === "expression");
  const places = group.fields.filter(({ path }) => group.path[0] === "resource" && path.length === 1);
  const resources = places.flatMap(({ path: [field = ""], value }) => (PLACELESS.test(field) ? [] : [value]));
  const values = sorted(expressions.map(({ value }) => value));
  return { resources: sorted(resources), conditions: values.length > 0 ? { expression: values } : {}, principals: [] };
}

/** `bindings: [{ role, members }]` of a GCP policy, `binding { … }` of its Terraform document. */
function bindingAt(path: readonly string[]): number | null {
  const at = path.findIndex((part) => part === "bindings" || part === "binding");
  return at >= 0 && path.length > at + 2 ? at + 2 : null;
}

function binding(group: LiteralGroup): readonly CloudGrant[] {
  const role = valueIn(group, /^role$/) ?? "";
  return role.includes("roles/") ? roleGrants(role, valuesOf(group, /^members?$/), group) : [];
}

function templateKey({ path, value, line }: Literal): readonly CloudGrant[] {
  if (path[0] === "Resources" && path[2] === "Type" && KEYS.test(value))
    return [grant(`${value} ${path[1] ?? ""}`, line, [path[1] ?? ""])];
  return path.length > 1 && path.at(-1) === "1" && path.some((part) => KEY_CALL.test(part))
    ? [grant(`access key ${value}`, line, [value])]
    : [];
}

/** Text that runs: what its commands grant is read as commands. */
function isCommand({ path }: FileSide, literal: Literal): boolean {
  return (
    /\.(?:sh|bash|zsh|ps1|bat|cmd|mk)$|(?:^|\/)Makefile$/i.test(path) ||
    /^(?:run|script)$/.test(namesOf(literal.path).at(-1) ?? "")
  );
}

function managedPolicy(file: FileSide, literal: Literal): readonly CloudGrant[] {
  const { path, value, line } = literal;
  const owning = path.at(-2) ?? "";
  const named =
    (owning.endsWith("()") && MANAGED_CALL.test(owning)) ||
    isTemplatePolicy(path, value) ||
    (value.startsWith("${") && PREFIXED_POLICY.test(value));
  if ((!named && !value.includes(":policy/")) || isCommand(file, literal)) return [];
  const owner = path[0] === "Resources" ? `${path[1]}: ` : path[0] === "resource" ? `${path[1]}.${path[2]}: ` : "";
  if (named) return [grant(`${owner}attach ${value}`, line)];
  if (path.slice(1).some((part) => /^(?:not_?)?(?:resources?|conditions?)$/i.test(part))) return [];
  return [...value.matchAll(MANAGED_POLICY)].map(([policy]) => grant(`${owner}attach ${policy}`, line));
}

const GCP_ROLE = /^(?:(?:organizations|projects)\/[^/\s]{1,100}\/)?roles\/[A-Za-z][A-Za-z0-9_.]{1,100}$/;
const OWNER_FIELD = /^(?:identity|principal|member|service_?account|name|id)$/;

/** Google roles in data from which programs and modules make bindings: `{ identity, role }`, `principal: [roles/viewer]`. */
function listedRoles(file: FileSide, literals: readonly Literal[]): readonly CloudGrant[] {
  if (!/\.(?:ya?ml|json|tf|tfvars)$/i.test(file.path) || !file.text.includes("roles/")) return [];
  const owners = new Map<string, string>();
  for (const { path, value } of literals)
    if (OWNER_FIELD.test(path.at(-1) ?? "")) {
      const owner = JSON.stringify(path.slice(0, -1));
      if (!owners.has(owner)) owners.set(owner, value);
    }
  return literals.flatMap(({ path, value, line }): readonly CloudGrant[] => {
    if (!GCP_ROLE.test(value) || path[0] === "resource" || path.some((part) => /^bindings?$/.test(part))) return [];
    const owner = owners.get(JSON.stringify(path.slice(0, -1))) ?? namesOf(path.slice(0, -1)).join(".");
    return [grant(`${owner} lists ${value}`, line)];
  });
}

/** The address of a Google service account, as bindings take it. */
const SERVICE_ACCOUNT = /^(?:serviceAccount:)?[^@\s]{1,200}@[\w.${}-]{1,200}\.gserviceaccount\.com$/;

/** Actions and accounts in Terraform's locals and inputs, from where statements take them by name. */
function listedAction({ path, value, line }: Literal): readonly CloudGrant[] {
  if (path[0] !== "locals" && !(path[0] === "variable" && path[2] === "default")) return [];
  if (SERVICE_ACCOUNT.test(value)) return [grant(`${namesOf(path).join(".")} lists ${value}`, line)];
  const everything = value === "*" && namesOf(path).some((name) => /actions?$/i.test(name));
  if (!everything && !/^[a-z][a-z0-9-]{1,30}:(?:\*|[A-Z][A-Za-z]{2,60}\*?)$/.test(value)) return [];
  return [grant(`${namesOf(path).join(".")} lists ${value}`, line)];
}

/** A managed policy by its bare name in the list of a serverless template. */
function isTemplatePolicy(path: readonly string[], value: string): boolean {
  return (
    path.at(-2) === "Policies" &&
    /^(?:(?:Amazon|AWS)[A-Za-z0-9_]{3,100}|AdministratorAccess|PowerUserAccess)$/.test(value)
  );
}

const AZURE_ROLE = /^roleDefinitionId$/i;
const AZURE_ACTIONS = /^(?:not_?)?(?:data_?)?actions$/i;
const azureFields = partQuestion((part) => AZURE_ROLE.test(part) || AZURE_ACTIONS.test(part));

/** Azure role definitions (`permissions[].actions` and `dataActions`) and assignments, in JSON, parameters or Terraform. */
function azureRole({ path, value, line }: Literal): readonly CloudGrant[] {
  const field = lastName(path);
  if (AZURE_ROLE.test(field) && path[0] !== "resource")
    return [grant(`role ${/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(value)?.[0] ?? value}`, line)];
  if (!AZURE_ACTIONS.test(field) || !/^(?:\*|\*\/[a-z]+|Microsoft\.[A-Za-z0-9.*/]+)$/.test(value)) return [];
  if (path.some((part) => /statement/i.test(part))) return [];
  const owner = path[0] === "resource" ? `${path[2]}: ` : "";
  const effect = /^not/i.test(field) ? "Deny" : "Allow";
  return [grant(`${owner}${effect} ${value}`, line, [], /data/i.test(field) ? "data" : "control")];
}
