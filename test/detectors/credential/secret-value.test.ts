import { lintSource } from "@secretlint/core";
import { rules as kept, creator as preset } from "@secretlint/secretlint-rule-preset-recommend";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact } from "../../../src/core/detector.ts";
import { SECRET_FORMATS } from "../../../src/detectors/credential/secret-format.ts";
import { RULE_LITERALS } from "../../../src/detectors/credential/secret-kept-rule.ts";
import { secretValueDetectors } from "../../../src/detectors/credential/secret-value.ts";
import { prefilter } from "../../../src/detectors/prefilter.ts";
import { fileSide } from "../../../src/readers/file-side.ts";

// Values are put together here, so that no scanner that reads this repository finds one.
const KEY = Buffer.alloc(32, 7);
const detectors = secretValueDetectors(KEY);
const gate = prefilter(detectors);

async function factsIn(path: string, content: string | Uint8Array): Promise<readonly Fact[]> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const file = fileSide({ path, mode: "100644", id: "1".repeat(40) }, bytes);
  const selected = gate.matching(
    Buffer.from(file.text),
    detectors.filter((detector) => detector.selects(path)),
  );
  const facts: Fact[] = [];
  for (const detector of selected) facts.push(...(await detector.extract(file)));
  return facts;
}

/** A value that looks drawn at random and is the same in every run. */
function drawn(length: number, alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"): string {
  let state = 12_345 + length;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor((state / 2_147_483_648) * alphabet.length)];
  }).join("");
}

const HEX = "0123456789abcdef";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const manifest = (kind: string, key: string, value: string, block = "data") =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: app\n${block}:\n  ${key}: "${value}"\n`;
const UUID = [8, 4, 4, 4, 12].map((length) => drawn(length + 20, HEX).slice(0, length)).join("-");
const GITHUB = `gh${"p_"}${drawn(36)}`;
const OPENAI = `s${"k-"}proj-${drawn(74)}T3Blbk${"FJ"}${drawn(74)}`;
const ANTHROPIC = `sk-${"ant"}-api03-${drawn(93)}AA`;
const PEM_KIND = "PRIVATE KEY";
const PEM = `-----BEGIN RSA ${PEM_KIND}-----\nMII${drawn(61)}\n${Array.from({ length: 10 }, (_, n) => drawn(64 - (n === 9 ? 20 : 0))).join("\n")}\n-----END RSA ${PEM_KIND}-----\n`;

/** One value of each of the kept rule set's rules, as its maintainers describe the format. */
const KEPT_VALUES: Readonly<Record<string, string>> = {
  aws: `AWS_SECRET_${"ACCESS_KEY"} = "${drawn(40)}"`,
  gcp: JSON.stringify({
    type: "service_account",
    project_id: "p",
    private_key_id: drawn(40, HEX),
    private_key: PEM,
    client_email: "a@p.iam.gserviceaccount.com",
    client_id: "1",
  }),
  privatekey: PEM,
  npm: `//registry.npmjs.org/:_auth${"Token"}=npm_${drawn(36)}`,
  basicauth: `see https://deploy:${drawn(18)}@git.acme.dev/x`,
  slack: `xo${"xb"}-${drawn(12, "123456789")}-${drawn(12, "123456789")}-${drawn(24)}`,
  sendgrid: `S${"G."}${drawn(22)}.${drawn(43)}`,
  shopify: `shp${"at_"}${drawn(32, HEX)}`,
  stripe: `sk_${"live"}_${drawn(24)}`,
  github: GITHUB,
  gitlab: `glp${"at-"}${drawn(20)}`,
  grafana: `gl${"sa_"}${drawn(32)}_${drawn(8, HEX)}`,
  openai: OPENAI,
  anthropic: ANTHROPIC,
  groq: `gs${"k_"}${drawn(52)}`,
  huggingface: `h${"f_"}${drawn(34, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")}`,
  linear: `lin_${"api"}_${drawn(40)}`,
  notion: `nt${"n_"}${drawn(11, "123456789")}${drawn(35)}`,
  "1password": `op${"s_"}${Buffer.from(JSON.stringify({ email: "a@b.c", secretKey: drawn(101) })).toString("base64")}`,
  "database-connection-string": `postgresql://svc:${drawn(20)}@db.acme.dev:5432/app`,
  "hashicorp-vault": `hv${"s."}${drawn(95)}`,
  vercel: `vc${"p_"}${drawn(24)}`,
  databricks: `da${"pi"}${drawn(32, HEX)}`,
  docker: `dckr_${"pat"}_${drawn(27)}`,
  figma: `fig${"d_"}${drawn(42)}`,
  cloudflare: `cfu${"t_"}${drawn(40)}${drawn(8, HEX)}`,
  tailscale: `ts${"key"}-api-${drawn(12)}-${drawn(24)}`,
};

