import { fitted } from "./fitted.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { items } from "./summary.ts";

/** What an audit of one repository found. */
export interface Audit {
  /** What is due by the registry, a sentence each, with the rule. */
  readonly due: readonly { readonly rule: string; readonly reason: string; readonly blocksFrom: string | null }[];
  /** Landings on governed branches that no record is kept of. */
  readonly unrecorded: readonly {
    readonly branch: string;
    readonly commit: string;
    readonly login: string;
    readonly at: string;
  }[];
  /** How many landings were looked for; null where no evidence is kept. */
  readonly landings: number | null;
  /** From when on: records before it are not expected. */
  readonly since: string | null;
  /** What could not be looked at, sentences. */
  readonly unseen: readonly string[];
}

/** What GitHub takes of an issue. */
const LIMIT = 60_000;

/** Whether nothing is to be done. */
export function isClean({ due, unrecorded }: Audit): boolean {
  return due.length + unrecorded.length === 0;
}

/** The audit in one line of plain text. */
export function auditTitle({ due, unrecorded }: Audit): string {
  if (due.length + unrecorded.length === 0) return "Nothing is due, and every landing is on record";
  const parts = [
    ...(due.length > 0 ? [`${due.length} due by the registry`] : []),
    ...(unrecorded.length > 0
      ? [`${unrecorded.length} landing${unrecorded.length === 1 ? "" : "s"} without a record`]
      : []),
  ];
  return parts.join(", ");
}

/** The audit as Markdown, for a job's summary and for its issue. */
export function auditReport(audit: Audit): string {
  return fitted((most) => lines(audit, most), LIMIT);
}

function lines(audit: Audit, most: number): readonly string[] {
  const { due, unrecorded, landings, since, unseen } = audit;
  const looked =
    landings === null
      ? "No evidence is kept here, so no landing can be on record."
      : `${landings} landing${landings === 1 ? "" : "s"} since ${since?.slice(0, 10) ?? "the first record"} looked at.`;
  return [
    `## ${isClean(audit) ? "✅" : "🟡"} ${sentence(auditTitle(audit))}`,
    "",
    "### Due by the registry",
    "",
    ...(due.length === 0
      ? ["Nothing."]
      : items(
          due.map(({ rule, reason, blocksFrom }) => {
            const blocks =
              blocksFrom === null ? "" : ` It blocks changes from ${sentence(blocksFrom.slice(0, 10))} on.`;
            return `${codeSpan(rule)} ${sentence(reason)}.${blocks}`;
          }),
          most,
        )),
    "",
    "### Records",
    "",
    looked,
    "",
    ...items(
      unrecorded.map(
        ({ branch, commit, login, at }) =>
          `🟡 No record of ${codeSpan(commit.slice(0, 12))} on ${codeSpan(branch)}, brought by ${codeSpan(login)} on ${sentence(at.slice(0, 10))}: run the workflow that records again for that push`,
      ),
      most,
    ),
    ...(unseen.length === 0
      ? []
      : [
          "",
          "### Not looked at",
          "",
          ...items(
            unseen.map((one) => sentence(one)),
            most,
          ),
        ]),
  ];
}
