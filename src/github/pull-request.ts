import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import type { Instant } from "../core/scalars.ts";
import { COMMENT_MARKER } from "../reports/comment.ts";
import { POLICY_PATH, REGISTRY_PATH } from "../work/configuration.ts";
import type { HostedPullRequest } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import { lacks } from "./accepted-permissions.ts";
import { type Actor, personOf } from "./actor.ts";
import type { Api } from "./api.ts";
import { type Comment, type CommentOrigins, commandsOf } from "./commands.ts";
import { type Collected, collect, collected } from "./connection-page.ts";
import type { Discussion } from "./discussion.ts";
import type { HeadPlace } from "./head-place.ts";
import {
  FIRST,
  First,
  type Lists,
  MISSING,
  NEXT,
  Next,
  type Owner,
  type PullRequest,
  type Rules,
} from "./pull-request-query.ts";
import { requestsAlong } from "./review-requests.ts";
import { hostedReviews, type Review } from "./reviews.ts";
import { assignedAtOpening, forcePushes, retargetedAt, type TimelineItem } from "./timeline.ts";

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
  /** Is told what stood on it in conversation. */
  discussed(number: number, discussion: Discussion): void;
}

const FROM_THE_START = { reviews: null, comments: null, items: null, asked: null, asking: null, given: null };

/** Everything about a pull request that may change, in one query where its lists fit; null where there is none. */
export async function readPullRequest(
  api: Api,
  number: number,
  { repository: id, origins, seen, placed, discussed }: PullRequestReading,
  withRequests: boolean,
): Promise<HostedPullRequest | null> {
  // Comments hold commands, which open what is closed and close nothing that is open.
  const moreComments = !lacks(await api.lacking(), "issues", "read");
  const everything = { moreReviews: true, moreComments, moreItems: true, withRequests };
  const answer = await api
    .graphql(FIRST, { number, ...FROM_THE_START, ...everything }, First, MISSING)
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
  const marked = !moreComments || comments.some(({ body }) => body.startsWith(COMMENT_MARKER));
  discussed(number, { marked, requests: withRequests ? requestsAlong(pull) : null });
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
function organizationOf({ __typename, databaseId }: Owner): number | null {
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
