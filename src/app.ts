import { Octokit } from "@octokit/core";
import { Probot, type ProbotOctokit } from "probot";
import type { Instant } from "./core/scalars.ts";
import { type KnownHeads, workOfEvent } from "./enforcement/work-of-event.ts";
import { MalformedPayload, WEBHOOK_EVENTS, webhookEvent } from "./github/webhook-event.ts";
import type { WorkQueue } from "./queues/queue.ts";
import type { Log } from "./web/log.ts";

/** What the App's handlers need. */
export interface AppParts {
  readonly appId: number;
  readonly queue: Pick<WorkQueue, "accept">;
  readonly known: KnownHeads;
  /** Is told which installation was granted more than it had. */
  renew(installation: number): void;
}

/** The App: every event becomes work, stored with its delivery before the handler returns. */
export function countersign({ appId, queue, known, renew }: AppParts): (app: Probot) => void {
  return (app) => {
    app.on(WEBHOOK_EVENTS as Parameters<Probot["on"]>[0], async ({ id, name, payload, log }) => {
      const event = understood(name, payload, appId, log);
      if (event?.type === "granted") renew(event.installation);
      const work = event ? await workOfEvent(event, known) : [];
      if (work.length === 0) return;
      const receivedAt = new Date().toISOString() as Instant;
      const result = await queue.accept({ guid: id, event: name, receivedAt }, work);
      log.debug({ event: name, result, work: work.map(({ key }) => key) }, "delivery stored");
    });
  };
}

/** A payload that is not as GitHub describes it is no reason to fail: GitHub would only send the same again. */
function understood(name: string, payload: unknown, appId: number, log: Log) {
  try {
    return webhookEvent(name, payload, appId);
  } catch (fault) {
    if (!(fault instanceof MalformedPayload)) throw fault;
    log.warn({ event: name, places: fault.message }, "webhook ignored: its payload lacks what this event always has");
    return null;
  }
}

/** Who this App is. */
export interface ProbotSettings {
  readonly appId: number;
  readonly privateKey: string;
  readonly secret: string;
  readonly log: Log;
}

/** A Probot that dispatches events and logs, without its server: signatures, sizes and answers are the receiver's. */
export async function probotOf(settings: ProbotSettings): Promise<Probot> {
  const probot = new Probot({ ...settings, log: settings.log as Probot["log"], Octokit: IDLE_OCTOKIT });
  return probot.ready();
}

/** Handlers ask GitHub nothing, jobs do, with tokens of their own; so no event needs clients, retries or throttling made for it. */
const IDLE_OCTOKIT = Octokit.defaults({
  authStrategy: ({ octokit }: { octokit: Octokit }) => Object.assign(async () => octokit, { hook: () => {} }),
}) as unknown as typeof ProbotOctokit;