describe("the kept rule set behind its literals", () => {
  const names = kept.map((rule) => rule.meta.id.split("secretlint-rule-").at(-1) ?? "");

  it("has literals and an example for every rule, and leaves out the one that switches others off", () => {
    const wanted = names.filter((name) => name !== "filter-comments").sort();
    expect(Object.keys(RULE_LITERALS).sort()).toEqual(wanted);
    expect(Object.keys(KEPT_VALUES).sort()).toEqual(wanted);
  });

  it.each(Object.entries(KEPT_VALUES))(
    "%s: what the rule reports alone is reported behind the literals too",
    async (name, text) => {
      const path = name === "gcp" ? "key.json" : "notes.txt";
      const alone = await lintSource({
        source: { filePath: path, content: text, contentType: "text", ext: path.slice(path.lastIndexOf(".")) },
        options: { config: { rules: [{ id: preset.meta.id, rule: preset }] }, noPhysicFilePath: true },
      });
      expect(alone.messages.some(({ ruleId }) => ruleId.endsWith(`-${name}`))).toBe(true);
      const facts = await factsIn(path, text);
      const confidence = /basicauth|database/.test(name) ? "likely" : "certain";
      expect(facts).toContainEqual(expect.objectContaining({ key: expect.stringMatching(`^${name}:`), confidence }));
    },
  );

  it("reads a SendGrid key to its end", async () => {
    const key = `S${"G."}${drawn(22)}.${drawn(15)}-${drawn(12)}-${drawn(14)}`;
    const facts = await factsIn("a.txt", `key ${key}\n`);
    expect(facts).toEqual([expect.objectContaining({ confidence: "certain" })]);
    expect((await factsIn("b.txt", key))[0]?.value).toBe(facts[0]?.value);
  });

  it.each(["secretlint-disable", "secretlint-disable-line", "gitleaks:allow", "pragma: allowlist secret", "nosec"])(
    "a comment %s switches nothing off",
    async (comment) => {
      expect(await factsIn("a.txt", `# ${comment}\n${GITHUB} # ${comment}\n`)).toHaveLength(1);
    },
  );
});

describe("vendors' formats beside the kept rule set", () => {
  it.each(SECRET_FORMATS)("$format: $literals", async ({ body, format, confidence, literals }) => {
    const shape = new RegExp(`^(?:${body.replaceAll(/\(\?![^)]*\)/g, "")})$`);
    const sampled = fc.sample(fc.stringMatching(shape), { numRuns: 40, seed: 3 });
    const facts = await Promise.all(sampled.map((value) => factsIn("notes.txt", `${literals[0]} ${value}\n`)));
    // Samples may be one letter over and over, which is what a blank looks like.
    const own = facts.flat().filter((fact) => fact.key.startsWith(`${format}:`));
    expect(own.length).toBeGreaterThan(sampled.length / 4);
    expect(own.some((fact) => fact.confidence === "certain")).toBe(confidence === "certain");
    expect(sampled.filter((value) => JSON.stringify(facts).includes(value))).toEqual([]);
  });
});

