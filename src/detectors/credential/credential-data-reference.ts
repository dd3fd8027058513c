import type { FileSide, Literal } from "../../core/detector.ts";
import { cloudLiterals } from "./cloud-literals.ts";
import { environmentName, isCredentialField, isCredentialName, isDistinctCredentialName } from "./credential-name.ts";
import { type Store, type StoredReference, secretPaths } from "./secret-path.ts";
import { assignedNames } from "./shell-reference.ts";

/** Files whose every upper-case key is an environment name: no folder of `env:` is needed around it. */
const ENVIRONMENT_FILE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$|(?:^|\/)values[^/]*\.ya?ml$/i;

/** Credentials that configuration names: CI secrets, environment keys, addresses in stores, inputs and outputs of modules. */
export function dataReferences(file: FileSide): readonly StoredReference[] {
  const composed = ENVIRONMENT_FILE.test(file.path);
  return [
    ...file.literals.flatMap((literal) => references(literal, composed)),
    ...moduleInputs(file),
    ...(file.parsed ? [] : declaredInputs(file)),
  ];
}

const DECLARED = /^[ \t]{0,8}(?:variable|output)[ \t]{1,4}"([\w-]{1,100})"/gm;

/** Inputs and outputs in Terraform that a template makes, which does not parse before. */
function declaredInputs(file: FileSide): readonly StoredReference[] {
  if (!/\.(?:tf|tofu)(?:\.\w{1,8})?$/i.test(file.path)) return [];
  const named = [...file.text.matchAll(DECLARED)].filter(([, name = ""]) => isModuleCredential(name));
  return named.map(([, name = ""], index) => ({
    name,
    store: "environment",
    line: file.text.slice(0, named[index]?.index ?? 0).split("\n").length,
  }));
}

/** Inputs of Terraform modules that get a credential from elsewhere: `module "app" { openai_api_key = local.keys["openai"] }`. */
function moduleInputs(file: FileSide): readonly StoredReference[] {
  if (!/\.(?:tf|tofu)$/i.test(file.path) || !/\bmodule\b/.test(file.text)) return [];
  return cloudLiterals(file).flatMap(({ path: [block, , input = "", ...below], value, line }) =>
    block === "module" && below.length === 0 && value.startsWith("${") && isModuleCredential(input)
      ? [{ name: input, store: "environment" as const, line }]
      : [],
  );
}

function references({ path, value, line }: Literal, composed: boolean): readonly StoredReference[] {
  const found: StoredReference[] = [...ciSecrets(value, line), ...secretPaths(path, value, line)];
  const name = path.at(-1) ?? "";
  const within = path.slice(0, -1).join(".").toLowerCase();
  const expression = found.length > 0 || value.includes("${{") || value.includes("<<");
  // Compose files and Helm values have a rule of their own for what containers get.
  if (!expression && !composed && isBoundName(name, within)) found.push({ name, store: storeOf(value), line });
  if (!composed) found.push(...assignedNames(value).map((one) => ({ name: one, store: "environment" as const, line })));
  if (isDistinctCredentialName(value)) found.push({ name: value, store: "environment", line });
  if (!composed && isOpenField(name, value))
    found.push({ name: path.slice(-2).join("."), store: storeOf(value), line });
  if (path[0] === "output" && path[2] === "sensitive" && value === "true")
    found.push({ name: path[1] ?? "", store: "environment", line });
  const module = path.length > 2 && (path[0] === "output" || path[0] === "variable");
  if (module && isModuleCredential(path[1] ?? "")) found.push({ name: path[1] ?? "", store: "environment", line });
  return found;
}

function isBoundName(name: string, within: string): boolean {
  if (!isCredentialName(name)) return false;
  return (
    isDistinctCredentialName(name) ||
    /(?:^|\.)(?:[a-z_-]{0,40}env[a-z_-]{0,40}|secrets?|variables|vars|args)(?:\.|$)/.test(within)
  );
}

/** Inputs and outputs hand credentials from one module to the next; `tag_key` is a key of another kind. */
function isModuleCredential(name: string): boolean {
  return isDistinctCredentialName(environmentName(name)) || (isCredentialField(name) && !/keys?$/i.test(name));
}

/** `api_key = ""`, `webhook_secret: ${WEBHOOK_SECRET}`: a setting that waits for its value; a label or a word says something else. */
function isOpenField(name: string, value: string): boolean {
  if (!/[a-z]/.test(name) || !isDistinctCredentialName(environmentName(name))) return false;
  return (
    value === "" ||
    /^(?:\$\{[^}]{1,100}\}|\$\([^)]{1,100}\)|\{\{[^}]{1,100}\}\}|<[^>]{1,60}>|env:\w{1,80}|your[-_]\S{1,60})$/i.test(
      value,
    )
  );
}

/** A name bound to nothing or to a variable is read from outside; bound to a value, the value stands in the file. */
function storeOf(value: string): Store {
  return value === "" || /[$%<{]/.test(value) || isDistinctCredentialName(value) ? "environment" : "plain text";
}

/** `${{ secrets.NAME }}` and `secrets['NAME']`, also inside a longer expression or a condition without braces; `github.token`. */
function ciSecrets(value: string, line: number): readonly StoredReference[] {
  if (value.includes("${{") && /\bgithub\.token\b/.test(value))
    return [{ name: "GITHUB_TOKEN", store: "CI secret", line }, ...namedSecrets(value, line)];
  return namedSecrets(value, line);
}

function namedSecrets(value: string, line: number): readonly StoredReference[] {
  if (!value.includes("secrets")) return [];
  if (!value.includes("${{") && !/&&|\|\||==|!=/.test(value) && !value.startsWith("secrets")) return [];
  const names = value.matchAll(
    /\bsecrets(?:\.([A-Za-z_][A-Za-z0-9_-]{0,99})|\[\s{0,9}['"]([A-Za-z_][A-Za-z0-9_-]{0,99})['"]\s{0,9}\])/g,
  );
  return [...names].map(([, dotted, quoted]) => ({ name: dotted ?? quoted ?? "", store: "CI secret", line }));
}
