import { Refused } from "./access.ts";
import { deleteBranch, moveBranch } from "./branches.ts";
import { recordSuite, refusalText, stoppedBy } from "./rule-suites.ts";
import type { Stage } from "./server.ts";
import { type PushEnds, pushViolations } from "./violations.ts";
import type { Account, Repository } from "./world.ts";

/** How a push is made: whether it rewrites history, and whether rules stop who may not go past them. */
export interface PushWay {
  readonly forced: boolean;
  readonly stopped: boolean;
}

/** Moves a branch by a push to it; what it breaks is remembered as a bypass, or refused with 422. */
export function pushDirectly(
  stage: Stage,
  repository: Repository,
  branch: string,
  sha: string,
  by: Account,
  { forced, stopped }: PushWay,
): void {
  const before = repository.refs.get(`refs/heads/${branch}`) ?? null;
  judge(stage, repository, { branch, before, after: sha, forced }, by, stopped);
  moveBranch(stage, repository, branch, sha, by, forced);
}

/** Deletes a branch where no rule stops it. */
export function deleteDirectly(stage: Stage, repository: Repository, branch: string, by: Account): void {
  const before = repository.refs.get(`refs/heads/${branch}`) ?? null;
  judge(stage, repository, { branch, before, after: null, forced: false }, by, true);
  deleteBranch(stage, repository, branch, by);
}

function judge(stage: Stage, repository: Repository, push: PushEnds, by: Account, stops: boolean): void {
  const broken = pushViolations(stage.world, repository, push);
  const stopped = stops ? stoppedBy(broken, by, "push") : [];
  recordSuite(stage, repository, push, by, broken, stopped.length > 0 ? "fail" : undefined);
  if (stopped.length > 0) throw new Refused(422, refusalText(stopped));
}