describe("suspected values", () => {
  const random = drawn(32);
  const hexadecimal = drawn(40, HEX);

  it.each<readonly [string, string, string]>([
    ["a password in configuration", "config/app.yml", `database:\n  password: "Tr0ub4dor&3x"\n`],
    ["a password of letters and digits", "config/app.json", `{"smtp": {"password": "harbour77lamp"}}`],
    ["a hexadecimal key", "config/app.toml", `signing_key = "${hexadecimal}"\n`],
    ["a short hexadecimal key", ".env", `ACME_API_KEY=${drawn(24, HEX)}\n`],
    ["a random key", ".env", `ACME_API_KEY=${random}\n`],
    ["a quoted random key in a script", "deploy.sh", `export ACME_TOKEN="${random}"\n`],
    ["a password under its short name", "src/mail.ts", `export const mail = { user: "svc", pass: "harbour77lamp" };\n`],
    ["a password of a database", "config/app.conf", "db_pass = harbour77lamp\n"],
    ["a password under a short name in a comment", "app.properties", "# db_pw = harbour77lamp7Q\n"],
    ["a key for one environment", "config/app.env", `ACME_API_KEY_PROD=${random}\n`],
    ["a bot's token", "src/bot.py", `import discord\nclient.run("MT${drawn(22)}.${drawn(6)}.${drawn(38)}")\n`],
    ["a value of a Secret", "k8s/app.yml", manifest("Secret", "opens", base64("harbour77lamp"))],
    ["a plain value of a Secret", "k8s/app.yml", manifest("Secret", "opens", "harbour77lamp", "stringData")],
    [
      "a Secret among others",
      "k8s/a.yml",
      `${manifest("ConfigMap", "a", "b")}---\n${manifest("Secret", "opens", base64(random))}`,
    ],
    ["a Secret in JSON", "k8s/app.json", JSON.stringify({ kind: "Secret", data: { opens: base64(random) } }, null, 2)],
    ["a name and value side by side", "k8s/app.yml", `env:\n  - name: DB_PASSWORD\n    value: harbour77lamp\n`],
    ["a lone access key id", "src/app.py", `key = "AKIA${drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}"\n`],
    ["a header in a command", "docs/run.md", `curl -H "Authorization: Bearer ${random}" https://api.acme.dev\n`],
    ["a user in a command", "run.sh", `curl --user svc:harbour77lamp https://api.acme.dev\n`],
    [
      "a user in a command over lines",
      "run.sh",
      `curl https://api.acme.dev \\\n  -d x \\\n  -u 'svc':'harbour77lamp'\n`,
    ],
    ["an old bot's two numbers", "a.txt", `xo${"xb"}-${drawn(11, "123456789")}-${drawn(13, "123456789")}\n`],
    ["a key as the user of a command", "run.sh", `curl -u ${random}: https://api.acme.dev\n`],
    ["a header of another scheme", "run.sh", `curl -H "Authorization: Api-Token ${random}" https://api.acme.dev\n`],
    ["a UUID that opens something", "a.yml", `api_key: ${UUID}\n`],
    [
      "an argument after its name",
      "src/App.java",
      `class A { void f() { System.setProperty("ACME_TOKEN", "${random}"); } }\n`,
    ],
    ["an argument after its option", ".mcp.json", `{"args": ["-y", "acme", "--api-key", "${random}"]}`],
    ["a quoted value with the end of a statement", "config/app.ini", `acme_token = "${random}";\n`],
    ["an address of a name in a statement", "config/app.ini", `db_pass = "harbour77lamp";\n`],
    ["a quoted value of a Makefile", "Makefile", `ACME_TOKEN := "${random}"\n`],
    ["a value of a few characters over and over", "a.txt", `tskey-${"api"}-${"A".repeat(12)}-${"B".repeat(24)}\n`],
    ["a token in a comment", "a.properties", `# token = "${random}"\n`],
    ["a connection string", "notes.txt", `Server=db;User=svc;Password="x9#harbour77lamp"\n`],
    ["a JSON web token", "a.txt", `eyJ${drawn(30)}.eyJ${drawn(60)}.${drawn(43)}\n`],
    ["a key of the kind that reads as base64", "a.env", `SESSION_SECRET=${drawn(43)}=\n`],
  ])("%s", async (_, path, content) => {
    const facts = await factsIn(path, content);
    expect(facts.map(({ confidence }) => confidence)).toEqual(["likely"]);
  });

  it.each<readonly [string, string, string]>([
    ["a UUID that names something", "a.yml", `credentials_id: ${UUID}\nINSTRUMENTATION_KEY: ${UUID}\n`],
    ["a form's token", "a.html", `<input name="authenticity_token" value="${random}">\n`],
    ["a UUID as a sample", "docs/setup.yml", `api_key: ${UUID}\n`],
    ["the nil UUID", "a.yml", "api_key: 00000000-0000-0000-0000-000000000000\n"],
    ["what a ConfigMap holds", "k8s/app.yml", manifest("ConfigMap", "opens", base64("harbour77lamp"))],
    [
      "a ConfigMap beside a Secret",
      "k8s/a.yml",
      `${manifest("Secret", "a", "")}---\n${manifest("ConfigMap", "opens", base64(random))}`,
    ],
    ["a Secret's placeholder", "k8s/app.yml", manifest("Secret", "opens", base64("changeme-password"))],
    ["a Secret's template", "k8s/app.yml", manifest("Secret", "opens", "{{ .Values.opens | b64enc }}")],
    ["a Secret's user", "k8s/app.yml", manifest("Secret", "db-user", base64("harbour77lamp"))],
    ["a blank in an address", "a.env", "DATABASE_URL=postgres://svc:REPLACE_WITH_PASSWORD@db.acme.dev/app\n"],
    ["a word that ends in pass", "a.yml", "compass: north77west\nbypass: never22again\n"],
    ["a call of words", "a.ts", 'label("password", "Kennwort"); t("token", "access-token-label");\n'],
    ["an argument after a path", "a.json", `{"args": ["token", "${random}"]}`],
    ["a user of a command whose password is asked for", "run.sh", "curl -u svc https://api.acme.dev\n"],
    [
      "numbers of a workspace without the secret",
      "a.txt",
      `xo${"xp"}-${"572370529330-573807301142-572331691188-"}####\n`,
    ],
    ["a hash in a lock file", "package-lock.json", `{"integrity": "sha512-${drawn(86)}==", "token": "${random}"}`],
    ["a checksum", "checksums.txt", `token=${random}\n`],
    ["a digest under its name", "a.yml", `secret_hash: ${hexadecimal}\n`],
    ["a git commit", "a.yml", `commit: ${hexadecimal}\nref: ${drawn(40, HEX)}\n`],
    ["an integrity attribute", "a.html", `<script integrity="sha384-${drawn(64)}"></script>\n`],
    ["a sequence", "a.env", "API_KEY=abcdefghijklmnopqrstuvwxyz0123456789\n"],
    [
      "a template",
      "a.yml",
      "password: $DB_PASSWORD\nother_password: $" +
        "{DB_PASSWORD}\ntoken: '{{ vault_token }}'\nsecret: <your-secret>\n",
    ],
    ["an indirect reference", "a.sh", 'export API_KEY="$(vault read -field=key secret/app)"\nTOKEN=$OTHER\n'],
    ["a call in code", "a.py", 'api_key = os.getenv("ACME_API_KEY")\ntoken = get_secret(name)\n'],
    [
      "a placeholder",
      ".env.example",
      "OPENAI_API_KEY=sk-your-key-here\nDB_PASSWORD=changeme\nSECRET=xxxxxxxxxxxxxxxx\n",
    ],
    ["a vendor's blank", "README.md", `export TOKEN=gh${"p_"}${"x".repeat(36)}\n`],
    ["words", "a.yml", "token: authorization_code\nsecret: my-app-credentials-secret\npassword: required\n"],
    ["an API description", "openapi.yaml", `example:\n  token: ${random}\n`],
    ["an image as base64", "a.css", `a { background: url(data:image/png;base64,${drawn(400)}) }\n`],
    ["a public key", "id.pub", `ssh-rsa AAAA${drawn(300)} me@host\n`],
    ["a publishable key", "a.ts", `const publishableKey = "${random}";\n`],
    ["a key of analytics that every visitor gets", "a.ts", `const POSTHOG_API_KEY = "phc_${random}";\n`],
    ["a name of a key", "a.yml", "secretKeyRef: { name: app, key: api-token }\napiKeySecretRef: my-secret\n"],
    [
      "a password that a local database has",
      "compose.yml",
      "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n",
    ],
    ["a local address with a password", "a.env", "DATABASE_URL=postgresql://app:s3cretAB9@localhost:5432/app\n"],
    ["a sort key", "a.ts", `const sortKey = "${random}"; const csrfToken = "${random}";\n`],
    ["a badge", "README.md", `[![b](https://ci.acme.dev/badge.svg?token=${random})](https://ci.acme.dev)\n`],
    ["a sample account in a test", "test/login.test.yml", "user: alice\npassword: harbour77lamp\n"],
  ])("not %s", async (_, path, content) => {
    expect(await factsIn(path, content)).toEqual([]);
  });
});

