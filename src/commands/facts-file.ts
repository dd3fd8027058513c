import { z } from "zod";
import type { CheckResult, Command, Person } from "../core/facts.ts";
import type { UnboundFacts } from "../work/bound-facts.ts";
import { commandIn } from "../work/comment-command.ts";
import { jobResults, type ListedRun, workflowFile } from "../work/workflow-results.ts";
import { Usage } from "./usage.ts";

const User = z.object({ login: z.string(), type: z.string().optional() });
const Sha = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "expected a full commit id of 40 or 64 hexadecimal digits");
const Instant = z.iso.datetime({ offset: true });
const App = z.object({ slug: z.string().optional() });

/** `--facts`: what GitHub says, in the shapes of its REST API; every part may be left out. */
export const FactsFile = z.strictObject({
  pullRequest: z
    .object({
      user: User.nullable().optional(),
      body: z.string().nullable().optional(),
      draft: z.boolean().optional(),
      assignees: z.array(User).optional(),
      base: z.object({ repo: z.object({ full_name: z.string() }).optional() }).optional(),
      head: z.object({ sha: Sha }).optional(),
    })
    .optional(),
  reviews: z
    .array(
      z.object({
        id: z.int().optional(),
        user: User.nullable(),
        state: z.string(),
        commit_id: Sha.nullable().optional(),
        submitted_at: Instant.nullable().optional(),
      }),
    )
    .optional(),
  comments: z
    .array(
      z.object({
        id: z.int().optional(),
        user: User.nullable(),
        body: z.string().nullable(),
        created_at: Instant,
        updated_at: Instant.optional(),
        performed_via_github_app: z.unknown().optional(),
      }),
    )
    .optional(),
  checkRuns: z
    .array(
      z.object({
        name: z.string(),
        head_sha: Sha,
        status: z.string(),
        conclusion: z.string().nullable().optional(),
        completed_at: Instant.nullable().optional(),
        app: App.nullable().optional(),
      }),
    )
    .optional(),
  workflowRuns: z
    .array(
      z.object({
        id: z.int(),
        path: z.string(),
        head_sha: Sha,
        status: z.string(),
        run_attempt: z.int().optional(),
        run_number: z.int().optional(),
      }),
    )
    .optional(),
  jobs: z
    .array(
      z.object({
        run_id: z.int(),
        name: z.string(),
        workflow_name: z.string().nullable().optional(),
        head_sha: Sha,
        status: z.string(),
        conclusion: z.string().nullable().optional(),
        completed_at: Instant.nullable().optional(),
        run_attempt: z.int().optional(),
      }),
    )
    .optional(),
  teams: z.record(z.string(), z.array(z.string())).optional(),
  access: z.record(z.string(), z.string()).optional(),
  pushers: z.array(z.string()).optional(),
});
export type FactsFile = z.infer<typeof FactsFile>;

/** Reads and validates a facts file; what is wrong in it is named with its place. */
export async function readFactsFile(path: string, readFile: (path: string) => Promise<Uint8Array>): Promise<FactsFile> {
  const value = await readJson(path, readFile);
  const result = FactsFile.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${path}: ${issue.path.map(String).join(".") || "(whole file)"}: ${issue.message}`,
  );
  throw new Usage(problems.slice(0, 20).join("\n"));
}

async function readJson(path: string, readFile: (path: string) => Promise<Uint8Array>): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)));
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new Usage(
      `${path}: cannot be read as JSON (${why}); expected an object with parts such as pullRequest and reviews`,
    );
  }
}

/** A facts file as facts whose reviews are not bound yet: what they covered is looked up in the repository. */
export function unboundFacts(file: FactsFile): UnboundFacts {
  const author = file.pullRequest?.user;
  return {
    reviews: (file.reviews ?? []).map((review, position) => ({
      id: review.id ?? position,
      person: person(review.user),
      state: review.state.toUpperCase(),
      commit: review.commit_id ?? null,
      submittedAt: review.submitted_at ?? "1970-01-01T00:00:00Z",
      via: "review",
    })),
    facts: {
      pullRequest: author
        ? {
            author: required(author),
            body: file.pullRequest?.body ?? "",
            draft: file.pullRequest?.draft ?? false,
            assignees: (file.pullRequest?.assignees ?? []).map(required),
          }
        : null,
      commands: commandsOf(file),
      checks: checksOf(file),
      workflowRuns: runsOf(file).map((run) => ({ path: workflowFile(run), head: run.head, status: run.status })),
      teams: new Map(
        Object.entries(file.teams ?? {}).map(([team, members]) => [team.replace(/^@/, "").toLowerCase(), members]),
      ),
      access: file.access
        ? new Map(Object.entries(file.access).map(([login, role]) => [login.toLowerCase(), role]))
        : null,
      pushers: file.pushers ?? null,
      missing: missingOf(file),
    },
  };
}

/** Commands of people in comments that were never edited and that no App wrote. */
function commandsOf(file: FactsFile): readonly Command[] {
  return (file.comments ?? [])
    .filter(
      (comment) =>
        !comment.performed_via_github_app && (comment.updated_at ?? comment.created_at) === comment.created_at,
    )
    .flatMap((comment) => {
      const command = commandIn(comment.body ?? "");
      return command ? [{ ...command, person: person(comment.user), createdAt: comment.created_at }] : [];
    });
}

/** Results of Actions are read from the newest attempt of the newest run, never from the check of that name. */
function checksOf(file: FactsFile): readonly CheckResult[] {
  const others = (file.checkRuns ?? [])
    .filter((check) => check.app?.slug !== undefined && check.app.slug !== "github-actions")
    .map(
      (check): CheckResult => ({
        name: check.name,
        app: check.app?.slug ?? "",
        workflow: null,
        head: check.head_sha,
        status: check.status,
        conclusion: check.conclusion ?? null,
        completedAt: check.completed_at ?? null,
      }),
    );
  const jobs = (file.jobs ?? []).map((job) => ({
    run: job.run_id,
    name: job.name,
    workflowName: job.workflow_name ?? null,
    head: job.head_sha,
    status: job.status,
    conclusion: job.conclusion ?? null,
    completedAt: job.completed_at ?? null,
    attempt: job.run_attempt ?? 1,
  }));
  return [...others, ...jobResults(runsOf(file), jobs)];
}

function runsOf(file: FactsFile): readonly ListedRun[] {
  return (file.workflowRuns ?? []).map((run) => ({
    id: run.id,
    path: run.path,
    head: run.head_sha,
    status: run.status,
    number: run.run_number ?? run.id,
    attempt: run.run_attempt ?? 1,
  }));
}

function missingOf(file: FactsFile): readonly string[] {
  const absent: Readonly<Record<keyof FactsFile, string>> = {
    pullRequest: "no pull request was given: the author is not known",
    reviews: "no reviews were given",
    comments: "no comments were given: commands are not seen",
    checkRuns: "no check runs were given",
    workflowRuns: "no workflow runs were given",
    jobs: "no jobs were given: results of github-actions are not seen",
    teams: "no teams were given: members of teams cannot be read",
    access: "no access was given: write access of named people is assumed",
    pushers: "no pushers were given: commit identities are used, and one person more is asked",
  };
  return (Object.keys(absent) as (keyof FactsFile)[])
    .filter((key) => file[key] === undefined)
    .map((key) => absent[key]);
}

function person(user: z.infer<typeof User> | null): Person | null {
  return user ? required(user) : null;
}

function required(user: z.infer<typeof User>): Person {
  return { login: user.login, type: user.type ?? "User" };
}
