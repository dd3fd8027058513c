import { Refused } from "./access.ts";
import { deleteBranch, moveBranch } from "./branches.ts";
import { accountOf, pullOf } from "./callers.ts";
import { landing, type MergeMethod } from "./landing.ts";
import { closePull } from "./pull-changes.ts";
import { recordSuite, refusalText, stoppedBy } from "./rule-suites.ts";
import type { Answer, Call } from "./server.ts";
import { mergeViolations } from "./violations.ts";

/** PUT /pulls/{n}/merge: checks the branch's rules (405), the expected head (409), then lands a real merge. */
export function mergePull(call: Call): Answer {
  const { repository, world } = call;
  const pull = pullOf(call);
  const sender = accountOf(call);
  if (pull.state !== "open" || pull.merged) throw new Refused(405, "Pull Request is not mergeable");
  if (call.body.sha !== undefined && call.body.sha !== pull.head.sha)
    throw new Refused(409, "Head branch was modified. Review and try the merge again.");
  if (pull.draft) throw new Refused(405, "Pull Request is still a draft");
  const push = { branch: pull.base.ref, before: pull.base.sha, after: pull.head.sha, forced: false };
  const broken = mergeViolations(world, repository, pull);
  const stopped = stoppedBy(broken, sender, "pull_request");
  if (stopped.length > 0) {
    recordSuite(call, repository, push, sender, broken, "fail");
    throw new Refused(405, refusalText(stopped));
  }
  const tip = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  const method = String(call.body.merge_method ?? "merge") as MergeMethod;
  const sha = landing(repository, tip, pull, method, sender, world.now());
  if (sha === null) throw new Refused(405, "Merge conflict");
  recordSuite(call, repository, { ...push, after: sha }, sender, broken);
  pull.merged = { sha, by: sender, at: world.now() };
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
