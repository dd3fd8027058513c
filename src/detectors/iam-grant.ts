import type { FileSide } from "../core/detector.ts";
import { groupLiterals, valueIn, valuesOf } from "./literal-groups.ts";

/** A role, a policy or a key that is given to somebody. */
export interface CloudGrant {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  readonly references: readonly string[];
}

const GCP_MEMBER = /^google_[a-z_]*iam_(?:member|binding)$/;
const KEYS =
  /^(?:aws_iam_access_key|google_service_account_key|azuread_application_password|azuread_service_principal_password|AWS::IAM::AccessKey)$/;
const AZURE_ASSIGNMENT = /^azurerm_role_assignment$/;
const MANAGED_POLICY = /\barn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[A-Za-z0-9/_+=.@-]{1,200}/g;
const COMMAND_GRANT =
  /(?:add-iam-policy-binding|role assignment create|attach-(?:role|user|group)-policy|put-(?:role|user)-policy|create-access-key)/;
const COMMAND_ROLE =
  /--(?:role|policy-arn|assignee|member)[= ]+["']?([A-Za-z0-9:/._@ -]{3,200}?)["']?(?=\s--|\s*$|\s*\\|["'])/g;

/** Role bindings, attached policies and access keys in Terraform, CloudFormation, GCP and Azure documents and in commands. */
export function cloudGrants(file: FileSide): readonly CloudGrant[] {
  return [
    ...blockGrants(file),
    ...templateGrants(file),
    ...bindings(file),
    ...managedPolicies(file),
    ...azureRoles(file),
    ...commands(file),
  ];
}

function blockGrants(file: FileSide): readonly CloudGrant[] {
  const groups = groupLiterals(file.literals, (path) => (path[0] === "resource" && path.length > 3 ? 3 : null));
  const granted = groups.flatMap((group): readonly CloudGrant[] => {
    const [, type = "", name = ""] = group.path;
    if (GCP_MEMBER.test(type)) {
      const role = valueIn(group, /^role$/) ?? "a role";
      const members = valuesOf(group, /^members?$/);
      return (members.length > 0 ? members : [name]).map((member) => ({
        key: `${role} to ${member}`,
        value: "present",
        line: group.line,
        references: [member],
      }));
    }
    if (AZURE_ASSIGNMENT.test(type)) {
      const role = valueIn(group, /^role_definition_(?:name|id)$/) ?? "a role";
      return [
        {
          key: `${type}.${name}`,
          value: `${role} at ${valueIn(group, /^scope$/) ?? "a scope"}`,
          line: group.line,
          references: [],
        },
      ];
    }
    return [];
  });
  return [...granted, ...accessKeys(file)];
}

/** Blocks that make a long-lived key, found by their heading: one may hold no literal at all. */
function accessKeys(file: FileSide): readonly CloudGrant[] {
  if (!/\.tf$/i.test(file.path)) return [];
  return file.text.split("\n").flatMap((line, index): readonly CloudGrant[] => {
    const [, type = "", name = ""] = /^\s*resource\s+"([A-Za-z0-9_]+)"\s+"([A-Za-z0-9_-]+)"/.exec(line) ?? [];
    return KEYS.test(type) ? [{ key: `${type}.${name}`, value: "present", line: index + 1, references: [name] }] : [];
  });
}

function templateGrants(file: FileSide): readonly CloudGrant[] {
  return file.literals
    .filter(({ path, value }) => path[0] === "Resources" && path[2] === "Type" && KEYS.test(value))
    .map(({ path, value, line }) => ({
      key: `${value} ${path[1] ?? ""}`,
      value: "present",
      line,
      references: [path[1] ?? ""],
    }));
}

/** `bindings: [{ role, members }]` of a GCP policy. */
function bindings(file: FileSide): readonly CloudGrant[] {
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.indexOf("bindings");
    return at >= 0 && path.length > at + 2 ? at + 2 : null;
  });
  return groups.flatMap((group) => {
    const role = valueIn(group, /^role$/) ?? "";
    if (!/roles\//.test(role)) return [];
    return valuesOf(group, /^members?$/).map((member) => ({
      key: `${role} to ${member}`,
      value: "present",
      line: group.line,
      references: [member],
    }));
  });
}

function managedPolicies(file: FileSide): readonly CloudGrant[] {
  return file.literals.flatMap(({ path, value, line }) => {
    if (!value.includes(":policy/") || path.some((part) => /^(?:resources?|condition)$/i.test(part))) return [];
    const owner = path[0] === "Resources" ? `${path[1]}: ` : path[0] === "resource" ? `${path[1]}.${path[2]}: ` : "";
    return [...value.matchAll(MANAGED_POLICY)].map(([policy]) => ({
      key: `${owner}attach ${policy}`,
      value: "present",
      line,
      references: [],
    }));
  });
}

/** Azure role definitions: `permissions[].actions` and `dataActions`, in JSON, Bicep parameters or Terraform. */
function azureRoles(file: FileSide): readonly CloudGrant[] {
  return file.literals.flatMap(({ path, value, line }): readonly CloudGrant[] => {
    const field = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
    if (!/^(?:not_?)?(?:data_?)?actions$/i.test(field) || !/^(?:\*|\*\/[a-z]+|Microsoft\.[A-Za-z0-9.*/]+)$/.test(value))
      return [];
    if (path.some((part) => /statement/i.test(part))) return [];
    const owner = path[0] === "resource" ? `${path[2]}: ` : "";
    return [
      {
        key: `${owner}${/^not/i.test(field) ? "Deny " : "Allow "}${value}`,
        value: /data/i.test(field) ? "data" : "control",
        line,
        references: [],
      },
    ];
  });
}

function commands(file: FileSide): readonly CloudGrant[] {
  if (!COMMAND_GRANT.test(file.text)) return [];
  const comments = new Set(file.comments.map((comment) => comment.line));
  const lines = file.text.split("\n");
  return lines.flatMap((line, index): readonly CloudGrant[] => {
    const command = COMMAND_GRANT.exec(line)?.[0];
    if (command === undefined || comments.has(index + 1) || line.length > 5000) return [];
    let end = index;
    while (end < index + 20 && (lines[end] ?? "").trimEnd().endsWith("\\")) end += 1;
    const text = lines
      .slice(index, end + 1)
      .map((part) => part.replace(/\\\s*$/, "").trim())
      .join(" ");
    const named = [...text.matchAll(COMMAND_ROLE)].map(([, value = ""]) => value.trim());
    return [
      {
        key: named.length > 0 ? `${command} ${named.join(" ")}` : command,
        value: "present",
        line: index + 1,
        references: [],
      },
    ];
  });
}
