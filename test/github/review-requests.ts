import { Refused } from "./access.ts";
import { accountOf, pullOf } from "./callers.ts";
import { sendPull } from "./pull-events.ts";
import type { Call, LoopbackGitHub } from "./server.ts";
import { shapes } from "./shapes.ts";
import { stageOf } from "./stage.ts";
import type { Account, PullRequest, Repository } from "./world.ts";

/** Asks people and teams for a review; one who cannot be asked makes GitHub refuse them all. */
export function requestReviewers(call: Call) {
  const pull = pullOf(call);
  const people = ((call.body.reviewers as string[] | undefined) ?? []).map((login) => {
    const account = call.world.accounts.get(login.toLowerCase());
    if (account === pull.issue.author) throw new Refused(422, "Review cannot be requested from pull request author.");
    if (!account || shapes(call.origin).permission(call.repository, account).permission === "none")
      throw new Refused(422, NO_COLLABORATOR);
    return account;
  });
  const teams = (call.body.team_reviewers as string[] | undefined) ?? [];
  for (const slug of teams)
    if (!call.repository.teams.some(({ team }) => team.slug === slug)) throw new Refused(422, NO_COLLABORATOR);
  const sender = accountOf(call);
  for (const account of people) {
    if (pull.requestedReviewers.has(account.login.toLowerCase())) continue;
    pull.requestedReviewers.add(account.login.toLowerCase());
    noted(call, pull, "review_requested", account.login, sender.login);
    sendPull(call, call.repository, pull, "review_requested", sender, {
      requested_reviewer: shapes(call.origin).user(account),
    });
  }
  for (const slug of teams) {
    if (pull.requestedTeams.has(slug)) continue;
    pull.requestedTeams.add(slug);
    noted(call, pull, "review_requested", `${call.repository.owner.login}/${slug}`, sender.login);
    const team = call.world.teams.find((one) => one.slug === slug);
    sendPull(call, call.repository, pull, "review_requested", sender, {
      requested_team: team ? shapes(call.origin).team(team) : null,
    });
  }
  return { status: 201, body: shapes(call.origin).pullSimple(call.repository, pull) };
}

const NO_COLLABORATOR =
  "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.";

function noted(
  { world }: Pick<Call, "world">,
  pull: PullRequest,
  event: "review_requested" | "review_request_removed",
  reviewer: string,
  actor: string,
): void {
  pull.timeline.push({ event, reviewer, actor, at: world.now() });
}

/** A review fulfils what was asked of its author, and of the author's teams. */
export function reviewFulfils({ world }: Pick<Call, "world">, pull: PullRequest, author: Account): void {
  const login = author.login.toLowerCase();
  pull.requestedReviewers.delete(login);
  for (const { slug, members } of world.teams) if (members.has(login)) pull.requestedTeams.delete(slug);
}

/** Takes somebody off the list of those who are asked; people may take themselves off. */
export function removeReviewer(
  github: LoopbackGitHub,
  repository: Repository,
  pull: PullRequest,
  login: string,
  by = login,
): void {
  const stage = stageOf(github);
  pull.requestedReviewers.delete(login.toLowerCase());
  noted(stage, pull, "review_request_removed", login, by);
  sendPull(stage, repository, pull, "review_request_removed", github.world.user(by), {
    requested_reviewer: shapes(github.url).user(github.world.user(login)),
  });
}
