import { expect } from "vitest";
import type { Charges } from "../../src/github/api.ts";
import { githubClient } from "../../src/github/client.ts";
import type { Discussion } from "../../src/github/discussion.ts";
import { type FactsMemory, factsMemory, type RepositoryFacts, repositoryFacts } from "../../src/github/facts.ts";
import type { SeenFile } from "../../src/github/pull-request.ts";
import { type Acts, acts } from "./act.ts";
import { mismatches } from "./conformance.ts";
import { type LoopbackGitHub, loopbackGitHub } from "./server.ts";
import type { App, Comment, Installation, PullRequest, Repository, Review } from "./world.ts";

/** A loopback GitHub with an organisation, an installed App and what tests do there. */
export interface FactsScene {
  readonly github: LoopbackGitHub;
  readonly act: Acts;
  readonly repository: Repository;
  readonly app: App;
  readonly installation: Installation;
  /** Facts as one job reads them, what they cost, and what was seen along the way. */
  job(options?: {
    readonly repository?: Repository;
    readonly permissions?: Readonly<Record<string, "read" | "write">>;
  }): {
    readonly facts: RepositoryFacts;
    readonly charges: Charges;
    readonly seen: (readonly [string, readonly SeenFile[]])[];
    readonly discussed: ReadonlyMap<number, Discussion>;
  };
  readonly memory: FactsMemory;
  /** Moves the clock of the program. */
  later(milliseconds: number): void;
  /** Opens a pull request from a branch with one changed file. */
  open(branch: string, by: string): Promise<PullRequest>;
  request(method: string, path: string, login: string, body?: unknown): Promise<{ readonly status: number }>;
  review(pull: PullRequest, login: string, state: Review["state"], more?: Partial<Review>): Review;
  comment(pull: PullRequest, login: string, body: string, more?: Partial<Comment>): Comment;
  /** Whether every request so far, and its answer, is as GitHub describes it. */
  conforms(): void;
}

const PERMISSIONS = {
  contents: "read",
  pull_requests: "write",
  checks: "write",
  issues: "read",
  actions: "read",
} as const;

/** Builds a scene; whoever does closes its `github`. */
export async function factsScene(owner: "organisation" | "user" = "organisation"): Promise<FactsScene> {
  const github = await loopbackGitHub();
  const { world } = github;
  const act = acts(github);
  if (owner === "organisation")
    world.organisation("acme", { olga: "member", anna: "member", ben: "member", root: "admin" });
  for (const login of ["olga", "anna", "ben", "outsider"]) world.user(login);
  const repository = world.repository("acme/agent", {
    "bot.py": "MODEL = 'a'\n",
    ".github/countersign.yml": "version: 1\n",
  });
  for (const login of ["olga", "anna", "ben"]) repository.collaborators.set(login, "write");
  const app = world.app("countersign", {
    permissions: { metadata: "read", members: "read", ...PERMISSIONS },
    owner: "acme",
  });
  const installation = world.install(app, "acme");
  const memory = factsMemory();
  let ahead = 0;
  const client = githubClient({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url });
  const request = async (method: string, path: string, login: string, body?: unknown) => {
    const headers = { authorization: `Bearer ghp_${login}` };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${github.url}${path}`, { method, headers, ...text });
    await response.arrayBuffer();
    return { status: response.status };
  };
  return {
    github,
    act,
    repository,
    app,
    installation,
    memory,
    request,
    later(milliseconds) {
      ahead += milliseconds;
    },
    job({ repository: of = repository, permissions = PERMISSIONS } = {}) {
      const charges: Charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
      const seen: [string, readonly SeenFile[]][] = [];
      const discussed = new Map<number, Discussion>();
      const common = { installation: installation.id, signal: AbortSignal.timeout(60_000), charges, owner: "acme" };
      const facts = repositoryFacts({
        baselineApart: true,
        api: client.api({ ...common, name: of.name, repository: { id: of.id }, permissions }),
        membersApi: () =>
          client.api({ ...common, name: of.name, repository: { id: of.id }, permissions: { members: "read" } }),
        baselineApi: () =>
          client.api({
            ...common,
            name: ".github",
            repository: { name: ".github" },
            permissions: { contents: "read" },
          }),
        installation: installation.id,
        owner: "acme",
        repository: of.id,
        memory,
        now: () => Date.now() + ahead,
        seen: (commit, files) => seen.push([commit, files]),
        discussed: (number, discussion) => discussed.set(number, discussion),
      });
      return { facts, charges, seen, discussed };
    },
    async open(branch, by) {
      act.push(repository, branch, { [`${branch}.py`]: "x = 1\n" }, { by });
      const opened = await request("POST", "/repos/acme/agent/pulls", by, {
        title: branch,
        head: branch,
        base: "main",
      });
      expect(opened.status).toBe(201);
      return repository.pulls.get(repository.nextNumber - 1) as PullRequest;
    },
    review(pull, login, state, more = {}) {
      const review: Review = {
        id: world.nextId(),
        author: world.user(login),
        state,
        body: "",
        commit: pull.head.sha,
        submittedAt: world.now(),
        ...more,
      };
      pull.reviews.push(review);
      return review;
    },
    comment(pull, login, body, more = {}) {
      const at = world.now();
      const comment: Comment = {
        id: world.nextId(),
        author: world.user(login),
        app: null,
        body,
        createdAt: at,
        updatedAt: at,
        reactions: [],
        ...more,
      };
      pull.issue.comments.push(comment);
      return comment;
    },
    conforms() {
      const asked = github.recorded.filter(({ status }) => status < 400);
      expect([...new Set(asked.flatMap(mismatches))]).toEqual([]);
    },
  };
}
