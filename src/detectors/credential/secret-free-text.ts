const MIN_LENGTH = 16;
/** What stands behind the name of a secret. */
const NAMED =
  /\b((?:pass(?:word|wd|phrase)?|secret|token|api[-_ ]?key|credential)s?["']?(?: {0,3}[:=] {0,3}| is )["']?)[^\s"']{6,}/gi;

/** A text with every word left out that could be a key or a password: a report is read by more people than the file. */
export function withoutSecrets(text: string): string {
  return text
    .replace(NAMED, "$1***")
    .split(" ")
    .map((word) => (word.length >= MIN_LENGTH && mayBeSecret(word) ? "***" : word))
    .join(" ");
}

/** A long run of letters and digits mixed without a vowel pattern of words, a known prefix, or an address with a password. */
export function mayBeSecret(word: string): boolean {
  if (/:\/\/[^/\s@]{1,200}@/.test(word)) return true;
  return word
    .split(/[^A-Za-z0-9_+=-]+/)
    .some(
      (run) =>
        run.length >= MIN_LENGTH &&
        (/^(?:sk|pk|rk|gh[pousr]|github_pat|glpat|xox[a-z]|AKIA|ASIA|AIza|hf|gsk|npm|ya29)[-_A-Z0-9]/.test(run) ||
          (/\d/.test(run) && /[A-Za-z]/.test(run) && !/^\{|\}$/.test(run) && digitsMixed(run))),
    );
}

function digitsMixed(run: string): boolean {
  return (run.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0) >= 3;
}
