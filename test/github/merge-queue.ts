import { deleteBranch, moveBranch } from "./branches.ts";
import { landing, type MergeMethod } from "./landing.ts";
import { sendMergeGroup } from "./merge-group-event.ts";
import { closePull } from "./pull-changes.ts";
import { sendPull } from "./pull-events.ts";
import { recordSuite } from "./rule-suites.ts";
import { checksOf, queueRuleOf, rulesOf } from "./rules.ts";
import type { Stage } from "./server.ts";
import { checkState } from "./violations.ts";
import type { Account, MergeQueue, MergeQueueParameters, PullRequest, QueueEntry, Repository } from "./world.ts";

/** Why a pull request leaves its queue, by the names of the event `pull_request.dequeued`. */
export type DequeueReason =
  | "MANUAL"
  | "MERGE"
  | "MERGE_CONFLICT"
  | "CI_FAILURE"
  | "CI_TIMEOUT"
  | "UNKNOWN_REMOVAL_REASON";

/** How the checks of an entry's group stand. */
export type EntryState = "queued" | "waiting" | "green" | "red";

/** The queue of a branch and the entry of a pull request in it; null where it is in none. */
export function entryOf(
  repository: Repository,
  pull: PullRequest,
): { readonly queue: MergeQueue; readonly entry: QueueEntry } | null {
  const queue = repository.queues.get(pull.base.ref);
  const entry = queue?.entries.find((one) => one.pull === pull);
  return queue && entry ? { queue, entry } : null;
}

/** Puts a pull request at the end of its base's queue, or before all others. */
export function enqueue(
  stage: Stage,
  repository: Repository,
  pull: PullRequest,
  enqueuer: Account,
  jump = false,
): QueueEntry {
  const branch = pull.base.ref;
  const queue = repository.queues.get(branch) ?? { id: stage.world.nextId(), branch, entries: [], waited: false };
  repository.queues.set(branch, queue);
  const entry: QueueEntry = {
    id: stage.world.nextId(),
    pull,
    enqueuer,
    enqueuedAt: stage.world.now(),
    jump,
    group: null,
  };
  if (jump) {
    destroyGroups(stage, repository, queue, 0, "invalidated");
    queue.entries.unshift(entry);
  } else queue.entries.push(entry);
  pull.timeline.push({ event: "added_to_merge_queue", actor: enqueuer.login, at: entry.enqueuedAt });
  sendPull(stage, repository, pull, "enqueued", enqueuer);
  advance(stage, repository, branch);
  return entry;
}

/** Takes a pull request out of its queue; the groups built on it are built again. */
export function dequeue(
  stage: Stage,
  repository: Repository,
  pull: PullRequest,
  by: Account,
  reason: DequeueReason,
): void {
  const found = entryOf(repository, pull);
  if (!found) return;
  const { queue, entry } = found;
  const at = queue.entries.indexOf(entry);
  destroyGroups(stage, repository, queue, at + 1, "invalidated");
  if (entry.group) destroyGroup(stage, repository, queue, entry, "dequeued");
  remove(stage, repository, queue, entry, by, reason);
  advance(stage, repository, queue.branch);
}

/** Builds what can be built and merges what may be merged, until there is nothing to do ("Managing a merge queue"). */
export function advance(stage: Stage, repository: Repository, branch: string): void {
  const queue = repository.queues.get(branch);
  const rule = queueRuleOf(stage.world, repository, branch);
  if (!queue || !rule) return;
  for (;;) {
    build(stage, repository, queue, rule);
    const window = queue.entries.slice(0, rule.max_entries_to_merge);
    const states = window.map((entry) => entryState(stage, repository, queue, entry));
    const failed = failedAt(states, rule.grouping_strategy);
    if (failed >= 0) {
      const entry = window[failed];
      if (entry) dropFailed(stage, repository, queue, entry, "CI_FAILURE");
      continue;
    }
    const count = mergeable(states, rule.grouping_strategy);
    if (count === 0 || (count < rule.min_entries_to_merge && !queue.waited)) return;
    mergeFirst(stage, repository, queue, count);
  }
}

/** Takes out an entry whose checks failed or did not come. */
export function dropFailed(
  stage: Stage,
  repository: Repository,
  queue: MergeQueue,
  entry: QueueEntry,
  reason: "CI_FAILURE" | "CI_TIMEOUT",
): void {
  destroyGroups(stage, repository, queue, queue.entries.indexOf(entry) + 1, "invalidated");
  destroyGroup(stage, repository, queue, entry, "dequeued");
  remove(stage, repository, queue, entry, queueBot(stage), reason);
}

/** Looks at a base again that was moved by something else than its queue: what was built on it is no longer. */
export function baseMoved(stage: Stage, repository: Repository, branch: string): void {
  const queue = repository.queues.get(branch);
  const group = queue?.entries[0]?.group;
  if (!queue || !group || group.baseSha === repository.refs.get(`refs/heads/${branch}`)) return;
  destroyGroups(stage, repository, queue, 0, "invalidated");
  advance(stage, repository, branch);
}

/** Looks at the queues again whose group has this commit as its head. */
export function checksMoved(stage: Stage, repository: Repository, sha: string): void {
  for (const queue of repository.queues.values())
    if (queue.entries.some(({ group }) => group?.headSha === sha)) advance(stage, repository, queue.branch);
}

