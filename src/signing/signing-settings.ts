import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { KeyHistory, knownKeys, publicKeyOf, UnusableKey } from "../evidence/key-history.ts";
import { signingKeyOf } from "./local-signer.ts";

/** What records are signed with, as the operator set it. */
export interface SigningSettings {
  readonly with:
    | { readonly kind: "key"; readonly privateKey: string }
    | { readonly kind: "program"; readonly program: string; readonly publicKey: string }
    /** Nothing was set: a key of its own, beside the database. */
    | { readonly kind: "own" };
  /** Keys of before; null where none were given. */
  readonly history: KeyHistory | null;
}

/** Nothing was set. */
export const OWN_KEY: SigningSettings = { with: { kind: "own" }, history: null };

/** A setting that cannot be used: what was expected and what to do. Never its value. */
export interface SigningProblem {
  readonly name: string;
  readonly problem: string;
  readonly remedy: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const KEY = "COUNTERSIGN_SIGNING_KEY";
const KEY_PATH = "COUNTERSIGN_SIGNING_KEY_PATH";
const PROGRAM = "COUNTERSIGN_SIGNER";
const PROGRAM_KEY_PATH = "COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH";
const HISTORY_PATH = "COUNTERSIGN_KEY_HISTORY_PATH";

const NEW_KEY =
  "Make one with `openssl genpkey -algorithm ed25519 -out signing-key.pem` (no passphrase) and keep a copy in a safe place.";
const NEW_PUBLIC_KEY = "Give the public key of what signs as a file in PEM form (BEGIN PUBLIC KEY), Ed25519 or P-256.";
const NEW_HISTORY = "docs/evidence.md shows the form of a key history under `Rotating the key`.";

class Refused extends Error {
  readonly setting: SigningProblem;
  constructor(name: string, problem: string, remedy: string) {
    super(problem);
    this.setting = { name, problem, remedy };
  }
}

/** Reads what records are signed with from the environment, or everything that is wrong with it at once. */
export function readSigning(
  env: Environment,
): { readonly signing: SigningSettings } | { readonly problems: readonly SigningProblem[] } {
  const problems: SigningProblem[] = [];
  const read = <T>(parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      problems.push(refusal.setting);
      return undefined;
    }
  };
  const signer = read(() => signerOf(env));
  const history = read(() => historyOf(env));
  if (!signer || history === undefined) return { problems };
  return { signing: { with: signer, history } };
}

function signerOf(env: Environment): SigningSettings["with"] {
  const given = [KEY, KEY_PATH, PROGRAM].filter((name) => value(env, name) !== "");
  const [name, second] = given;
  if (second) throw new Refused(second, `is given beside ${name}`, "Leave one of the two out.");
  if (value(env, PROGRAM_KEY_PATH) !== "" && name !== PROGRAM)
    throw new Refused(PROGRAM_KEY_PATH, `is given without ${PROGRAM}`, `Give ${PROGRAM}, or leave this out.`);
  if (name === PROGRAM) return programOf(env);
  if (name === undefined) return { kind: "own" };
  const key = signingKeyOf(name === KEY ? pemOf(value(env, KEY)) : fileText(env, KEY_PATH));
  if (!key) throw new Refused(name, "holds no Ed25519 or P-256 private key in PEM form", NEW_KEY);
  return { kind: "key", privateKey: key.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** A key as text: line ends may be written out, or the whole in base64, as variables of many places need it. */
function pemOf(text: string): string {
  return text.startsWith("-----") ? text.replaceAll("\\n", "\n") : Buffer.from(text, "base64").toString("utf8");
}

function programOf(env: Environment): SigningSettings["with"] {
  const program = resolve(value(env, PROGRAM));
  const remedy = "Give the path of one executable file, without arguments; a script can hold them.";
  try {
    if (!statSync(program).isFile()) throw new Refused(PROGRAM, "names no file", remedy);
    accessSync(program, constants.X_OK);
  } catch (fault) {
    if (fault instanceof Refused) throw fault;
    throw new Refused(PROGRAM, `names a file that cannot be run (${codeOf(fault)})`, remedy);
  }
  if (value(env, PROGRAM_KEY_PATH) === "")
    throw new Refused(PROGRAM_KEY_PATH, `is missing, and ${PROGRAM} is given`, NEW_PUBLIC_KEY);
  try {
    const key = publicKeyOf(fileText(env, PROGRAM_KEY_PATH), "the file");
    return { kind: "program", program, publicKey: key.export({ type: "spki", format: "pem" }).toString() };
  } catch (fault) {
    if (!(fault instanceof UnusableKey)) throw fault;
    throw new Refused(PROGRAM_KEY_PATH, `names a file that holds no Ed25519 or P-256 public key`, NEW_PUBLIC_KEY);
  }
}

function historyOf(env: Environment): KeyHistory | null {
  if (value(env, HISTORY_PATH) === "") return null;
  const text = fileText(env, HISTORY_PATH);
  try {
    const history = KeyHistory.parse(JSON.parse(text));
    knownKeys(history);
    return history;
  } catch (fault) {
    const why = fault instanceof UnusableKey ? fault.message : "it is not in the form of one";
    throw new Refused(HISTORY_PATH, `names a file that is no key history: ${why}`, NEW_HISTORY);
  }
}

function fileText(env: Environment, name: string): string {
  try {
    return readFileSync(value(env, name), "utf8");
  } catch (fault) {
    throw new Refused(
      name,
      `names a file that cannot be read (${codeOf(fault)})`,
      "Check the path, and that this user may read it.",
    );
  }
}

function value(env: Environment, name: string): string {
  return (env[name] ?? "").trim();
}

function codeOf(fault: unknown): string {
  return (fault as NodeJS.ErrnoException).code ?? "unknown";
}
