import { createAppAuth } from "@octokit/auth-app";
import { HostingFault } from "../work/hosting-fault.ts";
import { type Lacking, notAccepted, type Permissions } from "./accepted-permissions.ts";
import type { Charges } from "./api.ts";
import { boundedCache } from "./bounded-cache.ts";
import type { Clock } from "./clock.ts";
import { redacted } from "./redacted.ts";
import type { Sender } from "./sender.ts";
import { type IssuedToken, tokenIssue } from "./token-issue.ts";

/** What a token may be used for: one repository, and no more than the job needs (P43). */
export interface TokenScope {
  readonly installation: number;
  readonly repository: { readonly id: number } | { readonly name: string };
  readonly permissions: Permissions;
}

/** For which job a token is asked for. */
export type TokenJob = { readonly signal: AbortSignal; readonly charges: Charges };

/**
 * Gives installation tokens; a token is asked for once and kept until shortly before it expires. Where an installation's
 * owner has not accepted all that is asked for, it is one for the rest (P37).
 */
export interface Tokens {
  token(scope: TokenScope, job: TokenJob): Promise<string>;
  /** What the token of this scope goes without; null where it has all. */
  lacking(scope: TokenScope, job: TokenJob): Promise<Lacking | null>;
  /** Drops a token that was refused. */
  drop(scope: TokenScope, token: string): void;
  /** Asks anew from now on: the owner of an installation has accepted more. */
  renew(installation: number): void;
}

/** A token is not used in its last minutes, so that no job loses it half-way. */
const MARGIN = 300_000;
const KEPT = 5_000;

/** Tokens of one App. */
export function appTokens(
  app: { readonly appId: number | string; readonly privateKey: string },
  sender: Sender,
  clock: Clock,
): Tokens {
  const auth = createAppAuth({ appId: app.appId, privateKey: app.privateKey });
  const issue = tokenIssue(() => webToken(auth), sender, clock);
  const kept = boundedCache<IssuedToken>(KEPT);
  const underWay = new Map<string, Promise<IssuedToken>>();
  // What is being asked for while an installation is renewed is kept under its old number.
  const renewals = new Map<number, number>();
  const renewalOf = ({ installation }: TokenScope) => renewals.get(installation) ?? 0;
  const keyOf = (scope: TokenScope) =>
    JSON.stringify([scope.installation, renewalOf(scope), scope.repository, scope.permissions]);
  const issued = async (scope: TokenScope, job: TokenJob): Promise<IssuedToken> => {
    const key = keyOf(scope);
    const known = kept.get(key);
    if (known !== undefined && known.expiresAt - MARGIN > clock.now()) return known;
    // Requests that are made side by side share one token; what becomes of another job's question is no answer to this one.
    const other = underWay.get(key);
    const shared = other && (await other.catch(() => null));
    if (shared) return shared;
    const asked = issue(scope, renewalOf(scope), job).finally(() => underWay.delete(key));
    underWay.set(key, asked);
    const found = await asked;
    kept.set(key, found, 1);
    return found;
  };
  return {
    async token(scope, job) {
      const { token, lacking } = await issued(scope, job);
      if (token !== null) return token;
      throw notAccepted(scope.permissions, lacking?.address);
    },
    lacking: async (scope, job) => (await issued(scope, job)).lacking,
    drop(scope, token) {
      const key = keyOf(scope);
      if (kept.get(key)?.token === token) kept.delete(key);
    },
    renew(installation) {
      renewals.set(installation, (renewals.get(installation) ?? 0) + 1);
    },
  };
}

/** Tokens that were not asked for with permissions lack none. */
const UNSCOPED = { lacking: async () => null, drop: () => {}, renew: () => {} };

/** The App's own token, for what is asked about the App itself rather than in an installation. */
export function ownTokens(app: { readonly appId: number | string; readonly privateKey: string }): Tokens {
  const auth = createAppAuth({ appId: app.appId, privateKey: app.privateKey });
  return { token: () => webToken(auth), ...UNSCOPED };
}

/** A token that somebody was given and uses for everything. */
export function givenToken(token: string): Tokens {
  return { token: async () => token, ...UNSCOPED };
}

/** Tokens that a workflow was given: one for its repository, and perhaps one for what only the organisation shows. */
export function workflowTokens({ repository, organization }: WorkflowTokens): Tokens {
  const organizations = (scope: TokenScope) => "members" in scope.permissions || "name" in scope.repository;
  return { token: async (scope) => (organizations(scope) ? (organization ?? repository) : repository), ...UNSCOPED };
}

/** What a workflow may ask with. */
export interface WorkflowTokens {
  readonly repository: string;
  /** Reads members of teams and the organisation's policy; null where none was given. */
  readonly organization: string | null;
}

async function webToken(auth: ReturnType<typeof createAppAuth>): Promise<string> {
  try {
    return (await auth({ type: "app" })).token;
  } catch (reason) {
    // A key that cannot be read: what Node says of it could quote it, so only its kind is told.
    const said = reason instanceof Error && "code" in reason ? redacted(String(reason.code)) : "no PEM";
    throw new HostingFault("hosting/unauthorized", `the App's private key cannot be used (${said})`, {
      remedy: "Give PRIVATE_KEY, or the file of PRIVATE_KEY_PATH, as GitHub made it: a PEM text.",
    });
  }
}
