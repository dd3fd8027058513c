import type { Requirement } from "../core/requirement.ts";
import type { Dossier, EvidenceRecord } from "../evidence/record.ts";
import { COMMENT_MARKER } from "./comment.ts";
import { headlineOf, markOf, outcomeOf } from "./evidence-outcome.ts";
import { fitted } from "./fitted.ts";
import { codeCell, link, sentence } from "./markdown-text.ts";
import { inRow, roleName } from "./needs.ts";
import { recordedPlans } from "./recorded-plan.ts";
import type { ReportPlace } from "./report-context.ts";
import { MARK, requirementText } from "./requirement-text.ts";
import { rollbackLines } from "./rollback-text.ts";
import { items } from "./summary.ts";

/** A record's place in its ledger, as people are shown it. */
export interface Receipt {
  readonly id: string;
  readonly sequence: number;
  readonly root: string;
  /** Whose signature it has. */
  readonly keyId: string;
}

/** The page of the repository: server, owner and name. */
export type EvidencePlace = Pick<ReportPlace, "server" | "owner" | "name">;

/** GitHub takes 65,536 characters, and counts bytes elsewhere. */
const LIMIT = 65_000;

/** The one comment of a pull request once it is merged: what it rested on, and where that is recorded. */
export function evidenceComment(record: EvidenceRecord, receipt: Receipt, place: EvidencePlace): string {
  return fitted(
    (most) => [
      COMMENT_MARKER,
      `### ${markOf(record)} ${headlineOf(record)}`,
      "",
      outcomeOf(record, place),
      "",
      ...evidenceSections(record, place, most),
      ...receiptLines(receipt),
    ],
    LIMIT,
  );
}

/** What a record rests on, as people read it. */
export function evidenceSections(
  { dossier, pullRequest, limitations }: EvidenceRecord,
  place: EvidencePlace,
  most: number,
): readonly string[] {
  if (dossier === undefined) return [];
  const number = pullRequest?.number ?? null;
  return [
    ...approvalTable(dossier, number, place, most),
    ...changeTable(dossier, most),
    ...headed("Way back", items(rollbackLines(recordedPlans(dossier.rollback)), most)),
    ...headed(
      "What this record cannot know",
      items(
        limitations.map((one) => sentence(one)),
        most,
      ),
    ),
  ];
}

/** Where the record stands, and how anybody makes sure of it. */
export function receiptLines({ id, sequence, root, keyId }: Receipt): readonly string[] {
  return [
    "**Record**",
    "",
    `| Record | ${codeCell(id, 400)} |`,
    "|---|---|",
    `| Number in the ledger | ${sequence} |`,
    `| Root of the ledger with it | ${codeCell(root)} |`,
    `| Signed with the key | ${codeCell(keyId)} |`,
    "",
    `To verify it, offline, with an export of the ledger and the operator's public key: ${codeCell(`countersign verify evidence.jsonl --key public-key.pem --seen ${sequence}:${root}`, 200)}. What stands here is a view; the record stands whatever happens to it.`,
  ];
}

function headed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`**${title}**`, "", ...lines, ""];
}

/** What came of it, without the name that stands beside it. */
function saidOf(one: Asked): string {
  const { kind, reason, rule, role, subject } = one;
  const named = kind === "rollback" ? `${rule}: ` : kind === "approval" ? `${role} for ${subject}: ` : null;
  const bare = named !== null && reason.startsWith(named);
  return cell(bare ? sentence(reason.slice(named.length)) : requirementText(one as Requirement));
}

type Asked = Dossier["requirements"][number];

