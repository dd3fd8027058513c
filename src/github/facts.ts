import { z } from "zod";
import type { HostedRepository } from "../work/hosting.ts";
import { lacks } from "./accepted-permissions.ts";
import { readAccounts } from "./accounts.ts";
import type { Api } from "./api.ts";
import { type BaselineMemory, baselineMemory, readBaseline } from "./baseline.ts";
import { boundedCache } from "./bounded-cache.ts";
import { isRun, readChecks, runsQuestion } from "./check-results.ts";
import type { CommentOrigins } from "./commands.ts";
import { type Foreseeing, type Foresight, foreseeing, foresight } from "./foresight.ts";
import type { HeadPlace } from "./head-place.ts";
import { readOpenPullRequests } from "./open-pull-requests.ts";
import {
  accessQuestion,
  accountIn,
  membersQuestion,
  readAccess,
  readOrganizationMembers,
  readTeamMembers,
  strangeness,
} from "./people.ts";
import { type PullRequestReading, readPullRequest } from "./pull-request.ts";

/** What is remembered between jobs of what never changes, or is dear to ask for. */
export interface FactsMemory {
  readonly origins: CommentOrigins;
  readonly baselines: BaselineMemory;
  readonly foresight: Foresight;
}

/** Remembers nothing yet; one for the life of the program. */
export function factsMemory(): FactsMemory {
  return { origins: boundedCache(4 << 20), baselines: baselineMemory(), foresight: foresight() };
}

/** Whose facts are read, with what. */
export interface FactsScope {
  /** The job's repository. */
  readonly api: Api;
  /** The teams of the same owner, with a token for nothing else: not every installation grants it. */
  membersApi(): Api;
  /** The same owner's repository `.github`; only made where the owner is an organisation. */
  baselineApi(): Api;
  /** False where that has the job's own token, and so leads nowhere that the job's does not. */
  readonly baselineApart: boolean;
  readonly installation: number;
  readonly owner: string;
  /** The number of the job's repository. */
  readonly repository: number;
  readonly memory: FactsMemory;
  readonly now: () => number;
  /** Is told the files of configuration that came along with a pull request. */
  readonly seen: PullRequestReading["seen"];
  /** Is told what else came along. */
  readonly discussed: PullRequestReading["discussed"];
}

/** The part of a hosted repository that reads what may change. */
export type RepositoryFacts = Pick<
  HostedRepository,
  | "pullRequest"
  | "openPullRequests"
  | "teamMembers"
  | "access"
  | "accounts"
  | "organizationMembers"
  | "checks"
  | "foresee"
  | "baseline"
>;

/** People's accounts by what is asked about their access anyway; null where that does not tell all of them. */
async function accountsAlong(
  ahead: Foreseeing,
  logins: readonly string[],
): Promise<ReadonlyMap<string, number> | null> {
  const found = new Map<string, number>();
  const asked = logins.map((login) => [login, ahead.begun("find", "job", accessQuestion(login))] as const);
  if (asked.some(([, answer]) => answer === undefined)) return null;
  for (const [login, answer] of asked) {
    // A fault shows where the access itself is asked for.
    const account = accountIn(await answer?.catch(() => null), login);
    if (account === null) return null;
    found.set(login.toLowerCase(), account);
  }
  return found;
}

const Owned = z.object({ owner: z.object({ type: z.string() }) });

/** Reads one repository's facts within one job. */
export function repositoryFacts(scope: FactsScope): RepositoryFacts {
  const { api, installation, owner, repository, memory, now, seen, discussed } = scope;
  const { membersApi, baselineApi } = scope;
  const ahead = foreseeing(memory.foresight, { job: () => api, members: membersApi, baseline: baselineApi });
  const job = ahead.over("job", api);
  let byOrganization: boolean | null = null;
  const places = new Map<number, HeadPlace>();
  return {
    async pullRequest(number, expected) {
      if (expected) ahead.begin(`${repository} ${number}`, expected.head);
      if (expected?.login) ahead.beginOne("find", "job", accessQuestion(expected.login));
      const placed = (place: HeadPlace) => places.set(number, place);
      const reading = { repository, origins: memory.origins, seen, placed, discussed };
      const pull = await readPullRequest(api, number, reading, expected?.first === true);
      if (pull) byOrganization = pull.organization !== null;
      // What happens on this head from now on is told by events that find it, since it is noted before the next of them.
      if (pull?.state === "open") ahead.beginAt(pull.head);
      return pull;
    },
    openPullRequests: () => readOpenPullRequests(api, repository),
    teamMembers: (teams) => readTeamMembers(ahead.over("members", membersApi()), owner, teams),
    access: (logins, named) => readAccess(job, logins, named),
    organizationMembers: (logins) => readOrganizationMembers(ahead.over("members", membersApi()), owner, logins),
    async accounts(logins) {
      return (await accountsAlong(ahead, logins)) ?? readAccounts(api, logins);
    },
    checks(at, wanted) {
      const own = [...places.values()].filter(({ head, baseRef }) => head === at.head && baseRef === at.baseRef);
      return readChecks(job, at.head, wanted, own);
    },
    async foresee(head, checks, who) {
      for (const name of who)
        if (!name.includes("/")) ahead.beginOne("find", "job", accessQuestion(name));
        else if (strangeness(name, owner) === null) ahead.beginOne("all", "members", membersQuestion(name));
      if (checks.some(isRun) && !lacks(await api.lacking(), "actions", "read"))
        ahead.beginOne("all", "job", runsQuestion(head));
    },
    async baseline() {
      byOrganization ??= (await api.get("/repos/{owner}/{repo}", {}, Owned)).owner.type === "Organization";
      if (!byOrganization) return "absent";
      const ways = [
        ...(scope.baselineApart ? [{ key: `${installation}`, api: () => ahead.over("baseline", baselineApi()) }] : []),
        // A public one stays in force where somebody takes it out of the App's installation: every token can read it.
        { key: `${installation} public`, api: () => job },
      ];
      return readBaseline(ways, memory.baselines, now());
    },
  };
}
