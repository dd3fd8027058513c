import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import type { Surface } from "../core/finding.ts";
import { isCredentialField, isCredentialName, isDistinctCredentialName } from "./credential-name.ts";
import { confidenceIn, directionOf } from "./distinct-facts.ts";
import { STORES, type Store, type StoredReference, secretPaths } from "./secret-path.ts";
import { shellReferences } from "./shell-reference.ts";

const RULE = "credential/reference";

const SKIPPED =
  /\.(?:md|mdx|markdown|rst|adoc|txt|svg|map|patch|diff|snap|csv|lock|sum)$|\.min\.(?:js|css)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|npm-shrinkwrap\.json)$/i;
const DOTENV =
  /(?:^|\/)(?:\.env(?:\.[^/]*)?|\.envrc|\.dev\.vars|env\.(?:example|sample|template|dist)|[^/]*\.env(?:\.[^/]*)?)$/i;
const COMPOSE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$|(?:^|\/)values[^/]*\.ya?ml$/i;
const STRUCTURED = /\.(?:ya?ml|jsonc?|json5|toml|ini|cfg|conf|properties|tf|tfvars|hcl)$/i;
const SHELL =
  /(?:^|\/)(?:Dockerfile[^/]*|Containerfile|Makefile|Jenkinsfile|Procfile|[^/.]+)$|\.(?:sh|bash|zsh|ksh|fish|ps1|bat|cmd|mk|dockerfile|ya?ml|toml|json)$/i;
const ENVIRONMENT =
  /environ|getenv|process\.env|\benv\.(?:get|fetch|require)|env::var|lookupenv|import\.meta\.env|\benv[[(]|\.env\[/i;

/** Names of credentials that a file reads: repository secrets, environment variables, dotenv keys, secret stores. */
export const credentialReferenceDetector: Detector = {
  name: "credential-reference",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary: "A file names a credential it did not name before, or no longer names one.",
    },
  ],
  literals: [],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : factsOf(file)),
  judge,
};

function factsOf(file: FileSide): readonly Fact[] {
  const found = DOTENV.test(file.path) ? dotenvKeys(file) : [...literalReferences(file), ...textReferences(file)];
  const weakest = new Map<string, StoredReference>();
  for (const reference of found) {
    const known = weakest.get(reference.name);
    if (!known || rank(reference.store) < rank(known.store)) weakest.set(reference.name, reference);
  }
  const surface = dotenvSurface(file);
  return [...weakest.values()].map(({ name, store, line }) => ({
    rule: RULE,
    key: name,
    value: store,
    shown: `${name} (${store})`,
    line,
    confidence: confidenceIn(file),
    references: [name, ...(store === "CI secret" ? [`secrets.${name}`] : [])],
    ...(surface === null ? {} : { surface }),
  }));
}

/** A template such as `.env.example` beside the code says what the deployment reads; under a folder of examples it does not. */
function dotenvSurface(file: FileSide): Surface | null {
  if (file.surface !== "example" || !DOTENV.test(file.path)) return null;
  const folders = file.path.toLowerCase().split("/").slice(0, -1);
  return folders.some((folder) =>
    /^(?:examples?|samples?|demos?|docs?|tests?|fixtures?|cookbook|tutorials?)$/.test(folder),
  )
    ? null
    : "production";
}

function dotenvKeys(file: FileSide): readonly StoredReference[] {
  return file.literals.flatMap(({ path, line }): readonly StoredReference[] => {
    const name = path.at(-1) ?? "";
    return isCredentialName(name) || isCredentialField(name) ? [{ name, store: "dotenv file", line }] : [];
  });
}

function literalReferences(file: FileSide): readonly StoredReference[] {
  const structured = STRUCTURED.test(file.path);
  return file.literals.flatMap(({ path, value, line }): readonly StoredReference[] => {
    const found: StoredReference[] = [...repositorySecrets(value, line), ...secretPaths(path, value, line)];
    const name = path.at(-1) ?? "";
    const within = path.slice(0, -1).join(".").toLowerCase();
    if (structured) {
      const bound = found.length > 0 || value.includes("${{") || value.includes("<<");
      if (!bound && !COMPOSE.test(file.path) && isBoundName(name, within))
        found.push({ name, store: storeOfValue(value), line });
      if (isDistinctCredentialName(value)) found.push({ name: value, store: "environment", line });
    } else if (isCredentialName(value) && path.some((part) => ENVIRONMENT.test(part))) {
      found.push({ name: value, store: "environment", line });
    } else if (isDistinctCredentialName(value)) found.push({ name: value, store: "environment", line });
    if (isTerraform(path) && isCredentialField(path[1] ?? ""))
      found.push({ name: path[1] ?? "", store: "environment", line });
    return found;
  });
}

function isBoundName(name: string, within: string): boolean {
  if (!isCredentialName(name)) return false;
  return (
    isDistinctCredentialName(name) ||
    /(?:^|\.)(?:[a-z_-]*env[a-z_-]*|secrets?|variables|vars|args)(?:\.|$)/.test(within)
  );
}

/** Terraform's inputs and outputs hand credentials from one module to the next. */
function isTerraform(path: readonly string[]): boolean {
  return path.length > 2 && (path[0] === "output" || path[0] === "variable");
}

/** A name bound to nothing or to a variable is read from outside; bound to a value, the value stands in the file. */
function storeOfValue(value: string): Store {
  return value === "" || /[$%<{]/.test(value) || isDistinctCredentialName(value) ? "environment" : "plain text";
}

/** `${{ secrets.NAME }}` and `secrets['NAME']`, also inside a longer expression. */
function repositorySecrets(value: string, line: number): readonly StoredReference[] {
  if (!value.includes("secrets")) return [];
  const found: StoredReference[] = [];
  for (const [, dotted, quoted] of value.matchAll(
    /\bsecrets(?:\.([A-Za-z_][A-Za-z0-9_-]{0,99})|\[\s*['"]([A-Za-z_][A-Za-z0-9_-]{0,99})['"]\s*\])/g,
  )) {
    if (!value.includes("${{") && !/^[^'"]*&&|\|\||==|!=/.test(value) && !value.startsWith("secrets")) continue;
    found.push({ name: dotted ?? quoted ?? "", store: "CI secret", line });
  }
  return found;
}

function textReferences(file: FileSide): readonly StoredReference[] {
  return SHELL.test(file.path) ? shellReferences(file) : [];
}

function rank(store: Store): number {
  return STORES.indexOf(store);
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const name = (after ?? before)?.key ?? "";
  const direction = directionOf(change);
  if (!after) return { direction, severity: "minor", remedy: `Revoke ${name} where nothing else uses it.` };
  if (!before)
    return {
      direction,
      severity: "material",
      remedy: `Register ${name} as an identity with an owner, or reuse a registered one.`,
    };
  const weaker = rank(after.value as Store) < rank(before.value as Store);
  return weaker
    ? {
        direction: "widened",
        severity: "major",
        remedy: `Keep ${name} in the store it was read from: ${before.value}.`,
      }
    : { direction: "narrowed", severity: "minor", remedy: `Update where ${name} is kept in the registry.` };
}
