import { z } from "zod";
import { byText, type ObjectId } from "../core/change-set.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { ListedCommit, listedCommit } from "./commit-reading.ts";
import type { Comparison, HostedCommit, ObjectStore } from "./object-store.ts";

const Dated = z.object({ commit: z.object({ committer: z.object({ date: z.string().optional() }).nullable() }) });
const Compared = z.object({
  merge_base_commit: ListedCommit,
  base_commit: ListedCommit.and(Dated),
  behind_by: z.int(),
  total_commits: z.int(),
  commits: z.array(ListedCommit),
  files: z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() })).optional(),
});
type Compared = z.infer<typeof Compared>;

/** GitHub names no more files of a comparison than this; nothing is ever decided from them. */
const NAMED_FILES = 300;
const PAGE = 100;
/** No pull request has more commits; each page is a request. */
const PAGES = 100;

/** Compares two commits: their merge bases, and the commits between. */
export async function compareCommits(
  api: Api,
  store: ObjectStore,
  base: ObjectId,
  head: ObjectId,
): Promise<Comparison & { readonly commits: readonly HostedCommit[] }> {
  const known = store.comparisons.get(base, head);
  if (known?.commits) return { ...known, commits: known.commits };
  return (await comparedNow(api, store, base, head)).comparison;
}

/** Compares a commit with a branch as it stands now, and gives the branch's head; the comparison is kept under its id. */
export async function compareBranch(api: Api, store: ObjectStore, branch: string, head: ObjectId): Promise<ObjectId> {
  return (await comparedNow(api, store, branch, head)).base;
}

async function comparedNow(api: Api, store: ObjectStore, from: string, head: ObjectId) {
  const { first, base, commits } = await allCommits(api, store, from, head);
  const [mergeBase, ...others] = await mergeBasesOf(api, store, { base, head, first, commits });
  const hints = (first.files ?? []).flatMap(({ filename, previous_filename }) => [
    filename,
    previous_filename ?? filename,
  ]);
  const comparison = {
    mergeBases: [mergeBase, ...others],
    commits: [...commits].reverse(),
    hints: (first.files?.length ?? NAMED_FILES) < NAMED_FILES ? [...new Set(hints)] : null,
  } satisfies Comparison;
  store.comparisons.put(comparison, base, head);
  // A merge base is an ancestor of the head, so its comparison with it needs no asking.
  for (const one of comparison.mergeBases)
    if (store.comparisons.get(one, head) === undefined)
      store.comparisons.put({ mergeBases: [one], commits: null, hints: comparison.hints }, one, head);
  return { base, comparison };
}

/** The merge bases of two commits, by what is known already where that says enough. */
export async function mergeBasesBetween(
  api: Api,
  store: ObjectStore,
  base: ObjectId,
  head: ObjectId,
): Promise<Comparison> {
  if (base === head) return { mergeBases: [base], commits: [], hints: [] };
  return store.comparisons.get(base, head) ?? (await compareCommits(api, store, base, head));
}

async function comparedPage(api: Api, store: ObjectStore, base: string, head: ObjectId, page: number, size: number) {
  try {
    const params = { basehead: `${base}...${head}`, per_page: size, page };
    const compared = await api.fixed("/repos/{owner}/{repo}/compare/{basehead}", params, Compared);
    for (const row of [compared.merge_base_commit, compared.base_commit, ...compared.commits])
      if (store.commits.get(row.sha)?.known === undefined) store.commits.put(listedCommit(row), row.sha);
    return compared;
  } catch (fault) {
    if (!(fault instanceof HostingFault) || fault.code !== "hosting/not-found") throw fault;
    const between = `${base.slice(0, 12)} and ${head.slice(0, 12)}`;
    throw new HostingFault("hosting/not-found", `GitHub finds no common history of ${between}`, {
      status: 404,
      cause: fault,
      remedy: "Rebase the branch onto the one it is to be merged into; if a commit was removed, push it again.",
    });
  }
}

async function allCommits(api: Api, store: ObjectStore, from: string, head: ObjectId) {
  const first = await comparedPage(api, store, from, head, 1, PAGE);
  // A branch may move between pages.
  const base = first.base_commit.sha;
  const commits = first.commits.map(listedCommit);
  for (let page = 2; commits.length < first.total_commits; page += 1) {
    const { commits: more } = await comparedPage(api, store, base, head, page, PAGE);
    commits.push(...more.map(listedCommit));
    if (more.length === 0 || page === PAGES)
      throw new HostingFault(
        "hosting/incomplete",
        `GitHub lists ${commits.length} of ${first.total_commits} commits between ${base} and ${head}`,
        { remedy: "Split the pull request, or squash its commits." },
      );
  }
  return { first, base, commits };
}

interface Between {
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly first: Compared;
  /** What the head has and the base has not. */
  readonly commits: readonly HostedCommit[];
}

/**
 * All merge bases, of which GitHub tells one. Every merge base is a parent of a commit that only the head has; where those
 * commits have one parent outside of them, there is no other. Else it is also a parent of a commit that only the base has,
 * and no ancestor of another merge base.
 */
async function mergeBasesOf(
  api: Api,
  store: ObjectStore,
  between: Between,
): Promise<readonly [ObjectId, ...ObjectId[]]> {
  const { base, head, first, commits } = between;
  const told = first.merge_base_commit.sha;
  let others = outside(commits).filter((id) => id !== told);
  if (others.length > 0 && first.behind_by <= PAGE * others.length) {
    const back = await allCommits(api, store, head, base);
    const known = new Set(outside(back.commits));
    others = others.filter((id) => known.has(id));
  }
  const apart: { readonly id: ObjectId; readonly at: string }[] = [];
  for (const id of others) {
    const at = await whereApart(api, store, id, [told, ...others.filter((other) => other !== id)]);
    if (at !== null) apart.push({ id, at });
  }
  // In git's order, the newest first.
  return [told, ...apart.sort((a, b) => byText(b.at, a.at)).map(({ id }) => id)];
}

/** The parents that are not among the commits themselves. */
function outside(commits: readonly HostedCommit[]): readonly ObjectId[] {
  const own = new Set(commits.map(({ id }) => id));
  return [...new Set(commits.flatMap(({ parents }) => parents))].filter((id) => !own.has(id));
}

/** When a commit that is an ancestor of none of the others was committed; null for one that is. */
async function whereApart(
  api: Api,
  store: ObjectStore,
  id: ObjectId,
  others: readonly ObjectId[],
): Promise<string | null> {
  let at = "";
  for (const other of others) {
    // The second page of a comparison names no files, which makes it a short answer.
    const compared = await comparedPage(api, store, id, other, 2, 1).catch(unrelated);
    if (compared?.merge_base_commit.sha === id) return null;
    at = compared?.base_commit.commit.committer?.date ?? at;
  }
  return at;
}

function unrelated(fault: unknown): null {
  if (fault instanceof HostingFault && fault.code === "hosting/not-found") return null;
  throw fault;
}
