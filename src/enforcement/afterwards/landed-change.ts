import type { Assessment } from "../../core/assessment.ts";
import type { ObjectId } from "../../core/change-set.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import type { Facts } from "../../core/facts.ts";
import type { EffectivePolicy, GovernedTier, TierDuties } from "../../core/policy.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import type { Configuration } from "../../work/configuration.ts";
import { evaluateChange } from "../../work/evaluate.ts";
import type { HostedPullRequest, HostedRepository } from "../../work/hosting.ts";
import { landedRules } from "../bypass/landing.ts";
import { type GivenCommands, givenCommands, headsByPushes } from "../commands/given-commands.ts";
import type { Enforcement } from "../enforcement.ts";
import { rulesDigest } from "../kept-decision.ts";
import { knowingNamed, type PresentRules, ruledAt } from "../matter.ts";
import { type PullRequests, pooledFacts } from "../pooled-facts.ts";
import { type DossierWithLimits, dossierOf } from "../recording/dossier.ts";
import { hashing } from "../recording/hashing.ts";
import type { ReviewOn } from "../review-binding.ts";
import { bindingVersion } from "../rules-version.ts";

/** What landed and is to be approved afterwards. */
export interface OwedLanding {
  readonly followUp: StoredFollowUp & { readonly before: ObjectId; readonly after: ObjectId };
  /** The pull request that brought it; null where none did. */
  readonly pull: HostedPullRequest | null;
  /** Where else people say something of it: issues, as pull requests without a change. */
  readonly issues: readonly HostedPullRequest[];
}

/** Where it landed. */
export interface LandedPlace {
  readonly repository: HostedRepository;
  readonly present: PresentRules;
  readonly defaultBranch: { readonly name: string; readonly head: ObjectId };
}

/** What landed, evaluated with everybody's word of before and since. */
export interface Reconsidered {
  readonly evaluation: Evaluation;
  readonly given: GivenCommands;
  dossier(): Promise<DossierWithLimits>;
}

/**
 * Evaluates what landed as if it were proposed now, under the rules before it (none that come with it say what they may do
 * themselves), without the word of whoever let it in past the approval.
 */
export async function reconsidered(
  owed: OwedLanding,
  place: LandedPlace,
  enforcement: Enforcement,
): Promise<Reconsidered> {
  const { followUp, pull } = owed;
  const { store, program, now } = enforcement;
  const { before, after, branch } = followUp;
  const { defaultBranch, present } = place;
  const repository = knowingNamed(place.repository, present.people, store);
  const read = await landedRules({ ...place, branch }, { from: before, to: after }, enforcement);
  const configuration = followUp.cause === "quick-revert" ? ownersOnly(read) : read;
  const fingerprintKey = await store.fingerprintKey(repository.name.installation);
  const version = bindingVersion(program, fingerprintKey, configuration);
  const pulls = pullsOf(owed, place);
  const known = await remembered(owed, pulls[0], enforcement);
  const given = await givenCommands(repository.name.id, pulls, headsByPushes(known.pushes), store);
  const facts = async (assessment: Assessment) => {
    const pooled = await pooledFacts(repository, pulls, assessment, { ...known, version, given });
    return { ...pooled, facts: { ...pooled.facts, barred: barredBy(followUp) } };
  };
  const hashes = new Map<ObjectId, string>();
  const { evaluation, rules } = await evaluateChange(hashing(landedSource(owed, repository), hashes), {
    ...{ base: before, head: after, configuration, facts, now: now(), fingerprintKey },
    progress: () => {},
  });
  const dossier = async () =>
    dossierOf(evaluation, {
      ...{ at: now(), base: before, baseRef: branch, hashes },
      rules: await ruledAt(
        repository,
        branch === defaultBranch.name ? before : defaultBranch.head,
        present.organization.version,
      ),
      tool: { version: program, rules: rulesDigest(rules) },
      accounts: await accountsOf(repository.name.id, pull, enforcement),
      exceptions: configuration.registry.base.exceptions ?? [],
    });
  return { evaluation, given, dossier };
}

