import type { LedgerEntry } from "../../evidence/ledger.ts";
import type { EvidenceRecord } from "../../evidence/record.ts";
import { evidenceComment } from "../../reports/evidence-comment.ts";
import { recordedCheck } from "../../reports/recorded-check.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import { CHECK_NAME } from "../governed-branch.ts";
import type { Payload } from "../job.ts";
import { publishCheck, publishComment } from "../publication.ts";
import { keptRecord, receiptOf } from "./kept-record.ts";

/**
 * Shows a recorded merge on its pull request: the decision's comment becomes the evidence, and the check that let it in says
 * where it is recorded. Always after the record stands, and as the record says.
 */
export async function publishEvidence(
  work: Payload<"publish-evidence">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const entry = await enforcement.evidence?.ledger.get(work.record);
  if (!entry) return;
  const record = keptRecord(entry);
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  await showRecord(record, entry, { repository, again: work.again === true }, enforcement);
}

async function showRecord(
  record: EvidenceRecord,
  entry: LedgerEntry,
  { repository, again }: { readonly repository: HostedRepository; readonly again: boolean },
  { store, server }: Enforcement,
): Promise<void> {
  const { pullRequest, dossier } = record;
  if (pullRequest === undefined || dossier === undefined) return;
  const { number, head } = pullRequest;
  const { id, owner, name } = repository.name;
  const place = { server, owner, name };
  const receipt = receiptOf(entry);
  const scope = { repository, store, pulls: [{ number, head }] as const };
  // Where nothing was enforced people were told nothing in a comment, and are not told now; one that stands goes on.
  const comment = evidenceComment(record, receipt, place);
  for (const one of await mergedWith(record, number, store)) {
    const stands = (await store.commentOf(id, one)) !== null;
    if (stands || dossier.decision.basis !== "observe") await publishComment(scope, one, comment, again);
  }
  // What did not let it in says why it did not, and stays.
  if (record.event === "bypass") return;
  const open = (await store.headsAt(id, head)).some((one) => one.open);
  for (const { checkName, premises, passing } of await store.viewsAt(id, head)) {
    // One that speaks for several branches was taken back when it had landed on one of them.
    if (!passing && (checkName === CHECK_NAME || open)) continue;
    const checkRun = recordedCheck(checkName, record, receipt, { ...place, stands: passing });
    await publishCheck({ ...scope, premises }, checkName, { checkRun, comment: null }, again);
  }
}

/** The pull requests that the same commit merged, with one head: one decision let all of them in (security rule S02). */
async function mergedWith(
  { landed, repository }: EvidenceRecord,
  number: number,
  store: Enforcement["store"],
): Promise<readonly number[]> {
  const merges = landed ? await store.mergesAt(repository.id, landed.branch, landed.after) : [];
  return [...new Set([number, ...merges.map(({ pullRequest }) => pullRequest)])];
}
