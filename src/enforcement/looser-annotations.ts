import type { Loosening } from "../governance/tightening.ts";
import type { Annotation } from "../reports/pull-request-view.ts";
import { POLICY_PATH } from "../work/configuration.ts";

/** Notes on the lines of a repository's policy whose values the organisation's holds stricter (security rule S03). */
export function looserAnnotations(loosened: readonly Loosening[], written: string): readonly Annotation[] {
  const lines = written.split("\n");
  return loosened.map(({ path, sentence }) => {
    const line = lineOf(path.split("."), lines);
    return {
      path: POLICY_PATH,
      startLine: line,
      endLine: line,
      level: "warning",
      title: "Looser than the organisation's policy",
      message: `${sentence} The organisation's baseline holds.`,
    };
  });
}

/** The line of a field, as deep as its names are found in order; 1 where none is. */
function lineOf(names: readonly string[], lines: readonly string[]): number {
  let found = 0;
  for (const name of names) {
    const at = lines.findIndex((line, index) => index >= found && line.includes(`${name}:`));
    if (at < 0) break;
    found = at;
  }
  return found + 1;
}
