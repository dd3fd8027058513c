import type { EvidenceRecord } from "../evidence/record.ts";
import { ROLL_BACK } from "./check-run.ts";
import { type EvidencePlace, evidenceSections, type Receipt, receiptLines } from "./evidence-comment.ts";
import { headlineOf, outcomeOf } from "./evidence-outcome.ts";
import { fitted } from "./fitted.ts";
import { plain } from "./plain.ts";
import type { CheckRunView } from "./pull-request-view.ts";

/** What GitHub takes of a summary, in bytes. */
const LIMIT = 65_535;

/** Where a record is shown, and whether the check goes on letting its head merge. */
export type RecordedPlace = EvidencePlace & { readonly stands: boolean };

/** The check run of a head once it is merged: as green as it was, unless it was taken back, with where its merge is recorded. */
export function recordedCheck(
  checkName: string,
  record: EvidenceRecord,
  receipt: Receipt,
  { stands, ...place }: RecordedPlace,
): CheckRunView {
  const anew = stands ? "" : "; for another branch this commit is decided anew";
  return {
    name: checkName,
    status: "completed",
    conclusion: stands ? "success" : "action_required",
    title: plain(`${headlineOf(record)} as number ${receipt.sequence}${anew}`, 250),
    summary: fitted(
      (most) => [outcomeOf(record, place), "", ...receiptLines(receipt), "", ...evidenceSections(record, place, most)],
      LIMIT,
    ),
    text: "",
    annotations: [],
    actions: [ROLL_BACK],
    detailsUrl: null,
  };
}
