import { z } from "zod";
import type { Demands, InspectedPlace, ReviewDemands } from "../doctor/inspection.ts";
import { type Seen, seen, unseen } from "../doctor/seen.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { bypassers, RulesetActors } from "./bypassers.ts";
import { inTurns } from "./in-turns.ts";
import { hiddenBy, isBeyondPlan, lookedAt } from "./looked-at.ts";

const Rules = z.array(
  z.object({
    type: z.string(),
    ruleset_id: z.int().optional(),
    ruleset_source_type: z.string().optional(),
    ruleset_source: z.string().optional(),
    parameters: z
      .object({
        required_status_checks: z.array(z.object({ context: z.string(), integration_id: z.int().nullish() })),
        strict_required_status_checks_policy: z.boolean(),
        dismiss_stale_reviews_on_push: z.boolean(),
        require_code_owner_review: z.boolean(),
        require_last_push_approval: z.boolean(),
        required_approving_review_count: z.int(),
      })
      .partial()
      .optional(),
  }),
);
type Rule = z.infer<typeof Rules>[number];

const Switch = z.object({ enabled: z.boolean() });
const Protection = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean().optional(),
      contexts: z.array(z.string()).optional(),
      checks: z.array(z.object({ context: z.string(), app_id: z.int().nullish() })).optional(),
    })
    .nullish(),
  enforce_admins: Switch.nullish(),
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean().optional(),
      require_code_owner_reviews: z.boolean().optional(),
      require_last_push_approval: z.boolean().optional(),
      required_approving_review_count: z.int().optional(),
    })
    .nullish(),
  allow_force_pushes: Switch.nullish(),
});

/** What rulesets demand on one branch, which need not exist; `null` where the plan knows no rules. */
export async function rulesOn(
  api: Api,
  branch: string,
  place: InspectedPlace,
): Promise<Seen<readonly Demands[]> | null> {
  try {
    const rules = await api.all("/repos/{owner}/{repo}/rules/branches/{branch}", { branch }, Rules);
    const rulesets = [...Map.groupBy(rules, ({ ruleset_id: id }) => id ?? 0)];
    return seen(await inTurns(rulesets, async ([id, own]) => demandsOf(api, id, own, place)));
  } catch (fault) {
    if (isBeyondPlan(fault)) return null;
    return hiddenBy(fault);
  }
}

async function demandsOf(api: Api, id: number, rules: readonly Rule[], place: InspectedPlace): Promise<Demands> {
  const detail = await lookedAt(() =>
    api.get("/repos/{owner}/{repo}/rulesets/{ruleset_id}", { ruleset_id: id, includes_parents: true }, RulesetActors),
  );
  const [first] = rules;
  const level = first?.ruleset_source_type ?? "Repository";
  const source = first?.ruleset_source ?? "";
  const name = detail.known ? `ruleset "${detail.value.name}"` : `ruleset number ${id}`;
  const checks = rules.filter(({ type }) => type === "required_status_checks");
  const has = (type: string) => rules.some((rule) => rule.type === type);
  return {
    source: level === "Repository" ? name : `${name} of ${source}`,
    url: addressOf(id, level, source, place),
    bypass: await bypassers(api, detail),
    checks: checks.flatMap(({ parameters }) =>
      (parameters?.required_status_checks ?? []).map(({ context, integration_id: app }) => ({
        name: context,
        app: app ?? null,
      })),
    ),
    strict: checks.some(({ parameters }) => parameters?.strict_required_status_checks_policy === true),
    mergeQueue: has("merge_queue"),
    forcePushRefused: has("non_fast_forward"),
    reviews: reviewsOf(rules.filter(({ type }) => type === "pull_request")),
  };
}

function addressOf(id: number, level: string, source: string, { server, owner, name }: InspectedPlace): string | null {
  if (level === "Repository") return `${server}/${owner}/${name}/settings/rules/${id}`;
  // An enterprise's own pages are not for those who administer a repository.
  return level === "Organization" ? `${server}/organizations/${encodeURIComponent(source)}/settings/rules/${id}` : null;
}

function reviewsOf(rules: readonly Rule[]): ReviewDemands | null {
  const parameters = rules.flatMap((rule) => rule.parameters ?? []);
  if (parameters.length === 0) return null;
  return {
    dismissStale: parameters.some((one) => one.dismiss_stale_reviews_on_push === true),
    codeOwners: parameters.some((one) => one.require_code_owner_review === true),
    lastPush: parameters.some((one) => one.require_last_push_approval === true),
    count: Math.max(...parameters.map((one) => one.required_approving_review_count ?? 0)),
  };
}

/** What the older branch protection demands of a branch that exists; null where it has none. */
export async function protectionOn(api: Api, branch: string, place: InspectedPlace): Promise<Seen<Demands | null>> {
  try {
    const found = await api.get("/repos/{owner}/{repo}/branches/{branch}/protection", { branch }, Protection);
    return seen(protectionDemands(found, `${place.server}/${place.owner}/${place.name}/settings/branches`));
  } catch (fault) {
    if (isBeyondPlan(fault) || isUnprotected(fault)) return seen(null);
    return unseen(`branch protection is shown to administrators only: ${hiddenBy(fault).why}`);
  }
}

/** To whom does not administer the repository GitHub answers 404 as well, with other words. */
function isUnprotected(fault: unknown): boolean {
  return fault instanceof HostingFault && fault.status === 404 && /not protected/i.test(fault.message);
}

function protectionDemands(found: z.infer<typeof Protection>, url: string): Demands {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = found;
  const pinned = checks?.checks ?? [];
  const loose = (checks?.contexts ?? []).filter((name) => !pinned.some(({ context }) => context === name));
  return {
    source: "branch protection",
    url,
    bypass: seen(
      found.enforce_admins?.enabled === true
        ? []
        : [{ name: "administrators of the repository", everybody: false, onPullRequests: false }],
    ),
    checks: [
      ...pinned.map(({ context: name, app_id: app }) => ({ name, app: app == null || app < 0 ? null : app })),
      ...loose.map((name) => ({ name, app: null })),
    ],
    strict: checks?.strict === true,
    mergeQueue: false,
    forcePushRefused: found.allow_force_pushes?.enabled !== true,
    reviews: reviews
      ? {
          dismissStale: reviews.dismiss_stale_reviews === true,
          codeOwners: reviews.require_code_owner_reviews === true,
          lastPush: reviews.require_last_push_approval === true,
          count: reviews.required_approving_review_count ?? 0,
        }
      : null,
  };
}
