import type { FileSide } from "../core/detector.ts";
import type { Confidence } from "../core/finding.ts";
import { isCredentialField } from "./credential-name.ts";
import { isPlaceholder } from "./secret-value-placeholder.ts";

/** A secret found in a file. It stays inside the detector: facts carry only its fingerprint. */
export interface FoundSecret {
  readonly secret: string;
  readonly format: string;
  readonly line: number;
  readonly confidence: Confidence;
}

const ACCESS_KEY_ID = /(?<![A-Za-z0-9/+_])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9/+_])/g;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MIN_PASSWORD = 6;
const MIN_RANDOM = 16;
const MAX_SECRET = 512;

/** Files of hashes, generated code and fixtures of other tools, where entropy says nothing. */
const NOISY_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|pipfile\.lock|cargo\.lock|composer\.lock|gemfile\.lock|go\.sum|bun\.lock|deno\.lock|flake\.lock|\.terraform\.lock\.hcl|\.secrets\.baseline)$|\.(?:min\.js|min\.css|map|svg|lock|snap|patch|diff|ipynb)$/i;

/** Names whose long random values are public: digests, identifiers, cursors. */
const PUBLIC_NAME =
  /(?:hash|digest|checksum|sha1|sha256|sha512|integrity|etag|fingerprint|public|uuid|guid|cursor|nonce|_id$|path$|file$|name$|url$|uri$|endpoint$|type$|header$|field$|regex|pattern|label|placeholder|title|description|env$|_var$)/i;

/** Values that look like secrets by their name or their randomness, and lone AWS access key ids. */
export function suspectedSecrets(file: FileSide): readonly FoundSecret[] {
  if (NOISY_FILE.test(file.path)) return [];
  return [...accessKeyIds(file), ...namedValues(file), ...shellValues(file)];
}

function accessKeyIds(file: FileSide): readonly FoundSecret[] {
  if (!file.text.includes("AKIA") && !file.text.includes("ASIA")) return [];
  return file.text.split("\n").flatMap((line, index) =>
    [...line.matchAll(ACCESS_KEY_ID)]
      .map(([secret]) => secret)
      .filter((secret) => !isPlaceholder(secret))
      .map((secret) => ({ secret, format: "aws-access-key-id", line: index + 1, confidence: "likely" as const })),
  );
}

function namedValues(file: FileSide): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const { path, value, kind, line } of file.literals) {
    const name = path.at(-1) ?? "";
    if (kind !== "string" || !isCredentialField(name) || PUBLIC_NAME.test(name)) continue;
    const format = formatOf(name, value);
    if (format !== null) found.push({ secret: value, format, line, confidence: "likely" });
  }
  return found;
}

/** `NAME=value` in files that are read as text: shell scripts, Dockerfiles, property files, embedded commands. */
function shellValues(file: FileSide): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const comments = new Set(file.comments.map((comment) => comment.line));
  for (const [index, line] of file.text.split("\n").entries()) {
    if (line.length > 2000 || comments.has(index + 1)) continue;
    for (const [, name = "", raw = ""] of line.matchAll(
      /(?<![A-Za-z0-9_?&.-])([A-Za-z][A-Za-z0-9_]{2,60})=(["'][^"']{6,512}["']|[^\s"'`;&|()<>,]{6,512})/g,
    )) {
      if (!isCredentialField(name) || PUBLIC_NAME.test(name)) continue;
      const value = raw.startsWith('"') || raw.startsWith("'") ? raw.slice(1, -1) : raw;
      const quoted = value !== raw;
      if (!quoted && /[.[{(]/.test(value) && !/\d/.test(value)) continue;
      const format = formatOf(name, value);
      if (format !== null && !(format === "password" && isCode(file.path) && !quoted)) {
        found.push({ secret: value, format, line: index + 1, confidence: "likely" });
      }
    }
  }
  return found;
}

function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|kts|cs|php|swift|scala|c|cc|cpp|h|hpp|m|lua|ex|exs|tf|hcl|r|jl|vue|svelte)$/i.test(
    path,
  );
}

/** What a named value is: a password, a random or hexadecimal key, or null when it is none of them. */
function formatOf(name: string, value: string): string | null {
  const text = value.trim();
  if (
    text.length < MIN_PASSWORD ||
    text.length > MAX_SECRET ||
    /\s/.test(text) ||
    isPlaceholder(text) ||
    UUID.test(text)
  )
    return null;
  if (/^[a-z]+:\/\//i.test(text) || /^(?:\.{0,2}\/|~\/|[A-Z]:\\)/.test(text) || /^[A-Z][A-Z0-9_]*$/.test(text))
    return null;
  const password = /passw(?:or)?d|passphrase|pwd/i.test(name);
  if (password) return isWordy(text) ? null : "password";
  if (text.length < MIN_RANDOM) return null;
  if (/^[0-9a-f]+$/i.test(text))
    return text.length >= 32 && entropyOf(text.toLowerCase()) >= 3 ? "hexadecimal-key" : null;
  if (!/^[A-Za-z0-9+/=_.:~!@#%^*-]+$/.test(text) || isWordy(text)) return null;
  return entropyOf(text) >= 3.5 && /\d/.test(text) && /[A-Za-z]/.test(text) ? "random-key" : null;
}

/** Identifiers, dotted names and sentences in kebab case: made of words, without digits among the letters. */
function isWordy(text: string): boolean {
  if (/^[A-Za-z]+$/.test(text))
    return text === text.toLowerCase() || /^[a-z]+(?:[A-Z][a-z]+)+$/.test(text) || /^[A-Z][a-z]+$/.test(text);
  return text.split(/[-_./:]/).every((word) => /^(?:[A-Za-z]?[a-z]*|[A-Z]+|v?\d{1,4})$/.test(word));
}

/** Shannon entropy of a text in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
