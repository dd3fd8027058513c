import { createHash } from "node:crypto";
import type { Evaluation } from "../core/evaluation.ts";
import type { evaluatedMatter } from "./answer.ts";
import type { Enforcement } from "./enforcement.ts";
import type { Matter } from "./matter.ts";
import { type DossierWithLimits, dossierOf } from "./recording/dossier.ts";

/** A decision with what was read for it. */
export type Found = Pick<
  Awaited<ReturnType<typeof evaluatedMatter>>,
  "configuration" | "evaluated" | "pushes" | "hashes"
> & { readonly evaluation: Evaluation };

/**
 * Remembers what is about to be published, so that a merge can be held against it (security rules S07 and S18), and what
 * it rests on: on disk before anything is green, so that nothing lands of which nobody could say why it was let in.
 */
export async function keepDecision(
  matter: Matter,
  found: Found,
  passes: boolean,
  enforcement: Pick<Enforcement, "store" | "now" | "program" | "evidence">,
): Promise<void> {
  const { repository, pulls } = matter;
  const { decision, assessment } = found.evaluation;
  const numbers = pulls.map(({ number }) => number);
  await keepDossier(matter, found, passes, enforcement);
  for (const { number, head, base } of pulls)
    await enforcement.store.putDecision({
      repository: repository.name.id,
      pullRequest: number,
      head,
      baseRef: base.ref,
      passes,
      basis: decision.basis,
      tier: assessment.tier.value,
      validUntil: decision.validUntil,
      at: enforcement.now(),
      pulls: numbers,
      paths: [...assessment.governedPaths].sort(),
    });
}

/** Keeps what a decision rests on, for each pull request that it speaks for; where nothing is governed there is nothing. */
export async function keepDossier(
  matter: Matter,
  found: Found,
  passes: boolean,
  enforcement: Pick<Enforcement, "store" | "now" | "program" | "evidence">,
): Promise<void> {
  if (enforcement.evidence === null || found.evaluation.assessment.tier.value === "none") return;
  const kept = await matterDossier(matter, found, enforcement);
  const repository = matter.repository.name.id;
  for (const { number, head, base } of matter.pulls)
    await enforcement.store.putDossier({ repository, pullRequest: number, head, baseRef: base.ref, ...kept }, passes);
}

/** What a decision about pull requests rests on. */
export async function matterDossier(
  { repository, pulls, ruled }: Matter,
  { evaluation, configuration, evaluated, pushes, hashes }: Found,
  { store, now, program }: Pick<Enforcement, "store" | "now" | "program">,
): Promise<DossierWithLimits> {
  const [{ base }] = pulls;
  const accounts = new Map<string, number>();
  const know = (login: string, id: number | null) => {
    if (id !== null) accounts.set(login.toLowerCase(), id);
  };
  for (const [login, id] of await store.namedPeople(repository.name.id)) know(login, id);
  for (const { login, person } of pushes) know(login, person);
  for (const pull of pulls) for (const [id, login] of pull.accounts) know(login, id);
  return dossierOf(evaluation, {
    at: now(),
    base: base.head,
    baseRef: base.ref,
    rules: ruled,
    tool: { version: program, rules: rulesDigest(evaluated.rules) },
    accounts,
    exceptions: configuration.registry.base.exceptions ?? [],
    hashes,
  });
}

/** What tells the rules of one version of the program from those of another. */
export function rulesDigest(rules: readonly string[]): string {
  return createHash("sha256").update(rules.join("\n")).digest("hex");
}
