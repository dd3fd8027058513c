import { Refused } from "./access.ts";
import { requestSuites } from "./check-suites.ts";
import { baseMoved, dequeue } from "./merge-queue.ts";
import { closePull, dismissStale, retarget } from "./pull-changes.ts";
import { sendPull } from "./pull-events.ts";
import { sendPush } from "./push.ts";
import type { Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, PullRequest, Repository } from "./world.ts";

const HEADS = "refs/heads/";

/** Moves a branch, new ones too, with everything that follows: pull requests from it and into it. */
export function moveBranch(
  stage: Stage,
  repository: Repository,
  branch: string,
  sha: string,
  by: Account,
  forced = false,
): void {
  const ref = `${HEADS}${branch}`;
  const before = repository.refs.get(ref) ?? null;
  if (isQueued(repository, branch)) throw new Refused(422, QUEUED);
  repository.refs.set(ref, sha);
  if (before === null) sendRef(stage, repository, "create", branch, by);
  sendPush(stage, repository, { ref, before, after: sha, by, forced });
  requestSuites(stage, repository, sha, before, by);
  for (const [owner, pull] of openPulls(stage)) {
    if (owner === repository && pull.base.ref === branch) pull.base = { ...pull.base, sha };
    if (pull.head.repository === repository && pull.head.ref === branch)
      moveHead(stage, owner, pull, { before, sha, by, forced });
  }
  if (before !== null)
    for (const pull of landedBy(repository, branch, before, sha)) markMerged(stage, repository, pull, sha, by);
  baseMoved(stage, repository, branch);
}

/** What GitHub says of a push to the branch of a pull request that is in a queue. */
const QUEUED =
  "A pull request for this branch has been added to a merge queue. Branches that are queued for merging cannot be updated. " +
  "To modify this branch, dequeue the associated pull request.";

function isQueued(repository: Repository, branch: string): boolean {
  const entries = [...repository.queues.values()].flatMap((queue) => queue.entries);
  return entries.some(({ pull: { head } }) => head.repository === repository && head.ref === branch);
}

interface HeadMove {
  readonly before: string | null;
  readonly sha: string;
  readonly by: Account;
  readonly forced: boolean;
}

function moveHead(stage: Stage, owner: Repository, pull: PullRequest, { before, sha, by, forced }: HeadMove): void {
  // Only a fork's branch gets here while its pull request is in a queue.
  dequeue(stage, owner, pull, by, "UNKNOWN_REMOVAL_REASON");
  pull.head.sha = sha;
  pull.updatedAt = stage.world.now();
  if (forced)
    pull.timeline.push({
      event: "head_ref_force_pushed",
      ...(before === null ? {} : { from: before }),
      to: sha,
      actor: by.login,
      at: stage.world.now(),
    });
  sendPull(stage, owner, pull, "synchronize", by, { before, after: sha });
  dismissStale(stage, owner, pull, by);
}

/** Open pull requests whose head came into the base by a push: GitHub takes them for merged ("About pull request merges"). */
function landedBy(repository: Repository, branch: string, before: string, after: string): readonly PullRequest[] {
  const brought = new Set(repository.store.between(before, after));
  return [...repository.pulls.values()].filter(
    ({ state, base, head }) => state === "open" && base.ref === branch && brought.has(head.sha),
  );
}

/** Takes a pull request for merged as that commit of its base. */
function markMerged(stage: Stage, repository: Repository, pull: PullRequest, sha: string, by: Account): void {
  pull.merged = { sha, by, at: stage.world.now() };
  closePull(stage, repository, pull, by);
}

/**
 * Deletes a branch. Pull requests from it are closed. Those into it are closed too, unless GitHub deletes it after a merge
 * (by the button or by itself): then they go on to the base that it was merged into (changelog of 2020-05-19).
 */
export function deleteBranch(
  stage: Stage,
  repository: Repository,
  branch: string,
  by: Account,
  merged: PullRequest | null = null,
): void {
  const ref = `${HEADS}${branch}`;
  const before = repository.refs.get(ref);
  if (before === undefined) throw new Error(`no branch ${branch}`);
  repository.refs.delete(ref);
  sendRef(stage, repository, "delete", branch, by);
  sendPush(stage, repository, { ref, before, after: null, by });
  for (const [owner, pull] of openPulls(stage)) {
    if (pull.head.repository === repository && pull.head.ref === branch) closePull(stage, owner, pull, by);
    else if (owner === repository && pull.base.ref === branch) {
      if (merged === null) closePull(stage, owner, pull, by);
      else goOn(stage, owner, pull, merged.base.ref, by, "automatic_base_change_succeeded");
    }
  }
}

function goOn(
  stage: Stage,
  repository: Repository,
  pull: PullRequest,
  base: string,
  by: Account,
  event: "base_ref_changed" | "automatic_base_change_succeeded",
): void {
  const changes = retarget(stage, repository, pull, base, by, event);
  sendPull(stage, repository, pull, "edited", by, { changes });
}

/**
 * Renames a branch: its rules and the open pull requests into it go along, those from it are closed ("Renaming a branch").
 * That `create` and `delete` are sent is how it looks from outside; GitHub documents no event of its own for it.
 */
export function renameBranch(stage: Stage, repository: Repository, from: string, to: string, by: Account): void {
  const sha = repository.refs.get(`${HEADS}${from}`);
  if (sha === undefined) throw new Error(`no branch ${from}`);
  moveKey(repository.rules, from, to);
  moveKey(repository.protections, from, to);
  repository.refs.set(`${HEADS}${to}`, sha);
  repository.refs.delete(`${HEADS}${from}`);
  sendRef(stage, repository, "create", to, by);
  if (repository.defaultBranch === from) changeDefaultBranch(stage, repository, to, by);
  for (const [owner, pull] of openPulls(stage)) {
    if (pull.head.repository === repository && pull.head.ref === from) closePull(stage, owner, pull, by);
    else if (owner === repository && pull.base.ref === from) goOn(stage, owner, pull, to, by, "base_ref_changed");
  }
  sendRef(stage, repository, "delete", from, by);
}

function moveKey<T>(map: Map<string, T>, from: string, to: string): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}

/** Makes another branch the default one. */
export function changeDefaultBranch(stage: Stage, repository: Repository, branch: string, by: Account): void {
  const from = repository.defaultBranch;
  repository.defaultBranch = branch;
  const { repository: shaped, user } = shapes(stage.origin);
  stage.deliveries.send("repository", repository, {
    action: "edited",
    changes: { default_branch: { from } },
    repository: shaped(repository),
    sender: user(by),
  });
}

function* openPulls({ world }: Stage): Generator<readonly [Repository, PullRequest]> {
  for (const owner of [...world.repositories])
    for (const pull of [...owner.pulls.values()]) if (pull.state === "open") yield [owner, pull];
}

function sendRef(stage: Stage, repository: Repository, event: "create" | "delete", ref: string, by: Account): void {
  const { repository: shaped, user } = shapes(stage.origin);
  stage.deliveries.send(event, repository, {
    ref,
    ref_type: "branch",
    ...(event === "create" ? { master_branch: repository.defaultBranch, description: null } : {}),
    pusher_type: "user",
    repository: shaped(repository),
    sender: user(by),
  });
}
