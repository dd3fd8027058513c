import type { Rules } from "./rules.ts";
import { type GivenReview, POLICY, type Pull, type World } from "./world.ts";

const TIERS = ["low", "medium", "high", "critical"] as const;
type Tier = (typeof TIERS)[number];
const PROMPT = /^services\/(low|medium|high|critical)\/prompts\//;
const OF_SYSTEM = /^services\/(low|medium|high|critical)\//;
const ROLES: Readonly<Record<string, (world: World) => readonly string[]>> = {
  "ai-reviewer": (world) => [...world.team],
  "risk-owner": () => ["rita", "rob"],
  security: () => ["sam"],
};
const OWNER = "olga";

/** The names of the required check of a branch; none where nothing governs it. */
export function checkNameOf(branch: string): string | null {
  if (branch === "main") return "countersign";
  return branch.startsWith("release/") ? "countersign: release/**" : null;
}

/**
 * Whether a pull request may merge. Null where that depends on when its reviews were first looked at: a base branch that
 * has taken in part of what they covered makes the rest of it look like more than the change that stands now.
 */
export function mayMerge(world: World, pull: Pull): boolean | null {
  const [then, now] = [mayMergeBy(world, pull, "then"), mayMergeBy(world, pull, "now")];
  return then === now ? then : null;
}

/**
 * Whether a pull request may merge, from everything that ever happened, the slow and plain way.
 * Written from the documentation, sharing nothing with the program. Null where the policy itself is changed by it, which
 * is not for this reference to judge.
 */
function mayMergeBy(world: World, pull: Pull, compared: "then" | "now"): boolean | null {
  if (checkNameOf(pull.base) === null) return true;
  const head = world.headOf(pull);
  const pulls = world.pulls.filter(
    (one) => one.state === "open" && one.base === pull.base && world.headOf(one) === head,
  );
  const tip = world.tip(pull.base);
  const mergeBase = world.mergeBase(tip, head);
  const changed = differing(world, mergeBase, head);
  if (changed.includes(POLICY)) return null;
  const governed = changed.filter((path) => PROMPT.test(path));
  const rules = stricter(world.rulesOn("main"), world.rulesOn(pull.base));
  if (governed.length === 0 || !rules.enforced) return true;

  const systems = [...new Set(governed.map((path) => OF_SYSTEM.exec(path)?.[1] as Tier))];
  const tier = TIERS[Math.max(...systems.map((system) => TIERS.indexOf(system)))] as Tier;
  // Two pull requests that were approved apart must not do together what nobody approved.
  const inSystems = (path: string) => systems.includes(OF_SYSTEM.exec(path)?.[1] as Tier);
  if (differing(world, mergeBase, tip).some((path) => PROMPT.test(path) && inSystems(path))) return false;
  const evaluated = world.evaluations.get(head)?.conclusion === "success";
  if (TIERS.indexOf(tier) >= 2 && !evaluated) return false;

  const { pushers, committers, unknown } = makers(world, pulls, mergeBase, head, governed);
  const made = new Set([...pulls.map(({ author }) => author), ...pushers, ...committers]);
  const certain = new Set([...pulls.map(({ author }) => author), ...pushers]);
  const bind = { low: "facts", medium: "facts", high: rules.bindHigh, critical: "change-set" }[tier];
  const now = contentOf(world, mergeBase, head, bind);
  const current = currentReviews(pulls);
  const standing = new Set<string>();
  for (const { review, pull: on } of current) {
    if (review.state !== "APPROVED" || made.has(review.login)) continue;
    if (!hasAccess(world, review.login)) continue;
    if (on.retargetedAt !== null && review.at < on.retargetedAt) continue;
    if (review.baseRef !== on.base) continue;
    if (world.now >= review.at + rules.validDays * 86_400_000) continue;
    const from = compared === "then" ? review.mergeBase : world.mergeBase(tip, review.head);
    if (contentOf(world, from, review.head, bind) === now) standing.add(review.login);
  }

  const asked: string[][] = rolesOf(rules, tier).map((role) => [...(ROLES[role]?.(world) ?? [])]);
  // An owner who made the change, or may do nothing here any more, is stood in for; one whom only a commit names may still
  // say that it is not theirs.
  const out = certain.has(OWNER) || (!made.has(OWNER) && !hasAccess(world, OWNER));
  if (tier !== "low") asked.push(out ? [OWNER, ...(ROLES["risk-owner"]?.(world) ?? [])] : [OWNER]);
  if (asked.some((people) => !people.some((login) => standing.has(login)))) return false;
  const objects = ({ review }: { review: GivenReview }) =>
    review.state === "CHANGES_REQUESTED" && asked.some((people) => people.includes(review.login));
  if (current.some(objects)) return false;
  const anyRole = new Set([...Object.values(ROLES).flatMap((people) => people(world)), ...asked.flat()]);
  const people = [...standing].filter((login) => anyRole.has(login));
  return people.length >= distinct(rules, tier) + (unknown ? 1 : 0);
}

