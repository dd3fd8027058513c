import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import { coAuthorsOf } from "../objects/commit-object.ts";
import type { Api } from "./api.ts";
import { queryObjects } from "./object-query.ts";
import type { HostedCommit, ObjectStore } from "./object-store.ts";

const Person = z.object({ email: z.string().nullish() }).nullish();
const About = { author: Person, committer: Person, message: z.string(), tree: z.object({ sha: z.string() }) };
const Parents = z.array(z.object({ sha: z.string() }));

/** Whom GitHub knows behind an address; nobody where it shows none. */
const Known = z.object({ login: z.string(), id: z.int(), type: z.string() }).partial().nullish();

/** A commit in lists and comparisons. */
export const ListedCommit = z.object({
  sha: z.string(),
  commit: z.object(About),
  parents: Parents,
  author: Known,
  committer: Known,
});

const GitCommit = z.object({ sha: z.string(), ...About, parents: Parents });

const FIELDS =
  "... on Commit { oid tree { oid } message author { email } committer { email } parents(first: 100) { nodes { oid } } }";
const CommitNode = z.object({
  oid: z.string(),
  tree: z.object({ oid: z.string() }),
  message: z.string(),
  author: Person,
  committer: Person,
  parents: z.object({ nodes: z.array(z.object({ oid: z.string() })) }),
});
/** Commits in one query. */
const AT_ONCE = 100;

/** A listed commit as it is used. */
export function listedCommit({ sha, commit, parents, ...by }: z.infer<typeof ListedCommit>): HostedCommit {
  const read = commitOf({ sha, parents, ...commit });
  const known = new Map([
    [read.committerEmail, personBehind(by.committer)],
    [read.authorEmail, personBehind(by.author)],
  ]);
  return { ...read, known };
}

/** Accounts of GitHub's own that show as people: commits made on its pages and by its workflows. */
const MACHINES: ReadonlySet<string> = new Set(["web-flow", "actions-user"]);

/** Only people count: an agent's account is nobody behind its commit. */
function personBehind(known: z.infer<typeof Known>): { readonly id: number; readonly login: string } | null {
  if (known?.type !== "User" || known.id === undefined || known.login === undefined) return null;
  if (MACHINES.has(known.login)) return null;
  return { id: known.id, login: known.login };
}

function commitOf({ sha, author, committer, message, tree, parents }: z.infer<typeof GitCommit>): HostedCommit {
  return {
    id: sha,
    tree: tree.sha,
    parents: parents.map((parent) => parent.sha),
    authorEmail: author?.email ?? "",
    committerEmail: committer?.email ?? "",
    coAuthors: coAuthorsOf(message),
  };
}

/** One commit by id. */
export async function readCommit(api: Api, store: ObjectStore, id: ObjectId): Promise<HostedCommit> {
  const known = store.commits.get(id);
  if (known !== undefined) return known;
  const commit = commitOf(
    await api.fixed("/repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: id }, GitCommit),
  );
  store.commits.put(commit, id);
  return commit;
}

/** Many commits by id. */
export async function readCommits(
  api: Api,
  store: ObjectStore,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, HostedCommit>> {
  const found = new Map<ObjectId, HostedCommit>();
  const missing: ObjectId[] = [];
  for (const id of new Set(ids)) {
    const known = store.commits.get(id);
    if (known === undefined) missing.push(id);
    else found.set(id, known);
  }
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const batch = missing.slice(at, at + AT_ONCE);
    const nodes = await queryObjects(
      api,
      batch.map((oid) => ({ oid })),
      FIELDS,
      CommitNode,
    );
    for (const [index, id] of batch.entries()) {
      const node = nodes[index];
      const commit = node ? commitOf(asListed(node)) : await readCommit(api, store, id);
      store.commits.put(commit, id);
      found.set(id, commit);
    }
  }
  return found;
}

function asListed({ oid, tree, parents, ...rest }: z.infer<typeof CommitNode>): z.infer<typeof GitCommit> {
  return { sha: oid, tree: { sha: tree.oid }, parents: parents.nodes.map((parent) => ({ sha: parent.oid })), ...rest };
}
