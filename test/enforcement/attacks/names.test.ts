import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHANGES } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const GOOD = CHANGES.low;

describe("attacks with names of repositories", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(async () => {
    await s.close();
  });

  it("P37 another repository takes the old name of a renamed one: nothing is read there, and nothing believed", async () => {
    const { world } = s.github;
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: .*until 2026-12-24/);
    s.repository.name = "agent-renamed";
    const other = world.repository("acme/agent", { "README.md": "x\n" }, { private: false });
    for (const login of ["dora", "olga"]) other.collaborators.set(login, "write");
    // Time brings the old name up: the approvals expire.
    s.later(31 * 86_400_000);
    await s.restart();
    await s.idle();
    expect((await s.service().store.headOf(s.repository.id, pull.number))?.open).toBe(true);
    expect(other.checkRuns).toEqual([]);
    s.github.deliveries.send("repository", s.repository, {
      action: "renamed",
      repository: { id: s.repository.id, name: "agent-renamed", owner: { login: "acme" } },
      sender: { login: "root", id: 1, type: "User" },
    });
    for (let tries = 0; tries < 200 && (await s.verdict(pull)).startsWith("success"); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });
});
