import { droppedGroupView } from "../reports/merge-group.ts";
import type { Store, StoredGroup } from "../stores/store.ts";
import type { HostedRepository } from "../work/hosting.ts";
import { publishCheck } from "./publication.ts";

/** Notes that a group will not land any more, or has, and ends a run on it that is not finished, since nobody would (P13). */
export async function dropGroup(known: StoredGroup | null, repository: HostedRepository, store: Store): Promise<void> {
  if (!known?.open) return;
  const { head } = known;
  const pulls = [{ number: known.members.at(-1) ?? 0, head }] as const;
  const views = known.waitingSince === null ? [] : await store.viewsAt(known.repository, head);
  for (const { checkName, premises } of views)
    await publishCheck({ repository, store, pulls, premises }, checkName, droppedGroupView(checkName), false, false);
  await store.putGroup({ ...known, open: false, waitingSince: null });
}
