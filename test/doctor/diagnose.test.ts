import { describe, expect, it } from "vitest";
import type { InspectedPerson, Inspection, Installation } from "../../src/doctor/inspection.ts";
import { seen, unseen } from "../../src/doctor/seen.ts";
import { APP, branch, closed, configured, found, healthy, wrong } from "./healthy.ts";

const RULES = "https://github.com/acme/agent/settings/rules/7";
const person = (type: string, access: string | null, member: boolean | null = false) =>
  seen<InspectedPerson>({ type, access, member });

describe("a repository in which nothing is left to be desired", () => {
  it("S21 is told so", () => {
    expect(wrong({})).toEqual([]);
  });
});

describe("the required check", () => {
  const rules = (...demands: Parameters<typeof branch>[1]) => ({ branches: [branch("main", demands)] });

  it("P11 S21 is missing: a problem with the command that writes a ruleset", () => {
    const [one, ...more] = found(rules());
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      state: "problem",
      id: "rules/required",
      what: "`countersign` is not required on `main`",
    });
    expect(one?.fix).toBe(
      `countersign doctor --repository acme/agent --app-id ${APP} --write-ruleset ruleset.json, then import it at https://github.com/acme/agent/settings/rules`,
    );
  });
  it("is missing while the policy only observes: a warning", () => {
    const configuration = configured("version: 1\n", null, "version: 1\n");
    expect(wrong({ ...rules(), configuration })).toContain(
      "warning rules/required: `countersign` is not required on `main` (the policy only observes so far)",
    );
  });
  it("P11 from any source, or from another App, is no gate", () => {
    const loose = closed("countersign", { checks: [{ name: "countersign", app: null }] });
    expect(found(rules(loose))[0]).toMatchObject({
      state: "problem",
      what: '`countersign` is required on `main`, but from any source (ruleset "gate")',
      fix: `choose the App as the check's source at ${RULES}`,
    });
    const other = closed("countersign", { checks: [{ name: "countersign", app: 15368 }] });
    expect(wrong(rules(other))).toEqual([
      'problem rules/required: `countersign` is required on `main`, but from another App: 15368 (ruleset "gate")',
    ]);
  });
  it("S21 of an App that nobody named is unknown, never in order", () => {
    const app = { ...healthy().app, id: null, slug: null };
    const said = wrong({ ...rules(closed("countersign")), app });
    expect(said).toContain("unknown app/identity: which App is yours was not said");
    expect(said).toContain(
      `unknown rules/required: \`countersign\` is required on \`main\` from App ${APP} (ruleset "gate"); whether that is yours was not said`,
    );
  });
  it("S01 is looked for by its own name on each further branch, and on one that could be made", () => {
    const release = { checkName: "countersign: release/**", pattern: "release/**" };
    const branches = [
      branch("main", [closed("countersign")]),
      branch("release/1", [closed("countersign: release/**")], release),
      branch("release/2", [closed("countersign")], release),
      branch("release/example", [], { ...release, exists: false }),
    ];
    expect(wrong({ branches })).toEqual([
      "problem rules/required: `countersign: release/**` is not required on `release/2`, a new branch of `release/**` (such as `release/example`)",
    ]);
  });
  it("S21 where rules or protection are not shown, what they may demand is unknown", () => {
    const hidden = branch("main", [], { protection: unseen("GitHub answered 404 (Not Found)") });
    expect(wrong({ branches: [hidden] })).toEqual([
      "unknown rules/required: whether `countersign` is required on `main`: GitHub answered 404 (Not Found)",
      "unknown settings/reviews: which reviews GitHub itself asks for on `main`: GitHub answered 404 (Not Found)",
    ]);
  });
  it("cannot be required in a plan without rules", () => {
    const place = { ...healthy().place, rulesOffered: false };
    expect(wrong({ place, branches: [branch("main", [])] })).toEqual([
      "problem rules/offered: the account's plan has no rules for private repositories, so no check can be required",
    ]);
  });
  it("by branch protection counts as one by a ruleset does", () => {
    const protection = seen(closed("countersign", { source: "branch protection" }));
    expect(wrong({ branches: [branch("main", [], { protection })] })).toEqual([]);
  });
});

