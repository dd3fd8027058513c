import { HostingFault } from "../work/hosting-fault.ts";
import type { Clock } from "./clock.ts";

/** Content writes that GitHub takes from one installation, by the length of the window in milliseconds (security rule S22). */
const LIMITS = [
  { window: 60_000, writes: 80 },
  { window: 3_600_000, writes: 500 },
] as const;
const LONGEST = 3_600_000;

/** Lets writes through no faster than GitHub takes them. */
export interface WriteLimit {
  /** Ends when one more write of the installation may be made; a fault when that takes longer than anybody should wait. */
  take(installation: number, signal: AbortSignal): Promise<void>;
}

/** A limit of its own for each installation, as this process writes; `patience` in milliseconds. */
export function writeLimit(clock: Clock, patience: number): WriteLimit {
  const made = new Map<number, number[]>();
  return {
    async take(installation, signal) {
      for (let waited = 0; ; ) {
        const now = clock.now();
        forget(made, now);
        const times = made.get(installation) ?? [];
        made.set(installation, times);
        const wait = untilFree(times, now);
        if (wait === 0) {
          times.push(now);
          return;
        }
        if (waited + wait > patience) throw tooMany(now + wait);
        waited += wait;
        await clock.sleep(wait, signal);
      }
    },
  };
}

function untilFree(times: readonly number[], now: number): number {
  const waits = LIMITS.map(({ window, writes }) => {
    const oldest = times[times.length - writes];
    return oldest === undefined ? 0 : Math.max(0, oldest + window - now);
  });
  return Math.max(...waits);
}

/** Drops what no window holds any more, so that an installation that stopped writing costs nothing. */
function forget(made: Map<number, number[]>, now: number): void {
  for (const [installation, times] of made) {
    const first = times.findIndex((at) => at > now - LONGEST);
    if (first < 0) made.delete(installation);
    else if (first > 0) times.splice(0, first);
  }
}

function tooMany(free: number): HostingFault {
  const retryAt = new Date(free).toISOString();
  return new HostingFault("hosting/rate-limited", `GitHub takes no more writes of this installation until ${retryAt}`, {
    remedy: "Wait; what is due is written then. If it happens often, look for what makes so many checks change.",
    retryAt,
  });
}
