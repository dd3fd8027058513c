import { droppedGroupView } from "../../reports/merge-group.ts";
import type { StoredGroup } from "../../stores/store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import { type Enforcement, placeOf } from "../enforcement.ts";
import { decideWork } from "../job.ts";
import { publishCheck } from "../publication.ts";

/**
 * Notes that a group will not land any more, or has. A run on it that is not finished is ended, since nobody else would
 * (P13), and one that let it land is taken back: a pull request that is opened from the same commit must not find it (P09).
 * Those that were meanwhile are decided now.
 */
export async function dropGroup(
  known: StoredGroup | null,
  repository: HostedRepository,
  { store, queue }: Pick<Enforcement, "store" | "queue">,
): Promise<void> {
  if (!known?.open) return;
  const { head } = known;
  const pulls = [{ number: known.members.at(-1) ?? 0, head }] as const;
  const views = await store.viewsAt(known.repository, head);
  const open = views.filter(({ passing }) => passing || known.waitingSince !== null);
  if (open.length > 0 && !(await hasLanded(known, repository)))
    for (const { checkName, premises } of open)
      await publishCheck({ repository, store, pulls, premises }, checkName, droppedGroupView(checkName), false);
  await store.putGroup({ ...known, open: false, waitingSince: null });
  for (const twin of (await store.headsAt(known.repository, head)).filter((one) => one.open))
    await queue.add(decideWork(placeOf(known, twin.pullRequest), "its merge group was dropped"));
}

/** Whether its head is part of the branch by now; what is not there at all cannot be opened from either. */
async function hasLanded({ baseRef, head }: StoredGroup, repository: HostedRepository): Promise<boolean> {
  try {
    const base = await repository.queues.branchHead(baseRef);
    return base !== null && (await repository.mergeBase({ base, head })) === head;
  } catch (fault) {
    if (fault instanceof HostingFault && fault.code === "hosting/not-found") return true;
    throw fault;
  }
}