/** How the checks stand that are required on the head of an entry's group. */
export function entryState(
  { world }: Pick<Stage, "world">,
  repository: Repository,
  queue: MergeQueue,
  { group }: QueueEntry,
): EntryState {
  if (!group) return "queued";
  const required = rulesOf(world, repository, queue.branch)
    .filter(({ type, enforcement }) => type === "required_status_checks" && enforcement === "active")
    .flatMap(checksOf);
  const states = required.map((check) => checkState(repository, group.headSha, check));
  if (states.includes("failing")) return "red";
  return states.every((state) => state === "success") ? "green" : "waiting";
}

/**
 * The entry that has to go. With ALLGREEN ("Only merge non-failing pull requests") any that is red; with HEADGREEN a red one
 * stays while one behind it, whose group holds it too, may still turn green.
 */
function failedAt(states: readonly EntryState[], strategy: MergeQueueParameters["grouping_strategy"]): number {
  const red = states.indexOf("red");
  if (strategy === "ALLGREEN" || red < 0) return red;
  const hope = states.slice(red + 1).some((state) => state === "waiting" || state === "green");
  return hope ? -1 : red;
}

function mergeable(states: readonly EntryState[], strategy: MergeQueueParameters["grouping_strategy"]): number {
  const pending = states.findIndex((state) => state === "waiting" || state === "queued");
  const settled = pending < 0 ? states : states.slice(0, pending);
  if (strategy === "HEADGREEN") return settled.lastIndexOf("green") + 1;
  const other = settled.findIndex((state) => state !== "green");
  return other < 0 ? settled.length : other;
}

function build(stage: Stage, repository: Repository, queue: MergeQueue, rule: MergeQueueParameters): void {
  const method = rule.merge_method.toLowerCase() as MergeMethod;
  for (let at = 0; at < Math.min(queue.entries.length, rule.max_entries_to_build); ) {
    const entry = queue.entries[at];
    if (!entry || entry.group) {
      at += 1;
      continue;
    }
    const base = queue.entries[at - 1]?.group?.headSha ?? repository.refs.get(`refs/heads/${queue.branch}`) ?? "";
    const head = landing(repository, base, entry.pull, method, entry.enqueuer, stage.world.now());
    if (head === null) {
      remove(stage, repository, queue, entry, queueBot(stage), "MERGE_CONFLICT");
      continue;
    }
    // The name ends in the commit that the group is built on, not in its own.
    const branch = `gh-readonly-queue/${queue.branch}/pr-${entry.pull.number}-${base}`;
    entry.group = { branch, baseSha: base, headSha: head };
    moveBranch(stage, repository, branch, head, queueBot(stage));
    sendMergeGroup(stage, repository, queue, entry, "checks_requested");
    at += 1;
  }
}

function mergeFirst(stage: Stage, repository: Repository, queue: MergeQueue, count: number): void {
  const bot = queueBot(stage);
  const merged = queue.entries.slice(0, count);
  const head = merged.at(-1)?.group?.headSha;
  if (head === undefined) return;
  queue.waited = false;
  for (const entry of merged) remove(stage, repository, queue, entry, bot, "MERGE");
  for (const { pull, group } of merged) {
    pull.merged = { sha: group?.headSha ?? head, by: bot, at: stage.world.now() };
    closePull(stage, repository, pull, bot);
  }
  const before = repository.refs.get(`refs/heads/${queue.branch}`) ?? null;
  recordSuite(stage, repository, { branch: queue.branch, before, after: head, forced: false }, bot, []);
  moveBranch(stage, repository, queue.branch, head, bot);
  for (const entry of merged) destroyGroup(stage, repository, queue, entry, "merged");
  for (const { pull } of merged)
    if (repository.deleteBranchOnMerge && repository.refs.has(`refs/heads/${pull.head.ref}`))
      if (pull.head.repository === repository) deleteBranch(stage, repository, pull.head.ref, bot, pull);
}

function remove(
  stage: Stage,
  repository: Repository,
  queue: MergeQueue,
  entry: QueueEntry,
  by: Account,
  reason: DequeueReason,
): void {
  queue.entries.splice(queue.entries.indexOf(entry), 1);
  const { pull } = entry;
  pull.timeline.push({ event: "removed_from_merge_queue", actor: by.login, at: stage.world.now(), reason });
  sendPull(stage, repository, pull, "dequeued", by, { reason });
}

function destroyGroups(
  stage: Stage,
  repository: Repository,
  queue: MergeQueue,
  from: number,
  reason: "invalidated",
): void {
  for (const entry of queue.entries.slice(from)) if (entry.group) destroyGroup(stage, repository, queue, entry, reason);
}

function destroyGroup(
  stage: Stage,
  repository: Repository,
  queue: MergeQueue,
  entry: QueueEntry,
  reason: "merged" | "invalidated" | "dequeued",
): void {
  if (!entry.group) return;
  sendMergeGroup(stage, repository, queue, entry, "destroyed", reason);
  deleteBranch(stage, repository, entry.group.branch, queueBot(stage));
  entry.group = null;
}

function queueBot({ world }: Stage): Account {
  return world.user("github-merge-queue[bot]", "Bot");
}
