/**
 * An entry as it is kept, for a verifier that believes nothing: what cannot be read is null, and an exception nowhere.
 */
export function storedEntry(row: Readonly<Record<string, unknown>>): unknown {
  const { sequence, id, digest, root, envelope } = row;
  return { id, sequence: numberOf(sequence), digest, root, envelope: jsonOf(envelope) };
}

function numberOf(value: unknown): unknown {
  return typeof value === "bigint" || (typeof value === "string" && /^-?\d{1,19}$/.test(value)) ? Number(value) : value;
}

function jsonOf(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}
