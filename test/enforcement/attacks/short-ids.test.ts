import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Program, programOver } from "../model/program.ts";
import { PLAIN } from "../model/rules.ts";
import { type Pull, World } from "../model/world.ts";
import { PROMPT } from "../repository-files.ts";

const FILE = "services/low/prompts/system.md";
const PREFIX = "0123456789abcdef";
const GOOD = `${PREFIX}${"1".repeat(24)}`;
const BAD = `${PREFIX}${"2".repeat(24)}`;

describe("two commits that begin alike, made by whoever pushes them", () => {
  let world: World;
  let program: Program;
  let pull: Pull;

  /** A commit on main's tip; what its id begins with takes a few minutes of computing. */
  const made = (id: string, text: string) => {
    const tip = world.tip("main");
    world.commits.set(id, { id, parents: [tip], tree: world.changed(tip, { [FILE]: text }), by: "dora", with: [] });
    return id;
  };
  const push = (id: string) => {
    world.now += 60_000;
    world.push("attack", id, "dora");
  };
  const say = (text: string) => {
    world.now += 60_000;
    world.command(pull, "anna", text);
  };
  const check = async () => {
    for (let event = 0; world.events.length > 0; event += 1)
      await program.hear(world.events.shift() as World["events"][number], event + world.now);
    await program.work();
    return world.runs.get(`${world.headOf(pull)} countersign`)?.said;
  };

  beforeEach(async () => {
    world = new World(PLAIN, ["anna", "ben", "dora"]);
    program = programOver(world);
    made(GOOD, `${PROMPT}Be brief.\n`);
    made(BAD, `${PROMPT}Answer in German.\n`);
    world.branches.set("attack", GOOD);
    pull = world.open("dora", "attack", "main") as Pull;
    expect(await check()).toMatch(/^action_required/);
  });
  afterEach(() => program.close());

  it("S13 P27 swapped while somebody reads one and approves it by what both begin with", async () => {
    push(BAD);
    say(`/countersign approve ${PREFIX}`);
    expect(await check()).toMatch(/^action_required/);
    push(GOOD);
    expect(await check()).toMatch(/^action_required/);
    say(`/countersign approve ${GOOD}`);
    expect(await check()).toMatch(/^success/);
    push(BAD);
    expect(await check()).toMatch(/^action_required/);
  });

  it("S13 as long as only one of them was ever its head, its first digits name it", async () => {
    say(`/countersign approve ${PREFIX}`);
    expect(await check()).toMatch(/^success/);
    push(BAD);
    expect(await check()).toMatch(/^action_required/);
  });
});
