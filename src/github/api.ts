import type { ZodType } from "zod";
import type { Lacking } from "./accepted-permissions.ts";

/** What fills the places of a route (`{owner}`), its query, or its body. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * GitHub's API with one token, within one job. Routes are written as GitHub's description writes them, without the method where
 * it is GET: `/repos/{owner}/{repo}/git/ref/{ref}`. Owner and name of the token's repository are filled in where a route has
 * `{owner}` and `{repo}` and the parameters leave them out. Answers are parsed by the schema, which names only the fields used.
 * Whatever fails is a `HostingFault`, already tried again where that helps; the signal of the job ends every wait.
 */
export interface Api {
  /** Reads what may change; asks with the last ETag, so that an unchanged answer is not charged. */
  get<T>(route: string, params: Params, schema: ZodType<T>): Promise<T>;
  /** Like `get`; null where GitHub answers that there is no such thing (404). */
  find<T>(route: string, params: Params, schema: ZodType<T>): Promise<T | null>;
  /** Like `get` over all pages; the schema gives the items of one page (transform those that are wrapped in an object). */
  all<T>(route: string, params: Params, schema: ZodType<readonly T[]>): Promise<readonly T[]>;
  /** Reads what never changes, such as a git object by id: no ETag, nothing kept; whoever asks keeps it. */
  fixed<T>(route: string, params: Params, schema: ZodType<T>): Promise<T>;
  /**
   * Creates, changes or deletes: `POST /repos/{owner}/{repo}/check-runs`. Counts against the limit of content writes, and
   * waits for it unless it takes back that something may merge.
   */
  write<T>(route: string, params: Params, schema: ZodType<T>, takesBack?: boolean): Promise<T>;
  /** Runs a query (no mutation). `owner` and `name` are always given as variables; declare those that the document uses. */
  graphql<T>(document: string, variables: Params, schema: ZodType<T>, missing?: Missing): Promise<T>;
  /**
   * Runs a mutation, with no variables but those given. Counts against the limit of content writes; nothing runs it again
   * by itself, since it may have been done although its answer was lost.
   */
  mutate<T>(document: string, variables: Params, schema: ZodType<T>): Promise<T>;
  /** What of the token's permissions the installation's owner has not accepted; null where nothing is lacking (P37). */
  lacking(): Promise<Lacking | null>;
}

/**
 * Fields of a document that may be null with an error beside the data, by the name they have in the answer, with the
 * kinds of errors that mean no more than that. Every other error makes the whole answer a fault.
 */
export type Missing = Readonly<Record<string, readonly ("NOT_FOUND" | "FORBIDDEN")[]>>;

/** What the requests of one job cost. */
export interface Charges {
  /** Requests that were not answered 304: REST, GraphQL, and tokens; each try counts. */
  requests: number;
  /** Points of GraphQL's own budget: what a document that asks `rateLimit { cost }` is told, else one a query. */
  points: number;
  /** Answers 304, which are free. */
  unchanged: number;
  /** Requests that create, change or delete. */
  writes: number;
}
