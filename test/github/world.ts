import { generateKeyPairSync } from "node:crypto";
import type { FileChanges, GitPerson, GitStore } from "./git-store.ts";
import { gitStore } from "./git-store.ts";

/** A person, a bot or an organisation. */
export interface Account {
  readonly id: number;
  login: string;
  readonly type: "User" | "Bot" | "Organization";
  readonly token: string;
  /** A deleted account: what it did stays, with nobody behind it. */
  gone?: boolean;
  /** Organisations only: members by login, and their role. */
  readonly members: Map<string, "admin" | "member">;
}

export interface Team {
  readonly id: number;
  readonly organisation: string;
  slug: string;
  parent: string | null;
  readonly members: Map<string, "active" | "pending">;
}

/** A GitHub App with its key; `webhook` is where its events go. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly owner: string;
  readonly privateKey: string;
  readonly publicKey: string;
  permissions: Readonly<Record<string, string>>;
  events: readonly string[];
  webhook: { url: string; secret: string } | null;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  /** What the account's owner accepted; may lag behind the App's. */
  permissions: Readonly<Record<string, string>>;
  suspendedAt: string | null;
  /** Ids of repositories; null is all of the account. */
  selection: Set<number> | null;
}

export type RepositoryRole = "read" | "triage" | "write" | "maintain" | "admin";

/** What a branch demands of a merge. */
export interface BranchRules {
  requiredChecks: { context: string; integrationId: number | null }[];
  strict: boolean;
  requiredApprovals: number;
  dismissStale: boolean;
  bypass: string[];
}

export interface Repository {
  readonly id: number;
  owner: Account;
  name: string;
  readonly store: GitStore;
  readonly refs: Map<string, string>;
  defaultBranch: string;
  private: boolean;
  archived: boolean;
  readonly collaborators: Map<string, RepositoryRole>;
  readonly rules: Map<string, BranchRules>;
  readonly pulls: Map<number, PullRequest>;
  readonly issues: Map<number, Issue>;
  readonly checkRuns: CheckRun[];
  readonly statuses: Status[];
  readonly runs: WorkflowRun[];
  readonly fork: Repository | null;
  nextNumber: number;
}

export interface Issue {
  readonly number: number;
  readonly id: number;
  title: string;
  body: string;
  state: "open" | "closed";
  readonly author: Account;
  readonly comments: Comment[];
  labels: string[];
  readonly createdAt: string;
}

export interface Comment {
  readonly id: number;
  readonly author: Account;
  readonly app: App | null;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  /** When GraphQL says that it was edited; follows from `updatedAt` when left out. */
  readonly editedAt?: string | null;
  readonly reactions: { content: string; user: string }[];
}

export interface Review {
  readonly id: number;
  readonly author: Account;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  commit: string;
  readonly submittedAt: string;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly issue: Issue;
  title: string;
  readonly head: { repository: Repository; ref: string; sha: string };
  base: { ref: string; sha: string };
  draft: boolean;
  state: "open" | "closed";
  merged: { sha: string; by: Account; at: string } | null;
  readonly reviews: Review[];
  readonly requestedReviewers: Set<string>;
  readonly requestedTeams: Set<string>;
  readonly timeline: TimelineEvent[];
  assignees: string[];
  updatedAt: string;
}

/** What happened to a pull request; each kind of event has some of the fields. */
export interface TimelineEvent {
  readonly event:
    | "assigned"
    | "automatic_base_change_succeeded"
    | "base_ref_changed"
    | "head_ref_force_pushed"
    | "review_dismissed";
  readonly actor: string;
  readonly at: string;
  /** A force-push's ends, or a retarget's branches. */
  readonly from?: string;
  readonly to?: string;
  readonly review?: Review;
  readonly previousState?: string;
  /** The commit whose push dismissed the review; none where a person did. */
  readonly commit?: string;
  readonly assignee?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  startedAt: string;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: unknown[];
  actions: readonly unknown[];
  readonly suite: number;
}

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface Job {
  readonly id: number;
  readonly name: string;
  status: string;
  conclusion: string | null;
  completedAt: string | null;
  readonly attempt: number;
}

export interface WorkflowRun {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly headSha: string;
  readonly headBranch: string;
  /** Where the head branch lies: a fork for a fork's pull request. */
  readonly headRepository: Repository;
  readonly event: string;
  readonly createdAt: string;
  readonly number: number;
  attempt: number;
  status: string;
  conclusion: string | null;
  readonly jobs: Job[];
}

/** Everything that exists, and the ways a test brings it into being. */
export interface World {
  readonly accounts: Map<string, Account>;
  readonly teams: Team[];
  readonly apps: App[];
  readonly installations: Installation[];
  readonly repositories: Repository[];
  /** Rows of a tree beyond which an answer is truncated; GitHub's is 100,000. */
  treeRows: number;
  /** Now, a second later at each question, so that orders are visible. */
  now(): string;
  setNow(instant: string): void;
  nextId(): number;
  user(login: string, type?: Account["type"]): Account;
  organisation(login: string, members?: Readonly<Record<string, "admin" | "member">>): Account;
  team(reference: string, members: readonly string[], parent?: string): Team;
  app(slug: string, options: Partial<Pick<App, "permissions" | "events" | "webhook" | "owner">>): App;
  install(app: App, account: string, repositories?: readonly Repository[]): Installation;
  repository(
    fullName: string,
    files: FileChanges,
    options?: { format?: "sha1" | "sha256"; private?: boolean },
  ): Repository;
  forkOf(repository: Repository, owner: string): Repository;
  find(fullName: string): Repository | null;
  remove(): void;
}

