import type { Delivery } from "./deliveries.ts";

/** Webhooks to which something happens on their way. */
export interface Disturbance {
  /** Every one where left out. */
  readonly event?: string;
  readonly action?: string;
  /** How many of them; 1 where left out. */
  readonly times?: number;
  /**
   * `unsent`: GitHub forgets it and lists it nowhere. `lost`: it is listed as failed and can be asked for again.
   * `twice`: it comes a second time under the same GUID. `late`: it waits for `deliverLate()`.
   * `swapped`: it goes out after the App's next webhook.
   */
  readonly fate: "unsent" | "lost" | "twice" | "late" | "swapped";
}

/** How a disturbance went. */
export interface Disturbed {
  /** The webhooks that it met. */
  readonly met: readonly Delivery[];
}

/** What may happen to webhooks on their way. */
export interface Disturbances {
  disturb(disturbance: Disturbance): Disturbed;
  /** Sends what is late. */
  deliverLate(): void;
}

interface Pending {
  readonly disturbance: Disturbance;
  left: number;
  readonly met: Delivery[];
}

/** Keeps the disturbances of one loopback GitHub. */
export function disturbances(): Disturbances & {
  /** Whether a webhook is forgotten before it is sent. */
  unsent(delivery: Delivery): boolean;
  /** Sends a webhook, or does with it what was asked for. */
  pass(delivery: Delivery, go: () => void): void;
} {
  const pending: Pending[] = [];
  const late: (() => void)[] = [];
  const swapped = new Map<number, (() => void)[]>();
  const take = (delivery: Delivery, wanted: (fate: Disturbance["fate"]) => boolean) => {
    const found = pending.find(
      ({ left, disturbance: { event, action, fate } }) =>
        left > 0 &&
        wanted(fate) &&
        (event ?? delivery.event) === delivery.event &&
        (action === undefined || action === delivery.payload.action),
    );
    if (!found) return null;
    found.left -= 1;
    found.met.push(delivery);
    return found.disturbance.fate;
  };
  return {
    disturb(disturbance) {
      const one: Pending = { disturbance, left: disturbance.times ?? 1, met: [] };
      pending.push(one);
      return one;
    },
    deliverLate() {
      for (const go of late.splice(0)) go();
    },
    unsent: (delivery) => take(delivery, (fate) => fate === "unsent") !== null,
    pass(delivery, go) {
      const fate = take(delivery, (one) => one !== "unsent");
      if (fate === "lost") return;
      if (fate === "late") late.push(go);
      else if (fate === "swapped") swapped.set(delivery.app.id, [...(swapped.get(delivery.app.id) ?? []), go]);
      else {
        go();
        if (fate === "twice") go();
        const waiting = swapped.get(delivery.app.id) ?? [];
        swapped.delete(delivery.app.id);
        for (const other of waiting) other();
      }
    },
  };
}
