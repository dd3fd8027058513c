import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FactsScene, factsScene } from "./facts-scene.ts";

let scene: FactsScene;

beforeAll(async () => {
  scene = await factsScene();
});
afterAll(async () => {
  scene.conforms();
  await scene.github.close();
});

describe("P24 the members of a team", () => {
  it("are active ones, those of nested teams included, and cost nothing while they stay the same", async () => {
    const { world } = scene.github;
    const ml = world.team("acme/ml", ["olga"]);
    world.team("acme/evaluation", ["anna"], "ml");
    const deeper = world.team("acme/red-team", ["ben"], "evaluation");
    world.user("invited");
    ml.members.set("invited", "pending");
    deeper.members.set("invited", "pending");
    const first = scene.job();
    expect(await first.facts.teamMembers(["@acme/ml", "@ACME/ML", "acme/red-team"])).toEqual({
      members: new Map([
        ["acme/ml", ["olga", "anna", "ben"]],
        ["acme/red-team", ["ben"]],
      ]),
      unreadable: [],
    });
    const again = scene.job();
    await again.facts.teamMembers(["@acme/ml", "@acme/red-team"]);
    expect(again.charges).toMatchObject({ requests: 0, unchanged: 2 });
    deeper.members.set("invited", "active");
    const { members } = await scene.job().facts.teamMembers(["@acme/ml"]);
    expect(members.get("acme/ml")).toContain("invited");
  });

  it("are all there, however many", async () => {
    scene.github.world.team(
      "acme/everyone",
      Array.from({ length: 230 }, (_, at) => `member-${at}`),
    );
    const { facts, charges } = scene.job();
    expect((await facts.teamMembers(["@acme/everyone"])).members.get("acme/everyone")).toHaveLength(230);
    expect(charges.requests).toBe(3);
  });

  it("are absent where the installation does not grant it, with what is missing; all else can still be read", async () => {
    const poor = await factsScene();
    poor.github.world.organisation("other", {});
    for (const team of ["acme/ml", "acme/late", "other/security"]) poor.github.world.team(team, ["olga"]);
    const { members: _, ...permissions } = poor.installation.permissions;
    poor.installation.permissions = permissions;
    const pull = await poor.open("poor", "anna");
    const { facts, charges } = poor.job();
    expect(await facts.pullRequest(pull.number)).toMatchObject({ number: pull.number });
    const before = charges.requests;
    expect(await facts.teamMembers(["@acme/ml", "@other/security", "@acme/late"])).toEqual({
      members: new Map(),
      unreadable: [
        "the members of @acme/ml cannot be read: the App's installation lacks the permission `members: read`",
        "the members of @acme/late cannot be read: the App's installation lacks the permission `members: read`",
        "the members of @other/security cannot be read: it is not a team of acme, which owns the repository",
      ],
    });
    // For a token, and for what was accepted: without the permission no team is asked for, and a foreign one never is.
    expect(charges.requests - before).toBe(2);
    poor.conforms();
    await poor.github.close();
  });

  it("are absent where GitHub lets the token see nothing, and where a team is not there or not named so", async () => {
    const forbidden = { status: 403, body: { message: "Resource not accessible by integration" } };
    const matches = (_: string, path: string) => path === "/orgs/acme/teams/ml/members";
    scene.github.faults.push({ times: 1, answer: forbidden, matches });
    expect((await scene.job().facts.teamMembers(["@acme/ml", "@acme/everyone"])).members).toEqual(new Map());
    const missing = await scene.job().facts.teamMembers(["@acme/no-such-team", "@acme", "@acme/a/b"]);
    expect(missing.unreadable).toEqual([
      "the members of @acme/no-such-team cannot be read: the organisation shows no such team to the App; check its name and the permission `members: read`",
      "the members of @acme cannot be read: a team is named @organisation/team",
      "the members of @acme/a/b cannot be read: a team is named @organisation/team",
    ]);
  });

  it("are a fault where GitHub does not answer, and not an empty team", async () => {
    scene.github.faults.push({
      times: 3,
      answer: { status: 502 },
      matches: (_, path) => path === "/orgs/acme/teams/unlucky/members",
    });
    scene.github.world.team("acme/unlucky", ["olga"]);
    await expect(scene.job().facts.teamMembers(["@acme/unlucky"])).rejects.toMatchObject({
      code: "hosting/unavailable",
    });
  });
});

describe("S09 P24 the members of the organisation", () => {
  it("are those who accepted, among whom was asked for, and cost nothing while they stay the same", async () => {
    const { world } = scene.github;
    world.organisation("acme", { waiting: "member" }).invited = new Set(["waiting"]);
    const names = ["@Olga", "root", "waiting", "outsider", "nobody"];
    const { facts } = scene.job();
    expect(await facts.organizationMembers(names)).toEqual({ active: ["olga", "root"], unreadable: null });
    const again = scene.job();
    await again.facts.organizationMembers(["olga", "root", "waiting"]);
    expect(again.charges).toMatchObject({ requests: 0, unchanged: 3 });
  });

  it("are none where the installation does not grant it, with what is missing", async () => {
    const poor = await factsScene();
    const { members: _, ...permissions } = poor.installation.permissions;
    poor.installation.permissions = permissions;
    expect(await poor.job().facts.organizationMembers(["olga"])).toEqual({
      active: [],
      unreadable: "who is a member of acme cannot be read: the App's installation lacks the permission `members: read`",
    });
    await poor.github.close();
  });
});

describe("P25 access", () => {
  it("is the role that GitHub names; a name that nobody has is unknown", async () => {
    const { repository, github } = scene;
    for (const role of ["read", "triage", "write", "maintain", "admin"] as const)
      repository.collaborators.set(github.world.user(`has-${role}`).login, role);
    const logins = ["has-read", "Has-Triage", "has-write", "has-maintain", "has-admin", "outsider", "@root", "nobody"];
    const { facts, charges } = scene.job();
    expect(await facts.access(logins)).toEqual(
      new Map([
        ["has-read", "read"],
        ["has-triage", "triage"],
        ["has-write", "write"],
        ["has-maintain", "maintain"],
        ["has-admin", "admin"],
        ["outsider", "none"],
        ["root", "admin"],
        ["nobody", "unknown"],
      ]),
    );
    // One question for each person, and one token for all that are asked at once.
    expect(charges.requests).toBe(9);
    const again = scene.job();
    await again.facts.access(logins.slice(0, 7));
    expect(again.charges).toMatchObject({ requests: 0, unchanged: 7 });
  });

  it.each([
    [{ permission: "write", role_name: "reviewer" }, "write"],
    [{ permission: "read", role_name: "reviewer" }, "read"],
    [{ permission: "read", role_name: "admin" }, "read"],
    [{ permission: "read", role_name: "constructor" }, "read"],
    [{ permission: "none", role_name: "" }, "none"],
    [{ permission: "admin" }, "admin"],
  ])("of a role of the organisation's own making, %j, is %s", async (body, expected) => {
    const path = "/repos/acme/agent/collaborators/custom/permission";
    scene.github.faults.push({ times: 1, answer: { status: 200, body }, matches: (_, asked) => asked === path });
    expect(await scene.job().facts.access(["custom"])).toEqual(new Map([["custom", expected]]));
  });
});
