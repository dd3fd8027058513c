import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installationActs } from "./installation-acts.ts";
import { type PeopleActs, peopleActs } from "./people-acts.ts";
import { PERMISSIONS, type Scenery, scenery } from "./scenery.ts";
import type { Team } from "./world.ts";

let s: Scenery;
let people: PeopleActs;
let above: Team;
let below: Team;

beforeEach(async () => {
  s = await scenery();
  people = peopleActs(s.github);
  above = s.github.world.team("acme/risk", ["anna"]);
  below = s.github.world.team("acme/risk-eu", ["ben"], "risk");
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";

async function members(slug: string): Promise<string[] | number> {
  const { status, json } = await s.ask("installation", "GET", `/orgs/acme/teams/${slug}/members`);
  return status === 200 ? json.map(({ login }: { login: string }) => login) : status;
}

async function membership(slug: string, login: string) {
  const { status, json } = await s.ask("installation", "GET", `/orgs/acme/teams/${slug}/memberships/${login}`);
  return status === 200 ? json.state : status;
}

async function role(login: string): Promise<string | number> {
  const { status, json } = await s.ask("installation", "GET", `${AGENT}/collaborators/${login}/permission`);
  return status === 200 ? json.role_name : status;
}

describe("P24 a team", () => {
  it("has the members of those below it, who come and go with them", async () => {
    expect(await members("risk")).toEqual(["anna", "ben"]);
    people.removeFromTeam(below, "ben");
    expect([await members("risk"), await membership("risk", "ben")]).toEqual([["anna"], 404]);
    people.addToTeam(below, "root");
    expect(await members("risk")).toEqual(["anna", "root"]);
    people.moveTeam(below, null);
    expect(await members("risk")).toEqual(["anna"]);
    const { json } = await s.ask("installation", "GET", "/orgs/acme/teams/risk-eu");
    expect([json.parent, json.members_count]).toEqual([null, 1]);
    expect(s.heard()).toEqual(["membership.removed", "membership.added", "team.edited"]);
    expect(s.webhooks("membership", "removed")[0]).toMatchObject({
      scope: "team",
      member: { login: "ben" },
      team: { slug: "risk-eu", parent: { slug: "risk" } },
      organization: { login: "acme" },
    });
  });

  it("has who was invited as pending, who is no member", async () => {
    people.addToTeam(above, "carl", "pending");
    expect([await membership("risk", "carl"), await members("risk")]).toEqual(["pending", ["anna", "ben"]]);
    expect(s.heard()).toEqual([]);
  });

  it("that was renamed is found by its new slug alone, and stays above the others", async () => {
    people.renameTeam(above, "Risk & Safety");
    expect([await members("risk-safety"), await members("risk")]).toEqual([["anna", "ben"], 404]);
    expect(s.webhooks("team", "edited")[0]).toMatchObject({
      team: { id: above.id, slug: "risk-safety", name: "Risk & Safety" },
      changes: { name: { from: "risk" } },
    });
    const { json } = await s.ask("installation", "GET", "/orgs/acme/teams/risk-safety/teams");
    expect(json).toMatchObject([{ slug: "risk-eu", parent: { slug: "risk-safety" } }]);
  });

  it("that was deleted takes those below it along", async () => {
    people.deleteTeam(above);
    expect([await members("risk"), await members("risk-eu")]).toEqual([404, 404]);
    expect((await s.ask("installation", "GET", "/orgs/acme/teams")).json).toEqual([]);
    expect(s.heard()).toEqual(["team.deleted", "team.deleted"]);
  });

  it("cannot be read without the permission, nor from another organisation", async () => {
    s.github.world.team("globex/risk", ["anna"]);
    expect((await s.ask("installation", "GET", "/orgs/globex/teams/risk/members")).status).toBe(404);
    const { members: _, ...rest } = PERMISSIONS;
    await s.token({ permissions: { contents: "read" } });
    expect(await members("risk")).toBe(403);
    const owner = installationActs(s.github);
    owner.ask(s.app, rest);
    owner.accept(s.installation, "root");
    people.addToTeam(above, "root");
    expect(s.heard()).toEqual(["installation.new_permissions_accepted"]);
    expect((await s.token({ permissions: { members: "read" } })).status).toBe(422);
  });

  it("gives its members and those below it a role in a repository", async () => {
    people.removeMember("acme", "ben");
    expect(await role("ben")).toBe("none");
    people.addToTeam(below, "ben");
    people.grantTeam(above, s.repository, "maintain");
    expect([await role("ben"), await role("anna")]).toEqual(["maintain", "maintain"]);
    expect((await s.ask("installation", "GET", `${AGENT}/teams`)).json).toMatchObject([
      { slug: "risk", permission: "maintain" },
    ]);
    people.grantTeam(above, s.repository, null);
    expect([await role("ben"), await role("anna")]).toEqual(["none", "write"]);
  });
});

describe("P24 P25 a person", () => {
  it("who leaves the organisation leaves its teams and repositories", async () => {
    people.removeMember("acme", "anna");
    expect([await members("risk"), await role("anna")]).toEqual([["ben"], "none"]);
    expect((await s.ask("installation", "GET", "/orgs/acme/members/anna")).status).toBe(404);
    expect((await s.ask("installation", "GET", "/orgs/acme/memberships/anna")).status).toBe(404);
    expect(s.heard()).toEqual(["membership.removed", "organization.member_removed"]);
    expect(s.webhooks("organization")[0]).toMatchObject({ membership: { user: { login: "anna" }, role: "member" } });
    people.addMember("acme", "anna", "admin");
    expect((await s.ask("installation", "GET", "/orgs/acme/memberships/anna")).json).toMatchObject({
      state: "active",
      role: "admin",
    });
    expect(await role("anna")).toBe("admin");
  });

  it("gets, changes and loses a role in the repository", async () => {
    people.grant(s.repository, "carl", "write");
    people.grant(s.repository, "carl", "triage");
    expect(await role("carl")).toBe("triage");
    people.grant(s.repository, "carl", null);
    expect(await role("carl")).toBe("none");
    expect(s.heard()).toEqual(["member.added", "member.edited", "member.removed"]);
    expect(s.webhooks("member", "edited")[0]).toMatchObject({
      changes: { permission: { from: "write", to: "triage" } },
    });
    const { json } = await s.ask("anna", "GET", `${AGENT}/collaborators`);
    expect(json.map(({ login, role_name }: Record<string, string>) => [login, role_name])).toEqual([
      ["anna", "write"],
      ["ben", "write"],
      ["root", "admin"],
    ]);
  });

  it("under another login is the same by number, and who registers the old one is not", async () => {
    const pull = await s.open("feature", "ben");
    await s.ask("anna", "POST", `${AGENT}/pulls/${pull.number}/reviews`, { event: "APPROVE" });
    const { id } = s.github.world.user("anna");
    people.renameLogin("anna", "annika");
    expect((await s.ask("installation", "GET", "/users/anna")).status).toBe(404);
    expect((await s.ask("installation", "GET", `/user/${id}`)).json.login).toBe("annika");
    expect([await members("risk"), await role("annika")]).toEqual([["annika", "ben"], "write"]);
    const reviews = await s.ask("installation", "GET", `${AGENT}/pulls/${pull.number}/reviews`);
    expect(reviews.json[0].user).toMatchObject({ login: "annika", id });
    s.github.world.user("anna");
    expect((await s.ask("installation", "GET", "/users/anna")).json.id).not.toBe(id);
    expect([await role("anna"), (await s.ask("anna", "GET", AGENT)).status]).toEqual(["none", 404]);
    expect((await s.ask("annika", "GET", "/user")).json.id).toBe(id);
  });

  it("P23 whose account was deleted is a ghost where they acted", async () => {
    const pull = await s.open("feature", "ben");
    await s.ask("anna", "POST", `${AGENT}/pulls/${pull.number}/reviews`, { event: "APPROVE" });
    people.deleteAccount("anna");
    const reviews = await s.ask("installation", "GET", `${AGENT}/pulls/${pull.number}/reviews`);
    expect(reviews.json).toMatchObject([{ user: null, state: "APPROVED" }]);
    expect([await members("risk"), await role("anna")]).toEqual([["ben"], 404]);
  });
});

describe("P37 an organisation under another login", () => {
  it("keeps its number, teams and installation; its repositories redirect", async () => {
    people.renameOrganisation("acme", "acme-labs");
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(301);
    const { json } = await s.ask("installation", "GET", "/repos/acme-labs/agent");
    expect(json).toMatchObject({ id: s.repository.id, owner: { login: "acme-labs" } });
    expect((await s.ask("installation", "GET", "/orgs/acme-labs/teams/risk/members")).json).toHaveLength(2);
    expect(s.heard()).toEqual(["organization.renamed", "installation_target.renamed"]);
  });
});
