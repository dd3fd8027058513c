import type { FileSide, Literal } from "../../core/detector.ts";
import type { Surface } from "../../core/finding.ts";
import { isIndex } from "../literal-parts.ts";
import { askedInARow, memoised } from "../memoised.ts";
import type { FoundSecret } from "./secret-kept-rule.ts";
import { manifestValues } from "./secret-manifest.ts";
import { isPlaceholder } from "./secret-value-placeholder.ts";

/** Lower-case pieces of which a name that this file looks at holds one. */
export const SUSPECT_LITERALS: readonly string[] =
  "passw|passphrase|pwd|_pass|-pass|pass:|pass=|pass =|pass\"|pass'|_pw|secret|token|apikey|api_key|api-key|accesskey|access_key|access-key|private_key|privatekey|private-key|authkey|auth_key|masterkey|master_key|signing_key|signingkey|encryption_key|encryptionkey|accountkey|account_key|credential|creds|bearer|authorization|_auth|_key|curl ".split(
    "|",
  );

const NONE: readonly FoundSecret[] = [];
const MIN_PASSWORD = 6;
const MIN_RANDOM = 16;
const MIN_HEXADECIMAL = 24;
const MAX_SECRET = 512;
/** Bits a character, as detect-secrets has them: below, a value is more likely a word than a draw. */
const HEXADECIMAL_ENTROPY = 3;
const RANDOM_ENTROPY = 3.5;

/** Files of hashes, generated code and recorded traffic, where neither names nor entropy say anything. */
const NOISY_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|pipfile\.lock|cargo\.lock|composer\.lock|gemfile\.lock|go\.(?:sum|work\.sum)|bun\.lock|deno\.lock|flake\.lock|packages\.lock\.json|gradle\.lockfile|verification-metadata\.xml|\.terraform\.lock\.hcl|\.secrets\.baseline|checksums?[^/]*|sha(?:1|256|512)sums?[^/]*|swagger[^/]*\.(?:json|ya?ml)|openapi[^/]*\.(?:json|ya?ml))$|\.(?:min\.[cm]?js|min\.css|map|svg|lock|lockb|snap|ambr|patch|diff|sum|sha\d*|md5|asc|sig|pub|crt|cer|csv|tsv|po|pot|xlf|tmLanguage\.json)$|(?:^|\/)(?:cassettes|vcr_cassettes|__snapshots__|locales?|i18n|translations)\//i;

/** Names of credentials whose value is secret. */
const PASSWORD_NAME = /(?:passw(?:or)?d|passphrase|passwd|pwd|(?:^|[_.-])(?:pass|pw))$/i;
const PASS_NAME = /[a-z]Pass$/;
/** What tells apart the secrets of one name. */
const NAME_SUFFIX = /[_.-](?:prod(?:uction)?|live|dev(?:elopment)?|stag(?:e|ing)|new|old|backup|main|v?\d{1,3})$/i;
const SECRET_NAME =
  /(?:(?:api|access|auth|private|secret|signing|encryption|master|account|client|service|app|admin|shared|storage|deploy|bot|license|subscription|session|cookie|jwt|webhook|hmac|crypto|[a-z]+ai|anthropic|gemini|cohere|azure|aws)[_.-]?key|secret|secret[_.-]?string|token|credentials?|creds|(?:^|[_.-])auth|bearer|authorization|[A-Z0-9]_KEY)$/;
const UPPER_NAME = /(?:_KEY|_TOKEN|_SECRET|_CREDENTIALS?|_AUTH)(?:_\d{1,3})?$/;
/** Names whose long random values are public: digests, identifiers, cursors, technical keys and tokens. */
const PUBLIC_NAME =
  /(?:hash|digest|checksum|sha\d+|integrity|etag|fingerprint|public|publishable|site|anon|uuid|guid|cursor|nonce|primary|foreign|partition|sort|cache|idempotency|translation|i18n|message|row|object|index|map|csrf|xsrf|authenticity|page|next|continuation|sync|start|end|stop|eos|bos|pad|unk|special|placeholder|label|title|description|hot|shortcut|keyboard|react)[_.-]?(?:api[_.-]?|access[_.-]?)?(?:key|token|secret|password|credential)?s?$/i;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Names that say of a UUID, which is an identifier elsewhere, that it opens something. */
