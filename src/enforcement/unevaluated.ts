import { unevaluatedView } from "../reports/check-run.ts";
import type { PullRequestView } from "../reports/pull-request-view.ts";
import type { StoredHead } from "../stores/store.ts";
import type { HostedPullRequest, HostedRepository } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Enforcement } from "./enforcement.ts";
import { CHECK_NAME } from "./governed-branch.ts";
import type { Payload } from "./job.ts";
import type { Matter } from "./matter.ts";
import { publishCheck } from "./publication.ts";
import { shownAs } from "./unsettled.ts";

/** How far a decision came before it failed. */
export interface Attempt {
  readonly work: Payload<"decide-pull-request">;
  readonly repository: HostedRepository;
  readonly known: StoredHead | null;
  readonly pull: HostedPullRequest | null;
  readonly matter: Matter | null;
}

/** Makes the check say that there is no answer, which never lets anything merge (P13); nothing that was found is lost by it. */
export async function publishFault(fault: unknown, attempt: Attempt, enforcement: Enforcement): Promise<void> {
  if (isPutOff(fault)) return;
  const { work, repository, matter } = attempt;
  const reference = `decide/${work.repository}/${work.number}`;
  const said =
    fault instanceof HostingFault ? { message: fault.message, remedy: fault.remedy, address: fault.address } : null;
  try {
    for (const { name, head, premises } of await runsOf(attempt, enforcement)) {
      const view = unevaluatedView(shownAs(name), { reference, said });
      const pulls = [{ number: work.number, head }] as const;
      const place = matter ?? { repository, store: enforcement.store, pulls, premises };
      await publishCheck({ ...place, premises }, name, enforcement.observes ? passing(view) : view, false);
    }
  } catch (second) {
    const why = second instanceof Error ? second.message : String(second);
    enforcement.log.warn({ key: reference, why }, "the check could not say that there is no answer");
  }
}

/**
 * Whether this program itself makes a write wait, as it has written so much. What stands meanwhile lets nothing merge that
 * should not: taking that back never waits (security rule S22).
 */
export function isPutOff(fault: unknown): boolean {
  return fault instanceof HostingFault && fault.code === "hosting/rate-limited" && fault.status === null;
}

/** Where the operator lets nothing be blocked, no fault blocks either. */
export function passing(view: PullRequestView): PullRequestView {
  const { title, summary } = view.checkRun;
  const note = "The operator of this instance lets nothing be blocked (`COUNTERSIGN_MODE=observe`).";
  const checkRun = { ...view.checkRun, title: `Observed only. ${title}`, summary: `${note}\n\n${summary}` };
  return { ...view, checkRun: { ...checkRun, conclusion: "success" } };
}

/** The runs that must not go on saying what they say, as far as it is known which those are. */
async function runsOf({ work, known, pull, matter }: Attempt, { store }: Enforcement) {
  if (matter) return matter.names.map((name) => ({ name, head: matter.pulls[0].head, premises: matter.premises }));
  const head = pull?.head ?? (known?.open ? known.head : (work.expected?.head ?? null));
  if (head === null) return [];
  const standing = await store.viewsAt(work.repository, head);
  const names = new Map(standing.map(({ checkName, premises }) => [checkName, premises]));
  // An event names the branch that its change goes into where that is the default branch.
  const governed = pull ? pull.base.ref === pull.defaultBranch.name : work.expected?.baseRef !== undefined;
  if (governed && !names.has(CHECK_NAME)) names.set(CHECK_NAME, "");
  return [...names].map(([name, premises]) => ({ name, head, premises }));
}
