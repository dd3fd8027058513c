import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "./log.ts";
import { reply } from "./reply.ts";

/** What the server answers. */
export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Where GitHub posts to, such as `/webhook`. */
  readonly webhookPath: string;
  readonly webhook: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** What waits and what is wrong; `problems` is empty where work can be taken. */
  readonly readiness: () => Promise<{ readonly problems: readonly string[]; readonly [figure: string]: unknown }>;
  readonly log: Log;
}

/** A server that listens. */
export interface Listening {
  readonly url: string;
  /** Takes no more connections, waits for answers under way, then closes what is left. */
  stop(patience: number): Promise<void>;
}

/** A request must arrive whole in this time, its headers sooner, in milliseconds; GitHub itself gives up after ten seconds. */
const TIMES = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 1_000,
};
const MOST_CONNECTIONS = 2_000;

/** Starts the one server of the program: webhooks and health, nothing else. */
export async function listen(options: ServerOptions, times: Partial<typeof TIMES> = {}): Promise<Listening> {
  const answer = routes(options);
  const server = createServer({ ...TIMES, ...times }, answer);
  // Without a listener Node would ask for every body before anybody looked at its headers.
  server.on("checkContinue", answer);
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    stop: (patience) => stopped(server, patience),
  };
}

function routes({ webhookPath, webhook, readiness, log }: ServerOptions): RequestListener {
  return (request, response) => {
    const route = `${request.method === "HEAD" ? "GET" : request.method} ${(request.url ?? "").split("?", 1)[0]}`;
    const failed = (error: unknown): void => {
      log.error({ err: error, route }, "a request failed");
      reply(response, 500, { error: "internal error" });
    };
    if (route === `POST ${webhookPath}`) {
      webhook(request, response).catch(failed);
    } else if (route === "GET /healthz") {
      reply(response, 200, { status: "ok" });
    } else if (route === "GET /readyz") {
      readiness()
        .then((state) => {
          const ready = state.problems.length === 0;
          reply(response, ready ? 200 : 503, { status: ready ? "ready" : "not ready", ...state });
        })
        .catch(failed);
    } else {
      reply(response, 404, { error: "not found" });
    }
  };
}

async function stopped(server: Server, patience: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearTimeout(timer);
}
