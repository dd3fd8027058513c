/** Words that vendors and templates write where a secret goes; none occurs by chance in a random value. */
const EVIDENT_WORDS =
  /example|sample|redacted|placeholder|your[_-]|insert[_-]|change[_-]?me|replace[_-]?(?:me|with)|dummy|not[_-]?(?:a[_-]?)?(?:real|secret)|<your/i;

/** Further words that a value standing in for a secret holds; they are too short to tell a long random value by. */
const WORDS =
  /your(?:key|secret|token|password|apikey|pass)|my[_-]?(?:secret|api|token|key|pass|super)|super[_-]?secret|todo|fixme|\*{3}|\.{3}|fake|mock|test|demo|foo|bar(?:\b|_)|baz|lorem|abcdef|123456|qwerty|secret[_-]?(?:key|value|token|password)|(?:key|token|secret|password)[_-]?here|some[_-]|random|invalid|unused|hunter2|p[a@]ssw[o0]rd|pass[_-]?w(?:or)?d|correct[_-]?horse|x{3,}|none|null|undefined/i;

/** Values that are words of a language rather than secrets. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(
  (
    "secret secrets token nil true false string str bytes required optional hidden masked empty default postgres root admin " +
    "user username guest changeit development production staging local localhost anonymous minioadmin rabbitmq redis mysql " +
    "grafana elastic sa letmein welcome s3cr3t"
  ).split(" "),
);

/** Rows of keys and of counting, of which a value that nobody drew at random is a piece. */
const SEQUENCES: readonly string[] = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890123456789",
  "abcdef0123456789",
  "qwertyuiopasdfghjklzxcvbnm",
];
const MIN_SEQUENCE = 6;

/** Whether even a value of a known format is evidently none: a word of templates, one letter over and over, counting. */
export function isEvidentPlaceholder(value: string): boolean {
  if (value.length > 400) return false;
  if (EVIDENT_WORDS.test(value) || /([xX0*._#1-])\1{5}/.test(value)) return true;
  return new Set(value).size <= 6 && value.length >= 16
    ? true
    : sequentialLength(value.toLowerCase()) * 2 > value.length;
}

/** Whether a value refers to a secret or stands in for one: a template, an environment reference, an example, counting. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "" || PLAIN_WORDS.has(text.toLowerCase()) || isReference(text)) return true;
  if (EVIDENT_WORDS.test(text) || WORDS.test(text)) return true;
  if (new Set(text).size <= Math.max(2, Math.min(6, text.length / 5))) return true;
  return sequentialLength(text.toLowerCase()) * 2 > text.length;
}

/** How many characters of a text belong to rows of at least six in sequence. */
function sequentialLength(text: string): number {
  let total = 0;
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && SEQUENCES.some((row) => row.includes(text.slice(Math.max(start, at - 1), at + 1))))
      continue;
    if (at - start >= MIN_SEQUENCE) total += at - start;
    start = at;
  }
  return total;
}

/** Whether a value is filled in elsewhere: `${X}`, `{{ x }}`, `<x>`, `%X%`, `$X`, `process.env.X`, a vault path, a call. */
function isReference(text: string): boolean {
  if (/\$\{|\{\{|<%|#\{|\$\(|\$\[|%\(/.test(text)) return true;
  if (/^\{[^"]*\}$|^\[[^"]*\]$|^<[^>]*>$|^%[^%]*%$|^\$[A-Za-z_]/.test(text)) return true;
  if (/^[A-Za-z_][A-Za-z0-9_.]{0,80}(?:\(.*\)|\[.*\])$/.test(text)) return true;
  return REFERENCE.test(text);
}

const REFERENCE =
  /^(?:process\.env|os\.environ|os\.getenv|env[.(:[]|vault:|op:\/\/|secretref|keyvault|ssm:|arn:|projects\/|file:|secrets?[.:/]|!|@|\/run\/secrets|data:|ENC\[|\{cipher\}|vault_|bitwarden|lastpass:|azurekv|awssm|gcpsm)/i;
