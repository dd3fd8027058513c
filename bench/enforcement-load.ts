import { agent, FILES } from "../test/enforcement/repository-files.ts";
import { acts } from "../test/github/act.ts";
import type { FileChanges } from "../test/github/git-store.ts";
import type { LoopbackGitHub } from "../test/github/server.ts";
import { type App, gitPerson, type PullRequest, type Repository } from "../test/github/world.ts";

/** Kinds of events, and how many of GitHub's answers may lie between each and its check: one more where a reference is followed. */
export const KINDS = { review: 2, change: 4, "change with a reference": 5, "result of a check": 4 } as const;
/** A kind of event. */
export type Kind = keyof typeof KINDS;

/** Something that happens to a pull request and changes what its check says. */
export interface Happening {
  readonly kind: Kind;
  readonly repository: Repository;
  /** The branch of the pull request. */
  readonly branch: string;
  happen(): unknown;
}

/** Organisations: GitHub lets an installation write 80 times a minute, so what comes faster comes from several. */
const ORGANISATIONS = 10;

/** An organisation with a governed repository for each, which the App is installed on. */
export function repositories({ world }: LoopbackGitHub, app: App): readonly Repository[] {
  return Array.from({ length: ORGANISATIONS }, (_, index) => {
    const name = `desk${index}`;
    world.organisation(name, Object.fromEntries(["olga", "anna", "rita", "dora"].map((login) => [login, "member"])));
    world.team(`${name}/ml`, ["anna"]);
    const own = Object.entries(FILES).map(
      ([path, text]) => [path, typeof text === "string" ? text.replaceAll("@acme/", `@${name}/`) : text] as const,
    );
    const repository = world.repository(`${name}/agent`, { ...Object.fromEntries(own), ...PROMPTS });
    for (const login of ["olga", "anna", "rita", "dora"]) repository.collaborators.set(login, "write");
    world.install(app, name);
    return repository;
  });
}

/** Files that no pull request changes, and each reads one of, so that what it refers to was never read before. */
const PROMPTS: FileChanges = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [
    `services/high/prompts/p${index}.md`,
    `You are the agent of desk ${index}. Answer only questions about invoices.\nNever promise a refund.\n`,
  ]),
);

/** What happens, in order: in every repository one is opened, pushed to, reviewed, checked; then the next ones. */
export function planned(github: LoopbackGitHub, all: readonly Repository[], count: number): readonly Happening[] {
  const happenings: Happening[] = [];
  for (let round = 0; happenings.length < count; round += 1) {
    const lives = all.map((repository) => life(github, repository, round));
    for (const step of lives[0]?.keys() ?? []) happenings.push(...lives.flatMap((one) => one[step] ?? []));
  }
  return happenings.slice(0, count);
}

/** One pull request's life. Its commits are made beforehand: they are not what is measured. */
function life(github: LoopbackGitHub, repository: Repository, index: number): readonly Happening[] {
  const branch = `change-${index}`;
  const act = acts(github);
  const main = repository.refs.get("refs/heads/main") ?? "";
  const author = gitPerson(github.world.user("dora"), github.world.now());
  const commit = (parent: string, files: FileChanges) => {
    const sha = repository.store.commit({ parents: [parent], files, author });
    workedOut(repository, main, sha);
    return sha;
  };
  const first = commit(main, {
    "services/high/agent.py": agent("gpt-4.1-2025-04-14", `prompt = open("prompts/p${index}.md").read()\n`),
    ...Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`lib/part${at}.py`, `x = ${index}\n`])),
  });
  const second = commit(first, { "lib/more.py": `a = ${index}\n` });
  const third = commit(second, { "services/high/agent.py": agent("gpt-4o-mini-2024-07-18", `# ${index}\n`) });
  const push = (sha: string) => act.move(repository, branch, sha, "dora", false);
  const open = () => {
    push(first);
    return posted(github, repository, "dora", "/pulls", { title: branch, head: branch, base: "main", body: "" });
  };
  const review = (login: string) => () => {
    const path = `/pulls/${pullOf(repository, branch).number}/reviews`;
    return posted(github, repository, login, path, { event: "APPROVE", body: "seen" });
  };
  const checked = () => {
    const { sha } = pullOf(repository, branch).head;
    act.workflow(repository, { path: ".github/workflows/evals.yml", sha, branch, job: "evals", conclusion: "success" });
  };
  const steps: readonly [Kind, () => unknown][] = [
    ["change with a reference", open],
    ["change", () => push(second)],
    ["review", review("olga")],
    ["review", review("anna")],
    ["result of a check", checked],
    ["change", () => push(third)],
    ["review", review("olga")],
    ["result of a check", checked],
  ];
  return steps.map(([kind, happen]) => ({ kind, repository, branch, happen }));
}

/**
 * What GitHub will be asked about two commits, worked out before: the one on this machine starts git for it, and while
 * it does it hears nobody.
 */
function workedOut({ store }: Repository, base: string, head: string): void {
  store.preload([head, store.read(head).tree, ...store.tree(head, true).map(({ sha }) => sha)]);
  store.mergeBase(base, head);
  store.changedFiles(base, head);
  for (const [from, to] of [
    [base, head],
    [head, base],
  ] as const)
    store.between(from, to);
}

/** The pull request of a branch. */
export function pullOf({ pulls }: Repository, branch: string): PullRequest {
  const found = [...pulls.values()].find(({ head }) => head.ref === branch);
  if (!found) throw new Error(`no pull request of ${branch}`);
  return found;
}

/** What a person does. */
export async function posted(
  { url, world }: LoopbackGitHub,
  { owner, name }: Repository,
  login: string,
  path: string,
  body: unknown,
): Promise<void> {
  const response = await fetch(`${url}/repos/${owner.login}/${name}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.user(login).token}` },
    body: JSON.stringify(body),
  });
  if (response.status >= 300) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
}
