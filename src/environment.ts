import { createPrivateKey } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OWN_KEY, readSigning, type SigningSettings } from "./signing/signing-settings.ts";
import { LOG_LEVELS } from "./web/log.ts";

/** Everything an operator can set. */
export interface Settings {
  readonly appId: number;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  readonly webhookSecrets: readonly string[];
  readonly webhookPath: string;
  readonly apiUrl: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** What records are signed with. */
  readonly signing: SigningSettings;
  /** `observe` keeps the whole instance from blocking anything. */
  readonly mode: "observe" | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** A setting that cannot be used: what was expected and what to do. Never its value, which may be a secret. */
export interface SettingProblem {
  readonly name: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The environment, as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

class Refused extends Error {
  readonly remedy: string;
  constructor(problem: string, remedy: string) {
    super(problem);
    this.remedy = remedy;
  }
}

/** Reads the environment: settings, or everything that is wrong with it at once. */
export function readEnvironment(
  env: Environment,
): { readonly settings: Settings } | { readonly problems: readonly SettingProblem[] } {
  const { read, problems } = reading(env);
  const signing = readSigning(env);
  if ("problems" in signing) problems.push(...signing.problems);
  const settings: Settings = {
    appId: read("APP_ID", appIdOf),
    privateKey: read(keyName(env), () => privateKeyOf(env)),
    webhookSecrets: read("WEBHOOK_SECRET", secretsOf),
    webhookPath: read("WEBHOOK_PATH", pathOf, "/webhook"),
    apiUrl: read("GITHUB_API_URL", apiUrlOf, GITHUB),
    host: read("HOST", hostOf, "127.0.0.1"),
    port: read("PORT", portOf, "3000"),
    database: read("DATABASE_PATH", databaseOf, "data/countersign.db"),
    signing: "signing" in signing ? signing.signing : OWN_KEY,
    mode: read("COUNTERSIGN_MODE", modeOf),
    logLevel: read("LOG_LEVEL", logLevelOf, "info"),
  };
  read("GHE_HOST", unread);
  return problems.length > 0 ? { problems } : { settings };
}

/** Which GitHub, and which App as far as the environment says; a private key without its App's number says nothing. */
export interface AppIdentity {
  readonly apiUrl: string;
  readonly appId: number | null;
  /** PEM, PKCS #8. */
  readonly privateKey: string | null;
}

/** Reads who the App is, for commands that can do without. */
export function readIdentity(
  env: Environment,
): { readonly identity: AppIdentity } | { readonly problems: readonly SettingProblem[] } {
  const { read, problems } = reading(env);
  const keyed = given(env, "PRIVATE_KEY") || given(env, "PRIVATE_KEY_PATH");
  const identity: AppIdentity = {
    apiUrl: read("GITHUB_API_URL", apiUrlOf, GITHUB),
    appId: given(env, "APP_ID") ? read("APP_ID", appIdOf) : null,
    privateKey: keyed && given(env, "APP_ID") ? read(keyName(env), () => privateKeyOf(env)) : null,
  };
  return problems.length > 0 ? { problems } : { identity };
}

const GITHUB = "https://api.github.com";

function reading(env: Environment) {
  const problems: SettingProblem[] = [];
  const read = <T>(name: string, parse: (value: string) => T, fallback?: string): T => {
    try {
      return parse((env[name] ?? "").trim() || (fallback ?? ""));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      problems.push({ name, problem: refusal.message, remedy: refusal.remedy });
      return undefined as T;
    }
  };
  return { read, problems };
}

function keyName(env: Environment): string {
  return given(env, "PRIVATE_KEY_PATH") && !given(env, "PRIVATE_KEY") ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY";
}

/** Whether nothing of what the App needs was set: then the operator wants to know how to begin. */
export function isUnconfigured(env: Environment): boolean {
  return !["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"].some((name) => given(env, name));
}

function given(env: Environment, name: string): boolean {
  return (env[name] ?? "").trim() !== "";
}

function appIdOf(value: string): number {
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw new Refused(
    value === "" ? "is missing" : "is not a number",
    "Give the number that the App's page shows as `App ID` (Settings, Developer settings, GitHub Apps), not its client id.",
  );
}

const NEW_KEY =
  "Generate one on the App's page under `Private keys`; give its text as PRIVATE_KEY or its file as PRIVATE_KEY_PATH.";

function privateKeyOf(env: Environment): string {
  const [text, path] = [given(env, "PRIVATE_KEY"), given(env, "PRIVATE_KEY_PATH")];
  if (text && path) throw new Refused("is given beside PRIVATE_KEY_PATH", "Leave one of the two out.");
  if (!text && !path) throw new Refused("is missing, and so is PRIVATE_KEY_PATH", NEW_KEY);
  const written = text ? (env.PRIVATE_KEY ?? "") : fileText((env.PRIVATE_KEY_PATH ?? "").trim());
  try {
    const key = createPrivateKey(pemOf(written));
    if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs8", format: "pem" }).toString();
  } catch {
    // What Node says of a key that it cannot read may quote it.
  }
  throw new Refused("holds no RSA private key in PEM form", NEW_KEY);
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException).code ?? "unknown";
    throw new Refused(`names a file that cannot be read (${code})`, "Check the path, and that this user may read it.");
  }
}

