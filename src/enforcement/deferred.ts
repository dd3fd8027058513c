import type { Work } from "../queues/queue.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Enforcement } from "./enforcement.ts";

/** The longest that a work is put off for, in milliseconds, whatever the hosting service says. */
const LONGEST = 86_400_000;

/**
 * Runs works; one that the hosting service asks to wait with is put off until then. That is no failure of it, so it does
 * not count against the tries it has.
 */
export function deferring(
  run: (work: Work, signal: AbortSignal) => Promise<void>,
  { queue, now, log }: Pick<Enforcement, "queue" | "now" | "log">,
): (work: Work, signal: AbortSignal) => Promise<void> {
  return async (work, signal) => {
    try {
      await run(work, signal);
    } catch (fault) {
      const at = fault instanceof HostingFault && fault.retryAt !== null ? Date.parse(fault.retryAt) : Number.NaN;
      const present = Date.parse(now());
      if (!(at > present)) throw fault;
      const due = new Date(Math.min(at, present + LONGEST)).toISOString();
      log.warn({ key: work.key, due, err: fault }, "work put off, as the hosting service asks");
      await queue.add(work, due);
    }
  };
}
