import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { githubHosting } from "../../src/github/hosting.ts";
import { type FactsScene, factsScene } from "./facts-scene.ts";
import type { PullRequest } from "./world.ts";

let scene: FactsScene;
beforeEach(async () => {
  scene = await factsScene();
});
afterEach(async () => {
  scene.conforms();
  await scene.github.close();
});

async function reverts() {
  const { app, installation, repository, github } = scene;
  const hosting = githubHosting({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url, patience: 0 });
  const name = { installation: installation.id, id: repository.id, owner: "acme", name: "agent" };
  return (await hosting.open(name, AbortSignal.timeout(60_000))).reverts;
}

function grant(more: Record<string, "read" | "write"> = { contents: "write" }): void {
  Object.assign(scene.installation.permissions, more);
}

async function merged(branch: string, method: string): Promise<PullRequest> {
  const pull = await scene.open(branch, "anna");
  const path = `/repos/acme/agent/pulls/${pull.number}/merge`;
  expect(await scene.request("PUT", path, "olga", { merge_method: method })).toEqual({ status: 200 });
  return pull;
}

const tip = (branch = "main") => scene.repository.refs.get(`refs/heads/${branch}`) ?? "";
const SAID = { title: "Take back #1", body: "Because it is wrong." };

describe("taking a merged pull request back", () => {
  it.each(["merge", "squash", "rebase"])("opens one that restores what stood before a %s", async (method) => {
    grant();
    const before = scene.repository.store.read(tip()).tree;
    const pull = await merged("feature", method);
    expect(scene.repository.store.read(tip()).tree).not.toBe(before);
    const own = await reverts();
    expect(await own.mayOpen()).toBe(true);
    expect(await own.openedFor(pull.number)).toBeNull();
    const opened = await own.open(pull.number, SAID);
    if (!("number" in opened)) throw new Error(opened.refused);
    const revert = scene.repository.pulls.get(opened.number) as PullRequest;
    expect(scene.repository.store.read(revert.head.sha).tree).toBe(before);
    expect(revert).toMatchObject({ title: SAID.title, base: { ref: "main" }, issue: { author: { type: "Bot" } } });
    expect(revert.issue.body).toContain(SAID.body);
    expect(await own.openedFor(pull.number)).toEqual({ number: revert.number, state: "open" });
  });

  it("says why it was not opened: GitHub would not, or what it takes was not granted", async () => {
    grant();
    const pull = await merged("feature", "squash");
    const open = await scene.open("later", "anna");
    const own = await reverts();
    expect(await own.open(open.number, SAID)).toEqual({ refused: expect.stringContaining("not merged") });
    scene.act.push(scene.repository, "main", { "feature.py": "x = 2\n" }, { by: "olga" });
    expect(await own.open(pull.number, SAID)).toEqual({ refused: expect.stringContaining("reverted automatically") });
  });

  it("S20 asks for nothing where writing contents was not granted", async () => {
    const own = await reverts();
    expect(await own.mayOpen()).toBe(false);
  });

  it("takes nobody else's for its own, and is not done twice by itself", async () => {
    grant();
    const pull = await merged("feature", "squash");
    const own = await reverts();
    const forged = await scene.open("forged", "ben");
    forged.issue.body = `<!-- countersign: takes back #${pull.number} -->\nlook here`;
    expect(await own.openedFor(pull.number)).toBeNull();
    const fault = scene.github.faults.next({ operation: "RevertPullRequest", fault: { status: 502 }, done: true });
    await expect(own.open(pull.number, SAID)).rejects.toMatchObject({ code: "hosting/unavailable" });
    expect(fault.met).toBe(1);
    expect(await own.openedFor(pull.number)).toMatchObject({ state: "open" });
    expect([...scene.repository.pulls.values()].filter(({ title }) => title === SAID.title)).toHaveLength(1);
  });
});
