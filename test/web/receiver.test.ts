import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OLD_SECRET, SECRET, type ServiceScene, serviceScene, signature } from "./service-scene.ts";

let scene: ServiceScene;
const sockets: Socket[] = [];
beforeEach(async () => {
  scene = await serviceScene();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await scene.close();
});

const opened = {
  action: "opened",
  installation: { id: 9 },
  repository: { id: 7, name: "agent", owner: { login: "acme" } },
  sender: { login: "olga", id: 1, type: "User" },
  pull_request: {
    number: 1,
    updated_at: "2026-11-25T10:00:00Z",
    user: { login: "olga", id: 1, type: "User" },
    head: { sha: "a".repeat(40) },
    base: { ref: "main" },
  },
};
const PUSH = `push/7/1//${"a".repeat(40)}/olga`;

const answerOf = async (response: Response) => [response.status, ((await response.json()) as { error?: string }).error];

describe("P42 signatures", () => {
  it("any of the secrets may have signed", async () => {
    expect((await scene.deliver("pull_request", opened)).status).toBe(202);
    expect((await scene.deliver("pull_request", opened, randomUUID(), OLD_SECRET)).status).toBe(202);
  });

  it.each([
    ["a stranger's secret", signature(JSON.stringify(opened), "somebody else's secret")],
    ["none", null],
    ["an empty one", ""],
    ["another body's", signature("{}")],
    ["upper case", signature(JSON.stringify(opened)).toUpperCase()],
    ["one character less", signature(JSON.stringify(opened)).slice(0, -1)],
    ["two in one header", `${signature(JSON.stringify(opened))}, ${signature("{}")}`],
    ["SHA-1", `sha1=${"0".repeat(40)}`],
    ["no bytes of a digest", `sha256=${"é".repeat(32)}`.normalize("NFC").replace(/[^\x20-\x7e]/g, "z")],
  ])("%s: 401, and nothing is stored", async (_, header) => {
    const response = await scene.post(JSON.stringify(opened), {
      "x-github-event": "pull_request",
      "x-hub-signature-256": header,
    });
    expect(response.status).toBe(401);
    expect(await scene.settled()).toEqual([]);
  });

  it("is taken over the bytes that came, not over what they mean", async () => {
    const spaced = JSON.stringify(opened, null, 2);
    const headers = { "x-github-event": "pull_request", "x-hub-signature-256": signature(JSON.stringify(opened)) };
    expect((await scene.post(spaced, headers)).status).toBe(401);
    expect((await scene.post(spaced, { ...headers, "x-hub-signature-256": signature(spaced) })).status).toBe(202);
  });
});

