import { expandBraces } from "../core/brace-expansion.ts";

/**
 * A pattern of `branches` as GitHub's rulesets write it: there `*` and `?` stop at a slash, as here, `**` goes deeper only
 * before a slash, and there are no braces and no regard for case.
 */
export function refPatterns(pattern: string): readonly string[] {
  return expandBraces(pattern).map((one) => `refs/heads/${deep(one)}`);
}

function deep(pattern: string): string {
  if (pattern === "**") return "**/*";
  return pattern.endsWith("/**") ? `${pattern}/*` : pattern;
}

/** A name that a branch of this pattern could have, to ask which rules would hold for it. */
export function exampleBranch(pattern: string): string {
  const [first = pattern] = expandBraces(pattern);
  return first
    .split("/")
    .map((segment) =>
      segment
        .replaceAll(/\*+/g, "example")
        .replaceAll("?", "x")
        .replaceAll("\\", "")
        .replaceAll(/\[([^\]]{1,100})\]/g, (_, among: string) => among.replace(/^[!^]/, "").slice(0, 1) || "x"),
    )
    .join("/");
}
