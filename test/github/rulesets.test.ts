import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installationActs } from "./installation-acts.ts";
import { pullRequestRule } from "./rules.ts";
import { PERMISSIONS, type Scenery, scenery } from "./scenery.ts";
import type { Ruleset } from "./world.ts";

let s: Scenery;

beforeEach(async () => {
  s = await scenery();
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";
const RULESETS = `${AGENT}/rulesets`;

const checks = (context = "countersign") => ({
  type: "required_status_checks",
  parameters: {
    required_status_checks: [{ context, integration_id: s.app.id }],
    strict_required_status_checks_policy: true,
  },
});

const gate = (more: Record<string, unknown> = {}) => ({
  name: "gate",
  target: "branch",
  enforcement: "active",
  conditions: {
    ref_name: { include: ["~DEFAULT_BRANCH", "refs/heads/release/**"], exclude: ["refs/heads/release/old"] },
  },
  rules: [checks(), pullRequestRule(), { type: "non_fast_forward" }, { type: "deletion" }],
  bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
  ...more,
});

async function create(body: Record<string, unknown> = gate(), path = RULESETS): Promise<number> {
  const { status, json } = await s.ask("root", "POST", path, body);
  expect([status, json.message]).toEqual([201, undefined]);
  return json.id;
}

async function types(branch: string): Promise<string[]> {
  const { json } = await s.ask("installation", "GET", `${AGENT}/rules/branches/${encodeURIComponent(branch)}`);
  return json.map(({ type }: Ruleset["rules"][number]) => type);
}

describe("a ruleset", () => {
  it("holds for the branches it names, and is shown with each rule, its parameters and where it is from", async () => {
    const id = await create();
    const all = ["required_status_checks", "pull_request", "non_fast_forward", "deletion"];
    expect([await types("main"), await types("release/1/2"), await types("release/old"), await types("x")]).toEqual([
      all,
      all,
      [],
      [],
    ]);
    const { json } = await s.ask("installation", "GET", `${AGENT}/rules/branches/main`);
    expect(json[0]).toEqual({
      ...checks(),
      ruleset_source_type: "Repository",
      ruleset_source: "acme/agent",
      ruleset_id: id,
    });
    expect((await s.ask("installation", "GET", `${AGENT}/branches/main`)).json.protected).toBe(true);
  });

  it("shows who may go past it to those alone who may change it", async () => {
    const id = await create();
    const seen = async (who: string) => (await s.ask(who, "GET", `${RULESETS}/${id}`)).json;
    expect(await seen("root")).toMatchObject({
      bypass_actors: [{ actor_type: "RepositoryRole" }],
      current_user_can_bypass: "always",
    });
    for (const who of ["anna", "installation"]) {
      const { bypass_actors, current_user_can_bypass, rules } = await seen(who);
      expect([bypass_actors, current_user_can_bypass, rules.length]).toEqual([undefined, "never", 4]);
    }
    const owner = installationActs(s.github);
    owner.ask(s.app, { ...PERMISSIONS, administration: "write" });
    owner.accept(s.installation, "root");
    await s.token();
    expect((await seen("installation")).bypass_actors).toHaveLength(1);
  });

  it("is listed, changed and deleted by administrators, and each time said with what was before", async () => {
    const id = await create();
    expect((await s.ask("anna", "POST", RULESETS, gate())).status).toBe(403);
    expect((await s.ask("anna", "DELETE", `${RULESETS}/${id}`)).status).toBe(403);
    expect((await s.ask("installation", "GET", RULESETS)).json).toMatchObject([{ id, name: "gate", target: "branch" }]);
    const rules = [{ ...checks("other") }, { type: "deletion" }, { type: "creation" }];
    const weaker = {
      name: "fence",
      enforcement: "evaluate",
      rules,
      conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
    };
    expect((await s.ask("root", "PUT", `${RULESETS}/${id}`, weaker)).status).toBe(200);
    const [edited] = s.webhooks("repository_ruleset", "edited");
    expect(edited).toMatchObject({
      repository_ruleset: { id, name: "fence", enforcement: "evaluate" },
      changes: {
        name: { from: "gate" },
        enforcement: { from: "active" },
        conditions: { updated: [{ changes: { include: { from: ["~DEFAULT_BRANCH", "refs/heads/release/**"] } } }] },
        rules: {
          added: [{ type: "creation" }],
          deleted: [{ type: "pull_request" }, { type: "non_fast_forward" }],
          updated: [
            {
              rule: { type: "required_status_checks" },
              changes: { configuration: { from: JSON.stringify(checks().parameters) } },
            },
          ],
        },
      },
      repository: { full_name: "acme/agent" },
      sender: { login: "root" },
    });
    expect(await types("main")).toEqual([]);
    expect((await s.ask("root", "DELETE", `${RULESETS}/${id}`)).status).toBe(204);
    expect((await s.ask("root", "GET", `${RULESETS}/${id}`)).status).toBe(404);
    expect(s.heard().filter((one) => one.startsWith("repository_ruleset"))).toEqual([
      "repository_ruleset.created",
      "repository_ruleset.edited",
      "repository_ruleset.deleted",
    ]);
  });

  it("that is disabled or only evaluated stops nobody", async () => {
    const id = await create(gate({ enforcement: "disabled" }));
    expect(await types("main")).toEqual([]);
    const pull = await s.open("feature", "anna");
    await s.ask("root", "PUT", `${RULESETS}/${id}`, { enforcement: "evaluate" });
    expect((await s.ask("anna", "PUT", `${AGENT}/pulls/${pull.number}/merge`, {})).status).toBe(200);
    const { json } = await s.ask("root", "GET", `${RULESETS}/rule-suites`);
    expect(json[0]).toMatchObject({ actor_name: "anna", result: "pass", evaluation_result: "fail" });
  });

  it("refuses rules that GitHub does not know, and a queue for a person's repository", async () => {
    const unknown = await s.ask("root", "POST", RULESETS, gate({ rules: [{ type: "magic" }] }));
    expect([unknown.status, unknown.json.errors]).toEqual([422, ["Invalid rule 'magic': "]]);
    s.github.world.repository("anna/own", { "x.txt": "x" });
    const queue = await s.ask("anna", "POST", "/repos/anna/own/rulesets", gate({ rules: [{ type: "merge_queue" }] }));
    expect(queue.status).toBe(422);
    s.github.recorded.length = 0;
  });

  it("of the organisation holds in the repositories it names, and is changed by owners only", async () => {
    const path = "/orgs/acme/rulesets";
    const conditions = {
      ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] },
      repository_name: { include: ["ag*"], exclude: [] },
    };
    const id = await create(gate({ name: "everywhere", conditions }), path);
    s.github.world.repository("acme/other", { "x.txt": "x" });
    const { json } = await s.ask("installation", "GET", `${AGENT}/rules/branches/main`);
    expect(json[0]).toMatchObject({ ruleset_source_type: "Organization", ruleset_source: "acme", ruleset_id: id });
    expect((await s.ask("installation", "GET", "/repos/acme/other/rules/branches/main")).json).toEqual([]);
    expect((await s.ask("root", "GET", `${RULESETS}/${id}`)).json).toMatchObject({ source_type: "Organization" });
    expect((await s.ask("root", "GET", `${RULESETS}?includes_parents=false`)).json).toEqual([]);
    expect((await s.ask("anna", "GET", path)).status).toBe(404);
    expect((await s.ask("root", "GET", `${path}/${id}`)).json.bypass_actors).toHaveLength(1);
    expect((await s.ask("root", "PUT", `${RULESETS}/${id}`, { name: "x" })).status).toBe(404);
    expect((await s.ask("root", "PUT", `${path}/${id}`, { enforcement: "disabled" })).json.enforcement).toBe(
      "disabled",
    );
    expect(s.webhooks("repository_ruleset", "edited")[0]).toMatchObject({ organization: { login: "acme" } });
    expect((await s.ask("root", "DELETE", `${path}/${id}`)).status).toBe(204);
    expect(await types("main")).toEqual([]);
  });

  it("demands a workflow's success where it says so", async () => {
    const workflow = { path: ".github/workflows/evals.yml", repository_id: s.repository.id };
    await create(gate({ rules: [{ type: "workflows", parameters: { workflows: [workflow] } }] }));
    const pull = await s.open("feature", "anna");
    const merge = () => s.ask("anna", "PUT", `${AGENT}/pulls/${pull.number}/merge`, {});
    expect((await merge()).status).toBe(405);
    s.act.workflow(s.repository, { path: workflow.path, sha: pull.head.sha, job: "evals", conclusion: "success" });
    expect((await merge()).status).toBe(200);
  });

  it("is one for each branch of `repository.rules`, which tests set without asking", async () => {
    s.repository.rules.set("main", {
      requiredChecks: [{ context: "countersign", integrationId: s.app.id }],
      strict: false,
      requiredApprovals: 1,
      dismissStale: true,
      bypass: ["anna"],
    });
    const { json } = await s.ask("root", "GET", `${RULESETS}/1`);
    expect(json).toMatchObject({
      name: "rules of main",
      bypass_actors: [{ actor_id: s.github.world.user("anna").id, actor_type: "User" }],
    });
    expect(await types("main")).toEqual(["required_status_checks", "pull_request"]);
  });
});

