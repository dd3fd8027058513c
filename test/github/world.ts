import { generateKeyPairSync } from "node:crypto";
import { type FileChanges, type GitPerson, type GitStore, gitStore } from "./git-store.ts";
import type { Account, App, Installation, Repository, RepositoryRole, Ruleset, Team } from "./things.ts";

export type * from "./things.ts";

/** Everything that exists, and the ways a test brings it into being. */
export interface World {
  readonly accounts: Map<string, Account>;
  readonly teams: Team[];
  readonly apps: App[];
  readonly installations: Installation[];
  readonly repositories: Repository[];
  readonly rulesets: Ruleset[];
  /** Where repositories were, by the full name in lower case: GitHub redirects from there. */
  readonly formerNames: Map<string, Repository>;
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
  /** The repository that had this name, unless another took the name. */
  moved(fullName: string): Repository | null;
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
    rulesets: [],
    formerNames: new Map(),
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
      const team: Team = { id: ++id, organisation, slug, name: slug, parent: parent ?? null, members: new Map() };
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
        suspendedBy: null,
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
      return (
        self.repositories.find((one) => !one.deleted && `${one.owner.login}/${one.name}`.toLowerCase() === name) ?? null
      );
    },
    moved(fullName) {
      const former = self.formerNames.get(fullName.toLowerCase());
      return former && !former.deleted && !self.find(fullName) ? former : null;
    },
    remove() {
      for (const store of stores) store.remove();
    },
  };
  self.app("github-actions", { permissions: WORKFLOW_PERMISSIONS });
  return self;
}

/** What a workflow may ask for under `permissions:`, by the names that Apps have for it. */
const WORKFLOW_PERMISSIONS = {
  metadata: "read",
  ...Object.fromEntries(
    ["actions", "checks", "contents", "deployments", "issues", "pull_requests", "security_events", "statuses"].map(
      (name) => [name, "write"],
    ),
  ),
};

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
    deleted: false,
    deleteBranchOnMerge: false,
    teams: [],
    collaborators: new Map(),
    rules: new Map(),
    protections: new Map(),
    ruleSuites: [],
    activities: [],
    queues: new Map(),
    pulls: new Map(),
    issues: new Map(),
    checkRuns: [],
    checkSuites: [],
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
  const roles = repository.teams.filter((one) => one.members().get(name) === "active").map(({ role }) => role);
  const own = repository.collaborators.get(name) ?? (repository.private ? null : "read");
  return roles.reduce<RepositoryRole | null>((best, role) => (reaches(best, role) ? best : role), own);
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

/** The account behind an address that GitHub gives its users; addresses of others match nobody. */
export function accountOfEmail(self: World, email: string): Account | null {
  const id = Number(/^(\d+)\+/.exec(email)?.[1] ?? -1);
  return [...self.accounts.values()].find((one) => one.id === id || one.emails?.includes(email)) ?? null;
}

/** The team above a team. */
export function parentOf(self: World, team: Team): Team | null {
  return self.teams.find((one) => one.organisation === team.organisation && one.slug === team.parent) ?? null;
}
