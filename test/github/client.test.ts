import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Api, Charges } from "../../src/github/api.ts";
import { boundedCache } from "../../src/github/bounded-cache.ts";
import { type Client, type GitHubSettings, githubClient } from "../../src/github/client.ts";
import { type Clock, systemClock } from "../../src/github/clock.ts";
import { JOB_PERMISSIONS } from "../../src/github/hosting.ts";
import { redacted } from "../../src/github/redacted.ts";
import { writeLimit } from "../../src/github/write-limit.ts";
import { HostingFault } from "../../src/work/hosting-fault.ts";
import type { Fault } from "./faults.ts";
import { type SourceScene, sourceScene } from "./source-scene.ts";
import type { Repository } from "./world.ts";

let scene: SourceScene;
let repository: Repository;
let clock: Clock & { readonly slept: number[] };
beforeAll(async () => {
  scene = await sourceScene();
  repository = scene.github.world.repository("acme/agent", { "a.txt": "a" });
  scene.github.world.repository("acme/.github", { "countersign.yml": "version: 1\n" });
});
beforeEach(() => {
  scene.github.faults.length = 0;
  scene.github.recorded.length = 0;
  clock = quickClock();
});
afterAll(() => scene.github.close());

/** A clock that jumps instead of waiting. */
function quickClock(): Clock & { readonly slept: number[] } {
  let now = Date.now();
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

function client(settings: Partial<GitHubSettings> = {}): Client {
  const { app, github } = scene;
  return githubClient({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url, clock, ...settings });
}

function job(from: Client, more: Partial<Parameters<Client["api"]>[0]> = {}): { api: Api; charges: Charges } {
  const charges: Charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
  const api = from.api({
    installation: scene.installation.id,
    repository: { id: repository.id },
    permissions: JOB_PERMISSIONS,
    owner: "acme",
    name: "agent",
    signal: new AbortController().signal,
    charges,
    ...more,
  });
  return { api, charges };
}

const REPOSITORY = "/repos/{owner}/{repo}";
const Named = z.object({ full_name: z.string() });
const CHECK = { name: "x", head_sha: "0".repeat(40), status: "in_progress" };

/** Answers the next requests that are no token's with a fault. */
function fault(answer: Fault["answer"], times = 1, matches: Fault["matches"] = (_, path) => !path.startsWith("/app")) {
  scene.github.faults.push({ matches, times, answer });
}

async function faultOf(work: Promise<unknown>): Promise<HostingFault> {
  const thrown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(HostingFault);
  const found = thrown as HostingFault;
  expect(found.remedy).toMatch(/^[A-Z].*\.$/);
  const everything = `${found.stack} ${JSON.stringify(found)} ${String(found.cause)} ${JSON.stringify(found.cause)}`;
  expect(everything).not.toMatch(/ghs_|eyJ|BEGIN|authorization:/i);
  return found;
}

const REQUESTS = () => scene.github.recorded.map(({ method, path, status }) => `${method} ${path} ${status}`);

describe("reading what may change", () => {
  it("P34 asks with the last ETag, across jobs, and an unchanged answer is not charged", async () => {
    const own = client();
    const first = job(own);
    expect(await first.api.get(REPOSITORY, {}, Named)).toEqual({ full_name: "acme/agent" });
    expect(first.charges).toEqual({ requests: 2, points: 0, unchanged: 0, writes: 0 });
    const second = job(own);
    expect(await second.api.get(REPOSITORY, {}, Named)).toEqual({ full_name: "acme/agent" });
    expect(second.charges).toEqual({ requests: 0, points: 0, unchanged: 1, writes: 0 });
    scene.conforms();
  });

  it("P34 does not give what one token may see to another", async () => {
    const own = client();
    await job(own).api.get(REPOSITORY, {}, Named);
    const other = job(own, { permissions: { contents: "read" } });
    await other.api.get(REPOSITORY, {}, Named);
    expect(other.charges).toEqual({ requests: 2, points: 0, unchanged: 0, writes: 0 });
  });

  it("P34 forgets answers that together would take up too much", async () => {
    const own = client({ answersKept: 1_000 });
    await job(own).api.get(REPOSITORY, {}, Named);
    const second = job(own);
    await second.api.get(REPOSITORY, {}, Named);
    expect(second.charges.unchanged).toBe(0);
  });

  it("reads every page, unchanged ones for free", async () => {
    const head = repository.refs.get("refs/heads/main") ?? "";
    const Runs = z.object({ check_runs: z.array(z.object({ name: z.string() })) }).transform((page) => page.check_runs);
    const own = client();
    const { api } = job(own);
    // Each of them alone may write as much as it takes.
    const writers = [client(), client()] as const;
    for (let run = 0; run < 130; run += 1)
      await job(writers[run < 65 ? 0 : 1], { installation: scene.installation.id }).api.write(
        "POST /repos/{owner}/{repo}/check-runs",
        { ...CHECK, head_sha: head, name: `run ${run}` },
        z.object({ id: z.int() }),
      );
    const route = "/repos/{owner}/{repo}/commits/{ref}/check-runs";
    expect((await api.all(route, { ref: head, filter: "all" }, Runs)).length).toBe(130);
    const again = job(own);
    expect((await again.api.all(route, { ref: head, filter: "all" }, Runs)).length).toBe(130);
    expect(again.charges).toEqual({ requests: 0, points: 0, unchanged: 2, writes: 0 });
    scene.conforms();
  });

  it("tells what is not there from what fails", async () => {
    const { api } = job(client());
    expect(await api.find("/repos/{owner}/{repo}/git/ref/{ref}", { ref: "heads/none" }, z.object({}))).toBeNull();
    fault({ status: 502 }, 3);
    expect((await faultOf(api.find(REPOSITORY, {}, Named))).code).toBe("hosting/unavailable");
  });
});

describe("tokens", () => {
  it("P43 reach the job's repository with the job's permissions, and are asked for once an hour", async () => {
    const own = client();
    await Promise.all([job(own).api.get(REPOSITORY, {}, Named), job(own).api.get(REPOSITORY, {}, Named)]);
    const asked = scene.github.recorded.filter(({ path }) => path.endsWith("/access_tokens"));
    expect(asked.map(({ body }) => body)).toEqual([
      { repository_ids: [repository.id], permissions: { ...JOB_PERMISSIONS } },
    ]);
    scene.github.recorded.length = 0;
    await clock.sleep(3_400_000, new AbortController().signal);
    await job(own).api.get(REPOSITORY, {}, Named);
    expect(REQUESTS()[0]).toContain("/access_tokens 201");
    scene.conforms();
  });

  it("P43 for the organisation's repository is another one that can only read, and neither reaches the other's", async () => {
    const own = client();
    const baseline = { repository: { name: ".github" }, name: ".github", permissions: { contents: "read" } } as const;
    await job(own, baseline).api.get(REPOSITORY, {}, Named);
    expect(scene.github.recorded[0]?.body).toEqual({ repositories: [".github"], permissions: { contents: "read" } });
    expect((await faultOf(job(own, { name: ".github" }).api.get(REPOSITORY, {}, Named))).code).toBe(
      "hosting/not-found",
    );
    const write = job(own, baseline).api.write("POST /repos/{owner}/{repo}/check-runs", CHECK, z.unknown());
    expect((await faultOf(write)).code).toBe("hosting/forbidden");
    scene.conforms();
  });

  it("that were revoked are replaced once", async () => {
    const own = client();
    await job(own).api.get(REPOSITORY, {}, Named);
    fault({ status: 401, body: { message: "Bad credentials" } });
    expect(await job(own).api.get(REPOSITORY, {}, Named)).toEqual({ full_name: "acme/agent" });
    fault({ status: 401, body: { message: "Bad credentials" } }, 9);
    expect((await faultOf(job(own).api.get(REPOSITORY, {}, Named))).code).toBe("hosting/unauthorized");
  });

  it("cannot be had with a key that is none, and nothing of it is told", async () => {
    const { api } = job(
      client({ privateKey: ["BEGIN", "END"].map((edge) => `-----${edge} RSA PRIVATE KEY-----`).join("\nc2VjcmV0\n") }),
    );
    const thrown = await faultOf(api.get(REPOSITORY, {}, Named));
    expect(thrown.code).toBe("hosting/unauthorized");
    expect(`${thrown.stack}`).not.toContain("c2VjcmV0");
  });

  it("P37 are refused to a suspended installation, with what to do", async () => {
    scene.installation.suspendedAt = "2026-11-24T00:00:00Z";
    const thrown = await faultOf(job(client()).api.get(REPOSITORY, {}, Named));
    scene.installation.suspendedAt = null;
    expect(thrown.code).toBe("hosting/forbidden");
    expect(thrown.remedy).toContain("suspension");
  });
});

describe("trying again", () => {
  it("P34 repeats what a server's error or a hang-up swallowed, and gives up after three", async () => {
    fault({ status: 502 });
    fault("hang up");
    const { api, charges } = job(client());
    expect(await api.get(REPOSITORY, {}, Named)).toEqual({ full_name: "acme/agent" });
    expect(charges.requests).toBe(4);
    fault("hang up", 3);
    const thrown = await faultOf(api.get("/repos/{owner}/{repo}/git/ref/{ref}", { ref: "heads/main" }, z.unknown()));
    expect([thrown.code, thrown.status]).toEqual(["hosting/unavailable", null]);
  });

  it("P34 does not repeat a POST that may have been done", async () => {
    fault({ status: 502 });
    const write = job(client()).api.write("POST /repos/{owner}/{repo}/check-runs", CHECK, z.unknown());
    expect((await faultOf(write)).code).toBe("hosting/unavailable");
    expect(scene.github.faults[0]?.times).toBe(0);
    expect(REQUESTS().filter((row) => row.includes("check-runs"))).toEqual([]);
  });

  it.each([
    ["retry-after", { status: 429, headers: { "retry-after": "7" } }, 7_000],
    ["a pause of no length", { status: 429, headers: { "retry-after": "0" } }, 1_000],
    [
      "the secondary limit",
      { status: 403, body: { message: "You have exceeded a secondary rate limit. Please wait" } },
      60_000,
    ],
  ] as const)("P34 waits as long as GitHub says: %s", async (_, answer, pause) => {
    fault(answer);
    await job(client()).api.get(REPOSITORY, {}, Named);
    expect(clock.slept).toEqual([pause]);
  });

  it("P34 does not wait longer than anybody should, says when to come back, and asks nothing until then", async () => {
    const own = client();
    const reset = Math.ceil(clock.now() / 1000) + 1800;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
    fault({ status: 403, headers, body: { message: "API rate limit exceeded" } });
    const thrown = await faultOf(job(own).api.get(REPOSITORY, {}, Named));
    expect([thrown.code, thrown.retryAt]).toEqual(["hosting/rate-limited", new Date(reset * 1000).toISOString()]);
    scene.github.recorded.length = 0;
    expect((await faultOf(job(own).api.get(REPOSITORY, {}, Named))).code).toBe("hosting/rate-limited");
    expect(REQUESTS()).toEqual([]);
    await clock.sleep(1_800_000, new AbortController().signal);
    await job(own).api.get(REPOSITORY, {}, Named);
  });

  it("ends with the job, even in the middle of a wait", async () => {
    const control = new AbortController();
    const slow = client({ clock: systemClock });
    fault({ status: 429, headers: { "retry-after": "30" } });
    setTimeout(() => control.abort(new Error("the job is over")), 300);
    await expect(job(slow, { signal: control.signal }).api.get(REPOSITORY, {}, Named)).rejects.toThrow(
      "the job is over",
    );
    await expect(job(slow, { signal: control.signal }).api.get(REPOSITORY, {}, Named)).rejects.toThrow(
      "the job is over",
    );
  });

  it("takes an answer that does not come for none", async () => {
    const own = client({ timeout: 80 });
    await job(own).api.get(REPOSITORY, {}, Named);
    scene.github.latency = 400;
    const thrown = await faultOf(job(own).api.get(REPOSITORY, {}, Named)).finally(() => {
      scene.github.latency = 0;
    });
    expect(thrown.code).toBe("hosting/unavailable");
  });
});

describe("answers that are not as described", () => {
  it.each([
    ["no JSON", "hosting/unexpected", { status: 200, body: "<html>" }],
    ["a missing field", "hosting/unexpected", { status: 200, body: { name: 1 } }],
    ["an archived repository", "hosting/forbidden", { status: 403, body: { message: "Repository was archived" } }],
    ["a refusal", "hosting/refused", { status: 422, body: { message: "Validation Failed", errors: [{ code: "x" }] } }],
  ] as const)("%s", async (_, code, answer) => {
    fault(answer);
    expect((await faultOf(job(client()).api.get(REPOSITORY, {}, Named))).code).toBe(code);
  });

  it("names the permission that is missing where GitHub does", async () => {
    const headers = { "x-accepted-github-permissions": "checks=write" };
    fault({ status: 403, headers, body: { message: "Resource not accessible by integration" } });
    const thrown = await faultOf(job(client()).api.get(REPOSITORY, {}, Named));
    expect(thrown.remedy).toContain("checks=write");
  });

  it("errors of GraphQL, which come with status 200", async () => {
    const { api } = job(client());
    const query = "query One($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }";
    const errors = (type: string | undefined, message: string) => ({
      status: 200,
      body: { errors: [{ type, message }] },
    });
    for (const [code, type, message, times] of [
      ["hosting/not-found", "NOT_FOUND", "Could not resolve", 1],
      ["hosting/forbidden", "FORBIDDEN", "Resource not accessible", 1],
      ["hosting/rate-limited", "RATE_LIMITED", "API rate limit exceeded", 1],
      ["hosting/refused", undefined, "Field 'x' doesn't exist", 1],
      ["hosting/unavailable", undefined, "Something went wrong while executing your query. token 0123456789abcdef", 2],
    ] as const) {
      fault(errors(type, message), times);
      expect((await faultOf(api.graphql(query, {}, z.unknown()))).code).toBe(code);
      expect(scene.github.faults.at(-1)?.times).toBe(0);
    }
    fault(errors(undefined, "Something went wrong"), 1);
    expect(await api.graphql(query, {}, z.object({ repository: z.object({ id: z.string() }) }))).toBeTruthy();
  });

  it("P40 an answer's text is told without what could be a secret, on one line", () => {
    const parts = ["ghs", "_", "a".repeat(20)].join("");
    expect(redacted(`bad ${parts}\n\u001b[31mtoken ${"b".repeat(30)} eyJ${"c".repeat(20)}.${"d".repeat(5)}.e`)).toBe(
      "bad [redacted] [31mtoken [redacted] [redacted]",
    );
    expect(redacted("x".repeat(9_000)).length).toBe(300);
  });
});

describe("P38 an Enterprise Server", () => {
  it("is asked below its own address, and GraphQL beside it", async () => {
    const own = client({ baseUrl: `${scene.github.url}/api/v3/` });
    scene.github.faults.push(
      ...(["/api/v3/app/installations", "/api/v3/repos/acme/agent", "/api/graphql"] as const).map((start, index) => ({
        matches: (_: string, path: string) => path.startsWith(start),
        times: 1,
        answer: {
          status: 200,
          body: [
            { token: "a token", expires_at: new Date(Date.now() + 3_600_000).toISOString() },
            { full_name: "acme/agent" },
            { data: { a: 1 } },
          ][index],
        },
      })),
    );
    const { api } = job(own);
    expect(await api.get(REPOSITORY, {}, Named)).toEqual({ full_name: "acme/agent" });
    expect(await api.graphql("query { a }", {}, z.object({ a: z.int() }))).toEqual({ a: 1 });
  });
});

describe("S22 the limit of content writes", () => {
  it("lets 80 a minute and 500 an hour through, for each installation by itself", async () => {
    const limit = writeLimit(clock, 3_600_000);
    const { signal } = new AbortController();
    const start = clock.now();
    const times: number[] = [];
    for (let write = 0; write < 600; write += 1) {
      await limit.take(1, signal);
      times.push(clock.now() - start);
    }
    const most = (window: number) =>
      Math.max(...times.map((at) => times.filter((t) => t > at - window && t <= at).length));
    expect(most(60_000)).toBe(80);
    expect(most(3_600_000)).toBe(500);
    const now = clock.now();
    await limit.take(2, signal);
    expect(clock.now()).toBe(now);
  });

  it("tells each that has to wait long a moment of its own", async () => {
    const limit = writeLimit(clock, 0);
    const { signal } = new AbortController();
    for (let write = 0; write < 80; write += 1) {
      await limit.take(1, signal);
      await clock.sleep(100, signal);
    }
    const told = async () => Date.parse((await faultOf(limit.take(1, signal))).retryAt ?? "");
    const first = await told();
    expect([await told(), await told()]).toEqual([first + 100, first + 200]);
    await clock.sleep(first - clock.now(), signal);
    await limit.take(1, signal);
    expect(await told()).toBe(first + 300);
  });

  it("keeps nothing from being taken back, however much was written", async () => {
    const limit = writeLimit(clock, 60_000);
    const { signal } = new AbortController();
    const burn = async () => {
      for (;;) await limit.take(1, signal);
    };
    expect((await faultOf(burn())).code).toBe("hosting/rate-limited");
    const now = clock.now();
    for (let write = 0; write < 80; write += 1) await limit.take(1, signal, true);
    expect(clock.now()).toBe(now);
    // Beyond what GitHub takes of them alone, they wait for each other.
    await limit.take(1, signal, true);
    expect(clock.now()).toBe(now + 60_000);
    expect((await faultOf(limit.take(1, signal))).code).toBe("hosting/rate-limited");
  });

  it("is a fault that says when, where the wait is too long; and ends with the job", async () => {
    const limit = writeLimit(clock, 60_000);
    const { signal } = new AbortController();
    const all = async () => {
      for (;;) await limit.take(1, signal);
    };
    const thrown = await faultOf(all());
    expect([thrown.code, Date.parse(thrown.retryAt ?? "") > clock.now()]).toEqual(["hosting/rate-limited", true]);
    await expect(writeLimit(systemClock, 0).take(1, signal)).resolves.toBeUndefined();
    const patient = writeLimit(systemClock, 120_000);
    const control = new AbortController();
    for (let write = 0; write < 80; write += 1) await patient.take(1, control.signal);
    setTimeout(() => control.abort(new Error("over")), 20);
    await expect(patient.take(1, control.signal)).rejects.toThrow("over");
  });
});

describe("what is kept", () => {
  it("never weighs more than it may, and what was used last stays longest", () => {
    const cache = boundedCache<number>(100);
    for (let key = 0; key < 1_000; key += 1) {
      cache.set(`${key}`, key, (key * 7) % 23);
      cache.get("0");
      expect(cache.weight).toBeLessThanOrEqual(100);
    }
    expect([cache.get("0"), cache.get("1"), cache.get("999")]).toEqual([0, undefined, 999]);
    cache.set("large", 1, 26);
    expect(cache.get("large")).toBeUndefined();
    cache.delete("999");
    cache.set("0", 5, 3);
    expect([cache.get("999"), cache.get("0")]).toEqual([undefined, 5]);
  });
});
