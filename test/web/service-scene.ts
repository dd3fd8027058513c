import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedQueue } from "../../src/queues/embedded.ts";
import { MIGRATIONS } from "../../src/queues/embedded-database.ts";
import type { Work, WorkQueue } from "../../src/queues/queue.ts";
import { type Service, startService } from "../../src/service.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { sqliteStore } from "../../src/stores/sqlite-store.ts";
import type { Store, StoredHead } from "../../src/stores/store.ts";
import { jsonLog } from "../../src/web/log.ts";

/** The App's number in the scene. */
const APP_ID = 4711;
/** Made here, so that no text of the project looks like a secret. */
export const SECRET = `now-${"x".repeat(24)}`;
/** The one that is being replaced. */
export const OLD_SECRET = `old-${"y".repeat(24)}`;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
/** A key that no App has. */
export const PRIVATE_KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A running service on a database of its own, whose jobs only note what they were told. */
export interface ServiceScene {
  readonly service: Service;
  readonly store: Store;
  readonly queue: WorkQueue;
  readonly done: Work[];
  readonly logged: Record<string, unknown>[];
  /** Posts a body as it is; headers that are null are left out. */
  post(body: string | Uint8Array, headers?: Readonly<Record<string, string | null>>): Promise<Response>;
  /** Posts a payload as GitHub would. */
  deliver(event: string, payload: unknown, guid?: string, secret?: string): Promise<Response>;
  /** Everything that was done, by key, once nothing is left to do. */
  settled(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What the scene may be told. */
export interface SceneOptions {
  readonly level?: "debug" | "warn";
  /** Stands between the service and its queue. */
  readonly queue?: (queue: WorkQueue) => WorkQueue;
}

/** Starts a service on a free port. */
export async function serviceScene(options: SceneOptions = {}): Promise<ServiceScene> {
  const directory = mkdtempSync(join(tmpdir(), "countersign-web-"));
  const database = openDatabase(join(directory, "countersign.db"), MIGRATIONS);
  const store = sqliteStore(database);
  const real = embeddedQueue(database);
  const queue = options.queue?.(real) ?? real;
  const done: Work[] = [];
  const logged: Record<string, unknown>[] = [];
  const log = jsonLog(options.level ?? "debug", { write: (line) => logged.push(JSON.parse(line)) });
  const service = await startService({
    settings: {
      appId: APP_ID,
      privateKey: PRIVATE_KEY,
      webhookSecrets: [SECRET, OLD_SECRET],
      webhookPath: "/webhook",
      host: "127.0.0.1",
      port: 0,
    },
    queue,
    known: store,
    renew: () => {},
    runJob: async (work) => void done.push(work),
    log,
  });
  const post: ServiceScene["post"] = (body, headers = {}) => {
    const all = {
      "content-type": "application/json",
      "x-github-delivery": randomUUID(),
      "x-github-event": "ping",
      "x-hub-signature-256": signature(body),
      ...headers,
    };
    const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null);
    return fetch(`${service.url}/webhook`, {
      method: "POST",
      headers: sent,
      body: typeof body === "string" ? body : new Blob([new Uint8Array(body)]),
    });
  };
  return {
    service,
    store,
    queue,
    done,
    logged,
    post,
    deliver(event, payload, guid = randomUUID(), secret = SECRET) {
      const body = JSON.stringify(payload);
      const headers = { "x-github-event": event, "x-github-delivery": guid };
      return post(body, { ...headers, "x-hub-signature-256": signature(body, secret) });
    },
    async settled() {
      await service.idle();
      return done.map(({ key }) => key);
    },
    async close() {
      await service.stop();
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Signs as GitHub does. */
export function signature(body: string | Uint8Array, secret: string = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** A pull request as the store remembers it. */
export function storedHead(more: Partial<StoredHead> = {}): StoredHead {
  return {
    installation: 9,
    repository: 7,
    owner: "acme",
    name: "agent",
    pullRequest: 1,
    head: "a".repeat(40),
    baseRef: "main",
    open: true,
    depends: { governed: true, checks: [], teams: [] },
    ...more,
  };
}
