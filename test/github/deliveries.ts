import { createHmac, randomUUID } from "node:crypto";
import { covers, grants } from "./access.ts";
import { type Disturbances, disturbances } from "./disturbances.ts";
import { shapes } from "./shapes.ts";
import type { Account, App, Installation, Repository, World } from "./world.ts";

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

/** What a webhook is about: a repository, an account, one installation alone, or every installation. */
export type Concerned = Repository | Account | Installation | null;

/** The webhooks of one loopback GitHub. */
export interface Deliveries extends Disturbances {
  readonly sent: Delivery[];
  /** Events reach the Apps that subscribed to them, may read them and are installed there. Nothing is retried. */
  send(event: string, concerned: Concerned, payload: Record<string, unknown>): void;
  redeliver(delivery: Delivery): void;
  /** While true nothing goes out; what was held goes out in the order that `reorder` gives when it ends. */
  hold(): void;
  release(reorder?: (held: (() => void)[]) => (() => void)[]): void;
  /** Waits until every request that is under way was answered. */
  settled(): Promise<void>;
}

/**
 * Every App has these, suspended or not. The permission that each other event needs is from GitHub's "Webhook events and
 * payloads"; an installation that has not accepted it yet gets none of them.
 */
const UNASKED = new Set(["installation", "installation_repositories", "installation_target"]);
const NEEDS: Readonly<Record<string, string>> = {
  branch_protection_rule: "administration",
  check_run: "checks",
  check_suite: "checks",
  create: "contents",
  delete: "contents",
  issue_comment: "issues",
  issues: "issues",
  member: "members",
  membership: "members",
  merge_group: "merge_queues",
  organization: "members",
  pull_request: "pull_requests",
  pull_request_review: "pull_requests",
  push: "contents",
  repository_ruleset: "administration",
  status: "statuses",
  team: "members",
  workflow_run: "actions",
};

/** Signs and posts webhooks as GitHub does; `origin` is this GitHub's address. */
export function deliveries(world: World, origin: () => string): Deliveries {
  const sent: Delivery[] = [];
  const underway = new Set<Promise<void>>();
  const odd = disturbances();
  let held: (() => void)[] | null = null;
  const now = (go: () => void): void => {
    if (held) held.push(go);
    else go();
  };
  const request = (delivery: Delivery, { url, secret }: { url: string; secret: string }): void => {
    const promise = posted(delivery, url, secret).finally(() => underway.delete(promise));
    underway.add(promise);
  };
  const post = (delivery: Delivery): void => {
    const { webhook } = delivery.app;
    if (webhook) odd.pass(delivery, () => now(() => request(delivery, webhook)));
  };
  return {
    sent,
    disturb: odd.disturb,
    deliverLate: odd.deliverLate,
    send(event, concerned, payload) {
      const about = UNASKED.has(event) ? payload : { ...organizationOf(concerned, origin()), ...payload };
      for (const installation of recipients(world, event, concerned)) {
        const delivery: Delivery = {
          id: world.nextId(),
          guid: randomUUID(),
          event,
          app: installation.app,
          payload: { installation: { id: installation.id, node_id: `I_${installation.id}` }, ...about },
          redelivery: false,
          deliveredAt: world.now(),
          at: performance.now(),
          status: 0,
        };
        if (odd.unsent(delivery)) continue;
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

async function posted(delivery: Delivery, url: string, secret: string): Promise<void> {
  const body = JSON.stringify(delivery.payload);
  await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/loopback",
      "x-github-delivery": delivery.guid,
      "x-github-event": delivery.event,
      "x-github-hook-installation-target-id": String(delivery.app.id),
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
    body,
    signal: AbortSignal.timeout(10_000),
  })
    .then(async (response) => {
      delivery.status = response.status;
      await response.arrayBuffer();
    })
    .catch(() => {});
}

function recipients(world: World, event: string, concerned: Concerned): readonly Installation[] {
  const near =
    concerned !== null && "app" in concerned
      ? [concerned]
      : world.installations.filter((one) => isConcerned(world, one, concerned));
  return near.filter(({ app, suspendedAt, permissions }) => {
    if (!app.webhook) return false;
    if (UNASKED.has(event)) return true;
    const needed = NEEDS[event];
    return (
      suspendedAt === null &&
      app.events.includes(event) &&
      (needed === undefined || grants(permissions, needed, "read"))
    );
  });
}

function isConcerned(world: World, installation: Installation, concerned: Repository | Account | null): boolean {
  if (concerned === null) return true;
  if ("store" in concerned) return covers(world, installation, concerned.id);
  return installation.account === concerned;
}

function organizationOf(concerned: Concerned, origin: string): { organization?: unknown } {
  if (concerned === null) return {};
  const account = "store" in concerned ? concerned.owner : "app" in concerned ? concerned.account : concerned;
  return account.type === "Organization" ? { organization: shapes(origin).organization(account) } : {};
}