describe("ways past the check", () => {
  const by = (name: string, everybody = false, onPullRequests = false) => ({ name, everybody, onPullRequests });
  const main = (...demands: Parameters<typeof branch>[1]) => ({ branches: [branch("main", demands)] });

  it("S21 P20 who may bypass is named; where everybody may, the gate is none", () => {
    const few = closed("countersign", {
      bypass: seen([by("administrators of the repository"), by("team leads", false, true)]),
    });
    expect(wrong(main(few))).toEqual([
      'warning rules/bypass: administrators of the repository, team leads (on pull requests) may bypass the check on `main` (ruleset "gate")',
    ]);
    const all = closed("countersign", { bypass: seen([by("everybody with write access", true)]) });
    expect(found(main(all))[0]).toMatchObject({ state: "problem", id: "rules/bypass" });
  });
  it("a second rule without exceptions closes the first one's", () => {
    const open = closed("countersign", { bypass: seen([by("deploy keys")]) });
    expect(wrong(main(open, closed("countersign", { source: 'ruleset "organisation" of acme' })))).toEqual([]);
  });
  it("a rule without exceptions that takes the check from anybody closes nothing", () => {
    const open = closed("countersign", { bypass: seen([by("deploy keys")]) });
    const loose = closed("countersign", { checks: [{ name: "countersign", app: null }] });
    expect(wrong(main(open, loose))).toEqual([
      'warning rules/bypass: deploy keys may bypass the check on `main` (ruleset "gate")',
    ]);
  });
  it("S21 a hidden bypass list is unknown", () => {
    const hidden = closed("countersign", { bypass: unseen("its bypass list is shown only to those who may edit it") });
    expect(wrong(main(hidden))).toEqual([
      'unknown rules/bypass: who may bypass the check on `main`: ruleset "gate": its bypass list is shown only to those who may edit it',
    ]);
  });
  it("merging behind the base, and force-pushes", () => {
    const weak = closed("countersign", { strict: false, forcePushRefused: false });
    expect(found(main(weak)).map(({ state, id, fix }) => [state, id, fix])).toEqual([
      [
        "warning",
        "rules/up-to-date",
        `choose "Require branches to be up to date before merging" at ${RULES}, or a merge queue`,
      ],
      ["warning", "rules/force-push", `choose "Block force pushes" at ${RULES}`],
    ]);
  });
  it("P19 a merge queue stands in for strictness, and needs the event that asks the App", () => {
    const queued = main(closed("countersign", { strict: false, mergeQueue: true }));
    const installation = healthy().app.installation;
    const { value } = installation as { value: Installation };
    const deaf = { ...value, events: value.events.filter((event) => event !== "merge_group") };
    const app = { ...healthy().app, installation: seen(deaf) };
    const [one] = found({ ...queued, app });
    expect(one).toMatchObject({ state: "problem", id: "app/events", why: expect.stringContaining("merge queue") });
    expect(one?.what).toContain("merge_group");
    const heard = { ...value, events: [...new Set([...value.events, "merge_group"])] };
    expect(wrong({ ...queued, app: { ...healthy().app, installation: seen(heard) } })).toEqual([]);
  });
});

describe("settings that ask twice", () => {
  it("S10 each is named, on each branch once, with where to switch it off", () => {
    const reviews = { dismissStale: true, codeOwners: true, lastPush: true, count: 1 };
    const demands = closed("countersign", { reviews });
    const said = found({ branches: [branch("main", [demands])] });
    expect(said.map(({ state, id }) => `${state} ${id}`)).toEqual(Array(4).fill("warning settings/reviews"));
    expect(said.map(({ what }) => what)).toEqual([
      'on `main`: "Dismiss stale pull request approvals when new commits are pushed" (ruleset "gate")',
      'on `main`: "Require review from Code Owners" (ruleset "gate")',
      'on `main`: "Require approval of the most recent reviewable push" (ruleset "gate")',
      'on `main`: 1 required approval on every pull request (ruleset "gate")',
    ]);
    for (const { fix } of said) expect(fix).toContain(RULES);
  });
  it("a rule about reviews that asks for none asks for nothing", () => {
    const reviews = { dismissStale: false, codeOwners: false, lastPush: false, count: 0 };
    expect(wrong({ branches: [branch("main", [closed("countersign", { reviews })])] })).toEqual([]);
  });
});