/** Whoever may write, or is in the team, may approve. */
function hasAccess({ access, team }: World, login: string): boolean {
  return ["write", "admin"].includes(access.get(login) ?? "none") || team.has(login);
}

/** A branch's own policy adds to the default branch's, and takes nothing away. */
function stricter(one: Rules, other: Rules): Rules {
  const widths = ["facts", "files", "change-set"] as const;
  return {
    enforced: one.enforced || other.enforced,
    riskAtMedium: one.riskAtMedium || other.riskAtMedium,
    bindHigh: widths[Math.max(widths.indexOf(one.bindHigh), widths.indexOf(other.bindHigh))] ?? "change-set",
    distinctAtHigh: Math.max(one.distinctAtHigh, other.distinctAtHigh),
    validDays: Math.min(one.validDays, other.validDays),
  };
}

function rolesOf(rules: Rules, tier: Tier): readonly string[] {
  if (tier === "low") return ["ai-reviewer"];
  if (tier === "medium") return rules.riskAtMedium ? ["ai-reviewer", "risk-owner"] : ["ai-reviewer"];
  return tier === "high" ? ["risk-owner"] : ["risk-owner", "security"];
}

function distinct(rules: Rules, tier: Tier): number {
  return { low: 1, medium: 2, high: rules.distinctAtHigh, critical: 3 }[tier];
}

function differing(world: World, from: string, to: string): string[] {
  const [before, after] = [world.treeOf(from), world.treeOf(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
}

/** What an approval given there covers: the prompts and the policy, all of their systems, or everything that differs. */
function contentOf(world: World, mergeBase: string, head: string, bind: string): string {
  const changed = differing(world, mergeBase, head);
  const systems = new Set(changed.filter((path) => PROMPT.test(path)).map((path) => OF_SYSTEM.exec(path)?.[1]));
  const covers = (path: string) => {
    if (bind === "change-set" || path === POLICY) return true;
    return bind === "files" ? systems.has(OF_SYSTEM.exec(path)?.[1]) : PROMPT.test(path);
  };
  const sides = (path: string) => [mergeBase, head].map((commit) => world.treeOf(commit).get(path));
  return JSON.stringify(changed.filter(covers).map((path) => [path, ...sides(path)]));
}

/** Each person's last word: the newest of all that approved, asked for changes or were dismissed. */
function currentReviews(pulls: readonly Pull[]): { readonly review: GivenReview; readonly pull: Pull }[] {
  const last = new Map<string, { review: GivenReview; pull: Pull }>();
  const all = pulls.flatMap((pull) => pull.reviews.map((review) => ({ review, pull })));
  for (const one of all.sort((a, b) => a.review.at - b.review.at || a.review.id - b.review.id))
    if (one.review.state !== "COMMENTED") last.set(one.review.login, one);
  return [...last.values()];
}

/** Who pushed and who committed what is governed. */
function makers(world: World, pulls: readonly Pull[], mergeBase: string, head: string, governed: readonly string[]) {
  const old = world.history(mergeBase);
  const deciding = [...world.history(head)].filter((id) => !old.has(id) && decides(world, id, governed));
  const seen = new Set<string>();
  const pushers = pulls.flatMap(({ pushes }) =>
    pushes.flatMap(({ before, after, login }) => {
      const known = before === null ? new Set<string>() : world.history(before);
      const brought = [...world.history(after)].filter((id) => deciding.includes(id) && !known.has(id));
      for (const id of brought) seen.add(id);
      return brought.length > 0 ? [login] : [];
    }),
  );
  const unknown = pushers.length === 0 || deciding.some((id) => !seen.has(id));
  return { pushers, committers: deciding.map((id) => world.at(id).by), unknown };
}

/** Whether a commit itself decided what stands at one of the paths: no parent of it has the same there. */
function decides(world: World, id: string, paths: readonly string[]): boolean {
  const { parents, tree } = world.at(id);
  return paths.some((path) => parents.every((parent) => world.treeOf(parent).get(path) !== tree.get(path)));
}
