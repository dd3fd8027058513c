import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Environment, isUnconfigured, readEnvironment, readIdentity } from "../src/environment.ts";
import { failureText, problemText } from "../src/environment-text.ts";

const directory = mkdtempSync(join(tmpdir(), "countersign-environment-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const PKCS1 = rsa.export({ type: "pkcs1", format: "pem" }).toString();
const PKCS8 = rsa.export({ type: "pkcs8", format: "pem" }).toString();
const [FIRST, SECOND] = ["a".repeat(32), "b".repeat(16)];

const good: Environment = {
  APP_ID: "123",
  PRIVATE_KEY: PKCS1,
  WEBHOOK_SECRET: FIRST,
  DATABASE_PATH: join(directory, "new/folder/countersign.db"),
};
const settings = (more: Environment = {}) => {
  const read = readEnvironment({ ...good, ...more });
  if ("problems" in read) throw new Error(problemText(read.problems));
  return read.settings;
};
const problems = (more: Environment) => {
  const read = readEnvironment({ ...good, ...more });
  return "problems" in read ? read.problems.map(({ name, problem }) => `${name} ${problem}`) : [];
};

describe("settings", () => {
  it("have defaults for all but three", () => {
    expect(settings()).toEqual({
      appId: 123,
      privateKey: PKCS8,
      webhookSecrets: [FIRST],
      webhookPath: "/webhook",
      apiUrl: "https://api.github.com",
      host: "127.0.0.1",
      port: 3000,
      database: join(directory, "new/folder/countersign.db"),
      signing: { with: { kind: "own" }, history: null },
      mode: null,
      logLevel: "info",
    });
  });

  it.each([
    ["PKCS #8", PKCS8],
    ["with its line ends written out", PKCS1.replaceAll("\n", "\\n")],
    ["in base64", Buffer.from(PKCS1).toString("base64")],
    ["with blank lines around", `\n\n${PKCS1}\n`],
  ])("a private key %s", (_, key) => {
    expect(settings({ PRIVATE_KEY: key }).privateKey).toBe(PKCS8);
  });

  it("a private key in a file", () => {
    const path = join(directory, "key.pem");
    writeFileSync(path, PKCS1);
    expect(settings({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: path }).privateKey).toBe(PKCS8);
  });

  it.each([[`${FIRST},${SECOND}`], [`${FIRST}\n${SECOND}\n`], [` ${FIRST} , ${SECOND} ,`]])(
    "P42 several webhook secrets while they rotate: %j",
    (value) => {
      expect(settings({ WEBHOOK_SECRET: value }).webhookSecrets).toEqual([FIRST, SECOND]);
    },
  );

  it.each([
    ["https://github.example.com/api/v3/", "https://github.example.com/api/v3"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
    ["http://localhost:4000/", "http://localhost:4000"],
  ])("P38 the API at %s", (given, read) => {
    expect(settings({ GITHUB_API_URL: given }).apiUrl).toBe(read);
  });

  it("the operator's mode and the level of the log", () => {
    expect(settings({ COUNTERSIGN_MODE: "observe", LOG_LEVEL: "DEBUG" })).toMatchObject({
      mode: "observe",
      logLevel: "debug",
    });
  });
});

describe("settings that cannot be used", () => {
  it.each<[Environment, string]>([
    [{ APP_ID: "" }, "APP_ID is missing"],
    [{ APP_ID: "Iv1.0123" }, "APP_ID is not a number"],
    [{ APP_ID: "0" }, "APP_ID is not a number"],
    [{ PRIVATE_KEY: "" }, "PRIVATE_KEY is missing, and so is PRIVATE_KEY_PATH"],
    [{ PRIVATE_KEY: "a text" }, "PRIVATE_KEY holds no RSA private key in PEM form"],
    [{ PRIVATE_KEY: PKCS1.slice(0, 400) }, "PRIVATE_KEY holds no RSA private key in PEM form"],
    [{ PRIVATE_KEY_PATH: "/x" }, "PRIVATE_KEY is given beside PRIVATE_KEY_PATH"],
    [{ PRIVATE_KEY: "", PRIVATE_KEY_PATH: "/no/such" }, "PRIVATE_KEY_PATH names a file that cannot be read (ENOENT)"],
    [{ WEBHOOK_SECRET: " , " }, "WEBHOOK_SECRET is missing"],
    [{ WEBHOOK_SECRET: "development" }, "WEBHOOK_SECRET is `development`, which everybody knows"],
    [{ WEBHOOK_SECRET: `${FIRST},development` }, "WEBHOOK_SECRET is `development`, which everybody knows"],
    [{ WEBHOOK_SECRET: `${FIRST},short` }, "WEBHOOK_SECRET holds a secret of fewer than 16 characters"],
    [{ WEBHOOK_SECRET: Array(6).fill(FIRST).join() }, "WEBHOOK_SECRET holds more than 5 secrets"],
    [{ WEBHOOK_PATH: "webhook" }, "WEBHOOK_PATH is no path for webhooks"],
    [{ WEBHOOK_PATH: "/healthz" }, "WEBHOOK_PATH is no path for webhooks"],
    [{ GITHUB_API_URL: "github.com" }, "GITHUB_API_URL is no address of an API"],
    [{ GITHUB_API_URL: "file:///etc" }, "GITHUB_API_URL is no address of an API"],
    [
      { GITHUB_API_URL: "http://github.example.com/api/v3" },
      "GITHUB_API_URL is not encrypted (http): tokens would be readable on the way",
    ],
    [{ GITHUB_API_URL: "https://a:b@example.com" }, "GITHUB_API_URL holds more than protocol, host and path"],
    [{ HOST: "http://x/" }, "HOST is no host name or address"],
    [{ PORT: "0" }, "PORT is no port"],
    [{ PORT: "65536" }, "PORT is no port"],
    [{ PORT: "80a" }, "PORT is no port"],
    [{ DATABASE_PATH: ":memory:" }, "DATABASE_PATH would forget everything when the program ends"],
    [{ DATABASE_PATH: directory }, "DATABASE_PATH names a folder"],
    [
      { COUNTERSIGN_SIGNING_KEY: "a text" },
      "COUNTERSIGN_SIGNING_KEY holds no Ed25519 or P-256 private key in PEM form",
    ],
    [{ COUNTERSIGN_MODE: "enforce" }, "COUNTERSIGN_MODE is not `observe`"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL is no level"],
    [{ GHE_HOST: "github.example.com" }, "GHE_HOST is not read by Countersign"],
  ])("%j", (env, problem) => {
    expect(problems(env)).toEqual([problem]);
  });

  it("an elliptic key, which GitHub Apps do not have", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(problems({ PRIVATE_KEY: pem })).toEqual(["PRIVATE_KEY holds no RSA private key in PEM form"]);
  });

  it.skipIf(process.getuid?.() === 0)("a database where nobody may write", () => {
    const path = join(directory, "locked");
    mkdirSync(path, { mode: 0o500 });
    expect(problems({ DATABASE_PATH: join(path, "x.db") })).toEqual([
      "DATABASE_PATH lies in a folder that cannot be written to",
    ]);
  });

  it("are told all at once, each with what to do, and without their values", () => {
    const secret = `short-${"x".repeat(4)}`;
    const read = readEnvironment({ APP_ID: "x", PRIVATE_KEY: `key-${secret}`, WEBHOOK_SECRET: secret, PORT: "x" });
    const text = problemText("problems" in read ? read.problems : []);
    expect(text).toContain("4 settings need attention");
    expect(text.match(/^ {4}\S.+\.$/gm)).toHaveLength(4);
    expect(text).not.toContain(secret);
  });
});

describe("what is said at the start", () => {
  it("whether anything was set", () => {
    expect(isUnconfigured({ PORT: "1", APP_ID: " " })).toBe(true);
    expect(isUnconfigured({ WEBHOOK_SECRET: "x" })).toBe(false);
  });
  it("a failure names what to change, where that is known", () => {
    const taken = Object.assign(new Error("listen EADDRINUSE 127.0.0.1:1"), { code: "EADDRINUSE" });
    expect(failureText(taken)).toContain("give another PORT");
    expect(failureText("odd")).toBe("Countersign cannot start: odd\n");
  });
});

describe("who the App is, for commands that can do without", () => {
  it("is read as far as it is told, and refused like the rest", () => {
    expect(readIdentity({})).toEqual({
      identity: { apiUrl: "https://api.github.com", appId: null, privateKey: null },
    });
    expect(readIdentity({ APP_ID: "12", GITHUB_API_URL: "https://h.example/api/v3/" })).toEqual({
      identity: { apiUrl: "https://h.example/api/v3", appId: 12, privateKey: null },
    });
    const whole = readIdentity({ APP_ID: "12", PRIVATE_KEY: PKCS1 });
    expect("identity" in whole && whole.identity.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    // A key of nobody: another program's variable, perhaps.
    expect("identity" in readIdentity({ PRIVATE_KEY: "x" })).toBe(true);
    const wrong = readIdentity({ APP_ID: "Iv1.x", PRIVATE_KEY: "x", GITHUB_API_URL: "http://h.example" });
    expect("problems" in wrong && wrong.problems.map(({ name }) => name)).toEqual([
      "GITHUB_API_URL",
      "APP_ID",
      "PRIVATE_KEY",
    ]);
  });
});

describe("docs/deploy.md", () => {
  it("explains every setting that is read, and no other", () => {
    const file = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
    const read = [...file("../src/environment.ts").matchAll(/read\(\s*"([A-Z_]+)"/g)].map(([, name]) => name);
    const signing = [
      ...file("../src/signing/signing-settings.ts").matchAll(/^const [A-Z_]+ = "(COUNTERSIGN_[A-Z_]+)";$/gm),
    ].map(([, name]) => name);
    const told = (page: string) => [...file(page).matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name).toSorted();
    const ours = new Set([...read.filter((name) => name !== "GHE_HOST"), "PRIVATE_KEY", "PRIVATE_KEY_PATH"]);
    expect(told("../docs/deploy.md")).toEqual([...ours, ...signing].toSorted());
    expect(told("../docs/evidence.md")).toEqual(signing.toSorted());
    expect(signing).toHaveLength(5);
  });
});
