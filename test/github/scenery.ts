import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAppAuth } from "@octokit/auth-app";
import { type Acts, acts } from "./act.ts";
import { mismatches, webhookMismatches } from "./conformance.ts";
import type { Delivery } from "./deliveries.ts";
import { type LoopbackGitHub, loopbackGitHub } from "./server.ts";
import type { App, Installation, PullRequest, Repository } from "./world.ts";

/** A loopback GitHub with an organisation, a repository, an App that hears everything, and its requests by hand. */
export interface Scenery {
  readonly github: LoopbackGitHub;
  readonly act: Acts;
  readonly app: App;
  readonly installation: Installation;
  readonly repository: Repository;
  /** Asks as a person (`anna`), as the App (`app`) or as its installation (`installation`); follows no redirect. */
  ask(who: string, method: string, path: string, body?: unknown): Promise<Reply>;
  /** Asks GraphQL. */
  graphql(who: string, query: string, variables?: Record<string, unknown>): Promise<Reply>;
  /** Opens a pull request from a branch that changes these files. */
  open(branch: string, by: string, options?: OpenPull): Promise<PullRequest>;
  /** Asks for a token; the installation's requests are made with it from then on. */
  token(wanted?: unknown): Promise<Reply>;
  /** `event.action` of each webhook since the last look, and the webhooks themselves. */
  heard(): readonly string[];
  webhooks(event: string, action?: string): readonly Record<string, unknown>[];
  /** What does not fit GitHub's description of its API and its webhooks; empty when all does. */
  unlike(): readonly string[];
  close(): Promise<void>;
}

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Looked into freely; it is held against GitHub's description besides. */
  readonly json: ReturnType<typeof JSON.parse>;
}

/** Where a pull request comes from and goes to. */
export interface OpenPull {
  readonly base?: string;
  readonly from?: Repository;
  readonly files?: Readonly<Record<string, string>>;
}

/** Every event that an App may be sent here. */
const EVENTS: readonly string[] = [
  "branch_protection_rule",
  "check_run",
  "check_suite",
  "create",
  "delete",
  "issue_comment",
  "issues",
  "member",
  "membership",
  "merge_group",
  "organization",
  "pull_request",
  "pull_request_review",
  "push",
  "repository",
  "repository_ruleset",
  "status",
  "team",
  "workflow_run",
];

/** Everything an App may be granted here. */
export const PERMISSIONS: Readonly<Record<string, string>> = {
  metadata: "read",
  administration: "read",
  actions: "read",
  checks: "write",
  contents: "write",
  issues: "write",
  members: "read",
  merge_queues: "read",
  pull_requests: "write",
  statuses: "write",
};

/** Builds a scenery; whoever does closes it. */
export async function scenery(): Promise<Scenery> {
  const github = await loopbackGitHub();
  const { world } = github;
  const act = acts(github);
  world.organisation("acme", { anna: "member", ben: "member", root: "admin" });
  const repository = world.repository("acme/agent", { "bot.py": "MODEL = 'a'\n" });
  for (const login of ["anna", "ben"]) repository.collaborators.set(login, "write");
  const ear = createServer((request, response) => request.resume().on("end", () => response.writeHead(202).end()));
  await new Promise<void>((resolve) => ear.listen(0, "127.0.0.1", resolve));
  const app = world.app("countersign", { permissions: PERMISSIONS, events: EVENTS, owner: "acme" });
  app.webhook = { url: `http://127.0.0.1:${(ear.address() as AddressInfo).port}/`, secret: "s3" };
  const installation = world.install(app, "acme");
  const auth = createAppAuth({ appId: app.id, privateKey: app.privateKey });
  let token = "";
  let looked = 0;
  const request = async (authorization: string, method: string, path: string, body?: unknown): Promise<Reply> => {
    const response = await fetch(`${github.url}${path}`, {
      method,
      redirect: "manual",
      headers: { authorization: `Bearer ${authorization}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === "" ? null : JSON.parse(text) };
  };
  const self: Scenery = {
    github,
    act,
    app,
    installation,
    repository,
    async ask(who, method, path, body) {
      if (who === "app") return request((await auth({ type: "app" })).token, method, path, body);
      if (who === "installation") {
        if (token === "") await self.token();
        return request(token, method, path, body);
      }
      return request(world.user(who).token, method, path, body);
    },
    graphql: (who, query, variables = {}) => self.ask(who, "POST", "/graphql", { query, variables }),
    async token(wanted = {}) {
      const answer = await self.ask("app", "POST", `/app/installations/${installation.id}/access_tokens`, wanted);
      token = answer.json.token ?? token;
      return answer;
    },
    async open(branch, by, { base = "main", from = repository, files = { [`${branch}.py`]: "x = 1\n" } } = {}) {
      act.push(from, branch, files, { by, from: base });
      const head = from === repository ? branch : `${from.owner.login}:${branch}`;
      const full = `${repository.owner.login}/${repository.name}`;
      const opened = await self.ask(by, "POST", `/repos/${full}/pulls`, { title: branch, head, base });
      if (opened.status !== 201) throw new Error(JSON.stringify(opened.json));
      return repository.pulls.get(opened.json.number) as PullRequest;
    },
    heard() {
      const fresh: readonly Delivery[] = github.deliveries.sent.slice(looked);
      looked = github.deliveries.sent.length;
      return fresh.map(({ event, payload: { action } }) => (action === undefined ? event : `${event}.${action}`));
    },
    webhooks: (event, action) =>
      github.deliveries.sent
        .filter((one) => one.event === event && (action ?? one.payload.action) === one.payload.action)
        .map(({ payload }) => payload),
    unlike: () => [
      ...new Set([
        ...github.recorded.filter(({ status }) => status < 400).flatMap(mismatches),
        ...github.deliveries.sent.flatMap(webhookMismatches),
      ]),
    ],
    async close() {
      await github.close();
      ear.closeAllConnections();
      await new Promise((resolve) => ear.close(resolve));
    },
  };
  return self;
}