describe("hidden places", () => {
  const wrapped = Buffer.from(`export TOKEN=${GITHUB}\n`).toString("base64");
  it.each<readonly [string, string, string | Uint8Array]>([
    ["a very long line", "a.json", `{"a": "${"lorem ".repeat(20_000)}", "b": "${GITHUB}"}`],
    ["base64", "a.yml", `data:\n  init.sh: ${wrapped}\n`],
    [
      "base64 over several lines",
      "a.txt",
      Buffer.from(`${"# deploy ".repeat(20)}\n${GITHUB}\n`)
        .toString("base64")
        .replace(/.{76}/g, "$&\n"),
    ],
    [
      "a notebook's output",
      "a.ipynb",
      JSON.stringify({ cells: [{ cell_type: "code", source: [], outputs: [{ text: [`key\n${GITHUB}\n`] }] }] }),
    ],
    ["a comment", "a.go", `package a\n\n// old: ${GITHUB}\n`],
    ["a lock file", "yarn.lock", `resolved "https://npm.acme.dev/a.tgz?${GITHUB}"\n`],
    ["prose", "docs/notes.md", `The token is ${GITHUB}.\n`],
    ["a file of no known kind", "data/blob.xyz", `x ${GITHUB} y`],
    ["a minified bundle", "dist/app.min.js", `var a="${GITHUB}";`],
    [
      "UTF-16 with a byte order mark",
      "a.txt",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(GITHUB, "utf16le")]),
    ],
    ["after an escaped line end", "a.json", JSON.stringify({ a: `first\n${GITHUB}` })],
    ["CRLF", "a.txt", `a\r\n${GITHUB}\r\n`],
    ["unicode escapes", "a.json", `{"a": "\\u0067hp_${GITHUB.slice(4)}", "token": 1}`],
    ["an escaped private key", "a.json", JSON.stringify({ key: PEM })],
  ])("%s", async (_, path, content) => {
    expect(await factsIn(path, content)).toContainEqual(expect.objectContaining({ confidence: "certain" }));
  });

  it("finds a key once, however its lines are written", async () => {
    const inText = await factsIn("a.pem", PEM);
    const inJson = await factsIn("a.json", JSON.stringify({ key: PEM }));
    expect([inText.length, inJson.length]).toEqual([1, 1]);
    expect(inText[0]?.value).toBe(inJson[0]?.value);
  });

  it("gives the line that the value stands in", async () => {
    expect((await factsIn("a.txt", `a\nb\n\n${GITHUB}\n`)).map(({ line }) => line)).toEqual([4]);
    expect((await factsIn("a.yml", `data:\n  a: b\n  init.sh: ${wrapped}\n`)).map(({ line }) => line)).toEqual([3]);
  });
});
