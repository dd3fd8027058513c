/** Names that a condition takes in and leaves out. */
export interface NamePatterns {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Whether a ref is meant: `~ALL`, `~DEFAULT_BRANCH`, or a pattern in which `*` stops at a slash and `**` does not. */
export function refMatches(patterns: NamePatterns | undefined, ref: string, defaultBranch: string): boolean {
  const fits = (pattern: string) =>
    pattern === "~ALL" ||
    (pattern === "~DEFAULT_BRANCH" ? ref === `refs/heads/${defaultBranch}` : globOf(pattern).test(ref));
  const { include = [], exclude = [] } = patterns ?? {};
  return include.some(fits) && !exclude.some(fits);
}

function globOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
