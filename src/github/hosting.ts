import type { EvidenceBranch } from "../evidence/evidence-branch.ts";
import { BASELINE_REPOSITORY } from "../work/configuration.ts";
import type { HostedName, HostedRepository } from "../work/hosting.ts";
import { type Permissions, ungrantedOf, withNeeded } from "./accepted-permissions.ts";
import type { Charges } from "./api.ts";
import { type ApiScope, type Client, clientWith, type GitHubSettings, githubClient } from "./client.ts";
import { systemClock } from "./clock.ts";
import { conversation, REACTION_PERMISSIONS } from "./conversation.ts";
import { discussions } from "./discussion.ts";
import { githubEvidenceBranch } from "./evidence-branch.ts";
import { type FactsMemory, factsMemory, repositoryFacts } from "./facts.ts";
import { landings } from "./landings.ts";
import { mergeQueues, QUEUE_PERMISSIONS } from "./merge-queues.ts";
import { type ObjectStore, objectStores } from "./object-store.ts";
import { publish } from "./publish.ts";
import { type RememberedPush, readPushes } from "./pushes.ts";
import { REVERT_PERMISSIONS, reverts } from "./reverts.ts";
import { keepSeen } from "./seen-files.ts";
import { objectSource } from "./source.ts";
import { type WorkflowTokens, workflowTokens } from "./tokens.ts";

/** Which App at which GitHub, and how much may be kept in memory. */
export interface HostingSettings extends GitHubSettings {
  /** Bytes that git's objects may take up between jobs; 96 MiB when left out. */
  readonly objectsKept?: number;
}

/** A repository at GitHub, for one job, with what reading it cost. */
export interface GitHubRepository extends HostedRepository {
  readonly charges: Readonly<Charges>;
  /** Who pushed to a branch, as far as GitHub remembers it. */
  pushes(branch: string): Promise<readonly RememberedPush[]>;
  /** A branch that holds nothing but evidence. */
  evidenceBranch(branch: string): EvidenceBranch;
}

/** What a job may do in its repository, and no more (P43); each line is a permission of the App's manifest. */
export const JOB_PERMISSIONS = {
  actions: "read",
  checks: "write",
  contents: "read",
  issues: "read",
  pull_requests: "write",
} as const;
/** What a job may learn of the organisation. A person's account grants no such thing, and gets no token that asks for it. */
export const MEMBERS_PERMISSIONS = { members: "read" } as const;

/** What keeping records on a branch takes; the App keeps them elsewhere. */
const EVIDENCE_PERMISSIONS = { contents: "write" } as const;

interface Open {
  readonly appId: number | string;
  /** Whether the organisation's repository is reached with a token of its own. */
  readonly baselineApart: boolean;
  readonly client: Client;
  readonly stores: (repository: number) => ObjectStore;
  readonly memory: FactsMemory;
  readonly now: () => number;
}

/** GitHub as one App sees it. What is kept between jobs lives as long as this value. */
export function githubHosting(settings: HostingSettings): GitHubHosting {
  return hostingOf(githubClient(settings), settings, true);
}

/** GitHub as a workflow sees it; `appId` is the App that its token belongs to. */
export function workflowHosting(
  settings: Omit<HostingSettings, "privateKey"> & { readonly tokens: WorkflowTokens },
): GitHubHosting {
  return hostingOf(
    clientWith(() => workflowTokens(settings.tokens), settings),
    settings,
    settings.tokens.organization !== null,
  );
}

/** GitHub, one repository at a time. */
export interface GitHubHosting {
  open(name: HostedName, signal: AbortSignal): Promise<GitHubRepository>;
  /** Believes nothing any more of what an installation had accepted: its owner has accepted more. */
  renew(installation: number): void;
}

function hostingOf(
  client: Client,
  settings: Omit<HostingSettings, "privateKey">,
  baselineApart: boolean,
): GitHubHosting {
  const open: Open = {
    appId: settings.appId,
    ...{ client, baselineApart },
    stores: objectStores(settings.objectsKept ?? 96 << 20),
    memory: factsMemory(),
    now: () => (settings.clock ?? systemClock).now(),
  };
  return {
    open: async (name, signal) => repositoryOf(open, name, signal),
    renew: (installation) => open.client.renew(installation),
  };
}

const BASELINE_SCOPE = {
  name: BASELINE_REPOSITORY,
  repository: { name: BASELINE_REPOSITORY },
  permissions: { contents: "read" },
} as const;

function repositoryOf(
  { appId, baselineApart, client, stores, memory, now }: Open,
  name: HostedName,
  signal: AbortSignal,
): GitHubRepository {
  const { installation, id, owner } = name;
  const charges: Charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
  const job: Pick<ApiScope, "installation" | "owner" | "signal" | "charges"> = { installation, owner, signal, charges };
  const apiWith = (permissions: Permissions) =>
    client.api({ ...job, name: name.name, repository: { id }, permissions });
  const api = apiWith(JOB_PERMISSIONS);
  const store = stores(id);
  const { expect, ...source } = objectSource(api, store);
  const members = apiWith(MEMBERS_PERMISSIONS);
  const reactions = apiWith(REACTION_PERMISSIONS);
  let teamsAsked = false;
  const heard = discussions();
  const facts = repositoryFacts({
    api,
    membersApi: () => members,
    // A token of its own: the job's must not reach the organisation's repository, and this one must not write.
    baselineApi: () => client.api({ ...job, ...BASELINE_SCOPE }),
    ...{ installation, owner, repository: id, memory, now, baselineApart },
    seen: (commit, files) => keepSeen(store, commit, files),
    discussed: heard.put,
  });
  return {
    ...{ name, charges, ...source, ...facts },
    queues: mergeQueues(api, () => apiWith(QUEUE_PERMISSIONS)),
    reverts: reverts({ api, revertsApi: () => apiWith(REVERT_PERMISSIONS) }),
    landings: landings({ api, issuesApi: () => reactions, store, appId, owner, name: name.name }),
    conversation: conversation({ api, reactionsApi: () => reactions, appId, heard }),
    teamMembers(teams) {
      teamsAsked ||= teams.length > 0;
      return facts.teamMembers(teams);
    },
    // Members are only asked for where a team is.
    ungranted: async () => ungrantedOf([await api.lacking(), teamsAsked ? await members.lacking() : null]),
    async pullRequest(number, expected) {
      withNeeded(await api.lacking());
      if (expected?.baseRef != null) expect(expected.baseRef, expected.head);
      return facts.pullRequest(number, expected);
    },
    pushes: (branch) => readPushes(api, branch),
    evidenceBranch: (branch) => githubEvidenceBranch(apiWith(EVIDENCE_PERMISSIONS), branch),
    publish: (place, view, last, writing) =>
      publish({ api, appId, writing, uncommented: heard.uncommented }, place, view, last),
  };
}
