import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHANGES } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const change = CHANGES.low;

describe("who may approve", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  it("P26 whoever pushed governed content approves none of it, whatever the commit says", async () => {
    const pull = await s.open("x", { "docs/x.md": "x\n" });
    await s.idle();
    s.act.push(s.repository, "x", change, { by: "anna", author: "dora" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    expect(s.check(pull)?.output.summary).toContain("pushed to this pull request");
    await s.approve(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P26 a push of what is not governed, and a merge of the base, exclude nobody", async () => {
    const pull = await s.open("x", change);
    await s.idle();
    s.act.push(s.repository, "x", { "docs/x.md": "x\n" }, { by: "anna" });
    await s.idle();
    s.act.push(s.repository, "main", { "docs/y.md": "y\n" }, { by: "root" });
    s.act.mergeInto(s.repository, "x", "main", "olga");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P26 where it is not known who pushed, one person more is asked", async () => {
    const pull = await s.open("x", { "docs/x.md": "x\n" });
    await s.idle();
    const { webhook } = s.app;
    s.app.webhook = null;
    s.act.push(s.repository, "x", change, { by: "sam", author: "dora" });
    s.app.webhook = webhook;
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check(pull)?.output.summary).toContain("it is not known who pushed");
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S11 who is named in a governed commit is excluded, and lifts it by a command", async () => {
    const pull = await s.open("x", { "docs/x.md": "x\n" });
    await s.idle();
    const framed = s.act.push(s.repository, "x", change, { by: "dora", author: "olga" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    await s.comment(pull, "olga", `/countersign not-mine ${framed}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P24 an optional permission that is missing: teams fail closed, and the check names it and what to do", async () => {
    const [installation] = s.github.world.installations;
    const { members: _, ...rest } = s.app.permissions as Record<string, string>;
    if (installation) installation.permissions = rest;
    await s.restart();
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^failure: Medium risk: blocked/);
    const { summary = "", text = "" } = s.check(pull)?.output ?? {};
    expect(summary).toContain("the members of `@acme/ml` cannot be read; grant members read, or name people");
    expect(`${summary}${text}`).toContain("members: read");
    expect(await s.merge(pull)).toBe(405);
    if (installation) installation.permissions = s.app.permissions;
    await s.restart();
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });
});
