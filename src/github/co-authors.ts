import { z } from "zod";
import type { Api } from "./api.ts";
import { queryObjects } from "./object-query.ts";
import type { HostedCommit, ObjectStore } from "./object-store.ts";

/** GitHub shows no bots here: whoever has no user is none, or nobody. */
const FIELDS = "... on Commit { authors(first: 50) { nodes { email user { databaseId login } } } }";
const Authored = z.object({
  authors: z.object({
    nodes: z.array(
      z
        .object({
          email: z.string().nullable(),
          user: z.object({ databaseId: z.int().nullable(), login: z.string() }).nullable(),
        })
        .nullable(),
    ),
  }),
});
/** Commits in one query. */
const AT_ONCE = 100;

/**
 * The commits with whom GitHub knows behind their co-authors' addresses: comparisons only tell of author and committer.
 * Nothing is asked where no commit names anybody else.
 */
export async function withCoAuthors(
  api: Api,
  store: ObjectStore,
  commits: readonly HostedCommit[],
): Promise<readonly HostedCommit[]> {
  const known = new Map(commits.map((commit) => [commit.id, completeOf(store.commits.get(commit.id)) ?? commit]));
  const open = [...known.values()].filter(isOpen);
  for (let at = 0; at < open.length; at += AT_ONCE) {
    const batch = open.slice(at, at + AT_ONCE);
    const nodes = await queryObjects(
      api,
      batch.map(({ id }) => ({ oid: id })),
      FIELDS,
      Authored,
    );
    for (const [index, commit] of batch.entries()) {
      const told = nodes[index]?.authors.nodes ?? [];
      const complete = { ...commit, known: completed(commit, told), coAuthorsAsked: true } as const;
      store.commits.put(complete, commit.id);
      known.set(commit.id, complete);
    }
  }
  return commits.map((commit) => known.get(commit.id) ?? commit);
}

/** One that was read by its id alone tells nothing of accounts. */
function completeOf(commit: HostedCommit | undefined): HostedCommit | undefined {
  return commit?.known === undefined ? undefined : commit;
}

function isOpen({ coAuthors, coAuthorsAsked, known }: HostedCommit): boolean {
  return coAuthorsAsked !== true && coAuthors.some((address) => !known?.has(address));
}

type Told = z.infer<typeof Authored>["authors"]["nodes"];

function completed({ coAuthors, known = new Map() }: HostedCommit, told: Told): NonNullable<HostedCommit["known"]> {
  const byAddress = new Map(
    told.flatMap((author) => (author?.email ? [[author.email.toLowerCase(), author.user]] : [])),
  );
  const added = coAuthors.flatMap((address) => {
    const user = byAddress.get(address.toLowerCase());
    // Of whom GitHub does not tell, the address is all there is.
    if (known.has(address) || user === undefined) return [];
    return [[address, user?.databaseId == null ? null : { id: user.databaseId, login: user.login }] as const];
  });
  return new Map([...known, ...added]);
}
