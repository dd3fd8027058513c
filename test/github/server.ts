import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Actor, grants, Refused, sees, type Tokens, tokens, writes } from "./access.ts";
import { type Deliveries, deliveries } from "./deliveries.ts";
import { spoilt } from "./fault-answer.ts";
import { type Faults, faultList, graphqlOperation } from "./faults.ts";
import { keepRequests } from "./kept-requests.ts";
import { namedPath, type Routed, routeOf } from "./routing.ts";
import { type App, type Repository, reaches, roleOf, type World, world } from "./world.ts";

/** What a route's handler gets. */
export interface Call {
  readonly world: World;
  readonly tokens: Tokens;
  readonly deliveries: Deliveries;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly origin: string;
  /** The repository of the path; only where the path has one. */
  readonly repository: Repository;
}

/** Where something happens: the world, its webhooks, and the address that stands in what they say. */
export type Stage = Pick<Call, "world" | "deliveries" | "origin">;

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the REST API. `needs` is the App permission and the role a person must have. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly needs?: Readonly<Record<string, string>>;
  readonly role?: "read" | "write" | "maintain" | "admin";
  /** Whether the App itself may ask, with its own token, about a repository. */
  readonly app?: boolean;
  handle(call: Call): Answer | Promise<Answer>;
}

/** One request as it was made and answered, for the conformance tests. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  /** The route's template, or null where the loopback GitHub has no such operation. */
  readonly template: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly actor: Actor["kind"];
  /** The slug of the App that the token belongs to. */
  readonly app: string | null;
  /** `User-Agent`: the program's own requests are told from those of tests by it. */
  readonly agent: string;
  readonly needs: Readonly<Record<string, string>>;
  readonly status: number;
  /** False where a matching ETag made it a 304, which is free. */
  readonly charged: boolean;
  /** When the answer was sent, on the clock of `performance.now()`. */
  readonly at: number;
  readonly answer: unknown;
}

/** A running loopback GitHub. */
export interface LoopbackGitHub {
  readonly url: string;
  readonly world: World;
  readonly recorded: Recorded[];
  readonly deliveries: Deliveries;
  readonly faults: Faults;
  /** Milliseconds each answer takes, this program's own work included where it takes less. */
  latency: number;
  /** The token that a workflow of a repository gets (`GITHUB_TOKEN`): the App github-actions', for that repository. */
  workflowToken(repository: Repository, permissions: Record<string, string>): string;
  close(): Promise<void>;
}

