import { afterEach, beforeEach, expect, it } from "vitest";
import { type Scenery, scenery } from "./scenery.ts";

let s: Scenery;

beforeEach(async () => {
  s = await scenery();
});
afterEach(async () => {
  expect(s.unlike()).toEqual([]);
  await s.close();
});

const ISSUES = "/repos/acme/agent/issues";

it("an App opens an issue, finds it by its label, changes and closes it", async () => {
  const opened = await s.ask("installation", "POST", ISSUES, {
    title: "Bypasses",
    body: "one",
    labels: ["countersign"],
  });
  await s.ask("anna", "POST", ISSUES, { title: "Other" });
  const found = await s.ask(
    "installation",
    "GET",
    `${ISSUES}?labels=countersign&state=open&creator=countersign%5Bbot%5D`,
  );
  expect(found.json).toMatchObject([{ number: opened.json.number, user: { login: "countersign[bot]", type: "Bot" } }]);
  const path = `${ISSUES}/${opened.json.number}`;
  expect((await s.ask("installation", "PATCH", path, { body: "two" })).json.body).toBe("two");
  expect((await s.ask("stranger", "PATCH", path, { body: "three" })).status).toBe(404);
  await s.ask("ben", "PATCH", path, { state: "closed" });
  expect((await s.ask("installation", "GET", path)).json.state).toBe("closed");
  expect(s.heard()).toEqual(["issues.opened", "issues.opened", "issues.edited", "issues.closed"]);
  expect(s.webhooks("issues", "edited")[0]).toMatchObject({ changes: { body: { from: "one" } } });
  await s.token({ permissions: { issues: "read" } });
  expect((await s.ask("installation", "POST", ISSUES, { title: "x" })).status).toBe(403);
});

it("a pull request is in the list of issues, marked as such", async () => {
  const pull = await s.open("feature", "anna");
  const { json } = await s.ask("installation", "GET", ISSUES);
  expect(json).toMatchObject([{ number: pull.number, pull_request: { url: expect.stringContaining("/pulls/") } }]);
});

it("administrators change a repository by its settings, others do not", async () => {
  const path = "/repos/acme/agent";
  expect((await s.ask("anna", "PATCH", path, { archived: true })).status).toBe(403);
  s.act.push(s.repository, "trunk", { "t.txt": "1" });
  s.heard();
  const changed = await s.ask("root", "PATCH", path, { default_branch: "trunk", private: false, archived: true });
  expect(changed.json).toMatchObject({ default_branch: "trunk", visibility: "public", archived: true });
  expect(s.heard()).toEqual(["repository.edited", "repository.publicized", "repository.archived"]);
});
