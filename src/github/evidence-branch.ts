import { z } from "zod";
import type { BranchTip, EvidenceBranch } from "../evidence/evidence-branch.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { branchHead } from "./branch-head.ts";

const Sha = z.object({ sha: z.string() });
const Commit = z.object({ tree: Sha });
const Tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string(), sha: z.string() })),
});
const Blob = z.object({ content: z.string(), encoding: z.literal("base64") });

const GIT = "/repos/{owner}/{repo}/git";

/** An evidence branch at GitHub, through its git data API: three writes add any number of records. */
export function githubEvidenceBranch(api: Api, name: string): EvidenceBranch {
  const ref = `heads/${name}`;
  return {
    async tip() {
      const commit = await branchHead(api, name);
      if (commit === null) return null;
      const { tree } = await api.fixed(`${GIT}/commits/{commit_sha}`, { commit_sha: commit }, Commit);
      return { commit, tree: tree.sha };
    },
    async folder(tree) {
      const answer = await api.fixed(`${GIT}/trees/{tree_sha}`, { tree_sha: tree }, Tree);
      if (answer.truncated) throw incomplete(tree);
      return answer.tree.map(({ path, type, sha }) => ({ name: path, id: sha, folder: type === "tree" }));
    },
    async file(id) {
      const { content } = await api.fixed(`${GIT}/blobs/{file_sha}`, { file_sha: id }, Blob);
      return Buffer.from(content, "base64");
    },
    async commit(parent, files, message) {
      const tree = [...files].map(([path, content]) => ({ path, mode: "100644", type: "blob", content }));
      const base = parent === null ? {} : { base_tree: parent.tree };
      const { sha } = await api.write(`POST ${GIT}/trees`, { ...base, tree }, Sha);
      const parents = parent === null ? [] : [parent.commit];
      return (await api.write(`POST ${GIT}/commits`, { message, tree: sha, parents }, Sha)).sha;
    },
    async advance(from, commit) {
      const [route, params] =
        from === null
          ? [`POST ${GIT}/refs`, { ref: `refs/${ref}`, sha: commit }]
          : [`PATCH ${GIT}/refs/{ref}`, { ref, sha: commit, force: false }];
      try {
        await api.write(route, params, z.unknown());
        return true;
      } catch (fault) {
        return stands(api, name, { from, commit, fault });
      }
    },
  };
}

/** What became of an update that was refused or not answered: done, not done since another was faster, or a fault. */
async function stands(
  api: Api,
  name: string,
  { from, commit, fault }: { readonly from: BranchTip | null; readonly commit: string; readonly fault: unknown },
): Promise<boolean> {
  if (!(fault instanceof HostingFault)) throw fault;
  const [conflict, lost] = [fault.status === 409 || fault.status === 422, fault.code === "hosting/unavailable"];
  if (!conflict && !lost) throw fault;
  const now = await branchHead(api, name);
  if (now === commit) return true;
  // Refused although nobody was faster: by a rule of the branch, say.
  if (now === (from?.commit ?? null)) throw fault;
  if (conflict) return false;
  throw fault;
}

function incomplete(tree: string): HostingFault {
  return new HostingFault(
    "hosting/incomplete",
    `the folder ${tree} of the evidence branch is longer than GitHub shows`,
    {
      remedy:
        "Only Countersign may push to that branch; countersign verify over a clone says what does not belong there.",
    },
  );
}
