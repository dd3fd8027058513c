import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { run } from "../../src/commands/run.ts";
import { doctorScene, OWNER } from "./doctor-scene.ts";
import { recorded } from "./repository.ts";

const TARGET = ["--repository", "acme/agent"];

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "countersign-doctor-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe("countersign doctor", () => {
  it("S21 its JSON is as published, and its lines fit a terminal", async () => {
    const s = await doctorScene();
    const json = await s.run([...TARGET, "--app-id", String(s.app.id), "--format", "json"], OWNER);
    expect(json.exit).toBe(1);
    const document = JSON.parse(json.out);
    const schema = JSON.parse(readFileSync(new URL("../../schemas/doctor.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv2020().compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({
      repository: "acme/agent",
      seenBy: "root",
      app: { id: s.app.id, slug: "countersign" },
    });
    const text = await s.run([...TARGET, "--app-id", String(s.app.id)], OWNER);
    expect(text.exit).toBe(1);
    expect(text.out).not.toContain("\u001b");
    for (const line of text.out.split("\n")) if (!/http/.test(line)) expect(line.length).toBeLessThanOrEqual(100);
    for (const { what } of document.diagnoses)
      expect(text.out.replaceAll(/\s+/g, " ")).toContain(what.replaceAll(/\s+/g, " "));
    expect(text.out.trim().split("\n").at(-1)).toMatch(/^✗ acme\/agent: \d+ problems?, /);
  });

  it("S21 the administrator's token is never written, nor sent anywhere but to GitHub's address", async () => {
    const s = await doctorScene();
    const { out, err } = await s.run([...TARGET, "--app-id", "1"], OWNER);
    expect(out + err).not.toContain("ghp_root");
    expect(s.github.recorded.every(({ path }) => !path.includes("ghp_root"))).toBe(true);
    expect(s.github.recorded.every(({ method, path }) => method === "GET" || path === "/graphql")).toBe(true);
  });

  it("P37 the installation: all in order, suspended, short of a permission, gone", async () => {
    const s = await doctorScene();
    const app = async () => (await s.said()).filter((one) => one.includes(" app/") && !one.includes("app/answers"));
    expect(await app()).toEqual([]);
    const [installation] = s.github.world.installations;
    if (!installation) throw new Error("not installed");
    const { members: _, ...fewer } = installation.permissions;
    installation.permissions = fewer;
    expect(await app()).toEqual(["problem app/permission: the permission `members: read` is missing (granted: none)"]);
    installation.suspendedAt = s.github.world.now();
    expect((await app())[0]).toBe("problem app/installed: the installation is suspended");
    s.github.world.installations.length = 0;
    expect(await app()).toEqual(["problem app/installed: the App is not installed on acme/agent"]);
  });

  it("S21 an installation on chosen repositories: what GitHub shows nobody is unknown, until the App itself is asked", async () => {
    const s = await doctorScene();
    const [installation] = s.github.world.installations;
    if (!installation) throw new Error("not installed");
    installation.selection = new Set([s.repository.id]);
    const installed = async (more: Readonly<Record<string, string>> = {}) =>
      (await s.said({ ...OWNER, ...more })).filter((one) => one.includes("app/installed"));
    expect(await installed()).toEqual([
      "unknown app/installed: whether the installation includes acme/agent: it is for selected repositories, and GitHub shows which to the App alone",
    ]);
    const key = { APP_ID: String(s.app.id), PRIVATE_KEY: s.app.privateKey };
    expect(await installed(key)).toEqual([]);
    const pull = await s.open("feature", "anna");
    s.act.check(s.repository, "countersign", "countersign", pull.head.sha, "success");
    expect(await installed()).toEqual([]);
    installation.selection = new Set([1]);
    expect(await installed(key)).toEqual(["problem app/installed: the App is not installed on acme/agent"]);
  });

  it("whether the App answers, by the check that it wrote itself", async () => {
    const s = await doctorScene();
    const answers = async () => (await s.said()).filter((one) => one.includes("app/answers"));
    const pull = await s.open("feature", "anna");
    s.act.check(s.repository, "github-actions", "countersign", pull.head.sha, "success");
    expect(await answers()).toEqual(["problem app/answers: it wrote no check on the one open pull request"]);
    s.act.check(s.repository, "countersign", "countersign", pull.head.sha, "success");
    expect(await answers()).toEqual([]);
  });

  it("the App by its address, and none at all", async () => {
    const s = await doctorScene();
    const app = async (...args: readonly string[]) =>
      JSON.parse((await s.run([...TARGET, "--format", "json", ...args], OWNER)).out).app;
    expect(await app("--app", "countersign")).toEqual({ id: s.app.id, slug: "countersign" });
    expect(await app("--app", "nothing-of-that-name")).toBeNull();
    const absent = await s.run([...TARGET, "--app", "nothing-of-that-name"], OWNER);
    expect(absent.out).toContain("? unknown: which App is yours: none of the name nothing-of-that-name is shown");
    // A private App is shown to few; where it is installed, the organisation's owners see it.
    s.github.faults.next({ route: "GET /apps/{app_slug}", fault: { status: 404, body: { message: "Not Found" } } });
    expect(await app("--app", "countersign")).toEqual({ id: s.app.id, slug: "countersign" });
    const { out } = await s.run(TARGET, OWNER);
    expect(out).toContain("? unknown: which App is yours was not said");
  });

  it("S21 with the App's key alone it looks as far as the App's permissions show", async () => {
    const s = await doctorScene();
    const key = { APP_ID: String(s.app.id), PRIVATE_KEY: s.app.privateKey };
    const { out } = await s.run(TARGET, key);
    expect(out).toContain("Seen as the App itself");
    expect(out).toContain("✓ the App is installed on acme/agent");
    const hidden = (await s.said(key)).filter((one) => one.startsWith("unknown"));
    expect(hidden.length).toBeGreaterThan(0);
    for (const one of hidden) expect(one).toMatch(/branch protection is shown to administrators only|bypass/);
    expect(s.github.recorded.some(({ actor }) => actor === "user")).toBe(false);
  });

  it("S09 P24 people who left, teams without members, and a role that nobody fills", async () => {
    const s = await doctorScene();
    const people = async () => (await s.said()).filter((one) => one.includes(" people/"));
    expect(await people()).toEqual([]);
    s.repository.collaborators.set("rita", "read");
    // A member of the organisation needs no write access; an outside collaborator does.
    expect(await people()).toEqual([]);
    s.github.world.accounts.get("acme")?.members.delete("rita");
    s.act.deleteAccount("olga");
    for (const login of ["anna", "ben"]) s.act.removeMember("acme", login);
    const said = await people();
    expect(said).toContain(
      "warning people/access: @rita (roles.risk-owner) has only read access and is no member of acme, so their approvals do not count",
    );
    expect(
      said.some((one) => /^problem people\/exists: @olga \(system low, .*\) is nobody at 127\.0\.0\.1/.test(one)),
    ).toBe(true);
    expect(said).toContain("problem people/team: @acme/ml (roles.ai-reviewer) has no active member");
    expect(said.some((one) => /^problem people\/enough: nobody holds ai-reviewer/.test(one))).toBe(true);
    expect(said.some((one) => /^warning people\/enough: risk-owner is held by @rob only/.test(one))).toBe(true);
  });

  it("P24 a team below another has its access", async () => {
    const s = await doctorScene();
    const parent = s.github.world.team("acme/all", ["anna"]);
    const [team] = s.github.world.teams;
    if (!team) throw new Error("no team");
    s.act.grantTeam(team, s.repository, null);
    const access = async () => (await s.said()).filter((one) => one.includes("people/team"));
    expect(await access()).toEqual([
      "warning people/team: @acme/ml (roles.ai-reviewer) has no access to the repository",
    ]);
    s.act.moveTeam(team, parent);
    s.act.grantTeam(parent, s.repository, "write");
    expect(await access()).toEqual([]);
  });

  it("S16 P11 named checks by what their workflow or App did lately", async () => {
    const policy = `version: 1
mode: enforce
roles: { ai-reviewer: ["@acme/ml"], risk-owner: ["@rita", "@rob"] }
checks:
  evals: { name: evals, app: github-actions, workflow: .github/workflows/evals.yml }
  gone: { name: gone, app: github-actions, workflow: .github/workflows/gone.yml }
  red-team: { name: red-team, app: acme-evals }
`;
    const s = await doctorScene({ ".github/countersign.yml": policy });
    const checks = async () => (await s.said()).filter((one) => one.includes("checks/"));
    expect(await checks()).toEqual([
      "problem checks/reported: `gone` (checks.gone): the workflow .github/workflows/gone.yml is not on the default branch",
      "warning checks/reported: `evals` (checks.evals): .github/workflows/evals.yml has not run yet",
      "warning checks/reported: `red-team` (checks.red-team) was not reported on the newest commit",
    ]);
    const pull = await s.open("feature", "anna");
    const { sha } = pull.head;
    s.act.workflow(s.repository, {
      path: ".github/workflows/evals.yml",
      sha,
      job: "evals / all",
      conclusion: "success",
    });
    s.github.world.app("acme-evals", {});
    s.act.check(s.repository, "github-actions", "red-team", sha, "success");
    const said = await checks();
    expect(said[0]).toMatch(/evals\.yml reports no such check; it reports `evals \/ all`$/);
    expect(said[2]).toMatch(/`red-team` \(checks\.red-team\) is reported by github-actions, not by the App acme-evals/);
    s.act.workflow(s.repository, { path: ".github/workflows/evals.yml", sha, job: "evals", conclusion: "failure" });
    s.act.check(s.repository, "acme-evals", "red-team", sha, "failure");
    expect(await checks()).toHaveLength(1);
  });

  it("S03 the organisation's baseline, and a policy that is not valid", async () => {
    const s = await doctorScene({ ".github/countersign.yml": "version: 1\nmode: on\n" });
    const configuration = async () => (await s.said()).filter((one) => one.includes("configuration/"));
    expect(await configuration()).toEqual([
      expect.stringMatching(
        /^problem configuration\/valid: \.github\/countersign\.yml:2:7: mode: a value that is not allowed/,
      ),
    ]);
    const repositories = s.github.world.repositories;
    repositories.splice(
      repositories.findIndex(({ name }) => name === ".github"),
      1,
    );
    expect((await configuration())[1]).toBe(
      "unknown configuration/baseline: whether the organisation has a baseline: its repository .github is not there, or is not shown to this token",
    );
  });

  it("a plan that knows no rules for private repositories is the first thing to be told", async () => {
    const s = await doctorScene();
    const body = { message: "Upgrade to GitHub Pro or make this repository public to enable this feature." };
    for (const route of [
      "GET /repos/{owner}/{repo}/rules/branches/{branch}",
      "GET /repos/{owner}/{repo}/branches/{branch}/protection",
    ])
      s.github.faults.next({ route, times: 9, fault: { status: 403, body } });
    const rules = (await s.said()).filter((one) => / (?:rules|settings)\//.test(one));
    expect(rules).toEqual([
      "problem rules/offered: the account's plan has no rules for private repositories, so no check can be required",
    ]);
  });

  it("S21 whatever GitHub fails to answer is unknown, and the rest is told", async () => {
    const s = await doctorScene();
    s.github.faults.next({
      route: "GET /repos/{owner}/{repo}/rules/branches/{branch}",
      times: 99,
      fault: { status: 500 },
    });
    const said = await s.said();
    expect(
      said.find((one) => one.startsWith("unknown rules/required: whether `countersign` is required on `main`")),
    ).toContain("GitHub answered 500");
    expect(said.some((one) => one.includes("rules/required") && !one.startsWith("unknown"))).toBe(false);
  });

  it("P39 names that policy and workflows choose reach the terminal as text", async () => {
    const evil = "\u001b[2J\u0007\u202eevals\u2066";
    const policy = `version: 1
mode: enforce
roles: { ai-reviewer: ["@acme/ml"], risk-owner: ["@rita", "@rob"] }
checks:
  evals: { name: ${JSON.stringify(evil)}, app: github-actions, workflow: .github/workflows/evals.yml }
`;
    const s = await doctorScene({ ".github/countersign.yml": policy });
    const pull = await s.open("feature", "anna");
    const { sha } = pull.head;
    s.act.workflow(s.repository, {
      path: ".github/workflows/evals.yml",
      sha,
      job: `${evil}job`,
      conclusion: "success",
    });
    const { out, err } = await s.run([...TARGET, "--app-id", "1"], OWNER);
    expect(out).toContain("\\u{1b}[2J");
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it("a repository of a person has neither organisation, teams nor baseline", async () => {
    const s = await doctorScene();
    s.github.world.repository("rita/notes", { "README.md": "# Notes\n" });
    const { out, exit } = await s.run(["--repository", "rita/notes", "--app-id", "7"], { GH_TOKEN: "ghp_rita" });
    expect(exit).toBe(1);
    expect(out).toMatch(/GitHub shows the\s+installations of a person's account to the App alone/);
    expect(out).not.toContain("baseline");
  });
});

describe("countersign doctor refuses", () => {
  it.each([
    [[], OWNER, "doctor needs --repository OWNER/NAME"],
    [["--repository", "agent"], OWNER, '--repository is "agent"; expected OWNER/NAME'],
    [["--repository", "acme/agent\u001b[31m"], OWNER, '--repository is "acme/agent\\u001b[31m"; expected OWNER/NAME'],
    [["--repository", "../agent"], OWNER, '--repository is "../agent"; expected OWNER/NAME'],
    [TARGET, {}, "doctor needs an administrator's token in the environment: GITHUB_TOKEN, or GH_TOKEN"],
    [[...TARGET, "--token", "x"], OWNER, 'unknown option "--token"'],
    [[...TARGET, "--app-id", "Iv1.x"], OWNER, '--app-id is "Iv1.x"; expected the number'],
    [[...TARGET, "--app", "a/b"], OWNER, '--app is "a/b"; expected the name in the App\'s address'],
    [[...TARGET, "--format", "xml"], OWNER, '--format is "xml"; expected text or json'],
    [[...TARGET, "--strict"], OWNER, "--strict goes with --write-ruleset FILE"],
    [TARGET, { ...OWNER, GITHUB_API_URL: "http://github.example/api/v3" }, "GITHUB_API_URL is not encrypted (http)"],
    [TARGET, { ...OWNER, APP_ID: "x" }, "APP_ID is not a number"],
    [
      [...TARGET, "--app-id", "7"],
      { ...OWNER, APP_ID: "8" },
      "APP_ID is set to 8; leave out --app-id, or unset APP_ID",
    ],
    [[...TARGET, "--app", "x"], { ...OWNER, APP_ID: "8" }, "APP_ID is set to 8; leave out --app, or unset APP_ID"],
  ] as const)("%j %j", async (args, environment, message) => {
    const { io, out, err } = recorded();
    expect(await run(["doctor", ...args], { ...io, environment })).toBe(2);
    expect(out()).toBe("");
    expect(err()).toContain(`countersign: ${message}`);
    expect(err().trim().split("\n")).toHaveLength(1);
  });

  it("a token that GitHub does not know, a repository that it does not show, and a GitHub that is away", async () => {
    const s = await doctorScene();
    const unknown = await s.run(TARGET, { GITHUB_TOKEN: "ghp_nobodys0000000000" });
    expect([unknown.exit, unknown.err]).toEqual([2, expect.stringContaining("GitHub refuses the token")]);
    expect(unknown.err).not.toContain("ghp_nobodys");
    const other = await s.run(["--repository", "acme/nothing"], OWNER);
    expect([other.exit, other.err]).toEqual([
      2,
      expect.stringContaining("GitHub does not show acme/nothing to the token"),
    ]);
    const away = await s.run(TARGET, { ...OWNER, GITHUB_API_URL: "http://127.0.0.1:9" });
    expect([away.exit, away.err]).toEqual([3, expect.stringContaining("was not answered")]);
    const nowhere = { APP_ID: String(s.app.id), PRIVATE_KEY: s.app.privateKey };
    s.github.world.installations.length = 0;
    const alone = await s.run(TARGET, nowhere);
    expect([alone.exit, alone.err]).toEqual([2, expect.stringContaining("the App is not installed on acme/agent")]);
  });

  it("takes no address and no token from the folder that it runs in", async () => {
    const s = await doctorScene();
    const directory = folder();
    writeFileSync(join(directory, ".env"), "GITHUB_API_URL=https://evil.example\nGITHUB_TOKEN=x\n");
    const before = process.cwd();
    process.chdir(directory);
    onTestFinished(() => process.chdir(before));
    expect((await s.run(TARGET)).err).toContain("doctor needs an administrator's token");
    expect((await s.run(TARGET, OWNER)).out).toContain("Countersign at acme/agent");
  });
});

describe("countersign doctor --write-ruleset", () => {
  it("S21 writes a ruleset for each entry, of this App, and leaves files that are there", async () => {
    const s = await doctorScene();
    const directory = folder();
    const file = join(directory, "ruleset.json");
    const write = (...more: readonly string[]) =>
      s.run([...TARGET, "--app-id", String(s.app.id), "--write-ruleset", file, ...more], OWNER);
    const first = await write("--strict");
    expect(first.err).toContain(`${file}: requires \`countersign\` on the default branch`);
    expect(first.err).toContain("gh api repos/acme/agent/rulesets --input FILE");
    expect(readdirSync(directory).toSorted()).toEqual(["ruleset-2.json", "ruleset.json"]);
    const [main, release] = ["ruleset.json", "ruleset-2.json"].map((name) =>
      JSON.parse(readFileSync(join(directory, name), "utf8")),
    );
    expect(main.conditions.ref_name.include).toEqual(["~DEFAULT_BRANCH"]);
    expect(main.rules[2].parameters).toMatchObject({
      strict_required_status_checks_policy: true,
      required_status_checks: [{ context: "countersign", integration_id: s.app.id }],
    });
    expect(release.rules[2].parameters.required_status_checks[0].context).toBe("countersign: release/**");
    const again = await write();
    expect([again.exit, again.err]).toEqual([2, expect.stringContaining("exists already and is left as it is")]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(main);
  });

  it("writes none without the App that the check is taken from", async () => {
    const s = await doctorScene();
    const file = join(folder(), "ruleset.json");
    const { exit, err } = await s.run([...TARGET, "--write-ruleset", file], OWNER);
    expect([exit, err]).toEqual([2, expect.stringContaining("give --app-id NUMBER")]);
    expect(existsSync(file)).toBe(false);
  });
});
