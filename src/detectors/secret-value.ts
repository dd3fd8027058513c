import { createHmac } from "node:crypto";
import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { knownSecrets, mayHoldKnownSecret } from "./secret-value-known.ts";
import { type FoundSecret, suspectedSecrets } from "./secret-value-suspected.ts";

const RULE = "credential/secret-value";
const FINGERPRINT_DIGITS = 16;
/** Binary stores of keys, which no pattern can read: the file itself is the secret. */
const KEY_STORE = /\.(?:p12|pfx|jks|keystore|kdbx)$/i;

/**
 * Finds secrets' values: known formats (certain) and suspected ones (likely).
 * Facts carry the keyed fingerprint of a value, HMAC-SHA256 cut to 16 hexadecimal digits, and never the value.
 */
export function secretValueDetector(key: Uint8Array): Detector {
  return {
    name: "secret-value",
    rules: [{ id: RULE, class: "credential", summary: "A secret's value stands in a file.", ignoresSurface: true }],
    literals: [],
    selects: () => true,
    extract: (file) => factsOf(file, key),
    judge,
  };
}

async function factsOf(file: FileSide, key: Uint8Array): Promise<readonly Fact[]> {
  if (KEY_STORE.test(file.path)) return [factOf(keyStore(file), key)];
  if (file.binary || file.text === "") return [];
  const known = mayHoldKnownSecret(file.text.toLowerCase()) ? await knownSecrets(file) : [];
  const facts = new Map<string, Fact>();
  for (const found of [...known, ...withoutKnown(suspectedSecrets(file), known)]) {
    const fact = factOf(found, key);
    if (!facts.has(fact.value)) facts.set(fact.value, fact);
  }
  return [...facts.values()];
}

/** Suspected values that are not a known one, or a part or the whole of one. */
function withoutKnown(suspected: readonly FoundSecret[], known: readonly FoundSecret[]): readonly FoundSecret[] {
  return suspected.filter(
    ({ secret }) => !known.some((found) => found.secret.includes(secret) || secret.includes(found.secret)),
  );
}

function keyStore(file: FileSide): FoundSecret {
  return { secret: file.entry.id, format: "key-store", line: 1, confidence: "likely" };
}

function factOf({ secret, format, line, confidence }: FoundSecret, key: Uint8Array): Fact {
  const fingerprint = createHmac("sha256", key).update(secret).digest("hex").slice(0, FINGERPRINT_DIGITS);
  // One slot a value: a second secret of the same kind is an addition, whatever stood beside it.
  return {
    rule: RULE,
    key: `${format}:${fingerprint}`,
    value: fingerprint,
    shown: `secret sha:${fingerprint}`,
    line,
    confidence,
  };
}

function judge(change: FactChange): Judgement {
  if (change.after) {
    const remedy = "Remove the value, rotate it because it is in the history now, and read it from a secret store.";
    return { direction: change.before ? "changed" : "added", severity: "major", remedy };
  }
  return {
    direction: "removed",
    severity: "minor",
    remedy: "Rotate the removed value if it was ever live: it stays in the history.",
  };
}
