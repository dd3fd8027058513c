import { governing } from "../../core/assessment.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import type { Store } from "../../stores/store.ts";
import type { Enforcement } from "../enforcement.ts";

/**
 * Remembers each suspected secret that a counted word of `security` cleared, by path, rule and fingerprint (security rule
 * S24): the same value at the same place is not asked about again.
 */
export async function keepNotSecrets(
  { assessment, requirements, facts }: Evaluation,
  repository: number,
  { store, now }: { readonly store: Pick<Store, "putNotSecret">; readonly now: Enforcement["now"] },
): Promise<void> {
  for (const { finding } of governing(assessment)) {
    const path = finding.place.after?.path;
    const cleared = requirements.find(
      ({ rule, state, subject }) =>
        rule === finding.rule && state === "met" && subject !== undefined && finding.after?.includes(subject),
    );
    const [person] = cleared?.people ?? [];
    if (path === undefined || cleared?.rule === undefined || cleared.subject === undefined || !person) continue;
    const { rule, subject: fingerprint } = cleared;
    const said = facts.commands.find(
      ({ name, argument, person: who }) => name === "not-a-secret" && argument === fingerprint && who?.login === person,
    );
    await store.putNotSecret({ repository, path, rule, fingerprint, person, reason: said?.reason ?? "", at: now() });
  }
}