describe("classic protection", () => {
  const PATH = `${AGENT}/branches/main/protection`;
  const demands = {
    required_status_checks: { strict: false, contexts: [], checks: [{ context: "countersign", app_id: -1 }] },
    enforce_admins: false,
    required_pull_request_reviews: null,
    restrictions: null,
  };

  it("is beside the rulesets, and shown to administrators only", async () => {
    expect((await s.ask("root", "GET", PATH)).json.message).toBe("Branch not protected");
    expect((await s.ask("anna", "PUT", PATH, demands)).status).toBe(403);
    expect((await s.ask("root", "PUT", PATH, demands)).status).toBe(200);
    expect(await types("main")).toEqual([]);
    expect((await s.ask("anna", "GET", PATH)).status).toBe(404);
    expect((await s.ask("installation", "GET", PATH)).json).toMatchObject({
      required_status_checks: { checks: [{ context: "countersign", app_id: null }] },
      enforce_admins: { enabled: false },
    });
    await s.token({ permissions: { contents: "read" } });
    expect((await s.ask("installation", "GET", PATH)).status).toBe(403);
  });

  it("stops merges, but administrators' only where it says so", async () => {
    await s.ask("root", "PUT", PATH, { ...demands, enforce_admins: true });
    const pull = await s.open("feature", "anna");
    const merge = (who: string) => s.ask(who, "PUT", `${AGENT}/pulls/${pull.number}/merge`, {});
    for (const who of ["anna", "root"])
      expect((await merge(who)).json.message).toBe('Required status check "countersign" is expected.');
    await s.ask("root", "PUT", PATH, demands);
    expect([(await merge("anna")).status, (await merge("root")).status]).toEqual([405, 200]);
    expect((await s.ask("root", "DELETE", PATH)).status).toBe(204);
    const heard = s.heard().filter((one) => one.startsWith("branch_protection_rule"));
    expect(heard).toEqual(["created", "edited", "deleted"].map((one) => `branch_protection_rule.${one}`));
    expect(s.webhooks("branch_protection_rule", "edited")[0]).toMatchObject({
      rule: { name: "main", admin_enforced: false, required_status_checks: ["countersign"] },
      changes: { admin_enforced: { from: true } },
    });
  });
});
