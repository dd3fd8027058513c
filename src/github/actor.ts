import { z } from "zod";
import type { Person } from "../core/facts.ts";

/** Who did something, in every GraphQL document that asks. */
export const WHO = "fragment Who on Actor { __typename login ... on User { databaseId } }";

/** An actor of GraphQL's; null is a deleted account. */
export const Actor = z.object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() });
export type Actor = z.infer<typeof Actor>;

/**
 * The person behind an actor; null for a deleted account. A bot's or an imported account's login may be spelled like a
 * person's in GraphQL: only `User` keeps it bare (P23).
 */
export function personOf(actor: Actor | null): Person | null {
  if (!actor) return null;
  const { __typename: type, login } = actor;
  return { login: type === "User" ? login : `${login}[${type.toLowerCase()}]`, type };
}
