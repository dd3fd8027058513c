import { constants, open } from "node:fs/promises";
import { evaluatedMatter } from "../src/enforcement/answer.ts";
import type { Enforcement } from "../src/enforcement/enforcement.ts";
import { matterOf, presentRules } from "../src/enforcement/matter.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import type { WorkflowStanding } from "../src/github/workflow-run.ts";
import { evaluationJson } from "../src/reports/evaluation-json.ts";
import { type ReportedResult, resultView } from "../src/reports/result-report.ts";
import {
  type EvaluationResult,
  figuresOf,
  type ResultFigures,
  UnreadableResult,
} from "../src/results/evaluation-result.ts";
import { readResult } from "../src/results/index.ts";
import type { HostedRepository } from "../src/work/hosting.ts";
import { HostingFault } from "../src/work/hosting-fault.ts";
import { enforcing } from "./enforcing.ts";
import type { WorkflowEvent } from "./event.ts";
import { InvalidInput } from "./inputs.ts";

/** What the command report is asked. */
export interface ReportOptions {
  /** The check's key in the policy. */
  readonly check: string;
  readonly files: readonly string[];
  /** The pull request that was evaluated; null where the event tells of one, or of none. */
  readonly pullRequest: number | null;
  readonly tokens: WorkflowTokens;
}

/** No evaluation writes more, and a larger file is not read into memory. */
const MOST_BYTES = 100 << 20;

/**
 * Judges an evaluation's results by the policy of the default branch, and puts them on the head as a check run of their
 * own, as far as the token may. What counts as the policy's check is the job itself, which fails with it (security rule S16).
 */
export async function report(
  event: WorkflowEvent,
  { check, files, pullRequest, tokens }: ReportOptions,
  standing: WorkflowStanding,
  signal: AbortSignal,
): Promise<ReportedResult> {
  if (check === "") throw new InvalidInput("input check: expected the key of a check under `checks` of the policy");
  if (files.length === 0) throw new InvalidInput("input results: expected a file with results, or several, one a line");
  const results = await Promise.all(files.map(resultIn));
  const figures = figuresIn(results, files);
  const appId = (await standing.app())?.id ?? 0;
  const { parts, close } = enforcing(event, {
    appId,
    tokens,
    comment: false,
    requestReviewers: false,
    notes: [],
    signal,
  });
  try {
    const repository = await parts.hosting.open(event.repository, signal);
    const pull = pullRequest === null ? proposed(event) : { number: pullRequest, head: null };
    const found = pull === null ? await onBranch(event, repository, parts) : await onPull(pull, repository, parts);
    const asked = found.checks[check];
    if (asked === undefined) throw new InvalidInput(unknown(check, Object.keys(found.checks)));
    const { head, governedDigest } = found;
    const reported = { check, name: asked.name, results, figures, needed: asked.passRate ?? 1, head, governedDigest };
    await repository.landings.mark(head, resultView(reported)).catch((fault: unknown) => {
      // Of a fork's pull request nothing may be written; the job says the same.
      if (!(fault instanceof HostingFault) || fault.code !== "hosting/forbidden") throw fault;
    });
    return reported;
  } finally {
    close();
  }
}

function figuresIn(results: readonly EvaluationResult[], files: readonly string[]): ResultFigures {
  try {
    return figuresOf(results);
  } catch (fault) {
    if (fault instanceof UnreadableResult)
      throw new InvalidInput(`input results: ${files.join(", ")} ${fault.message}`);
    throw fault;
  }
}

async function resultIn(path: string): Promise<EvaluationResult> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await bytesIn(path));
  } catch (fault) {
    throw new InvalidInput(`input results: ${path} cannot be read: ${fault instanceof Error ? fault.message : fault}`);
  }
  try {
    return readResult(text);
  } catch (fault) {
    if (fault instanceof UnreadableResult) throw new InvalidInput(`input results: ${path} ${fault.message}`);
    throw fault;
  }
}

/** What an evaluation left may be anything, and a device or a pipe has no end. */
async function bytesIn(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error("is no file");
    if (found.size > MOST_BYTES) throw new Error(`has more than ${MOST_BYTES >> 20} MB`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The pull request that an event tells of, with the head that was evaluated, which may not be the newest any more. */
function proposed({ payload }: WorkflowEvent): { readonly number: number; readonly head: string } | null {
  const { pull_request: pull } = payload as { readonly pull_request?: { number: number; head: { sha: string } } };
  return pull === undefined ? null : { number: pull.number, head: pull.head.sha };
}

function unknown(check: string, known: readonly string[]): string {
  const listed = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
  return `input check: the default branch's policy has no check ${JSON.stringify(check)}; ${listed}`;
}

async function onPull(
  { number, head: evaluated }: { readonly number: number; readonly head: string | null },
  repository: HostedRepository,
  parts: Enforcement,
) {
  const pull = await repository.pullRequest(number);
  if (pull === null) throw new InvalidInput(`there is no pull request #${number} here`);
  const { installation, id, owner, name } = repository.name;
  const work = { installation, repository: id, owner, name, number, reason: "report" };
  const matter = await matterOf(work, repository, [pull], parts);
  const { checks } = matter.policy;
  if (evaluated !== null && evaluated !== pull.head) return { checks, head: evaluated, governedDigest: null };
  const { evaluation } = (await evaluatedMatter(matter, parts)).evaluated;
  return { checks, head: pull.head, governedDigest: evaluationJson(evaluation).governedDigest };
}

async function onBranch({ sha }: WorkflowEvent, repository: HostedRepository, parts: Enforcement) {
  const { defaultBranch: name, organization } = await repository.landings.place();
  const head = await repository.landings.branchHead(name);
  if (head === null) throw new InvalidInput(`the default branch ${name} has no commit`);
  const { policy } = await presentRules(repository, { defaultBranch: { name, head }, organization }, parts);
  return { checks: policy.checks, head: sha, governedDigest: null };
}
