import type { WorkQueue } from "../queues/queue.ts";
import type { Hosting } from "../work/hosting.ts";
import { decideWork, type Payload } from "./job.ts";

const MAY_ASK: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

/**
 * Does what somebody asked for with a button, if they may: the hosting service shows buttons to whoever can see the
 * check, so the sender's access is read again (P15). Returns whether they may.
 */
export async function askedAgain(
  asked: Payload<"asked-again">,
  { hosting, queue }: { readonly hosting: Hosting; readonly queue: Pick<WorkQueue, "add"> },
  signal: AbortSignal,
): Promise<boolean> {
  const { installation, repository, owner, name, login, asks } = asked;
  const opened = await hosting.open({ installation, id: repository, owner, name }, signal);
  const role = (await opened.access([login])).get(login.toLowerCase());
  if (role === undefined || !MAY_ASK.has(role)) return false;
  await queue.add(decideWork(asked, `${asks} by ${login}`, { again: true }));
  return true;
}
