import type { Assessment } from "../../core/assessment.ts";
import type { Facts, LastMerge, LedgerFacts } from "../../core/facts.ts";
import type { Store } from "../../stores/store.ts";
import { type OpenScope, openFollowUps } from "../afterwards/open-follow-ups.ts";
import type { Enforcement } from "../enforcement.ts";

/** Where a change is to land, and what of it is governed. */
export interface LedgerScope extends OpenScope {
  readonly baseRef: string;
  readonly assessment: Pick<Assessment, "governedPaths" | "systems">;
}

/** The same as a part of all facts: none where no records are kept. */
export async function knownFacts(
  scope: LedgerScope,
  { evidence, store }: Pick<Enforcement, "evidence" | "store">,
): Promise<Pick<Facts, "ledger">> {
  return evidence === null ? {} : { ledger: await ledgerFacts(scope, store) };
}

/** What the records of earlier decisions say about a change, read from what was projected from them. */
async function ledgerFacts(
  scope: LedgerScope,
  store: Pick<Store, "lastLanding" | "openFollowUps" | "openBreakGlasses" | "glassesAt" | "rehearsalsOf">,
): Promise<LedgerFacts> {
  return {
    ...(await openFollowUps(scope, store)),
    lastMerge: await lastMerge(scope, store),
    rehearsals: await store.rehearsalsOf(scope.repository),
    // They are remembered beside the ledger (security rule S24).
    notSecrets: [],
  };
}

/** The newest governed landing on the paths of a change (security rule S08). */
async function lastMerge(
  { repository, baseRef, assessment }: LedgerScope,
  store: Pick<Store, "lastLanding">,
): Promise<LastMerge | null> {
  const last = await store.lastLanding(repository, baseRef, [...assessment.governedPaths]);
  if (last === null) return null;
  // Of what stood there before anything was recorded, nobody can say that somebody approved it.
  return { mergedAt: last.landedAt, before: last.paths, restoredBasis: last.restoredBasis ?? "observe" };
}
