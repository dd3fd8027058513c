import type { ObjectId } from "../../core/change-set.ts";
import type { Command } from "../../core/facts.ts";
import type { Tier } from "../../core/policy.ts";
import type { Instant } from "../../core/scalars.ts";
import type { Store, StoredAsk, StoredPush } from "../../stores/store.ts";
import type { HostedCommand, VoidCommand } from "../../work/conversation.ts";
import type { HostedPullRequest } from "../../work/hosting.ts";
import { commandNamed } from "./command-table.ts";

/** A command, or a press of a button, with what is remembered of it. */
export interface GivenCommand {
  readonly stored: StoredAsk;
  /** The comment's number; null for a button, and for a comment that is gone. */
  readonly comment: number | null;
  /** The pull request that it was given on, with its author. */
  readonly pull: HostedPullRequest;
  /** The argument with a shortened commit id in full. */
  readonly argument: string;
  /** Why it counts for nothing, whoever gave it; else null. */
  readonly refused: string | null;
}

/** All commands of pull requests that share a decision, the oldest first. */
export interface GivenCommands {
  readonly all: readonly GivenCommand[];
  /** Those that the decision may count; a risk is accepted at the tier that was shown, else at this one. */
  countedAt(tier: Tier): readonly Command[];
}

/** The head of a pull request as it stood at an instant, as far as pushes tell; `twins` are all heads that begin so. */
export type HeadAt = (
  pull: number,
  at: Instant,
  digits: string,
) => { readonly head: ObjectId | null; readonly twins: number };

/**
 * Heads by the pushes that were seen; before the first of them, what that one found or, of a new branch, brought. Whoever
 * pushes can make two commits that begin alike, and swap them while somebody writes.
 */
export function headsByPushes(pushes: readonly StoredPush[]): HeadAt {
  const inOrder = [...pushes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (pull, at, digits) => {
    const own = inOrder.filter(({ pullRequest }) => pullRequest === pull);
    const last = own.findLast((push) => Date.parse(push.at) <= Date.parse(at));
    const heads = new Set(own.flatMap(({ before, after }) => [before ?? after, after]));
    const twins = [...heads].filter((id) => id.startsWith(digits)).length;
    return { head: last?.after ?? own[0]?.before ?? own[0]?.after ?? null, twins };
  };
}

/**
 * Reads the commands of pull requests, and remembers each as it was when it was first seen. What counts must stand where
 * it was written, unedited (P27); only what takes an approval back stays in force without its comment, so that nobody
 * brings an approval to life again by deleting another one's comment (P28).
 */
export async function givenCommands(
  repository: number,
  pulls: readonly HostedPullRequest[],
  headAt: HeadAt,
  store: Pick<Store, "putAsk" | "asksOf" | "headOf">,
): Promise<GivenCommands> {
  const all: GivenCommand[] = [];
  for (const pull of pulls) {
    const known = new Map((await store.asksOf(repository, pull.number)).map((ask) => [ask.key, ask]));
    const shown = (await store.headOf(repository, pull.number))?.depends?.tier ?? null;
    const standing: readonly (HostedCommand & Partial<VoidCommand>)[] = [...pull.commands, ...pull.voidCommands];
    for (const command of standing) {
      const key = `comment/${command.comment}`;
      const before = known.get(key);
      if (before && isWithdrawal(before)) continue;
      known.delete(key);
      const stored = before ?? firstSeen(command, { repository, pullRequest: pull.number, key, tier: shown });
      if (!before) await store.putAsk(stored);
      const { argument, refused } = judged(command, stored, pull, headAt, pulls.length > 1);
      all.push({ stored, comment: command.comment, pull, argument, refused });
    }
    for (const stored of known.values()) {
      if (!stored.key.startsWith("button/") && !isWithdrawal(stored)) continue;
      const comment = standing.find((one) => stored.key === `comment/${one.comment}`)?.comment ?? null;
      all.push({ stored, comment, pull, argument: stored.argument, refused: null });
    }
  }
  all.sort((a, b) => Date.parse(a.stored.at) - Date.parse(b.stored.at));
  return {
    all,
    countedAt: (tier) =>
      all
        .filter(
          ({ refused, stored: { key, name } }) =>
            refused === null && commandNamed(name) !== undefined && !key.startsWith("button/"),
        )
        .map(({ stored: { name, reason, login, at, tier: then }, argument }) => {
          const person = { login, type: "User" };
          return { name, argument, reason, person, createdAt: at, tier: then ?? tier };
        }),
  };
}

/** What took an approval back stays so, whatever somebody makes of its comment. */
function isWithdrawal({ name, counts }: StoredAsk): boolean {
  return name === "withdraw" && counts;
}

type Place = Pick<StoredAsk, "repository" | "pullRequest" | "key" | "tier">;

function firstSeen(command: HostedCommand & Partial<VoidCommand>, place: Place): StoredAsk {
  const { name, argument, reason, person, createdAt, untouched, why } = command;
  const counts = untouched && why === undefined && person !== null;
  return { ...place, name, argument, reason, login: person?.login ?? "ghost", at: createdAt, counts, answered: false };
}

/** What names a commit that its giver has looked at: the head then, or one in full. */
const NAMES_HEAD: ReadonlySet<string> = new Set(["approve", "accept-risk", "break-glass"]);
/** What counts whatever the base branch was. */
const LASTING: ReadonlySet<string> = new Set(["withdraw", "recheck", "request-reviewers", "explain", "help"]);

function judged(
  { name, argument, reason, why }: HostedCommand & Partial<VoidCommand>,
  stored: StoredAsk,
  { number, retargetedAt }: HostedPullRequest,
  headAt: HeadAt,
  shared: boolean,
): { readonly argument: string; readonly refused: string | null } {
  const same = stored.name === name && stored.argument === argument && stored.reason === reason;
  const refuse = (because: string) => ({ argument, refused: because });
  if (why !== undefined) return refuse(why);
  if (!stored.counts || !same) return refuse("was changed after it was written, and never counts; write a new comment");
  const early = retargetedAt !== null && Date.parse(stored.at) < Date.parse(retargetedAt);
  if (early && (shared || NAMES_HEAD.has(name)) && !LASTING.has(name))
    return refuse("was given before the pull request was moved to another base branch");
  if (!NAMES_HEAD.has(name))
    return { argument: name === "not-mine" ? argument.toLowerCase() : argument, refused: null };
  const digits = argument.toLowerCase();
  return commitNamed(digits, headAt(number, stored.at, digits));
}

/** A commit id in full, or at least 16 digits of what was the head then (security rule S13). */
function commitNamed(
  argument: string,
  { head, twins }: ReturnType<HeadAt>,
): { readonly argument: string; readonly refused: string | null } {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(argument)) return { argument, refused: null };
  if (argument === "") return { argument, refused: "names no commit" };
  if (!/^[0-9a-f]{16,63}$/.test(argument))
    return { argument, refused: "names no commit: give its full id, or at least 16 digits of the head's" };
  if (twins < 2 && head?.startsWith(argument)) return { argument: head, refused: null };
  const another = twins > 1 ? `${twins} heads of this pull request begin so` : "the head was another one then";
  const why = head === null ? "it is not known what was the head then" : another;
  return { argument, refused: `names a commit that cannot be told (${why}): give its full id` };
}
