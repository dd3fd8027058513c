import { GLASS_HOLDS } from "../../core/break-glass.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import type { Command } from "../../core/facts.ts";
import { plus } from "../../core/scalars.ts";
import type { Vote } from "../../core/vote.ts";
import type { UnplacedRecord } from "../../evidence/record.ts";
import type { GlassView } from "../../reports/break-glass.ts";
import type { Enforcement } from "../enforcement.ts";
import { type Found, matterDossier } from "../kept-decision.ts";
import type { Matter } from "../matter.ts";
import { keepRecord } from "../recording/keep-record.ts";
import { ownerOf } from "./owed-after.ts";

/** A glass that lets a change through, with the command that broke it. */
export interface BrokenGlass {
  readonly vote: Vote & { readonly until: string };
  readonly command: Command;
}

/** The glass that a decision rests on; null where it rests on something else. */
function brokenGlassOf({ decision, votes, facts }: Evaluation): BrokenGlass | null {
  if (decision.basis !== "break-glass") return null;
  const vote = votes.find(({ counted, role }) => counted && role === "break-glass");
  const command = facts.commands.find(
    ({ name, person, createdAt }) =>
      name === "break-glass" && person?.login === vote?.person && plus(createdAt, GLASS_HOLDS) === vote?.until,
  );
  return vote?.until === undefined || command === undefined ? null : { vote: { ...vote, until: vote.until }, command };
}

/** What whoever broke the glass is told of it. */
export function glassView(evaluation: Evaluation): Omit<GlassView, "baseRef"> | null {
  const glass = brokenGlassOf(evaluation);
  if (glass === null) return null;
  const { assessment, policy } = evaluation;
  return {
    ...{ person: glass.vote.person, reason: glass.command.reason, until: glass.vote.until },
    ...{ tier: assessment.tier.value, owner: ownerOf(assessment), within: policy.breakGlass.reviewWithin },
    systems: assessment.systems.map(({ id }) => id),
  };
}

/**
 * Notes that the glass is broken for pull requests, so that nobody breaks another one beside it (security rule S14). False
 * where somebody was faster: decided again it is seen.
 */
export async function claimGlass(
  { repository, pulls }: Pick<Matter, "repository" | "pulls">,
  evaluation: Evaluation,
  { evidence, store, now }: Pick<Enforcement, "evidence" | "store" | "now">,
): Promise<boolean> {
  const glass = evidence === null ? null : brokenGlassOf(evaluation);
  if (glass === null) return true;
  const { person, until } = glass.vote;
  const row = { repository: repository.name.id, person, until, record: glassId(repository, pulls, glass) };
  const systems = evaluation.assessment.systems.map(({ id }) => id);
  return store.claimGlass({ ...row, systems, pulls: pulls.map(({ number }) => number) }, now());
}

/** Records that the glass is broken, before the check turns green by it; or notes that none is broken any more. */
export async function keepBrokenGlass(matter: Matter, found: Found, enforcement: Enforcement): Promise<void> {
  const { evidence, store } = enforcement;
  const { repository, pulls } = matter;
  const glass = brokenGlassOf(found.evaluation);
  if (glass !== null && evidence !== null)
    await keepRecord(await recordOf(glass, matter, found, enforcement), evidence, enforcement);
  else for (const { number } of pulls) await store.dropGlass(repository.name.id, number);
}

function glassId(
  { name }: Matter["repository"],
  [{ number }]: Matter["pulls"],
  { vote, command }: BrokenGlass,
): string {
  return `break-glass/${name.id}/${number}/${vote.person.toLowerCase()}/${command.createdAt}`;
}

async function recordOf(
  glass: BrokenGlass,
  matter: Matter,
  found: Found,
  enforcement: Enforcement,
): Promise<UnplacedRecord> {
  const { vote, command } = glass;
  const { repository, pulls } = matter;
  const [{ number, head, base }] = pulls;
  const { id, owner, name } = repository.name;
  const { dossier, limitations } = await matterDossier(matter, found, enforcement);
  const accounts = pulls.flatMap((pull) => [...pull.accounts]);
  const [account = null] = accounts.find(([, login]) => login.toLowerCase() === vote.person.toLowerCase()) ?? [];
  return {
    record: { id: glassId(repository, pulls, glass) },
    event: "break-glass",
    repository: { id, owner, name },
    about: [],
    pullRequest: {
      ...{ number, base: base.head, head, baseRef: base.ref },
      ...{ merge: null, method: null, landedAsApproved: null, mergedBy: null, mergedAt: null },
    },
    dossier,
    act: {
      person: { id: account, login: vote.person },
      reason: command.reason,
      systems: found.evaluation.assessment.systems.map((system) => system.id),
      at: command.createdAt,
    },
    limitations: [...limitations, `It held until ${vote.until}; what is owed falls due when it lands.`],
  };
}