const UUID_NAME = /(?:passw(?:or)?d|secret|token|(?:api|access)[_.-]?key|authorization)$/i;
/** Beginnings of keys that vendors mean to be shown to everybody: of analytics, shops, maps. */
const PUBLISHED = /^(?:phc_|pk_(?:live|test)_|pk\.eyJ|sb_publishable_|pub[_-])/;
/** Where sample accounts stand: a password there is a made-up word more often than not, and only randomness counts. */
const SAMPLE_SURFACES: ReadonlySet<Surface> = new Set(["test", "example", "docs"]);

/** Whether a file is one of hashes, generated code or recorded traffic. */
export const isNoisyFile: (path: string) => boolean = askedInARow((path) => NOISY_FILE.test(path));

/** Values that look like secrets by their name and their randomness. */
export function suspectedSecrets(file: FileSide): readonly FoundSecret[] {
  if (isNoisyFile(file.path)) return [];
  return [
    ...namedValues(file),
    ...manifestSecrets(file),
    ...(isCode(file.path) ? insideLiterals(file) : assignedValues(file)),
  ];
}

/** Literals bound to a credential's name, or that stand beside one: `name: DB_PASSWORD` and `value: …`. */
function namedValues(file: FileSide): readonly FoundSecret[] {
  return file.literals.flatMap((literal, index): readonly FoundSecret[] => {
    const { kind, value, line } = literal;
    if (kind !== "string" || value.length < MIN_PASSWORD || value.length > MAX_SECRET) return NONE;
    const name = nameOf(literal, file.literals[index - 1], file.literals[index + 1]);
    if (meaningOf(name) === null) return NONE;
    const said = bearerOf(value);
    return said.trim().includes(" ") ? NONE : suspect(name, said, line, file.surface);
  });
}

/** A manifest's values are judged by what they decode to, and named as they stand. */
function manifestSecrets(file: FileSide): readonly FoundSecret[] {
  return manifestValues(file).flatMap(({ value, decoded, line }): readonly FoundSecret[] => {
    const format = formatOf("password", decoded, SAMPLE_SURFACES.has(file.surface));
    return format === null ? [] : [{ secret: value, format, line, confidence: "likely" }];
  });
}

function nameOf({ path }: Literal, before: Literal | undefined, after: Literal | undefined): string {
  const last = path.at(-1) ?? "";
  if (isIndex(last)) return argumentName(path, before);
  if (!/^(?:value|default)$/i.test(last)) return last;
  const sibling = [before, after].find(
    (other) =>
      other?.path.length === path.length &&
      /^(?:name|key|id|label)$/i.test(other.path.at(-1) ?? "") &&
      other.path.slice(0, -1).every((part, index) => part === path[index]),
  );
  return sibling?.value ?? path.at(-2) ?? "";
}

/** What stands before an argument as its name: `set("API_KEY", "…")`, `["--api-key", "…"]`. */
function argumentName(path: Literal["path"], before: Literal | undefined): string {
  const index = path.length - 1;
  const beside =
    before?.path.length === path.length &&
    Number(before.path[index]) === Number(path[index]) - 1 &&
    before.path.slice(0, index).every((part, at) => part === path[at]);
  if (!beside) return "";
  const called = path[index - 1]?.endsWith("()") ?? false;
  return (called ? /^(?:--?)?([A-Za-z][\w.-]{1,60})$/ : /^--?([A-Za-z][\w.-]{1,60})$/).exec(before.value)?.[1] ?? "";
}

