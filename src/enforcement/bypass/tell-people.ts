import { TRACKING_TITLE, trackingBody, trackingComment } from "../../reports/bypass.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import type { Payload } from "../job.ts";

/** Rows that the issue shows. */
const SHOWN = 60;

/**
 * Brings the one issue of a repository up to date: what passed the gate by, and how open it stands now. There is none
 * before there is anything to tell. Without the permission, the checks on the commits and the log tell it.
 */
export async function tellPeople(
  work: Payload<"tell-people">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { store, log, server } = enforcement;
  const { repository: id, owner, name } = work;
  const found = await store.bypassesOf(id, SHOWN + 1);
  const rows = found.slice(0, SHOWN);
  const weak = (await store.gateOf(id))?.weak ?? [];
  const known = await store.trackingIssueOf(id);
  if (rows.length + weak.length === 0 && known === null) return;
  const { issue } = (await enforcement.hosting.open(hostedName(work), signal)).landings;
  if (!(await issue.mayWrite())) {
    log.warn(
      { repository: id, bypasses: rows.length, weak },
      "no issue tells of it: the installation lacks issues: write",
    );
    return;
  }
  const place = { server, owner, name };
  const fresh = rows.filter(({ sequence }) => sequence > (known?.told ?? 0));
  const body = trackingBody(rows, weak, found.length > SHOWN, place);
  const written = await issue.put(known?.issue ?? null, { title: TRACKING_TITLE, body, reopen: fresh.length > 0 });
  if (written === null) {
    log.warn({ repository: id, bypasses: rows.length, weak }, "no issue tells of it: the repository has no issues");
    return;
  }
  if (fresh.length > 0 && !written.created) await issue.comment(written.number, trackingComment(fresh, place));
  await store.putTrackingIssue(id, written.number, rows[0]?.sequence ?? known?.told ?? 0);
}
