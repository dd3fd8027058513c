import { GraphQLError } from "graphql";
import { type Account, accountOfEmail, type Repository, type World } from "./world.ts";

/** GitHub puts the kind of an error beside its message. */
export const NOT_FOUND = { extensions: { type: "NOT_FOUND" } };

/** A person, a bot or an organisation; nobody where the account is gone. */
export function actorOf(account: Account | null) {
  if (!account || account.gone) return null;
  // GraphQL shows a bot's login without the mark that REST gives it.
  const login = account.login.replace(/\[bot\]$/, "");
  return { __typename: account.type, login, databaseId: account.id, id: `U_${account.id}` };
}

/** The part of a list that is asked for. */
export interface Slice {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

/** A connection over a list, with numbers as cursors. */
export function connection<T>(all: readonly T[], { first, last, after }: Slice) {
  const asked = first ?? last ?? null;
  if (asked === null) throw new GraphQLError("You must provide a `first` or `last` value to properly paginate.");
  if (asked > 100)
    throw new GraphQLError(`Requesting ${asked} records on a connection exceeds the limit of 100 records.`);
  const start = after === null || after === undefined ? 0 : Number(after) + 1;
  const from = first === null || first === undefined ? Math.max(0, all.length - asked) : start;
  const to = Math.min(all.length, from + asked);
  const nodes = all.slice(from, to);
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: String(from + index) })),
    totalCount: all.length,
    pageInfo: {
      hasNextPage: to < all.length,
      hasPreviousPage: from > 0,
      startCursor: nodes.length > 0 ? String(from) : null,
      endCursor: nodes.length > 0 ? String(to - 1) : null,
    },
  };
}

/** A blob, a tree or a commit. */
export function gitObject(world: World, repository: Repository, id: string | null): unknown {
  const type = id ? repository.store.type(id) : null;
  if (!id || !type) return null;
  const common = { oid: id, id: `G_${id}`, abbreviatedOid: id.slice(0, 7) };
  if (type === "tree") {
    const entries = repository.store.tree(id, false).map((row) => ({
      name: row.path,
      nameRaw: (row.raw ?? Buffer.from(row.path)).toString("base64"),
      path: row.path,
      mode: Number.parseInt(row.mode, 8),
      type: row.type,
      oid: row.sha,
      object: () => gitObject(world, repository, row.sha),
    }));
    return { __typename: "Tree", ...common, entries };
  }
  if (type === "commit") return commit(world, repository, id);
  const bytes = repository.store.blob(id);
  const text = bytes.toString("utf8");
  const isBinary = bytes.includes(0);
  // GitHub leaves out the text of what is no UTF-8 and cuts it at 512,000 bytes.
  const isTruncated = bytes.length > 512_000;
  const lossy = !Buffer.from(text, "utf8").equals(bytes);
  const shown = isBinary ? null : bytes.subarray(0, 512_000).toString("utf8");
  return {
    __typename: "Blob",
    ...common,
    byteSize: bytes.length,
    isBinary: isBinary || lossy,
    isTruncated,
    text: isBinary || lossy ? null : shown,
  };
}

/** A commit. */
export function commit(world: World, repository: Repository, sha: string): unknown {
  const stored = repository.store.read(sha);
  const gitActor = (who: { name: string; email: string; date: string }) => {
    const account = accountOfEmail(world, who.email);
    // A bot is no user.
    return { ...who, user: account?.type === "User" ? actorOf(account) : null };
  };
  const trailers = [...stored.message.matchAll(/^Co-authored-by: (.*) <(.*)>$/gim)].map(
    ([, name = "", email = ""]) => ({ name, email, date: stored.author.date }),
  );
  return {
    __typename: "Commit",
    oid: sha,
    id: `C_${sha}`,
    message: stored.message,
    committedDate: stored.committer.date,
    authoredDate: stored.author.date,
    author: gitActor(stored.author),
    committer: gitActor(stored.committer),
    authors: (slice: Slice) => connection([stored.author, ...trailers].map(gitActor), slice),
    tree: () => gitObject(world, repository, stored.tree),
    file: ({ path }: { path: string }) => {
      const entry = repository.store.entry(sha, path);
      if (!entry) throw new GraphQLError(`Could not resolve file for path '${path}'.`, NOT_FOUND);
      return {
        __typename: "TreeEntry",
        name: path.slice(path.lastIndexOf("/") + 1),
        path,
        mode: Number.parseInt(entry.mode, 8),
        type: entry.type,
        oid: entry.sha,
        object: () => gitObject(world, repository, entry.sha),
      };
    },
    parents: (slice: Slice) =>
      connection(
        stored.parents.map((parent) => commit(world, repository, parent)),
        slice,
      ),
  };
}

/** A branch with its commit. */
export function refOf(world: World, repository: Repository, qualifiedName: string): unknown {
  const sha = repository.refs.get(qualifiedName);
  return sha
    ? {
        __typename: "Ref",
        id: `REF_${sha}`,
        name: qualifiedName.replace("refs/heads/", ""),
        target: commit(world, repository, sha),
      }
    : null;
}
