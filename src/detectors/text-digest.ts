import { hash } from "node:crypto";

/** A short name of a text, equal only for equal texts. */
export function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 24);
}
