import type { WorkQueue } from "../../queues/queue.ts";
import { EXPLAIN, RE_EVALUATE, REQUEST_REVIEWERS, ROLL_BACK } from "../../reports/check-run.ts";
import type { Store } from "../../stores/store.ts";
import type { Hosting } from "../../work/hosting.ts";
import { decideWork, groupWork, type Payload } from "../job.ts";
import { rollbackWork } from "../rollback/rollback-job.ts";

const MAY_ASK: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

/** The command that each button stands for, and what the hosting service's own "Re-run" does. */
const BUTTONS: ReadonlyMap<string, string> = new Map([
  [RE_EVALUATE.identifier, "recheck"],
  ["rerequested", "recheck"],
  [REQUEST_REVIEWERS.identifier, "request-reviewers"],
  [EXPLAIN.identifier, "explain"],
  [ROLL_BACK.identifier, "rollback"],
]);

/**
 * Does what somebody asked for with a button, if they may: the hosting service shows buttons to whoever can see the
 * check, so the sender's access is read again (P15). From there on it is the command of the same meaning. Returns whether
 * they may.
 */
export async function askedAgain(
  asked: Payload<"asked-again">,
  {
    hosting,
    store,
    queue,
    now,
  }: {
    readonly hosting: Hosting;
    readonly store: Pick<Store, "putAsk" | "groupAt">;
    readonly queue: Pick<WorkQueue, "add">;
    now(): string;
  },
  signal: AbortSignal,
): Promise<boolean> {
  const { installation, repository, owner, name, number, login, asks } = asked;
  const command = BUTTONS.get(asks);
  if (command === undefined) return false;
  const opened = await hosting.open({ installation, id: repository, owner, name }, signal);
  const role = (await opened.access([login])).get(login.toLowerCase());
  if (role === undefined || !MAY_ASK.has(role)) return false;
  if (asked.group !== undefined) {
    const group = command === "recheck" ? await store.groupAt(repository, asked.group) : null;
    if (group?.open) await queue.add(groupWork(group, `${asks} by ${login}`, { again: true }));
    return group !== null;
  }
  const reason = command === "rollback" ? "asked for with the button of the check" : "";
  // Stored, not only said to the decision: works of one pull request coalesce, and the newest alone is heard.
  await store.putAsk({
    ...{ repository, pullRequest: number, key: `button/${command}`, name: command, argument: "", reason },
    ...{ login, at: now(), counts: true, tier: null, answered: false },
  });
  await queue.add(command === "rollback" ? rollbackWork(asked) : decideWork(asked, `${asks} by ${login}`));
  return true;
}
