import { type BranchRule, rulesOf } from "./rules.ts";
import type { Stage } from "./server.ts";
import type { PushEnds, Violation } from "./violations.ts";
import type { Account, Repository, RuleSuite } from "./world.ts";

/** The violations that stop somebody; whoever may go past a rule in pull requests only is stopped in a push. */
export function stoppedBy(
  broken: readonly Violation[],
  account: Account,
  way: "push" | "pull_request",
): readonly Violation[] {
  return broken.filter(({ rule }) => {
    if (rule.enforcement !== "active") return false;
    const bypass = rule.bypass(account);
    return bypass === null || (bypass === "pull_request" && way === "push");
  });
}

/** How GitHub refuses: classic protection says its rule alone. */
export function refusalText(stopped: readonly Violation[]): string {
  const said = stopped.map(({ message }) => message).join("\n");
  return stopped.some(({ rule }) => rule.ruleset !== null) ? `Repository rule violations found\n\n${said}\n\n` : said;
}

/** Remembers how a push or a merge stood to the rules, where its branch has any; `exempt` is no bypass. */
export function recordSuite(
  { world }: Pick<Stage, "world">,
  repository: Repository,
  { branch, before, after }: PushEnds,
  actor: Account,
  broken: readonly Violation[],
  result?: RuleSuite["result"],
): void {
  const rules = rulesOf(world, repository, branch);
  if (rules.length === 0) return;
  const counted = rules.filter((rule) => rule.bypass(actor) !== "exempt");
  const problemOf = (rule: BranchRule) =>
    broken.find((one) => one.rule.type === rule.type && one.rule.ruleset?.id === rule.ruleset?.id)?.message ?? null;
  const failed = (enforcement: BranchRule["enforcement"]) =>
    counted.some((rule) => rule.enforcement === enforcement && problemOf(rule) !== null);
  const evaluated = counted.some(({ enforcement }) => enforcement === "evaluate");
  repository.ruleSuites.push({
    id: world.nextId(),
    actor,
    branch,
    before,
    after,
    pushedAt: world.now(),
    result: result ?? (failed("active") ? "bypass" : "pass"),
    evaluation: evaluated ? (failed("evaluate") ? "fail" : "pass") : null,
    evaluations: counted.map((rule) => ({
      source: rule.ruleset
        ? { type: "ruleset", id: rule.ruleset.id, name: rule.ruleset.name }
        : { type: "protected_branch", id: null, name: branch },
      enforcement: rule.enforcement,
      result: problemOf(rule) === null ? "pass" : "fail",
      type: rule.type,
      details: problemOf(rule),
    })),
  });
}
