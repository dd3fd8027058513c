import { z } from "zod";
import type { ChangeSet, ObjectId } from "../core/change-set.ts";
import type { CheckRunView } from "../reports/pull-request-view.ts";
import type { BranchPlace, Landings } from "../work/landings.ts";
import type { Api } from "./api.ts";
import { rulesOn } from "./branch-demands.ts";
import { branchHead } from "./branch-head.ts";
import { readCommit, readCommits } from "./commit-reading.ts";
import type { ObjectStore } from "./object-store.ts";
import { digestOf } from "./publisher.ts";
import { trackingIssues } from "./tracking-issue.ts";
import { treeDifferences } from "./tree-difference.ts";
import { treeReader } from "./tree-reading.ts";

/** Whose landings are read, with what. */
export interface LandingsScope {
  readonly api: Api;
  /** With a token for issues and nothing else: not every installation grants it. */
  issuesApi(): Api;
  readonly store: ObjectStore;
  readonly appId: number | string;
  readonly owner: string;
  readonly name: string;
}

const Repository = z.object({
  html_url: z.string(),
  default_branch: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  owner: z.object({ id: z.int(), type: z.string() }),
});
const Pulls = z.array(
  z.object({
    number: z.int(),
    merged_at: z.string().nullish(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string() }),
  }),
);
const Merged = z.object({ merged_by: z.object({ login: z.string() }).nullish() });
const Run = z.object({
  id: z.int(),
  name: z.string(),
  conclusion: z.string().nullable(),
  external_id: z.string().nullish(),
  app: z.object({ id: z.int(), slug: z.string().nullish() }).nullable(),
});
const Runs = z.object({ check_runs: z.array(Run) }).transform(({ check_runs: runs }) => runs);
const Written = z.object({ id: z.int() });

const RUNS = "/repos/{owner}/{repo}/commits/{ref}/check-runs";
/** Who commits what GitHub's own pages and its merge queue make. */
const GITHUB = "noreply@github.com";

/** What came into the branches of a repository at GitHub. */
export function landings({ api, issuesApi, store, appId, owner, name }: LandingsScope): Landings {
  let known: Promise<BranchPlace> | null = null;
  const place = () => {
    known ??= readPlace(api);
    return known;
  };
  return {
    place,
    branchHead: (branch) => branchHead(api, branch),
    difference: (before, after) => difference(api, store, before, after),
    async pullsOf(commit) {
      const found = await api.all("/repos/{owner}/{repo}/commits/{commit_sha}/pulls", { commit_sha: commit }, Pulls);
      return found.flatMap(({ number, merged_at: mergedAt, head, base }) =>
        mergedAt ? [{ number, head: head.sha, baseRef: base.ref, mergedAt }] : [],
      );
    },
    async mergerOf(pullRequest) {
      const params = { pull_number: pullRequest };
      return (await api.find("/repos/{owner}/{repo}/pulls/{pull_number}", params, Merged))?.merged_by?.login ?? null;
    },
    parentsOf: async (commit) => (await readCommit(api, store, commit)).parents,
    isOwnCommit: async (commit) => (await readCommit(api, store, commit)).committerEmail === GITHUB,
    async runsNamed(commit, checkName) {
      const runs = await api.all(RUNS, { ref: commit, check_name: checkName, filter: "latest" }, Runs);
      return runs
        .filter((run) => run.name === checkName)
        .map(({ app, conclusion }) => {
          const own = String(app?.id) === String(appId);
          return { own, app: app?.slug ?? String(app?.id ?? "unknown"), conclusion };
        });
    },
    async rules(branch) {
      const { defaultBranch, organization, ...rest } = await place();
      const inspected = {
        owner,
        name,
        defaultBranch,
        ownedByOrganization: organization !== null,
        rulesOffered: true,
      };
      return rulesOn(api, branch, { ...inspected, ...rest });
    },
    mark: (commit, view) => mark(api, appId, commit, view),
    issue: trackingIssues(api, issuesApi, appId),
  };
}

async function difference(api: Api, store: ObjectStore, before: ObjectId, after: ObjectId): Promise<ChangeSet> {
  const commits = await readCommits(api, store, [before, after]);
  const tree = (id: ObjectId) => commits.get(id)?.tree ?? null;
  const [changes = []] = await treeDifferences(treeReader(api, store), [{ before: tree(before), after: tree(after) }]);
  return { base: before, head: after, changes };
}

async function readPlace(api: Api): Promise<BranchPlace> {
  const { default_branch: defaultBranch, owner, ...rest } = await api.get("/repos/{owner}/{repo}", {}, Repository);
  return {
    server: new URL(rest.html_url).origin,
    defaultBranch,
    organization: owner.type === "Organization" ? owner.id : null,
    private: rest.private,
    archived: rest.archived,
  };
}

/** One run of ours by that name stands on a commit, however often it is looked at. */
async function mark(api: Api, appId: number | string, commit: ObjectId, view: CheckRunView): Promise<void> {
  const params = { ref: commit, check_name: view.name, app_id: Number(appId), filter: "latest" };
  const runs = await api.all(RUNS, params, Runs);
  const own = runs.find((run) => run.name === view.name && String(run.app?.id) === String(appId));
  const { title, summary, text } = view;
  const externalId = digestOf([title, summary, text]);
  if (own?.external_id === externalId) return;
  const body = {
    name: view.name,
    status: view.status,
    ...(view.conclusion === null ? {} : { conclusion: view.conclusion }),
    external_id: externalId,
    output: { title, summary, ...(text === "" ? {} : { text }) },
  };
  if (own === undefined)
    await api.write("POST /repos/{owner}/{repo}/check-runs", { head_sha: commit, ...body }, Written);
  else
    await api.write(
      "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
      { check_run_id: own.id, ...body },
      Written,
    );
}
