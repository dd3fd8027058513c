import { Refused } from "./access.ts";
import { mergePull } from "./merge.ts";
import { page } from "./paging.ts";
import { commitOf, listedCommit } from "./routes-git.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, PullRequest, Repository, Review } from "./world.ts";

/** The account that acts: a person, or the App's bot. */
export function accountOf(call: Call): Account {
  const { actor, world } = call;
  if (actor.kind === "user") return actor.account;
  const slug = actor.kind === "installation" ? actor.installation.app.slug : actor.kind === "app" ? actor.app.slug : "";
  const bot = world.accounts.get(`${slug}[bot]`);
  if (!bot) throw new Refused(401, "Requires authentication");
  return bot;
}

/** The pull request a path names. */
export function pullOf(call: Call): PullRequest {
  const found = call.repository.pulls.get(Number(call.params.number));
  if (!found) throw new Refused(404, "Not Found");
  return found;
}

/** Sends a pull request event. */
export function sendPull(
  call: Pick<Call, "deliveries" | "origin">,
  repository: Repository,
  pull: PullRequest,
  action: string,
  sender: Account,
  more = {},
): void {
  const { pull: shaped, repository: repositoryShape, user } = shapes(call.origin);
  call.deliveries.send("pull_request", repository, {
    action,
    number: pull.number,
    pull_request: shaped(repository, pull),
    repository: repositoryShape(repository),
    sender: user(sender),
    ...more,
  });
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
    requested_teams: call.world.teams.filter((one) => pull.requestedTeams.has(one.slug)).map(team),
    assignees: pull.assignees.flatMap((login) => (account(login) ? [user(account(login) as Account)] : [])),
  };
}

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
  pull.requestedReviewers.delete(author.login.toLowerCase());
  if (state !== "PENDING") sendReview(call, pull, review, "submitted", author);
  return { status: 200, body: shapes(call.origin).review(call.repository, pull, review) };
}

/** Sends a review event; GitHub writes the state in lower case there. */
export function sendReview(
  call: Pick<Call, "deliveries" | "origin" | "repository">,
  pull: PullRequest,
  review: Review,
  action: string,
  sender: Account,
): void {
  const { review: shaped, pullSimple, repository, user } = shapes(call.origin);
  call.deliveries.send("pull_request_review", call.repository, {
    action,
    review: { ...shaped(call.repository, pull, review), state: review.state.toLowerCase() },
    pull_request: pullSimple(call.repository, pull),
    repository: repository(call.repository),
    sender: user(sender),
  });
}

function requestReviewers(call: Call) {
  const pull = pullOf(call);
  const people = (call.body.reviewers as string[] | undefined) ?? [];
  const teams = (call.body.team_reviewers as string[] | undefined) ?? [];
  for (const login of people) {
    const account = call.world.accounts.get(login.toLowerCase());
    if (!account || account === pull.issue.author)
      throw new Refused(
        422,
        account
          ? "Review cannot be requested from pull request author."
          : "Reviews may only be requested from collaborators.",
      );
    if (shapes(call.origin).permission(call.repository, account).permission === "none")
      throw new Refused(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.",
      );
  }
  for (const login of people) pull.requestedReviewers.add(login.toLowerCase());
  for (const slug of teams) pull.requestedTeams.add(slug);
  const sender = accountOf(call);
  for (const login of people) {
    const account = call.world.accounts.get(login.toLowerCase());
    sendPull(call, call.repository, pull, "review_requested", sender, {
      requested_reviewer: account ? shapes(call.origin).user(account) : null,
    });
  }
  return { status: 201, body: shapes(call.origin).pullSimple(call.repository, pull) };
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
  const number = call.repository.nextNumber++;
  const createdAt = call.world.now();
  const issue = {
    number,
    id: call.world.nextId(),
    title: String(call.body.title),
    body: String(call.body.body ?? ""),
    state: "open" as const,
    author,
    comments: [],
    labels: [],
    createdAt,
  };
  const pull: PullRequest = {
    id: call.world.nextId(),
    number,
    issue,
    title: issue.title,
    head: { repository: source, ref, sha },
    base: { ref: base, sha: baseSha },
    draft: call.body.draft === true,
    state: "open",
    merged: null,
    reviews: [],
    requestedReviewers: new Set(),
    requestedTeams: new Set(),
    timeline: [],
    assignees: [],
    updatedAt: createdAt,
  };
  call.repository.issues.set(number, issue);
  call.repository.pulls.set(number, pull);
  sendPull(call, call.repository, pull, "opened", author);
  return { status: 201, body: full(call, pull) };
}

function dismissed(pull: PullRequest, review: Review, by: Account, at: string): void {
  pull.timeline.push({ event: "review_dismissed", review, previousState: review.state, actor: by.login, at });
  review.state = "DISMISSED";
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
    const sha = commitOf(call.repository, `refs/heads/${call.body.base}`);
    if (!sha) throw new Refused(422, "Validation Failed");
    changes.base = { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } };
    const at = call.world.now();
    pull.timeline.push({
      event: "base_ref_changed",
      from: pull.base.ref,
      to: call.body.base,
      actor: sender.login,
      at,
    });
    pull.base = { ref: call.body.base, sha };
    // Stale approvals are dismissed here too, and no review event tells of it.
    if (call.repository.rules.get(pull.base.ref)?.dismissStale)
      for (const review of pull.reviews.filter((one) => one.state === "APPROVED")) dismissed(pull, review, sender, at);
  }
  pull.updatedAt = call.world.now();
  if (Object.keys(changes).length > 0) sendPull(call, call.repository, pull, "edited", sender, { changes });
  const state = call.body.state;
  if ((state === "open" || state === "closed") && state !== pull.state) {
    pull.state = state;
    sendPull(call, call.repository, pull, state === "open" ? "reopened" : "closed", sender);
  }
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
      dismissed(pull, review, sender, call.world.now());
      sendReview(call, pull, review, "dismissed", sender);
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
        (one) => one.head.repository === call.repository && one.head.sha === sha,
      );
      return page(
        call,
        all.map((one) => shapes(call.origin).pullSimple(call.repository, one)),
      );
    },
  },
];
