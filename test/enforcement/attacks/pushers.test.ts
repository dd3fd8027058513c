import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, CHANGES } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const GOOD = CHANGES.low;

describe("attacks with pushes that no event of the pull request tells of", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  it("P26 P30 an approver pushes while the pull request is closed, in somebody else's name, and it is opened again", async () => {
    const pull = await s.open("attack", { "docs/x.md": "x\n" });
    await s.idle();
    await s.setState(pull, "closed");
    await s.idle();
    s.act.push(s.repository, "attack", GOOD, { by: "anna", author: "dora" });
    await s.idle();
    await s.setState(pull, "open");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .* needs @ben \(AI reviewer\)/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P26 P19 an approver pushes to a branch that is named like a merge group's, in somebody else's name", async () => {
    s.act.push(s.repository, "gh-readonly-queue/x", GOOD, { by: "anna", author: "dora" });
    await s.idle();
    const pull = await s.open("gh-readonly-queue/x", {});
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .* needs @ben \(AI reviewer\)/);
  });

  it("P26 P30 the same where the pull request was governed before", async () => {
    const pull = await s.open("attack", GOOD);
    await s.idle();
    await s.setState(pull, "closed");
    await s.idle();
    s.act.push(
      s.repository,
      "attack",
      { "services/low/agent.py": agent("gpt-3.5-turbo-0125") },
      { by: "anna", author: "dora" },
    );
    await s.idle();
    await s.setState(pull, "open");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .* needs @ben \(AI reviewer\)/);
    expect(await s.merge(pull)).toBe(405);
  });
});
