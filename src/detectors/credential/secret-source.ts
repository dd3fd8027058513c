import type { FileSide } from "../../core/detector.ts";
import { textGate } from "../text-gate.ts";
import { cloudLiterals } from "./cloud-literals.ts";
import { environmentName, isCredentialField, isDistinctCredentialName } from "./credential-name.ts";

/** Where Terraform takes a credential from: the resources, inputs and conditions that its expression names. */
export interface SecretSource {
  /** The attribute, with its block. */
  readonly name: string;
  readonly sources: string;
  readonly line: number;
}

const mayHold = textGate("passw", "secret", "token", "api_key", "access_key", "private_key", "credential");
/** Whether there is one, how it is made and what it is called is no credential: `create_random_password`, `password_length`. */
const ABOUT =
  /^(?:create|enable|manage|use|generate|is|has|store|random|ignore|rotate|require|allow|disable|set|skip|update|with|include|show|attach|external)_/i;

/** The credentials of a file of Terraform that are taken from elsewhere, by attribute. */
export function secretSources(file: FileSide): readonly SecretSource[] {
  if (!/\.(?:tf|tofu)$/i.test(file.path) || !mayHold(file)) return [];
  const found = new Map<string, { readonly sources: string[]; readonly line: number }>();
  for (const { path, value, line } of cloudLiterals(file)) {
    const name = value.startsWith("${") ? attributeOf(path) : null;
    if (name === null) continue;
    const own = found.get(name) ?? { sources: [], line };
    found.set(name, own);
    if (!own.sources.includes(value)) own.sources.push(value);
  }
  return [...found].map(([name, { sources, line }]) => ({ name, sources: sources.join(" "), line }));
}

/** The block and name of an attribute that is a credential's; calls and conditions around the value change neither. */
function attributeOf(path: readonly string[]): string | null {
  const output = path[0] === "output" && path[2] === "value";
  const end = path.findIndex((part, at) => at > 0 && part.endsWith("()"));
  const names = (end < 0 ? path : path.slice(0, end)).filter((part) => !/^\d+$/.test(part));
  const name = (output ? path[1] : names.at(-1)) ?? "";
  if (names.length < 2 || ABOUT.test(name) || path[0] === "variable") return null;
  const credential =
    isDistinctCredentialName(environmentName(name)) || (isCredentialField(name) && !/keys?$/i.test(name));
  return credential ? names.join(".") : null;
}
