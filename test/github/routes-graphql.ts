import { schema } from "@octokit/graphql-schema";
import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { type Actor, grants, Refused, sees } from "./access.ts";
import { commitOf } from "./routes-git.ts";
import type { Call, Route } from "./server.ts";
import type { Account, PullRequest, Repository, Review, TimelineEvent, World } from "./world.ts";

/** GitHub's published GraphQL schema. */
const SCHEMA = buildSchema(schema.idl, { assumeValidSDL: true });

function actorOf(account: Account | null) {
  if (!account || account.gone) return null;
  // GraphQL shows a bot's login without the mark that REST gives it.
  const login = account.login.replace(/\[bot\]$/, "");
  return { __typename: account.type, login, databaseId: account.id, id: `U_${account.id}` };
}

interface Slice {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

/** A connection over a list, with numbers as cursors. */
function connection<T>(all: readonly T[], { first, last, after }: Slice) {
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

function gitObject(world: World, repository: Repository, id: string | null): unknown {
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

function commit(world: World, repository: Repository, sha: string): unknown {
  const stored = repository.store.read(sha);
  const person = (email: string) => {
    const id = Number(/^(\d+)\+/.exec(email)?.[1] ?? -1);
    return [...world.accounts.values()].find((one) => one.id === id) ?? null;
  };
  const gitActor = (who: { name: string; email: string; date: string }) => ({
    ...who,
    user: actorOf(person(who.email)),
  });
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

/** GitHub's names for the events of a timeline, and what each shows. */
function timelineItem(world: World, repository: Repository, one: TimelineEvent, review: (of: Review) => unknown) {
  const kept = (sha: string | undefined) =>
    sha !== undefined && repository.store.type(sha) === "commit" ? commit(world, repository, sha) : null;
  const account = (login: string | undefined) => actorOf(world.accounts.get((login ?? "").toLowerCase()) ?? null);
  const common = { id: `E_${one.event}_${one.at}`, actor: account(one.actor), createdAt: one.at };
  switch (one.event) {
    case "assigned":
      return { __typename: "AssignedEvent", ...common, assignee: account(one.assignee) };
    case "automatic_base_change_succeeded":
      return { __typename: "AutomaticBaseChangeSucceededEvent", ...common, oldBase: one.from, newBase: one.to };
    case "base_ref_changed":
      return { __typename: "BaseRefChangedEvent", ...common, previousRefName: one.from, currentRefName: one.to };
    case "head_ref_force_pushed":
      return {
        __typename: "HeadRefForcePushedEvent",
        ...common,
        beforeCommit: kept(one.from),
        afterCommit: kept(one.to),
      };
    case "review_dismissed":
      return {
        __typename: "ReviewDismissedEvent",
        ...common,
        dismissalMessage: null,
        previousReviewState: one.previousState,
        review: one.review ? review(one.review) : null,
        pullRequestCommit: one.commit
          ? { __typename: "PullRequestCommit", id: `PRC_${one.commit}`, commit: kept(one.commit) }
          : null,
      };
  }
}

function refOf(world: World, repository: Repository, qualifiedName: string): unknown {
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

function stateOf({ merged, state }: PullRequest): string {
  return merged ? "MERGED" : state.toUpperCase();
}

function pullRequest(world: World, owner: Repository, pull: PullRequest): unknown {
  const review = (one: Review) => ({
    __typename: "PullRequestReview",
    id: `PRR_${one.id}`,
    databaseId: one.id,
    fullDatabaseId: String(one.id),
    author: actorOf(one.author),
    state: one.state,
    body: one.body,
    submittedAt: one.submittedAt,
    commit: owner.store.type(one.commit) ? () => commit(world, owner, one.commit) : null,
  });
  const comments = pull.issue.comments.map((one) => ({
    __typename: "IssueComment",
    id: `IC_${one.id}`,
    databaseId: one.id,
    fullDatabaseId: String(one.id),
    author: actorOf(one.author),
    body: one.body,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    lastEditedAt:
      one.editedAt === undefined && one.updatedAt !== one.createdAt ? one.updatedAt : (one.editedAt ?? null),
  }));
  return {
    __typename: "PullRequest",
    id: `PR_${pull.id}`,
    databaseId: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.issue.body,
    isDraft: pull.draft,
    state: stateOf(pull),
    merged: pull.merged !== null,
    author: actorOf(pull.issue.author),
    headRefOid: pull.head.sha,
    headRefName: pull.head.ref,
    // What GitHub remembers with the pull request may lag behind the branch.
    baseRefOid: pull.base.sha,
    baseRef: () => refOf(world, owner, `refs/heads/${pull.base.ref}`),
    baseRefName: pull.base.ref,
    createdAt: pull.issue.createdAt,
    updatedAt: pull.updatedAt,
    isCrossRepository: pull.head.repository !== owner,
    headRepository: () => {
      const { id, deleted } = pull.head.repository;
      if (deleted) return null;
      if (pull.head.repository !== owner && pull.head.repository.private)
        throw new GraphQLError("Resource not accessible by integration", { extensions: { type: "FORBIDDEN" } });
      return { __typename: "Repository", id: `R_${id}`, databaseId: id };
    },
    // A fork's branch is not shown to an installation on the base repository.
    headRef: () =>
      pull.head.repository === owner && owner.refs.has(`refs/heads/${pull.head.ref}`)
        ? {
            __typename: "Ref",
            id: `REF_${pull.head.ref}`,
            name: pull.head.ref,
            associatedPullRequests: ({ states, ...slice }: Slice & { states?: readonly string[] }) =>
              connection(
                [...owner.pulls.values()]
                  .filter(({ head }) => head.repository === owner && head.ref === pull.head.ref)
                  .filter((one) => states?.includes(stateOf(one)) ?? true)
                  .reverse()
                  .map((one) => pullRequest(world, owner, one)),
                slice,
              ),
          }
        : null,
    assignees: (slice: Slice) =>
      connection(
        pull.assignees.map((login) => actorOf(world.accounts.get(login.toLowerCase()) ?? null)),
        slice,
      ),
    reviews: ({ states, ...slice }: Slice & { states?: readonly string[] }) =>
      connection(
        pull.reviews.filter((one) => one.state !== "PENDING" && (states?.includes(one.state) ?? true)).map(review),
        slice,
      ),
    timelineItems: ({ itemTypes, ...slice }: Slice & { itemTypes?: readonly string[] }) =>
      connection(
        pull.timeline
          .filter(({ event }) => itemTypes?.includes(`${event.toUpperCase()}_EVENT`) ?? true)
          .map((one) => timelineItem(world, owner, one, review)),
        slice,
      ),
    comments: (slice: Slice) => connection(comments, slice),
    commits: (slice: Slice) =>
      connection(
        owner.store
          .between(pull.base.sha, pull.head.sha)
          .map((sha) => ({ __typename: "PullRequestCommit", id: `PRC_${sha}`, commit: commit(world, owner, sha) })),
        slice,
      ),
    reviewRequests: (slice: Slice) =>
      connection(
        [
          ...[...pull.requestedReviewers].map((login) => ({
            requestedReviewer: actorOf(world.accounts.get(login) ?? null),
          })),
          ...[...pull.requestedTeams].map((slug) => ({
            requestedReviewer: { __typename: "Team", slug, combinedSlug: `${owner.owner.login}/${slug}` },
          })),
        ],
        slice,
      ),
  };
}

interface PullRequestsAsked {
  readonly states?: readonly string[];
  readonly baseRefName?: string | null;
  readonly headRefName?: string | null;
  readonly orderBy?: { readonly direction: string } | null;
}

function repositoryNode(world: World, repository: Repository): unknown {
  const object = ({ oid, expression }: { oid?: string; expression?: string }) => {
    if (oid) return gitObject(world, repository, oid);
    const [revision = "", path] = (expression ?? "").split(/:(.*)/s);
    const sha = commitOf(repository, revision);
    if (!sha || path === undefined) return gitObject(world, repository, sha);
    const entry = path === "" ? { sha: repository.store.read(sha).tree } : repository.store.entry(sha, path);
    return gitObject(world, repository, entry?.sha ?? null);
  };
  return {
    __typename: "Repository",
    id: `R_${repository.id}`,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: `${repository.owner.login}/${repository.name}`,
    isPrivate: repository.private,
    isArchived: repository.archived,
    owner: actorOf(repository.owner),
    defaultBranchRef: refOf(world, repository, `refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refOf(world, repository, qualifiedName),
    object,
    pullRequest: ({ number }: { number: number }) => {
      const pull = repository.pulls.get(number);
      if (!pull) throw new GraphQLError(`Could not resolve to a PullRequest with the number of ${number}.`, NOT_FOUND);
      return pullRequest(world, repository, pull);
    },
    pullRequests: ({ states, baseRefName, headRefName, orderBy, ...slice }: Slice & PullRequestsAsked) => {
      const pulls = [...repository.pulls.values()]
        .filter((pull) => states?.includes(stateOf(pull)) ?? true)
        .filter(({ base }) => (baseRefName ?? base.ref) === base.ref)
        .filter(({ head }) => (headRefName ?? head.ref) === head.ref);
      if (orderBy?.direction === "DESC") pulls.reverse();
      return connection(
        pulls.map((pull) => pullRequest(world, repository, pull)),
        slice,
      );
    },
  };
}

/** What an installation must have been granted to read a field; GitHub refuses the field, not the whole query. */
const FIELD_NEEDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:object|file)\s*\(/, "contents"],
  [/\bpullRequests?\s*\(/, "pull_requests"],
];

/** GitHub puts the kind of an error beside its message. */
const NOT_FOUND = { extensions: { type: "NOT_FOUND" } };

function visible(world: World, actor: Actor, owner: string, name: string): Repository {
  // GraphQL follows renames by itself (`followRenames`).
  const repository = world.find(`${owner}/${name}`) ?? world.moved(`${owner}/${name}`);
  if (!repository || !sees(world, actor, repository))
    throw new GraphQLError(`Could not resolve to a Repository with the name '${owner}/${name}'.`, NOT_FOUND);
  return repository;
}

const documents = new Map<string, { document: DocumentNode; problems: readonly GraphQLError[] }>();

/** A document with what is wrong with it; the schema is large, so that each text is held against it once. */
function understood(source: string) {
  const known = documents.get(source);
  if (known) return known;
  const document = parse(source);
  const found = { document, problems: validate(SCHEMA, document) };
  documents.set(source, found);
  return found;
}

/** GraphQL, executed against GitHub's own schema. */
export const graphqlRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/graphql",
    async handle(call: Call) {
      const { actor, world } = call;
      if (actor.kind === "anonymous") throw new Refused(401, "This endpoint requires you to be authenticated.");
      const source = String(call.body.query);
      const { document, problems } = understood(source);
      if (problems.length > 0)
        return { status: 200, body: { errors: problems.map(({ message, locations }) => ({ message, locations })) } };
      if (actor.kind === "installation") {
        for (const [pattern, permission] of FIELD_NEEDS)
          if (pattern.test(source) && !grants(actor.permissions, permission, "read"))
            return {
              status: 200,
              body: { data: null, errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }] },
            };
      }
      const variables = (call.body.variables as Record<string, unknown> | undefined) ?? {};
      const { owner, name } = variables;
      if (typeof owner === "string" && typeof name === "string") {
        const ids = Object.values(variables).filter((value) => typeof value === "string");
        world.find(`${owner}/${name}`)?.store.preload(ids);
      }
      const result = await execute({
        schema: SCHEMA,
        document,
        variableValues: variables,
        rootValue: {
          repository: ({ owner, name }: { owner: string; name: string }) =>
            repositoryNode(world, visible(world, actor, owner, name)),
          rateLimit: () => ({
            cost: 1,
            limit: 5000,
            remaining: 4999,
            nodeCount: 1,
            resetAt: new Date().toISOString(),
            used: 1,
          }),
        },
      });
      const errors = result.errors?.map(({ message, path, locations, extensions: { type } }) => ({
        ...(type === undefined ? {} : { type }),
        path,
        locations,
        message,
      }));
      return { status: 200, body: JSON.parse(JSON.stringify({ data: result.data, errors })) };
    },
  },
];
