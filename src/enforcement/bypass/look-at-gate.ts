import { type SeenGate, type WeakPart, weakParts } from "../../doctor/gate-states.ts";
import type { InspectedBranch } from "../../doctor/inspection.ts";
import { unseen } from "../../doctor/seen.ts";
import type { StoredGate } from "../../stores/bypass-store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import { checkNamesOf } from "../governed-branch.ts";
import type { Payload } from "../job.ts";
import { type PresentRules, presentRules } from "../matter.ts";
import { type GateNow, recordEnforcement, recordWeakened } from "../recording/record-enforcement.ts";
import { placeIfSeen } from "./landing.ts";
import { gateWork, landingsWork, tellWork } from "./landing-job.ts";
import { reportBypass } from "./report-bypass.ts";
import { dueNextDay, noteWatched, repositoryPlace } from "./watched-branches.ts";

/** Branches of one repository that are looked at. */
const MOST = 10;

/**
 * Looks at what GitHub's rules demand of the governed branches, with what the App may see: the check is to be required, of
 * this App, and what was strict stays so (security rule S21). Again in a day. Nothing is changed by it.
 */
export async function lookAtGate(
  work: Payload<"look-at-gate">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { store, queue, now } = enforcement;
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  const place = await placeIfSeen(repository);
  if (place === null) return;
  const head = await repository.landings.branchHead(place.defaultBranch);
  await queue.add(gateWork(work, "day"), dueNextDay(now()));
  if (head === null || place.archived) return;
  const defaultBranch = { name: place.defaultBranch, head };
  const present = await presentRules(repository, { ...place, defaultBranch }, enforcement);
  await noteWatched(repository, defaultBranch, present.policy, enforcement);
  await store.noteBranch({ ...repositoryPlace(repository), branch: defaultBranch.name, head, at: now() });
  // A push that nobody told of is found within a day as well.
  for (const { branch } of await store.branchesOf(work.repository))
    await queue.add(landingsWork(work, branch, "the daily look"));
  // An issue may have been closed too early, and a word of somebody not have been told.
  if ((await store.openFollowUps(work.repository)).length > 0) await queue.add(tellWork(work));
  const stands = { repository, policy: present.policy, branch: defaultBranch.name };
  // Nothing is demanded where nothing is enforced: that is all there is to know of it.
  if (present.policy.mode === "observe" || enforcement.observes)
    return await recordEnforcement({ ...stands, seen: null, weak: [] }, enforcement);
  const before = await store.gateOf(work.repository);
  const gate = await seenGate(repository, present, defaultBranch.name, enforcement);
  const { states, seen, weak } = weakParts(gate, before?.states ?? {});
  await recordEnforcement({ ...stands, seen, weak }, enforcement);
  const known = new Map((before?.weak ?? []).map((one) => [one.what, one.since]));
  const held: StoredGate["weak"] = weak.map(({ what, fix }) => ({ what, fix, since: known.get(what) ?? now() }));
  await store.putGate(work.repository, { states, weak: held, at: now() });
  const fresh = weak.filter(({ what }) => !known.has(what));
  if (fresh.length > 0) await report(stands, fresh, work, enforcement);
  else if (known.size > 0) await queue.add(tellWork(work));
}

async function seenGate(
  repository: HostedRepository,
  present: PresentRules,
  defaultBranch: string,
  { store, appId, server }: Enforcement,
): Promise<SeenGate> {
  const { owner, name, id } = repository.name;
  const place = await repository.landings.place();
  const watched = (await store.branchesOf(id)).map(({ branch }) => branch).filter((branch) => branch !== defaultBranch);
  let rulesOffered = true;
  const branches: InspectedBranch[] = [];
  for (const branch of [defaultBranch, ...watched].slice(0, MOST)) {
    const rules = await repository.landings.rules(branch);
    if (rules === null) rulesOffered = false;
    for (const checkName of checkNamesOf(branch, defaultBranch, present.policy))
      branches.push({
        ...{ checkName, pattern: checkName === "countersign" ? null : checkName.slice("countersign: ".length) },
        ...{ name: branch, exists: true },
        rules: rules ?? unseen("the account's plan has no rules"),
        protection: unseen("branch protection is shown to administrators only"),
      });
  }
  const { organization, ...about } = place;
  return {
    place: { ...about, server, owner, name, ownedByOrganization: organization !== null, rulesOffered },
    app: { id: appId },
    configuration: { policy: present.policy },
    branches,
  };
}

async function report(
  { repository, policy }: Pick<GateNow, "repository" | "policy">,
  fresh: readonly WeakPart[],
  { login, reason }: Payload<"look-at-gate">,
  enforcement: Enforcement,
): Promise<void> {
  const branch = fresh[0]?.key.split(" ")[0] ?? "";
  const said = fresh.map(({ what }) => `${what}.`).join(" ");
  const detail = `${said} Seen by: ${reason === "day" ? "the daily look" : reason}.`;
  await recordWeakened({ repository, policy, branch, actor: login, detail }, enforcement);
  await reportBypass(
    repository,
    {
      ...{
        repository: repository.name.id,
        branch,
        before: null,
        after: null,
        cause: "gate-weakened",
        actor: login,
        pull: null,
      },
      at: enforcement.now(),
      detail,
    },
    enforcement,
  );
}
