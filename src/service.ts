import { countersign, probotOf } from "./app.ts";
import type { KnownHeads } from "./enforcement/work-of-event.ts";
import type { Settings } from "./environment.ts";
import { WEBHOOK_EVENTS } from "./github/webhook-event.ts";
import type { Work, WorkQueue } from "./queues/queue.ts";
import type { Log } from "./web/log.ts";
import { webhookReceiver } from "./web/receiver.ts";
import { listen } from "./web/server.ts";

/** What a running App is made of. */
export interface ServiceParts {
  readonly settings: Pick<Settings, "appId" | "privateKey" | "webhookSecrets" | "webhookPath" | "host" | "port">;
  readonly queue: WorkQueue;
  readonly known: KnownHeads;
  /** Is told which installation was granted more than it had. */
  renew(installation: number): void;
  readonly runJob: (work: Work, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** A running App. */
export interface Service {
  /** Where it listens. */
  readonly url: string;
  /** Waits until no work is due. */
  idle(): Promise<void>;
  /** Takes nothing more, ends what is under way, and leaves the rest in the queue. */
  stop(): Promise<void>;
}

/** How long answers that are under way are waited for at the end, in milliseconds. */
const PATIENCE = 5_000;

/** Receives webhooks and works off what they cause, until stopped. */
export async function startService({ settings, queue, known, renew, runJob, log }: ServiceParts): Promise<Service> {
  const { appId, privateKey, webhookSecrets, webhookPath, host, port } = settings;
  const probot = await probotOf({ appId, privateKey, secret: webhookSecrets[0] ?? "", log });
  await probot.load(countersign({ appId, queue, known, renew }));
  const webhook = webhookReceiver({
    secrets: webhookSecrets,
    events: new Set(WEBHOOK_EVENTS),
    accept: (delivery) => probot.webhooks.receive(delivery as Parameters<typeof probot.webhooks.receive>[0]),
    log,
  });
  let stopping = false;
  const readiness = async () => {
    const dead = (await queue.dead()).length;
    return { problems: stopping ? ["stopping"] : [], ...(await queue.depth()), dead };
  };
  const listening = await listen({ host, port, webhookPath, webhook, readiness, log });
  const running = queue.run((work, signal) => logged(log, work, () => runJob(work, signal)));
  log.info({ url: listening.url, webhook: webhookPath }, "listening");
  return {
    url: listening.url,
    idle: () => running.idle(),
    async stop() {
      stopping = true;
      await listening.stop(PATIENCE);
      await running.stop();
      log.info("stopped");
    },
  };
}

/** One line for each work: what, how long, and why it failed. */
async function logged(log: Log, { key, kind, payload }: Work, run: () => Promise<void>): Promise<void> {
  const started = performance.now();
  const reason = (payload as { reason?: unknown } | null)?.reason;
  const line = () => ({ key, kind, reason, milliseconds: Math.round(performance.now() - started) });
  try {
    await run();
    log.info(line(), "work done");
  } catch (fault) {
    log.warn({ ...line(), err: fault }, "work failed; it is tried again later");
    throw fault;
  }
}