/** Starts a loopback GitHub on a free port of 127.0.0.1. */
export async function loopbackGitHub(): Promise<LoopbackGitHub> {
  const state = world();
  const issued = tokens(state);
  const recorded: Recorded[] = [];
  const { faults, take } = faultList();
  const server: Server = createServer((request, response) => {
    void handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sent = deliveries(state, () => url);
  const github: LoopbackGitHub = {
    url,
    world: state,
    recorded,
    deliveries: sent,
    faults,
    latency: 0,
    workflowToken({ id, owner }, permissions) {
      const app = state.apps.find(({ slug }) => slug === "github-actions") as App;
      const known = state.installations.find((one) => one.app === app && one.account === owner);
      const installation = known ?? state.install(app, owner.login);
      return issued.issue(installation, { permissions, repositories: [id] }, Date.now()).token;
    },
    async close() {
      await sent.settled();
      keepRequests(recorded);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      state.remove();
    },
  };

  async function passed(arrived: number): Promise<void> {
    const left = github.latency - (performance.now() - arrived);
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = performance.now();
    const target = new URL(request.url ?? "/", url);
    const method = request.method ?? "GET";
    const path = namedPath(state, target.pathname);
    const body = await bodyOf(request);
    const found = routeOf(method, path);
    const template = found?.route.path ?? null;
    const plan = take({ method, path, template, operation: graphqlOperation(path, body) });
    const fault = plan?.fault;
    const done =
      plan === null || plan.done === true || (fault instanceof Object && ("slow" in fault || "partial" in fault));
    let actor: Actor = { kind: "anonymous" };
    let answer: Answer = { status: 200, body: {} };
    if (done)
      try {
        actor = issued.actorOf(request.headers.authorization, Date.now());
        answer =
          redirected(state, target, url, method) ??
          (await answered(found, { actor, body, query: target.searchParams, origin: url }));
      } catch (refused) {
        answer = refusal(refused);
      }
    const shown = conditional(request, answer);
    await passed(arrived + (fault instanceof Object && "slow" in fault ? fault.slow : 0));
    if (done)
      recorded.push({
        method,
        path,
        template,
        query: Object.fromEntries(target.searchParams),
        body: method === "GET" ? null : body,
        actor: actor.kind,
        app: actor.kind === "installation" ? actor.installation.app.slug : actor.kind === "app" ? actor.app.slug : null,
        agent: request.headers["user-agent"] ?? "",
        needs: found?.route.needs ?? {},
        status: answer.status,
        charged: shown.status !== 304,
        at: performance.now(),
        answer: answer.body,
      });
    const seen = fault === undefined ? null : spoilt(fault, shown, path === "/graphql");
    if (seen?.kind === "reset") request.socket.destroy();
    else write(response, seen?.answer ?? shown, seen ?? {});
  }

  async function answered(
    found: Routed | null,
    asked: Pick<Call, "actor" | "body" | "query" | "origin">,
  ): Promise<Answer> {
    if (!found) throw new Refused(404, "Not Found");
    const { route, params } = found;
    const repository = admitted(state, asked.actor, route, params) as Repository;
    return route.handle({ world: state, tokens: issued, deliveries: sent, params, repository, ...asked });
  }
  return github;
}

/**
 * GitHub sends who asks by a former name to the repository's number: 301, or 307 where the method must stay (REST
 * documentation, "Best practices": "Follow redirects"; change of 2015-04-17).
 */
function redirected(state: World, target: URL, origin: string, method: string): Answer | null {
  const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(target.pathname) ?? [];
  const moved = owner === "" ? null : state.moved(`${decodeURIComponent(owner)}/${decodeURIComponent(name)}`);
  if (!moved) return null;
  const location = `${origin}/repositories/${moved.id}${rest}${target.search}`;
  const permanent = method === "GET" || method === "HEAD";
  return {
    status: permanent ? 301 : 307,
    body: {
      message: permanent ? "Moved Permanently" : "Temporary Redirect",
      url: location,
      documentation_url: "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    },
    headers: { location },
  };
}

function refusal(fault: unknown): Answer {
  if (!(fault instanceof Refused)) {
    console.error(fault);
    return { status: 500, body: { message: fault instanceof Error ? fault.message : String(fault) } };
  }
  return {
    status: fault.status,
    body: {
      message: fault.message,
      ...(fault.errors ? { errors: fault.errors } : {}),
      documentation_url: "https://docs.github.com/rest",
      status: String(fault.status),
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** Checks that the actor may use the route, as GitHub does: 404 where it sees nothing, 403 where a permission is missing. */
function admitted(
  state: World,
  actor: Actor,
  route: Route,
  params: Readonly<Record<string, string>>,
): Repository | null {
  const named = params.owner === undefined ? null : state.find(`${params.owner}/${params.repo}`);
  if (params.owner !== undefined && params.repo !== undefined && (!named || !sees(state, actor, named)))
    throw new Refused(404, "Not Found");
  if (actor.kind === "installation") {
    if (named && route.method !== "GET" && !writes(state, actor, named))
      throw new Refused(403, "Resource not accessible by integration");
    for (const [name, level] of Object.entries(route.needs ?? {})) {
      if (!grants(actor.permissions, name, level)) throw new Refused(403, "Resource not accessible by integration");
    }
  }
  if (actor.kind === "user" && named && route.role && !reaches(roleOf(named, actor.account.login), route.role))
    throw new Refused(403, "Must have push access to view this resource");
  if (actor.kind === "app" && route.path.startsWith("/repos/") && !route.app) throw new Refused(401, "Bad credentials");
  if (named?.archived && route.method !== "GET") throw new Refused(403, "Repository was archived so is read-only.");
  return named;
}

/** Answers 304 to a matching ETag; such an answer is not charged. */
function conditional(request: IncomingMessage, answer: Answer): Answer {
  if (request.method !== "GET" || answer.status !== 200) return answer;
  const tag = `W/"${createHash("sha256").update(JSON.stringify(answer.body)).digest("hex")}"`;
  const headers = { ...answer.headers, etag: tag };
  return request.headers["if-none-match"] === tag ? { status: 304, body: undefined, headers } : { ...answer, headers };
}

function write(
  response: ServerResponse,
  answer: Answer,
  { text, cut = false }: { text?: string; cut?: boolean },
): void {
  const bare = answer.body === undefined || answer.status === 204 || answer.status === 304;
  const body = text ?? (bare ? "" : JSON.stringify(answer.body));
  response.writeHead(answer.status, {
    "content-type": "application/json; charset=utf-8",
    date: new Date().toUTCString(),
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
    ...(cut ? { "content-length": String(Buffer.byteLength(body)) } : {}),
    ...answer.headers,
  });
  if (!cut) response.end(body);
  else response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
}
