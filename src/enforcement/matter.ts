import { createHash } from "node:crypto";
import type { ObjectId } from "../core/change-set.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import type { Dossier } from "../evidence/record.ts";
import type { RulesInForce } from "../reports/report-context.ts";
import { POLICY_PATH, REGISTRY_PATH, readConfiguration } from "../work/configuration.ts";
import type { HostedPullRequest, HostedRepository } from "../work/hosting.ts";
import type { Enforcement } from "./enforcement.ts";
import { checkNamesOf } from "./governed-branch.ts";
import type { Payload } from "./job.ts";
import { namedPeople, peopleNamed } from "./named-people.ts";
import { type OrganizationPolicy, organizationPolicy } from "./organization-policy.ts";
import type { PullRequests } from "./pooled-facts.ts";
import { type Publication, premisesOf } from "./publication.ts";
import { withAskers } from "./rollback/behind-revert.ts";
import { rulesPresentVersion } from "./rules-version.ts";

/** What one decision is about, and under which rules. */
export interface Matter extends Publication {
  readonly pulls: PullRequests;
  readonly work: Payload<"decide-pull-request">;
  readonly organization: OrganizationPolicy;
  /** The policy of the default branch and the organisation. */
  readonly policy: EffectivePolicy;
  readonly inForce: RulesInForce;
  /** The files that rule, for the records. */
  readonly ruled: Pick<Dossier, "policy" | "registry">;
  /** The repository's policy as written; empty where there is none. */
  readonly written: string;
  /** The people whom the rules name, logins in lower case; null where the rules cannot be read. */
  readonly people: readonly string[] | null;
  /** What tells these rules from others. */
  readonly rules: string;
}

/** The rules of a repository as they are now. */
export type PresentRules = Pick<
  Matter,
  "organization" | "policy" | "inForce" | "ruled" | "written" | "people" | "rules"
>;

/** Reads which rules hold for a repository: those of its default branch's head and of its organisation (security rule S01). */
export async function presentRules(
  repository: HostedRepository,
  { defaultBranch, organization: owner }: Pick<HostedPullRequest, "defaultBranch" | "organization">,
  enforcement: Enforcement,
): Promise<PresentRules> {
  const { store, program, observes } = enforcement;
  const { head } = defaultBranch;
  const organization = await organizationPolicy(repository, owner, store, enforcement.now());
  const policyFile = await repository.blobAt(head, POLICY_PATH);
  const registryFile = await repository.blobAt(head, REGISTRY_PATH);
  const sources = { ...sourcesFor(repository, organization), base: head, head, rules: head };
  const { policy, registry: registries, faults } = await readConfiguration(repository, sources, noFile, enforcement);
  const blob = policyFile?.entry.id ?? null;
  const registry = registryFile?.entry.id ?? null;
  return {
    organization,
    policy,
    people: faults.length + organization.faults.length === 0 ? peopleNamed(policy, registries.base) : null,
    written: policyFile ? new TextDecoder().decode(policyFile.bytes) : "",
    inForce: {
      policy: blob === null ? null : { commit: await store.policyShownAt(repository.name.id, blob, head), blob },
      baseline: organization.version,
    },
    ruled: await ruledAt(repository, head, organization.version),
    rules: rulesPresentVersion({ program, policy: blob, registry, organization: organization.version, observes }),
  };
}

/** The files that rule at a commit, for the records. */
export async function ruledAt(
  repository: HostedRepository,
  commit: ObjectId,
  baseline: string | null,
): Promise<Matter["ruled"]> {
  const digest = async (path: string) => {
    const file = await repository.blobAt(commit, path);
    return file && createHash("sha256").update(file.bytes).digest("hex");
  };
  return {
    policy: { commit, digest: await digest(POLICY_PATH), baseline },
    registry: { commit, digest: await digest(REGISTRY_PATH) },
  };
}

/** Where the configuration of a hosted repository comes from, beside its revisions. */
export function sourcesFor({ name }: HostedRepository, { policy }: OrganizationPolicy) {
  return { policy: undefined, registry: undefined, baseline: policy, repository: `${name.owner}/${name.name}` };
}

/** Nothing of a hosted repository's configuration is given by hand. */
export async function noFile(path: string): Promise<Uint8Array> {
  throw new Error(`${path} was not given`);
}

/** Puts together what a decision about pull requests with one head and one base needs. */
export async function matterOf(
  work: Matter["work"],
  repository: HostedRepository,
  pulls: PullRequests,
  enforcement: Enforcement,
): Promise<Matter> {
  const [{ base, defaultBranch }] = pulls;
  const present = await presentRules(repository, pulls[0], enforcement);
  const numbers = pulls.map(({ number }) => number);
  return {
    ...present,
    work,
    repository: knowingNamed(repository, present.people, enforcement.store),
    store: enforcement.store,
    pulls: await withAskers(pulls, repository.name.id, enforcement.store),
    names: checkNamesOf(base.ref, defaultBranch.name, present.policy),
    premises: premisesOf(present.rules, base.ref, numbers),
  };
}

/** The repository as the rules mean it: in it, who took over the login of somebody whom they name is a stranger. */
export function knowingNamed(
  repository: HostedRepository,
  people: readonly string[] | null,
  store: Enforcement["store"],
): HostedRepository {
  const access: HostedRepository["access"] = async (logins) =>
    logins.length === 0 ? new Map() : repository.access(logins, await namedPeople(repository, people, store));
  return { ...repository, access };
}