/** Of what was taken back quickly the owners alone are asked (security rule S08). */
function ownersOnly(configuration: Configuration): Configuration {
  const { policy } = configuration;
  const owners = (duties: TierDuties): TierDuties => ({
    ...duties,
    approvals: [{ role: "system-owner" }],
    distinctPeople: 1,
  });
  const tiers = Object.entries(policy.tiers).map(([name, duties]) => [name as GovernedTier, owners(duties)] as const);
  return { ...configuration, policy: { ...policy, tiers: Object.fromEntries(tiers) as EffectivePolicy["tiers"] } };
}

/** What made somebody let it in themselves; who only merged what seemed approved did nothing of the kind. */
const DONE: Readonly<Record<string, string>> = {
  "break-glass": "broke the glass for it",
  "direct-push": "pushed it past the approval",
  "force-push": "pushed it past the approval",
  "admin-merge": "merged it past the approval",
  "local-merge": "merged it past the approval",
};

function barredBy({ person, cause }: StoredFollowUp): NonNullable<Facts["barred"]> {
  const reason = DONE[cause];
  return person === null || reason === undefined ? [] : [{ login: person, reason }];
}

/** What landed as a pull request that proposes exactly that, and the issues in which people speak of it. */
function pullsOf({ followUp, pull, issues }: OwedLanding, { defaultBranch }: LandedPlace): PullRequests {
  const { before, after, branch, person } = followUp;
  const onDefault = branch === defaultBranch.name;
  const landed: HostedPullRequest = {
    ...(pull ?? { ...NOBODYS, author: { login: person ?? "ghost", type: "User" } }),
    ...{ head: after, base: { ref: branch, head: before } },
    defaultBranch: onDefault ? { ...defaultBranch, head: before } : defaultBranch,
  };
  return [landed, ...issues];
}

/** A pull request in which nobody has said anything. */
export const NOBODYS: HostedPullRequest = {
  ...{ number: 0, title: "", body: "", draft: false, state: "merged", author: null, assignees: [] },
  ...{ head: "", headRef: "", sameRepository: false, base: { ref: "", head: "" } },
  ...{ defaultBranch: { name: "", head: "" }, organization: null, reviews: [], accounts: new Map() },
  ...{ commands: [], voidCommands: [], retargetedAt: null, forcePushes: [] },
};

async function remembered({ followUp, pull }: OwedLanding, landed: HostedPullRequest, { store }: Enforcement) {
  const { repository, before, after, person, openedAt, cause } = followUp;
  const notSecrets = await store.notSecretsOf(repository);
  const landing = { repository, pullRequest: pull?.number ?? 0, before, after, person: null, at: openedAt };
  // Who landed something else than was proposed has made that.
  const made = (pull === null || cause === "changed") && person !== null ? [{ ...landing, login: person }] : [];
  if (pull === null) return { reviews: [], pushes: made, notSecrets };
  const bindings = new Map((await store.bindingsOf(repository, pull.number)).map((one) => [one.review, one]));
  const reviews = pull.reviews.map((review): ReviewOn => {
    return { review, pull: landed, stored: bindings.get(review.id) ?? null };
  });
  return { reviews, pushes: [...(await store.pushesOf(repository, pull.number)), ...made], notSecrets };
}

/** The repository in which what landed is the change, made by the commits of its pull request. */
function landedSource({ followUp, pull }: OwedLanding, repository: HostedRepository): HostedRepository {
  const { before, after, cause } = followUp;
  return {
    ...repository,
    changeSet: (range) =>
      range.head === after ? repository.landings.difference(before, after) : repository.changeSet(range),
    async commitsBetween(base, head) {
      if (head !== after || pull === null) return repository.commitsBetween(base, head);
      // A squash has none of them, and everybody who made one made what landed.
      const start = await repository.mergeBase({ base: before, head: pull.head });
      const proposed = await repository.commitsBetween(start, pull.head);
      const beside = cause === "changed" ? await repository.commitsBetween(base, head) : [];
      const ids = new Set(proposed.map(({ id }) => id));
      return [...proposed, ...beside.filter(({ id }) => !ids.has(id))];
    },
  };
}

async function accountsOf(repository: number, pull: HostedPullRequest | null, { store }: Enforcement) {
  const named = [...(await store.namedPeople(repository))].flatMap(([login, id]) =>
    id === null ? [] : [[login, id] as const],
  );
  const there = [...(pull?.accounts ?? [])].map(([id, login]) => [login.toLowerCase(), id] as const);
  return new Map([...named, ...there]);
}
