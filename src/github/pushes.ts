import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Push } from "../work/pushers.ts";
import type { Api } from "./api.ts";

const Activities = z.array(
  z.object({
    before: z.string(),
    after: z.string(),
    timestamp: z.string(),
    activity_type: z.string(),
    actor: z.object({ id: z.int(), login: z.string() }).nullable(),
  }),
);

/** A push as GitHub remembers it. */
export interface RememberedPush extends Push {
  /** The pusher's account number. */
  readonly person: number;
  readonly at: string;
}

/**
 * The newest hundred pushes to a branch since it was made, the oldest first, for those who hear no webhooks. Empty where
 * they cannot be read; what is missing leaves people unknown, which only makes a decision stricter (security rule S11).
 */
export async function readPushes(api: Api, branch: string): Promise<readonly RememberedPush[]> {
  const pushes: RememberedPush[] = [];
  for (const { before, after, timestamp: at, activity_type: kind, actor } of await read(api, branch)) {
    if (kind === "branch_deletion") break;
    const created = kind === "branch_creation";
    if (actor !== null)
      pushes.unshift({ before: created ? null : before, after, login: actor.login, person: actor.id, at });
    if (created) break;
  }
  return pushes;
}

async function read(api: Api, branch: string): Promise<z.infer<typeof Activities>> {
  const params = { ref: `refs/heads/${branch}`, per_page: 100 };
  try {
    return await api.get("/repos/{owner}/{repo}/activity", params, Activities);
  } catch (fault) {
    // An older Enterprise Server, or a token that may not.
    if (fault instanceof HostingFault && fault.retryAt === null && fault.status !== null && fault.status < 500)
      return [];
    throw fault;
  }
}
