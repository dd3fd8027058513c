/** Tokens of GitHub's, JSON web tokens, and whatever follows the word in an authorization header. */
const SECRETS = [
  /\bgh[a-z]_[A-Za-z0-9_.-]{8,500}/g,
  /\bgithub_pat_[A-Za-z0-9_]{8,500}/g,
  /\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{1,4000}\.?[A-Za-z0-9_-]{0,2000}/g,
  /(?<=(?:bearer|token) )[A-Za-z0-9_.-]{16,2000}/gi,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,10000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
];

/** A text of somebody else's, without what could be a secret, on one line, and short. */
export function redacted(text: string): string {
  const line = text.slice(0, 4000).replace(/[\u0000-\u001f\u007f]+/g, " ");
  return SECRETS.reduce((rest, secret) => rest.replace(secret, "[redacted]"), line).slice(0, 300);
}
