import type { Evaluation } from "../core/evaluation.ts";
import { RE_EVALUATE, type Unevaluated } from "./check-run.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import { inRow } from "./needs.ts";
import { plain } from "./plain.ts";
import type { CheckRunView, PullRequestView } from "./pull-request-view.ts";
import { instant } from "./summary.ts";
import { heldUpBy, verdict } from "./verdict.ts";

/** Something that keeps a merge group from landing, beside what its pull requests need themselves. */
export interface Against {
  /** For the title, with the pull request's number: `#13 must be updated after #12`. */
  readonly short: string;
  /** What it is and what to do about it. */
  readonly reason: string;
  /** False where it is only told, as the change that it protects is not enforced. */
  readonly enforced: boolean;
}

/** A pull request of a merge group. */
export interface GroupMember {
  readonly number: number;
  /** Its own decision; null where there is none, which `against` gives the reason of. */
  readonly evaluation: Evaluation | null;
  readonly against: readonly Against[];
}

/** What is to be said of a merge group. */
export interface GroupReport {
  readonly members: readonly GroupMember[];
  /** What concerns the group as a whole. */
  readonly against: readonly Against[];
  /** What it waits for and nobody has to do anything about. */
  readonly waits: readonly Omit<Against, "enforced">[];
  /** Why nothing is blocked although something is wrong; null where what is wrong blocks. */
  readonly observed: string | null;
  /** The repository's page, without a slash at its end. */
  readonly address: string;
}

type Shown = Pick<CheckRunView, "status" | "conclusion" | "title"> & { readonly lines: readonly string[] };

/** The check run on the head of a merge group. */
export function mergeGroupView(name: string, report: GroupReport): PullRequestView {
  const held = heldUp(report);
  const shown = held.length > 0 ? failed(held, report) : report.waits.length > 0 ? waiting(report) : standing(report);
  return runOf(name, { ...shown, lines: [...shown.lines, "", ...table(report), ...remarks(report)] });
}

/** Everything that keeps it from landing, the first in the order of the queue first. */
function heldUp(report: GroupReport): readonly Omit<Against, "enforced">[] {
  const own = report.members.flatMap(({ number, evaluation, against }) => [
    ...(evaluation !== null && !passes(evaluation) ? [needed(number, evaluation)] : []),
    ...against.filter(({ enforced }) => enforced),
  ]);
  return [...own, ...report.against.filter(({ enforced }) => enforced)];
}

function needed(number: number, evaluation: Evaluation): Omit<Against, "enforced"> {
  const short = heldUpBy(evaluation, `#${number}`);
  return { short, reason: `${short}; its own check says what to do` };
}

function passes({ decision: { state, basis } }: Evaluation): boolean {
  return basis === "observe" || state === "approved" || state === "not-governed";
}

function failed(held: readonly Omit<Against, "enforced">[], report: GroupReport): Shown {
  const more = held.length > 1 ? ` (and ${held.length - 1} more)` : "";
  const title = `${held[0]?.short ?? ""}${more}`;
  const reasons = held.map(({ reason }) => `- ${sentence(reason)}.`);
  if (report.observed !== null)
    return { ...SUCCESS, title: `Observed only: ${title}`, lines: [sentence(report.observed), "", ...reasons] };
  return {
    ...FAILURE,
    title,
    lines: [
      "**This merge group must not land.** GitHub takes what fails out of the queue; nothing has to be pushed for the others.",
      "",
      ...reasons,
      "",
      "Put a pull request in the queue again when its own check is green.",
    ],
  };
}

function waiting({ waits }: GroupReport): Shown {
  return {
    status: "in_progress",
    conclusion: null,
    title: waits[0]?.short ?? "",
    lines: [
      "**This merge group waits.** Everything else that it takes is here; it is looked at again by itself.",
      "",
      ...waits.map(({ reason }) => `- ${sentence(reason)}.`),
    ],
  };
}

