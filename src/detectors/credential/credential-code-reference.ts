import type { FileSide, Literal } from "../../core/detector.ts";
import { partQuestion } from "../literal-parts.ts";
import { textGate } from "../text-gate.ts";
import {
  environmentName,
  isCredentialField,
  isCredentialIdentifier,
  isCredentialName,
  isDistinctCredentialName,
} from "./credential-name.ts";
import { readsSecrets, type StoredReference, secretPaths } from "./secret-path.ts";
import { assignedNames } from "./shell-reference.ts";

/** A name that is put together: `f"{service}_API_TOKEN"`. */
const MADE_NAME = /^(?:[$#]?\{[^{}]{1,60}\}|%s)(_(?:API_KEY|API_TOKEN|ACCESS_TOKEN|AUTH_TOKEN|TOKEN|SECRET|PASSWORD))$/;
/** Calls, members and annotations that read the environment. */
const ENVIRONMENT =
  /environ|getenv|get_env|process\.env|\benv\.(?:get|fetch|require)|env::var|lookupenv|import\.meta\.env|\benv[[(]|\.env\[/i;
const IDENTIFIER = /(?<![A-Za-z0-9_$])[A-Z][A-Z0-9]{1,40}(?:_[A-Z0-9]{1,40}){1,8}(?![A-Za-z0-9_])/g;

const NONE: readonly StoredReference[] = [];
const secretReaders = partQuestion(readsSecrets);

/** Credentials that code names: read from the environment or a store, given as the name of a setting, used as an identifier. */
export function codeReferences(file: FileSide): readonly StoredReference[] {
  // A declaration of types reads nothing.
  if (/\.d\.[cm]?ts$/i.test(file.path)) return [];
  const named = secretReaders.any(file.literals);
  const found: StoredReference[] = [];
  for (const literal of file.literals) if (literal.kind === "string") addReferences(found, literal, named);
  return [
    ...found,
    ...namelessKeys(file.literals),
    ...fallbacks(file.literals, found),
    ...settingsFields(file),
    ...identifiers(file),
  ];
}

const maySettle = textGate("basesettings", "pydantic_settings");

/** A class of settings that the environment fills: `acme_api_key: Optional[str] = None`. */
function settingsFields(file: FileSide): readonly StoredReference[] {
  if (!/\.py$/i.test(file.path) || !maySettle(file)) return [];
  return file.literals.flatMap(({ path, value, kind, line }): readonly StoredReference[] => {
    const name = path.length === 1 ? (path[0] ?? "") : "";
    const open = kind === "null" || (kind === "string" && value === "");
    return open && /^[a-z]\w{2,80}$/.test(name) && isCredentialIdentifier(name.toUpperCase())
      ? [{ name: name.toUpperCase(), store: "environment", line }]
      : [];
  });
}

/** A credential read from a variable whose name is computed: `api_key = os.getenv(name, "")`. */
function namelessKeys(literals: readonly Literal[]): readonly StoredReference[] {
  return literals.flatMap(({ path, value, kind, line }, index): readonly StoredReference[] => {
    if (kind !== "string" || path.at(-1) !== "1") return NONE;
    const [call = "", held = ""] = [path.at(-2), path.at(-3)];
    if (!call.endsWith("()") || !ENVIRONMENT.test(call)) return NONE;
    const name = literals[index - 1];
    const said = name?.path.at(-1) === "0" && name.path.at(-2) === call && name.path.length === path.length;
    return value === "" && !said && isDistinctCredentialName(environmentName(held))
      ? [{ name: `${held} by a computed name`, store: "environment", line }]
      : [];
  });
}

/** Texts that stand in for a credential that is read from the environment: `apiKey: local ? "none" : process.env.KEY`. */
function fallbacks(literals: readonly Literal[], found: readonly StoredReference[]): readonly StoredReference[] {
  if (!found.some(({ store }) => store === "environment")) return [];
  const read = new Set(
    literals.flatMap(({ path, value }) =>
      isCredentialName(value) && ENVIRONMENT.test(path.at(-1) ?? "") ? [path.slice(0, -1).join("\0")] : [],
    ),
  );
  return literals.flatMap(({ path, value, kind, line }): readonly StoredReference[] =>
    kind === "string" &&
    /^[\w.-]{2,60}$/.test(value) &&
    isCredentialField(path.at(-1) ?? "") &&
    read.has(path.join("\0"))
      ? [{ name: path.slice(-2).join("."), store: "plain text", line }]
      : [],
  );
}

function addReferences(found: StoredReference[], { path, value, line }: Literal, secrets: boolean): void {
  found.push(...secretPaths(path, value, line, secrets));
  const named =
    isDistinctCredentialName(value) || (isCredentialName(value) && path.some((part) => ENVIRONMENT.test(part)));
  if (named) found.push({ name: value, store: "environment", line });
  const bound = path.at(-1) ?? "";
  if (isCredentialIdentifier(bound) && !isCredentialName(value))
    found.push({ name: bound, store: "environment", line });
  for (const name of assignedNames(value)) found.push({ name, store: "environment", line });
  const made = MADE_NAME.exec(value)?.[1];
  if (made !== undefined && path.some((part) => ENVIRONMENT.test(part) || SETTINGS.test(part)))
    found.push({ name: `*${made}`, store: "environment", line });
  const setting = settingIn(path, value);
  if (setting !== null) found.push({ name: setting, store: "environment", line });
  if (isFixedSecret(path, value)) found.push({ name: path.slice(-2).join("."), store: "plain text", line });
  const open = openField(path, value);
  if (open !== null) found.push({ name: open, store: "plain text", line });
}

/** The field that waits for a credential to be written into the code: `api_key: str = Field(default="YOUR_KEY")`. */
function openField(path: readonly string[], value: string): string | null {
  if (!/^<?your[-_ ][\w -]{1,60}>?$/i.test(value) || isCredentialName(value)) return null;
  const field = path.filter((part) => !/^(?:\d+|default)$|\(\)$/.test(part));
  return isDistinctCredentialName(environmentName(field.at(-1) ?? "")) ? field.slice(-2).join(".") : null;
}

/** What reads settings, options and properties by their names. */
const SETTINGS =
  /(?:get|settings?|config|conf|propert(?:y|ies)|value|env|option|argument|flag|secret|param)[^.]{0,40}(?:\(\)|\[\])$/i;
/** What a request brings along is not read from the program's surroundings. */
const HEADERS = /headers?(?:\[\]|\(\))?$/i;
/** What the name of every credential holds. */
const CREDENTIAL_WORD = /key|token|secret|pass|pwd|credential|pat|connection/i;
const SETTING = /^(?:--|\$\{)?[A-Za-z][A-Za-z0-9_]{0,40}(?:[.:-][A-Za-z0-9_]{1,40}){1,6}(?:\}|:[^}]{0,80}\})?$/;

/** A credential's setting in any notation (`openai.api_key`, `OpenAI:ApiKey`, `--openai-api-key`), as the environment would name it. */
function settingIn(path: readonly string[], value: string): string | null {
  if (value.length > 120 || !SETTING.test(value) || !CREDENTIAL_WORD.test(value)) return null;
  if (!path.some((part) => SETTINGS.test(part))) return null;
  const inner = value.startsWith("${") ? (value.slice(2, -1).split(":")[0] ?? "") : value.replace(/^--/, "");
  const name = environmentName(inner);
  if (!isDistinctCredentialName(name)) return null;
  return path.some((part) => HEADERS.test(part)) ? `header ${inner}` : name;
}

const SECRET_FIELD = /^(?:[a-z_]{0,40}secret|[a-z_]{0,40}password|passwd|passphrase|secret_?key|signing_?key)$/i;
const FIXED =
  /^(?:development|dev|default|changeme|change[-_]me|change[-_]it|secret|my[-_]?secret|super[-_]?secret|keyboard cat|insecure|admin|root|letmein|12345\d{0,4})$/i;

/** A secret handed to a call that is a word everybody knows, mostly as the default where none is configured. */
function isFixedSecret(path: readonly string[], value: string): boolean {
  return (
    path.length > 1 && (path.at(-2) ?? "").endsWith("()") && SECRET_FIELD.test(path.at(-1) ?? "") && FIXED.test(value)
  );
}

/** Names such as `settings.OPENAI_API_KEY`, outside of strings and comments: those are counted out again. */
function identifiers(file: FileSide): readonly StoredReference[] {
  if (!/[A-Z0-9]_(?:KEY|TOKEN|SECRET|PASS|PWD|PAT|CREDENTIAL|API)/.test(file.text)) return [];
  const places = new Map<string, { count: number; readonly line: number }>();
  let line = 1;
  let end = file.text.indexOf("\n");
  for (const { 0: name, index } of file.text.matchAll(IDENTIFIER)) {
    for (; end >= 0 && end < index; end = file.text.indexOf("\n", end + 1)) line += 1;
    const place = places.get(name);
    if (place) place.count += 1;
    else if (isCredentialIdentifier(name)) places.set(name, { count: 1, line });
  }
  if (places.size === 0) return [];
  for (const text of [...file.literals.map(({ value }) => value), ...file.comments.map((comment) => comment.text)]) {
    if (!text.includes("_")) continue;
    for (const [name] of text.matchAll(IDENTIFIER)) {
      const place = places.get(name);
      if (place) place.count -= 1;
    }
  }
  return [...places].flatMap(([name, { count, line }]): readonly StoredReference[] =>
    count > 0 ? [{ name, store: "environment", line }] : [],
  );
}
