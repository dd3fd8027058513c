import { RETROSPECTIVE } from "../../core/safe-direction.ts";
import type { Instant } from "../../core/scalars.ts";
import type { Dossier, EvidenceRecord, UnplacedRecord } from "../../evidence/record.ts";
import { type OwedFor, owedAfter } from "../afterwards/owed-after.ts";
import { type Judged, whatOf } from "../bypass/judged-landing.ts";
import type { Landing } from "../bypass/landing.ts";
import { type DossierWithLimits, governedChanges } from "./dossier.ts";

/** What is known of a landing beside how it was judged. */
export interface LandingContext {
  /** The record's id. */
  readonly id: string;
  readonly repository: EvidenceRecord["repository"];
  readonly branch: string;
  readonly at: string;
  readonly method: NonNullable<EvidenceRecord["pullRequest"]>["method"];
  readonly mergedBy: NonNullable<EvidenceRecord["pullRequest"]>["mergedBy"];
  /** Who is told of where something passed by; null where that is not known. */
  readonly actor: string | null;
  /** Why it was looked at, where no webhook told of it; null where one did. */
  readonly foundBy: string | null;
  /** What it rests on as it can be told from the branch alone, nobody asked. */
  readonly afterwards: DossierWithLimits;
}

/**
 * Every landing has one record, whatever it is looked at for. A branch may come to stand at the same commit once more: `since`
 * is when it had come to stand where that began.
 */
export function landingId(repository: number, branch: string, after: string, since?: Instant): string {
  return `landing/${repository}/${branch}/${after}${since === undefined ? "" : `/${since}`}`.toWellFormed();
}

/** The record of one landing. */
export function landingRecord(judged: Judged, landing: Landing, context: LandingContext): UnplacedRecord {
  const { landed, wrong } = judged;
  const { id, repository, branch, at } = context;
  const { from, to } = landing;
  const rests = landed.governed ? restsOn(judged, landing, context) : null;
  const record = {
    record: { id },
    repository,
    about: [],
    ...pullRequestOf(judged, landing, context),
    landed: { branch, before: from, after: to, at, paths: governedChanges(landed.evaluation.assessment) },
    limitations: [
      ...(rests?.limitations ?? []),
      ...(context.foundBy === null ? [] : [`No webhook told of it; it was found afterwards (${context.foundBy}).`]),
      ...(landing.others.length > 0
        ? [`The same commit merged ${landing.others.map((one) => `#${one}`).join(", ")}, too.`]
        : []),
    ],
  };
  if (rests === null) return { ...record, event: "ungoverned-merge" };
  const { dossier } = rests;
  const owed = (why: OwedFor) => ({ owed: owedAfter(why, landed.evaluation.assessment, at) });
  if (wrong !== null)
    return { ...record, event: "bypass", dossier, bypass: bypassOf(judged, wrong, context), ...owed("bypass") };
  if (dossier.decision.basis === "break-glass")
    return { ...record, event: "break-glass", dossier, ...brokenBy(dossier), ...owed("break-glass") };
  return { ...record, event: "merge", dossier, ...(wentQuickly(dossier) ? owed("quick-revert") : {}) };
}

/** Whether it was let in by the quick lane of what only takes back or takes away (security rule S08). */
function wentQuickly({ requirements, decision }: Dossier): boolean {
  return decision.basis === "votes" && requirements.some(({ reason }) => reason === RETROSPECTIVE.reason);
}

/** What let it in: the decision's own dossier, where one is kept and fits; else what can be told afterwards. */
function restsOn({ kept, landed, wrong, landedAsApproved }: Judged, { pull }: Landing, { afterwards }: LandingContext) {
  const fits = kept !== null && (landed.asks || kept.dossier.decision.basis === "observe" || approves(kept.dossier));
  if (fits) return { dossier: kept.dossier, limitations: kept.limitations };
  const why =
    pull === null
      ? landed.asks || wrong !== null
        ? []
        : ["No pull request brought it; nothing was enforced, so nobody was asked."]
      : landedAsApproved === null
        ? []
        : [
            "The check on its head had let it through; who approved it then is not kept here any more, so it is not in this record.",
          ];
  return { dossier: afterwards.dossier, limitations: [...afterwards.limitations, EVALUATED, ...why] };
}

const EVALUATED = "It was evaluated when it had landed, by what it changed on the branch, without reviews and checks.";

function approves({ decision }: Dossier): boolean {
  return decision.state === "approved";
}

function pullRequestOf(
  { landedAsApproved }: Judged,
  { from, to, pull }: Landing,
  { method, mergedBy }: LandingContext,
): Pick<UnplacedRecord, "pullRequest"> {
  if (pull === null) return {};
  const { number, head, baseRef, mergedAt } = pull;
  return {
    pullRequest: { number, base: from, head, baseRef, merge: to, method, landedAsApproved, mergedBy, mergedAt },
  };
}

function bypassOf(
  { landed }: Judged,
  { cause, detail }: NonNullable<Judged["wrong"]>,
  { actor, foundBy }: LandingContext,
): NonNullable<UnplacedRecord["bypass"]> {
  const told = foundBy === null ? "" : ` It was found afterwards (${foundBy}).`;
  return { cause, actor, detail: `${detail}${told} ${whatOf(landed.evaluation.assessment)}`.trim() };
}

/** Who broke the glass and why. */
function brokenBy({ votes, systems, decision }: Dossier): Pick<UnplacedRecord, "act"> {
  const vote = votes.find(({ role, counted }) => role === "break-glass" && counted);
  if (vote === undefined) return {};
  const { person, reason, submittedAt } = vote;
  return { act: { person, reason, systems, at: submittedAt ?? decision.at } };
}
