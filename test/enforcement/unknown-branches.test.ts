import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, CHANGES } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const CHANGE = CHANGES.low;
const OTHER = { "services/high/agent.py": agent("gpt-4o-mini-2024-07-18") };

describe("P20 pushes to a repository of which nothing is known yet", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());
  const push = (branch: string, files: Parameters<Scene["open"]>[1]) =>
    s.act.push(s.repository, branch, files, { by: "dora" });
  const asked = (from = 0) => s.github.recorded.slice(from).filter(({ actor }) => actor === "installation").length;
  const minute = async () => {
    await s.idle();
    s.later(61_000);
    await s.idle();
  };
  const rows = async () => {
    await s.idle();
    return (await s.service().store.bypassesOf(s.repository.id, 50)).map(
      ({ cause, actor, branch, after }) => `${cause} ${actor} ${branch} ${after}`,
    );
  };
  const known = async () => (await s.service().store.branchesOf(s.repository.id)).map(({ branch }) => branch);

  it("cost nothing where a pull request tells within a minute that the branch is not governed", async () => {
    push("topic", CHANGE);
    await s.idle();
    expect(asked()).toBe(0);
    expect(await known()).toEqual(["topic"]);
    await s.open("first", { "README.md": "# First\n" });
    await s.idle();
    const from = s.github.recorded.length;
    await minute();
    expect(asked(from)).toBe(0);
    expect(await known()).toEqual(["main"]);
  });

  it("are looked at after a minute where nothing told of it, also after a restart", async () => {
    const [before, after] = [push("release/2", {}), push("release/2", CHANGE)];
    expect(before).not.toBe(after);
    expect(await rows()).toEqual([]);
    await s.restart();
    await minute();
    expect(await rows()).toEqual([`direct-push dora release/2 ${after}`]);
    push("topic", CHANGE);
    await minute();
    expect(await known()).toEqual(["release/2"]);
  });

  it("are all looked at, although a pull request into the branch is decided before", async () => {
    const [first, second] = [push("release/2", CHANGE), push("release/2", OTHER)];
    await s.idle();
    await s.open("fix", { "README.md": "# Fix\n" }, { base: "release/2" });
    expect(await rows()).toEqual([]);
    await minute();
    expect(await rows()).toEqual([`direct-push dora release/2 ${second}`, `direct-push dora release/2 ${first}`]);
    expect(await known()).toEqual(["main", "release/2"]);
  });

  it("are looked at with the next push, where that is to a branch that is known as governed by then", async () => {
    const first = push("release/2", CHANGE);
    await s.open("first", { "README.md": "# First\n" });
    await s.idle();
    const second = push("release/2", OTHER);
    expect(await rows()).toEqual([`direct-push dora release/2 ${second}`, `direct-push dora release/2 ${first}`]);
    await minute();
    expect(await rows()).toHaveLength(2);
  });

  it("are looked at at once where they are to the default branch", async () => {
    const after = push("main", CHANGE);
    expect(await rows()).toEqual([`direct-push dora main ${after}`]);
  });
});
