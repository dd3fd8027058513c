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
  if (missing.length > 0 || found.evaluation.assessment.tier.value === "none") return { found, missing };
  const { followUp, pull } = owed;
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
