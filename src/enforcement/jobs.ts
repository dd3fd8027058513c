import { askedAgain } from "./asked-again.ts";
import { bindReview } from "./bind-review.ts";
import { closePullRequest } from "./close-pull-request.ts";
import { decideGroup } from "./decide-group.ts";
import { decidePullRequest } from "./decide-pull-request.ts";
import type { Enforcement } from "./enforcement.ts";
import { lookAtGate } from "./look-at-gate.ts";
import { lookAtLandings } from "./look-at-landings.ts";
import { noteForgedCheck } from "./note-forged-check.ts";
import { policyChanged } from "./policy-changed.ts";
import { recordBasePush } from "./record-base-push.ts";
import { recordBranchPush } from "./record-branch-push.ts";
import { recordPush } from "./record-push.ts";
import { restoreComment } from "./restore-comment.ts";
import type { Jobs } from "./run-job.ts";
import { tellPeople } from "./tell-people.ts";

/** Every job of the App over the parts it needs. */
export function jobsOf(parts: Enforcement): Jobs {
  return {
    "decide-pull-request": (work, signal) => decidePullRequest(work, parts, signal),
    "close-pull-request": (work) => closePullRequest(work, parts),
    "restore-comment": (work) => restoreComment(work, parts),
    "bind-review": (work) => bindReview(work, parts),
    "record-push": (work) => recordPush(work, parts),
    "record-branch-push": (work) => recordBranchPush(work, parts),
    "policy-changed": (work, signal) => policyChanged(work, parts, signal),
    "decide-group": (work, signal) => decideGroup(work, parts, signal),
    "record-base-push": (work) => recordBasePush(work, parts),
    "look-at-landings": (work, signal) => lookAtLandings(work, parts, signal),
    "look-at-gate": (work, signal) => lookAtGate(work, parts, signal),
    "note-forged-check": (work, signal) => noteForgedCheck(work, parts, signal),
    "tell-people": (work, signal) => tellPeople(work, parts, signal),
    "asked-again": async (work, signal) => {
      if (await askedAgain(work, parts, signal)) return;
      const { repository, number, login, asks } = work;
      parts.log.info({ repository, number, login, asks }, "asked by somebody who may not");
    },
  };
}
