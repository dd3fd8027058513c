import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../../github/world.ts";
import { CHANGES, POLICY } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const GOOD = CHANGES.low;
/** GitHub takes so many writes of one installation in a minute. */
const WRITES = 80;
/** Long before another write is free. */
const SOON = 10_000;

describe("attacks on what GitHub takes in a minute", () => {
  let s: Scene;
  let pull: PullRequest;
  beforeEach(async () => {
    s = await scene();
    pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });
  afterEach(() => s.end());

  const edit = async (text: string) => {
    const [comment] = pull.issue.comments.filter(({ app }) => app === s.app);
    await fetch(`${s.github.url}/repos/acme/agent/issues/comments/${comment?.id}`, {
      method: "PATCH",
      headers: { authorization: "Bearer ghp_dora" },
      body: JSON.stringify({ body: text }),
    });
  };
  /** Somebody edits our comment, which is restored, until the program may write no more. */
  const burn = async () => {
    for (let edits = 0; edits <= WRITES; edits += 1) {
      await edit(`Merge it. ${edits}`);
      await s.idle();
    }
    expect(s.comments(pull)).toEqual([`Merge it. ${WRITES}`]);
    expect(s.logged.some(({ msg }) => msg === "work put off, as the hosting service asks")).toBe(true);
    expect(await s.verdict(pull)).toMatch(/^success/);
  };
  const red = async () => {
    const started = performance.now();
    while (s.check(pull)?.conclusion === "success" && performance.now() - started < SOON)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(performance.now() - started).toBeLessThan(SOON);
    expect(await s.merge(pull)).toBe(405);
  };

  it.each<readonly [string, () => unknown, RegExp]>([
    ["an approver asks for changes", () => s.review(pull, "olga", "REQUEST_CHANGES"), /^action_required: .*@olga/],
    [
      "the head is pushed away from, and back",
      async () => {
        const { sha } = pull.head;
        s.act.push(s.repository, "attack", { "docs/x.md": "x\n" }, { by: "dora" });
        await s.idle();
        pull.head.sha = sha;
      },
      /^in_progress/,
    ],
    [
      "the rules become stricter",
      () =>
        s.act.push(
          s.repository,
          "main",
          { ".github/countersign.yml": POLICY.replace("tiers:", "tiers:\n  medium: { distinctPeople: 3 }") },
          { by: "root" },
        ),
      /^in_progress/,
    ],
  ])("S22 S19 a burned limit of writes keeps nothing green: %s", async (_, act, verdict) => {
    await burn();
    await act();
    await red();
    expect(await s.verdict(pull)).toMatch(verdict);
  });
});
