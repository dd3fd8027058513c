import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RepositoryActs, repositoryActs } from "./repository-acts.ts";
import { type Scenery, scenery } from "./scenery.ts";

let s: Scenery;
let admin: RepositoryActs;

beforeEach(async () => {
  s = await scenery();
  admin = repositoryActs(s.github);
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const AGENT = "/repos/acme/agent";

describe("P37 a repository", () => {
  it("that was renamed is found under its number: 301, or 307 where the method must stay", async () => {
    admin.rename(s.repository, "assistant", "root");
    const moved = await s.ask("installation", "GET", `${AGENT}/pulls?state=all`);
    expect([moved.status, moved.headers.get("location")]).toEqual([
      301,
      `${s.github.url}/repositories/${s.repository.id}/pulls?state=all`,
    ]);
    expect(moved.json).toMatchObject({ message: "Moved Permanently", url: moved.headers.get("location") });
    const followed = await s.ask("installation", "GET", `/repositories/${s.repository.id}`);
    expect(followed.json.full_name).toBe("acme/assistant");
    const pull = { title: "x", head: "feature", base: "main" };
    expect((await s.ask("anna", "POST", `${AGENT}/pulls`, pull)).status).toBe(307);
    expect((await s.ask("installation", "GET", "/repos/acme/assistant")).status).toBe(200);
    const { json } = await s.graphql("installation", '{ repository(owner: "acme", name: "agent") { nameWithOwner } }');
    expect(json.data.repository.nameWithOwner).toBe("acme/assistant");
    expect(s.webhooks("repository", "renamed")[0]).toMatchObject({
      changes: { repository: { name: { from: "agent" } } },
      repository: { full_name: "acme/assistant", id: s.repository.id },
      organization: { login: "acme" },
    });
  });

  it("is no longer found under a name that another took", async () => {
    admin.rename(s.repository, "assistant", "root");
    const other = s.github.world.repository("acme/agent", { "x.txt": "x" });
    expect((await s.ask("installation", "GET", AGENT)).json.id).toBe(other.id);
  });

  it("that was transferred is told to its new owner's Apps alone, and is out of the old ones' reach", async () => {
    s.github.world.organisation("globex", { root: "admin" });
    const there = s.github.world.install(s.app, "globex");
    await s.token();
    admin.transfer(s.repository, "globex", "root");
    const hooks = s.webhooks("repository", "transferred");
    expect(hooks).toMatchObject([
      {
        changes: { owner: { from: { organization: { login: "acme" } } } },
        repository: { full_name: "globex/agent" },
        installation: { id: there.id },
      },
    ]);
    expect((await s.ask("installation", "GET", "/repos/globex/agent")).status).toBe(404);
    expect((await s.ask("installation", "GET", AGENT)).status).toBe(301);
  });

  it("that is archived can be read and not written, which its open pull requests do not change", async () => {
    const pull = await s.open("feature", "anna");
    admin.archive(s.repository, "root");
    const check = { name: "countersign", head_sha: pull.head.sha, status: "completed", conclusion: "success" };
    const written = [
      await s.ask("installation", "POST", `${AGENT}/check-runs`, check),
      await s.ask("anna", "POST", `${AGENT}/pulls/${pull.number}/reviews`, { event: "COMMENT", body: "x" }),
    ];
    for (const { status, json } of written)
      expect([status, json.message]).toEqual([403, "Repository was archived so is read-only."]);
    expect((await s.ask("installation", "GET", `${AGENT}/pulls/${pull.number}`)).json.state).toBe("open");
    admin.unarchive(s.repository, "root");
    expect((await s.ask("installation", "POST", `${AGENT}/check-runs`, check)).status).toBe(201);
    expect(s.heard().filter((one) => one.startsWith("repository."))).toEqual([
      "repository.archived",
      "repository.unarchived",
    ]);
  });

  it("that is made private is hidden from who has no role there", async () => {
    admin.publicize(s.repository, "root");
    expect((await s.ask("stranger", "GET", AGENT)).json.visibility).toBe("public");
    admin.privatize(s.repository, "root");
    expect((await s.ask("stranger", "GET", AGENT)).status).toBe(404);
    expect(s.heard()).toEqual(["repository.publicized", "repository.privatized"]);
  });

  it("that was deleted is gone", async () => {
    admin.remove(s.repository, "root");
    expect((await s.ask("root", "GET", AGENT)).status).toBe(404);
    expect(s.heard()).toEqual(["repository.deleted"]);
  });
});

describe("a branch", () => {
  it("P37 that becomes the default one is named as such, in the event too", async () => {
    s.act.push(s.repository, "next", { "n.txt": "1" });
    admin.setDefaultBranch(s.repository, "next", "root");
    expect((await s.ask("installation", "GET", AGENT)).json.default_branch).toBe("next");
    expect(s.webhooks("repository", "edited")[0]).toMatchObject({ changes: { default_branch: { from: "main" } } });
  });

  it("P10 that is renamed takes the pull requests into it along, and closes those from it", async () => {
    const into = await s.open("feature", "anna");
    s.act.push(s.repository, "release", { "r.txt": "1" });
    const from = await s.ask("root", "POST", `${AGENT}/pulls`, { title: "back", head: "main", base: "release" });
    s.heard();
    expect((await s.ask("anna", "POST", `${AGENT}/branches/main/rename`, { new_name: "trunk" })).status).toBe(403);
    const renamed = await s.ask("root", "POST", `${AGENT}/branches/main/rename`, { new_name: "trunk" });
    expect([renamed.status, renamed.json.name]).toEqual([201, "trunk"]);
    expect([into.base.ref, into.state]).toEqual(["trunk", "open"]);
    expect(s.repository.pulls.get(from.json.number)?.state).toBe("closed");
    expect(s.heard()).toEqual(["create", "repository.edited", "pull_request.edited", "pull_request.closed", "delete"]);
    const [edited] = s.webhooks("pull_request", "edited");
    expect(edited).toMatchObject({
      changes: { base: { ref: { from: "main" } } },
      pull_request: { base: { ref: "trunk" } },
    });
    expect((await s.ask("installation", "GET", AGENT)).json.default_branch).toBe("trunk");
    expect((await s.ask("installation", "GET", `${AGENT}/branches/main`)).status).toBe(404);
  });

  it("is made, moved and deleted by its ref, forced only where asked for", async () => {
    const sha = s.repository.refs.get("refs/heads/main");
    const refs = `${AGENT}/git/refs`;
    const tip = s.act.push(s.repository, "other", { "o.txt": "1" }, { by: "anna" });
    expect((await s.ask("anna", "POST", refs, { ref: "refs/heads/made", sha: tip })).status).toBe(201);
    expect((await s.ask("anna", "POST", refs, { ref: "refs/heads/made", sha: tip })).status).toBe(422);
    expect((await s.ask("anna", "PATCH", `${refs}/heads/made`, { sha })).status).toBe(422);
    expect((await s.ask("anna", "PATCH", `${refs}/heads/made`, { sha, force: true })).json.object.sha).toBe(sha);
    expect(s.webhooks("push").at(-1)).toMatchObject({ forced: true, before: tip, after: sha, created: false });
    expect((await s.ask("anna", "DELETE", `${refs}/heads/made`)).status).toBe(204);
    expect(s.webhooks("push").at(-1)).toMatchObject({ deleted: true, before: sha, head_commit: null, commits: [] });
    const { json } = await s.ask("anna", "GET", `${AGENT}/branches`);
    expect(json.map(({ name }: { name: string }) => name)).toEqual(["main", "other"]);
  });
});
