import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { embeddedQueue, QUEUE_TABLES } from "../../src/queues/embedded.ts";
import type { Running, Work, WorkQueue } from "../../src/queues/queue.ts";
import { openDatabase } from "../../src/stores/database.ts";

interface Bench {
  readonly queue: WorkQueue;
  /** A second queue over the same data, as after a crash of the first. */
  reopened(): WorkQueue;
}

/** Every implementation of the queue, each on a place of its own. */
const IMPLEMENTATIONS: Readonly<Record<string, (now: () => number) => Bench>> = {
  embedded: (now) => {
    const directory = mkdtempSync(join(tmpdir(), "countersign-queue-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const open = () => {
      const database = openDatabase(join(directory, "queue.db"), [{ version: 1, sql: QUEUE_TABLES }]);
      return embeddedQueue(database, { now, attempts: 3, backoff: 1, workers: 4 });
    };
    return { queue: open(), reopened: open };
  },
};

const work = (key: string, payload: unknown = null): Work => ({ key, kind: "evaluate", payload });
const delivery = (guid: string) => ({ guid, event: "pull_request", receivedAt: "2026-11-24T12:00:00Z" });

describe.each(Object.entries(IMPLEMENTATIONS))("a queue (%s)", (_, make) => {
  const worked = async (queue: WorkQueue, handle: (work: Work) => Promise<void>): Promise<Running> => {
    const running = queue.run(handle);
    onTestFinished(() => running.stop());
    await running.idle();
    return running;
  };

  it("P31 stores a delivery once, and its work survives a crash", async () => {
    const { queue, reopened } = make(Date.now);
    expect(await queue.accept(delivery("a"), [work("1")])).toBe("accepted");
    expect(await queue.accept(delivery("a"), [work("1")])).toBe("duplicate");
    const done: string[] = [];
    await worked(reopened(), async ({ key }) => void done.push(key));
    expect(done).toEqual(["1"]);
  });

  it("P31 knows a delivery for a week, twice as long as GitHub delivers again", async () => {
    let now = Date.parse("2026-11-24T12:00:00Z");
    const { queue, reopened } = make(() => now);
    const old = { guid: "old", event: "push", receivedAt: "2026-11-18T12:00:00.000Z" };
    await queue.accept(old, []);
    await worked(queue, async () => {});
    expect(await queue.accept(old, [])).toBe("duplicate");
    now += 2 * 86_400_000;
    await worked(reopened(), async () => {});
    expect(await queue.accept(old, [])).toBe("accepted");
  });

  it("a crash in the middle of a run loses nothing", async () => {
    const { queue, reopened } = make(Date.now);
    await queue.add(work("1"));
    const stuck = queue.run(() => new Promise(() => {}));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const done: string[] = [];
    await worked(reopened(), async ({ key }) => void done.push(key));
    expect(done).toEqual(["1"]);
    void stuck;
  });

  it("P32 works of one key coalesce while they wait and the newest payload counts", async () => {
    const { queue } = make(Date.now);
    for (let n = 0; n < 10; n += 1) await queue.accept(delivery(`d${n}`), [work("1", n)]);
    const seen: unknown[] = [];
    await worked(queue, async ({ payload }) => void seen.push(payload));
    expect(seen).toEqual([9]);
  });

  it("P32 never runs one key side by side, and runs again what arrived meanwhile", async () => {
    const { queue } = make(Date.now);
    let inside = 0;
    let most = 0;
    const seen: unknown[] = [];
    await queue.add(work("1", "first"));
    await worked(queue, async ({ payload }) => {
      inside += 1;
      most = Math.max(most, inside);
      seen.push(payload);
      if (payload === "first") await queue.add(work("1", "second"));
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    });
    expect({ most, seen }).toEqual({ most: 1, seen: ["first", "second"] });
  });

  it("runs work at its instant, and the earlier instant of a key holds", async () => {
    let now = Date.parse("2026-11-24T12:00:00Z");
    const { queue } = make(() => now);
    await queue.add(work("late"), "2026-11-24T13:00:00Z");
    await queue.add(work("late"), "2026-11-25T13:00:00Z");
    const done: string[] = [];
    const running = await worked(queue, async ({ key }) => void done.push(key));
    expect(done).toEqual([]);
    now = Date.parse("2026-11-24T13:00:00Z");
    await running.idle();
    expect(done).toEqual(["late"]);
  });

  it("work added during its own run for later waits for later", async () => {
    const now = Date.parse("2026-11-24T12:00:00Z");
    const { queue } = make(() => now);
    await queue.add(work("1"));
    let runs = 0;
    await worked(queue, async () => {
      runs += 1;
      await queue.add(work("1"), "2026-11-24T14:00:00Z");
    });
    expect(runs).toBe(1);
    expect((await queue.depth()).waiting).toEqual({ evaluate: 1 });
  });

  it("tries a failure again, lets it die visibly, and a redelivery takes it up again", async () => {
    let now = Date.now();
    const { queue } = make(() => now);
    await queue.accept(delivery("a"), [work("poison")]);
    await queue.add(work("healthy"));
    let broken = true;
    const done: string[] = [];
    const running = await worked(queue, async ({ key }) => {
      if (key === "poison" && broken) throw new Error("cannot");
      done.push(key);
    });
    for (let n = 0; n < 5; n += 1) {
      now += 60_000;
      await running.idle();
    }
    expect(done).toEqual(["healthy"]);
    expect(await queue.dead()).toMatchObject([{ key: "poison", attempts: 3, error: "cannot" }]);
    broken = false;
    expect(await queue.accept(delivery("a"), [work("poison")])).toBe("accepted");
    await running.idle();
    expect(done).toEqual(["healthy", "poison"]);
    expect(await queue.dead()).toEqual([]);
  });

  it.each(["after a long rest", "when the program starts again"])("tries what died once more %s", async (when) => {
    let now = Date.now();
    const { queue, reopened } = make(() => now);
    await queue.add(work("poison"));
    let [broken, tried] = [true, 0];
    const handle = async () => {
      tried += 1;
      if (broken) throw new Error("cannot");
    };
    const running = await worked(queue, handle);
    const pass = async (milliseconds: number) => {
      now += milliseconds;
      await running.idle();
    };
    for (let n = 0; n < 5; n += 1) await pass(60_000);
    expect([tried, (await queue.dead()).length]).toEqual([3, 1]);
    await pass(3_600_000);
    expect([tried, (await queue.dead()).length]).toEqual([4, 1]);
    broken = false;
    if (when === "after a long rest") await pass(7_200_000);
    else {
      await running.stop();
      await worked(reopened(), handle);
    }
    expect([tried, (await queue.dead()).length]).toEqual([5, 0]);
  });

  it("a work that ends the program each time dies of it, and does not end the next one at its start", async () => {
    let now = Date.now();
    const { queue, reopened } = make(() => now);
    await queue.add(work("poison"));
    await queue.add(work("healthy"));
    const done: string[] = [];
    let crashes = 0;
    // Never ends, as if the process was gone: what was under way stays leased.
    const handle = ({ key }: Work) => {
      if (key === "healthy") return Promise.resolve(void done.push(key));
      crashes += 1;
      return new Promise<void>(() => {});
    };
    for (let starts = 0; starts < 6; starts += 1) {
      now += 60_000;
      reopened().run(handle);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(done).toEqual(["healthy"]);
    expect(crashes).toBe(3);
    expect(await queue.dead()).toMatchObject([{ key: "poison", attempts: 3 }]);
  });

  it("P31 a redelivery takes up what its work led to, should that have died", async () => {
    const { queue } = make(Date.now);
    const first = { ...work("push"), leadsTo: ["decide"] };
    let healthy = false;
    const seen: string[] = [];
    await queue.accept(delivery("a"), [first]);
    await worked(queue, async ({ key }) => {
      seen.push(key);
      if (key === "push") await queue.add(work("decide"));
      else if (!healthy) throw new Error("no");
    });
    while ((await queue.dead()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    healthy = true;
    expect(await queue.accept(delivery("a"), [first])).toBe("accepted");
    while ((await queue.dead()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await queue.accept(delivery("a"), [first])).toBe("duplicate");
    expect(seen).toEqual(["push", "decide", "decide", "decide", "decide"]);
  });

  it("a run that the end of the program interrupts is no failure, and is due at once", async () => {
    const { queue, reopened } = make(Date.now);
    await queue.add(work("1"));
    for (let stops = 0; stops < 5; stops += 1) {
      const running = queue.run(
        (_, signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
          ),
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
      await running.stop();
    }
    expect(await queue.dead()).toEqual([]);
    const done: string[] = [];
    await worked(reopened(), async ({ key }) => void done.push(key));
    expect(done).toEqual(["1"]);
  });

  it("interactive work goes before background work", async () => {
    const { queue } = make(Date.now);
    for (let n = 0; n < 6; n += 1) await queue.add({ ...work(`b${n}`), background: true });
    await queue.add(work("person"));
    const done: string[] = [];
    await worked(queue, async ({ key }) => void done.push(key));
    expect(done.indexOf("person")).toBeLessThan(4);
  });

  it("whatever arrives in whatever order, the last payload of every key is worked off after it arrived", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 9 })), { maxLength: 20 }),
        async (steps) => {
          const { queue } = make(Date.now);
          const last = new Map<string, number>();
          const seen = new Map<string, unknown>();
          const running = queue.run(async ({ key, payload }) => void seen.set(key, payload));
          for (const [index, [key, value]] of steps.entries()) {
            last.set(key, value);
            await queue.accept(delivery(`${index}`), [work(key, value)]);
          }
          await running.idle();
          await running.stop();
          expect(seen).toEqual(last);
        },
      ),
      { numRuns: 30 },
    );
  });
});
