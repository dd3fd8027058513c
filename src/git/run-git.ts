import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { devNull } from "node:os";
import { GitFault, RepositoryProblem } from "./repository-problem.ts";

/** Where git is run, and with which index and object folder instead of the repository's own. */
export interface GitContext {
  readonly directory: string;
  readonly index?: string | undefined;
  readonly objects?: { readonly own: string; readonly borrowed: string } | undefined;
  /** Settings on top of the safe ones. */
  readonly settings?: readonly string[];
}

/** What a run of git gave. */
export interface GitResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Settings that keep git from running or contacting anything on the repository's behalf: no hooks, no file system
 * monitor, no network, not even for the missing objects of a partial clone. The index is never split, since the shared
 * half would be written beside the repository's own.
 */
const SAFE = [
  `core.hooksPath=${devNull}`,
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.splitIndex=false",
  "core.fsync=none",
  "core.looseCompression=0",
  "core.bigFileThreshold=64m",
  "protocol.allow=never",
  "diff.external=",
  "log.showSignature=false",
  "gc.auto=0",
  "maintenance.auto=false",
];

/** Inherited variables that are the user's own settings; every other `GIT_*` could point git at another repository. */
const KEPT = /^GIT_(?:EXEC_PATH|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|CONFIG_(?!PARAMETERS).+)$/;

function environment(context: GitContext): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT.test(name));
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    // What is compared is what the hosting service sees, not local substitutes for objects.
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_PAGER: "cat",
    ...(context.index === undefined ? {} : { GIT_INDEX_FILE: context.index }),
    ...(context.objects
      ? { GIT_OBJECT_DIRECTORY: context.objects.own, GIT_ALTERNATE_OBJECT_DIRECTORIES: context.objects.borrowed }
      : {}),
  };
}

/** Starts git with the safe environment. Arguments never come from outside unchecked: revisions are resolved to ids first. */
export function spawnGit(context: GitContext, args: readonly string[]): ChildProcessWithoutNullStreams {
  const settings = [...SAFE, ...(context.settings ?? [])].flatMap((setting) => ["-c", setting]);
  const child = spawn("git", ["-C", context.directory, "--no-pager", ...settings, ...args], {
    env: environment(context),
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  RUNNING.add(child);
  child.once("close", () => RUNNING.delete(child));
  return child;
}

/** Runs of git that are under way: a program that ends must not leave them writing into a folder it takes away. */
const RUNNING = new Set<ChildProcessWithoutNullStreams>();

/** Ends every run of git that is under way, at once. */
export function endRunning(): void {
  for (const child of RUNNING) child.kill("SIGKILL");
}

/** Runs git to its end; a status other than 0 is a result, not being able to run it is an exception. */
export function runGit(context: GitContext, args: readonly string[], input?: Uint8Array): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawnGit(context, args);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {}); // git may end before it read everything; its status says why
    child.on("error", (cause) => reject(notRunnable(cause)));
    child.on("close", (status) =>
      resolve({ status: status ?? 128, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin.end(input ?? "");
  });
}

/** Runs git and gives what it wrote; any failure is a fault. */
export async function git(context: GitContext, args: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const result = await runGit(context, args, input);
  if (result.status !== 0) throw failed(args, result.stderr);
  return result.stdout;
}

/** The fault for a failed run, with git's own last words. */
export function failed(args: readonly string[], stderr: string): GitFault | RepositoryProblem {
  const words = stderr.trim().split("\n").slice(-3).join("; ");
  if (/promisor remote|lazy fetching disabled|transport '\w+' not allowed/.test(stderr)) return partialClone(words);
  return new GitFault(`git ${args[0] ?? ""} failed: ${words || "no message"}`);
}

/** What to say when an object is missing because the clone left it out. */
export function partialClone(detail: string): RepositoryProblem {
  return new RepositoryProblem(
    `this clone leaves out objects that the check needs (${detail}); fetch them with: git fetch --refetch --no-filter origin (if the clone is a full one, git fsck says what is damaged)`,
  );
}

/** What to say when git cannot be started. */
export function notRunnable(cause: Error & { code?: string }): Error {
  if (cause.code === "ENOENT")
    return new RepositoryProblem("git was not found, or the folder is gone; install git 2.31 or later");
  return new GitFault(`git cannot be run: ${cause.message}`, { cause });
}
