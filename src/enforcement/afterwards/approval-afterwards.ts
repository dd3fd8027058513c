import type { Requirement } from "../../core/requirement.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import type { Enforcement, Evidence } from "../enforcement.ts";
import { keepRecord } from "../recording/keep-record.ts";
import { type LandedPlace, type OwedLanding, type Reconsidered, reconsidered } from "./landed-change.ts";

/** How the approval of something that landed stands. */
export interface ApprovalAfterwards {
  /** Null where what landed cannot be read any more. */
  readonly found: Reconsidered | null;
  /** What is still missing; nothing where the approval is whole, and on record. */
  readonly missing: readonly Requirement[];
}

const UNREADABLE: Requirement = {
  kind: "approval",
  state: "failed",
  reason:
    "what landed, or what stood there before it, cannot be read any more; open an exception, and have it looked at",
};

/**
 * Counts who approves of what landed, before it and since: the tier's full set without its author and whoever let it in.
 * What is whole is recorded, with who, in which role, when and what they looked at, and then closed (security rule S14).
 */
export async function approvalAfterwards(
  owed: OwedLanding,
  place: LandedPlace,
  enforcement: Enforcement & { readonly evidence: Evidence },
): Promise<ApprovalAfterwards> {
  const found = await readable(owed, place, enforcement);
  if (found === null) return { found, missing: [UNREADABLE] };
  const missing = found.evaluation.requirements.filter(({ kind, state }) => kind === "approval" && state !== "met");
  const { followUp, pull } = owed;
  if (missing.length > 0) {
    const back = await takenBackBy(owed, found, place, enforcement);
    if (back === null) return { found, missing };
    await enforcement.store.closeFollowUp(followUp.id, back);
    return { found, missing: [] };
  }
  const { id, owner, name } = place.repository.name;
  const { dossier, limitations } = await found.dossier();
  const record = `retrospective-approval/${followUp.id}`;
  await keepRecord(
    {
      record: { id: record },
      event: "retrospective-approval",
      repository: { id, owner, name },
      about: [followUp.record],
      ...(pull === null ? {} : { pullRequest: pullRequestOf(owed, pull.head, pull.number) }),
      dossier,
      limitations: [...limitations, "It was approved after it had landed."],
    },
    enforcement.evidence,
    enforcement,
  );
  await enforcement.store.closeFollowUp(followUp.id, record);
  return { found, missing };
}

/** The record of what took it back: there is nothing to approve where everything governed is again as it was before. */
async function takenBackBy(
  { followUp: { before, after, branch, record } }: OwedLanding,
  { evaluation }: Reconsidered,
  { repository }: LandedPlace,
  { store }: Enforcement,
): Promise<string | null> {
  const head = await repository.landings.branchHead(branch);
  if (head === null || head === after) return null;
  const { changes } = await repository.landings.difference(before, head);
  const paths = evaluation.assessment.governedPaths;
  const differ = changes.some((change) => [change.before, change.after].some((side) => side && paths.has(side.path)));
  if (differ) return null;
  const last = (await store.lastLanding(repository.name.id, branch, [...paths]))?.record ?? null;
  // It is recorded in a moment, and looked at again then.
  return last === record ? null : last;
}

function pullRequestOf({ followUp: { before, after, branch } }: OwedLanding, head: string, number: number) {
  const merged = { merge: after, method: null, landedAsApproved: null, mergedBy: null, mergedAt: null };
  return { number, base: before, head, baseRef: branch, ...merged };
}

async function readable(owed: OwedLanding, place: LandedPlace, enforcement: Enforcement): Promise<Reconsidered | null> {
  try {
    return await reconsidered(owed, place, enforcement);
  } catch (fault) {
    if (!(fault instanceof HostingFault) || fault.code !== "hosting/not-found") throw fault;
    enforcement.log.warn({ record: owed.followUp.record, err: fault }, "what landed cannot be read any more");
    return null;
  }
}
