/** One side of the bench: posts signed payloads over keep-alive connections and tells how long each answer took. */
import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
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

/** Posts every payload once, 32 at a time. */
export async function load(url: string, secret: string, bodies: readonly string[]): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const signed = bodies.map((body) => ({
    body,
    headers: {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "x-github-event": "pull_request",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
  }));
  const times: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < signed.length; at = next++) {
      const started = performance.now();
      const status = await post(url, agent, signed[at] as (typeof signed)[number]);
      times.push(performance.now() - started);
      if (status !== 200 && status !== 202) throw new Error(`${url} answered ${status}`);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { throughput: bodies.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
}

function post(url: string, agent: Agent, sent: { readonly body: string; readonly headers: Record<string, string> }) {
  return new Promise<number | undefined>((resolve, reject) => {
    const posting = request(url, { method: "POST", agent, headers: sent.headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    posting.on("error", reject);
    posting.end(sent.body);
  });
}
