import { bindReview } from "./bind-review.ts";
import { lookAtGate } from "./bypass/look-at-gate.ts";
import { lookAtLandings } from "./bypass/look-at-landings.ts";
import { noteForgedCheck } from "./bypass/note-forged-check.ts";
import { recordBasePush } from "./bypass/record-base-push.ts";
import { tellPeople } from "./bypass/tell-people.ts";
import { closePullRequest } from "./close-pull-request.ts";
import { askedAgain } from "./commands/asked-again.ts";
import { decidePullRequest } from "./decide-pull-request.ts";
import type { Enforcement } from "./enforcement.ts";
import { decideGroup } from "./groups/decide-group.ts";
import { policyChanged } from "./policy-changed.ts";
import { recordBranchPush } from "./record-branch-push.ts";
import { recordPush } from "./record-push.ts";
import { publishEvidence } from "./recording/publish-evidence.ts";
import { recordMerge } from "./recording/record-merge.ts";
import { restoreComment } from "./restore-comment.ts";
import { answerRollback, tellRollback } from "./rollback/answer-rollback.ts";
import type { Jobs } from "./run-job.ts";

/** Every job of the App over the parts it needs. */
export function jobsOf(parts: Enforcement): Jobs {
  return {
    "decide-pull-request": (work, signal) => decidePullRequest(work, parts, signal),
    "close-pull-request": (work) => closePullRequest(work, parts),
    "restore-comment": (work, signal) => restoreComment(work, parts, signal),
    "bind-review": (work) => bindReview(work, parts),
    "record-push": (work) => recordPush(work, parts),
    "record-branch-push": (work) => recordBranchPush(work, parts),
    "policy-changed": (work, signal) => policyChanged(work, parts, signal),
    "decide-group": (work, signal) => decideGroup(work, parts, signal),
    "record-base-push": (work) => recordBasePush(work, parts),
    "record-merge": (work) => recordMerge(work, parts),
    "publish-evidence": (work, signal) => publishEvidence(work, parts, signal),
    "look-at-landings": (work, signal) => lookAtLandings(work, parts, signal),
    "look-at-gate": (work, signal) => lookAtGate(work, parts, signal),
    "note-forged-check": (work, signal) => noteForgedCheck(work, parts, signal),
    "tell-people": (work, signal) => tellPeople(work, parts, signal),
    "answer-rollback": (work, signal) => answerRollback(work, parts, signal),
    "tell-rollback": (work, signal) => tellRollback(work, parts, signal),
    "asked-again": async (work, signal) => {
      if (await askedAgain(work, parts, signal)) return;
      const { repository, number, login, asks } = work;
      parts.log.info({ repository, number, login, asks }, "asked by somebody who may not");
    },
  };
}