describe("what is received", () => {
  it("a form as GitHub sends it", async () => {
    const body = new URLSearchParams({ payload: JSON.stringify(opened) }).toString();
    const response = await scene.post(body, {
      "content-type": "application/x-www-form-urlencoded",
      "x-github-event": "pull_request",
    });
    expect(response.status).toBe(202);
    expect(await scene.settled()).toEqual([PUSH]);
  });

  it.each([
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json; charset=utf-16",
    "",
  ])("content type %j: 415", async (type) => {
    expect((await scene.post("{}", { "content-type": type })).status).toBe(415);
  });

  it("compressed bodies: 415", async () => {
    expect((await scene.post("{}", { "content-encoding": "gzip" })).status).toBe(415);
  });

  it.each(["{", "[]", "null", "7", '"text"', "{}{}", "\u0000", "﻿{}"])(
    "payload %j: 400 with a sentence",
    async (body) => {
      expect(await answerOf(await scene.post(body))).toEqual([400, "the payload is not a JSON object"]);
    },
  );

  it("no body: 400; it can have no signature", async () => {
    expect(await answerOf(await scene.post(""))).toEqual([400, "the body is empty"]);
  });

  it("a form without payload: 400", async () => {
    const response = await scene.post("body={}", { "content-type": "application/x-www-form-urlencoded" });
    expect(response.status).toBe(400);
  });

  it.each([
    ["x-github-delivery", null],
    ["x-github-delivery", "../../etc"],
    ["x-github-delivery", `${randomUUID()}, ${randomUUID()}`],
    ["x-github-delivery", "x".repeat(101)],
    ["x-github-event", null],
    ["x-github-event", "pull_request, push"],
    ["x-github-event", "Pull Request"],
  ])("%s %j: 400", async (name, value) => {
    expect((await scene.post("{}", { [name]: value })).status).toBe(400);
  });

  it.each(["constructor", "__proto__", "to_string", "error", "never_heard_of_it", "star"])(
    "event %s: accepted and ignored",
    async (name) => {
      const response = await scene.deliver(name, { ...opened, action: "__proto__" });
      expect([response.status, await response.text()]).toEqual([202, '{"accepted":true}']);
      expect(await scene.settled()).toEqual([]);
    },
  );

  it("a payload that lacks what its event always has: accepted, ignored, and logged without its content", async () => {
    const response = await scene.deliver("pull_request", { ...opened, pull_request: { body: "a private matter" } });
    expect(response.status).toBe(202);
    expect(await scene.settled()).toEqual([]);
    expect(scene.logged.find(({ places }) => String(places).includes("pull_request.number"))).toBeDefined();
    expect(JSON.stringify(scene.logged)).not.toContain("private matter");
  });
});

describe("P31 deliveries", () => {
  it("are on disk when they are acknowledged, and count once", async () => {
    const guid = randomUUID();
    expect((await scene.deliver("pull_request", opened, guid)).status).toBe(202);
    expect(await scene.settled()).toEqual([PUSH]);
    expect((await scene.deliver("pull_request", opened, guid)).status).toBe(202);
    expect(await scene.settled()).toEqual([PUSH]);
  });

  it("a GUID that a forged delivery used is not lost for the real one", async () => {
    const guid = randomUUID();
    expect((await scene.deliver("pull_request", opened, guid, "somebody else's secret")).status).toBe(401);
    expect((await scene.deliver("pull_request", opened, guid)).status).toBe(202);
    expect(await scene.settled()).toEqual([PUSH]);
  });

  it("that cannot be stored are not acknowledged, and the answer and the log hold nothing of them", async () => {
    const failing = await serviceScene({
      queue: (queue) => ({
        ...queue,
        accept: async () => {
          throw new Error("disk full at /secret/place");
        },
      }),
    });
    try {
      const response = await failing.deliver("pull_request", { ...opened, note: "a private matter" });
      const text = await response.text();
      expect(response.status).toBe(503);
      expect(text).not.toContain("secret/place");
      const lines = JSON.stringify(failing.logged);
      expect(lines).toContain("disk full");
      expect(lines).not.toContain("private matter");
    } finally {
      await failing.close();
    }
  });
});

describe("everything else", () => {
  it.each([
    ["GET", "/"],
    ["GET", "/probot"],
    ["GET", "/probot/setup"],
    ["GET", "/probot/import"],
    ["POST", "/probot/import"],
    ["GET", "/ping"],
    ["GET", "/webhook"],
    ["PUT", "/webhook"],
    ["POST", "/api/github/webhooks"],
    ["POST", "/webhook/"],
    ["GET", "/webhook/../healthz/.."],
  ])("P42 %s %s: 404; Probot's own routes are off", async (method, path) => {
    const response = await fetch(`${scene.service.url}${path}`, { method });
    expect([response.status, await response.json()]).toEqual([404, { error: "not found" }]);
  });

  it("health and readiness are told", async () => {
    const health = await fetch(`${scene.service.url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    const ready = await fetch(`${scene.service.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: "ready", dead: 0, waiting: {} }]);
  });
});

