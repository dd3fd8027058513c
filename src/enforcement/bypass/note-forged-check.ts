import { type Enforcement, hostedName } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { reportBypass } from "./report-bypass.ts";

/** Reports that somebody else's check bears our name: once for each App and name, however often it does. */
export async function noteForgedCheck(
  work: Payload<"note-forged-check">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { repository: id, head, check, app, number } = work;
  const known = await enforcement.store.bypassesOf(id, 1_000);
  if (known.some(({ cause, actor, branch }) => cause === "forged-check" && actor === app && branch === check)) return;
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  const runs = await repository.landings.runsNamed(head, check);
  const stands = runs.some(({ own, conclusion }) => !own && conclusion === "success");
  if (!stands) return;
  await reportBypass(
    repository,
    {
      ...{ repository: id, branch: check, before: null, after: head, cause: "forged-check", actor: app, pull: number },
      at: enforcement.now(),
      detail: `Where the required check is not pinned to this App, "${check}" of another one lets everything merge. It is told once.`,
    },
    enforcement,
  );
}
