import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/core/finding.ts";
import { isBroader, isWildcard, type Scope } from "../../../src/detectors/credential/iam-scope.ts";
import { findingsBetween } from "../fixture.ts";

const scope = (fields: Partial<Scope> = {}): Scope => ({ resources: [], principals: [], conditions: {}, ...fields });

describe("whether a statement reaches more", () => {
  it.each<readonly [string, Partial<Scope>, Partial<Scope>, boolean]>([
    ["the same", { resources: ["a"] }, { resources: ["a"] }, false],
    ["another resource", { resources: ["a"] }, { resources: ["b"] }, true],
    ["a resource more", { resources: ["a"] }, { resources: ["a", "b"] }, true],
    ["a resource less", { resources: ["a", "b"] }, { resources: ["a"] }, false],
    ["under a star", { resources: ["a/*"] }, { resources: ["a/b"] }, false],
    ["a star in its place", { resources: ["a/b"] }, { resources: ["a/*"] }, true],
    ["everything", { resources: ["a"] }, { resources: ["*"] }, true],
    ["from everything", { resources: ["*"] }, { resources: ["a"] }, false],
    ["a star in the middle is not looked into", { resources: ["a/*/c"] }, { resources: ["a/b/c"] }, true],
    ["another principal", { principals: ["x"] }, { principals: ["x", "y"] }, true],
    ["a condition less", { conditions: { "StringEquals s": ["a"] } }, {}, true],
    ["a condition more", {}, { conditions: { "StringEquals s": ["a"] } }, false],
    [
      "another value of a condition",
      { conditions: { "StringEquals s": ["a"] } },
      { conditions: { "StringEquals s": ["a", "b"] } },
      true,
    ],
    [
      "a value of a condition less",
      { conditions: { "StringEquals s": ["a", "b"] } },
      { conditions: { "StringEquals s": ["a"] } },
      false,
    ],
    [
      "a value less of what must not be",
      { conditions: { "StringNotEquals s": ["a", "b"] } },
      { conditions: { "StringNotEquals s": ["a"] } },
      true,
    ],
    [
      "a value more of what must not be",
      { conditions: { "StringNotEquals s": ["a"] } },
      { conditions: { "StringNotEquals s": ["a", "b"] } },
      false,
    ],
    ["a weaker operator", { conditions: { "StringEquals s": ["a"] } }, { conditions: { "StringLike s": ["a"] } }, true],
  ])("%s", (_, before, after, broader) => expect(isBroader(scope(before), scope(after))).toBe(broader));
});

describe("wildcards", () => {
  it.each<readonly [string, Partial<Scope>, boolean]>([
    ["*", { resources: ["a"] }, true],
    ["s3:*", { resources: ["a"] }, true],
    ["all-but-iam:*", { resources: ["a"] }, true],
    ["s3:PutObject", { resources: ["*"] }, true],
    ["s3:ListBucket", { resources: ["*"] }, false],
    ["ec2:DescribeInstances", { resources: ["*"] }, false],
    ["s3:GetObject", { resources: ["a"], principals: ["*"] }, true],
    [
      "s3:GetObject",
      { resources: ["a"], principals: ["*"], conditions: { "StringEquals aws:SourceVpc": ["v"] } },
      false,
    ],
    ["s3:GetObject", { resources: ["a/*"] }, false],
  ])("%s %o", (action, fields, wildcard) => expect(isWildcard(action, scope(fields))).toBe(wildcard));
});

async function policyFindings(path: string, before: string | null, after: string | null): Promise<readonly Finding[]> {
  const tree = (text: string | null) =>
    new Map(text === null ? [] : [[path, { bytes: Buffer.from(text), mode: "100644" }]]);
  const findings = await findingsBetween(tree(before), tree(after));
  return findings.filter(({ rule }) => rule === "credential/iam" || rule === "credential/federation");
}

const shown = (findings: readonly Finding[]) =>
  findings.map(({ direction, floor, after, before }) => [direction, floor ?? "", after ?? before]);

