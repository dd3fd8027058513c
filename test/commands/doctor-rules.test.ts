import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type DoctorScene, doctorScene, OWNER } from "./doctor-scene.ts";

/** Does something to the repository, or to the organisation, as its owner. */
async function done(s: DoctorScene, method: string, path: string, body: unknown, by = "root"): Promise<number> {
  const response = await fetch(`${s.github.url}${path}`, {
    method,
    headers: { authorization: `token ghp_${by}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: number }).id;
}

const REPOSITORY = "/repos/acme/agent";

/** A ruleset that requires the App's check, with what a test changes. */
function ruleset(s: DoctorScene, more: { checks?: object[]; rules?: object[]; [key: string]: unknown } = {}) {
  const { checks = [{ context: "countersign", integration_id: s.app.id }], rules = [], ...rest } = more;
  const parameters = { required_status_checks: checks, strict_required_status_checks_policy: true };
  return {
    name: "gate",
    target: "branch",
    enforcement: "active",
    bypass_actors: [],
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH", "refs/heads/release/**/*"], exclude: [] } },
    rules: [{ type: "non_fast_forward" }, { type: "required_status_checks", parameters }, ...rules],
    ...rest,
  };
}

/** Both checks, so that nothing is missing on either entry. */
const both = (s: DoctorScene) =>
  ["countersign", "countersign: release/**"].map((context) => ({ context, integration_id: s.app.id }));

async function rules(
  s: DoctorScene,
  environment: Readonly<Record<string, string>> = OWNER,
): Promise<readonly string[]> {
  return (await s.said(environment)).filter((one) => / (?:rules|settings)\//.test(one));
}

describe("the rulesets that doctor writes", () => {
  it("S21 P11 imported as they are close everything that doctor found open, and it ends with 0", async () => {
    const s = await doctorScene();
    s.act.push(s.repository, "release/1", { "notes.md": "1" }, { by: "root" });
    const directory = mkdtempSync(join(tmpdir(), "countersign-doctor-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, "r.json");
    const target = ["--repository", "acme/agent", "--app-id", String(s.app.id)];
    const before = await s.run([...target, "--write-ruleset", file, "--strict"], OWNER);
    expect(before.exit).toBe(1);
    expect(before.out).toContain("✗ `countersign` is not required on `main`");
    expect(before.out).toMatch(/✗ `countersign: release\/\*\*` is not required on `release\/1`, a new branch/);
    for (const name of ["r.json", "r-2.json"])
      await done(s, "POST", `${REPOSITORY}/rulesets`, JSON.parse(readFileSync(join(directory, name), "utf8")));
    expect(await rules(s)).toEqual([]);
    const pull = await s.open("feature", "anna");
    s.act.check(s.repository, "countersign", "countersign", pull.head.sha, "success");
    const path = ".github/workflows/evals.yml";
    s.act.workflow(s.repository, { path, sha: pull.head.sha, job: "evals", conclusion: "success" });
    const after = await s.run(target, OWNER);
    expect([after.exit, after.out.trim().split("\n").at(-1)]).toEqual([
      0,
      expect.stringMatching(/^✓ acme\/agent: \d+ in order$/),
    ]);
  });
});

describe("rulesets", () => {
  it("P11 a check from any source, another App's, or a ruleset that only evaluates, is no gate", async () => {
    const s = await doctorScene();
    const id = await done(s, "POST", `${REPOSITORY}/rulesets`, ruleset(s, { checks: [{ context: "countersign" }] }));
    expect((await rules(s))[0]).toBe(
      'problem rules/required: `countersign` is required on `main`, but from any source (ruleset "gate")',
    );
    const change = (body: unknown) => done(s, "PUT", `${REPOSITORY}/rulesets/${id}`, body);
    await change(ruleset(s, { checks: [{ context: "countersign", integration_id: 15368 }] }));
    expect((await rules(s))[0]).toBe(
      'problem rules/required: `countersign` is required on `main`, but from another App: 15368 (ruleset "gate")',
    );
    await change(ruleset(s, { checks: both(s), enforcement: "evaluate" }));
    expect((await rules(s))[0]).toBe("problem rules/required: `countersign` is not required on `main`");
    await change(ruleset(s, { checks: both(s) }));
    expect(await rules(s)).toEqual([]);
  });

  it("P20 S21 everybody on a bypass list is named", async () => {
    const s = await doctorScene();
    const [team] = s.github.world.teams;
    const actors = (...list: readonly (readonly [type: string, id: number | null, mode?: string])[]) =>
      list.map(([actor_type, actor_id, bypass_mode = "always"]) => ({ actor_type, actor_id, bypass_mode }));
    const few = actors(
      ["OrganizationAdmin", 1],
      ["RepositoryRole", 5, "pull_request"],
      ["Team", team?.id ?? 0],
      ["User", s.github.world.user("anna").id],
      ["Integration", 15368],
      ["DeployKey", null],
      ["RepositoryRole", 99],
    );
    const id = await done(s, "POST", `${REPOSITORY}/rulesets`, ruleset(s, { checks: both(s), bypass_actors: few }));
    expect(await rules(s)).toEqual([
      expect.stringMatching(
        /^warning rules\/bypass: owners of the organisation, administrators of the repository \(on pull requests\), team ml, @anna, App number 15368, deploy keys, people with the organisation's own role number 99 may bypass the check on `main`/,
      ),
    ]);
    const all = actors(["RepositoryRole", 4]);
    await done(s, "PUT", `${REPOSITORY}/rulesets/${id}`, ruleset(s, { checks: both(s), bypass_actors: all }));
    expect((await rules(s))[0]).toMatch(
      /^problem rules\/bypass: everybody with write access may bypass the check on `main`/,
    );
  });

  it("S21 a bypass list is shown to who may edit the rule, and unknown to all others", async () => {
    const s = await doctorScene();
    const own = { repository_name: { include: ["~ALL"], exclude: [] }, ...ruleset(s).conditions };
    const body = ruleset(s, { checks: both(s), name: "everywhere", conditions: own });
    const id = await done(s, "POST", "/orgs/acme/rulesets", body);
    expect(await rules(s)).toEqual([]);
    const [required] = JSON.parse(
      (await s.run(["--repository", "acme/agent", "--app-id", String(s.app.id), "--format", "json"], OWNER)).out,
    ).diagnoses.filter((one: { id: string }) => one.id === "rules/required");
    expect(required.what).toContain('(ruleset "everywhere" of acme)');
    s.repository.collaborators.set("anna", "admin");
    const hidden = await rules(s, { GITHUB_TOKEN: "ghp_anna" });
    expect(hidden[0]).toMatch(
      /^unknown rules\/bypass: who may bypass the check on `main`, .*: ruleset "everywhere" of acme: its bypass list is shown only to those who may edit it$/,
    );
    const key = { APP_ID: String(s.app.id), PRIVATE_KEY: s.app.privateKey };
    expect((await rules(s, key)).some((one) => one.startsWith("unknown rules/bypass"))).toBe(true);
    await done(s, "PUT", `/orgs/acme/rulesets/${id}`, {
      ...body,
      bypass_actors: [{ actor_type: "OrganizationAdmin", actor_id: 1, bypass_mode: "always" }],
    });
    const [one] = (await s.wrong()).filter((found) => found.id === "rules/bypass");
    expect(one?.fix).toContain(`/organizations/acme/settings/rules/${id}`);
  });

  it("P19 a merge queue stands in for strictness, and needs its event", async () => {
    const s = await doctorScene();
    const queue = {
      check_response_timeout_minutes: 60,
      grouping_strategy: "ALLGREEN",
      max_entries_to_build: 5,
      max_entries_to_merge: 5,
      merge_method: "MERGE",
      min_entries_to_merge: 1,
      min_entries_to_merge_wait_minutes: 5,
    };
    const loose = ruleset(s, { checks: both(s), rules: [{ type: "merge_queue", parameters: queue }] });
    const [, required] = loose.rules as { parameters: { strict_required_status_checks_policy: boolean } }[];
    if (required) required.parameters.strict_required_status_checks_policy = false;
    await done(s, "POST", `${REPOSITORY}/rulesets`, loose);
    s.app.events = s.app.events.filter((event) => event !== "merge_group");
    expect(await rules(s)).toEqual([]);
    const events = (await s.said()).filter((one) => one.includes("app/events"));
    expect(events).toEqual(["problem app/events: the App is not told of merge_group"]);
    s.app.events = [...s.app.events, "merge_group"];
    expect((await s.said()).filter((one) => one.includes("app/events"))).toEqual([]);
  });

  it("S10 what they ask of reviews is named", async () => {
    const s = await doctorScene();
    const parameters = {
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: true,
      require_last_push_approval: false,
      required_approving_review_count: 1,
      required_review_thread_resolution: false,
    };
    await done(
      s,
      "POST",
      `${REPOSITORY}/rulesets`,
      ruleset(s, { checks: both(s), rules: [{ type: "pull_request", parameters }] }),
    );
    const said = await rules(s);
    expect(said).toHaveLength(3);
    expect(said[0]).toBe(
      'warning settings/reviews: on `main`, a new branch of `release/**` (such as `release/example`): "Dismiss stale pull request approvals when new commits are pushed" (ruleset "gate")',
    );
  });

  it("P39 names of rulesets reach the terminal as text", async () => {
    const s = await doctorScene();
    await done(
      s,
      "POST",
      `${REPOSITORY}/rulesets`,
      ruleset(s, { checks: both(s), name: "\u001b]0;x\u0007\u202egate" }),
    );
    const { out } = await s.run(["--repository", "acme/agent", "--app-id", String(s.app.id)], OWNER);
    expect(out).toContain("\\u{1b}]0;x\\u{7}\\u{202e}gate");
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe("branch protection", () => {
  const protection = (s: DoctorScene, more: Readonly<Record<string, unknown>> = {}) => ({
    required_status_checks: { strict: true, contexts: [], checks: [{ context: "countersign", app_id: s.app.id }] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
    ...more,
  });
  const protect = (s: DoctorScene, branch: string, body: unknown) =>
    done(s, "PUT", `${REPOSITORY}/branches/${encodeURIComponent(branch)}/protection`, body);
  const onMain = async (s: DoctorScene, environment?: Readonly<Record<string, string>>) =>
    (await rules(s, environment)).filter((one) => !one.includes("release/"));

  it("S21 counts as rulesets do; administrators are exempt unless it says otherwise", async () => {
    const s = await doctorScene();
    await protect(s, "main", protection(s));
    expect(await onMain(s)).toEqual([]);
    await protect(s, "main", protection(s, { enforce_admins: false, allow_force_pushes: true }));
    expect(await onMain(s)).toEqual([
      "warning rules/bypass: administrators of the repository may bypass the check on `main` (branch protection)",
      "warning rules/force-push: `main` can be force-pushed",
    ]);
    const loose = { strict: true, contexts: ["countersign"] };
    await protect(s, "main", protection(s, { required_status_checks: loose }));
    expect((await onMain(s))[0]).toBe(
      "problem rules/required: `countersign` is required on `main`, but from any source (branch protection)",
    );
  });

  it("S10 what it asks of reviews is named", async () => {
    const s = await doctorScene();
    const reviews = {
      dismiss_stale_reviews: true,
      require_last_push_approval: true,
      required_approving_review_count: 0,
    };
    await protect(s, "main", protection(s, { required_pull_request_reviews: reviews }));
    expect((await onMain(s)).map((one) => /"(.*)"/.exec(one)?.[1])).toEqual([
      "Dismiss stale pull request approvals when new commits are pushed",
      "Require approval of the most recent reviewable push",
    ]);
  });

  it("S21 is not shown to who does not administer the repository, and so unknown", async () => {
    const s = await doctorScene();
    await protect(s, "main", protection(s));
    expect((await onMain(s, { GITHUB_TOKEN: "ghp_anna" }))[0]).toMatch(
      /^unknown rules\/required: whether `countersign` is required on `main`: branch protection is shown to administrators only/,
    );
  });

  it("S01 on branches of a further entry; on the next one of its pattern it cannot be seen", async () => {
    const s = await doctorScene();
    s.act.push(s.repository, "release/1", { "notes.md": "1" }, { by: "root" });
    const release = { strict: true, contexts: [], checks: [{ context: "countersign: release/**", app_id: s.app.id }] };
    await protect(s, "release/1", protection(s, { required_status_checks: release }));
    const said = (await rules(s)).filter((one) => one.includes("release/"));
    expect(said).toEqual([
      "unknown rules/required: whether `countersign: release/**` is required on a new branch of `release/**` (such as `release/example`): branch protection is shown only of branches that exist",
      expect.stringMatching(/^unknown settings\/reviews: .*branch protection is shown only of branches that exist$/),
    ]);
  });
});
