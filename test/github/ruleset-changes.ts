import { Refused } from "./access.ts";
import type { Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, BypassActor, Repository, Rule, Ruleset, RulesetConditions } from "./world.ts";

/** What the API takes for a ruleset; what is left out of an update stays. */
export interface RulesetInput {
  readonly name?: string;
  readonly target?: Ruleset["target"];
  readonly enforcement?: Ruleset["enforcement"];
  readonly conditions?: RulesetConditions;
  readonly rules?: readonly Rule[];
  readonly bypass_actors?: readonly BypassActor[];
}

const TYPES = new Set([
  ...["creation", "update", "deletion", "required_linear_history", "merge_queue", "required_deployments"],
  ...["required_signatures", "pull_request", "required_status_checks", "non_fast_forward", "commit_message_pattern"],
  ...["commit_author_email_pattern", "committer_email_pattern", "branch_name_pattern", "tag_name_pattern"],
  ...["file_path_restriction", "max_file_path_length", "file_extension_restriction", "max_file_size"],
  ...["workflows", "code_scanning", "copilot_code_review"],
]);

/** Makes a ruleset, and says so. */
export function createRuleset(stage: Stage, source: Repository | Account, input: RulesetInput, by: Account): Ruleset {
  const { world } = stage;
  if (!input.name || !input.enforcement)
    throw new Refused(422, "Validation Failed", ["name and enforcement are needed"]);
  refuseInvalid(source, input.rules ?? []);
  const at = world.now();
  const ruleset: Ruleset = {
    id: world.nextId(),
    name: input.name,
    source,
    target: input.target ?? "branch",
    enforcement: input.enforcement,
    conditions: input.conditions ?? {},
    rules: input.rules ?? [],
    bypassActors: input.bypass_actors ?? [],
    createdAt: at,
    updatedAt: at,
  };
  world.rulesets.push(ruleset);
  tell(stage, ruleset, "created", by);
  return ruleset;
}

/** Changes a ruleset, and says what was before. */
export function updateRuleset(stage: Stage, ruleset: Ruleset, input: RulesetInput, by: Account): void {
  refuseInvalid(ruleset.source, input.rules ?? []);
  const { name, enforcement, conditions, rules } = ruleset;
  ruleset.name = input.name ?? name;
  ruleset.target = input.target ?? ruleset.target;
  ruleset.enforcement = input.enforcement ?? enforcement;
  ruleset.conditions = input.conditions ?? conditions;
  ruleset.rules = input.rules ?? rules;
  ruleset.bypassActors = input.bypass_actors ?? ruleset.bypassActors;
  ruleset.updatedAt = stage.world.now();
  const changes = {
    ...(ruleset.name === name ? {} : { name: { from: name } }),
    ...(ruleset.enforcement === enforcement ? {} : { enforcement: { from: enforcement } }),
    ...conditionChanges(conditions, ruleset.conditions),
    ...ruleChanges(rules, ruleset.rules),
  };
  tell(stage, ruleset, "edited", by, { changes });
}

/** Deletes a ruleset. */
export function deleteRuleset(stage: Stage, ruleset: Ruleset, by: Account): void {
  stage.world.rulesets.splice(stage.world.rulesets.indexOf(ruleset), 1);
  tell(stage, ruleset, "deleted", by);
}

/** Queues exist only in repositories of organisations; GitHub then knows no such rule. */
function refuseInvalid(source: Repository | Account, rules: readonly Rule[]): void {
  const owner = "store" in source ? source.owner : source;
  const wrong = rules.find(({ type }) => !TYPES.has(type) || (type === "merge_queue" && owner.type !== "Organization"));
  if (wrong) throw new Refused(422, "Validation Failed", [`Invalid rule '${wrong.type}': `]);
}

function conditionChanges(before: RulesetConditions, after: RulesetConditions): { conditions?: unknown } {
  const [from, to] = [before.ref_name ?? {}, after.ref_name ?? {}];
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (same(from, to)) return {};
  const changes = {
    ...(same(from.include, to.include) ? {} : { include: { from: from.include ?? [] } }),
    ...(same(from.exclude, to.exclude) ? {} : { exclude: { from: from.exclude ?? [] } }),
  };
  return { conditions: { added: [], deleted: [], updated: [{ condition: after, changes }] } };
}

function ruleChanges(before: readonly Rule[], after: readonly Rule[]): { rules?: unknown } {
  const of = (rules: readonly Rule[], wanted: string) => rules.find(({ type }) => type === wanted);
  const added = after.filter(({ type }) => !of(before, type));
  const deleted = before.filter(({ type }) => !of(after, type));
  const updated = after.flatMap((rule) => {
    const from = JSON.stringify(of(before, rule.type)?.parameters ?? {});
    if (!of(before, rule.type) || from === JSON.stringify(rule.parameters ?? {})) return [];
    return [{ rule, changes: { configuration: { from } } }];
  });
  return added.length + deleted.length + updated.length > 0 ? { rules: { added, deleted, updated } } : {};
}

function tell(stage: Stage, one: Ruleset, action: string, by: Account, more: Record<string, unknown> = {}): void {
  const { ruleset, repository, user } = shapes(stage.origin);
  const { source } = one;
  stage.deliveries.send("repository_ruleset", source, {
    action,
    repository_ruleset: ruleset(one, true),
    ...("store" in source ? { repository: repository(source) } : {}),
    sender: user(by),
    ...more,
  });
}
