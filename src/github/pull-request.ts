import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import type { Instant } from "../core/scalars.ts";
import { POLICY_PATH, REGISTRY_PATH } from "../work/configuration.ts";
import type { HostedPullRequest } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import { lacks } from "./accepted-permissions.ts";
import { Actor, personOf, WHO } from "./actor.ts";
import type { Api } from "./api.ts";
import { COMMENT, Comment, type CommentOrigins, commandsOf } from "./commands.ts";
import { type Collected, collect, collected, connectionPage } from "./connection-page.ts";
import { type HeadPlace, SIBLINGS, SIBLINGS_ASKED, Siblings } from "./head-place.ts";
import { hostedReviews, REVIEW, REVIEW_STATES, Review } from "./reviews.ts";
import {
  assignedAtOpening,
  forcePushes,
  retargetedAt,
  TIMELINE_ITEM,
  TIMELINE_TYPES,
  TimelineItem,
} from "./timeline.ts";

/** A file of the default branch's head that came along with a pull request, so that it need not be asked for. */
export interface SeenFile {
  readonly path: string;
  readonly mode: string;
  readonly id: ObjectId;
  /** Unverified; null where GitHub shows none, or not all of it. */
  readonly text: string | null;
}

/** What reading a pull request needs beside the API. */
export interface PullRequestReading {
  /** The repository by its number: another one may have taken its name. */
  readonly repository: number;
  readonly origins: CommentOrigins;
  /** Is told the files of configuration that a commit holds; the configuration paths that are not named it has not. */
  seen(commit: ObjectId, files: readonly SeenFile[]): void;
  /** Is told where the head lies, by which its workflows' runs are known. */
  placed(place: HeadPlace): void;
}

const PAGE = "pageInfo { hasNextPage endCursor }";
const LISTS = `fragment Lists on PullRequest {
  reviews(first: 100, after: $reviews, states: ${REVIEW_STATES}) @include(if: $moreReviews) { nodes { ...Given } ${PAGE} }
  comments(first: 100, after: $comments) @include(if: $moreComments) { nodes { ...Said } ${PAGE} }
  timelineItems(first: 100, after: $items, itemTypes: ${TIMELINE_TYPES}) @include(if: $moreItems) { nodes { ...Item } ${PAGE} }
}`;
const VARIABLES = `$owner: String!, $name: String!, $number: Int!, $reviews: String, $comments: String, $items: String,
  $moreReviews: Boolean!, $moreComments: Boolean!, $moreItems: Boolean!`;
const FRAGMENTS = [LISTS, REVIEW, COMMENT, TIMELINE_ITEM, WHO].join("\n");

const FIRST = `query PullRequest(${VARIABLES}) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    databaseId
    owner { __typename ... on Organization { databaseId } }
    defaultBranchRef { name target { oid ... on Commit {
      policy: file(path: "${POLICY_PATH}") { ...Rules }
      registry: file(path: "${REGISTRY_PATH}") { ...Rules }
    } } }
    pullRequest(number: $number) {
      number title body isDraft state createdAt headRefOid headRefName isCrossRepository baseRefName baseRefOid
      baseRef { target { oid } }
      headRepository { databaseId }
      headRef { associatedPullRequests(${SIBLINGS_ASKED}) { ...Siblings } }
      author { ...Who }
      ...Lists
    }
  }
}
fragment Rules on TreeEntry { mode oid object { ... on Blob { text isTruncated } } }
${SIBLINGS}
${FRAGMENTS}`;

/** A file that a commit does not hold is an error to GitHub; a fork's branch may be none of the installation's. */
const MISSING = {
  policy: ["NOT_FOUND"],
  registry: ["NOT_FOUND"],
  headRef: ["NOT_FOUND", "FORBIDDEN"],
  headRepository: ["NOT_FOUND", "FORBIDDEN"],
} as const;

const NEXT = `query PullRequestPages(${VARIABLES}) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { ...Lists } }
}
${FRAGMENTS}`;

