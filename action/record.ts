import type { Instant } from "../src/core/scalars.ts";
import { evaluatedMatter } from "../src/enforcement/answer.ts";
import { basePushWork } from "../src/enforcement/bypass/landing-job.ts";
import type { Enforcement } from "../src/enforcement/enforcement.ts";
import { checkNamesOf } from "../src/enforcement/governed-branch.ts";
import { keepDecision } from "../src/enforcement/kept-decision.ts";
import { matterOf, presentRules } from "../src/enforcement/matter.ts";
import { mayMerge } from "../src/enforcement/shared-check.ts";
import type { LedgerEntry } from "../src/evidence/ledger.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import type { WorkflowStanding } from "../src/github/workflow-run.ts";
import type { HostedPullRequest, HostedRepository } from "../src/work/hosting.ts";
import type { LandedPull } from "../src/work/landings.ts";
import { type Brought, enforcing } from "./enforcing.ts";
import type { WorkflowEvent } from "./event.ts";
import { InvalidInput } from "./inputs.ts";

/** What the command record is asked. */
export interface RecordOptions {
  readonly tokens: WorkflowTokens;
  readonly comment: boolean;
  readonly evidenceBranch: string;
  readonly signingKey: string;
}

/** A push to a branch, or the merge that made it. */
interface Landed {
  readonly branch: string;
  readonly before: string | null;
  readonly after: string;
  readonly login: string;
  /** When it was pushed: what was recorded before that is no record of it. */
  readonly at: Instant;
}

/** What GitHub knows a moment late is waited for so long, in milliseconds. */
const PATIENCE = 150_000;

/**
 * Records what landed on a governed branch, as the App would: who approved it is read once more, as it stood when it was
 * merged. Returns what was added; nothing where it is recorded already, or the branch is not governed.
 */
export async function record(
  event: WorkflowEvent,
  options: RecordOptions,
  standing: WorkflowStanding,
  signal: AbortSignal,
): Promise<readonly LedgerEntry[]> {
  const { tokens, comment, evidenceBranch: branch, signingKey } = options;
  const appId = (await standing.app())?.id ?? 0;
  const evidence = { repository: event.repository, branch, signingKey };
  const program = enforcing(event, { appId, tokens, comment, requestReviewers: false, notes: [], evidence, signal });
  try {
    const repository = await program.github.open(event.repository, signal);
    const landed = event.name === "push" ? pushed(event) : await merged(event, repository);
    if (landed === null) return [];
    const { installation, id, owner, name } = event.repository;
    const place = { installation, repository: id, owner, name };
    const rules = await rulesThen(landed, repository, program.parts);
    if (rules === null) return [];
    const { branch, before, at } = landed;
    const { defaultBranch, policy } = rules;
    if (checkNamesOf(evidence.branch, defaultBranch.name, policy).length > 0)
      throw new InvalidInput(
        `input evidence-branch: ${evidence.branch} is governed; records need a branch of their own`,
      );
    await program.store.putWatched(id, { defaultBranch: defaultBranch.name, patterns: policy.branches });
    // From where this push began: what came behind it meanwhile is recorded, too, and once.
    if (before !== null) await program.store.noteBranch({ ...place, branch, head: before, at });
    program.onBrought(recalling(branch, rules, program.parts));
    await program.queue.add(basePushWork({ ...place, ...landed, defaultBranch: defaultBranch.name }));
    await program.run(PATIENCE, signal);
    return program.added();
  } finally {
    program.close();
  }
}

interface Payload {
  readonly ref?: string;
  readonly before?: string;
  readonly after?: string;
  readonly created?: boolean;
  readonly deleted?: boolean;
  readonly sender?: { readonly login: string };
  /** In seconds, of a push. */
  readonly repository?: { readonly pushed_at?: number | string };
  readonly action?: string;
  readonly pull_request?: {
    readonly merged?: boolean;
    readonly merge_commit_sha?: string | null;
    readonly base: { readonly ref: string };
    readonly merged_by?: { readonly login: string } | null;
  };
}

function pushed({ payload }: WorkflowEvent): Landed | null {
  const { ref = "", before, after, created, deleted, sender, repository } = payload as Payload;
  const [, branch] = /^refs\/heads\/(.+)$/s.exec(ref) ?? [];
  if (branch === undefined || after === undefined || deleted) return null;
  const stamp = repository?.pushed_at ?? 0;
  const at = new Date(typeof stamp === "number" ? stamp * 1_000 : stamp).toISOString();
  return { branch, before: created ? null : (before ?? null), after, login: sender?.login ?? "ghost", at };
}

