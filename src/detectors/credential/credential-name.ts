/** Last words that make an upper-case name a credential's. */
const SUFFIXES: ReadonlySet<string> = new Set(
  "KEY KEYS TOKEN SECRET SECRETS PASSWORD PASSWD PASSPHRASE PWD CREDENTIAL CREDENTIALS PAT APIKEY APITOKEN AUTHTOKEN".split(
    " ",
  ),
);

/** Last words that need nothing before them to be told from error codes, lexer tokens and table keys. */
const STRONG_SUFFIXES: ReadonlySet<string> = new Set(
  "PASSWORD PASSWD CREDENTIALS APIKEY APITOKEN AUTHTOKEN".split(" "),
);

/** Words that, right before KEY, TOKEN, SECRET or PAT, leave no doubt. */
const QUALIFIERS: ReadonlySet<string> = new Set(
  (
    "API ACCESS SECRET PRIVATE AUTH BOT REFRESH CLIENT APP WEBHOOK SUBSCRIPTION SERVICE ACCOUNT SIGNING ENCRYPTION MASTER BEARER " +
    "GITHUB GH GITLAB HF HUGGINGFACE HUB NPM PYPI SLACK DISCORD TELEGRAM VAULT OPENAI ANTHROPIC AZURE AWS GCP SESSION PUBLISH DEPLOY " +
    "ADMIN PERSONAL OAUTH OAUTH2 JWT DOCKER DOCKERHUB CODECOV SONAR SENTRY REPLICATE COHERE MISTRAL GEMINI GROQ SUPABASE DATABASE DB " +
    "FEDERATED OIDC NOTION JIRA ATLASSIAN CONFLUENCE FIGMA BITBUCKET CLOUDFLARE VERCEL NETLIFY HEROKU STRIPE TWILIO SENDGRID " +
    "LANGFUSE LANGSMITH LANGCHAIN PINECONE QDRANT WEAVIATE TAVILY SERPER SERPAPI EXA FIRECRAWL NVIDIA NGC XAI OPENROUTER TOGETHER FIREWORKS " +
    "PERPLEXITY DEEPSEEK GOOGLE BEDROCK WATSONX VOYAGE JINA MODAL E2B CIRCLECI BUILDKITE GRAFANA DATADOG PAGERDUTY SNYK ARTIFACTORY QUAY GHCR " +
    "OSSRH CARGO RUBYGEMS NUGET HOMEBREW POSTGRES MYSQL MONGO MONGODB REDIS RABBITMQ SMTP MINIO"
  ).split(" "),
);

/** Words that any application's credential may have before its suffix. */
const GENERIC: ReadonlySet<string> = new Set(
  "ACCESS REFRESH AUTH BEARER SESSION API SECRET PRIVATE CLIENT APP USER SERVICE ID".split(" "),
);

/** First words of error codes and of names for things that grant nothing. */
const HARMLESS_FIRST: ReadonlySet<string> = new Set(
  (
    "INVALID MISSING EXPIRED UNKNOWN BAD ERR ERROR NO NOT MAX MIN NUM PRIMARY FOREIGN UNIQUE SORT PARTITION CACHE EOS BOS PAD UNK CLS SEP " +
    "SCHEMA SCHEMAS FIELD FIELDS HEADER LABEL REGEX PATTERN MASK STOP START END BEGIN NEXT PREV PUBLIC IDEMPOTENCY EXPECTED UNEXPECTED DUPLICATE WRONG INCORRECT FAILED REVOKED LEX SPECIAL"
  ).split(" "),
);
/** Words that make a KEY or TOKEN a public or a technical one wherever they stand before it. */
const HARMLESS_BEFORE: ReadonlySet<string> = new Set(
  "PUBLIC PRIMARY FOREIGN PARTITION SORT CACHE STORAGE SHORTCUT HOT EOS BOS PAD STOP COUNT QUERY INDEX OBJECT MAP".split(
    " ",
  ),
);

/** Whether an environment or secret name is a credential's: `…_KEY`, `…_TOKEN`, `…_SECRET`, `…_PASSWORD`, `…_CREDENTIALS` and their kin. */
export function isCredentialName(name: string): boolean {
  const words = wordsOf(name);
  if (words === null) return false;
  const last = words.at(-1) ?? "";
  const previous = words.at(-2) ?? "";
  if (last === "ID") return previous === "KEY" && words.at(-3) === "ACCESS";
  if (last === "STRING") return previous === "CONNECTION";
  return SUFFIXES.has(last) && !HARMLESS_FIRST.has(words[0] ?? "") && !HARMLESS_BEFORE.has(previous);
}

/** Whether a name is a credential's even where nothing says that it names an environment variable or a secret. */
export function isDistinctCredentialName(name: string): boolean {
  if (!isCredentialName(name)) return false;
  const words = wordsOf(name) ?? [];
  if (words.length < 2) return false;
  const last = words.at(-1) ?? "";
  return last === "ID" || last === "STRING" || STRONG_SUFFIXES.has(last) || QUALIFIERS.has(words.at(-2) ?? "");
}

/** Whether an identifier in code is a credential's: a vendor's or a compound name, not `ACCESS_TOKEN`, which is often a constant. */
export function isCredentialIdentifier(name: string): boolean {
  if (!isDistinctCredentialName(name)) return false;
  const words = wordsOf(name) ?? [];
  return words.length > 2 || !GENERIC.has(words[0] ?? "");
}

/** How alike two names are by their words, 0 to 1; words that every credential's name has count for nothing. */
export function nameLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const [own, other] = [distinctWords(a), distinctWords(b)];
  const shared = [...own].filter((word) => other.has(word)).length;
  return shared / Math.max(1, own.size, other.size);
}

function distinctWords(name: string): ReadonlySet<string> {
  const words = environmentName(name)
    .split("_")
    .filter((word) => word !== "");
  const telling = words.filter((word) => !SUFFIXES.has(word) && !GENERIC.has(word));
  return new Set(telling.length > 0 ? telling : words);
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** The words of an upper-case name, a number, a version or `FILE` at its end left out, or null when it is no such name. */
function wordsOf(name: string): readonly string[] | null {
  if (name.length < 5 || name.length > 100 || !isUpper(name.charCodeAt(0)) || !/^[A-Z][A-Z0-9_]*$/.test(name))
    return null;
  const words = name.split("_").filter((word) => word !== "");
  if (words.length > 1 && /^V?\d+$/.test(words.at(-1) ?? "")) words.pop();
  // `AZURE_FEDERATED_TOKEN_FILE`, `POSTGRES_PASSWORD_FILE`: where the credential lies.
  if (words.length > 2 && words.at(-1) === "FILE") words.pop();
  return words;
}

/** A name in any notation (`openai.apiKey`, `smtp-password`) as an environment variable would have it. */
export function environmentName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

/** Whether a lower-case or mixed field name is a credential's: `api_key`, `clientSecret`, `smtp_password`. */
export function isCredentialField(name: string): boolean {
  const upper = environmentName(name);
  return isCredentialName(upper) || upper === "PASSWORD" || upper === "SECRET" || upper === "TOKEN";
}
