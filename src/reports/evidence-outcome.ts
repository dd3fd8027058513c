import type { EvidenceRecord } from "../evidence/record.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import type { ReportPlace } from "./report-context.ts";
import { MARK } from "./requirement-text.ts";
import { instant } from "./summary.ts";

type Landed = Pick<EvidenceRecord, "event" | "dossier" | "pullRequest" | "bypass" | "landed" | "owed">;

/** What came of a merge: approved, let in without approval, or nobody had to be asked. */
type Outcome = "approved" | "unknown" | "observed" | "bypass" | "break-glass" | "ungoverned";

function kindOf({ event, dossier }: Landed): Outcome {
  if (event === "bypass" || event === "break-glass") return event;
  if (dossier === undefined) return "ungoverned";
  const { basis, state } = dossier.decision;
  if (basis === "observe") return "observed";
  return state === "approved" ? "approved" : "unknown";
}

const MARKS = {
  approved: MARK.met,
  unknown: "⚪",
  observed: "⚪",
  ungoverned: "⚪",
  bypass: MARK.failed,
  "break-glass": "⚠️",
} as const;
const HEADLINES = {
  approved: "approved, merged and recorded",
  unknown: "merged and recorded",
  observed: "merged and recorded while nothing was enforced",
  ungoverned: "merged and recorded",
  bypass: "merged past the approval, and recorded",
  "break-glass": "merged with the glass broken, and recorded",
} as const;

/** The mark of a merge. */
export function markOf(record: Landed): string {
  return MARKS[kindOf(record)];
}

/** A merge in a few words, without markup. */
export function headlineOf(record: Landed): string {
  const tier = record.dossier?.tier.value ?? "none";
  const risk = tier === "none" ? "Not governed" : `${tier[0]?.toUpperCase()}${tier.slice(1)} risk`;
  return `${risk}: ${HEADLINES[kindOf(record)]}`;
}

const METHODS: Readonly<Record<string, string>> = {
  merge: " with a merge commit",
  squash: " as one commit",
  rebase: " by rebasing",
  queue: " by the merge queue",
};

/** Who merged what, when, and whether that is what was approved; Markdown. */
export function outcomeOf(
  record: Landed,
  { server, owner, name }: Pick<ReportPlace, "server" | "owner" | "name">,
): string {
  const { pullRequest, bypass, landed, owed = [] } = record;
  const commit = pullRequest?.merge ?? landed?.after ?? null;
  const who = pullRequest?.mergedBy ? codeSpan(`@${pullRequest.mergedBy.login}`) : "Somebody";
  const as =
    commit === null ? "" : ` as ${link(codeSpan(commit.slice(0, 12)), `${server}/${owner}/${name}/commit/${commit}`)}`;
  const at = pullRequest?.mergedAt ? `, ${instant(pullRequest.mergedAt)}` : "";
  const due = owed.map(({ dueAt }) => dueAt).sort()[0];
  return [
    `${who} merged it${METHODS[pullRequest?.method ?? ""] ?? ""}${as}${at}.`,
    ...(bypass ? [`**${sentence(bypass.detail)}**`] : []),
    SAID[kindOf(record)],
    ...(pullRequest?.landedAsApproved === true ? ["What is governed landed exactly as it was approved."] : []),
    ...(due === undefined ? [] : [`An approval afterwards is owed until ${instant(due)}.`]),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

const SAID = {
  approved: "Everything that this change took was there.",
  unknown: "Its check had let it through; who approved it is not in this record.",
  observed: "Nobody had to approve it, so this is no approval.",
  ungoverned: "Nothing in it was governed.",
  bypass: "",
  "break-glass": "Somebody who may had it let through before it was approved.",
} as const;