const ASSIGNMENT =
  /(?<![A-Za-z0-9_?&.-])([A-Za-z][A-Za-z0-9_.-]{1,60})(?:["']?\]?["']?\s{0,3}(?:=>|[:?]{0,3}=|:)|\s[A-Za-z]{1,12}\s?=|["'],(?=\s?["']))\s{0,3}(["'`][^"'`\n]{6,512}["'`]|[^\s"'`;&|()<>,]{6,512})/g;
const HEADER = /authorization["']?\s{0,3}[:=,]\s{0,3}["']?(?:[a-z][a-z-]{1,11}\s{1,3})?([A-Za-z0-9._~+/=-]{16,512})/gi;
const COMMAND_USER =
  /\bcurl\b[^\n]{0,500}?\s(?:-u|--user)[= ]\s{0,3}["']?[^\s:"'$]{0,64}["']?:["']?([^\s"'@$]{6,128})/g;
/** A key in the place of the user, with no password behind it. */
const COMMAND_KEY = /\bcurl\b[^\n]{0,500}?\s(?:-u|--user)[= ]\s{0,3}["']?([^\s:"'$]{16,128}):["']?(?:\s|$)/g;

/** Part of every name that makes a value a suspect: most lines hold none, and looking for it costs less than the assignment. */
const NAMED = /pass|pw|secret|token|key|cred|auth|bearer/i;

/** `NAME=value`, `name: value`, headers and commands in text: scripts, Dockerfiles, properties, prose, comments too. */
function assignedValues(file: FileSide): readonly FoundSecret[] {
  const comments = new Set(file.comments.map((comment) => comment.line));
  const script = isScript(file.path);
  const lines = file.text.split("\n");
  let command = false;
  return lines.flatMap((line, index) => {
    const continued = command && /\\\r?$/.test(lines[index - 1] ?? "");
    command = continued || line.includes("curl");
    const assigned = assignmentsIn(line).flatMap(([, name = "", raw = ""]) => {
      const quoted = /^["'`]/.test(raw);
      const surface = !script && (comments.has(index + 1) || !quoted) ? "docs" : file.surface;
      return suspect(name, bearerOf(quoted ? raw.slice(1, -1) : raw), index + 1, surface);
    });
    return [...assigned, ...commandSecrets(continued ? `curl ${line}` : line, index + 1)];
  });
}

function assignmentsIn(text: string): readonly RegExpExecArray[] {
  return NAMED.test(text) ? [...text.matchAll(ASSIGNMENT)] : [];
}

/** What a request in a command proves itself with. */
function commandSecrets(line: string, number: number): readonly FoundSecret[] {
  const found = /authorization/i.test(line) ? [...line.matchAll(HEADER)].map(([, value = ""]) => ["token", value]) : [];
  if (line.includes("curl")) {
    for (const [, value = ""] of line.matchAll(COMMAND_USER)) found.push(["password", value]);
    for (const [, value = ""] of line.matchAll(COMMAND_KEY)) found.push(["token", value]);
  }
  return found.flatMap(([name = "", value = ""]) => suspect(name, value, number, "production"));
}

/** Assignments inside the strings of code: connection strings, commands, headers. */
function insideLiterals(file: FileSide): readonly FoundSecret[] {
  return file.literals.flatMap(({ kind, value, line }) => {
    if (kind !== "string" || !(value.includes(":") || value.includes("="))) return NONE;
    return [
      ...commandSecrets(value, line),
      ...assignmentsIn(value).flatMap(([, name = "", raw = ""]) =>
        suspect(name, bearerOf(raw.replace(/^["'`]|["'`]$/g, "")), line, "docs"),
      ),
    ];
  });
}

/** What a header's value proves with: `Bearer x`, `token x`, `Basic x`. */
function bearerOf(value: string): string {
  return /^(?:bearer|token|basic|apikey)\s+(\S{16,512})$/i.exec(value)?.[1] ?? value;
}

function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|pyi|ipynb|rb|go|rs|java|kt|kts|cs|php|swift|scala|c|cc|cpp|h|hpp|m|lua|ex|exs|tf|hcl|r|jl|vue|svelte|json[c5]?)$/i.test(
    path,
  );
}

function isScript(path: string): boolean {
  return /(?:^|\/)\.env[^/]*$|\.(?:env|sh|bash|zsh|ps1|properties|ini|cfg|conf)$|(?:^|\/)(?:Dockerfile[^/]*|\.npmrc|\.netrc|\.pypirc)$/i.test(
    path,
  );
}

function suspect(name: string, value: string, line: number, surface: Surface): readonly FoundSecret[] {
  if (value.length < MIN_PASSWORD || meaningOf(name) === null) return NONE;
  // A Makefile's value keeps its quotes.
  const secret = value.trim().replace(/^(["'])(.*)\1[;,]?$/, "$2");
  const format = formatOf(name, secret, SAMPLE_SURFACES.has(surface));
  return format === null ? [] : [{ secret, format, line, confidence: "likely" }];
}

/** What a named value is: a password, a random or hexadecimal key, or null when it is none of them. */
function formatOf(fullName: string, text: string, sample: boolean): string | null {
  if (text.length < MIN_PASSWORD || text.length > MAX_SECRET || !/^[\x21-\x7e]+$/.test(text)) return null;
  const named = meaningOf(fullName);
  if (named === null) return null;
  const { name, password } = named;
  if (isLocation(text) || PUBLISHED.test(text) || isPlaceholder(text)) return null;
  if (UUID.test(text)) return !sample && UUID_NAME.test(name) ? "uuid-key" : null;
  if (/^[0-9a-f]+$/i.test(text) && text.length >= MIN_HEXADECIMAL)
    return entropyOf(text.toLowerCase()) >= HEXADECIMAL_ENTROPY ? "hexadecimal-key" : null;
  const random = text.length >= MIN_RANDOM && isRandom(text);
  if (random) return "random-key";
  return password && !sample && !isName(text) ? "password" : null;
}

/** A name without what tells it from others, and whether it is a password's; null for one that is no credential's. */
const meaningOf = memoised((fullName): { readonly name: string; readonly password: boolean } | null => {
  const name = fullName.replace(NAME_SUFFIX, "");
  const password = PASSWORD_NAME.test(name) || PASS_NAME.test(name);
  return password || isSecretName(name) ? { name, password } : null;
});

function isSecretName(name: string): boolean {
  return (
    (SECRET_NAME.test(name) || SECRET_NAME.test(name.toLowerCase()) || UPPER_NAME.test(name)) && !PUBLIC_NAME.test(name)
  );
}

const ADDRESS = /^[a-z][a-z0-9+.-]{0,20}:\/\/|^(?:\.{0,2}\/|~\/|[a-z]:\\)/i;
const FILE_OR_HOST = /^[\w.-]+\.(?:com|org|net|io|ai|dev|json|ya?ml|pem|key|txt|env|crt|py|[jt]s)$/i;

/** Addresses, paths and names of variables: they say where a secret is. */
function isLocation(text: string): boolean {
  if (ADDRESS.test(text) || FILE_OR_HOST.test(text)) return true;
  return /^[A-Z][A-Z0-9_]*$/.test(text) && !(/\d/.test(text) && text.length >= MIN_RANDOM && !text.includes("_"));
}

function isRandom(text: string): boolean {
  return /\d/.test(text) && /[A-Za-z]/.test(text) && !isWordy(text) && entropyOf(text) >= RANDOM_ENTROPY;
}

const WORD_WITH_NUMBER =
  /^(?:\d{0,4}|[A-Za-z]?[a-z]{0,20}\d{0,4}|[A-Z]{0,20}\d{0,4}|[a-z]{1,20}(?:[A-Z][a-z]{1,20}){1,6}|(?:[A-Z][a-z]{1,20}){1,6}\d{0,2}|v\d{1,4}[a-z]?)$/;

/** Identifiers, dotted names, versions and phrases in kebab case: most letters belong to words rather than to a draw. */
function isWordy(text: string): boolean {
  const parts = text.split(/[-_./:@+,#]/);
  if (parts.every((word) => WORD_WITH_NUMBER.test(word))) return true;
  const words = parts.filter((part) => /^[a-z]{3,20}$|^[A-Z][a-z]{2,20}$/.test(part)).join("").length;
  return words * 2 > text.replace(/[^A-Za-z]/g, "").length;
}

/** Letters only, as one word or several: what a label, a field's name or a kind is. */
function isName(text: string): boolean {
  return /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/.test(text);
}

/** Shannon entropy of a text in bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
