import { environmentName, isCredentialName, isDistinctCredentialName } from "./credential-name.ts";

/** `toJSON(secrets)`, `secrets[matrix.name]`: every secret of the repository, whatever its name. */
export const WHOLE_CONTEXT = /\btoJSON\(\s{0,9}secrets\s{0,9}\)|\bsecrets\[\s{0,9}[^'"\s]/i;

const OWN_TOKEN = /\bgithub(?:\.token\b|\[\s{0,9}['"]token['"])/i;
const SECRET = /\bsecrets(?:\.|\[\s{0,9}['"])([A-Za-z_][A-Za-z0-9_-]{0,99})/g;
/** What a step or job before, the caller or the environment provides, by its kind and name. */
const PROVIDED =
  /(?<![\w.-])(?:(?:steps|needs)\.[A-Za-z_][\w-]{0,99}\.(outputs)|(inputs|env))\.([A-Za-z_][\w-]{0,99})/g;

/** A token in a workflow's expression. */
export interface WorkflowToken {
  /** What it is called where it is shown. */
  readonly name: string;
  /** The name of a secret or variable that may be registered; null for what has no name of its own. */
  readonly reference: string | null;
}

/** The secrets and tokens that an expression of a workflow names; `*` where all secrets are handed over at once. */
export function tokensIn(value: string): readonly WorkflowToken[] {
  const secrets = value.includes("secrets") ? [...value.matchAll(SECRET)].map(([, name = ""]) => named(name)) : [];
  const all = WHOLE_CONTEXT.test(value) ? [{ name: "*", reference: null }] : [];
  const own = OWN_TOKEN.test(value) ? [named("GITHUB_TOKEN")] : [];
  return [...secrets, ...all, ...own, ...(value.includes("${{") ? provided(value) : [])];
}

function named(name: string): WorkflowToken {
  return { name, reference: name === "GITHUB_TOKEN" ? null : name };
}

function provided(value: string): readonly WorkflowToken[] {
  return [...value.matchAll(PROVIDED)].flatMap(([, outputs, other, name = ""]): readonly WorkflowToken[] => {
    // `HASH_KEY` is a key of another kind.
    if (other === "env" && !/KEYS?$/.test(name) && isCredentialName(name)) return [named(name)];
    const upper = environmentName(name);
    if (!isDistinctCredentialName(upper) && !/^(?:TOKEN|SECRET|PASSWORD)$/.test(upper)) return [];
    if (other === "env") return [named(name)];
    return [{ name: `${name} of ${outputs ? "a step" : "the inputs"}`, reference: null }];
  });
}
