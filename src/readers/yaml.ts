import { readJson } from "./json.ts";
import { readLines } from "./line-reader.ts";
import type { Reader, Reading } from "./reader.ts";
import { readBlockYaml } from "./yaml-block.ts";
import { readYamlDocuments } from "./yaml-documents.ts";

/** In UTF-16 units. The library's documents take hundreds of bytes a value; what is longer is read as JSON or by lines. */
const MAX_LENGTH = 2_000_000;

/** YAML streams with anchors, aliases and merge keys resolved. Tags of an application (`!Ref`, `!Sub`) leave their value as text. */
export const yamlReader: Reader = {
  name: "yaml",
  reads: (path) =>
    /\.(?:ya?ml|eyaml|dvc|cff)$|(?:^|\/)(?:\.clang-(?:format|tidy)|\.yamllint|\.prettierrc|dvc\.lock|MLmodel|Chart\.lock)$/i.test(
      path,
    ),
  read: (text) => readYaml(text) ?? readLines(text),
};

/** The values of a YAML stream, null when it is none. */
export function readYaml(text: string): Reading | null {
  if (text.length > MAX_LENGTH) return readJson(text);
  return readBlockYaml(text) ?? readYamlDocuments(text);
}
