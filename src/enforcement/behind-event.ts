import type { StoredHead } from "../stores/store.ts";
import type { HostedPullRequest } from "../work/hosting.ts";
import { decideWork, type Payload } from "./job.ts";

type Decide = Payload<"decide-pull-request">;

/** How long after the first look in vain comes the next one, in milliseconds; each further one takes three times as long. */
const PAUSE = 5_000;
const LOOKS = 4;

/**
 * Whether what is read is older than what an event told: the hosting service reads from copies that lag behind its
 * webhooks, and no other event may follow. A newer head than the event's is none of that.
 */
function isBehind({ expected }: Decide, known: StoredHead | null, pull: HostedPullRequest): boolean {
  if (!expected) return false;
  const { head, review, dismissed } = expected;
  if (head !== pull.head && known?.head === pull.head) return true;
  if (review !== undefined && !pull.reviews.some(({ id }) => id === review)) return true;
  return pull.reviews.some((one) => one.id === dismissed && !one.dismissed && LIVE.has(one.state));
}

const LIVE: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED"]);

/** The next look at a pull request that is read as it was before the event, with its instant; null where none is due. */
export function nextLook(work: Decide, known: StoredHead | null, pull: HostedPullRequest, now: string) {
  const looks = work.expected?.looks ?? 0;
  if (!work.expected || looks >= LOOKS || !isBehind(work, known, pull)) return null;
  const at = new Date(Date.parse(now) + PAUSE * 3 ** looks).toISOString();
  return { at, work: decideWork(work, work.reason, { expected: { ...work.expected, looks: looks + 1 } }) };
}
