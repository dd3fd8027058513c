/** One side of the bench: posts signed payloads over keep-alive connections and tells how long each answer took. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import examples from "@octokit/webhooks-examples" with { type: "json" };

/** What a round of requests came to. */
export interface Load {
  /** Requests answered 202 or 200, in a second. */
  readonly throughput: number;
  /** The time that 99 of 100 answers stayed below, in milliseconds. */
  readonly p99: number;
}

const CONNECTIONS = 32;

/** A push to a pull request as GitHub sends it, of some 21 kB, each with a head of its own. */
export function payloads(count: number): readonly string[] {
  const definitions = examples as unknown as readonly { name: string; examples: Record<string, unknown>[] }[];
  const { examples: pulls = [] } = definitions.find(({ name }) => name === "pull_request") ?? {};
  const pushed = pulls.find(({ action }) => action === "synchronize") as Record<string, unknown>;
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      ...pushed,
      installation: { id: 1 },
      number: at,
      after: createHmac("sha1", "head").update(String(at)).digest("hex"),
      pull_request: { ...(pushed.pull_request as object), number: at, body: "" },
    }),
  );
}

/** Posts every payload once, 32 at a time, by a client so plain that the servers are what is measured. */
export async function load(url: string, secret: string, bodies: readonly string[]): Promise<Load> {
  const { hostname, port, pathname } = new URL(url);
  const requests = bodies.map((body) => requestOf(pathname, secret, body));
  const times: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    const socket = connect(Number(port), hostname).setNoDelay();
    await once(socket, "connect");
    for (let at = next++; at < requests.length; at = next++) {
      const started = performance.now();
      const status = await exchanged(socket, requests[at] as Buffer);
      times.push(performance.now() - started);
      if (status !== "200" && status !== "202") throw new Error(`${url} answered ${status}`);
    }
    socket.destroy();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  return { throughput: bodies.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
}

function requestOf(path: string, secret: string, body: string): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-GitHub-Event: pull_request",
    `X-GitHub-Delivery: ${guid()}`,
    `X-Hub-Signature-256: sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Sends one request and gives the status when its answer has come whole. */
function exchanged(socket: Socket, request: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const lost = (): void => reject(new Error("the connection was closed"));
    const take = (chunk: Buffer): void => {
      answer += chunk.toString("latin1");
      const end = answer.indexOf("\r\n\r\n");
      const [, length = "0"] = /content-length: (\d+)/i.exec(answer) ?? [];
      const whole = answer.includes("chunked")
        ? answer.endsWith("0\r\n\r\n")
        : answer.length >= end + 4 + Number(length);
      if (end < 0 || !whole) return;
      socket.off("data", take).off("close", lost);
      resolve(answer.slice(9, 12));
    };
    socket.on("data", take).once("close", lost);
    socket.write(request);
  });
}

let ticks = BigInt(Date.now()) * 10_000n;

/** A GUID of GitHub's kind: version 1, which begins with the time in steps of 100 ns; a delivery every 0.2 ms here. */
function guid(): string {
  ticks += 2_000n;
  const time = ticks.toString(16).padStart(15, "0");
  return `${time.slice(-8)}-${time.slice(-12, -8)}-1${time.slice(-15, -12)}-81ab-4c9367dc0958`;
}
