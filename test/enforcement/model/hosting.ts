import { createHash } from "node:crypto";
import type { Change, Entry } from "../../../src/core/change-set.ts";
import { commandIn } from "../../../src/work/comment-command.ts";
import type { HostedPullRequest, HostedRepository, Hosting, Published } from "../../../src/work/hosting.ts";
import { type Pull, WORKFLOW, type World } from "./world.ts";

/** The world as the program sees it, without a network in between. */
export function hostingOf(world: World): Hosting {
  return { open: async (name) => repositoryOf(world, name) };
}

function repositoryOf(world: World, name: HostedRepository["name"]): HostedRepository {
  const entry = (commit: string, path: string): Entry | undefined => {
    const id = world.treeOf(commit).get(path);
    return id === undefined ? undefined : { path, mode: "100644", id };
  };
  const bytes = (id: string) => world.blobs.get(id) as Uint8Array;
  return {
    name,
    // Whether what landed was let through, the reference says itself.
    landings: {
      place: async () => ({
        server: "https://github.com",
        defaultBranch: "main",
        organization: null,
        private: false,
        archived: false,
      }),
      branchHead: async () => null,
      difference: async (base, head) => ({ base, head, changes: [] }),
      pullsOf: async () => [],
      mergerOf: async () => null,
      parentsOf: async () => [],
      isOwnCommit: async () => true,
      runsNamed: async () => [],
      rules: async () => null,
      mark: async () => {},
      issue: {
        mayWrite: async () => false,
        put: async () => ({ number: 1, created: false }),
        exists: async () => false,
        comment: async () => {},
        commands: async () => [],
        answer: async () => {},
      },
    },
    queues: { branchHead: async () => null, entries: async () => null },
    reverts: {
      mayOpen: async () => false,
      openedFor: async () => null,
      open: async () => ({ refused: "nothing is opened here" }),
    },
    conversation: {
      mayReact: async () => false,
      mayReply: async () => false,
      react: async () => {},
      reply: async () => {},
      reviewRequests: async () => ({ open: new Set(), ever: new Set(), declined: new Set(), reviewed: new Set() }),
      requestReviewers: async () => new Map(),
    },
    async *load(entries) {
      for (const id of new Set(entries.map((one) => one.id))) yield [id, bytes(id)] as const;
    },
    async changeSet({ base, head }) {
      const from = world.mergeBase(base, head);
      const paths = [...new Set([...world.treeOf(from).keys(), ...world.treeOf(head).keys()])].sort();
      const changes = paths.flatMap((path): Change[] => {
        const [before, after] = [entry(from, path), entry(head, path)];
        if (before?.id === after?.id) return [];
        return [{ ...(before ? { before } : {}), ...(after ? { after } : {}) }];
      });
      return { base: from, head, changes };
    },
    async entriesIn(revision, folder) {
      const start = folder === "" ? "" : `${folder}/`;
      const found = new Map<string, Entry>();
      for (const [path, id] of world.treeOf(revision)) {
        if (!path.startsWith(start)) continue;
        const [first, ...rest] = path.slice(start.length).split("/") as [string, ...string[]];
        const below = `${start}${first}`;
        found.set(below, rest.length === 0 ? { path, mode: "100644", id } : { path: below, mode: "040000", id: below });
      }
      return [...found.values()];
    },
    async commitsBetween(base, head) {
      const old = world.history(base);
      return [...world.history(head)]
        .filter((id) => !old.has(id))
        .map((id) => {
          const { parents, by, with: others } = world.at(id);
          const coAuthors = others.map((login) => `${login} <${addressOf(login)}>`);
          return { id, parents, authorEmail: addressOf(by), committerEmail: addressOf(by), coAuthors };
        });
    },
    async changedPaths(commits) {
      return new Map(
        commits.map(({ id, parents }) => {
          const trees = parents.map((parent) => world.treeOf(parent));
          const own = world.treeOf(id);
          const paths = new Set([own, ...trees].flatMap((tree) => [...tree.keys()]));
          return [id, [...paths].filter((path) => trees.every((tree) => tree.get(path) !== own.get(path)))] as const;
        }),
      );
    },
    async blobAt(revision, path) {
      const found = entry(revision, path);
      return found ? { entry: found, bytes: bytes(found.id) } : null;
    },
    mergeBase: async ({ base, head }) => world.mergeBase(base, head),
    pullRequest: async (number) => {
      const pull = world.pulls.find((one) => one.number === number);
      return pull ? pullOf(world, pull) : null;
    },
    openPullRequests: async () =>
      world.pulls
        .filter(({ state }) => state === "open")
        .map((pull) => ({ number: pull.number, head: world.headOf(pull), base: pull.base })),
    teamMembers: async (teams) => ({
      members: new Map(teams.map((team) => [team.replace("@", "").toLowerCase(), [...world.team]] as const)),
      unreadable: [],
    }),
    organizationMembers: async () => ({ active: [], unreadable: null }),
    access: async (logins) => new Map(logins.map((login) => [login, world.access.get(login) ?? "none"])),
    accounts: async (logins) => new Map(logins.map((login, at) => [login, at])),
    async checks({ head }, wanted) {
      const found = world.evaluations.get(head);
      if (!found || wanted.length === 0) return { checks: [], workflowRuns: [] };
      const status = found.conclusion === null ? "in_progress" : "completed";
      const completedAt = found.conclusion === null ? null : world.time(found.at);
      const check = { name: "evals", app: "github-actions", workflow: WORKFLOW, head, status, completedAt };
      return {
        checks: [{ ...check, conclusion: found.conclusion }],
        workflowRuns: [{ path: WORKFLOW, head, status }],
      };
    },
    baseline: async () => "absent",
    ungranted: async () => null,
    foresee: async () => {},
    async publish({ head }, { checkRun, comment }, last): Promise<Published> {
      const standing = { checkRun: null, commentId: null, checkRunDigest: null, passing: false, ...last };
      if (checkRun === null) return { ...standing, commentId: comment ? 1 : null, commentDigest: null };
      const checkRunDigest = createHash("sha256").update(JSON.stringify(checkRun)).digest("hex");
      const passing = checkRun.conclusion === "success";
      if (checkRunDigest !== last?.checkRunDigest)
        world.runs.set(`${head} ${checkRun.name}`, {
          passing,
          said: `${checkRun.conclusion ?? checkRun.status}: ${checkRun.title}`,
        });
      return { checkRun: 1, checkRunDigest, commentId: comment ? 1 : null, commentDigest: null, passing };
    },
  };
}

