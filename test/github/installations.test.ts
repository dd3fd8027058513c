import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type InstallationActs, installationActs } from "./installation-acts.ts";
import { PERMISSIONS, type Scenery, scenery } from "./scenery.ts";

let s: Scenery;
let owner: InstallationActs;

beforeEach(async () => {
  s = await scenery();
  owner = installationActs(s.github);
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";

describe("P37 an installation", () => {
  it("that is suspended gives no token, takes those it gave, hears of it and of nothing else until it is not", async () => {
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(200);
    owner.suspend(s.installation, "root");
    s.act.push(s.repository, "quiet", { "a.txt": "1" });
    expect(s.heard()).toEqual(["installation.suspend"]);
    const refused = [await s.token(), await s.ask("installation", "GET", AGENT)];
    expect(refused.map(({ status, json }) => [status, json.message])).toEqual([
      [403, "This installation has been suspended"],
      [403, "This installation has been suspended"],
    ]);
    const seen = await s.ask("app", "GET", `/app/installations/${s.installation.id}`);
    expect(seen.json).toMatchObject({ suspended_by: { login: "root" }, suspended_at: expect.any(String) });
    owner.unsuspend(s.installation, "root");
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(200);
    s.act.push(s.repository, "loud", { "a.txt": "1" });
    expect(s.heard()).toEqual(["installation.unsuspend", "create", "push", "check_suite.requested"]);
  });

  it("suspends and removes itself by the App's own token", async () => {
    const path = `/app/installations/${s.installation.id}`;
    expect((await s.ask("app", "PUT", `${path}/suspended`)).status).toBe(204);
    expect((await s.token()).status).toBe(403);
    expect((await s.ask("app", "DELETE", `${path}/suspended`)).status).toBe(204);
    expect((await s.token()).status).toBe(201);
    expect((await s.ask("app", "DELETE", path)).status).toBe(204);
    expect(s.heard()).toEqual(["installation.suspend", "installation.unsuspend", "installation.deleted"]);
  });

  it("that was removed is unknown, and its tokens are worth nothing", async () => {
    await s.token();
    expect((await s.ask("app", "GET", `${AGENT}/installation`)).json.id).toBe(s.installation.id);
    owner.remove(s.installation, "root");
    const [hook] = s.webhooks("installation", "deleted");
    expect(hook).toMatchObject({
      installation: { id: s.installation.id },
      repositories: [{ full_name: "acme/agent" }],
    });
    expect((await s.token()).status).toBe(404);
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(401);
    expect((await s.ask("app", "GET", `${AGENT}/installation`)).status).toBe(404);
    s.act.push(s.repository, "quiet", { "a.txt": "1" });
    expect(s.heard()).toEqual(["installation.deleted"]);
  });

  it("whose owner has not accepted a permission refuses it to a token, and is sent none of its events", async () => {
    const { merge_queues: _, issues: __, ...old } = PERMISSIONS;
    owner.ask(s.app, old);
    owner.accept(s.installation, "root");
    owner.ask(s.app, PERMISSIONS);
    expect((await s.token({ permissions: { issues: "read" } })).json).toMatchObject({
      message: "The permissions requested are not granted to this installation.",
      status: "422",
    });
    expect((await s.token({ permissions: { contents: "read" } })).status).toBe(201);
    const { json } = await s.ask("app", "GET", `/app/installations/${s.installation.id}`);
    expect(json.permissions).toEqual(old);
    const pull = await s.open("feature", "anna");
    s.heard();
    await s.ask("anna", "POST", `${AGENT}/issues/${pull.number}/comments`, { body: "hello" });
    expect(s.heard()).toEqual([]);
    owner.accept(s.installation, "root");
    expect((await s.token({ permissions: { issues: "read" } })).status).toBe(201);
    await s.ask("anna", "POST", `${AGENT}/issues/${pull.number}/comments`, { body: "hello" });
    expect(s.heard()).toEqual(["installation.new_permissions_accepted", "issue_comment.created"]);
  });

  it("loses a repository and gets it back: the token that had it has it no longer", async () => {
    await s.token({ repositories: ["agent"] });
    owner.removeRepositories(s.installation, [s.repository], "root");
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(404);
    expect((await s.token({ repository_ids: [s.repository.id] })).status).toBe(422);
    s.act.push(s.repository, "quiet", { "a.txt": "1" });
    owner.addRepositories(s.installation, [s.repository], "root");
    expect(s.heard()).toEqual(["installation_repositories.removed", "installation_repositories.added"]);
    expect(s.webhooks("installation_repositories", "added")[0]).toMatchObject({
      repository_selection: "selected",
      repositories_added: [{ id: s.repository.id, full_name: "acme/agent" }],
      repositories_removed: [],
    });
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(200);
  });

  it("is listed to owners of the organisation with what it was granted, and to nobody else", async () => {
    const { json } = await s.ask("root", "GET", "/orgs/acme/installations");
    expect(json).toMatchObject({
      total_count: 1,
      installations: [{ app_slug: "countersign", permissions: PERMISSIONS }],
    });
    expect((await s.ask("anna", "GET", "/orgs/acme/installations")).status).toBe(404);
  });
});
