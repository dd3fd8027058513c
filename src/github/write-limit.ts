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
  /**
   * Ends when one more write of the installation may be made; a fault when that takes longer than anybody should wait. What
   * takes back that something may merge waits for nothing but others of its kind: who has the program write much must not
   * keep a check green that is to be red.
   */
  take(installation: number, signal: AbortSignal, takesBack?: boolean): Promise<void>;
}

/** When writes of one installation were made, oldest first, and when those are to come that were told to wait. */
interface Made {
  readonly all: number[];
  readonly takenBack: number[];
  readonly promised: number[];
}

/** A limit of its own for each installation, as this process writes; `patience` in milliseconds. */
export function writeLimit(clock: Clock, patience: number): WriteLimit {
  const installations = new Map<number, Made>();
  return {
    async take(installation, signal, takesBack = false) {
      for (let waited = 0; ; ) {
        const now = clock.now();
        forget(installations, now);
        const made = installations.get(installation) ?? { all: [], takenBack: [], promised: [] };
        installations.set(installation, made);
        const wait = untilFree(takesBack ? made.takenBack : made.all, now);
        if (wait === 0) {
          made.all.push(now);
          if (takesBack) made.takenBack.push(now);
          else if ((made.promised[0] ?? now + 1) <= now) made.promised.shift();
          return;
        }
        if (waited + wait > patience) throw tooMany(takesBack ? now + wait : promise(made, now));
        waited += wait;
        await clock.sleep(wait, signal);
      }
    },
  };
}

/** Tells each a moment of its own, so that not all of them come back at the first that is free. */
function promise({ all, promised }: Made, now: number): number {
  const at = now + untilFree([...all, ...promised], now);
  promised.push(at);
  return at;
}

function untilFree(times: readonly number[], now: number): number {
  const waits = LIMITS.map(({ window, writes }) => {
    const oldest = times[times.length - writes];
    return oldest === undefined ? 0 : Math.max(0, oldest + window - now);
  });
  return Math.max(...waits);
}

/** Drops what no window holds any more, so that an installation that stopped writing costs nothing. */
function forget(installations: Map<number, Made>, now: number): void {
  for (const [installation, made] of installations) {
    for (const times of Object.values(made)) {
      const first = times.findIndex((at: number) => at > now - LONGEST);
      times.splice(0, first < 0 ? times.length : first);
    }
    if (made.all.length === 0) installations.delete(installation);
  }
}

function tooMany(free: number): HostingFault {
  const retryAt = new Date(free).toISOString();
  return new HostingFault("hosting/rate-limited", `GitHub takes no more writes of this installation until ${retryAt}`, {
    remedy: "Wait; what is due is written then. If it happens often, look for what makes so many checks change.",
    retryAt,
  });
}
