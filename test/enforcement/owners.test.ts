import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type InstallationActs, installationActs } from "../github/installation-acts.ts";
import { type RepositoryActs, repositoryActs } from "../github/repository-acts.ts";
import type { Installation, PullRequest } from "../github/world.ts";
import { CHANGES } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const GREEN = /^success: Medium risk: approved/;
const RED = /^action_required: Medium risk/;

describe("what owners do with the App and with the repository", () => {
  let s: Scene;
  let pull: PullRequest;
  let app: InstallationActs;
  let owner: RepositoryActs;
  beforeEach(async () => {
    s = await scene();
    app = installationActs(s.github);
    owner = repositoryActs(s.github);
    pull = await s.open("x", CHANGES.low);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(GREEN);
  });
  afterEach(() => s.end());

  const installation = () => s.github.world.installations.find((one) => one.app === s.app) as Installation;
  const dead = async () => ((await (await fetch(`${s.service().url}/readyz`)).json()) as { dead: number }).dead;
  /** Until the App, which may try again a few times, has done it. */
  const becomes = async (verdict: RegExp, name?: string) => {
    for (let tries = 0; tries < 200 && !verdict.test(await s.verdict(pull, name)); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await s.verdict(pull, name)).toMatch(verdict);
  };

  it("P37 suspended while somebody asks for changes: red as soon as it is back", async () => {
    app.suspend(installation(), "root");
    await s.review(pull, "olga", "REQUEST_CHANGES");
    await s.idle();
    app.unsuspend(installation(), "root");
    await becomes(RED);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P37 removed, and installed again under another number", async () => {
    const before = installation().id;
    app.remove(installation(), "root");
    await s.review(pull, "olga", "REQUEST_CHANGES");
    await s.idle();
    const again = s.github.world.install(s.app, "acme");
    expect(again.id).not.toBe(before);
    app.addRepositories(again, [s.repository], "root");
    await becomes(RED);
    await s.approve(pull, "olga");
    await becomes(GREEN);
    expect(await s.merge(pull)).toBe(200);
  });

  it("P37 a repository is taken out of the installation, and put in again", async () => {
    app.removeRepositories(installation(), [s.repository], "root");
    await s.review(pull, "olga", "REQUEST_CHANGES");
    await s.idle();
    app.addRepositories(installation(), [s.repository], "root");
    await becomes(RED);
  });

  it("P37 renamed: the next answer stands in the same place", async () => {
    owner.rename(s.repository, "agent-two", "root");
    await s.idle();
    s.act.push(s.repository, "x", { "docs/x.md": "x\n" }, { by: "dora" });
    await becomes(GREEN);
    expect(s.comments(pull)).toHaveLength(1);
  });

  it("P37 transferred to an organisation that has the App: the old one's teams approve nothing there", async () => {
    const { world } = s.github;
    world.organisation("umbrella", { root: "admin" });
    world.install(s.app, "umbrella");
    owner.transfer(s.repository, "umbrella", "root");
    await becomes(/^failure: Medium risk: blocked/);
    expect(s.check(pull)?.output.summary).toContain("@acme/ml");
  });

  it("P37 archived: nothing is tried for ever, and what was missed is looked at when it is no archive any more", async () => {
    owner.archive(s.repository, "root");
    pull.reviews.splice(0, pull.reviews.length, ...pull.reviews.filter(({ author }) => author.login !== "olga"));
    s.github.deliveries.send("member", s.repository, {
      action: "edited",
      member: { login: "olga" },
      repository: { id: s.repository.id, name: "agent", owner: { login: "acme" } },
      sender: { login: "root", id: 1, type: "User" },
    });
    await s.idle();
    owner.unarchive(s.repository, "root");
    await becomes(RED);
    expect(await dead()).toBe(0);
  });

  it("P37 S01 another branch becomes the default one: its policy rules, and each branch is answered under its own name", async () => {
    const lax = "version: 1\nmode: observe\n";
    s.act.push(s.repository, "release/1", { ".github/countersign.yml": lax }, { by: "root" });
    const rules = s.repository.rules.get("main");
    if (rules) s.repository.rules.set("release/1", rules);
    owner.setDefaultBranch(s.repository, "release/1", "root");
    await s.idle();
    // Nothing governs main any more: what stood on the head by that name is for the new one now, and is taken back.
    expect(await s.verdict(pull)).toMatch(/^in_progress/);
    s.github.deliveries.hold();
    await s.retarget(pull, "release/1");
    expect(await s.merge(pull)).toBe(405);
    s.github.deliveries.release();
    expect(await s.verdict(pull)).toMatch(/^success: Observing/);
  });

  it("P37 P10 the default branch is renamed: the pull request goes along, and is approved for the new name", async () => {
    const rules = s.repository.rules.get("main");
    owner.renameBranch(s.repository, "main", "trunk", "root");
    if (rules) s.repository.rules.set("trunk", rules);
    await s.idle();
    expect(pull.base.ref).toBe("trunk");
    expect(await s.verdict(pull)).toMatch(RED);
    await s.approve(pull, "olga", "anna");
    await becomes(GREEN);
    expect(await s.merge(pull)).toBe(200);
  });

  it("P10 a stack: what was based on a merged branch is moved to main by GitHub, and what was approved there counts no more", async () => {
    const upper = await s.open("y", { "services/medium/prompts/system.md": "Be brief.\n" }, { base: "x" });
    await s.approve(upper, "olga", "anna", "rita");
    expect(await s.verdict(upper)).toBe("no run");
    expect(await s.merge(pull)).toBe(200);
    owner.deleteMergedBranch(s.repository, pull.number, "dora");
    await s.idle();
    expect(upper.base.ref).toBe("main");
    expect(await s.verdict(upper)).toMatch(/^action_required/);
    expect(await s.merge(upper)).toBe(405);
  });
});