/** Waits until a socket takes more, or none any more. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      socket.off("drain", go).off("close", go);
      resolve();
    };
    socket.on("drain", go).on("close", go);
  });
}

/** Sends raw bytes and gives what came back until the connection closed. */
function raw(...parts: readonly (string | Buffer)[]): Promise<{ answer: string; sent: number }> {
  const { hostname, port } = new URL(scene.service.url);
  return new Promise((resolve) => {
    let answer = "";
    let sent = 0;
    const socket = connect(Number(port), hostname, async () => {
      for (const part of parts) {
        if (socket.destroyed || answer !== "") break;
        sent += part.length;
        if (!socket.write(part)) await drained(socket);
      }
    });
    sockets.push(socket);
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve({ answer, sent }));
  });
}

const head = (...lines: string[]) =>
  [
    "POST /webhook HTTP/1.1",
    "Host: x",
    "Content-Type: application/json",
    "X-GitHub-Event: pull_request",
    `X-GitHub-Delivery: ${randomUUID()}`,
    `X-Hub-Signature-256: sha256=${"0".repeat(64)}`,
    ...lines,
    "",
    "",
  ].join("\r\n");
const MEGABYTE = Buffer.alloc(1 << 20, 32);

describe("P42 bodies that nobody asked for", () => {
  it("26 MB that announce themselves are refused before the first byte", async () => {
    const { answer, sent } = await raw(head(`Content-Length: ${26 << 20}`, "Expect: 100-continue"));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).not.toContain("100 Continue");
    expect(sent).toBeLessThan(1000);
  });

  it("26 MB in chunks are refused at the cap", async () => {
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), MEGABYTE, Buffer.from("\r\n")]);
    const { answer } = await raw(head("Transfer-Encoding: chunked"), ...Array<Buffer>(60).fill(chunk));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("a client that asks first is told to go on", async () => {
    const { answer } = await raw(head("Content-Length: 2", "Expect: 100-continue", "Connection: close"), "{}");
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
  });

  it("many at once cannot fill the memory", async () => {
    const before = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => {
      const { rss, external } = process.memoryUsage();
      most = Math.max(most, Math.min(rss - before.rss, external - before.external));
    }, 5);
    // None of them sends its last megabyte, so that only five find room at once, and all others are refused.
    const answers: string[] = [];
    const body = Array<Buffer>(24).fill(MEGABYTE);
    for (let upload = 0; upload < 16; upload++)
      raw(head(`Content-Length: ${25 << 20}`), ...body).then(({ answer }) => answers.push(answer));
    await vi.waitFor(() => expect(answers).toHaveLength(11), 9_000);
    clearInterval(watch);
    // Whoever still sends when the refusal comes may see no more than the reset.
    for (const answer of answers) expect(answer === "" ? "reset" : answer).toMatch(/^(HTTP\/1\.1 503 |reset)/);
    expect((await raw(head(`Content-Length: ${25 << 20}`))).answer).toMatch(/^HTTP\/1\.1 503 /);
    // Uncapped, the bodies alone are 384 MB; what is held also counts what this test sends.
    expect(most).toBeLessThan(320 << 20);
    expect((await scene.deliver("pull_request", opened)).status).toBe(202);
  });

  it("a length that is no number, or two of them, is no request", async () => {
    expect((await raw(head("Content-Length: 2", "Content-Length: 3"), "{}")).answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await raw(head("Content-Length: 2", "Transfer-Encoding: chunked"), "{}")).answer).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect((await raw(head(`X-Long: ${"x".repeat(40_000)}`))).answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("a body that does not come is waited for no longer than GitHub would wait", async () => {
    const started = performance.now();
    const { answer } = await raw(head("Content-Length: 100"), "{");
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - started).toBeLessThan(13_000);
    expect(performance.now() - started).toBeGreaterThan(8_000);
  });
});

describe("P40 secrets", () => {
  it("stand in no answer and no line of the log", async () => {
    await scene.post("{", {});
    await scene.deliver("pull_request", opened);
    const lines = JSON.stringify(scene.logged);
    for (const secret of [SECRET, OLD_SECRET]) expect(lines).not.toContain(secret);
  });
});
