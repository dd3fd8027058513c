import { type Seen, seen, unseen } from "../doctor/seen.ts";
import { HostingFault } from "../work/hosting-fault.ts";

/** Looks at one thing; whatever hides it is told instead, and nothing else is kept from being looked at. */
export async function lookedAt<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return seen(await look());
  } catch (fault) {
    return hiddenBy(fault);
  }
}

/** What hides something, without the address that was asked; what is no answer of GitHub's is thrown. */
export function hiddenBy(fault: unknown): ReturnType<typeof unseen> {
  if (!(fault instanceof HostingFault)) throw fault;
  if (fault.status === null) return unseen(fault.message);
  const said = fault.cause instanceof Error ? fault.cause.message : "";
  return unseen(`GitHub answered ${fault.status}${said === "" ? "" : ` (${said})`}`);
}

/** Whether GitHub says that the account's plan has no such thing for a private repository. */
export function isBeyondPlan(fault: unknown): boolean {
  return fault instanceof HostingFault && fault.status === 403 && /upgrade to github/i.test(fault.message);
}
