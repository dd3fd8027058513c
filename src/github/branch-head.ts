import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import type { Api } from "./api.ts";

const Ref = z.object({ object: z.object({ sha: z.string() }) });

/** Where a branch stands; null where there is none. */
export async function branchHead(api: Api, branch: string): Promise<ObjectId | null> {
  return (await api.find("/repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${branch}` }, Ref))?.object.sha ?? null;
}
