import type { BranchTip, EvidenceBranchReading } from "../evidence/evidence-branch.ts";
import { parseCommit } from "../objects/commit-object.ts";
import { FOLDER, parseTree } from "../objects/tree-object.ts";
import { objectReader } from "./object-reader.ts";
import { RepositoryProblem } from "./repository-problem.ts";
import { runGit } from "./run-git.ts";

/** An evidence branch in a local repository. */
export interface LocalEvidenceBranch extends EvidenceBranchReading {
  close(): Promise<void>;
}

/** Opens the evidence branch of a local repository as it stands now: its own, or else that of `origin`. Nothing is fetched. */
export async function openEvidenceBranch(directory: string, name: string): Promise<LocalEvidenceBranch> {
  if (!/^[\w][\w./-]{0,200}$/.test(name) || name.includes(".."))
    throw new RepositoryProblem(`${JSON.stringify(name)} is no name of a branch`);
  if ((await runGit({ directory }, ["rev-parse", "--git-dir"])).status !== 0)
    throw new RepositoryProblem(`${directory} is not a git repository`);
  const reader = objectReader({ directory });
  const own = await reader.find(`refs/heads/${name}^{commit}`);
  const found = own ?? (await reader.find(`refs/remotes/origin/${name}^{commit}`));
  if (found === null) {
    await reader.close();
    throw new RepositoryProblem(
      `${directory} has no branch ${name}; fetch it with: git fetch origin ${name}:${name}, or name another with --branch`,
    );
  }
  const tip: BranchTip = { commit: found.id, tree: parseCommit(found.id, found.bytes).tree };
  const one = async (id: string) => {
    for await (const object of reader.objects([id])) return object;
    throw new RepositoryProblem(`${id} is missing`);
  };
  return {
    tip: async () => tip,
    async folder(tree) {
      const { bytes } = await one(tree);
      return parseTree(bytes, tree.length / 2).map(({ name: file, mode, id }) => ({
        name: file,
        id,
        folder: mode === FOLDER,
      }));
    },
    file: async (id) => (await one(id)).bytes,
    close: () => reader.close(),
  };
}
