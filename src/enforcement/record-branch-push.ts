import type { Store } from "../stores/store.ts";
import { type Enforcement, placeOf } from "./enforcement.ts";
import { decideWork, type Payload } from "./job.ts";

/**
 * Remembers who pushed to a branch: who proposes it later may be somebody else (P26). What was proposed meanwhile with
 * this head is told at once.
 */
export async function recordBranchPush(
  push: Payload<"record-branch-push">,
  { store, queue, now }: Pick<Enforcement, "store" | "queue" | "now">,
): Promise<void> {
  const { repository, before, after, login, person } = push;
  const at = now();
  await store.putBranchPush({ repository, before, after, login, person, at });
  for (const { pullRequest, open, depends } of await store.headsAt(repository, after)) {
    if (!open || depends?.governed === false) continue;
    const known = await store.pushesOf(repository, pullRequest);
    if (known.some((one) => one.after === after && one.login.toLowerCase() === login.toLowerCase())) continue;
    await store.putPush({ repository, pullRequest, before, after, login, person, at });
    await queue.add(decideWork(placeOf(push, pullRequest), "push"));
  }
}

/** Pushes of one branch that are looked back through. */
const MOST = 250;

/** Tells a pull request that is opened, or opened again, who pushed its branch before, as far as that was watched. */
export async function adoptBranchPushes(
  { repository, number: pullRequest, after }: Pick<Payload<"record-push">, "repository" | "number" | "after">,
  store: Pick<Store, "branchPushesTo" | "putPush">,
): Promise<void> {
  const seen = new Set<string>();
  const next = [after];
  for (let id = next.pop(); id !== undefined && seen.size < MOST; id = next.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const push of await store.branchPushesTo(repository, id)) {
      await store.putPush({ ...push, pullRequest });
      if (push.before !== null) next.push(push.before);
    }
  }
}