/** Line ends survive few ways of setting a variable: written as `\n`, or the whole in base64, they are understood too. */
function pemOf(written: string): string {
  const text = written.trim().replaceAll("\\n", "\n");
  return text.startsWith("-----BEGIN") ? text : Buffer.from(text, "base64").toString("utf8");
}

const SHORTEST_SECRET = 16;
const NEW_SECRET = "Make one with `openssl rand -hex 32` and set the same as `Webhook secret` on the App's page.";

function secretsOf(value: string): string[] {
  const secrets = value.split(/[,\n]/).flatMap((one) => one.trim() || []);
  if (secrets.length === 0) throw new Refused("is missing", NEW_SECRET);
  if (secrets.includes("development")) throw new Refused("is `development`, which everybody knows", NEW_SECRET);
  if (secrets.some(({ length }) => length < SHORTEST_SECRET))
    throw new Refused(`holds a secret of fewer than ${SHORTEST_SECRET} characters`, NEW_SECRET);
  if (secrets.length > 5) throw new Refused("holds more than 5 secrets", "Keep those that GitHub may still sign with.");
  return secrets;
}

function pathOf(value: string): string {
  if (/^\/[\w./-]{1,200}$/.test(value) && !["/healthz", "/readyz"].includes(value)) return value;
  throw new Refused("is no path for webhooks", "Give a path such as /webhook, other than /healthz and /readyz.");
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function apiUrlOf(value: string): string {
  const remedy = "Leave it out for github.com; give https://HOST/api/v3 for an Enterprise Server.";
  const url = URL.parse(value);
  if (!url || !["https:", "http:"].includes(url.protocol)) throw new Refused("is no address of an API", remedy);
  if (url.username || url.password || url.search || url.hash)
    throw new Refused("holds more than protocol, host and path", remedy);
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname))
    throw new Refused("is not encrypted (http): tokens would be readable on the way", remedy);
  return value.replace(/\/+$/, "");
}

function hostOf(value: string): string {
  if (/^[\w.:-]{1,255}$/.test(value)) return value;
  throw new Refused(
    "is no host name or address",
    "Give the address to listen on: 127.0.0.1 behind a proxy, 0.0.0.0 in a container.",
  );
}

function portOf(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535) return Number(value);
  throw new Refused("is no port", "Give a number from 1 to 65535.");
}

function databaseOf(value: string): string {
  const path = resolve(value);
  const remedy = "Give the path of a file on a local disk, in a folder that this user may write to.";
  if (value === ":memory:") throw new Refused("would forget everything when the program ends", remedy);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Refused("names a folder", remedy);
  let folder = dirname(path);
  while (!statSync(folder, { throwIfNoEntry: false }) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new Refused("lies in a folder that cannot be written to", remedy);
  }
  return path;
}

function modeOf(value: string): "observe" | null {
  if (value === "") return null;
  if (value === "observe") return value;
  throw new Refused(
    "is not `observe`",
    "Give observe to keep this instance from blocking anything, or leave it out: then each repository's policy decides.",
  );
}

function logLevelOf(value: string): (typeof LOG_LEVELS)[number] {
  const level = LOG_LEVELS.find((one) => one === value.toLowerCase());
  if (level) return level;
  throw new Refused("is no level", `Give one of ${LOG_LEVELS.join(", ")}.`);
}

function unread(value: string): void {
  if (value !== "")
    throw new Refused("is not read by Countersign", "Give GITHUB_API_URL=https://HOST/api/v3 in its place.");
}
