import type { z } from "zod";
import type { BranchEvent, HostedEvent } from "../enforcement/hosted-event.ts";
import { BASELINE_PATHS, BASELINE_REPOSITORY, POLICY_PATH, REGISTRY_PATH } from "../work/configuration.ts";
import { repositoryOf } from "./event-repository.ts";
import type { MergeGroupPayload, PushPayload } from "./webhook-payload.ts";

/** Says of a group of a merge queue that it was built, or dropped. */
export function mergeGroup(payload: z.infer<typeof MergeGroupPayload>): HostedEvent | null {
  const { action, merge_group: group, repository } = payload;
  if (action !== "checks_requested" && action !== "destroyed") return null;
  return {
    type: "group",
    group: {
      ...repositoryOf(payload),
      head: group.head_sha,
      branch: branchOf(group.head_ref),
      base: group.base_sha,
      baseRef: branchOf(group.base_ref),
      defaultBranch: repository.default_branch,
    },
    ended: action === "destroyed",
    reason: `merge_group.${action}`,
  };
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

/** GitHub lists no more commits than this in one push. */
const COMMITS_LISTED = 2048;

/** Says where a branch went. */
export function push(payload: z.infer<typeof PushPayload>): HostedEvent | null {
  const { ref, commits = [], repository } = payload;
  const [, branch] = /^refs\/heads\/(.+)$/s.exec(ref) ?? [];
  // Groups of a merge queue have an event of their own; a person who pushes to such a name is remembered like any other.
  const isGroup = branch?.startsWith("gh-readonly-queue/") === true && payload.sender?.type !== "User";
  if (branch === undefined || payload.deleted || isGroup) return null;
  const named = new Set(commits.flatMap(({ added, removed, modified }) => [added, removed, modified].flat()));
  // What a rewritten or very long history changed is not listed.
  const all = payload.forced === true || commits.length === 0 || commits.length >= COMMITS_LISTED;
  const touches = (paths: readonly string[]) =>
    branch === repository.default_branch && !payload.created && (all || paths.some((path) => named.has(path)));
  return {
    type: "branch",
    repository: repositoryOf(payload),
    ref: branch,
    rules: touches([POLICY_PATH, REGISTRY_PATH]),
    baseline: repository.name === BASELINE_REPOSITORY && touches(BASELINE_PATHS),
    brought: commits.flatMap(({ id }) => id ?? []),
    landed: landedBy(payload),
    pushed: branch === repository.default_branch ? null : pushedOf(payload),
  };
}

/** What came into a branch that may be a governed one. */
function landedBy(payload: z.infer<typeof PushPayload>): NonNullable<BranchEvent["landed"]> | null {
  const { before, after, created, sender, repository } = payload;
  if (!after || !sender) return null;
  return {
    ...{ defaultBranch: repository.default_branch, before: created ? null : (before ?? null), after },
    login: sender.login,
  };
}

/** Who pushed what to a branch that may be proposed later. */
function pushedOf({
  before,
  after,
  created,
  sender,
}: z.infer<typeof PushPayload>): NonNullable<BranchEvent["pushed"]> | null {
  if (!after || !sender) return null;
  return { before: created ? null : (before ?? null), after, login: sender.login, person: sender.id ?? null };
}
