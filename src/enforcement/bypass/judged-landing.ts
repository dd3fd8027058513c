import type { Assessment } from "../../core/assessment.ts";
import { pathOf } from "../../core/change-set.ts";
import type { Instant } from "../../core/scalars.ts";
import type { BypassCause, StoredBasePush, StoredDecision } from "../../stores/bypass-store.ts";
import type { StoredDossier } from "../../stores/recording-store.ts";
import type { HostedPullRequest } from "../../work/hosting.ts";
import type { LandedPull } from "../../work/landings.ts";
import { evaluatedMatter } from "../answer.ts";
import type { Enforcement } from "../enforcement.ts";
import { checkNamesOf } from "../governed-branch.ts";
import type { Payload } from "../job.ts";
import { matterOf } from "../matter.ts";
import { mayMerge } from "../shared-check.ts";
import type { LandedEvaluation, Landing, Watched } from "./landing.ts";
import { repositoryPlace } from "./watched-branches.ts";

/** What was found to be wrong with a landing. */
export interface Wrong {
  readonly cause: BypassCause;
  readonly detail: string;
}

/** A landing with what is to be said of it. */
export interface Judged {
  readonly landed: LandedEvaluation;
  /** Null where it was rightly let in, or nobody had to be asked. */
  readonly wrong: Wrong | null;
  /** What the decision rested on that stood when it landed; null where none is kept. */
  readonly kept: StoredDossier | null;
  /** Whether the governed paths landed exactly as they were approved; null where nothing was approved. */
  readonly landedAsApproved: boolean | null;
  /** Whether a merge queue landed it. */
  readonly queued: boolean;
  /** Who pushed it, as far as that was told. */
  readonly push: StoredBasePush | null;
}

/** GitHub knows a moment late which pull request a commit came with. */
export const SETTLING = 120_000;

/**
 * Judges a landing: what holds something governed has to have been let through. Null where it is too early to tell, and it
 * has to be looked at again.
 */
export async function judgedLanding(
  watched: Watched,
  landing: Landing,
  { reason, waited = false }: Pick<Payload<"look-at-landings">, "reason" | "waited">,
  enforcement: Enforcement,
): Promise<Judged | null> {
  const landed = await watched.evaluated(landing);
  const { repository, branch } = watched;
  const { to, pull } = landing;
  const { store } = enforcement;
  const push = await store.basePushTo(repository.name.id, branch, to);
  const age = push === null ? null : Date.parse(enforcement.now()) - Date.parse(push.at);
  const young = age === null ? !waited && LIVE.has(reason) : age < SETTLING;
  if (pull === null && !landing.forced && young && (await repository.landings.isOwnCommit(to))) return null;
  const kept = pull && (await store.dossierOf(repository.name.id, pull.number, pull.head, pull.baseRef));
  const common = { landed, kept, push };
  if (!landed.asks) return { ...common, ...RIGHT };
  if (pull === null) return { ...common, ...RIGHT, wrong: withoutPull(landing) };
  return {
    ...common,
    ...(await heldAgainst(watched, { ...landing, pull }, landed.evaluation.assessment, enforcement)),
  };
}

const RIGHT = { wrong: null, landedAsApproved: null, queued: false };

/** What is told the moment it happens. */
const LIVE: ReadonlySet<string> = new Set(["push", "pull_request.closed"]);

function withoutPull({ forced }: Landing): Wrong {
  return forced
    ? { cause: "force-push", detail: "Its history was replaced, and with it what is governed." }
    : { cause: "direct-push", detail: "No pull request brought it, so nobody was asked." };
}

const NAMED = 5;

/** What of a landing is governed, in a sentence. */
export function whatOf({ tier, governedPaths }: Assessment): string {
  const paths = [...governedPaths].sort();
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
  return `Risk: ${tier.value}, in ${paths.slice(0, NAMED).join(", ")}${more}.`;
}

type PulledLanding = Landing & { readonly pull: LandedPull };

type Held = Pick<Judged, "wrong" | "landedAsApproved" | "queued">;

/** Holds a merged pull request against what was decided about it. */
async function heldAgainst(
  watched: Watched,
  landing: PulledLanding,
  governed: Assessment,
  enforcement: Enforcement,
): Promise<Held> {
  const { repository } = watched;
  const { pull } = landing;
  const decision = await enforcement.store.decisionOf(repository.name.id, pull.number, pull.head, pull.baseRef);
  const changed = () => changedSince(watched, landing, governed, decision);
  if (await cameByQueue(watched, landing, enforcement))
    return { wrong: null, landedAsApproved: (await changed()) === null, queued: true };
  // What was taken back since, because it may have become wrong, let nothing through either (S19).
  const views = await enforcement.store.viewsAt(repository.name.id, pull.head);
  const names = checkNamesOf(watched.branch, watched.defaultBranch.name, watched.present.policy);
  const stands = views.some(({ passing, checkName }) => passing && names.includes(checkName));
  if (decision?.passes !== true || !stands) {
    const wrong = await unapproved(watched, landing, decision, names, enforcement);
    return { ...RIGHT, wrong, landedAsApproved: wrong === null ? (await changed()) === null : null };
  }
  if (decision.basis === "observe") return RIGHT;
  const other = await changed();
  const held = { queued: false, landedAsApproved: other === null };
  if (decision.validUntil !== null && Date.parse(decision.validUntil) <= Date.parse(pull.mergedAt)) {
    const detail = `What it was approved by ended at ${decision.validUntil}.`;
    return { ...held, wrong: { cause: "expired", detail } };
  }
  return { ...held, wrong: other ?? (await lostVotes(watched, landing, decision, enforcement)) };
}

