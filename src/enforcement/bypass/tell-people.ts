import { TRACKING_TITLE, trackingBody, trackingComment } from "../../reports/bypass.ts";
import type { StoredBypass } from "../../stores/bypass-store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { settleFollowUps } from "../afterwards/settle-follow-ups.ts";
import { tellOwners } from "../afterwards/tell-owners.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { tellWork } from "./landing-job.ts";

/** Rows that the issue shows. */
const SHOWN = 60;

/**
 * Takes note of what was said about what is owed, and brings the issues of a repository up to date: one for each owner of
 * something that is owed, and one for how open the gate stands and for what is nobody's. There is none before there is
 * anything to tell. Without the permission, the checks on the commits and the log tell it.
 */
export async function tellPeople(
  work: Payload<"tell-people">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { store, log, queue, now } = enforcement;
  const { repository: id } = work;
  const open = await store.openFollowUps(id);
  const owned = await store.ownerIssues(id);
  const found = await store.bypassesOf(id, SHOWN + 1);
  const weak = (await store.gateOf(id))?.weak ?? [];
  const known = await store.trackingIssueOf(id);
  if (open.length + owned.length + found.length + weak.length === 0 && known === null) return;
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  const left = open.length > 0 ? await settleFollowUps(open, repository, enforcement) : [];
  const next = left.map(({ followUp }) => followUp.dueAt).find((due) => Date.parse(due) > Date.parse(now()));
  if (next !== undefined) await queue.add(tellWork(work), next);
  if (!(await repository.landings.issue.mayWrite())) {
    log.warn(
      { repository: id, open: left.length, bypasses: found.length, weak },
      "no issue tells of it: the installation lacks issues: write",
    );
    return;
  }
  await tellOwners(left, repository, enforcement);
  const rows = await ownerless(found, enforcement);
  if (rows.length + weak.length > 0 || known !== null) await tellOfGate(rows, repository, enforcement);
}

/** What passed by for which nobody owes anything: no record of it is kept. */
async function ownerless(
  rows: readonly StoredBypass[],
  { store }: Pick<Enforcement, "store">,
): Promise<readonly StoredBypass[]> {
  const left: StoredBypass[] = [];
  for (const row of rows) {
    const owed = await store.followUpsAt(row.repository, row.branch, row.after);
    if (!owed.some(({ cause }) => cause === row.cause)) left.push(row);
  }
  return left;
}

async function tellOfGate(
  found: readonly StoredBypass[],
  repository: HostedRepository,
  { store, log, server }: Enforcement,
): Promise<void> {
  const { id, owner, name } = repository.name;
  const { issue } = repository.landings;
  const rows = found.slice(0, SHOWN);
  const weak = (await store.gateOf(id))?.weak ?? [];
  const known = await store.trackingIssueOf(id);
  const place = { server, owner, name };
  const fresh = rows.filter(({ sequence }) => sequence > (known?.told ?? 0));
  const body = trackingBody(rows, weak, found.length > SHOWN, place);
  const state = fresh.length > 0 ? "open" : "kept";
  const written = await issue.put(known?.issue ?? null, { title: TRACKING_TITLE, body, owner: null, state });
  if (written === null) {
    log.warn({ repository: id, bypasses: rows.length, weak }, "no issue tells of it: the repository has no issues");
    return;
  }
  if (fresh.length > 0 && !written.created) await issue.comment(written.number, trackingComment(fresh, place));
  await store.putTrackingIssue(id, written.number, rows[0]?.sequence ?? known?.told ?? 0);
}
