import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { surfaceOfTemplate } from "../deployment-template.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { codeReferences } from "./credential-code-reference.ts";
import { dataReferences } from "./credential-data-reference.ts";
import { isCredentialField, isCredentialName, nameLikeness } from "./credential-name.ts";
import { furtherUses, secretBindings } from "./secret-binding.ts";
import { STORES, type Store, type StoredReference } from "./secret-path.ts";
import { secretSources } from "./secret-source.ts";
import { shellReferences } from "./shell-reference.ts";

const RULE = "credential/reference";

/** What the slot of a secret's environment names begins with. */
const BINDING = "environment name of ";

/** What the slot of a secret's further uses in a workflow begins with. */
const USE = "further use of ";

/** What the slot of where Terraform takes a credential from begins with. */
const SOURCE = "source of ";

const SKIPPED =
  /\.(?:md|mdx|markdown|rst|adoc|txt|svg|map|patch|diff|snap|csv|lock|sum)$|\.min\.(?:js|css)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|npm-shrinkwrap\.json)$/i;
const DOTENV =
  /(?:^|\/)(?:\.env(?:[._-][^/]*)?|\.envrc|\.dev\.vars|env\.(?:example|sample|template|dist)|[^/]*\.env(?:\.[^/]*)?)$/i;
const STRUCTURED =
  /\.(?:ya?ml|jsonc?|json5|toml|ini|cfg|conf|properties|xml|tf|tofu|tfvars|hcl)(?:\.[a-z0-9]{1,12})?$/i;
const SHELL =
  /(?:^|\/)(?:Dockerfile[^/]*|Containerfile|Makefile|Jenkinsfile|Procfile|[^/.]+)$|\.(?:sh|bash|zsh|ksh|fish|ps1|bat|cmd|mk|dockerfile|ya?ml|toml|json)$/i;

/** Names of credentials that a file reads: repository secrets, environment variables, dotenv keys, secret stores. */
export const credentialReferenceDetector: Detector = {
  name: "credential-reference",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary:
        "A file names a credential it did not name before, or no longer names one, or hands it on under another name.",
      severity:
        "New: material. Moved to a weaker store: major. Renamed, removed or handed on under another name: minor.",
    },
  ],
  literals: [
    "key",
    "token",
    "secret",
    "passw",
    "pwd",
    "passphrase",
    "credential",
    "_pat",
    "connection_string",
    "vault",
    "op://",
    "ssm",
  ],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) =>
    file.binary ? [] : [...factsOf(file), ...bindingFacts(file), ...useFacts(file), ...sourceFacts(file)],
  likeness: (before, after) =>
    isBinding(after) || after.key.startsWith(SOURCE) ? 1 : nameLikeness(before.label ?? "", after.label ?? ""),
  judge,
};

/** One fact a name, with the weakest store that the file reads it from. All share one slot, so that a rename is seen as one. */
function factsOf(file: FileSide): readonly Fact[] {
  const weakest = new Map<string, StoredReference>();
  for (const reference of referencesIn(file)) {
    const known = weakest.get(reference.name);
    if (!known || rank(reference.store) < rank(known.store)) weakest.set(reference.name, reference);
  }
  const surface = surfaceOfTemplate(file);
  const confidence = confidenceIn(file);
  return [...weakest.values()].map(({ name, store, line }) => ({
    rule: RULE,
    key: "reference",
    label: name,
    value: JSON.stringify([name, store]),
    shown: `${name} (${store})`,
    line,
    confidence,
    // The token that every workflow gets is nobody's identity.
    references: name === "GITHUB_TOKEN" ? [] : [name],
    ...surface,
  }));
}

/** One fact for each environment name that a secret has; those of one secret share a slot. */
function bindingFacts(file: FileSide): readonly Fact[] {
  const confidence = confidenceIn(file);
  return secretBindings(file).map(({ secret, name, line }) => ({
    rule: RULE,
    key: `${BINDING}${secret}`,
    value: name,
    shown: `${name} (from ${secret})`,
    line,
    confidence,
  }));
}

