import { createVerify, randomUUID } from "node:crypto";
import type { Account, App, Installation, Repository, World } from "./world.ts";
import { roleOf } from "./world.ts";

/** Who makes a request. */
export type Actor =
  | { readonly kind: "anonymous" }
  | { readonly kind: "user"; readonly account: Account }
  | { readonly kind: "app"; readonly app: App }
  | {
      readonly kind: "installation";
      readonly installation: Installation;
      readonly permissions: Readonly<Record<string, string>>;
      readonly repositories: ReadonlySet<number> | null;
      readonly expiresAt: number;
    };

/** A refusal in GitHub's shape. */
export class Refused extends Error {
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** Tokens that were given out. */
export interface Tokens {
  actorOf(authorization: string | undefined, wallClock: number): Actor;
  issue(
    installation: Installation,
    wanted: { permissions?: Record<string, string>; repositories?: readonly number[] },
    wallClock: number,
  ): { token: string; expiresAt: string; permissions: Readonly<Record<string, string>> };
}

const LEVELS = ["read", "write", "admin"];

/** Whether a granted level reaches a needed one. */
export function grants(permissions: Readonly<Record<string, string>>, name: string, level: string): boolean {
  return LEVELS.indexOf(permissions[name] ?? "") >= LEVELS.indexOf(level);
}

/** Keeps the tokens of one loopback GitHub. */
export function tokens(world: World): Tokens {
  const issued = new Map<string, Extract<Actor, { kind: "installation" }>>();
  return {
    actorOf(authorization, wallClock) {
      const [, secret = ""] = /^(?:bearer|token) (.+)$/i.exec(authorization ?? "") ?? [];
      if (secret === "") return { kind: "anonymous" };
      const installation = issued.get(secret);
      if (installation) {
        // An installation that was removed takes its tokens along.
        if (installation.expiresAt < wallClock || !world.installations.includes(installation.installation))
          throw new Refused(401, "Bad credentials");
        if (installation.installation.suspendedAt) throw new Refused(403, "This installation has been suspended");
        return installation;
      }
      const account = [...world.accounts.values()].find((one) => one.token === secret);
      if (account) return { kind: "user", account };
      return { kind: "app", app: verifiedApp(world, secret, wallClock) };
    },
    issue(installation, wanted, wallClock) {
      const asked = wanted.permissions ?? { ...installation.permissions };
      for (const [name, level] of Object.entries(asked)) {
        if (name !== "metadata" && !grants(installation.permissions, name, level))
          throw new Refused(422, "The permissions requested are not granted to this installation.");
      }
      for (const id of wanted.repositories ?? []) {
        if (!covers(world, installation, id))
          throw new Refused(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
          );
      }
      const token = `ghs_${randomUUID().replaceAll("-", "")}`;
      const expiresAt = wallClock + 3_600_000;
      issued.set(token, {
        kind: "installation",
        installation,
        permissions: { metadata: "read", ...asked },
        repositories: wanted.repositories ? new Set(wanted.repositories) : null,
        expiresAt,
      });
      return { token, expiresAt: new Date(expiresAt).toISOString(), permissions: { metadata: "read", ...asked } };
    },
  };
}

function verifiedApp(world: World, jwt: string, wallClock: number): App {
  const [head = "", body = "", signature = ""] = jwt.split(".");
  const refused = new Refused(401, "A JSON web token could not be decoded");
  let claims: { iss?: unknown; exp?: number; iat?: number };
  try {
    claims = JSON.parse(Buffer.from(body, "base64url").toString());
  } catch {
    throw refused;
  }
  const app = world.apps.find((one) => String(one.id) === String(claims.iss));
  if (!app) throw refused;
  const valid = createVerify("RSA-SHA256")
    .update(`${head}.${body}`)
    .verify(app.publicKey, Buffer.from(signature, "base64url"));
  const seconds = wallClock / 1000;
  if (!valid || (claims.exp ?? 0) < seconds) throw refused;
  if ((claims.exp ?? 0) > seconds + 660)
    throw new Refused(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}

/** Whether an installation reaches a repository. */
export function covers(world: World, installation: Installation, repositoryId: number): boolean {
  const repository = world.repositories.find((one) => one.id === repositoryId);
  if (!repository || repository.deleted || repository.owner !== installation.account) return false;
  return installation.selection === null || installation.selection.has(repositoryId);
}

/** Whether an installation's token is for a repository; others it sees only where they are public. */
export function writes(world: World, actor: Extract<Actor, { kind: "installation" }>, repository: Repository): boolean {
  return covers(world, actor.installation, repository.id) && (actor.repositories?.has(repository.id) ?? true);
}

/** Whether an actor sees a repository at all; GitHub answers 404 where not. */
export function sees(world: World, actor: Actor, repository: Repository): boolean {
  switch (actor.kind) {
    case "installation":
      return writes(world, actor, repository) || !repository.private;
    case "user":
      return roleOf(repository, actor.account.login) !== null;
    case "app":
      return (
        !repository.private ||
        world.installations.some((one) => one.app === actor.app && covers(world, one, repository.id))
      );
    default:
      return !repository.private;
  }
}