function standing({ members }: GroupReport): Shown {
  const governed = members.filter(({ evaluation }) => evaluation?.decision.state !== "not-governed");
  const named = numbersOf(governed.length > 0 ? governed : members);
  const observed = governed.some(({ evaluation }) => evaluation?.decision.basis === "observe");
  const one = governed.length === 1;
  const title =
    governed.length === 0
      ? `Not governed: no model, prompt or credential changes in ${named}`
      : `${named} ${observed ? (one ? "is" : "are") : one ? "stands" : "stand"} ${observed ? "not held up" : `as approved${until(governed)}`}`;
  const lead =
    governed.length === 0
      ? "Nothing that this merge group changes is governed."
      : "**This merge group may land.** Each of its pull requests was decided again now, and the group holds what they were approved with.";
  return { ...SUCCESS, title, lines: [lead] };
}

/** When the first of their approvals ends by time alone (security rule S18). */
function until(members: readonly GroupMember[]): string {
  const [first] = members.flatMap(({ evaluation }) => evaluation?.decision.validUntil ?? []).sort();
  return first === undefined ? "" : `, until ${instant(first)}`;
}

/** More numbers than this are told by how many they are. */
const NUMBERED = 6;

function numbersOf(members: readonly GroupMember[]): string {
  if (members.length > NUMBERED) return `${members.length} pull requests`;
  return inRow(
    members.map(({ number }) => `#${number}`),
    "and",
  );
}

function table({ members, address }: GroupReport): readonly string[] {
  if (members.length === 0) return [];
  const rows = members.map(({ number, evaluation, against }) => {
    const says = evaluation === null ? (against[0]?.short ?? "") : verdict(evaluation);
    return `| ${link(`#${number}`, `${address}/pull/${number}`)} | ${sentence(says)} |`;
  });
  return ["| pull request | its own answer now |", "|---|---|", ...rows];
}

/** What is told and holds nothing up. */
function remarks({ members, against }: GroupReport): readonly string[] {
  const told = [...members.flatMap((member) => member.against), ...against].filter(({ enforced }) => !enforced);
  if (told.length === 0) return [];
  return ["", "Not enforced, and worth knowing:", "", ...told.map(({ reason }) => `- ${sentence(reason)}.`)];
}

/** A run that says that a merge group could not be decided, which keeps it from landing (P13). */
export function unevaluatedGroupView(name: string, { reference, said }: Unevaluated): PullRequestView {
  const lines = [
    "**This merge group could not be evaluated, so it must not land.** GitHub takes it out of the queue; put its pull requests in again when this is over.",
    "",
    ...(said === null ? [] : [`${sentence(said.message)}. ${sentence(said.remedy)}`, ""]),
    `If it stays like this, give whoever runs Countersign the reference ${codeSpan(reference)}.`,
  ];
  return runOf(name, { ...FAILURE, title: "Could not be evaluated", lines });
}

/** A run on the head of a group that is looked at again. */
export function groupInProgress(name: string, reason: string): PullRequestView {
  return runOf(name, { status: "in_progress", conclusion: null, title: "Evaluating", lines: [`${sentence(reason)}.`] });
}

/** The end of a run on a group that will not land any more. */
export function droppedGroupView(name: string): PullRequestView {
  const lines = ["The queue has dropped this merge group. Nothing depends on it any more, and it lets nothing merge."];
  return runOf(name, { ...FAILURE, title: "Dropped from the queue", lines });
}

const SUCCESS = { status: "completed", conclusion: "success" } as const;
const FAILURE = { status: "completed", conclusion: "failure" } as const;

function runOf(name: string, { status, conclusion, title, lines }: Shown): PullRequestView {
  const checkRun: CheckRunView = {
    ...{ name, status, conclusion, title: plain(title, 250), summary: lines.join("\n"), text: "" },
    annotations: [],
    actions: status === "completed" ? [RE_EVALUATE] : [],
    detailsUrl: null,
  };
  return { checkRun, comment: null };
}