describe("the App", () => {
  const app = (change: Partial<Installation>) => {
    const base = healthy().app;
    const { value } = base.installation as { value: Installation };
    return { app: { ...base, installation: seen({ ...value, ...change }) } };
  };
  const { value: whole } = healthy().app.installation as { value: Installation };

  it("P37 not installed, suspended, or not for this repository", () => {
    const none = { ...healthy().app, installation: seen(null) };
    expect(found({ app: none })[0]).toMatchObject({
      state: "problem",
      id: "app/installed",
      fix: "install it at https://github.com/apps/countersign-acme/installations/new",
    });
    expect(found(app({ suspended: true }))[0]).toMatchObject({
      state: "problem",
      what: "the installation is suspended",
      fix: "unsuspend it at https://github.com/organizations/acme/settings/installations/9",
    });
    expect(wrong(app({ reaches: seen(false) }))).toEqual([
      "problem app/installed: the App is installed, but acme/agent is not among its repositories",
    ]);
  });
  it("S21 an installation that is not shown is unknown", () => {
    expect(wrong({ app: { ...healthy().app, installation: unseen("GitHub answered 403") } })).toEqual([
      "unknown app/installed: whether the App is installed, and with which permissions: GitHub answered 403",
    ]);
    expect(wrong(app({ reaches: unseen("it is for selected repositories") }))).toEqual([
      "unknown app/installed: whether the installation includes acme/agent: it is for selected repositories",
    ]);
  });
  it("S20 P37 each permission that is missing is a problem with app.yml's reason, each beyond it a warning", () => {
    const { members: _, ...held } = whole.permissions;
    const said = found(app({ permissions: { ...held, checks: "read", workflows: "write" } }));
    expect(said.map(({ state, what }) => [state, what])).toEqual([
      ["problem", "the permission `checks: write` is missing (granted: read)"],
      ["problem", "the permission `members: read` is missing (granted: none)"],
      ["warning", "the App holds `workflows: write`, which it does not need"],
    ]);
    expect(said[1]?.why).toMatch(/^Who is in the teams that the policy names/);
    expect(said[1]?.fix).toContain("https://github.com/organizations/acme/settings/installations/9");
  });
  it("events that it is not told of", () => {
    const events = whole.events.filter((event) => event !== "pull_request_review");
    expect(wrong(app({ events }))).toEqual(["problem app/events: the App is not told of pull_request_review"]);
  });
  it("S20 what is optional and missing is a warning: the permission, and the events that it brings", () => {
    const { administration: _, ...permissions } = whole.permissions;
    const brought = ["branch_protection_rule", "repository_ruleset"];
    const events = whole.events.filter((event) => !brought.includes(event));
    expect(wrong(app({ permissions, events }))).toEqual([
      "warning app/permission: the permission `administration: read` is missing (granted: none)",
      "warning app/events: the App is not told of branch_protection_rule, repository_ruleset",
    ]);
    const less = events.filter((event) => event !== "push");
    expect(wrong(app({ events: less })).join()).toContain("problem app/events");
  });
  it("whether it answers", () => {
    const answers = (asked: number, answered: number) => ({
      app: { ...healthy().app, answers: seen({ asked, answered }) },
    });
    expect(wrong(answers(5, 0))).toEqual(["problem app/answers: it wrote no check on the newest 5 open pull requests"]);
    expect(wrong(answers(5, 4))).toEqual([
      "warning app/answers: it wrote its check on 4 of the newest 5 open pull requests",
    ]);
    expect(wrong(answers(0, 0))).toEqual([
      "warning app/answers: no pull request into the default branch is open, on which to see whether it answers",
    ]);
  });
  it("the address of its installation at an Enterprise Server", () => {
    const place = { ...healthy().place, server: "https://github.acme.example" };
    const none = { ...healthy().app, installation: seen(null) };
    expect(found({ place, app: none })[0]?.fix).toBe(
      "install it at https://github.acme.example/github-apps/countersign-acme/installations/new",
    );
  });
});

