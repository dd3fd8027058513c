import { describe, expect, it } from "vitest";
import { closePullRequest } from "../../src/enforcement/close-pull-request.ts";
import { closeWork, JOBS, type JobKind, pushWork } from "../../src/enforcement/job.ts";
import { recordPush } from "../../src/enforcement/record-push.ts";
import { type Jobs, jobRunner, UnknownWork } from "../../src/enforcement/run-job.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import { storedHead } from "../web/service-scene.ts";

const place = { installation: 9, repository: 7, owner: "acme", name: "agent", number: 1 };
const HEAD = "a".repeat(40);
const signal = new AbortController().signal;

/** Jobs that note what they were told. */
function noting() {
  const told: unknown[] = [];
  const note = (kind: string) => async (payload: unknown) => void told.push([kind, payload]);
  const jobs = Object.fromEntries(Object.keys(JOBS).map((kind) => [kind, note(kind)])) as unknown as Jobs;
  return { told, run: jobRunner(jobs) };
}

describe("a work", () => {
  it("goes to the job of its kind, with its payload", async () => {
    const { told, run } = noting();
    const push = { before: null, after: HEAD, login: "olga", at: "2026-11-25T10:00:00Z" };
    await run(pushWork(place, push), signal);
    expect(told).toEqual([["record-push", { ...place, ...push }]]);
  });

  it.each(["no-such-job", "constructor", "__proto__", ""])("of kind %j that no job has is a fault", async (kind) => {
    await expect(noting().run({ key: "x", kind, payload: place }, signal)).rejects.toThrow(UnknownWork);
  });

  it.each(Object.keys(JOBS) as JobKind[])("%s with another version's payload is a fault, not a guess", async (kind) => {
    const { told, run } = noting();
    await expect(run({ key: "x", kind, payload: { number: "1" } }, signal)).rejects.toThrow(UnknownWork);
    expect(told).toEqual([]);
  });
});

describe("jobs that ask nothing of GitHub", () => {
  it("P26 a push is remembered before the pull request is decided", async () => {
    const { store, queue } = embeddedDatabase(":memory:");
    const pushes: number[] = [];
    const push = { before: null, after: HEAD, login: "olga", at: "2026-11-25T10:00:00Z" };
    await recordPush(
      { ...place, ...push },
      {
        store,
        queue: {
          add: async (work) => {
            pushes.push((await store.pushesOf(7, 1)).length);
            await queue.add(work);
          },
        },
      },
    );
    expect(pushes).toEqual([1]);
    expect(await store.pushesOf(7, 1)).toMatchObject([{ login: "olga", after: HEAD, before: null }]);
    expect((await queue.depth()).waiting).toEqual({ "decide-pull-request": 1 });
  });

  it("S02 an end has those decided that shared the decision", async () => {
    const { store, queue } = embeddedDatabase(":memory:");
    await store.putHead(storedHead());
    await store.putHead(storedHead({ pullRequest: 2 }));
    await store.putHead(storedHead({ pullRequest: 3, baseRef: "release" }));
    await store.putHead(storedHead({ pullRequest: 4, open: false }));
    const keys: string[] = [];
    const parts = { store, queue: { add: async ({ key }: { key: string }) => void keys.push(key) } };
    const { payload } = closeWork(place, { head: HEAD, baseRef: "main" });
    await closePullRequest(JOBS["close-pull-request"].parse(payload), parts);
    // The third goes elsewhere, and may share the check all the same.
    expect(keys).toEqual(["decide/7/2", "decide/7/3"]);
    expect((await store.headOf(7, 1))?.open).toBe(false);
    expect((await queue.depth()).waiting).toEqual({});
  });

  it("the end of one that was never seen is nothing", async () => {
    const { store, queue } = embeddedDatabase(":memory:");
    await closePullRequest({ ...place, head: HEAD, baseRef: "main" }, { store, queue });
    expect(await store.headOf(7, 1)).toBeNull();
  });
});
