import type { Evaluation } from "../core/evaluation.ts";
import type { Enforcement } from "./enforcement.ts";
import type { Matter } from "./matter.ts";

/** Remembers what was published, so that a merge can be held against it (security rules S07 and S18). */
export async function keepDecision(
  { repository, pulls }: Pick<Matter, "repository" | "pulls">,
  { decision, assessment }: Evaluation,
  passes: boolean,
  { store, now }: Pick<Enforcement, "store" | "now">,
): Promise<void> {
  const numbers = pulls.map(({ number }) => number);
  for (const { number, head, base } of pulls)
    await store.putDecision({
      repository: repository.name.id,
      pullRequest: number,
      head,
      baseRef: base.ref,
      passes,
      basis: decision.basis,
      tier: assessment.tier.value,
      validUntil: decision.validUntil,
      at: now(),
      pulls: numbers,
      paths: [...assessment.governedPaths].sort(),
    });
}
