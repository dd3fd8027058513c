import { z } from "zod";
import { InstallationAnswer, isAboutPermissions, type Lacking, lackingOf } from "./accepted-permissions.ts";
import { unexpected } from "./answer-fault.ts";
import type { Params } from "./api.ts";
import { boundedCache } from "./bounded-cache.ts";
import type { Clock } from "./clock.ts";
import type { Sender } from "./sender.ts";
import type { TokenJob, TokenScope } from "./tokens.ts";

/** A token as GitHub gave it. */
export interface IssuedToken {
  /** Null where nothing of what was wanted is accepted: a token that asks for nothing would be one for everything. */
  readonly token: string | null;
  readonly expiresAt: number;
  /** What it goes without of what was wanted. */
  readonly lacking: Lacking | null;
}

const TokenAnswer = z.object({ token: z.string().min(1), expires_at: z.string() });
const INSTALLATION = "/app/installations/{installation_id}";
/** How many installations are known to lack something. */
const KEPT = 5_000;
/** How long what an installation has accepted is believed, in milliseconds: as long as a token that was made by it. */
const BELIEVED = 3_600_000;

interface Known {
  readonly installation: z.infer<typeof InstallationAnswer>;
  readonly until: number;
}

/** Asks for a token; what an installation had accepted before its last renewal is not believed. */
export type TokenIssue = (scope: TokenScope, renewal: number, job: TokenJob) => Promise<IssuedToken>;

/**
 * Asks for tokens. GitHub refuses one for all that is wanted as soon as any of it is not accepted; then the installation
 * is asked what is, and the token is one for that (P37).
 */
export function tokenIssue(webToken: () => Promise<string>, sender: Sender, clock: Clock): TokenIssue {
  const known = boundedCache<Known>(KEPT);
  const send = async (route: string, params: Params, job: TokenJob) => {
    const headers = { authorization: `bearer ${await webToken()}` };
    return sender.send({ route, params, headers, repeatable: true, lane: "app", ...job });
  };
  const request = async (scope: TokenScope, lacking: Lacking | null, job: TokenJob): Promise<IssuedToken> => {
    const permissions = lacking?.left ?? scope.permissions;
    if (Object.keys(permissions).length === 0) return { token: null, expiresAt: clock.now() + BELIEVED, lacking };
    const { repository, installation: installation_id } = scope;
    const of = "id" in repository ? { repository_ids: [repository.id] } : { repositories: [repository.name] };
    const { text, place } = await send(
      `POST ${INSTALLATION}/access_tokens`,
      { installation_id, ...of, permissions },
      job,
    );
    const answer = TokenAnswer.safeParse(jsonOf(text));
    if (!answer.success) throw unexpected(place, "no token");
    return { token: answer.data.token, expiresAt: Date.parse(answer.data.expires_at), lacking };
  };
  return async (scope, renewal, job) => {
    const key = `${scope.installation} ${renewal}`;
    const before = known.get(key);
    const lacked = before && before.until > clock.now() ? lackingOf(scope.permissions, before.installation) : null;
    try {
      return await request(scope, lacked, job);
    } catch (fault) {
      if (!isAboutPermissions(fault)) throw fault;
      const { text, place } = await send(`GET ${INSTALLATION}`, { installation_id: scope.installation }, job);
      const answer = InstallationAnswer.safeParse(jsonOf(text));
      if (!answer.success) throw unexpected(place, "no installation");
      const lacking = lackingOf(scope.permissions, answer.data);
      if (lacking === null) throw fault;
      known.set(key, { installation: answer.data, until: clock.now() + BELIEVED }, 1);
      return request(scope, lacking, job);
    }
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
