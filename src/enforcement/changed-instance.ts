import type { Enforcement } from "./enforcement.ts";
import { policyWork } from "./job.ts";

/**
 * Has every open pull request decided again when this instance is set otherwise than it was when it last ran: a newer
 * program may find more, and what nothing was allowed to block may not merge once it may (security rule S19).
 */
export async function reconsiderIfChanged({ store, queue, program, observes }: Enforcement): Promise<void> {
  const setting = JSON.stringify({ program, observes });
  const before = await store.instanceSetting();
  if (before === setting) return;
  if (before !== null)
    for (const repository of await store.openRepositories())
      await queue.add(policyWork(repository, "this instance is set otherwise", { background: true }));
  // Last, so that a crash in between leaves nothing out.
  await store.putInstanceSetting(setting);
}
