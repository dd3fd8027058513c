/** What a template writes where a secret goes; none occurs by chance in a random value. */
const BLANK =
  /your[_-]|your(?:key|token|secret|pass)|placeholder|redacted|insert[_-]|change[_-]?(?:me|it)|replace[_-]?(?:me|with|this)|<your|([xX0*._#-])\1{5}/;
/** What a document writes to show what a secret looks like. */
const SAMPLE_WORDS = /example|sample|dummy|fake|not[_-]?(?:a[_-]?)?(?:real|secret)/i;

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

/** Whether even in a vendor's format nothing stands but the blank to fill in. */
export function isBlank(value: string): boolean {
  return value.length <= 400 && BLANK.test(value);
}

/** Whether a value of a vendor's format was made up to show the format: it says so, counts, or repeats a few characters. */
export function isMadeUp(value: string): boolean {
  if (value.length > 400) return false;
  if (SAMPLE_WORDS.test(value) || new Set(value).size <= 6) return true;
  return Math.max(sequentialLength(value.toLowerCase()), repeatedLength(value)) * 2 > value.length;
}

/** How many characters of a text belong to a few characters over and over, as in `abcabcabcabcabcabc`. */
function repeatedLength(text: string): number {
  return [...text.matchAll(/(.{1,4}?)\1{5,}/g)].reduce((total, [run]) => total + run.length, 0);
}

/** Whether the password of an address is a word that everybody uses. */
export function isCommonPassword(value: string): boolean {
  if (PLAIN_WORDS.has(value.toLowerCase()) || isReference(value) || BLANK.test(value.toLowerCase())) return true;
  return /^(?:my|the|some|db|super)?[_-]?(?:p[a@]ss(?:w[o0]rd|wd)?|pwd|pw|secret|token|key)[_-]?\d{0,3}$/i.test(value);
}

/** Whether a value refers to a secret or stands in for one: a template, an environment reference, an example, counting. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "" || PLAIN_WORDS.has(text.toLowerCase()) || isReference(text)) return true;
  if (BLANK.test(text) || SAMPLE_WORDS.test(text) || WORDS.test(text)) return true;
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
  if (/\$\{|\{\{|<%|#\{|\$\(|\$\[|%\(|\{[A-Za-z_][^{}"]{0,100}\}/.test(text)) return true;
  if (/^\{[^"]*\}$|^\[[^"]*\]$|^<[^>]*>$|^%[^%]*%$|^\$[A-Za-z_]/.test(text)) return true;
  if (/^[A-Za-z_][A-Za-z0-9_.]{0,80}(?:\(.*\)|\[.*\])$/.test(text)) return true;
  return REFERENCE.test(text);
}

const REFERENCE =
  /^(?:process\.env|os\.environ|os\.getenv|env[.(:[]|vault:|op:\/\/|secretref|keyvault|ssm:|arn:|projects\/|file:|secrets?[.:/]|!|@|\/run\/secrets|data:|ENC\[|\{cipher\}|vault_|bitwarden|lastpass:|azurekv|awssm|gcpsm)/i;