describe("policy and registry", () => {
  it("what cannot be read is told with its place", () => {
    const [one] = found({ configuration: configured("version: 1\nmode: on\n", null, "version: 1\n") });
    expect(one).toMatchObject({ state: "problem", id: "configuration/valid" });
    expect(one?.what).toMatch(/^\.github\/countersign\.yml:2:7: mode: a value that is not allowed/);
    expect(one?.fix).toContain("https://github.com/acme/agent/edit/main/.github/countersign.yml");
  });
  it("S03 no baseline, one that cannot be read, one that is not valid, and what the repository holds looser", () => {
    const ids = (configuration: Inspection["configuration"]) =>
      wrong({ configuration }).filter((one) => /configuration\/(?:baseline|loosened)/.test(one));
    expect(ids(configured())).toEqual(["warning configuration/baseline: the organisation acme has no baseline"]);
    expect(ids({ ...configured(), baseline: unseen("its repository .github is not there") })).toEqual([
      "unknown configuration/baseline: whether the organisation has a baseline: its repository .github is not there",
    ]);
    const [invalid] = ids(configured(undefined, undefined, "version: 2\n"));
    expect(invalid).toMatch(
      /^problem configuration\/baseline: the organisation's baseline cannot be used: acme\/\.github:1:10/,
    );
    expect(ids(configured("version: 1\n", null, "version: 1\nmode: enforce\n"))).toEqual([]);
    const [observes] = ids(configured("version: 1\nmode: observe\n", null, "version: 1\nmode: enforce\n"));
    expect(observes).toMatch(/^warning configuration\/loosened: .*mode.* The baseline's value holds\.$/);
  });
  it("a repository in which nobody wrote a policy is told one thing of it", () => {
    const configuration = { ...configured(null, null), baseline: seen("none" as const) };
    expect(wrong({ configuration })).toEqual([
      "warning configuration/mode: there is no policy: the built-in one only observes, so the check always passes",
    ]);
  });
  it("S03 a person's account has no baseline and is not asked for one", () => {
    expect(wrong({ configuration: { ...healthy().configuration, baseline: seen("none") } })).toEqual([]);
  });
});

describe("people and teams", () => {
  const people = (...changed: readonly (readonly [string, ReturnType<typeof person>])[]) => ({
    people: new Map([...healthy().people, ...changed]),
  });

  it("S09 a login that nobody has, a bot, and somebody without write access", () => {
    expect(wrong(people(["sue", seen<InspectedPerson>(null)]))).toEqual([
      "problem people/exists: @sue (roles.security) is nobody at github.com",
      expect.stringMatching(/^warning people\/enough: security is held by @sam only/),
    ]);
    expect(wrong(people(["rob", person("Bot", "write")]))[0]).toBe(
      "problem people/exists: @rob (roles.risk-owner) is no person (Bot)",
    );
    expect(wrong(people(["otto", person("User", "read")]))).toEqual([
      "warning people/access: @otto (system support) has only read access and is no member of acme, so their approvals do not count",
    ]);
  });
  it("S09 an active member of one of the policy's teams needs no write access", () => {
    const teams = new Map([["acme/ml", seen({ members: ["anna", "ben", "otto"], access: true })]]);
    expect(wrong({ ...people(["otto", person("User", "none")]), teams })).toEqual([]);
  });
  it("S09 nor does an active member of the organisation; where that is not shown, nobody knows", () => {
    expect(wrong(people(["otto", person("User", "read", true)]))).toEqual([]);
    expect(wrong(people(["otto", person("User", "read", null)]))).toEqual([
      "unknown people/access: whether @otto (system support) has write access or is a member of acme",
    ]);
    const place = { ...healthy().place, ownedByOrganization: false };
    expect(wrong({ ...people(["otto", person("User", "read")]), place })[0]).toBe(
      "warning people/access: @otto (system support) has only read access, so their approvals do not count",
    );
  });
  it("S21 what is not shown of people is unknown", () => {
    const hidden = people(["rita", unseen("GitHub answered 403") as ReturnType<typeof person>]);
    expect(wrong(hidden)).toEqual([
      "unknown people/exists: whether @rita (roles.risk-owner) exists and may approve: GitHub answered 403",
      "unknown people/enough: whether every tier can be met: @rita could not be seen",
    ]);
    expect(wrong(people(["rita", person("User", null)]))[0]).toBe(
      "unknown people/access: whether @rita (roles.risk-owner) has write access or is a member of acme",
    );
  });
  it("P24 a team that is not there, that is empty, that is not shown, of another organisation, or without access", () => {
    const team = (value: ReturnType<Inspection["teams"]["get"]>) =>
      wrong({ teams: new Map(value === undefined ? [] : [["acme/ml", value]]) })[0];
    expect(team(seen(null))).toBe(
      "problem people/team: acme has no team @acme/ml (roles.ai-reviewer), or does not show it",
    );
    expect(team(seen({ members: [], access: true }))).toBe(
      "problem people/team: @acme/ml (roles.ai-reviewer) has no active member",
    );
    expect(team(unseen("GitHub answered 403"))).toBe(
      "unknown people/team: who is in @acme/ml (roles.ai-reviewer): GitHub answered 403",
    );
    expect(team(seen({ members: ["anna", "ben"], access: false }))).toBe(
      "warning people/team: @acme/ml (roles.ai-reviewer) has no access to the repository",
    );
    const policy = 'version: 1\nmode: enforce\nroles: { ai-reviewer: ["@other/ml"], risk-owner: ["@rita", "@rob"] }\n';
    expect(wrong({ configuration: configured(policy, undefined, "version: 1\n") })[0]).toBe(
      "problem people/team: @other/ml (roles.ai-reviewer) is no team of acme, which owns the repository",
    );
  });
  it("S15 a role that nobody who exists could fill", () => {
    const said = wrong({
      ...people(["rita", seen<InspectedPerson>(null)], ["rob", person("User", "read")]),
    });
    expect(said.filter((one) => one.includes("people/enough"))).toEqual([
      expect.stringMatching(/^problem people\/enough: nobody holds risk-owner, .*\(those named now do not count\)$/),
    ]);
  });
  it("S15 counts the members of teams: one is not two", () => {
    const teams = new Map([["acme/ml", seen({ members: ["anna"], access: true })]]);
    expect(wrong({ teams })).toEqual([
      expect.stringMatching(/^warning people\/enough: ai-reviewer is held by @anna only/),
    ]);
  });
});

describe("named checks", () => {
  const check = (key: string, history: object) => ({
    checks: new Map([
      ...healthy().checks,
      [key, seen({ workflow: null, looked: 5, names: [], others: [], ...history })],
    ]),
  });

  it("S16 a workflow that is not there, never ran, or has no such job", () => {
    expect(wrong(check("evals", { workflow: false }))).toEqual([
      "problem checks/reported: `evals` (checks.evals): the workflow .github/workflows/evals.yml is not on the default branch",
    ]);
    expect(wrong(check("evals", { workflow: true, looked: 0 }))).toEqual([
      "warning checks/reported: `evals` (checks.evals): .github/workflows/evals.yml has not run yet",
    ]);
    expect(wrong(check("evals", { workflow: true, names: ["lint", "evals / all"] }))).toEqual([
      "problem checks/reported: `evals` (checks.evals): .github/workflows/evals.yml reports no such check; it reports `lint`, `evals / all`",
    ]);
  });
  it("P11 a name that another App reports, and one that nobody does", () => {
    expect(wrong(check("red-team", { others: ["github-actions"] }))).toEqual([
      "problem checks/reported: `red-team` (checks.red-team) is reported by github-actions, not by the App acme-evals",
    ]);
    expect(wrong(check("red-team", {}))).toEqual([
      "warning checks/reported: `red-team` (checks.red-team) was not reported on the newest 5 commits",
    ]);
  });
  it("S21 what was not shown is unknown", () => {
    expect(wrong({ checks: new Map([...healthy().checks, ["evals", unseen("GitHub answered 403")]]) })).toEqual([
      "unknown checks/reported: whether `evals` (checks.evals) is ever reported: GitHub answered 403",
    ]);
  });
});
