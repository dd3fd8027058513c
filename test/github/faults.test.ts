import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultKind } from "./faults.ts";
import { type Scenery, scenery } from "./scenery.ts";

let s: Scenery;

beforeEach(async () => {
  s = await scenery();
});
afterEach(() => s.close());

const AGENT = "/repos/acme/agent";

async function raw(path: string, init: RequestInit = {}) {
  const response = await fetch(`${s.github.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${s.github.world.user("anna").token}` },
  });
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

describe("a fault of a request", () => {
  it("meets the requests it is meant for, after others and as often as asked", async () => {
    const fault = s.github.faults.next({
      route: "GET /repos/{owner}/{name}",
      fault: { status: 500 },
      after: 1,
      times: 2,
    });
    expect((await raw(`${AGENT}/branches`)).status).toBe(200);
    const statuses: number[] = [];
    for (let times = 0; times < 4; times += 1) statuses.push((await raw(AGENT)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect(fault.met).toBe(2);
  });

  it.each<[string, FaultKind, number, string, RegExp]>([
    ["a server's error", { status: 500 }, 500, "content-type", /^\{"message":"Server Error"/],
    ["a proxy's page", { status: 502 }, 502, "content-type", /^<!DOCTYPE html>/],
    ["a secondary limit", { secondaryLimit: 7 }, 403, "retry-after", /exceeded a secondary rate limit/],
    ["too many requests", { tooMany: 7 }, 429, "retry-after", /secondary rate limit/],
    ["a limit that is used up", { exhausted: 60 }, 403, "x-ratelimit-remaining", /API rate limit exceeded/],
    ["a body that is no JSON", "no json", 200, "content-type", /^\{"id": 1, "na$/],
    ["a body that is another", "wrong json", 200, "content-type", /^\{"ok":"yes"\}$/],
  ])("is %s", async (_, fault, status, header, body) => {
    s.github.faults.next({ fault });
    const answer = await raw(AGENT);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    const expected: Record<string, RegExp> = {
      "retry-after": /^7$/,
      "x-ratelimit-remaining": /^0$/,
      "content-type": status === 502 ? /^text\/html/ : /^application\/json/,
    };
    expect(answer.headers.get(header)).toMatch(expected[header] ?? /^$/);
    expect((await raw(AGENT)).status).toBe(200);
  });

  it("breaks the connection, before or in the middle of the answer", async () => {
    s.github.faults.next({ fault: "reset" });
    await expect(raw(AGENT)).rejects.toThrow("fetch failed");
    s.github.faults.next({ fault: "truncated", done: true });
    await expect(raw(AGENT)).rejects.toThrow("terminated");
    expect((await raw(AGENT)).status).toBe(200);
  });

  it("takes its time and answers all the same", async () => {
    s.github.faults.next({ fault: { slow: 300 } });
    const from = performance.now();
    expect((await raw(AGENT)).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThan(290);
  });

  it("lets GitHub do what was asked, or not, when the answer to a write is lost", async () => {
    const comment = () => raw(`${AGENT}/issues/1/comments`, { method: "POST", body: '{"body":"hello"}' });
    const pull = await s.open("feature", "anna");
    const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
    s.github.faults.next({ route, fault: "reset" });
    await expect(comment()).rejects.toThrow();
    expect(pull.issue.comments).toEqual([]);
    s.github.faults.next({ route, fault: { status: 502 }, done: true });
    expect((await comment()).status).toBe(502);
    expect(pull.issue.comments).toHaveLength(1);
    expect(s.webhooks("issue_comment")).toHaveLength(1);
  });

  it("leaves out parts of what GraphQL answers, or says that the limit is used up", async () => {
    const query = `query Named { repository(owner: "acme", name: "agent") { name pullRequests(first: 1) { totalCount } } }`;
    s.github.faults.next({ operation: "Other", fault: { status: 500 } });
    s.github.faults.next({ operation: "Named", fault: { partial: ["repository.pullRequests"] } });
    const partial = await s.graphql("anna", query);
    expect(partial.json).toMatchObject({
      data: { repository: { name: "agent", pullRequests: null } },
      errors: [{ path: ["repository", "pullRequests"] }],
    });
    s.github.faults.next({ operation: "Named", fault: { exhausted: 60 } });
    const { status, json } = await s.graphql("anna", query);
    expect([status, json.errors[0].type, json.data]).toEqual([200, "RATE_LIMITED", undefined]);
    expect((await s.graphql("anna", query)).json.data.repository.pullRequests.totalCount).toBe(0);
  });
});

describe("a fault of webhooks", () => {
  let received: string[];
  let ear: ReturnType<typeof createServer>;
  beforeEach(async () => {
    received = [];
    ear = createServer((request, response) => {
      request.resume().on("end", () => {
        received.push(`${request.headers["x-github-event"]} ${request.headers["x-github-delivery"]}`);
        response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => ear.listen(0, "127.0.0.1", resolve));
    s.app.webhook = { url: `http://127.0.0.1:${(ear.address() as AddressInfo).port}/`, secret: "s3" };
    s.app.events = ["create", "push"];
  });
  afterEach(() => new Promise((resolve) => ear.close(resolve)));

  async function pushed(branch: string): Promise<string[]> {
    s.act.push(s.repository, branch, { [`${branch}.txt`]: "1" });
    await s.github.deliveries.settled();
    return received.splice(0).map((one) => one.split(" ")[0] ?? "");
  }

  it("forgets one, and lists it nowhere", async () => {
    const { met } = s.github.deliveries.disturb({ event: "push", fate: "unsent" });
    expect([await pushed("one"), met.length, s.webhooks("push")]).toEqual([["create"], 1, []]);
  });

  it("P33 loses one that is listed as failed and can be asked for again", async () => {
    s.github.deliveries.disturb({ event: "push", fate: "lost" });
    expect(await pushed("one")).toEqual(["create"]);
    const { json } = await s.ask("app", "GET", "/app/hook/deliveries");
    expect(json[0]).toMatchObject({ event: "push", status_code: 0, status: "Failed" });
    expect((await s.ask("app", "POST", `/app/hook/deliveries/${json[0].id}/attempts`)).status).toBe(202);
    await s.github.deliveries.settled();
    expect(received).toEqual([`push ${json[0].guid}`]);
    expect(s.unlike()).toEqual([]);
  });

  it("P32 sends one twice under one GUID, late, or after the next", async () => {
    s.github.deliveries.disturb({ event: "push", fate: "twice" });
    s.act.push(s.repository, "one", { "1.txt": "1" });
    await s.github.deliveries.settled();
    const guids = received.splice(0).filter((one) => one.startsWith("push "));
    expect([guids.length, new Set(guids).size]).toEqual([2, 1]);
    s.github.deliveries.disturb({ event: "create", fate: "late" });
    expect(await pushed("two")).toEqual(["push"]);
    s.github.deliveries.deliverLate();
    await s.github.deliveries.settled();
    expect(received.splice(0).map((one) => one.split(" ")[0])).toEqual(["create"]);
    s.github.deliveries.disturb({ event: "create", fate: "swapped" });
    const order = s.github.deliveries;
    order.hold();
    s.act.push(s.repository, "three", { "3.txt": "1" });
    order.release((held) => held.slice(0, 1));
    await order.settled();
    expect(received.map((one) => one.split(" ")[0])).toEqual(["push"]);
  });
});
