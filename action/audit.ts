import { checkNamesOf } from "../src/enforcement/governed-branch.ts";
import { landingId } from "../src/enforcement/recording/landing-record.ts";
import type { GitHubRepository } from "../src/github/hosting.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import type { WorkflowStanding } from "../src/github/workflow-run.ts";
import { type Audit, auditReport, auditTitle, isClean } from "../src/reports/audit.ts";
import { branchReading } from "../src/stores/branch-ledger.ts";
import { dueNow } from "../src/work/due-now.ts";
import { defaultRules } from "./default-rules.ts";
import { enforcing } from "./enforcing.ts";
import type { WorkflowEvent } from "./event.ts";
import { evidenceBranch } from "./evidence.ts";
import { InvalidInput } from "./inputs.ts";

/** What the command audit is asked. */
export interface AuditOptions {
  readonly tokens: WorkflowTokens;
  readonly evidenceBranch: string;
  /** Whether an issue is kept up to date. */
  readonly issue: boolean;
}

/** By this the issue is found again; it is nobody's own. */
const AUDIT = "@countersign/audit";

/** Looks at what is due by the registry of the default branch, and at landings there that no record is kept of. */
export async function audit(
  event: WorkflowEvent,
  { tokens, evidenceBranch: name, issue }: AuditOptions,
  standing: WorkflowStanding,
  signal: AbortSignal,
): Promise<Audit> {
  const app = issue ? await standing.app() : null;
  if (issue && app === null)
    throw new InvalidInput("input issue: an issue is found again by the App that wrote it; a person's token has none");
  const appId = app?.id ?? 0;
  const asked = { appId, tokens, comment: false, requestReviewers: false, notes: [], signal };
  const { parts, github, close } = enforcing(event, asked);
  try {
    const repository = await github.open(event.repository, signal);
    const { defaultBranch, policy, registry, faults } = await defaultRules(repository, parts);
    const due = dueNow(registry, policy, parts.now());
    const branch = evidenceBranch(github, { repository: event.repository, branch: name }, signal);
    const tip = await branch.tip();
    const evidence = branchReading({ ...branch, tip: async () => tip });
    const found: Audit = {
      due: due.map(({ rule, reason, dated }) => ({ rule, reason, blocksFrom: dated?.blocksFrom ?? null })),
      ...(await unrecorded(repository, defaultBranch.name, evidence)),
      unseen: [
        ...faults.map(({ reason }) => reason),
        ...(checkNamesOf(defaultBranch.name, defaultBranch.name, policy).length < policy.branches.length
          ? ["Further governed branches: only the default branch is looked at for landings."]
          : []),
      ],
    };
    if (issue) await keepIssue(found, repository);
    return found;
  } finally {
    close();
  }
}

/** Pushes to a branch from the first that is on record on, as far as GitHub remembers them, that no record is kept of. */
async function unrecorded(
  { name: { id }, pushes }: GitHubRepository,
  branch: string,
  ledger: ReturnType<typeof branchReading>,
): Promise<Pick<Audit, "unrecorded" | "landings" | "since">> {
  if ((await ledger.tip()).size === 0) return { unrecorded: [], landings: null, since: null };
  const missing: Audit["unrecorded"][number][] = [];
  let [since, landings]: [string | null, number] = [null, 0];
  for (const { after, login, at } of await pushes(branch)) {
    const known = (await ledger.get(landingId(id, branch, after))) !== null;
    if (since === null && !known) continue;
    since ??= at;
    landings += 1;
    if (!known) missing.push({ branch, commit: after, login, at });
  }
  return { unrecorded: missing, landings, since };
}

async function keepIssue(found: Audit, { landings: { issue } }: GitHubRepository): Promise<void> {
  const state = isClean(found) ? "closed" : "open";
  // One that was never needed is not made to be closed.
  if (state === "closed" && !(await issue.exists(AUDIT))) return;
  await issue.put(null, {
    ...{ title: `Countersign audit: ${auditTitle(found)}`, body: auditReport(found) },
    ...{ owner: AUDIT, state },
  } as const);
}
