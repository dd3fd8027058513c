import type { ZodType } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import { unexpected } from "./answer-fault.ts";
import type { Api, Charges, Params } from "./api.ts";
import { type BoundedCache, boundedCache } from "./bounded-cache.ts";
import { type Clock, systemClock } from "./clock.ts";
import { graphqlData } from "./graphql-answer.ts";
import { type Answer, type Sender, sender } from "./sender.ts";
import { appTokens, type TokenScope, type Tokens } from "./tokens.ts";
import { type WriteLimit, writeLimit } from "./write-limit.ts";

/** Which GitHub, and how patient. */
export interface ConnectionSettings {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly baseUrl: string;
  readonly clock?: Clock;
  /** The longest that one request waits for limits to be over, in milliseconds; 60 seconds when left out. */
  readonly patience?: number;
  /** The longest that one answer may take, in milliseconds; 60 seconds when left out. */
  readonly timeout?: number;
  /** Bytes that answers with an ETag may take up; 32 MiB when left out. */
  readonly answersKept?: number;
}

/** Which App at which GitHub. */
export interface GitHubSettings extends ConnectionSettings {
  readonly appId: number | string;
  /** PEM. */
  readonly privateKey: string;
}

/** Whom a request is made for. */
export interface ApiScope extends TokenScope {
  readonly owner: string;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly charges: Charges;
}

/** GitHub's API as one App uses it; what is kept between jobs is kept here. */
export interface Client {
  api(scope: ApiScope): Api;
  /** Asks an installation for everything again: its owner has accepted more. */
  renew(installation: number): void;
}

interface Kept {
  readonly etag: string;
  readonly data: unknown;
  readonly more: boolean;
}

interface Open {
  readonly baseUrl: string;
  readonly sender: Sender;
  readonly tokens: Tokens;
  readonly writes: WriteLimit;
  readonly kept: BoundedCache<Kept>;
}

/**
 * The longest that a write waits for the limit of writes, in milliseconds: whatever waits longer is put off, or the works
 * that wait would keep those from running that take something back.
 */
const WRITE_PATIENCE = 2_000;
/** No list that this program reads is longer than so many pages of 100. */
const PAGES = 500;

/** Makes an App's client; nothing is asked before the first request. */
export function githubClient(settings: GitHubSettings): Client {
  return clientWith((sends, clock) => appTokens(settings, sends, clock), settings);
}

/** A client whose requests are made with other tokens than an installation's. */
export function clientWith(
  tokens: (sender: Sender, clock: Clock) => Tokens,
  { baseUrl, clock = systemClock, patience = 60_000, timeout = 60_000, answersKept = 32 << 20 }: ConnectionSettings,
): Client {
  const sends = sender({ baseUrl, clock, patience, timeout });
  const open: Open = {
    baseUrl,
    sender: sends,
    tokens: tokens(sends, clock),
    writes: writeLimit(clock, Math.min(patience, WRITE_PATIENCE)),
    kept: boundedCache(answersKept),
  };
  return { api: (scope) => apiOf(open, scope), renew: (installation) => open.tokens.renew(installation) };
}

