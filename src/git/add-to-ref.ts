import { RepositoryProblem } from "./repository-problem.ts";
import { type GitContext, git, runGit } from "./run-git.ts";

/** One file that a ref of a local repository is to hold from now on. */
export interface RefAddition {
  readonly directory: string;
  /** In full: `refs/countersign/checkpoint`. */
  readonly ref: string;
  readonly file: string;
  readonly content: string;
  readonly message: string;
}

/** On disk before it is said to be there; the name is the program's, whoever runs it. */
const SETTINGS = ["core.fsync=committed", "user.name=Countersign", "user.email=countersign@localhost"];

/** Puts a commit with one file on a ref, behind what stands there; nothing of the working tree is touched. */
export async function addToRef({ directory, ref, file, content, message }: RefAddition): Promise<void> {
  const context: GitContext = { directory, settings: SETTINGS };
  const inside = await runGit(context, ["rev-parse", "--git-dir"]);
  if (inside.status !== 0)
    throw new RepositoryProblem(`${directory} is not a git repository; name one with --repo DIR`);
  if (!/^refs\/[\w][\w./-]{0,200}$/.test(ref) || (await runGit(context, ["check-ref-format", ref])).status !== 0)
    throw new RepositoryProblem(
      `${JSON.stringify(ref)} is no name of a ref; expected one such as refs/countersign/checkpoint`,
    );
  // A branch that somebody works on must not be moved under them.
  if (
    ref.startsWith("refs/heads/") &&
    (await runGit(context, ["symbolic-ref", "-q", "HEAD"])).stdout.toString().trim() === ref
  )
    throw new RepositoryProblem(`${ref} is the branch that is checked out; name another ref`);
  const before = (await runGit(context, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])).stdout
    .toString()
    .trim();
  const blob = await said(context, ["hash-object", "-w", "--stdin"], content);
  const tree = await said(context, ["mktree"], `100644 blob ${blob}\t${file}\n`);
  const parents = before === "" ? [] : ["-p", before];
  const commit = await said(context, ["commit-tree", tree, ...parents, "-m", message]);
  await git(context, ["update-ref", ref, commit, before === "" ? "0".repeat(commit.length) : before]);
}

async function said(context: GitContext, args: readonly string[], input = ""): Promise<string> {
  return (await git(context, args, Buffer.from(input))).toString("latin1").trim();
}