/** One fact for each place beyond the first to which a workflow hands a secret: a step that comes or goes takes it along. */
function useFacts(file: FileSide): readonly Fact[] {
  const confidence = confidenceIn(file);
  return furtherUses(file).map(({ secret, line }) => ({
    rule: RULE,
    key: `${USE}${secret}`,
    value: secret,
    shown: `${secret} (handed on once more)`,
    line,
    confidence,
    references: secret === "GITHUB_TOKEN" ? [] : [secret],
  }));
}

/** One fact for each credential that Terraform takes from elsewhere. */
function sourceFacts(file: FileSide): readonly Fact[] {
  const confidence = confidenceIn(file);
  return secretSources(file).map(({ name, sources, line }) => ({
    rule: RULE,
    key: `${SOURCE}${name}`,
    value: sources,
    shown: `${name} (from ${sources})`,
    line,
    confidence,
  }));
}

function isBinding(fact: Fact | undefined): boolean {
  return fact?.key.startsWith(BINDING) ?? false;
}

function referencesIn(file: FileSide): readonly StoredReference[] {
  if (DOTENV.test(file.path)) return dotenvKeys(file);
  const named = STRUCTURED.test(file.path) ? dataReferences(file) : codeReferences(file);
  return SHELL.test(file.path) ? [...named, ...shellReferences(file)] : named;
}

function dotenvKeys(file: FileSide): readonly StoredReference[] {
  return file.literals.flatMap(({ path, line }): readonly StoredReference[] => {
    const name = path.at(-1) ?? "";
    return isCredentialName(name) || isCredentialField(name) ? [{ name, store: "dotenv file", line }] : [];
  });
}

function rank(store: Store): number {
  return STORES.indexOf(store);
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  if (isBinding(after ?? before)) return judgeBinding(change);
  if ((after ?? before)?.key.startsWith(USE)) return judgeUse(change);
  if ((after ?? before)?.key.startsWith(SOURCE)) return judgeSource(change);
  const name = (after ?? before)?.label ?? "";
  if (!after) {
    const remedy = `Revoke ${name} where nothing else uses it.`;
    return { direction: "removed", severity: "minor", remedy };
  }
  if (!before) {
    const remedy = `Register ${name} as an identity with an owner, or reuse a registered one.`;
    return { direction: "added", severity: "material", remedy };
  }
  const [old, fresh] = [storeIn(before), storeIn(after)];
  if (rank(fresh) < rank(old))
    return { direction: "widened", severity: "major", remedy: `Keep ${name} in the store it was read from: ${old}.` };
  const remedy = `Update ${name} and where it is kept in the registry.`;
  return { direction: old === fresh ? "changed" : "narrowed", severity: "minor", remedy };
}

/** A name that comes or goes comes or goes with its secret or its step, which have facts of their own. */
function judgeBinding({ before, after }: FactChange): Judgement {
  const remedy = "Check that the program reads its credential under this name.";
  if (before && after) return { direction: "changed", severity: "minor", remedy };
  return { direction: after ? "added" : "removed", severity: "trivial", remedy };
}

/** Who gets a secret that the workflow holds already. */
function judgeUse({ after }: FactChange): Judgement {
  return after
    ? { direction: "added", severity: "minor", remedy: "Hand the secret only to the steps that need it." }
    : { direction: "removed", severity: "minor", remedy: "Check that no step still needs the secret." };
}

/** A credential that comes or goes has a fact of its own. */
function judgeSource({ before, after }: FactChange): Judgement {
  const remedy = "Check that the credential is still the one that was meant, and that nothing weaker stands in for it.";
  if (before && after) return { direction: "changed", severity: "minor", remedy };
  return { direction: after ? "added" : "removed", severity: "trivial", remedy };
}

function storeIn(fact: Fact): Store {
  return (JSON.parse(fact.value) as readonly [string, Store])[1];
}
