import type { LedgerEntry } from "../../evidence/ledger.ts";
import { bypassCheck } from "../../reports/bypass.ts";
import type { StoredBypass } from "../../stores/bypass-store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import type { Enforcement } from "../enforcement.ts";
import { receiptOf } from "../recording/kept-record.ts";
import { tellWork } from "./landing-job.ts";
import { repositoryPlace } from "./watched-branches.ts";

/** More rows than these are not read for one commit. */
const MOST = 200;

/** Notes what passed the gate by, marks the commit, and has the repository's people told. The same is told once. */
export async function reportBypass(
  repository: HostedRepository,
  bypass: Omit<StoredBypass, "sequence">,
  { store, queue, log, server }: Enforcement,
  entry: LedgerEntry | null = null,
): Promise<void> {
  const { branch, after, cause, actor, pull } = bypass;
  const fresh = await store.putBypass(bypass);
  const { id, owner, name } = repository.name;
  if (fresh) log.warn({ repository: id, branch, after, cause, actor, pull }, "the gate was passed by");
  if (after !== null) {
    const rows = (await store.bypassesOf(id, MOST)).filter((row) => row.after === after);
    await repository.landings.mark(after, bypassCheck(rows, { server, owner, name }, entry && receiptOf(entry)));
  }
  await queue.add(tellWork(repositoryPlace(repository)));
}
