import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeHistory } from "./history.ts";
import { COMMITS_LISTED } from "./push.ts";
import { pullRequestRule } from "./rules.ts";
import { type Scenery, scenery } from "./scenery.ts";

let s: Scenery;

beforeEach(async () => {
  s = await scenery();
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";
const tip = (branch = "main") => s.repository.refs.get(`refs/heads/${branch}`) ?? "";
const lastPush = () => s.webhooks("push").at(-1);

/** A gate on main that administrators may pass by, in pull requests only where said so. */
async function gate(bypass_mode: "always" | "pull_request" = "always"): Promise<void> {
  const required = {
    required_status_checks: [{ context: "countersign", integration_id: s.app.id }],
    strict_required_status_checks_policy: false,
  };
  const { status } = await s.ask("root", "POST", `${AGENT}/rulesets`, {
    name: "gate",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [
      { type: "required_status_checks", parameters: required },
      pullRequestRule(),
      { type: "non_fast_forward" },
      { type: "deletion" },
    ],
    bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode }],
  });
  expect(status).toBe(201);
}

const suites = async (query = "") =>
  (await s.ask("root", "GET", `${AGENT}/rulesets/rule-suites${query}`)).json as Record<string, unknown>[];

describe("P20 past the rules", () => {
  it("an administrator merges; it is a merge like any other, and a bypass among the rule suites", async () => {
    await gate();
    const pull = await s.open("feature", "anna");
    const path = `${AGENT}/pulls/${pull.number}/merge`;
    const refused = await s.ask("anna", "PUT", path, {});
    expect([refused.status, refused.json.message.split("\n").slice(2, 4)]).toEqual([
      405,
      [
        'Required status check "countersign" is expected.',
        "At least 1 approving review is required by reviewers with write access.",
      ],
    ]);
    const before = tip();
    const { json } = await s.ask("root", "PUT", path, {});
    expect(s.webhooks("pull_request", "closed")[0]).toMatchObject({
      pull_request: { merged: true, merged_by: { login: "root" }, merge_commit_sha: json.sha },
    });
    expect(await suites("?ref=main")).toMatchObject([
      { actor_name: "root", result: "bypass", before_sha: before, after_sha: json.sha, ref: "refs/heads/main" },
      { actor_name: "anna", result: "fail" },
    ]);
    const [{ id } = { id: 0 }] = await suites("?rule_suite_result=bypass");
    const suite = await s.ask("root", "GET", `${AGENT}/rulesets/rule-suites/${id}`);
    expect(suite.json.rule_evaluations).toMatchObject([
      { rule_type: "required_status_checks", result: "fail", rule_source: { type: "ruleset", name: "gate" } },
      { rule_type: "pull_request", result: "fail" },
      { rule_type: "non_fast_forward", result: "pass" },
      { rule_type: "deletion", result: "pass" },
    ]);
    expect((await s.ask("anna", "GET", `${AGENT}/rulesets/rule-suites`)).status).toBe(403);
    expect((await s.ask("installation", "GET", `${AGENT}/rulesets/rule-suites`)).status).toBe(403);
  });

  it("who may bypass in pull requests only is stopped in a push", async () => {
    await gate("pull_request");
    const sha = s.act.push(s.repository, "other", { "o.txt": "1" }, { by: "root" });
    const ref = `${AGENT}/git/refs/heads/main`;
    expect((await s.ask("root", "PATCH", ref, { sha })).json.message).toContain("must be made through a pull request");
    expect((await s.ask("root", "DELETE", ref)).status).toBe(422);
    const pull = await s.open("feature", "anna");
    expect((await s.ask("root", "PUT", `${AGENT}/pulls/${pull.number}/merge`, {})).status).toBe(200);
  });

  it("a direct push says what it brought, file by file", async () => {
    await gate();
    const before = tip();
    const after = s.act.push(
      s.repository,
      "main",
      { "bot.py": "MODEL = 'z'\n", "new.txt": "1" },
      { by: "root", author: "anna" },
    );
    expect(lastPush()).toMatchObject({
      ref: "refs/heads/main",
      before,
      after,
      created: false,
      deleted: false,
      forced: false,
      pusher: { name: "root" },
      sender: { login: "root" },
      commits: [{ id: after, author: { username: "anna" }, added: ["new.txt"], modified: ["bot.py"], removed: [] }],
      head_commit: { id: after, message: "change" },
    });
    expect(await suites()).toMatchObject([
      { actor_name: "root", result: "bypass", before_sha: before, after_sha: after },
    ]);
  });

  it("a force-push to the base says so, with what it was", async () => {
    await gate();
    const first = tip();
    const second = s.act.push(s.repository, "main", { "a.txt": "1" }, { by: "root" });
    s.act.move(s.repository, "main", first, "root");
    expect(lastPush()).toMatchObject({
      before: second,
      after: first,
      forced: true,
      commits: [],
      head_commit: { id: first },
    });
    expect((await suites())[0]).toMatchObject({ result: "bypass", before_sha: second });
  });

  it("a local merge that is pushed makes the pull request merged by who pushed", async () => {
    const pull = await s.open("feature", "anna");
    const sha = s.act.mergeInto(s.repository, "main", "feature", "ben");
    expect((await s.ask("anna", "GET", `${AGENT}/pulls/${pull.number}`)).json).toMatchObject({
      state: "closed",
      merged: true,
      merged_by: { login: "ben" },
      merge_commit_sha: sha,
    });
    expect(s.heard().slice(-3)).toEqual(["push", "check_suite.requested", "pull_request.closed"]);
    expect(lastPush()).toMatchObject({ commits: [{ id: pull.head.sha }, { id: sha }] });
  });

  it("a branch is created with what it brought, and deleted with nothing", async () => {
    const sha = s.act.push(s.repository, "made", { "m.txt": "1" }, { by: "anna" });
    expect(lastPush()).toMatchObject({
      created: true,
      before: "0".repeat(40),
      commits: [{ id: sha, added: ["m.txt"] }],
    });
    s.act.move(s.repository, "twin", sha, "anna", false);
    expect(lastPush()).toMatchObject({ created: true, commits: [], head_commit: { id: sha } });
    await s.ask("anna", "DELETE", `${AGENT}/git/refs/heads/made`);
    expect(lastPush()).toMatchObject({ deleted: true, after: "0".repeat(40), commits: [], head_commit: null });
  });

  it("a push lists 2,048 commits and no more", async () => {
    const count = COMMITS_LISTED + 2;
    const ids = writeHistory(
      s.repository.store,
      Array.from({ length: count }, (_, index) => ({
        parents: index === 0 ? [] : [index - 1],
        files: new Map([["a.txt", { mode: "100644", data: Buffer.from(String(index)) }]]),
        at: 1_780_000_000 + index,
      })),
    );
    s.act.move(s.repository, "long", ids[0] ?? "", "anna", false);
    s.act.move(s.repository, "long", ids.at(-1) ?? "", "anna", false);
    const { commits, head_commit } = lastPush() as { commits: { id: string }[]; head_commit: { id: string } };
    expect([commits.length, commits.at(-1)?.id, head_commit.id]).toEqual([COMMITS_LISTED, ids.at(-1), ids.at(-1)]);
  });
});