/** Each thing that was asked for, and who or what met it. */
function approvalTable(dossier: Dossier, number: number | null, place: EvidencePlace, most: number): readonly string[] {
  const { requirements, votes } = dossier;
  if (requirements.length === 0) return [];
  const rows = requirements.slice(0, most).map((one) => {
    const filled = one.kind === "approval" && one.role !== undefined ? votesFor(one, votes) : [];
    const met = filled.length > 0 ? filled.map((vote) => voter(vote, number, place)) : allVoters(one, votes);
    return `| ${MARK[one.state]} | ${askedFor(one)} | ${met.length > 0 ? inRow(met, "and") : saidOf(one)} |`;
  });
  const more = requirements.length - most;
  const glass = votes.find(({ role, counted }) => role === "break-glass" && counted);
  return headed("What it took", [
    "| | Asked for | Outcome |",
    "|---|---|---|",
    ...rows,
    ...(more > 0 ? [`| | … and ${more} more | |`] : []),
    ...(glass === undefined
      ? []
      : [`| ⚠️ | broken glass | ${codeCell(`@${glass.person.login}`)} ${cell(sentence(glass.reason))} |`]),
  ]);
}

/** All whose approval counted, where so many are asked for whoever they are. */
function allVoters({ kind, role, rule, state, reason }: Asked, votes: Dossier["votes"]): readonly string[] {
  if (kind !== "approval" || state !== "met" || role !== undefined || rule !== undefined) return [];
  if (!/^\d+ of \d+ different people/.test(reason)) return [];
  return [...new Set(votes.filter(({ counted }) => counted).map(({ person }) => codeCell(`@${person.login}`)))];
}

function votesFor({ role, subject }: Asked, votes: Dossier["votes"]): Dossier["votes"] {
  const counted = votes.filter((vote) => vote.counted && vote.role === role);
  const own = counted.filter(({ reason }) => subject !== undefined && reason.includes(`for ${subject}`));
  return own.length > 0 ? own : counted;
}

function askedFor({ kind, role, check, rule, subject, reason }: Asked): string {
  if (role !== undefined && kind === "approval")
    return `${sentence(roleName(role))} for ${cell(sentence(subject ?? ""))}`;
  if (check !== undefined) return `check ${codeCell(check)}`;
  const people = /^\d+ of (\d+) different people/.exec(reason)?.[1];
  if (kind === "approval" && people !== undefined)
    return `${people === "1" ? "1 person" : `${people} different people`} in all`;
  return kind === "record" && rule !== undefined ? codeCell(rule) : (KINDS[kind] ?? sentence(kind));
}

const KINDS: Readonly<Record<string, string>> = {
  approval: "approval",
  rollback: "rollback plan",
  statement: "risk acceptance",
  check: "revalidation",
  record: "register",
};

/** Somebody with the review that they gave and the commit that they looked at. */
function voter(
  { person, reviewId, commit, basis }: Dossier["votes"][number],
  number: number | null,
  place: EvidencePlace,
): string {
  const who = codeCell(`@${person.login}`);
  const how = basis === "direct" || basis === "none" ? "" : `, ${sentence(basis)}`;
  const at = commit === undefined ? "" : ` of ${codeCell(commit.slice(0, 12))}`;
  if (reviewId === undefined || number === null) return `${who} (command${at}${how})`;
  const url = `${pageOf(place)}/pull/${number}#pullrequestreview-${reviewId}`;
  return `${who} (${link("review", url)}${at}${how})`;
}

/** A sentence in a cell of a table, which a pipe in a code span would end as well. */
function cell(markdown: string): string {
  return markdown.replaceAll("\n", " ").replace(/(?<!\\)\|/g, "\\|");
}

function changeTable({ findings }: Dossier, most: number): readonly string[] {
  if (findings.length === 0) return [];
  const shown = findings.slice(0, Math.min(20, most));
  const rows = shown.map(({ rule, direction, severity, place, before, after }) => {
    const at = place.after ?? place.before;
    const where = at === undefined ? "" : codeCell(`${at.path}:${at.line}`, 100);
    return `| ${sentence(rule)} ${sentence(direction)}, **${sentence(severity)}** | ${where} | ${value(before)} | ${value(after)} |`;
  });
  const more = findings.length - shown.length;
  return headed("What changed", [
    "| Change | Where | Before | After |",
    "|---|---|---|---|",
    ...rows,
    ...(more > 0 ? [`| … and ${more} more in the record | | | |`] : []),
  ]);
}

function value(text: string | null): string {
  return text === null || text === "" ? "–" : codeCell(text, 100);
}

/** The page of a repository. */
function pageOf({ server, owner, name }: EvidencePlace): string {
  return `${server}/${owner}/${name}`;
}
