import type { Assessment } from "../core/assessment.ts";
import { type ObjectId, pathOf } from "../core/change-set.ts";
import type { Covered, Store, StoredBinding } from "../stores/store.ts";
import type { Given } from "../work/bound-facts.ts";
import type { HostedPullRequest, HostedReview } from "../work/hosting.ts";

/** A review with the pull request that it was given on. */
export interface ReviewOn {
  readonly review: HostedReview;
  readonly pull: HostedPullRequest;
  /** What was stored of it; null for one that is seen for the first time. */
  readonly stored: StoredBinding | null;
}

/**
 * Where a review was given, and what it covered there if that is known already (security rules S06, P22). One that no
 * event told of is believed by the commit it names, unless a force-push since may have changed that.
 */
export function givenOf({ review, pull, stored }: ReviewOn, version: string): Given | undefined {
  if (stored) {
    if (stored.baseRef !== pull.base.ref) return { unknown: `it was given for the branch ${stored.baseRef}` };
    const { covered } = stored;
    return covered?.rulesVersion === version ? { digests: covered.digests } : { head: stored.head };
  }
  const forced = pull.forcePushes.find(({ at }) => Date.parse(at) >= Date.parse(review.submittedAt));
  if (forced)
    return {
      unknown: `it was first seen after the force-push of ${forced.at}, which may have moved it to another commit`,
    };
  return undefined;
}

/** The commit that a review counts as given on; null where that is not known. */
export function boundHead(reviewed: ReviewOn): ObjectId | null {
  const given = givenOf(reviewed, "");
  if (given && "unknown" in given) return null;
  return reviewed.stored?.head ?? reviewed.review.commit;
}

const LASTING: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED"]);

/** Stores what reviews cover, once that was computed, so that the next decision need not. */
export async function keepBindings(
  reviews: readonly ReviewOn[],
  assessments: ReadonlyMap<ObjectId, Assessment>,
  version: string,
  { repository, store }: { readonly repository: number; readonly store: Pick<Store, "putBinding"> },
): Promise<void> {
  for (const reviewed of reviews) {
    const { review, pull, stored } = reviewed;
    const head = boundHead(reviewed);
    const assessment = head === null ? undefined : assessments.get(head);
    if (!assessment || head === null || stored?.covered?.rulesVersion === version || !LASTING.has(review.state))
      continue;
    await store.putBinding({
      repository,
      pullRequest: pull.number,
      review: review.id,
      person: review.person?.id ?? null,
      head,
      baseRef: pull.base.ref,
      seen: stored?.seen ?? "commit-id",
      at: review.submittedAt,
      covered: coveredBy(assessment, version),
    });
  }
}

function coveredBy({ changeSet, digests, governedPaths }: Assessment, rulesVersion: string): Covered {
  const governed = changeSet.changes.filter(({ before, after }) =>
    [before, after].some((entry) => entry && governedPaths.has(entry.path)),
  );
  const entries = governed.map((change) => {
    return { path: pathOf(change), mode: change.after?.mode ?? null, id: change.after?.id ?? null };
  });
  return { mergeBase: changeSet.base, rulesVersion, digests, entries };
}
