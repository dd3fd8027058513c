import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Signer } from "../evidence/envelope.ts";
import { type KnownKeys, keyIdOf, knownKeys } from "../evidence/key-history.ts";
import { externalSigner } from "./external-signer.ts";
import { localSigner, signingKeyOf } from "./local-signer.ts";
import type { SigningSettings } from "./signing-settings.ts";

/** What an instance signs with, and what it verifies with. */
export interface OperatorSigner {
  readonly signer: Signer;
  /** The signer's own key and those of its history. */
  readonly keys: KnownKeys;
  /** The file of a key that was made just now; null where there was one. */
  readonly created: string | null;
}

/** The key that an instance made for itself cannot be used. */
export class SigningKeyFault extends Error {
  override readonly name = "SigningKeyFault";
  readonly code = "ERR_SIGNING_KEY";
}

/**
 * What the operator set, ready to sign; where nothing was set, with a key of its own in the folder of the database. Where there
 * is no folder (null) nothing outlives the program, and neither does that key.
 */
export function operatorSigner(
  { with: signing, history }: SigningSettings,
  folder: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): OperatorSigner {
  const opened = signing.kind === "own" ? ownKey(folder) : null;
  const signer =
    signing.kind === "program"
      ? externalSigner({ program: signing.program, publicKey: createPublicKey(signing.publicKey), environment })
      : localSigner(opened?.key ?? (signingKeyOf(signing.kind === "key" ? signing.privateKey : "") as KeyObject));
  return { signer, keys: withOwn(signer, history), created: opened?.created ?? null };
}

/** Where a key lies that an instance made for itself. */
export function ownKeyPath(folder: string): string {
  return join(folder, "countersign-signing-key.pem");
}

function ownKey(folder: string | null): { readonly key: KeyObject; readonly created: string | null } {
  if (folder === null) return { key: generateKeyPairSync("ed25519").privateKey, created: null };
  const path = ownKeyPath(folder);
  const written = textOf(path);
  if (written !== null) {
    const key = signingKeyOf(written);
    if (key) return { key, created: null };
    throw new SigningKeyFault(`${path} holds no Ed25519 or P-256 private key in PEM form`);
  }
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const publicPath = join(folder, `countersign-public-key-${keyIdOf(publicKey).slice(0, 16)}.pem`);
  try {
    mkdirSync(folder, { recursive: true });
    // Never over one that is there: what it signed could not be verified any more.
    writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx", flush: true });
    writeFileSync(publicPath, publicKey.export({ type: "spki", format: "pem" }), { flush: true });
  } catch (fault) {
    throw new SigningKeyFault(`a signing key cannot be written to ${folder} (${codeOf(fault)})`);
  }
  return { key: privateKey, created: path };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    if (codeOf(fault) === "ENOENT") return null;
    throw new SigningKeyFault(`${path} cannot be read (${codeOf(fault)})`);
  }
}

function codeOf(fault: unknown): string {
  return (fault as NodeJS.ErrnoException).code ?? "unknown";
}

/** A history that does not name the key in use means that it is valid from now on as it was before. */
function withOwn({ keyId, publicKey }: Signer, history: SigningSettings["history"]): KnownKeys {
  const keys = history ? knownKeys(history) : new Map();
  if (keys.has(keyId)) return keys;
  return new Map([...keys, [keyId, { keyId, key: publicKey, windows: [{ from: -Infinity, until: Infinity }] }]]);
}
