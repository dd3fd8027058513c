import { isCommonPassword } from "./secret-value-placeholder.ts";

const LOCAL_HOST =
  /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|(?:.*\.)?example\.(?:com|org|net)|.*\.(?:local|test|invalid|localhost))$/;

/** The password of an address, null where it is filled in later or opens what only this machine reaches. */
export function passwordOf(address: string): string | null {
  const authority = address.slice(address.indexOf("://") + 3).split(/[/?#\s]/)[0] ?? "";
  const at = authority.lastIndexOf("@");
  const colon = authority.indexOf(":");
  if (at < 0 || colon < 0 || colon > at) return null;
  const user = authority.slice(0, colon);
  const password = authority.slice(colon + 1, at);
  const host = (authority.slice(at + 1).split(":")[0] ?? "").toLowerCase();
  if (password === "" || password === user || isCommonPassword(password) || LOCAL_HOST.test(host)) return null;
  return password;
}
