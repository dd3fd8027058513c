import { type ObjectId, pathOf } from "../core/change-set.ts";
import { decidedByMerge } from "../objects/merge-decision.ts";
import { pathText } from "../objects/path-text.ts";
import { parseRawDiff } from "./raw-diff.ts";
import { type GitContext, git, runGit } from "./run-git.ts";

/** What is compared of two trees: every path, ids and modes, nothing that settings of a repository could change. */
export const TREE_DIFF = ["-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv"];

/** The paths whose content each commit itself decided, read in few runs of git. */
export async function changedPaths(
  context: GitContext,
  commits: readonly { readonly id: ObjectId; readonly parents: readonly ObjectId[] }[],
): Promise<ReadonlyMap<ObjectId, readonly string[]>> {
  const simple = commits.filter(({ parents }) => parents.length < 2).map(({ id }) => id);
  const decided = new Map(commits.map(({ id }): [ObjectId, readonly string[]] => [id, []]));
  for (const [id, paths] of await simplePaths(context, simple)) decided.set(id, paths);
  for (const { id, parents } of commits)
    if (parents.length > 1) decided.set(id, await mergePaths(context, id, parents));
  return decided;
}

async function simplePaths(context: GitContext, ids: readonly ObjectId[]): Promise<Map<ObjectId, string[]>> {
  const output = await git(
    context,
    ["diff-tree", "--stdin", "--root", ...TREE_DIFF],
    Buffer.from(ids.map((id) => `${id}\n`).join("")),
  );
  const paths = new Map<ObjectId, string[]>();
  let current: string[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    // A row of a file begins with a colon and is followed by its path; anything else is the next commit's id.
    if (output[at] === 58) {
      const pathEnd = output.indexOf(0, end + 1);
      current.push(pathText(output.subarray(end + 1, pathEnd)));
      at = pathEnd + 1;
    } else {
      current = [];
      paths.set(output.toString("latin1", at, end), current);
      at = end + 1;
    }
  }
  return paths;
}

async function mergePaths(context: GitContext, id: ObjectId, parents: readonly ObjectId[]): Promise<readonly string[]> {
  const differing = async (from: ObjectId, to: ObjectId) => {
    const changes = parseRawDiff(await git(context, ["diff-tree", ...TREE_DIFF, from, to]));
    return new Set(changes.map(pathOf));
  };
  const sides = await Promise.all(parents.map((parent) => differing(parent, id)));
  const [one, other] = parents;
  const base = (await runGit(context, ["merge-base", ...parents])).stdout.toString("latin1").trim();
  const comparable = parents.length === 2 && base !== "" && one !== undefined && other !== undefined;
  return decidedByMerge(sides, comparable ? [await differing(base, one), await differing(base, other)] : null);
}
