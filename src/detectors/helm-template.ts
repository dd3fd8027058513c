import type { FileSide, Literal } from "../core/detector.ts";
import { readYaml } from "../readers/yaml.ts";

/** Lines of nothing but directives: conditions, loops, includes that stand for whole blocks. */
const DIRECTIVE = /^\s*(?:\{\{[^{}]{0,2000}\}\}\s*)+$/;

/**
 * The values of a template of YAML as Helm and its kin write it: lines of directives count as blank, an expression inside
 * a line as a word that tells it from others. Files that are plain YAML, and templates that stay none, as they were read.
 */
export function templateLiterals(file: FileSide): readonly Literal[] {
  if (file.parsed || !file.text.includes("{{")) return file.literals;
  const plain = file.text
    .split("\n")
    .map((line) =>
      DIRECTIVE.test(line) ? "" : line.replace(/\{\{([^{}]{0,2000})\}\}/g, (_, inner: string) => wordOf(inner)),
    )
    .join("\n");
  return readYaml(plain)?.literals ?? file.literals;
}

function wordOf(expression: string): string {
  return `_${expression.replace(/[^A-Za-z0-9.]+/g, "_").replace(/^_|_$/g, "")}_`;
}
