import type { Enforcement } from "../../../src/enforcement/enforcement.ts";
import { jobsOf } from "../../../src/enforcement/jobs.ts";
import { jobRunner } from "../../../src/enforcement/run-job.ts";
import { workOfEvent } from "../../../src/enforcement/work-of-event.ts";
import { embeddedDatabase } from "../../../src/queues/embedded-database.ts";
import { hostingOf } from "./hosting.ts";
import type { World } from "./world.ts";

/** The program's jobs over its real store and queue in memory, and a world that it only learns of by events. */
export interface Program {
  /** An event arrives; one that arrives again has the same number. */
  hear(event: World["events"][number], guid: number): Promise<void>;
  /** Does all that is due. */
  work(): Promise<void>;
  close(): void;
}

export function programOver(world: World): Program {
  const { store, queue, close } = embeddedDatabase(":memory:", { now: () => world.now, attempts: 1, backoff: 1 });
  const parts: Enforcement = {
    hosting: hostingOf(world),
    store,
    queue,
    evidence: null,
    now: () => world.time(),
    observes: false,
    appId: 1,
    program: "1",
    server: "https://github.com",
    log: { info: () => {}, warn: () => {} },
  };
  const run = jobRunner(jobsOf(parts));
  return {
    async hear(event, guid) {
      const work = await workOfEvent(event, store);
      await queue.accept({ guid: String(guid), event: event.type, receivedAt: world.time() }, work);
    },
    async work() {
      const running = queue.run(run);
      await running.idle();
      await running.stop();
      const dead = await queue.dead();
      if (dead.length > 0) throw new Error(dead.map(({ key, error }) => `${key}: ${error}`).join("\n"));
    },
    close,
  };
}