const Lists = z.object({
  reviews: connectionPage(Review).optional(),
  comments: connectionPage(Comment).optional(),
  timelineItems: connectionPage(TimelineItem).optional(),
});
type Lists = z.infer<typeof Lists>;

const Rules = z
  .object({
    mode: z.int(),
    oid: z.string(),
    object: z.object({ text: z.string().nullish(), isTruncated: z.boolean().optional() }).nullable(),
  })
  .nullish();
type Rules = z.infer<typeof Rules>;

const PullRequest = Lists.extend({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  isDraft: z.boolean(),
  state: z.enum(["OPEN", "CLOSED", "MERGED"]),
  createdAt: z.string(),
  headRefOid: z.string(),
  headRefName: z.string(),
  isCrossRepository: z.boolean(),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  baseRef: z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable(),
  headRepository: z.object({ databaseId: z.number().nullable() }).nullable(),
  headRef: z.object({ associatedPullRequests: Siblings }).nullable(),
  author: Actor.nullable(),
});
type PullRequest = z.infer<typeof PullRequest>;

const Owner = z.object({ __typename: z.string(), databaseId: z.int().nullish() });
const First = z.object({
  repository: z.object({
    databaseId: z.int(),
    owner: Owner,
    defaultBranchRef: z
      .object({
        name: z.string(),
        target: z.object({ oid: z.string(), policy: Rules, registry: Rules }).nullable(),
      })
      .nullable(),
    pullRequest: PullRequest.nullable(),
  }),
});
const Next = z.object({ repository: z.object({ pullRequest: Lists.nullable() }).nullable() });

/** Everything about a pull request that may change, in one query where its lists fit; null where there is none. */
export async function readPullRequest(
  api: Api,
  number: number,
  { repository: id, origins, seen, placed }: PullRequestReading,
): Promise<HostedPullRequest | null> {
  // Comments hold commands, which open what is closed and close nothing that is open.
  const moreComments = !lacks(await api.lacking(), "issues", "read");
  const everything = { moreReviews: true, moreComments, moreItems: true };
  const answer = await api
    .graphql(FIRST, { number, reviews: null, comments: null, items: null, ...everything }, First, MISSING)
    .catch((fault: unknown) => absent(api, id, fault));
  if (answer === null) return null;
  const { repository } = answer;
  if (repository.databaseId !== id) throw nameTaken();
  const pull = repository.pullRequest;
  if (!pull) return null;
  const branch = repository.defaultBranchRef;
  if (!branch?.target) throw withoutDefaultBranch();
  seen(branch.target.oid, [
    ...seenFile(POLICY_PATH, branch.target.policy),
    ...seenFile(REGISTRY_PATH, branch.target.registry),
  ]);
  const { reviews, comments, items } = await allOf(api, number, pull);
  placed(placeOf(repository, pull, retargetedAt(items)));
  return {
    number: pull.number,
    title: pull.title,
    body: pull.body,
    draft: pull.isDraft,
    state: ({ OPEN: "open", CLOSED: "closed", MERGED: "merged" } as const)[pull.state],
    author: personOf(pull.author),
    assignees: assignedAtOpening(items, pull.createdAt),
    head: pull.headRefOid,
    headRef: pull.headRefName,
    sameRepository: !pull.isCrossRepository,
    // `baseRefOid` may lag behind the branch; it is all that is left of one that was deleted.
    base: { ref: pull.baseRefName, head: pull.baseRef?.target?.oid ?? pull.baseRefOid },
    defaultBranch: { name: branch.name, head: branch.target.oid },
    organization: organizationOf(repository.owner),
    reviews: hostedReviews(reviews, items),
    accounts: accountsOf([pull.author, ...[...reviews, ...comments].map(({ author }) => author)]),
    ...(await commandsOf(api, number, comments, origins)),
    retargetedAt: retargetedAt(items),
    forcePushes: forcePushes(items),
  };
}

