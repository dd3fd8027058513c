import type { HostedRepository } from "../../work/hosting.ts";
import { repositoryPlace } from "../bypass/watched-branches.ts";
import type { Enforcement } from "../enforcement.ts";
import { decideWork } from "../job.ts";

/** Has every governed open pull request of a repository decided again, behind what people wait for. */
export async function decideAgain(
  repository: Pick<HostedRepository, "name">,
  reason: string,
  { store, queue }: Pick<Enforcement, "store" | "queue">,
): Promise<void> {
  for (const { pullRequest: number, depends } of await store.openHeads(repository.name.id))
    if (depends?.governed !== false)
      await queue.add(decideWork({ ...repositoryPlace(repository), number }, reason, { background: true }));
}
