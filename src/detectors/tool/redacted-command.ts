import { mayBeSecret } from "../credential/secret-free-text.ts";
import { digest } from "../text-digest.ts";

/** Shorter words are no keys; longer ones are compared by their digest. */
const SHORTEST_KEY = 16;
/** Commits and digests of images pin what is run. */
const PIN = /(?:^|[@:#/])(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SECRET_OPTION = /^--?[A-Za-z0-9_-]*(?:key|token|secret|password|passwd|credential|bearer|auth)[A-Za-z0-9_-]*$/i;
const SECRET_ASSIGNMENT =
  /^(-{0,2}[A-Za-z0-9_.-]*(?:key|token|secret|password|passwd|credential|auth)[A-Za-z0-9_.-]*)([=:])(.*)$/i;

/** A command line with the values of options and assignments that name a secret left out, and addresses without passwords. */
export function redactedCommand(parts: readonly string[]): string {
  return parts
    .map((part, index) =>
      SECRET_OPTION.test(parts[index - 1] ?? "") && !part.startsWith("-") ? "***" : redactedPart(part),
    )
    .join(" ");
}

function redactedPart(part: string): string {
  const [, name, sign, value = ""] = SECRET_ASSIGNMENT.exec(part) ?? [];
  if (name !== undefined && !value.includes("${")) return `${name}${sign}***`;
  return part.includes("://") ? redactedAddress(part) : masked(part);
}

/** A text with words that look like keys as digests, so that another key is seen to be another. */
export function masked(part: string): string {
  return part
    .split(/(?<=[ /=,"'])/)
    .map((word) =>
      word.length >= SHORTEST_KEY && !PIN.test(word.replace(/[ /=,"']$/, "")) && mayBeSecret(word)
        ? `***${digest(word).slice(0, 8)}`
        : word,
    )
    .join("");
}

/** The field of a query that says which version of an interface is asked. */
const VERSION_FIELD = /^api[-_]?version=(?:v?\d{1,4}(?:-\d{2}-\d{2})?(?:-?(?:preview|beta|alpha)\d{0,2})?)$/i;

/** An address without user information and without the values of its query but the version of the interface. */
export function redactedAddress(address: string): string {
  const scheme = address.indexOf("://");
  if (scheme < 0) return address;
  const [place = "", ...query] = address.slice(scheme + 3).split("?");
  const slash = place.indexOf("/");
  const authority = slash < 0 ? place : place.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const names = query
    .join("?")
    .split("&")
    .filter((field) => field !== "")
    .map((field) => (VERSION_FIELD.test(field) ? field : `${field.split("=")[0]}=***`));
  return `${address.slice(0, scheme + 3)}${host}${slash < 0 ? "" : masked(place.slice(slash))}${names.length > 0 ? `?${names.join("&")}` : ""}`;
}