/** Only people have a number here, and only they can vote. */
function accountsOf(actors: readonly (Actor | null)[]): ReadonlyMap<number, string> {
  return new Map(
    actors.flatMap((actor) => (actor?.databaseId == null ? [] : [[actor.databaseId, actor.login] as const])),
  );
}

function placeOf(
  repository: { readonly databaseId: number },
  pull: PullRequest,
  retargeted: Instant | null,
): HeadPlace {
  return {
    number: pull.number,
    head: pull.headRefOid,
    headRef: pull.headRefName,
    headRepository: pull.headRepository?.databaseId ?? null,
    repository: repository.databaseId,
    baseRef: pull.baseRefName,
    retargetedAt: retargeted,
    // A fork's branch is shown, if at all, by another repository.
    siblings: pull.isCrossRepository ? null : (pull.headRef?.associatedPullRequests ?? null),
  };
}

/** The number of the organisation that owns the repository; null where a person does. */
function organizationOf({ __typename, databaseId }: z.infer<typeof Owner>): number | null {
  if (__typename !== "Organization") return null;
  if (typeof databaseId === "number") return databaseId;
  throw new HostingFault("hosting/incomplete", "the organisation that owns the repository shows no number", {
    remedy: "It is looked at again by itself.",
  });
}

const Known = z.object({ id: z.int() });

/** Null where the repository is shown and holds no such pull request; of one that is not shown nothing is known (P37). */
async function absent(api: Api, id: number, fault: unknown): Promise<null> {
  if (!(fault instanceof HostingFault) || fault.code !== "hosting/not-found") throw fault;
  const known = await api.find("/repos/{owner}/{repo}", {}, Known);
  if (known?.id === id) return null;
  throw known === null ? fault : nameTaken();
}

/** What another repository says is nothing that was asked for, above all not that there is no such pull request (P37). */
export function nameTaken(): HostingFault {
  return new HostingFault(
    "hosting/not-found",
    "the repository has another name now, and another one has taken its old name",
    {
      remedy: "The next event of the repository tells its new name.",
    },
  );
}

function withoutDefaultBranch(): HostingFault {
  return new HostingFault(
    "hosting/incomplete",
    "the repository shows no default branch, so nothing says which rules hold",
    {
      remedy: "Check that the repository has a default branch and that the App may read its contents.",
    },
  );
}

function seenFile(path: string, file: Rules): readonly SeenFile[] {
  if (!file) return [];
  const text = file.object?.isTruncated === false ? (file.object.text ?? null) : null;
  return [{ path, mode: file.mode.toString(8).padStart(6, "0"), id: file.oid, text }];
}

interface AllLists {
  readonly reviews: readonly Review[];
  readonly comments: readonly Comment[];
  readonly items: readonly TimelineItem[];
}

/** Every page of the lists; those that go on are read side by side, one query for a page of each. */
async function allOf(api: Api, number: number, first: Lists): Promise<AllLists> {
  const reviews = collected<Review>();
  const comments = collected<Comment>();
  const items = collected<TimelineItem>();
  for (let page = first; ; ) {
    take(reviews, page.reviews, "reviews");
    take(comments, page.comments, "comments");
    take(items, page.timelineItems, "events of the timeline");
    const [moreReviews, moreComments, moreItems] = [reviews, comments, items].map(({ cursor }) => cursor !== null);
    if (!moreReviews && !moreComments && !moreItems) break;
    const cursors = { reviews: reviews.cursor, comments: comments.cursor, items: items.cursor };
    const next = await api.graphql(NEXT, { number, ...cursors, moreReviews, moreComments, moreItems }, Next);
    page = next.repository?.pullRequest ?? gone(number);
  }
  return { reviews: reviews.items, comments: comments.items, items: items.items };
}

function gone(number: number): never {
  throw new HostingFault("hosting/incomplete", `pull request ${number} went away while it was read`, {
    remedy: "It is looked at again by itself.",
  });
}

function take<T>(list: Collected<T>, page: Parameters<typeof collect<T>>[1] | undefined, what: string): void {
  if (page) collect(list, page, what);
}
