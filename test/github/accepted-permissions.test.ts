import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { lackingOf, lacks, ungrantedOf, withNeeded } from "../../src/github/accepted-permissions.ts";
import type { Charges } from "../../src/github/api.ts";
import { githubClient } from "../../src/github/client.ts";
import type { HostingFault } from "../../src/work/hosting-fault.ts";
import { type SourceScene, sourceScene } from "./source-scene.ts";

const PAGE = "https://github.example/settings/installations/7";
const shown = (permissions: Record<string, string>) => ({ permissions, html_url: PAGE });

describe("P37 what an installation lacks", () => {
  it("is what was not accepted, at the level that was asked for; a lower level is taken", () => {
    const lacking = lackingOf(
      { actions: "read", checks: "write", contents: "read", pull_requests: "write" },
      shown({ checks: "write", contents: "write", pull_requests: "read" }),
    );
    expect(lacking).toEqual({
      permissions: { actions: "read", pull_requests: "write" },
      left: { checks: "write", contents: "read", pull_requests: "read" },
      address: PAGE,
    });
    expect([lacks(lacking, "pull_requests", "read"), lacks(lacking, "pull_requests", "write")]).toEqual([false, true]);
    expect([lacks(lacking, "actions", "read"), lacks(lacking, "checks", "write")]).toEqual([true, false]);
    expect(() => withNeeded(lacking)).not.toThrow();
    expect(ungrantedOf([null, lacking])?.effects).toHaveLength(2);
  });

  it("is nothing where all is accepted, however much more is", () => {
    expect(lackingOf({ checks: "write" }, shown({ checks: "admin", issues: "write" }))).toBeNull();
    expect(ungrantedOf([null])).toBeNull();
    expect(lacks(null, "checks", "write")).toBe(false);
  });

  it.each([
    [{ checks: "read", contents: "read", pull_requests: "read" }, "checks: write"],
    [{ checks: "write", pull_requests: "read" }, "contents: read"],
    [{ checks: "write", contents: "read" }, "pull_requests: read"],
    [{}, "contents: read and pull_requests: read and checks: write"],
  ])("ends the job where it leaves no answer: %j", (accepted, named) => {
    const lacking = lackingOf({ checks: "write", contents: "read", pull_requests: "write" }, shown(accepted));
    expect(() => withNeeded(lacking)).toThrow(`the App's installation lacks ${named}`);
  });
});

describe("P37 tokens of an installation that has not accepted everything", () => {
  let scene: SourceScene;
  beforeAll(async () => {
    scene = await sourceScene();
    scene.github.world.repository("acme/agent", { "a.txt": "a" });
  });
  afterAll(() => scene.github.close());
  beforeEach(() => {
    scene.github.recorded.length = 0;
    scene.installation.permissions = { metadata: "read", contents: "read" };
  });

  const tokensAsked = () =>
    scene.github.recorded
      .filter(({ path }) => path.startsWith("/app/"))
      .map(({ method, status, body }) => {
        const { permissions = {} } = (body ?? {}) as { permissions?: object };
        return `${method} ${Object.keys(permissions).join("+")} ${status}`;
      });

  function client() {
    const { app, github, installation } = scene;
    const own = githubClient({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url });
    const charges: Charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
    const id = scene.github.world.find("acme/agent")?.id ?? 0;
    const api = (
      permissions: Record<string, "read" | "write">,
      repository: { id: number } | { name: string } = { id },
    ) =>
      own.api({
        ...{ installation: installation.id, owner: "acme", name: "agent", repository, permissions, charges },
        signal: AbortSignal.timeout(30_000),
      });
    return { own, api };
  }

  it("are asked for once more with what is accepted, by everybody who waits for one", async () => {
    const { own, api } = client();
    const both = { actions: "read", contents: "read" } as const;
    const read = () => api(both).get("/repos/{owner}/{repo}", {}, z.object({ id: z.int() }));
    await Promise.all([read(), read()]);
    expect(tokensAsked()).toEqual(["POST actions+contents 422", "GET  200", "POST contents 201"]);
    expect(await api(both).lacking()).toMatchObject({ permissions: { actions: "read" }, left: { contents: "read" } });
    // Another token of the same installation goes without from the start.
    await api({ actions: "read", contents: "read", issues: "read" }).lacking();
    expect(tokensAsked().slice(3)).toEqual(["POST contents 201"]);
    scene.installation.permissions = { actions: "read", contents: "read" };
    own.renew(scene.installation.id);
    expect(await api(both).lacking()).toBeNull();
    expect(tokensAsked().slice(4)).toEqual(["POST actions+contents 201"]);
    scene.conforms();
  });

  it("are none where nothing of it is accepted, since one that asks for nothing would be one for everything", async () => {
    const { api } = client();
    const members = api({ members: "read" });
    for (let time = 0; time < 2; time += 1)
      await expect(members.get("/repos/{owner}/{repo}", {}, z.unknown())).rejects.toMatchObject({
        code: "hosting/forbidden",
        message: "the App's installation lacks members: read",
        address: expect.stringContaining("/settings/installations/"),
      } satisfies Partial<Record<keyof HostingFault, unknown>>);
    expect(await members.lacking()).toMatchObject({ permissions: { members: "read" } });
    expect(tokensAsked()).toEqual(["POST members 422", "GET  200"]);
  });

  it("of a repository that the installation does not reach are no question of permissions", async () => {
    const { api } = client();
    const nowhere = api({ contents: "read" }, { name: "nowhere" });
    await expect(nowhere.lacking()).rejects.toMatchObject({ status: 422 });
    expect(tokensAsked()).toEqual(["POST contents 422"]);
  });
});
