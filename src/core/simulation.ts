import { governs } from "./assessment.ts";
import type { ObjectId } from "./change-set.ts";
import type { Evaluation } from "./evaluation.ts";
import { TIERS, type Tier } from "./policy.ts";
import type { Instant } from "./scalars.ts";

/** One change as it landed on a branch: a merge, a squashed pull request or a direct push. */
export interface Landing {
  /** The commit on the branch. */
  readonly commit: ObjectId;
  /** What it landed on. */
  readonly base: ObjectId;
  /** What landed: a merge's second parent, else the commit itself. */
  readonly head: ObjectId;
  readonly subject: string;
  readonly landedAt: Instant;
}

/** A landing under the candidate rules, or why it could not be evaluated. */
export type Replayed =
  | { readonly landing: Landing; readonly evaluation: Evaluation }
  | { readonly landing: Landing; readonly unreadable: string };

/** What a history would have met under the candidate rules. */
export interface Simulation {
  readonly landings: number;
  readonly governed: number;
  /** How many landings had a governing finding of each class, reached each tier, touched each system (`null`: none registered). */
  readonly classes: Readonly<Record<string, number>>;
  readonly tiers: Readonly<Record<string, number>>;
  readonly systems: readonly { readonly system: string | null; readonly landings: number }[];
  /** Blocking rules by how many landings they would have stopped. */
  readonly blockers: Readonly<Record<string, number>>;
  readonly heaviest: readonly SimulatedLanding[];
  readonly unreadable: readonly { readonly commit: string; readonly reason: string }[];
}

/** One of the heaviest landings. */
export interface SimulatedLanding extends Landing {
  readonly tier: Tier;
  readonly classes: readonly string[];
  readonly systems: readonly string[];
  readonly findings: number;
  readonly reason: string;
}

/** Sums up replayed landings; the heaviest are those of the highest tier, then of most governing findings. */
export function simulation(replayed: readonly Replayed[], heaviest: number): Simulation {
  const read = replayed.flatMap((entry) => ("evaluation" in entry ? [entry] : []));
  const governed = read.filter(({ evaluation }) => evaluation.assessment.tier.value !== "none");
  const systems = new Map<string | null, number>();
  for (const { evaluation } of governed) {
    const touched = [
      ...evaluation.assessment.systems.map(({ id }) => id),
      ...(evaluation.assessment.unregistered ? [null] : []),
    ];
    for (const id of touched) systems.set(id, (systems.get(id) ?? 0) + 1);
  }
  return {
    landings: replayed.length,
    governed: governed.length,
    classes: tally(governed.flatMap(({ evaluation }) => evaluation.assessment.classes)),
    tiers: tally(governed.map(({ evaluation }) => evaluation.assessment.tier.value)),
    systems: [...systems].map(([system, landings]) => ({ system, landings })).sort((a, b) => b.landings - a.landings),
    blockers: tally(governed.flatMap(({ evaluation }) => [...new Set(blockersOf(evaluation))])),
    heaviest: governed
      .map(({ landing, evaluation }) => summed(landing, evaluation))
      .sort((a, b) => TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) || b.findings - a.findings)
      .slice(0, heaviest),
    unreadable: replayed.flatMap((entry) =>
      "unreadable" in entry ? [{ commit: entry.landing.commit, reason: entry.unreadable }] : [],
    ),
  };
}

function blockersOf(evaluation: Evaluation): readonly string[] {
  return evaluation.requirements.flatMap(({ kind, state, rule }) =>
    kind === "record" && state === "failed" && rule !== undefined ? [rule] : [],
  );
}

function summed(landing: Landing, { assessment }: Evaluation): SimulatedLanding {
  return {
    ...landing,
    tier: assessment.tier.value,
    classes: assessment.classes,
    systems: assessment.systems.map(({ id }) => id),
    findings: assessment.findings.filter(({ finding }) => governs(finding)).length,
    reason: assessment.tier.reasons[0] ?? "",
  };
}

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
