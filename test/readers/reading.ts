import { fileSide } from "../../src/readers/file-side.ts";

/** One line a literal: `line path/of/names = value`, with the kind behind it where it is no string. */
export function literalsOf(path: string, text: string): readonly string[] {
  return sideOf(path, text).literals.map(
    ({ path: names, value, kind, line }) =>
      `${line} ${names.join("/")} = ${JSON.stringify(value).slice(1, -1)}${kind === "string" ? "" : ` (${kind})`}`,
  );
}

/** One line a comment: `line text`. */
export function commentsOf(path: string, text: string): readonly string[] {
  return sideOf(path, text).comments.map((comment) => `${comment.line} ${comment.text}`);
}

/** The file side of a text at a path. */
export function sideOf(path: string, text: string | Uint8Array) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return fileSide({ path, mode: "100644", id: "0".repeat(40) }, bytes);
}
