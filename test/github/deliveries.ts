import { createHmac, randomUUID } from "node:crypto";
import { covers } from "./access.ts";
import type { App, Repository, World } from "./world.ts";

/** One webhook as it was sent. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly app: App;
  readonly payload: Record<string, unknown>;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  /** The same on the clock of `performance.now()`. */
  readonly at: number;
  /** 0 while under way and where nobody answered. */
  status: number;
}

/** The webhooks of one loopback GitHub. */
export interface Deliveries {
  readonly sent: Delivery[];
  /** Events reach the Apps that subscribed to them and are installed on the repository. Nothing is retried. */
  send(event: string, repository: Repository | null, payload: Record<string, unknown>): void;
  redeliver(delivery: Delivery): void;
  /** While true nothing goes out; what was held goes out in the order that `reorder` gives when it ends. */
  hold(): void;
  release(reorder?: (held: (() => void)[]) => (() => void)[]): void;
  /** Waits until every request that is under way was answered. */
  settled(): Promise<void>;
}

/** Signs and posts webhooks as GitHub does. */
export function deliveries(world: World): Deliveries {
  const sent: Delivery[] = [];
  const underway = new Set<Promise<void>>();
  let held: (() => void)[] | null = null;
  const post = (delivery: Delivery): void => {
    const { webhook } = delivery.app;
    if (!webhook) return;
    const go = () => {
      const body = JSON.stringify(delivery.payload);
      const promise = fetch(webhook.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "user-agent": "GitHub-Hookshot/loopback",
          "x-github-delivery": delivery.guid,
          "x-github-event": delivery.event,
          "x-github-hook-installation-target-id": String(delivery.app.id),
          "x-github-hook-installation-target-type": "integration",
          "x-hub-signature-256": `sha256=${createHmac("sha256", webhook.secret).update(body).digest("hex")}`,
        },
        body,
        signal: AbortSignal.timeout(10_000),
      })
        .then(async (response) => {
          delivery.status = response.status;
          await response.arrayBuffer();
        })
        .catch(() => {})
        .finally(() => underway.delete(promise));
      underway.add(promise);
    };
    if (held) held.push(go);
    else go();
  };
  return {
    sent,
    send(event, repository, payload) {
      for (const installation of world.installations) {
        const { app } = installation;
        if (installation.suspendedAt || !app.webhook || !app.events.includes(event)) continue;
        if (repository && !covers(world, installation, repository.id)) continue;
        const delivery: Delivery = {
          id: world.nextId(),
          guid: randomUUID(),
          event,
          app,
          payload: { ...payload, installation: { id: installation.id, node_id: `I_${installation.id}` } },
          redelivery: false,
          deliveredAt: world.now(),
          at: performance.now(),
          status: 0,
        };
        sent.push(delivery);
        post(delivery);
      }
    },
    redeliver(delivery) {
      const again: Delivery = {
        ...delivery,
        id: world.nextId(),
        redelivery: true,
        deliveredAt: world.now(),
        at: performance.now(),
        status: 0,
      };
      sent.push(again);
      post(again);
    },
    hold() {
      held ??= [];
    },
    release(reorder = (list) => list) {
      const waiting = held ?? [];
      held = null;
      for (const go of reorder(waiting)) go();
    },
    async settled() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}
