import { z } from "zod";
import type { Api } from "./api.ts";
import { clientWith } from "./client.ts";
import { givenToken } from "./tokens.ts";

const User = z.object({ login: z.string() });
const Membership = z.object({
  state: z.string(),
  role: z.string(),
  organization: z.object({ id: z.int(), login: z.string() }),
});

/** Somebody with a token, and what they are in an organisation. */
export interface OrganizationMember {
  readonly login: string;
  readonly organization: { readonly id: number; readonly login: string };
  readonly owner: boolean;
}

/** Whose token it is, and what they are in the organisation; null where they are nobody there. */
export async function organizationMember(
  access: { readonly baseUrl: string; readonly token: string; readonly signal: AbortSignal },
  organization: string,
): Promise<OrganizationMember | null> {
  const { baseUrl, token, signal } = access;
  const charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
  const scope = { installation: 0, repository: { name: "" }, permissions: {}, owner: organization, name: "" };
  const api: Api = clientWith(() => givenToken(token), { baseUrl }).api({ ...scope, signal, charges });
  const { login } = await api.get("/user", {}, User);
  const found = await api.find(
    "/orgs/{org}/memberships/{username}",
    { org: organization, username: login },
    Membership,
  );
  if (found === null) return null;
  const { id, login: name } = found.organization;
  return { login, organization: { id, login: name }, owner: found.state === "active" && found.role === "admin" };
}
