import { z } from "zod";
import type { Api } from "./api.ts";

const Answer = z.record(z.string(), z.unknown());
const Account = z.object({ databaseId: z.int().nullable() }).nullable();
/** Accounts in one query. */
const AT_ONCE = 100;

/** The numbers of people's accounts, by login in lower case; null where nobody has the login now. */
export async function readAccounts(api: Api, logins: readonly string[]): Promise<ReadonlyMap<string, number | null>> {
  const names = [...new Set(logins.map((login) => login.replace(/^@/, "").toLowerCase()))];
  const found = new Map<string, number | null>();
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const batch = names.slice(at, at + AT_ONCE);
    const variables = Object.fromEntries(batch.map((login, index) => [`v${index}`, login]));
    const missing = Object.fromEntries(batch.map((_, index) => [`u${index}`, ["NOT_FOUND"] as const]));
    const answer = await api.graphql(documentOf(batch.length), variables, Answer, missing);
    for (const [index, login] of batch.entries())
      found.set(login, Account.parse(answer[`u${index}`] ?? null)?.databaseId ?? null);
  }
  return found;
}

function documentOf(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return `query Accounts(${numbers.map((at) => `$v${at}: String!`).join(", ")}) {
  rateLimit { cost }
  ${numbers.map((at) => `u${at}: user(login: $v${at}) { databaseId }`).join("\n  ")}
}`;
}
