import { type OwedRow, ownerIssueBody, ownerIssueComment, ownerIssueTitle } from "../../reports/owner-issue.ts";
import type { StoredOwnerIssue } from "../../stores/follow-up-store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import type { Enforcement } from "../enforcement.ts";
import { keptRecord } from "../recording/kept-record.ts";
import type { StillOpen } from "./settle-follow-ups.ts";

/**
 * Brings the one issue of each owner up to date: edited in silence, with a comment only for what is new or has become
 * overdue, closed when nothing is open, and opened again when somebody closed it before.
 */
export async function tellOwners(
  left: readonly StillOpen[],
  repository: HostedRepository,
  enforcement: Enforcement,
): Promise<void> {
  const { store } = enforcement;
  const known = await store.ownerIssues(repository.name.id);
  const rows = Map.groupBy(left, ({ followUp }) => followUp.owner.toLowerCase());
  for (const owner of new Set([...known.map((one) => one.owner), ...rows.keys()])) {
    const own: OwedRow[] = [];
    for (const one of rows.get(owner) ?? []) own.push(await rowOf(one, enforcement));
    const before = known.find((one) => one.owner === owner) ?? null;
    await tellOwner(owner, own, before, repository, enforcement);
  }
}

async function rowOf({ followUp, missing }: StillOpen, { evidence, now }: Enforcement): Promise<OwedRow> {
  const overdue = Date.parse(followUp.dueAt) <= Date.parse(now());
  const entry = (await evidence?.ledger.get(followUp.record)) ?? null;
  const { bypass, act } = entry === null ? {} : keptRecord(entry);
  const detail = bypass?.detail ?? act?.reason ?? "";
  return { ...followUp, overdue, detail, missing: missing.map(({ reason }) => reason) };
}

async function tellOwner(
  owner: string,
  rows: readonly OwedRow[],
  before: StoredOwnerIssue | null,
  repository: HostedRepository,
  { store, log, server }: Enforcement,
): Promise<void> {
  const { id, owner: account, name } = repository.name;
  const { issue } = repository.landings;
  const place = { server, owner: account, name };
  const told = new Set(before?.told ?? []);
  const fresh = rows.filter((row) => !told.has(row.id));
  const overdue = rows.filter((row) => row.overdue && !told.has(`${row.id} overdue`));
  if (rows.length === 0 && told.size === 0) return;
  const state = rows.length === 0 ? "closed" : "open";
  const text = { title: ownerIssueTitle(owner), body: ownerIssueBody(rows, place), owner: owner, state } as const;
  const written = await issue.put(before?.issue ?? null, text);
  if (written === null) {
    log.warn({ repository: id, owner, open: rows.length }, "no issue tells of it: the repository has no issues");
    return;
  }
  const news = written.created ? [] : fresh;
  if (news.length + overdue.length > 0) await issue.comment(written.number, ownerIssueComment(news, overdue, place));
  const known = rows.flatMap((row) => (row.overdue ? [row.id, `${row.id} overdue`] : [row.id]));
  await store.putOwnerIssue(id, { owner, issue: written.number, told: known });
}