/** Whether a merge group that holds it was let through: a queue lands the very commits that its groups are made of (P19). */
async function cameByQueue(
  { repository }: Watched,
  { to, later, pull }: PulledLanding,
  { store }: Enforcement,
): Promise<boolean> {
  for (const commit of [to, ...later]) {
    const group = await store.groupAt(repository.name.id, commit);
    if (!group?.members.includes(pull.number)) continue;
    if ((await store.viewsAt(repository.name.id, commit)).some(({ passing }) => passing)) return true;
  }
  return false;
}

async function unapproved(
  { repository }: Watched,
  { to, pull }: PulledLanding,
  decision: StoredDecision | null,
  names: readonly string[],
  { sharesApp = false }: Pick<Enforcement, "sharesApp">,
): Promise<Wrong | null> {
  const runs = (await Promise.all(names.map((name) => repository.landings.runsNamed(pull.head, name)))).flat();
  // Nothing is remembered of it: an older version, or a store that was lost. Nobody else can report a check as an App of its own.
  if (decision === null && !sharesApp && runs.some(({ own, conclusion }) => own && conclusion === "success"))
    return null;
  const cause = (await repository.landings.isOwnCommit(to)) ? "admin-merge" : "local-merge";
  const forged = runs.filter(({ own, conclusion }) => !own && conclusion === "success").map(({ app }) => app);
  const said =
    decision === null
      ? "No answer of this program stood on its head."
      : "The check on its head did not let it through.";
  const by = [...new Set(forged)].slice(0, 3).join(", ");
  return { cause, detail: by === "" ? said : `${said} A check by the same name, from the App ${by}, stood there.` };
}

/** Whether what landed on the governed paths is what was decided (security rule S07), however it was merged (P35). */
async function changedSince(
  { repository }: Watched,
  { to, pull }: PulledLanding,
  { governedPaths }: Assessment,
  decision: StoredDecision | null,
): Promise<Wrong | null> {
  const paths = new Set([...(decision?.paths ?? []), ...governedPaths]);
  const { changes } = await repository.landings.difference(pull.head, to);
  const other = changes.filter(({ before, after }) => [before, after].some((side) => side && paths.has(side.path)));
  if (other.length === 0) return null;
  const named = other.slice(0, NAMED).map(pathOf).join(", ");
  const more = other.length > NAMED ? ` and ${other.length - NAMED} more` : "";
  return { cause: "changed", detail: `What landed is not what was approved: ${named}${more} differ.` };
}

/** Who left, or took a vote back, long after the merge says nothing of it. */
const SOON = 3_600_000;

/** Whether the votes still held when it was merged: they are counted once more, with the rules and the base before it (S09, S18). */
async function lostVotes(
  watched: Watched,
  { from, pull }: PulledLanding,
  decision: StoredDecision,
  enforcement: Enforcement,
): Promise<Wrong | null> {
  const { repository, branch, defaultBranch } = watched;
  if (Date.parse(enforcement.now()) - Date.parse(pull.mergedAt) > SOON) return null;
  const rules = branch === defaultBranch.name ? { ...defaultBranch, head: from } : defaultBranch;
  const pulls: HostedPullRequest[] = [];
  for (const number of decision.pulls) {
    const one = await repository.pullRequest(number);
    if (one?.head === pull.head) pulls.push({ ...one, base: { ref: branch, head: from }, defaultBranch: rules });
  }
  const [first, ...others] = pulls;
  if (first === undefined) return null;
  const work = { ...repositoryPlace(repository), number: first.number, reason: "merged" };
  const then = { ...enforcement, now: (): Instant => pull.mergedAt };
  const matter = await matterOf(work, repository, [first, ...others], then);
  const { evaluated } = await evaluatedMatter(matter, then);
  if (mayMerge(evaluated.evaluation)) return null;
  const open = evaluated.evaluation.requirements.filter(({ state }) => state === "waiting" || state === "failed");
  const said = open
    .slice(0, 2)
    .map(({ reason }) => reason)
    .join("; ");
  return { cause: "votes", detail: `What it was approved by held no longer when it was merged: ${said}.` };
}