function apiOf(open: Open, scope: ApiScope): Api {
  const get: Api["get"] = async (route, params, schema) => {
    const { data, place } = await conditional(open, scope, route, params);
    return parsed(schema, data, place);
  };
  return {
    get,
    find: (route, params, schema) => get(route, params, schema).catch(absent),
    async all(route, params, schema) {
      const items = [];
      for (let page = 1; page <= PAGES; page += 1) {
        const { data, more, place } = await conditional(open, scope, route, { ...params, per_page: 100, page });
        items.push(...parsed(schema, data, place));
        if (!more) return items;
      }
      throw new HostingFault("hosting/incomplete", `GET ${route} has more than ${PAGES} pages`, {
        remedy: "Nothing this program reads is that long; send this text to the makers of Countersign.",
      });
    },
    async fixed(route, params, schema) {
      const answer = await authorized(open, scope, `GET ${route}`, params, {}, true);
      return parsed(schema, jsonOf(answer), answer.place);
    },
    async write(route, params, schema, takesBack) {
      await open.writes.take(scope.installation, scope.signal, takesBack);
      scope.charges.writes += 1;
      // A POST may have been done although its answer was lost; all else does the same again.
      const answer = await authorized(open, scope, route, params, {}, !route.startsWith("POST "));
      return parsed(schema, answer.text === "" ? null : jsonOf(answer), answer.place);
    },
    async graphql(document, variables, schema, missing = {}) {
      const all = { owner: scope.owner, name: scope.name, ...variables };
      const { data, place } = await graphqlData(scope.charges, missing, () => asked(open, scope, document, all, true));
      return parsed(schema, data, place);
    },
    async mutate(document, variables, schema) {
      await open.writes.take(scope.installation, scope.signal);
      scope.charges.writes += 1;
      const once = () => asked(open, scope, document, variables, false);
      const { data, place } = await graphqlData(scope.charges, {}, once, 1);
      return parsed(schema, data, place);
    },
    lacking: () => open.tokens.lacking(scope, scope),
  };
}

function absent(fault: unknown): null {
  if (fault instanceof HostingFault && fault.code === "hosting/not-found") return null;
  throw fault;
}

/** Runs one GraphQL document. */
async function asked(open: Open, scope: ApiScope, query: string, variables: Params, repeatable: boolean) {
  // An Enterprise Server answers GraphQL beside its REST API, not below it.
  const baseUrl = open.baseUrl.replace(/\/+$/, "").replace(/\/api\/v3$/, "/api");
  const answer = await authorized(open, scope, "POST /graphql", { baseUrl, query, variables }, {}, repeatable);
  return { data: jsonOf(answer), place: answer.place };
}

/** Reads with the ETag of the last answer; what GitHub says is unchanged is what it was. */
async function conditional(open: Open, scope: ApiScope, route: string, params: Params) {
  const { installation, repository, permissions } = scope;
  const url = open.sender.urlOf(`GET ${route}`, placed(scope, route, params));
  const key = JSON.stringify([installation, repository, permissions, url]);
  const known = open.kept.get(key);
  const headers: Record<string, string> = known === undefined ? {} : { "if-none-match": known.etag };
  const answer = await authorized(open, scope, `GET ${route}`, params, headers, true);
  if (answer.status === 304 && known !== undefined) return { ...known, place: answer.place };
  const data = jsonOf(answer);
  const more = /rel="next"/.test(answer.headers.link ?? "");
  const { etag } = answer.headers;
  // Parsed JSON takes up a multiple of its text.
  if (etag !== undefined) open.kept.set(key, { etag, data, more }, 4 * answer.text.length + key.length);
  return { data, more, place: answer.place };
}

/** Sends with the scope's token; one that is refused may have been revoked and is replaced once. */
async function authorized(
  open: Open,
  scope: ApiScope,
  route: string,
  params: Params,
  headers: Readonly<Record<string, string>>,
  repeatable: boolean,
): Promise<Answer> {
  const { installation, repository, permissions, signal, charges } = scope;
  const tokenScope = { installation, repository, permissions };
  for (let fresh = false; ; fresh = true) {
    const token = await open.tokens.token(tokenScope, scope);
    try {
      return await open.sender.send({
        route,
        params: placed(scope, route, params),
        headers: { ...headers, authorization: `bearer ${token}` },
        repeatable,
        lane: String(installation),
        signal,
        charges,
      });
    } catch (fault) {
      if (fresh || !(fault instanceof HostingFault) || fault.status !== 401) throw fault;
      open.tokens.drop(tokenScope, token);
    }
  }
}

function placed({ owner, name }: ApiScope, route: string, params: Params): Params {
  return {
    ...(route.includes("{owner}") ? { owner } : {}),
    ...(route.includes("{repo}") ? { repo: name } : {}),
    ...params,
  };
}

function jsonOf({ text, place }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected(place, "no JSON");
  }
}

function parsed<T>(schema: ZodType<T>, data: unknown, place: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unexpected(place, `${issue?.path.join(".") || "(whole)"}: ${issue?.message ?? ""}`);
}
