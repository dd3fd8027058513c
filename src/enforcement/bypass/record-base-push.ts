import type { Enforcement } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { landingsWork } from "./landing-job.ts";

/** Remembers who pushed to a governed branch, and has what landed there looked at. */
export async function recordBasePush(
  push: Payload<"record-base-push">,
  { store, queue, now }: Pick<Enforcement, "store" | "queue" | "now">,
): Promise<void> {
  const { repository, branch, before, after, login } = push;
  await store.putBasePush({ repository, branch, before, after, login, at: now() });
  await queue.add(landingsWork(push, branch, "push"));
}
