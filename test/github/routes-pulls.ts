import { Refused } from "./access.ts";
import { accountOf, pullOf } from "./callers.ts";
import { landedCommits } from "./landing.ts";
import { mergePull } from "./merge.ts";
import { openPull } from "./opened-pull.ts";
import { page } from "./paging.ts";
import { closePull, dismiss, reopen, retarget } from "./pull-changes.ts";
import { sendPull, sendReview } from "./pull-events.ts";
import { requestReviewers, reviewFulfils } from "./review-requests.ts";
import { commitOf, listedCommit } from "./routes-git.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, PullRequest, Review } from "./world.ts";

function createReview(call: Call) {
  const pull = pullOf(call);
  const author = accountOf(call);
  const event = call.body.event;
  const state =
    ({ APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const)[String(event)] ??
    "PENDING";
  if (author === pull.issue.author && (state === "APPROVED" || state === "CHANGES_REQUESTED"))
    throw new Refused(422, "Unprocessable Entity", [
      `Can not ${state === "APPROVED" ? "approve" : "request changes on"} your own pull request`,
    ]);
  const review: Review = {
    id: call.world.nextId(),
    author,
    state,
    body: String(call.body.body ?? ""),
    commit: String(call.body.commit_id ?? pull.head.sha),
    submittedAt: call.world.now(),
  };
  pull.reviews.push(review);
  reviewFulfils(call, pull, author);
  if (state !== "PENDING") sendReview(call, call.repository, pull, review, "submitted", author);
  return { status: 200, body: shapes(call.origin).review(call.repository, pull, review) };
}

function full(call: Call, pull: PullRequest) {
  const { pull: shaped, user, team } = shapes(call.origin);
  const commits = call.repository.store.between(pull.base.sha, pull.head.sha);
  const account = (login: string) => call.world.accounts.get(login);
  return {
    ...shaped(call.repository, pull),
    commits: commits.length,
    changed_files: call.repository.store.changedFiles(
      call.repository.store.mergeBase(pull.base.sha, pull.head.sha) ?? pull.base.sha,
      pull.head.sha,
    ).length,
    requested_reviewers: [...pull.requestedReviewers].flatMap((login) =>
      account(login) ? [user(account(login) as Account)] : [],
    ),
    requested_teams: call.world.teams.filter((one) => pull.requestedTeams.has(one.slug)).map((one) => team(one)),
    assignees: pull.assignees.flatMap((login) => (account(login) ? [user(account(login) as Account)] : [])),
  };
}

function createPull(call: Call) {
  const author = accountOf(call);
  const [owner, ref = ""] = String(call.body.head).includes(":")
    ? String(call.body.head).split(":")
    : [call.repository.owner.login, String(call.body.head)];
  const source =
    call.world.repositories.find(
      (one) => one.owner.login === owner && (one === call.repository || one.fork === call.repository),
    ) ?? call.repository;
  const sha = commitOf(source, `refs/heads/${ref}`);
  const base = String(call.body.base);
  const baseSha = commitOf(call.repository, `refs/heads/${base}`);
  if (!sha || !baseSha)
    throw new Refused(422, "Validation Failed", [
      { resource: "PullRequest", field: sha ? "base" : "head", code: "invalid" },
    ]);
  const twin = [...call.repository.pulls.values()].find(
    (one) => one.state === "open" && one.head.repository === source && one.head.ref === ref && one.base.ref === base,
  );
  if (twin)
    throw new Refused(422, "Validation Failed", [
      { resource: "PullRequest", code: "custom", message: `A pull request already exists for ${owner}:${ref}.` },
    ]);
  const pull = openPull(call, call.repository, author, {
    title: String(call.body.title),
    body: String(call.body.body ?? ""),
    head: { repository: source, ref, sha },
    base: { ref: base, sha: baseSha },
    draft: call.body.draft === true,
  });
  return { status: 201, body: full(call, pull) };
}

function updatePull(call: Call) {
  const pull = pullOf(call);
  const sender = accountOf(call);
  const changes: Record<string, unknown> = {};
  if (typeof call.body.title === "string") {
    changes.title = { from: pull.title };
    pull.title = call.body.title;
  }
  if (typeof call.body.body === "string") {
    changes.body = { from: pull.issue.body };
    pull.issue.body = call.body.body;
  }
  if (typeof call.body.base === "string" && call.body.base !== pull.base.ref) {
    if (pull.state === "closed")
      throw new Refused(422, "Validation Failed", [
        { message: "Cannot change the base branch of a closed pull request." },
      ]);
    Object.assign(changes, retarget(call, call.repository, pull, call.body.base, sender));
  }
  pull.updatedAt = call.world.now();
  if (Object.keys(changes).length > 0) sendPull(call, call.repository, pull, "edited", sender, { changes });
  const { state } = call.body;
  if (state === "open" && pull.state === "closed") reopen(call, call.repository, pull, sender);
  if (state === "closed" && pull.state === "open") closePull(call, call.repository, pull, sender);
  return { status: 200, body: full(call, pull) };
}

const NUMBER = "/repos/{owner}/{repo}/pulls/{number}";

/** Pull requests, reviews, review requests and merging. */
export const pullRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/pulls",
    needs: { pull_requests: "read" },
    handle(call) {
      const state = call.query.get("state") ?? "open";
      const head = call.query.get("head");
      const base = call.query.get("base");
      const all = [...call.repository.pulls.values()].filter(
        (one) =>
          (state === "all" || one.state === state) &&
          (head === null || head === `${one.head.repository.owner.login}:${one.head.ref}`) &&
          (base === null || base === one.base.ref),
      );
      const ordered =
        call.query.get("sort") === "updated" ? all.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)) : all.reverse();
      return page(
        call,
        ordered.map((one) => shapes(call.origin).pullSimple(call.repository, one)),
      );
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/pulls",
    needs: { pull_requests: "write" },
    role: "read",
    handle: createPull,
  },
  {
    method: "GET",
    path: NUMBER,
    needs: { pull_requests: "read" },
    handle: (call) => ({ status: 200, body: full(call, pullOf(call)) }),
  },
  { method: "PATCH", path: NUMBER, needs: { pull_requests: "write" }, handle: updatePull },
  {
    method: "GET",
    path: `${NUMBER}/commits`,
    needs: { pull_requests: "read" },
    handle(call) {
      const pull = pullOf(call);
      const commits = call.repository.store.between(pull.base.sha, pull.head.sha).slice(0, 250);
      return page(
        call,
        commits.map((sha) => listedCommit(call, sha)),
      );
    },
  },
  {
    method: "GET",
    path: `${NUMBER}/reviews`,
    needs: { pull_requests: "read" },
    handle: (call) =>
      page(
        call,
        pullOf(call)
          .reviews.filter((one) => one.state !== "PENDING")
          .map((one) => shapes(call.origin).review(call.repository, pullOf(call), one)),
      ),
  },
  { method: "POST", path: `${NUMBER}/reviews`, needs: { pull_requests: "write" }, role: "read", handle: createReview },
  {
    method: "PUT",
    path: `${NUMBER}/reviews/{review}/dismissals`,
    needs: { pull_requests: "write" },
    role: "write",
    handle(call) {
      const pull = pullOf(call);
      const review = pull.reviews.find((one) => String(one.id) === call.params.review);
      if (!review) throw new Refused(404, "Not Found");
      if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
        throw new Refused(422, "Validation Failed", ["Can not dismiss a review that neither approves nor objects"]);
      const sender = accountOf(call);
      dismiss(pull, review, sender, call.world.now());
      sendReview(call, call.repository, pull, review, "dismissed", sender);
      return { status: 200, body: shapes(call.origin).review(call.repository, pull, review) };
    },
  },
  {
    method: "POST",
    path: `${NUMBER}/requested_reviewers`,
    needs: { pull_requests: "write" },
    role: "write",
    handle: requestReviewers,
  },
  { method: "PUT", path: `${NUMBER}/merge`, needs: { contents: "write" }, role: "write", handle: mergePull },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{sha}/pulls",
    needs: { pull_requests: "read" },
    handle(call) {
      const sha = call.params.sha;
      // As on GitHub, a fork's commit is not found from the base repository.
      const all = [...call.repository.pulls.values()].filter(
        (one) =>
          (one.head.repository === call.repository && one.head.sha === sha) ||
          landedCommits(call.repository, one).includes(sha ?? ""),
      );
      return page(
        call,
        all.map((one) => shapes(call.origin).pullSimple(call.repository, one)),
      );
    },
  },
];
