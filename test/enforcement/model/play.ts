import { expect } from "vitest";
import { programOver } from "./program.ts";
import { checkNameOf, mayMerge } from "./reference.ts";
import { PLAIN } from "./rules.ts";
import { filesOf, PEOPLE, type Step } from "./step.ts";
import { type Pull, World } from "./world.ts";

/** A sequence that is being played: the world and the program beside it. */
export interface Play {
  step(step: Step): Promise<void>;
  /** All that happened is heard of, in some order; then what is published must be what the reference says. */
  settle(order: number): Promise<void>;
  merged(): number;
  close(): void;
}

type OnPull = {
  [K in Extract<Step, { pull: number }>["does"]]: (pull: Pull, step: Extract<Step, { does: K }>) => void;
};

export function play(): Play {
  const world = new World(PLAIN, PEOPLE);
  const program = programOver(world);
  /** `head base` of all that might merge at some moment since everything had been heard of. */
  let mightMerge = new Set<string>();
  let merged = 0;
  let heard = 0;

  const onPull: OnPull = {
    push: ({ branch }, { by, files }) => extend(world, branch, by, files),
    rewind: (pull, { by, back }) => {
      let commit = world.headOf(pull);
      for (let steps = 0; steps < back; steps++) commit = world.at(commit).parents[0] ?? commit;
      world.push(pull.branch, commit, by);
    },
    rebase: (pull, { by }) => {
      const tip = world.tip(pull.base);
      world.push(pull.branch, world.commit([tip], world.joined(world.headOf(pull), tip), by), by);
    },
    update: (pull, { by }) => {
      const [head, tip] = [world.headOf(pull), world.tip(pull.base)];
      if (!world.history(head).has(tip))
        world.push(pull.branch, world.commit([head, tip], world.joined(head, tip), by), by);
    },
    share: (pull, { by, branch, base }) => {
      if (pull.branch === branch) return;
      if (world.branches.has(branch)) world.push(branch, world.headOf(pull), by);
      else world.branches.set(branch, world.headOf(pull));
      world.open(by, branch, base);
    },
    retarget: (pull, { base }) => world.retarget(pull, base),
    review: (pull, { by, state }) => world.review(pull, by, state),
    approve: (pull) => {
      for (const login of ["olga", "rita", "sam", "anna"]) world.review(pull, login, "APPROVED");
      world.evaluate(pull, "success");
    },
    dismiss: (pull, { at }) => world.dismiss(pull, at),
    close: (pull) => world.setOpen(pull, false),
    reopen: (pull) => world.setOpen(pull, true),
    evaluate: (pull, { conclusion }) => world.evaluate(pull, conclusion),
    merge: (pull) => {
      if (!isGreen(world, pull)) return;
      const may = mayMerge(world, pull);
      if (may === null) return;
      // What was right a moment ago may merge until the program has heard of what changed, and, until then, into every
      // branch that one entry of the policy stands for: docs/security.md says so.
      const alike = [...mightMerge].filter((place) => checkNameOf(place.slice(41)) === checkNameOf(pull.base));
      // What landed on another one of them is taken back when it is looked at there, which is not played here.
      const landed = world.pulls.filter(({ base }) => base !== "main" && checkNameOf(base) === checkNameOf(pull.base));
      const heads = [...alike.map((place) => place.slice(0, 40)), ...landed.map(({ merged }) => merged)];
      if (!may) expect(heads, `#${pull.number} merges into ${pull.base}`).toContain(world.headOf(pull));
      merged++;
      world.merge(pull, "root");
    },
  };

  const hear = async (at: number, twice: boolean) => {
    const [event] = world.events.splice(at % Math.max(1, world.events.length), 1);
    if (!event) return;
    const guid = ++heard;
    await program.hear(event, guid);
    if (!twice) return;
    await program.work();
    await program.hear(event, guid);
  };

  const settle = async (order: number) => {
    for (let next = order; world.events.length > 0; next = next * 7 + 3) await hear(next % 1_009, false);
    await program.work();
    mightMerge = compared(world);
  };

  return {
    async step(step) {
      world.now += 1_000;
      if (step.does === "settle") await settle(step.order);
      else if (step.does === "hear") await hear(step.at, step.twice);
      else if ("pull" in step) {
        const pull = world.pulls[step.pull % Math.max(1, world.pulls.length)];
        if (pull) (onPull[step.does] as (pull: Pull, step: Step) => void)(pull, step);
      } else onWorld(world, step);
      for (const pull of world.pulls)
        if (pull.state === "open" && mayMerge(world, pull)) mightMerge.add(placeOf(world, pull));
    },
    settle,
    merged: () => merged,
    close: program.close,
  };
}

function onWorld(world: World, step: Exclude<Step, { pull: number } | { does: "hear" | "settle" }>): void {
  if (step.does === "open") {
    const { by, branch, base, files } = step;
    if (!world.branches.has(branch)) world.branches.set(branch, world.tip(base));
    if (files) extend(world, branch, by, files);
    world.open(by, branch, base);
  } else if (step.does === "base") extend(world, step.base, "root", step.files);
  else if (step.does === "team") world.setMember(step.login, step.member);
  else if (step.does === "access") world.setAccess(step.login, step.role);
  else if (step.does === "rules") world.setRules(step.rules);
  else world.now += step.days * 86_400_000;
}

function extend(world: World, branch: string, by: string, files: Parameters<typeof filesOf>[0]): void {
  const tip = world.tip(branch);
  world.push(branch, world.commit([tip], world.changed(tip, filesOf(files)), by), by);
}

function placeOf(world: World, pull: Pull): string {
  return `${world.headOf(pull)} ${pull.base}`;
}

/** Whether the hosting service lets it merge: its branch asks for no check, or the one that it asks for is green. */
function isGreen(world: World, pull: Pull): boolean {
  const name = checkNameOf(pull.base);
  return pull.state === "open" && (name === null || world.runs.get(`${world.headOf(pull)} ${name}`)?.passing === true);
}

/** Holds every run against the reference; returns `head base` of all that may merge. */
function compared(world: World): Set<string> {
  const may = new Set<string>();
  // One run speaks for every pull request with its head whose branch asks for it.
  const wanted = new Map<string, boolean | null>();
  const open = world.pulls.filter(({ state }) => state === "open");
  for (const pull of open) {
    const name = checkNameOf(pull.base);
    if (name === null) continue;
    const key = `${world.headOf(pull)} ${name}`;
    const verdict = mayMerge(world, pull);
    const before = wanted.get(key);
    wanted.set(key, before === null || verdict === null ? null : verdict && before !== false);
    if (verdict) may.add(placeOf(world, pull));
    expect(world.runs.get(key), `#${pull.number} into ${pull.base} has a run`).toBeDefined();
  }
  for (const [key, passing] of wanted) {
    const run = world.runs.get(key);
    if (passing !== null) expect({ key, passing: run?.passing }, run?.said).toEqual({ key, passing });
  }
  // What was closed, or moved elsewhere, must not be found standing by what is opened with the same head.
  const merged = world.pulls.map((pull) => pull.merged);
  for (const [key, { passing, said }] of world.runs)
    if (passing && !wanted.has(key) && !merged.includes(key.slice(0, 40)))
      expect(said).toMatch(/^success: (?:Not governed|Observing)/);
  return may;
}