function addressOf(name: string): string {
  return name.includes("@") ? name : `${name}@users.noreply.github.com`;
}

function pullOf(world: World, pull: Pull): HostedPullRequest {
  const account = (login: string) => ({ login, type: world.kinds.get(login) ?? "User", id: world.idOf(login) });
  const person = (login: string) => (login === "ghost" ? null : account(login));
  return {
    number: pull.number,
    title: pull.branch,
    body: "",
    draft: false,
    state: pull.state,
    author: person(pull.author),
    assignees: pull.assignees.map(account),
    head: world.headOf(pull),
    headRef: pull.branch,
    sameRepository: true,
    base: { ref: pull.base, head: world.tip(pull.base) },
    defaultBranch: { name: "main", head: world.tip("main") },
    organization: 5,
    reviews: pull.reviews.map(({ id, login, state, head, at }) => {
      // After a force-push a review may be shown on a commit that nobody looked at (P22): here it always is.
      const moved = pull.forcePushes.some((push) => push.at >= at);
      const commit = moved ? world.headOf(pull) : head;
      return { id, person: person(login), state, commit, submittedAt: world.time(at) };
    }),
    accounts: new Map(pull.reviews.map(({ login }) => [world.idOf(login), login])),
    commands: pull.commands.map(({ login, at, text }, comment) => {
      const command = commandIn(text);
      return {
        name: "",
        argument: "",
        reason: "",
        ...command,
        person: person(login),
        createdAt: world.time(at),
        comment,
        untouched: true,
      };
    }),
    voidCommands: [],
    retargetedAt: pull.retargetedAt === null ? null : world.time(pull.retargetedAt),
    forcePushes: pull.forcePushes.map(({ at, ...moved }) => ({ at: world.time(at), ...moved })),
  };
}