describe("policies in every notation", () => {
  const json = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  it.each<readonly [string, string, string]>([
    ["JSON", "policy.json", json({ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::a/*" })],
    [
      "a single statement",
      "policy.json",
      JSON.stringify({ Statement: { Effect: "Allow", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::a/*"] } }),
    ],
    ["YAML", "policy.yml", "Statement:\n  - Effect: Allow\n    Action: s3:PutObject\n    Resource: arn:aws:s3:::a/*\n"],
    [
      "Terraform's document",
      "a.tf",
      'data "aws_iam_policy_document" "a" {\n  statement {\n    actions = ["s3:PutObject"]\n    resources = ["arn:aws:s3:::a/*"]\n  }\n}\n',
    ],
    [
      "a dynamic block",
      "a.tf",
      'data "aws_iam_policy_document" "a" {\n  dynamic "statement" {\n    for_each = var.on ? [1] : []\n    content {\n      actions = ["s3:PutObject"]\n      resources = ["arn:aws:s3:::a/*"]\n    }\n  }\n}\n',
    ],
    [
      "jsonencode",
      "a.tf",
      'resource "aws_iam_policy" "a" {\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::a/*" }] })\n}\n',
    ],
    [
      "a heredoc",
      "a.tf",
      `resource "aws_iam_policy" "a" {\n  policy = <<EOF\n${json({ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::a/*" })}\nEOF\n}\n`,
    ],
    [
      "a string in a program",
      "a.ts",
      `const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::a/*" }] });\n`,
    ],
    [
      "CDK in TypeScript",
      "a.ts",
      'role.addToPolicy(new iam.PolicyStatement({ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::a/*"] }));\n',
    ],
    [
      "CDK in Python",
      "a.py",
      'role.add_to_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=["arn:aws:s3:::a/*"]))\n',
    ],
  ])("%s", async (_, path, text) => {
    const found = await policyFindings(path, null, text);
    expect(found.map(({ after }) => after)).toEqual(["Allow s3:PutObject on arn:aws:s3:::a/*"]);
    expect(found.map(({ direction, severity }) => [direction, severity])).toEqual([["widened", "major"]]);
  });

  it("keeps statements apart that begin alike", async () => {
    const first = 'statement {\n    actions = ["s3:*"]\n    resources = ["*"]\n  }';
    const second = 'statement {\n    effect = "Deny"\n    actions = ["s3:DeleteBucket"]\n    resources = ["*"]\n  }';
    const document = (...statements: string[]) =>
      `data "aws_iam_policy_document" "a" {\n  ${statements.join("\n  ")}\n}\n`;
    const found = await policyFindings("a.tf", document(second), document(first, second));
    expect(shown(found)).toEqual([["widened", "critical", "Allow s3:* on *"]]);
  });

  it("sees references to other resources", async () => {
    const document = (resource: string) =>
      `data "aws_iam_policy_document" "a" {\n  statement {\n    actions = ["s3:GetObject"]\n    resources = [${resource}]\n  }\n}\n`;
    const found = await policyFindings("a.tf", document("aws_s3_bucket.a.arn"), document("aws_s3_bucket.b.arn"));
    expect(found.map(({ direction }) => direction)).toEqual(["changed"]);
    expect(
      await policyFindings("a.tf", document("aws_s3_bucket.a.arn"), document("\n      aws_s3_bucket.a.arn,\n    ")),
    ).toEqual([]);
  });

  it("calls a removed denial wider and an added one narrower", async () => {
    const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "a" };
    const deny = { Effect: "Deny", Action: "s3:PutObject", Resource: "*" };
    const policy = (...statements: object[]) => JSON.stringify({ Statement: statements });
    const added = await policyFindings("p.json", policy(allow), policy(allow, deny));
    const removed = await policyFindings("p.json", policy(allow, deny), policy(allow));
    expect([added, removed].map((found) => found.map(({ direction }) => direction))).toEqual([
      ["narrowed"],
      ["widened"],
    ]);
  });
});

describe("grants that are no statements", () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    [
      "a policy attached by its address",
      "a.tf",
      'resource "aws_iam_role_policy_attachment" "a" {\n  role = "r"\n  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n',
      ["critical"],
    ],
    [
      "a policy attached by reference",
      "a.tf",
      'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.a.name\n  policy_arn = aws_iam_policy.a.arn\n}\n',
      [""],
    ],
    [
      "a policy in CDK",
      "a.ts",
      'role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName("AdministratorAccess"));\n',
      ["critical"],
    ],
    ["an access key", "a.tf", 'resource "aws_iam_access_key" "a" {\n  user = aws_iam_user.a.name\n}\n', [""]],
    [
      "an access key in a template",
      "template.yaml",
      "Resources:\n  Key:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: a\n",
      [""],
    ],
    [
      "an owner in Google's cloud",
      "policy.json",
      '{"bindings": [{"role": "roles/owner", "members": ["user:a@acme.dev"]}]}',
      ["critical"],
    ],
    [
      "a viewer in Google's cloud",
      "policy.json",
      '{"bindings": [{"role": "roles/viewer", "members": ["user:a@acme.dev"]}]}',
      [""],
    ],
    [
      "everybody in Google's cloud",
      "a.tf",
      'resource "google_storage_bucket_iam_member" "a" {\n  role = "roles/storage.objectViewer"\n  member = "allUsers"\n}\n',
      ["critical"],
    ],
    [
      "a binding in a document",
      "a.tf",
      'data "google_iam_policy" "a" {\n  binding {\n    role = "roles/editor"\n    members = ["user:a@acme.dev"]\n  }\n}\n',
      ["critical"],
    ],
    [
      "a contributor of one service",
      "a.tf",
      'resource "azurerm_role_assignment" "a" {\n  scope = azurerm_storage_account.a.id\n  role_definition_name = "Storage Blob Data Contributor"\n  principal_id = "p"\n}\n',
      [""],
    ],
    [
      "a contributor of everything",
      "a.tf",
      'resource "azurerm_role_assignment" "a" {\n  scope = data.azurerm_subscription.a.id\n  role_definition_name = "Contributor"\n  principal_id = "p"\n}\n',
      ["critical"],
    ],
    [
      "a role by its id",
      "main.json",
      '{"resources": [{"type": "Microsoft.Authorization/roleAssignments", "properties": {"roleDefinitionId": "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}]}',
      ["critical"],
    ],
    [
      "a role of its own",
      "role.json",
      '{"Name": "a", "Actions": ["Microsoft.Storage/*/read"], "NotActions": []}',
      [""],
    ],
    [
      "a command over several lines",
      "a.sh",
      "aws iam attach-role-policy \\\n  --role-name a \\\n  --policy-arn arn:aws:iam::aws:policy/AdministratorAccess\n",
      ["critical"],
    ],
    [
      "a command with a comment behind",
      "a.sh",
      "az role assignment create --assignee a --role Owner # for now\n",
      ["critical"],
    ],
    ["a command in a comment", "a.sh", "# az role assignment create --assignee a --role Owner\n", []],
  ])("%s", async (_, path, text, floors) => {
    const found = (await policyFindings(path, null, text)).filter(({ rule }) => rule === "credential/iam");
    expect(found.map(({ floor }) => floor ?? "")).toEqual(floors);
    expect(found.every(({ severity }) => severity === "major")).toBe(true);
  });
});
