import { describe, expect, it } from "vitest";
import { findingsBetween, type Tree } from "../fixture.ts";

/** A way to get more without saying so plainly: path, before, after, and whether it is seen. */
interface Try {
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly seen: boolean;
}

const workflow = (permissions: string, step = "- run: make", on = "on: push") =>
  `name: a\n${on}\n${permissions}jobs:\n  a:\n    runs-on: x\n    steps:\n      ${step}\n`;
const W = ".github/workflows/a.yml";
const READ = "permissions:\n  contents: read\n";
const tf = (actions: string) =>
  `data "aws_iam_policy_document" "a" {\n  statement {\n    actions = ${actions}\n    resources = ["arn:aws:s3:::a/*"]\n  }\n}\n`;
const role = (verbs: string, top = "", bottom = "") =>
  `${top}apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\nrules:\n  - apiGroups: [""]\n    resources: [pods]\n    verbs: ${verbs}\n${bottom}`;
const python = (line: string) => `import os\n\n${line}\n`;

const PLAIN: readonly (readonly [name: string, path: string, before: string, after: string, seen?: boolean])[] = [
  ["a name split over concatenation", "a.py", python("x = 1"), python('x = os.environ["OPENAI_" + "API_KEY"]')],
  ["a name over adjacent literals", "a.py", python("x = 1"), python('x = os.environ["OPENAI_"\n  "API_KEY"]')],
  ["a name with escapes", "a.py", python("x = 1"), python('x = os.environ["OPENAI\\x5fAPI_KEY"]')],
  [
    "the environment under another name",
    "a.py",
    python("x = 1"),
    python('x = getattr(os, "environ")["OPENAI_API_KEY"]'),
  ],
  ["a name in a list", "a.py", python("x = 1"), python('for name in ["OPENAI_API_KEY"]:\n    use(os.environ[name])')],
  [
    "a name behind a switch-off comment",
    "a.py",
    python("x = 1"),
    python('x = os.environ["OPENAI_API_KEY"]  # nosec countersign:ignore'),
  ],
  [
    "a name after a very long line",
    "a.sh",
    "#!/bin/sh\nrun\n",
    `#!/bin/sh\n${"true; ".repeat(20_000)} run "$OPENAI_API_KEY"\n`,
  ],
  ["a name with a comment behind", "a.sh", "#!/bin/sh\nrun\n", '#!/bin/sh\nrun "$OPENAI_API_KEY" # as before\n'],
  ["a name in a template literal", "a.ts", "f();\n", "f(process.env[`OPENAI_API_KEY`]);\n"],
  ["a name taken apart", "a.ts", "f();\n", "const { OPENAI_API_KEY } = process.env;\nf(OPENAI_API_KEY);\n"],
  ["a name put together from a variable", "a.py", python("x = 1"), python('x = os.environ[PREFIX + "_KEY"]'), false],
  ["a name in another script's letters", "a.py", python("x = 1"), python('x = os.environ["ОРЕNАI_АРI_КЕУ"]'), false],
  ["permissions in flow style", W, workflow(READ), workflow("permissions: { contents: write }\n")],
  ["permissions by an anchor", W, workflow(READ), workflow("x: &a { contents: write }\npermissions: *a\n")],
  ["permissions by a merge key", W, workflow(READ), workflow("x: &a { contents: write }\npermissions:\n  <<: *a\n")],
  [
    "permissions with escapes",
    W,
    workflow(READ),
    workflow('"permi\\u0073sions":\n  "c\\u006fntents": "wr\\u0069te"\n'),
  ],
  ["permissions given twice", W, workflow(READ), workflow(`${READ}  contents: write\n`)],
  ["a trigger in quotes", W, workflow(READ), workflow(READ, "- run: make", '"on": ["push", "pull_request_target"]')],
  [
    "a secret by brackets",
    W,
    workflow(READ),
    workflow(READ, "- uses: a/b@v1\n        with: { t: \"\u0024{{ secrets['X'] }}\" }"),
  ],
  [
    "the token by brackets",
    W,
    workflow(READ),
    workflow(READ, "- uses: a/b@v1\n        with: { t: \"\u0024{{ github['token'] }}\" }"),
  ],
  [
    "a secret inside a function",
    W,
    workflow(READ),
    workflow(READ, "- uses: a/b@v1\n        with: { t: \"\u0024{{ format('{0}', secrets.X) }}\" }"),
  ],
  [
    "a secret by a computed name",
    W,
    workflow(READ),
    workflow(READ, "- run: f\n        env: { T: \"\u0024{{ secrets[format('{0}', 'X')] }}\" }"),
  ],
  ["an action in other letters", "a.tf", tf('["s3:GetObject"]'), tf('["s3:GetObject", "S3:PutObject"]')],
  [
    "actions from a local value",
    "a.tf",
    'locals {\n  a = ["s3:GetObject"]\n}\n',
    'locals {\n  a = ["s3:GetObject", "s3:*"]\n}\n',
  ],
  ["actions from another local value", "a.tf", tf("local.few"), tf("local.many")],
  ["actions put together", "a.tf", tf('["s3:GetObject"]'), tf('concat(["s3:GetObject"], ["s3:PutObject"])')],
  [
    "a policy with escapes",
    "p.json",
    '{"Statement": [{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]}',
    '{"Statement": [{"Effect": "\\u0041llow", "Action": "s3:PutObject", "Resource": "*"}]}',
  ],
  ["verbs in block style", "a.yaml", role("[get]"), role("\n      - get\n      - '*'")],
  [
    "a role in a list",
    "a.yaml",
    role("[get]"),
    `apiVersion: v1\nkind: List\nitems:\n  - ${role("[get, delete]").trimEnd().replaceAll("\n", "\n    ")}\n`,
  ],
  [
    "a role below another object",
    "a.yaml",
    role("[get]"),
    role("[get, delete]", "apiVersion: v1\nkind: Service\nmetadata:\n  name: b\n---\n"),
  ],
  [
    "a role in a template",
    "templates/a.yaml",
    role("[get]", "{{- if .Values.on }}\n", "{{- end }}\n"),
    role("[get, delete]", "{{- if .Values.on }}\n", "{{- end }}\n"),
  ],
  ["a scope put together", "auth.py", "SCOPES = []\n", 'SCOPES = ["https://www.googleapis.com/" + "auth/drive"]\n'],
  [
    "a scope beside others in one text",
    "auth.ts",
    'const scope = "openid";\n',
    'const auth = { scope: "openid profile admin:org" };\n',
  ],
];

const TRIES: readonly Try[] = PLAIN.map(([name, path, before, after, seen = true]) => ({
  name,
  path,
  before,
  after,
  seen,
}));

describe("ways around the rules of credentials", () => {
  const tree = (path: string, text: string): Tree => new Map([[path, { bytes: Buffer.from(text), mode: "100644" }]]);
  it.each(TRIES)("$name", async ({ path, before, after, seen }) => {
    const findings = await findingsBetween(tree(path, before), tree(path, after));
    const found = findings.filter((finding) => finding.class === "credential" && finding.severity !== "trivial");
    expect(found.length > 0).toBe(seen);
  });
});
