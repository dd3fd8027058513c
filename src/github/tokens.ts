import { createAppAuth } from "@octokit/auth-app";
import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import { unexpected } from "./answer-fault.ts";
import type { Charges } from "./api.ts";
import { boundedCache } from "./bounded-cache.ts";
import type { Clock } from "./clock.ts";
import { redacted } from "./redacted.ts";
import type { Sender } from "./sender.ts";

/** What a token may be used for: one repository, and no more than the job needs (P43). */
export interface TokenScope {
  readonly installation: number;
  readonly repository: { readonly id: number } | { readonly name: string };
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}

/** Gives installation tokens; a token is asked for once and kept until shortly before it expires. */
export interface Tokens {
  token(scope: TokenScope, job: { readonly signal: AbortSignal; readonly charges: Charges }): Promise<string>;
  /** Drops a token that was refused. */
  drop(scope: TokenScope, token: string): void;
}

const IssuedToken = z.object({ token: z.string().min(1), expires_at: z.string() });
/** A token is not used in its last minutes, so that no job loses it half-way. */
const MARGIN = 300_000;
const KEPT = 5_000;

interface Issued {
  readonly token: string;
  readonly expiresAt: number;
}

/** Tokens of one App. */
export function appTokens(
  app: { readonly appId: number | string; readonly privateKey: string },
  sender: Sender,
  clock: Clock,
): Tokens {
  const auth = createAppAuth({ appId: app.appId, privateKey: app.privateKey });
  const kept = boundedCache<Issued>(KEPT);
  const underWay = new Map<string, Promise<Issued>>();
  const issue = async (scope: TokenScope, job: Parameters<Tokens["token"]>[1]): Promise<Issued> => {
    const { repository } = scope;
    const answer = await sender.send({
      route: "POST /app/installations/{installation_id}/access_tokens",
      params: {
        installation_id: scope.installation,
        ...("id" in repository ? { repository_ids: [repository.id] } : { repositories: [repository.name] }),
        permissions: scope.permissions,
      },
      headers: { authorization: `bearer ${await webToken(auth)}` },
      repeatable: true,
      lane: "app",
      ...job,
    });
    const parsed = IssuedToken.safeParse(jsonOf(answer.text));
    if (!parsed.success) throw unexpected(answer.place, "no token");
    return { token: parsed.data.token, expiresAt: Date.parse(parsed.data.expires_at) };
  };
  return {
    async token(scope, job) {
      const key = JSON.stringify(scope);
      const known = kept.get(key);
      if (known !== undefined && known.expiresAt - MARGIN > clock.now()) return known.token;
      // Requests that are made side by side share one token; what becomes of another job's question is no answer to this one.
      const other = underWay.get(key);
      const shared = other && (await other.catch(() => null));
      if (shared) return shared.token;
      const asked = issue(scope, job).finally(() => underWay.delete(key));
      underWay.set(key, asked);
      const issued = await asked;
      kept.set(key, issued, 1);
      return issued.token;
    },
    drop(scope, token) {
      const key = JSON.stringify(scope);
      if (kept.get(key)?.token === token) kept.delete(key);
    },
  };
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
