import type { Instant } from "../src/core/scalars.ts";
import type { Work, WorkQueue } from "../src/queues/queue.ts";

/** Works of one run of a workflow: done in turn, and gone when it ends. */
export interface Works extends Pick<WorkQueue, "add"> {
  /** Does what is due, and what comes due within `patience` milliseconds; what is due later is left. */
  run(handle: (work: Work) => Promise<void>, patience: number): Promise<void>;
}

interface Waiting {
  readonly work: Work;
  readonly due: number;
}

/** Makes an empty list of works. */
export function works(now: () => number): Works {
  const waiting = new Map<string, Waiting>();
  return {
    async add(work, dueAt?: Instant) {
      const due = dueAt === undefined ? now() : Date.parse(dueAt);
      const known = waiting.get(work.key);
      waiting.set(work.key, { work, due: Math.min(due, known?.due ?? due) });
    },
    async run(handle, patience) {
      const until = now() + patience;
      for (;;) {
        const [next] = [...waiting.values()].sort((a, b) => a.due - b.due);
        if (next === undefined || next.due > until) return;
        waiting.delete(next.work.key);
        if (next.due > now()) await new Promise((resolve) => setTimeout(resolve, next.due - now()));
        await handle(next.work);
      }
    },
  };
}
