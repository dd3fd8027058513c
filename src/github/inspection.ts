import { z } from "zod";
import { compilePaths } from "../core/path-matcher.ts";
import { type FoundBaseline, inspectedConfiguration } from "../doctor/configuration.ts";
import { type GovernedEntry, governedEntries } from "../doctor/governed-names.ts";
import type { InspectedBranch, InspectedPlace, Inspection } from "../doctor/inspection.ts";
import { namedReferences } from "../doctor/named-references.ts";
import { exampleBranch } from "../doctor/ref-pattern.ts";
import { type Seen, seen, unseen } from "../doctor/seen.ts";
import { POLICY_PATH, REGISTRY_PATH } from "../work/configuration.ts";
import { inspectPeople, inspectTeams } from "./account-inspection.ts";
import type { Api } from "./api.ts";
import { baselineMemory, readBaseline } from "./baseline.ts";
import { protectionOn, rulesOn } from "./branch-demands.ts";
import { inspectChecks } from "./check-inspection.ts";
import { inTurns } from "./in-turns.ts";
import { inspectApp, type NamedApp } from "./installation-inspection.ts";
import { lookedAt } from "./looked-at.ts";
import { objectStores } from "./object-store.ts";
import { objectSource } from "./source.ts";

/** Ways to ask: about the repository, about the organisation's `.github`, and as the App itself where its key is at hand. */
export interface InspectorApis {
  readonly api: Api;
  readonly baseline: Api;
  readonly own: Api | null;
}

const Repository = z.object({
  id: z.int(),
  name: z.string(),
  owner: z.object({ login: z.string(), type: z.string() }),
  default_branch: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  html_url: z.string(),
});
type Repository = z.infer<typeof Repository>;
const Ref = z.object({ object: z.object({ sha: z.string() }) });
const Branches = z.array(z.object({ name: z.string() }));

/** Existing branches of one pattern that are looked at: the newest by their names. */
const SHOWN = 10;

/** Looks at everything that decides whether the check can be passed by; only an unseen repository is a fault. */
export async function inspect({ api, baseline, own }: InspectorApis, named: NamedApp): Promise<Inspection> {
  const repository = await api.get("/repos/{owner}/{repo}", {}, Repository);
  const place = placeOf(repository);
  const ref = `heads/${repository.default_branch}`;
  const tip = (await api.get("/repos/{owner}/{repo}/git/ref/{ref}", { ref }, Ref)).object.sha;
  const source = objectSource(api, objectStores(32 << 20)(repository.id));
  const bytesAt = async (path: string) => ({ path, bytes: (await source.blobAt(tip, path))?.bytes ?? null });
  const configuration = inspectedConfiguration(
    {
      policy: await bytesAt(POLICY_PATH),
      registry: await bytesAt(REGISTRY_PATH),
      baseline: await baselineOf(baseline, place),
    },
    place,
  );
  const { branches, rulesOffered } = await branchesOf(
    api,
    place,
    governedEntries(configuration.policy, place.defaultBranch),
  );
  const references = namedReferences(configuration.policy, configuration.registry).map(({ reference }) =>
    reference.slice(1).toLowerCase(),
  );
  return {
    place: { ...place, rulesOffered },
    app: await inspectApp(api, own, named, place),
    branches,
    configuration,
    people: await inspectPeople(
      api,
      place.ownedByOrganization ? place.owner : null,
      references.filter((name) => !name.includes("/")),
    ),
    teams: await inspectTeams(
      api,
      place.owner,
      references.filter((name) => name.includes("/")),
    ),
    checks: await inspectChecks(
      api,
      configuration.policy.checks,
      tip,
      async (path) => (await source.blobAt(tip, path)) !== null,
    ),
  };
}

function placeOf(repository: Repository): InspectedPlace {
  return {
    server: new URL(repository.html_url).origin,
    owner: repository.owner.login,
    name: repository.name,
    defaultBranch: repository.default_branch,
    ownedByOrganization: repository.owner.type === "Organization",
    private: repository.private,
    archived: repository.archived,
    rulesOffered: true,
  };
}

async function baselineOf(api: Api, { ownedByOrganization }: InspectedPlace): Promise<FoundBaseline> {
  if (!ownedByOrganization) return seen("none");
  const found = await lookedAt(() => readBaseline([{ key: "doctor", api: () => api }], baselineMemory(), 0));
  if (!found.known) return found;
  return typeof found.value === "object" && "unreadable" in found.value
    ? unseen("its repository .github is not there, or is not shown to this token")
    : seen(found.value);
}

async function branchesOf(api: Api, place: InspectedPlace, entries: readonly GovernedEntry[]) {
  const existing = entries.some(({ pattern }) => pattern !== null)
    ? await lookedAt(() => api.all("/repos/{owner}/{repo}/branches", {}, Branches))
    : seen([]);
  const names = existing.known ? existing.value.map(({ name }) => name) : [];
  const wanted = entries.flatMap((entry) => branchNames(entry, names, place));
  let rulesOffered = true;
  const branches = await inTurns(wanted, async (branch): Promise<InspectedBranch> => {
    const rules = await rulesOn(api, branch.name, place);
    if (rules === null) rulesOffered = false;
    // Where the branches are not shown, the one that was made up stands for those that there may be.
    const none = existing.known ? seen(null) : existing;
    const protection = branch.exists ? await protectionOn(api, branch.name, place) : none;
    return { ...branch, rules: rules ?? seen([]), protection };
  });
  return { branches: branches.map((branch) => withPatterns(branch, branches)), rulesOffered };
}

/** Protection is given to patterns, but shown only of branches that exist: what holds for one may hold for the next. */
function withPatterns(branch: InspectedBranch, all: readonly InspectedBranch[]): InspectedBranch {
  const like = all.some(
    ({ checkName, exists, protection }) =>
      checkName === branch.checkName && exists && !(protection.known && protection.value === null),
  );
  if (branch.exists || !like || !branch.protection.known) return branch;
  return { ...branch, protection: unseen("branch protection is shown only of branches that exist") };
}

type BranchName = Pick<InspectedBranch, "checkName" | "pattern" | "name" | "exists">;

/** The branches to look at for one entry: those that exist, and one that somebody could make. */
function branchNames(
  { checkName, pattern }: GovernedEntry,
  existing: readonly string[],
  place: InspectedPlace,
): BranchName[] {
  if (pattern === null) return [{ checkName, pattern, name: place.defaultBranch, exists: true }];
  const matcher = compilePaths([{ patterns: [pattern], value: true }]);
  const matching = existing.filter((name) => name !== place.defaultBranch && matcher.match(name).length > 0);
  const order = new Intl.Collator("en", { numeric: true });
  const newest = matching.toSorted((a, b) => order.compare(b, a)).slice(0, SHOWN);
  const example = exampleBranch(pattern);
  return [
    ...newest.map((name) => ({ checkName, pattern, name, exists: true })),
    ...(existing.includes(example) ? [] : [{ checkName, pattern, name: example, exists: false }]),
  ];
}

/** Whose token it is; null for the App's own. */
export async function tokenOwner(api: Api): Promise<Seen<string>> {
  return lookedAt(async () => (await api.get("/user", {}, z.object({ login: z.string() }))).login);
}