/** What a merged pull request made of its base: GitHub remembers where the branch stood before. */
async function merged(
  { name, payload }: WorkflowEvent,
  { pushes }: { pushes(branch: string): Promise<readonly Omit<Landed, "branch">[]> },
): Promise<Landed | null> {
  const { action, pull_request: pull } = payload as Payload;
  if (name !== "pull_request" || action !== "closed" || pull === undefined)
    throw new InvalidInput(
      `the command record runs on push and on pull_request with the type closed, and this is ${name}`,
    );
  if (pull.merged !== true || !pull.merge_commit_sha) return null;
  const { ref: branch } = pull.base;
  const push = (await pushes(branch)).findLast(({ after }) => after === pull.merge_commit_sha);
  if (push === undefined)
    throw new InvalidInput(
      `where ${branch} stood before ${pull.merge_commit_sha} is not known any more; start the workflow on push, which tells`,
    );
  const { before, after, login, at } = push;
  return { branch, before, after, login: pull.merged_by?.login ?? login, at };
}

/** The rules that a landing is held against: of a push to the default branch, those before it. Null in an empty repository. */
async function rulesThen({ branch, before }: Landed, repository: HostedRepository, parts: Enforcement) {
  const place = await repository.landings.place();
  const onDefault = branch === place.defaultBranch;
  const head = (onDefault ? before : null) ?? (await repository.landings.branchHead(place.defaultBranch));
  if (head === null) return null;
  const defaultBranch = { name: place.defaultBranch, head };
  const { policy } = await presentRules(repository, { ...place, defaultBranch }, parts);
  return { defaultBranch, policy };
}

/**
 * Decides about what was merged as everything stood then, so that the record can say who approved it and why it went in:
 * once for each pull request, by the first commit that it brought, whatever was merged behind the push that is looked at.
 */
function recalling(
  branch: string,
  { defaultBranch, policy }: NonNullable<Awaited<ReturnType<typeof rulesThen>>>,
  parts: Enforcement,
): Brought {
  const names = checkNamesOf(branch, defaultBranch.name, policy);
  const known = new Set<number>();
  return async (commit, pulls, repository) => {
    const fresh = pulls.filter(({ baseRef, number }) => baseRef === branch && !known.has(number));
    if (fresh.length === 0 || names.length === 0) return;
    const [before] = await repository.landings.parentsOf(commit);
    for (const pull of fresh) {
      known.add(pull.number);
      const found = await repository.pullRequest(pull.number);
      if (before === undefined || found === null || found.head !== pull.head) continue;
      const rules = branch === defaultBranch.name ? { ...defaultBranch, head: before } : defaultBranch;
      const then = asOf(pull, { ...found, base: { ref: branch, head: before }, defaultBranch: rules });
      await decideThen(then, pull, repository, parts);
      await recallCheck(pull, names, repository, parts);
    }
  };
}

/** A pull request without what was said of it after it was merged. */
function asOf({ mergedAt }: LandedPull, pull: HostedPullRequest): HostedPullRequest {
  const until = Date.parse(mergedAt);
  return {
    ...pull,
    reviews: pull.reviews.filter(({ submittedAt }) => Date.parse(submittedAt) <= until),
    commands: pull.commands.filter(({ createdAt }) => Date.parse(createdAt) <= until),
  };
}

async function decideThen(
  pull: HostedPullRequest,
  { number, mergedAt }: LandedPull,
  repository: HostedRepository,
  parts: Enforcement,
): Promise<void> {
  const { installation, id, owner, name } = repository.name;
  const then = { ...parts, now: () => mergedAt };
  const work = { installation, repository: id, owner, name, number, reason: "merged" };
  const matter = await matterOf(work, repository, [pull], then);
  // By no broken glass (nothing here remembers what is owed for one), as where it was checked.
  const found = await evaluatedMatter(matter, { ...then, evidence: null });
  const { evaluation } = found.evaluated;
  await keepDecision(matter, { ...found, evaluation }, mayMerge(evaluation), then);
}

/** Whether a check of this App stood green on what was merged; that it decided so by itself, only the decision above tells. */
async function recallCheck(
  { head }: LandedPull,
  names: readonly string[],
  repository: HostedRepository,
  { store }: Enforcement,
): Promise<void> {
  for (const checkName of names) {
    const runs = await repository.landings.runsNamed(head, checkName);
    const passing = runs.some(({ own, conclusion }) => own && conclusion === "success");
    const common = { repository: repository.name.id, head, checkName, premises: "" };
    await store.putView({ ...common, checkRun: null, digest: null, passing });
  }
}
