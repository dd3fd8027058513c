import type { Facts } from "../../core/facts.ts";
import type { Dossier } from "../../evidence/record.ts";

/** The numbers of accounts, by login in lower case, as far as they are known. */
export type Accounts = ReadonlyMap<string, number>;

/** An account as records name it. */
export function accountOf(login: string, accounts: Accounts): Dossier["votes"][number]["person"] {
  return { id: accounts.get(login.toLowerCase()) ?? null, login };
}

/** Whoever made the change, as far as that is known, each once for each part they had in it. */
export function authorsOf({ pullRequest, commits, pushers }: Facts, accounts: Accounts): Dossier["authors"] {
  const agents = pullRequest !== null && pullRequest.author.type !== "User";
  const made = [
    ...(pullRequest ? [pullRequest.author, ...(pullRequest.otherAuthors ?? [])] : []).map(({ login }) => login),
  ].map((login) => ({ login, kind: "author" as const }));
  const behind = agents ? (pullRequest.assignees ?? []).map(({ login }) => ({ login, kind: "assignee" as const })) : [];
  const committed = commits
    .filter(({ governed }) => governed || agents)
    .flatMap(({ logins }) => logins.map((login) => ({ login, kind: "committer" as const })));
  const pushed = (pushers ?? []).map((login) => ({ login, kind: "pusher" as const }));
  const all = [...made, ...behind, ...committed, ...pushed];
  const once = new Map(all.map((one) => [`${one.kind} ${one.login.toLowerCase()}`, one]));
  return [...once.values()].map(({ login, kind }) => ({ ...accountOf(login, accounts), kind }));
}
