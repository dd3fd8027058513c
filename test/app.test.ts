import nock from "nock";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign, probotOf } from "../src/app.ts";
import { askedAgain } from "../src/enforcement/commands/asked-again.ts";
import { githubHosting } from "../src/github/hosting.ts";
import { embeddedDatabase } from "../src/queues/embedded-database.ts";
import type { Work } from "../src/queues/queue.ts";
import type { StoredAsk } from "../src/stores/store.ts";
import { PRIVATE_KEY } from "./web/service-scene.ts";

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const repository = { id: 7, name: "agent", owner: { login: "acme" } };
const asked = { installation: 9, repository: 7, owner: "acme", name: "agent", number: 1, asks: "re-evaluate" };

describe("the App under Probot", () => {
  it("takes an event of a known installation without asking GitHub anything", async () => {
    const { queue, store } = embeddedDatabase(":memory:");
    const probot = await probotOf({
      appId: 1,
      privateKey: PRIVATE_KEY,
      secret: "s".repeat(16),
      log: pino({ level: "silent" }),
    });
    await probot.load(countersign({ appId: 1, queue, known: store, renew: () => {} }));
    const payload = { action: "removed", installation: { id: 9 }, repository, sender: { login: "olga" } };
    await store.putHead({
      ...{ installation: 9, repository: 7, owner: "acme", name: "agent", pullRequest: 1, head: "a".repeat(40) },
      ...{ baseRef: "main", open: true, depends: null },
    });
    const event = { id: "1", name: "member", payload } as unknown as Parameters<typeof probot.receive>[0];
    await probot.receive(event);
    expect((await queue.depth()).waiting).toEqual({ "decide-pull-request": 1 });
    await probot.receive(event);
    expect((await queue.depth()).waiting).toEqual({ "decide-pull-request": 1 });
  });
});

describe("P15 P38 a button at an Enterprise Server", () => {
  /** A server that knows one person's role. */
  function serve(role: string): void {
    const api = nock("https://github.example.com");
    api
      .post("/api/v3/app/installations/9/access_tokens", ({ repository_ids }) => repository_ids.join() === "7")
      .reply(201, { token: "ghs_x", expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    api
      .get("/api/v3/repos/acme/agent/collaborators/olga/permission")
      .matchHeader("authorization", "bearer ghs_x")
      .reply(200, { permission: role, role_name: role, user: { login: "Olga", id: 5 } });
  }

  async function pressed(role: string): Promise<{ may: boolean; added: Work[]; stored: StoredAsk[] }> {
    serve(role);
    const added: Work[] = [];
    const stored: StoredAsk[] = [];
    const hosting = githubHosting({
      appId: 1,
      privateKey: PRIVATE_KEY,
      baseUrl: "https://github.example.com/api/v3",
    });
    const queue = { add: async (work: Work) => void added.push(work) };
    const store = { putAsk: async (ask: StoredAsk) => void stored.push(ask), groupAt: async () => null };
    const parts = { hosting, store, queue, now: () => "2026-11-24T12:00:00Z" };
    const may = await askedAgain({ ...asked, login: "Olga" }, parts, AbortSignal.timeout(10_000));
    return { may, added, stored };
  }

  it.each(["write", "maintain", "admin"])(
    "is obeyed where its sender has %s, and the check is written again",
    async (role) => {
      const { may, added, stored } = await pressed(role);
      expect(may).toBe(true);
      expect(stored).toMatchObject([{ key: "button/recheck", name: "recheck", login: "Olga", answered: false }]);
      expect(added).toMatchObject([{ key: "decide/7/1", payload: { reason: "re-evaluate by Olga" } }]);
    },
  );

  it.each(["read", "triage", "none"])("is ignored where its sender has %s", async (role) => {
    const { may, added, stored } = await pressed(role);
    expect([may, added, stored]).toEqual([false, [], []]);
  });
});
