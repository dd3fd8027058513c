import { minute } from "./break-glass.ts";
import { fitted } from "./fitted.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import { plain } from "./plain.ts";
import type { ReportPlace } from "./report-context.ts";

/** Something that is owed, as its owner is told of it. */
export interface OwedRow {
  readonly id: string;
  readonly kind: "retrospective-approval" | "corrective-action";
  readonly cause: string;
  readonly record: string;
  readonly pull: number | null;
  readonly branch: string;
  readonly after: string | null;
  readonly person: string | null;
  readonly systems: readonly string[];
  readonly dueAt: string;
  readonly overdue: boolean;
  /** What is on record of it: a reason that somebody gave, or what was found. */
  readonly detail: string;
  /** What the approval still waits for, a sentence each. */
  readonly missing: readonly string[];
}

type Place = Pick<ReportPlace, "server" | "owner" | "name">;

/** The title of an owner's issue; nobody is mentioned by a title. */
export function ownerIssueTitle(owner: string): string {
  return owner === ""
    ? "What is owed after changes of AI systems"
    : `What is owed after changes of AI systems: ${plain(owner, 80)}`;
}

const LIMIT = 60_000;

/** The body of an owner's issue: what is open, due when, and the line that closes each. */
export function ownerIssueBody(rows: readonly OwedRow[], place: Place): string {
  if (rows.length === 0) return "Nothing is open. This issue is opened again when there is something.";
  const happened = [...Map.groupBy(rows, ({ record }) => record).values()];
  const render = (most: number) => [
    "Countersign keeps this issue up to date, and closes it once nothing is open. A command stands at the very start of a comment, here or on the pull request; one that was edited never counts.",
    "",
    ...happened.slice(0, most).flatMap((owed) => happenedLines(owed, place)),
    ...(happened.length > most
      ? [`… and ${happened.length - most} more, which are shown as these are closed.`, ""]
      : []),
    "### What follows",
    "",
    "- An approval afterwards is the one that was missing, by everybody whom the rules before the change ask, but for its author and whoever let it in. If nobody approves, open a pull request that takes it back, and say so as the action.",
    "- From the day it is due, further governed changes of the same systems are blocked; taking something back never is. An approved exception for `record/follow-up-overdue` lifts that.",
  ];
  return fitted(render, LIMIT);
}

/** What those who watch the issue are told of what is new, or has become overdue. */
export function ownerIssueComment(fresh: readonly OwedRow[], overdue: readonly OwedRow[], place: Place): string {
  const named = (rows: readonly OwedRow[]) => [
    ...rows.slice(0, 10).map((row) => `- ${what(row, place)}: ${KINDS[row.kind]}, due ${minute(row.dueAt)}`),
    ...(rows.length > 10 ? [`- … and ${rows.length - 10} more above`] : []),
  ];
  return [
    ...(fresh.length > 0 ? ["New, with the line to copy above:", "", ...named(fresh), ""] : []),
    ...(overdue.length > 0
      ? ["**Overdue**: further changes of the same systems are blocked now.", "", ...named(overdue)]
      : []),
  ].join("\n");
}

/** What happened, and everything that is owed for it. */
function happenedLines(owed: readonly OwedRow[], place: Place): string[] {
  const [first] = owed;
  if (first === undefined) return [];
  const { systems, record, detail } = first;
  const named = systems.slice(0, 5).map((id) => codeSpan(id, 60));
  const more = systems.length > 5 ? ` and ${systems.length - 5} more` : "";
  return [
    `### ${capital(what(first, place))}`,
    "",
    ...(detail === "" ? [] : [sentence(detail, 600), ""]),
    `Systems: ${named.length === 0 ? "none that is registered" : `${named.join(", ")}${more}`}. Record: ${codeSpan(record, 200)}.`,
    "",
    ...[...owed].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)).flatMap(owedLines),
    "",
  ];
}

const ORDER: readonly OwedRow["kind"][] = ["retrospective-approval", "corrective-action"];

function owedLines({ kind, overdue, dueAt, missing, id, after }: OwedRow): string[] {
  const due = overdue ? `❌ **Overdue since ${minute(dueAt)}**` : `⏳ Due ${minute(dueAt)}`;
  const line =
    kind === "corrective-action"
      ? `/countersign close ${id} cause: … action: …`
      : `/countersign approve ${after ?? ""}`;
  return [
    `- ${due}: **${KINDS[kind]}**. To close it, comment ${codeSpan(line, 200)}`,
    ...missing.slice(0, 8).map((text) => `  - ${sentence(text, 300)}`),
  ];
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

const KINDS: Readonly<Record<OwedRow["kind"], string>> = {
  "retrospective-approval": "an approval afterwards",
  "corrective-action": "why it happened, and what is done about it",
};

const CAUSES: Readonly<Record<string, string>> = {
  "break-glass": "broke the glass",
  "quick-revert": "took a change back the quick way",
  "direct-push": "pushed without a pull request",
  "force-push": "replaced the branch's history",
  "admin-merge": "merged without approval",
  "local-merge": "merged outside of GitHub, without approval",
  expired: "merged after the approval had ended",
  votes: "merged although the approvals no longer counted",
  changed: "landed something else than what was approved",
  "forged-check": "reported a check by this program's name",
  "gate-weakened": "left the rules of the branch weaker than they should be",
};

/** What happened, in one line; whoever did it is never mentioned. */
function what({ cause, pull, branch, after, person }: OwedRow, { server, owner, name }: Place): string {
  const who = person === null ? "somebody" : codeSpan(`@${person}`, 60);
  const commit =
    after === null ? "" : ` (${link(codeSpan(after.slice(0, 12)), `${server}/${owner}/${name}/commit/${after}`)})`;
  const where = pull === null ? ` on ${codeSpan(branch, 80)}` : ` (#${pull}) on ${codeSpan(branch, 80)}`;
  return `${who} ${CAUSES[cause] ?? "let it in"}${where}${commit}`;
}
