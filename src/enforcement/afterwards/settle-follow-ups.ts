import type { Requirement } from "../../core/requirement.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import type { StoredPush } from "../../stores/store.ts";
import type { HostedPullRequest, HostedRepository } from "../../work/hosting.ts";
import { placeIfSeen } from "../bypass/landing.ts";
import { type GivenCommand, givenCommands, headsByPushes } from "../commands/given-commands.ts";
import type { Enforcement } from "../enforcement.ts";
import { presentRules } from "../matter.ts";
import { answerAfterwards } from "./answer-afterwards.ts";
import { type ApprovalAfterwards, approvalAfterwards } from "./approval-afterwards.ts";
import { correctiveAction } from "./corrective-action.ts";
import { decideAgain } from "./decide-again.ts";
import { type LandedPlace, NOBODYS, type OwedLanding } from "./landed-change.ts";

/** What is still open, with what is missing. */
export interface StillOpen {
  readonly followUp: StoredFollowUp;
  /** Approvals that are missing; empty where something else is, or too much is open to look at all of it. */
  readonly missing: readonly Requirement[];
}

/** So many landings are looked at in one go, those due first. */
const MOST = 20;

/**
 * Takes note of what people said since about what is owed: on the pull requests that landed, and in the issues in which it
 * is told. What is whole is recorded and closed. Returns what is still open.
 */
export async function settleFollowUps(
  open: readonly StoredFollowUp[],
  repository: HostedRepository,
  enforcement: Enforcement,
): Promise<readonly StillOpen[]> {
  const { evidence, store } = enforcement;
  const place = evidence && (await placeOf(repository, enforcement));
  if (evidence === null || place === null) return open.map((followUp) => ({ followUp, missing: [] }));
  const recording = { ...enforcement, evidence };
  const issues = await issuesOf(repository, enforcement);
  const pulls = await pullsOf(open, repository);
  const spoken = [...pulls.values(), ...issues];
  const pushes: StoredPush[] = [];
  for (const number of pulls.keys()) pushes.push(...(await store.pushesOf(repository.name.id, number)));
  const { all } = await givenCommands(repository.name.id, spoken, headsByPushes(pushes), store);
  const judged = new Map<string, ApprovalAfterwards>();
  for (const followUp of open.filter(isLanding).slice(0, MOST)) {
    const pull = followUp.pull === null ? null : (pulls.get(followUp.pull) ?? null);
    judged.set(followUp.id, await approvalAfterwards({ followUp, pull, issues }, place, recording));
  }
  const closing = (given: GivenCommand) => {
    const named = open.find(({ id }) => id === given.argument.toLowerCase());
    return correctiveAction(given, named, place, recording);
  };
  await answerAfterwards({ all, open, judged, closing }, place, recording);
  const left = await store.openFollowUps(repository.name.id);
  if (left.length < open.length) await decideAgain(repository, "what was owed is closed", enforcement);
  return left.map((followUp) => ({ followUp, missing: judged.get(followUp.id)?.missing ?? [] }));
}

function isLanding(followUp: StoredFollowUp): followUp is OwedLanding["followUp"] {
  return followUp.kind === "retrospective-approval" && followUp.before !== null && followUp.after !== null;
}

async function placeOf(repository: HostedRepository, enforcement: Enforcement): Promise<LandedPlace | null> {
  const place = await placeIfSeen(repository);
  const head = place && (await repository.landings.branchHead(place.defaultBranch));
  if (place === null || head === null) return null;
  const defaultBranch = { name: place.defaultBranch, head };
  return {
    repository,
    defaultBranch,
    present: await presentRules(repository, { ...place, defaultBranch }, enforcement),
  };
}

/** What is said in our issues, as pull requests without a change. */
async function issuesOf(repository: HostedRepository, { store }: Enforcement): Promise<HostedPullRequest[]> {
  const { id } = repository.name;
  const general = await store.trackingIssueOf(id);
  const numbers = [...(await store.ownerIssues(id)), ...(general ? [general] : [])].map(({ issue }) => issue);
  const found: HostedPullRequest[] = [];
  for (const number of new Set(numbers))
    found.push({ ...NOBODYS, number, commands: await repository.landings.issue.commands(number) });
  return found;
}

async function pullsOf(
  open: readonly StoredFollowUp[],
  repository: HostedRepository,
): Promise<ReadonlyMap<number, HostedPullRequest>> {
  const found = new Map<number, HostedPullRequest>();
  for (const number of new Set(open.flatMap(({ pull }) => (pull === null ? [] : [pull])))) {
    const pull = await repository.pullRequest(number);
    if (pull !== null) found.set(number, pull);
  }
  return found;
}
