import type { Landing } from "../core/simulation.ts";
import { RepositoryProblem } from "./repository-problem.ts";
import { commitOf, type RevisionContext } from "./revision.ts";
import { git } from "./run-git.ts";

/** Which part of a history. */
export interface History {
  /** Two revisions as `A..B`, or one revision whose whole history counts. */
  readonly range: string;
  /** Only what was committed since, ISO 8601. */
  readonly since?: string | undefined;
  /** At most so many, the newest. */
  readonly last?: number | undefined;
  /** Every commit by itself instead of what landed on the first-parent line. */
  readonly eachCommit: boolean;
}

/** What landed in a part of the history, newest first; the very first commit landed on nothing and is left out. */
export async function landings(context: RevisionContext, history: History): Promise<readonly Landing[]> {
  const [to, from] = await ends(context, history.range);
  const args = [
    "log",
    "-z",
    "--format=%H%x1f%P%x1f%cI%x1f%s",
    history.eachCommit ? "--no-merges" : "--first-parent",
    ...(history.since === undefined ? [] : [`--since=${history.since}`]),
    ...(history.last === undefined ? [] : [`--max-count=${history.last}`]),
    to,
    ...(from === null ? [] : [`^${from}`]),
  ];
  return (await git(context.repository, args))
    .toString()
    .split("\0")
    .flatMap((row) => {
      const [commit = "", parents = "", at = "", subject = ""] = row.replace(/^\n/, "").split("\u001f");
      const [base, merged] = parents.split(" ");
      if (!commit || !base) return [];
      return [{ commit, base, head: merged ?? commit, subject, landedAt: new Date(at).toISOString() }];
    });
}

async function ends(context: RevisionContext, range: string): Promise<readonly [to: string, from: string | null]> {
  const parts = range.split("..");
  const [first = "", second] = parts;
  if (parts.length > 2 || range.includes("..."))
    throw new RepositoryProblem(`the range ${JSON.stringify(range)} is not of the form A..B`);
  if (second === undefined) return [(await commitOf(context, first)).id, null];
  return [(await commitOf(context, second || "HEAD")).id, (await commitOf(context, first || "HEAD")).id];
}
