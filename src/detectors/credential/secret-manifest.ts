import type { FileSide } from "../../core/detector.ts";
import { textGate } from "../text-gate.ts";

/** A value of a Kubernetes Secret: as it stands in the file, and what it says. */
export interface ManifestValue {
  readonly value: string;
  readonly decoded: string;
  readonly line: number;
}

const KIND = /^[ \t]{0,20}["']?kind["']?[ \t]{0,4}:[ \t]{0,4}["']?Secret["']?[ \t,]{0,4}\r?$/i;
/** How the line of a kind begins. */
const maySecret = textGate("kind:", 'kind"', "kind'", "kind ", "kind\t");
/** What says who or where, and opens nothing by itself. */
const PUBLIC_KEY =
  /(?:^|[_.-])(?:user(?:name)?|login|host(?:name)?|port|ur[il]|endpoint|e?mail|database|db(?:name)?|name|region|bucket|namespace|type|issuer|audience|ca|crt|cert)$/i;

/** What a manifest of the kind Secret holds: it is secret by its place, whatever its key is called. */
export function manifestValues(file: FileSide): readonly ManifestValue[] {
  const documents = maySecret(file) ? secretDocuments(file.text) : [];
  if (documents.length === 0) return [];
  return file.literals.flatMap(({ path, kind, value, line }): readonly ManifestValue[] => {
    const [block, key = ""] = path;
    if (kind !== "string" || path.length !== 2 || !/^(?:data|stringData)$/.test(block ?? "")) return [];
    if (PUBLIC_KEY.test(key) || !documents.some(({ from, to }) => line >= from && line < to)) return [];
    return [{ value: value.trim(), decoded: block === "data" ? decodedOf(value) : value.trim(), line }];
  });
}

/** The lines of each document that is a Secret: `from` to before `to`, 1-based. */
function secretDocuments(text: string): readonly { readonly from: number; readonly to: number }[] {
  if (!/kind["']?[ \t]{0,4}:[ \t]{0,4}["']?secret/i.test(text)) return [];
  const found: { from: number; to: number }[] = [];
  let from = 1;
  let secret = false;
  const lines = text.split("\n");
  for (const [index, line] of [...lines, "---"].entries()) {
    if (line.startsWith("---")) {
      if (secret) found.push({ from, to: index + 1 });
      from = index + 1;
      secret = false;
    } else secret ||= line.length < 100 && KIND.test(line);
  }
  return found;
}

/** A template in the place of base64 stays as it is. */
function decodedOf(value: string): string {
  const text = value.replace(/\s+/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64").toString("latin1").trim() : value.trim();
}