/** Keys take long to make, so an App of one slug has the same in every world of one process. */
const KEYS = new Map<string, ReturnType<typeof newKeys>>();

function newKeys() {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}

/** The identity GitHub writes into a user's commits. */
export function gitPerson(account: Account, at: string): GitPerson {
  return { name: account.login, email: `${account.id}+${account.login}@users.noreply.github.com`, date: at };
}

/** An empty GitHub with the Actions App, which every repository has. */
export function world(): World {
  let id = 1000;
  let clock = Date.parse("2026-11-24T08:00:00Z");
  const stores: GitStore[] = [];
  const self: World = {
    accounts: new Map(),
    teams: [],
    apps: [],
    installations: [],
    repositories: [],
    treeRows: 100_000,
    now() {
      clock += 1000;
      return new Date(clock).toISOString().replace(".000Z", "Z");
    },
    setNow(instant) {
      clock = Date.parse(instant);
    },
    nextId: () => ++id,
    user(login, type = "User") {
      const known = self.accounts.get(login.toLowerCase());
      if (known) return known;
      const account: Account = { id: ++id, login, type, token: `ghp_${login}`, members: new Map() };
      self.accounts.set(login.toLowerCase(), account);
      return account;
    },
    organisation(login, members = {}) {
      const account = self.user(login, "Organization");
      for (const [name, role] of Object.entries(members))
        account.members.set(self.user(name).login.toLowerCase(), role);
      return account;
    },
    team(reference, members, parent) {
      const [organisation = "", slug = ""] = reference.split("/");
      const account = self.organisation(organisation);
      const team: Team = { id: ++id, organisation, slug, parent: parent ?? null, members: new Map() };
      for (const member of members) {
        team.members.set(self.user(member).login.toLowerCase(), "active");
        if (!account.members.has(member.toLowerCase())) account.members.set(member.toLowerCase(), "member");
      }
      self.teams.push(team);
      return team;
    },
    app(slug, options) {
      const keys = KEYS.get(slug) ?? newKeys();
      KEYS.set(slug, keys);
      const app: App = {
        id: slug === "github-actions" ? 15368 : ++id,
        slug,
        owner: options.owner ?? "github",
        ...keys,
        permissions: options.permissions ?? {},
        events: options.events ?? [],
        webhook: options.webhook ?? null,
      };
      self.user(`${slug}[bot]`, "Bot");
      self.apps.push(app);
      return app;
    },
    install(app, account, repositories) {
      const installation: Installation = {
        id: ++id,
        app,
        account: self.accounts.get(account.toLowerCase()) ?? self.user(account),
        permissions: app.permissions,
        suspendedAt: null,
        selection: repositories ? new Set(repositories.map((one) => one.id)) : null,
      };
      self.installations.push(installation);
      return installation;
    },
    repository(fullName, files, options = {}) {
      const store = gitStore(options.format);
      stores.push(store);
      const repository = make(self, fullName, store, null, ++id, options.private ?? true);
      const author = gitPerson(repository.owner, self.now());
      repository.refs.set("refs/heads/main", store.commit({ parents: [], files, message: "Initial commit", author }));
      self.repositories.push(repository);
      return repository;
    },
    forkOf(repository, owner) {
      const fork = make(
        self,
        `${self.user(owner).login}/${repository.name}`,
        repository.store,
        repository,
        ++id,
        repository.private,
      );
      for (const [ref, sha] of repository.refs) fork.refs.set(ref, sha);
      self.repositories.push(fork);
      return fork;
    },
    find(fullName) {
      const name = fullName.toLowerCase();
      return self.repositories.find((one) => `${one.owner.login}/${one.name}`.toLowerCase() === name) ?? null;
    },
    remove() {
      for (const store of stores) store.remove();
    },
  };
  self.app("github-actions", { permissions: { checks: "write", contents: "write" } });
  return self;
}

function make(
  self: World,
  fullName: string,
  store: GitStore,
  fork: Repository | null,
  id: number,
  isPrivate: boolean,
): Repository {
  const [owner = "", name = ""] = fullName.split("/");
  const account = self.accounts.get(owner.toLowerCase()) ?? self.user(owner);
  return {
    id,
    owner: account,
    name,
    store,
    refs: new Map(),
    defaultBranch: "main",
    private: isPrivate,
    archived: false,
    collaborators: new Map(),
    rules: new Map(),
    pulls: new Map(),
    issues: new Map(),
    checkRuns: [],
    statuses: [],
    runs: [],
    fork,
    nextNumber: 1,
  };
}

/** What an account may do in a repository; null is nothing. */
export function roleOf(repository: Repository, login: string): RepositoryRole | null {
  const name = login.toLowerCase();
  if (repository.owner.login.toLowerCase() === name) return "admin";
  if (repository.owner.members.get(name) === "admin") return "admin";
  return repository.collaborators.get(name) ?? (repository.private ? null : "read");
}

const ROLES: readonly RepositoryRole[] = ["read", "triage", "write", "maintain", "admin"];

/** Whether a role reaches another. */
export function reaches(role: RepositoryRole | null, needed: RepositoryRole): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Members of a team and of the teams below it. */
export function teamMembers(self: World, team: Team): ReadonlyMap<string, "active" | "pending"> {
  const members = new Map(team.members);
  for (const child of self.teams.filter((one) => one.organisation === team.organisation && one.parent === team.slug))
    for (const [login, state] of teamMembers(self, child))
      if (members.get(login) !== "active") members.set(login, state);
  return members;
}
