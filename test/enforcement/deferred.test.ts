import { describe, expect, it } from "vitest";
import { deferring } from "../../src/enforcement/deferred.ts";
import type { Work } from "../../src/queues/queue.ts";
import { HostingFault } from "../../src/work/hosting-fault.ts";

const WORK: Work = { key: "k", kind: "x", payload: { a: 1 } };

describe("work that the hosting service asks to wait with", () => {
  const attempt = async (fault: unknown) => {
    const added: [Work, string | undefined][] = [];
    const parts = {
      queue: { add: async (work: Work, at?: string) => void added.push([work, at]) },
      now: () => "2026-11-24T12:00:00.000Z",
      log: { info: () => {}, warn: () => {} },
    };
    const run = deferring(() => Promise.reject(fault), parts);
    const thrown = await run(WORK, AbortSignal.timeout(1000)).catch((one: unknown) => one);
    return { added, thrown };
  };
  const fault = (retryAt?: string) =>
    new HostingFault("hosting/rate-limited", "slow down", { remedy: "wait", ...(retryAt ? { retryAt } : {}) });

  it("P34 is put off until then, and is no failure", async () => {
    expect(await attempt(fault("2026-11-24T12:30:00Z"))).toEqual({
      added: [[WORK, "2026-11-24T12:30:00.000Z"]],
      thrown: undefined,
    });
  });

  it("is put off for a day at most", async () => {
    expect((await attempt(fault("2036-01-01T00:00:00Z"))).added).toEqual([[WORK, "2026-11-25T12:00:00.000Z"]]);
  });

  it.each([["2026-11-24T11:00:00Z"], ["nonsense"], [undefined]])("fails when the instant is %s", async (at) => {
    const thrown = fault(at);
    expect(await attempt(thrown)).toEqual({ added: [], thrown });
  });

  it("fails with any other fault", async () => {
    const thrown = new Error("no");
    expect(await attempt(thrown)).toEqual({ added: [], thrown });
  });
});
