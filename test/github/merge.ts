import { Refused } from "./access.ts";
import { deleteBranch, moveBranch } from "./branches.ts";
import { accountOf, pullOf } from "./callers.ts";
import { closePull } from "./pull-changes.ts";
import type { Answer, Call } from "./server.ts";
import { type Account, gitPerson, type PullRequest, type Repository, reaches, roleOf } from "./world.ts";

/** Why GitHub would refuse the merge, in its words; null when it may go ahead. */
function refusalToMerge(repository: Repository, pull: PullRequest): string | null {
  const rules = repository.rules.get(pull.base.ref);
  if (!rules) return null;
  for (const { context, integrationId } of rules.requiredChecks) {
    const state = requiredState(repository, pull.head.sha, context, integrationId);
    if (state === "success") continue;
    return `Required status check "${context}" is ${state}.`;
  }
  if (
    rules.strict &&
    !repository.store.isAncestor(repository.refs.get(`refs/heads/${pull.base.ref}`) ?? "", pull.head.sha)
  )
    return "Head branch is out of date.";
  const latest = new Map(
    pull.reviews
      .filter((one) => one.state !== "COMMENTED" && one.state !== "PENDING")
      .map((one) => [one.author.login, one]),
  );
  const counted = [...latest.values()].filter((one) => reaches(roleOf(repository, one.author.login), "write"));
  if (counted.some((one) => one.state === "CHANGES_REQUESTED") && rules.requiredApprovals > 0)
    return "Changes were requested.";
  const approvals = counted.filter((one) => one.state === "APPROVED").length;
  if (approvals < rules.requiredApprovals)
    return `At least ${rules.requiredApprovals} approving review is required by reviewers with write access.`;
  return null;
}

/** `success`, `neutral` and `skipped` satisfy a required check; the newest run of the pinned App counts, of any where none is pinned. */
function requiredState(
  repository: Repository,
  sha: string,
  context: string,
  integrationId: number | null,
): "success" | "expected" | "failing" | "in progress" {
  const run = repository.checkRuns
    .filter(
      (one) => one.headSha === sha && one.name === context && (integrationId === null || one.app.id === integrationId),
    )
    .at(-1);
  const status = repository.statuses.filter((one) => one.sha === sha && one.context === context).at(-1);
  if (!run) {
    if (integrationId !== null || !status) return "expected";
    return status.state === "success" ? "success" : "failing";
  }
  if (run.status !== "completed") return "in progress";
  return ["success", "neutral", "skipped"].includes(run.conclusion ?? "") ? "success" : "failing";
}

/** PUT /pulls/{n}/merge: checks the branch's rules (405), the expected head (409), then lands a real merge. */
export function mergePull(call: Call): Answer {
  const { repository } = call;
  const pull = pullOf(call);
  const sender = accountOf(call);
  if (pull.state !== "open" || pull.merged) throw new Refused(405, "Pull Request is not mergeable");
  if (call.body.sha !== undefined && call.body.sha !== pull.head.sha)
    throw new Refused(409, "Head branch was modified. Review and try the merge again.");
  const bypass = repository.rules.get(pull.base.ref)?.bypass.includes(sender.login) ?? false;
  const refused = refusalToMerge(repository, pull);
  if (pull.draft) throw new Refused(405, "Pull Request is still a draft");
  if (refused !== null && !bypass) throw new Refused(405, `Repository rule violations found\n\n${refused}\n\n`);
  const sha = landed(repository, pull, sender, String(call.body.merge_method ?? "merge"), call.world.now());
  if (sha === null) throw new Refused(405, "Merge conflict");
  pull.merged = { sha, by: sender, at: call.world.now() };
  closePull(call, repository, pull, sender);
  moveBranch(call, repository, pull.base.ref, sha, sender);
  if (
    repository.deleteBranchOnMerge &&
    pull.head.repository === repository &&
    repository.refs.has(`refs/heads/${pull.head.ref}`)
  )
    deleteBranch(call, repository, pull.head.ref, sender, pull);
  return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
}

function landed(repository: Repository, pull: PullRequest, sender: Account, method: string, at: string): string | null {
  const tip = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  const tree = repository.store.mergeTree(tip, pull.head.sha);
  if (tree === null) return null;
  const author = gitPerson(sender, at);
  if (method === "squash") return repository.store.commitTree(tree, [tip], `${pull.title} (#${pull.number})`, author);
  if (method === "merge")
    return repository.store.commitTree(
      tree,
      [tip, pull.head.sha],
      `Merge pull request #${pull.number} from ${pull.head.ref}`,
      author,
    );
  let parent = tip;
  for (const commit of repository.store.between(tip, pull.head.sha)) {
    const next = repository.store.mergeTree(parent, commit);
    if (next === null) return null;
    const original = repository.store.read(commit);
    parent = repository.store.commitTree(next, [parent], original.message, original.author);
  }
  return parent;
}
