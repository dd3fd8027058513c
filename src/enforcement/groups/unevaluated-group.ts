import { groupInProgress, unevaluatedGroupView } from "../../reports/merge-group.ts";
import type { Store, StoredGroup } from "../../stores/store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import type { Enforcement } from "../enforcement.ts";
import { CHECK_NAME } from "../governed-branch.ts";
import { publishCheck } from "../publication.ts";
import { isPutOff, passing } from "../unevaluated.ts";
import type { FoundMember } from "./found-member.ts";

/** How far the decision about a group came before it failed. */
interface Attempt {
  readonly group: StoredGroup;
  readonly repository: HostedRepository;
  readonly found: readonly FoundMember[];
}

/** A failing run takes pull requests out of the queue for good, so a fault has to happen twice before there is one. */
const TOLERATED = 1;

/**
 * Makes the check of a group say that there is no answer (P13). At first only an answer that lets it land is taken back:
 * without a run a group waits, and it is tried again soon.
 */
export async function publishGroupFault(fault: unknown, attempt: Attempt, enforcement: Enforcement): Promise<void> {
  if (isPutOff(fault)) return;
  const { group, repository, found } = attempt;
  const { store, observes, log, now } = enforcement;
  const reference = `group/${group.repository}/${group.head}`;
  const failures = group.failures + 1;
  const said = fault instanceof HostingFault ? { message: fault.message, remedy: fault.remedy } : null;
  try {
    await store.putGroup({ ...group, failures });
    const numbers = found.length > 0 ? found.map(({ number }) => number) : group.members;
    for (const name of await groupNames(group, found, store)) {
      const view = await store.viewOf(group.repository, group.head, name);
      if (failures <= TOLERATED && view?.passing !== true) continue;
      const place = {
        ...{ repository, store, premises: view?.premises ?? "" },
        pulls: [{ number: numbers.at(-1) ?? 0, head: group.head }] as const,
      };
      if (failures <= TOLERATED) {
        await store.putGroup({ ...group, failures, waitingSince: group.waitingSince ?? now() });
        await publishCheck(place, name, groupInProgress(name, "it could not be decided again yet"), false);
      } else {
        const failed = unevaluatedGroupView(name, { reference, said });
        await publishCheck(place, name, observes ? passing(failed) : failed, false);
      }
    }
  } catch (second) {
    const why = second instanceof Error ? second.message : String(second);
    log.warn({ key: reference, why }, "the check could not say that there is no answer");
  }
}

/** The names that a group is answered under: by the rules where they were read, else as far as it is known. */
export async function groupNames(
  { repository, head, baseRef, defaultBranch, members }: StoredGroup,
  found: readonly FoundMember[],
  store: Pick<Store, "viewsAt" | "headOf">,
): Promise<readonly string[]> {
  const matter = found.find((one) => one.matter !== null)?.matter;
  if (matter) return matter.names;
  const names = new Set((await store.viewsAt(repository, head)).map(({ checkName }) => checkName));
  if (baseRef === defaultBranch) names.add(CHECK_NAME);
  // Into other branches: what their pull requests were answered under.
  for (const number of members) {
    const known = await store.headOf(repository, number);
    if (known?.baseRef !== baseRef) continue;
    for (const { checkName } of await store.viewsAt(repository, known.head)) names.add(checkName);
  }
  return [...names];
}
