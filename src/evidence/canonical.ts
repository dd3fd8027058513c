import canonicalize from "canonicalize";

/** The bytes of a value in canonical JSON (RFC 8785). Throws for what JSON cannot say: NaN, lone surrogates, cycles. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("nothing to write: the value has no JSON form");
  return Buffer.from(text, "utf8");
}
