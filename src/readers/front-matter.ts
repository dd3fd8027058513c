import { readLines } from "./line-reader.ts";
import type { Reader, Reading } from "./reader.ts";
import { readToml } from "./toml.ts";
import { readYaml } from "./yaml.ts";

/** Documents that may begin with settings between two rules; the prose below them holds no values. */
export const frontMatterReader: Reader = {
  name: "front-matter",
  anyLength: true,
  reads: (path) => /\.(?:md|mdx|mdc|markdown|prompty|prompt|poml|qmd|rmd)$/i.test(path),
  read: readFrontMatter,
};

function readFrontMatter(text: string): Reading {
  const yaml = text.startsWith("---\n");
  const end = yaml ? endOf(text, "---", "...") : text.startsWith("+++\n") ? endOf(text, "+++", "+++") : -1;
  if (end < 0) return { literals: [], comments: [], parsed: true };
  const settings = `\n${text.slice(4, end)}`;
  return (yaml ? readYaml(settings) : readToml(settings)) ?? readLines(settings);
}

/** The offset of the line that closes the settings, -1 without one. */
function endOf(text: string, rule: string, other: string): number {
  for (let at = 4; at > 0 && at < text.length; at = text.indexOf("\n", at) + 1) {
    if (!text.startsWith(rule, at) && !text.startsWith(other, at)) continue;
    const end = text.indexOf("\n", at);
    if (text.slice(at + 3, end < 0 ? text.length : end).trim() === "") return at;
  }
  return -1;
}
