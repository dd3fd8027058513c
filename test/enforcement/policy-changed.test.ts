import { describe, expect, it } from "vitest";
import type { Enforcement } from "../../src/enforcement/enforcement.ts";
import { policyWork } from "../../src/enforcement/job.ts";
import { policyChanged } from "../../src/enforcement/policy-changed.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { Work } from "../../src/queues/queue.ts";
import type { HostedPullRequest, HostedRepository } from "../../src/work/hosting.ts";
import { HostingFault } from "../../src/work/hosting-fault.ts";

const PLACE = { installation: 1, repository: 7, owner: "acme", name: "agent" };
const NOW = Date.parse("2026-11-24T12:00:00Z");
const sha = (number: number) => String(number).padStart(40, "0");

/** Open pull requests of one repository with a stored answer each, and a hosting service that takes so many writes. */
async function world(pulls: number, writes: number) {
  const { store, close } = embeddedDatabase(":memory:");
  const tiers = ["low", "medium", "high", "critical"] as const;
  for (let number = 1; number <= pulls; number += 1) {
    const governed = number % 5 !== 0;
    const tier = tiers[number % 4] ?? "low";
    await store.putHead({
      ...PLACE,
      ...{ pullRequest: number, head: sha(number), baseRef: "main", open: true },
      depends: governed ? { governed, checks: [], teams: [], tier } : { governed, checks: [], teams: [] },
    });
    await store.putView({
      ...{ repository: 7, head: sha(number), checkName: "countersign", checkRun: number, digest: "x" },
      ...{ passing: true, premises: "old rules" },
    });
  }
  const published: number[] = [];
  const queued: { work: Work; due: string | undefined }[] = [];
  const warned: string[] = [];
  const left = { writes };
  const repository: Partial<HostedRepository> = {
    name: { installation: 1, id: 7, owner: "acme", name: "agent" },
    openPullRequests: async () =>
      Array.from({ length: pulls }, (_, at) => ({ number: at + 1, head: sha(at + 1), base: "main" })),
    pullRequest: async () =>
      ({ defaultBranch: { name: "main", head: sha(0) }, organization: null }) as unknown as HostedPullRequest,
    blobAt: async () => null,
    async publish({ number }, { checkRun }) {
      if (left.writes === 0)
        throw new HostingFault("hosting/rate-limited", "GitHub takes no more", {
          remedy: "Wait.",
          retryAt: new Date(NOW + 3_600_000).toISOString(),
        });
      left.writes -= 1;
      expect(checkRun?.status).toBe("in_progress");
      published.push(number);
      return { checkRun: number, commentId: null, checkRunDigest: "y", commentDigest: null, passing: false };
    },
  };
  const enforcement: Enforcement = {
    ...{
      hosting: { open: async () => repository as HostedRepository },
      store,
      evidence: null,
      observes: false,
      program: "1",
      appId: 1,
    },
    server: "https://github.com",
    queue: { add: async (work, due) => void queued.push({ work, due }) },
    now: () => new Date(NOW).toISOString(),
    log: { info: () => {}, warn: (_, message) => void warned.push(message) },
  };
  const { payload } = policyWork(PLACE, "push to main");
  const run = () =>
    policyChanged(payload as Parameters<typeof policyChanged>[0], enforcement, AbortSignal.timeout(60_000));
  const decided = () => queued.filter(({ work }) => work.kind === "decide-pull-request");
  return { run, published, decided, warned, left, close };
}

describe("S19 S22 hundreds of open pull requests when the rules change", () => {
  it("takes back what lets governed ones merge, the riskiest first, before any is decided again", async () => {
    const w = await world(600, 10_000);
    await w.run();
    expect(w.published).toHaveLength(480);
    const ranks = w.published.map((number) => number % 4);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(w.decided()).toHaveLength(600);
    expect(w.decided().every(({ work }) => work.background)).toBe(true);
    // Those in which nothing was governed come last, and their answers stand meanwhile.
    const numbers = w.decided().map(({ work }) => (work.payload as { number: number }).number);
    expect(numbers.slice(480).every((number) => number % 5 === 0)).toBe(true);
    const dues = w.decided().map(({ due }) => due ?? "");
    expect(dues).toEqual(dues.toSorted());
    expect(new Set(dues).size).toBe(600);
    expect(w.warned.join()).toContain("more pull requests than GitHub takes writes in an hour");
    w.close();
  });

  it("goes on where it stopped when GitHub takes no more writes, and writes nothing twice", async () => {
    const w = await world(600, 200);
    await expect(w.run()).rejects.toThrow("GitHub takes no more");
    expect(w.published).toHaveLength(200);
    expect(w.decided()).toHaveLength(0);
    w.left.writes = 10_000;
    await w.run();
    expect(w.published).toHaveLength(480);
    expect(new Set(w.published).size).toBe(480);
    expect(w.decided()).toHaveLength(600);
    w.close();
  });
});
