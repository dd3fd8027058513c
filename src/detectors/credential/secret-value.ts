import { createHmac } from "node:crypto";
import type { Detector, Fact, FactChange, FileSide, HiddenText, Judgement } from "../../core/detector.ts";
import { memoisedByObject } from "../memoised.ts";
import type { FoundSecret } from "./secret-kept-rule.ts";
import { candidatesOf, KNOWN_LITERALS, knownSecrets } from "./secret-value-known.ts";
import { isNoisyFile, SUSPECT_LITERALS, suspectedSecrets } from "./secret-value-suspected.ts";
import { literalSegments, segmentView, textView, wrappedSegments } from "./secret-value-view.ts";

const RULE = "credential/secret-value";
const FINGERPRINT_DIGITS = 16;
/** Shorter lines of a value are words as likely as not. */
const MIN_HIDDEN = 6;
/** Binary stores of keys, which no pattern can read: the file itself is the secret. */
const KEY_STORE = /\.(?:p12|pfx|jks|keystore|kdbx)$/i;
const LITERALS: readonly string[] = [...new Set([...KNOWN_LITERALS, ...SUSPECT_LITERALS])];

const RULES = [
  {
    id: RULE,
    class: "credential",
    summary: "A secret's value stands in a file.",
    severity: "major. A known format blocks; a suspected one asks for a vote of `security`.",
    ignoresSurface: true,
  },
] as const;

/**
 * Finds secrets' values: known formats (certain) and suspected ones (likely), and key stores by their names.
 * Facts carry the keyed fingerprint of a value, HMAC-SHA256 cut to 16 hexadecimal digits, and never the value.
 */
export function secretValueDetectors(key: Uint8Array): readonly Detector[] {
  return [
    {
      name: "secret-value",
      rules: RULES,
      literals: LITERALS,
      selects: (path) => !KEY_STORE.test(path),
      extract: (file) => factsOf(file, key),
      secrets: (file) => hiddenIn(file, key),
      judge,
    },
    {
      name: "key-store",
      rules: RULES,
      literals: [],
      selects: (path) => KEY_STORE.test(path),
      extract: (file) => [factOf({ secret: file.entry.id, format: "key-store", line: 1, confidence: "likely" }, key)],
      judge,
    },
  ];
}

async function factsOf(file: FileSide, key: Uint8Array): Promise<readonly Fact[]> {
  const facts = new Map<string, Fact>();
  for (const found of await secretsIn(file)) {
    const fact = factOf(found, key);
    if (!facts.has(fact.value)) facts.set(fact.value, fact);
  }
  return [...facts.values()];
}

/** Each value, line by line, and the base64 that holds one. */
async function hiddenIn(file: FileSide, key: Uint8Array): Promise<readonly HiddenText[]> {
  const found = await secretsIn(file);
  if (found.length === 0) return [];
  const wrapped = wrappedSegments(textView(file));
  return found.flatMap(({ secret }) => {
    const holding = wrapped.filter(({ text }) => text.includes(secret)).map((segment) => segment.wrapped);
    const lines = [secret, ...holding].flatMap((text) => text.split(/\s+/)).filter((text) => text.length >= MIN_HIDDEN);
    return lines.map((text) => ({ text, shown: `***${fingerprintOf(secret, key)}` }));
  });
}

/** The secrets of a file, found once. */
const secretsIn: (file: FileSide) => Promise<readonly FoundSecret[]> = memoisedByObject(findSecrets);

async function findSecrets(file: FileSide): Promise<readonly FoundSecret[]> {
  if (file.binary || file.text === "") return [];
  const known = await knownIn(file);
  const covered = coverage(known);
  return [...known, ...suspectedSecrets(file).filter((suspected) => !covered(suspected))];
}

/** Known formats in the text as it stands, in values as the program sees them, and in what stands there as base64. */
async function knownIn(file: FileSide): Promise<readonly FoundSecret[]> {
  const text = textView(file);
  const candidates = candidatesOf(file, text);
  const literals = isNoisyFile(file.path) ? [] : literalSegments(file);
  const hidden = segmentView([...literals, ...(candidates.wrapped ? wrappedSegments(text) : [])]);
  const found = [...(await knownSecrets(text, file, candidates)), ...(await knownSecrets(hidden, file))];
  const sure = found.filter(({ confidence }) => confidence === "certain");
  const covered = coverage(sure);
  return [...sure, ...found.filter((one) => one.confidence === "likely" && !covered(one))];
}

/** More values than this in one line are not compared with each other: they are reported side by side. */
const MAX_COMPARED = 100;

/** Tells of a value whether one of `found` is the same or, in its line, holds it: one place is one secret, by its best-known format. */
function coverage(found: readonly FoundSecret[]): (secret: FoundSecret) => boolean {
  const texts = new Set(found.map(({ secret }) => compact(secret)));
  const lines = new Map<number, string[]>();
  for (const { secret, line } of found)
    lines.set(line, [...(lines.get(line) ?? []).slice(0, MAX_COMPARED), compact(secret)]);
  return ({ secret, line }) => {
    const text = compact(secret);
    return texts.has(text) || (lines.get(line) ?? []).some((other) => other.includes(text) || text.includes(other));
  };
}

function factOf({ secret, format, line, confidence }: FoundSecret, key: Uint8Array): Fact {
  const fingerprint = fingerprintOf(secret, key);
  // One slot a value: a second secret of the same kind is an addition, whatever stood beside it.
  return {
    rule: RULE,
    key: `${format}:${fingerprint}`,
    value: fingerprint,
    shown: `${format} ${fingerprint}`,
    line,
    confidence,
  };
}

/** A value without its line breaks: a key is the same on one line and on many. */
function compact(secret: string): string {
  return secret.replace(/\s+/g, "");
}

function fingerprintOf(secret: string, key: Uint8Array): string {
  return createHmac("sha256", key).update(compact(secret)).digest("hex").slice(0, FINGERPRINT_DIGITS);
}

function judge({ before, after }: FactChange): Judgement {
  if (after) {
    const remedy = "Remove the value, rotate it because it is in the history now, and read it from a secret store.";
    return { direction: before ? "changed" : "added", severity: "major", remedy };
  }
  const certain = before?.confidence === "certain";
  return {
    direction: "removed",
    severity: certain ? "minor" : "trivial",
    remedy: "Rotate the removed value if it was ever live: it stays in the history.",
  };
}
