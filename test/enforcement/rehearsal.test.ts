import { afterEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { type RecordingScene, recordingScene } from "./recording-scene.ts";
import { agent, FILES, POLICY } from "./repository-files.ts";

const MODELS = ["gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14", "gpt-4.1-mini-2025-04-14"] as const;
const PATH = "services/high/agent.py";
const REHEARSED = { ".github/countersign.yml": POLICY.replace("rollback: planned", "rollback: rehearsed") };

describe("rehearsing the way back of a system", () => {
  let s: RecordingScene;
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });
  const asked = async (pull: PullRequest, login: string, body: string) => {
    await s.comment(pull, login, body);
    await s.idle();
    return s.comments(pull).at(-1) ?? "";
  };
  const proposed = async (branch: string, model: string) => {
    const pull = await s.open(branch, { [PATH]: agent(model) });
    await s.approve(pull, "rita", "olga");
    s.evals(pull);
    await s.idle();
    return pull;
  };
  const rehearsals = async () => (await s.records()).filter(({ event }) => event === "rehearsal");

  it("is what the critical tier waits for: first on what is proposed, then on what landed last", async () => {
    s = await recordingScene({ files: REHEARSED });
    const first = await proposed("first-change", MODELS[0]);
    expect(await s.verdict(first)).toMatch(/^action_required: Critical risk: needs a rollback plan/);
    const summary = s.check(first)?.output.summary ?? "";
    expect(summary).toContain(
      "needs a rehearsal on record (declared: none; a date alone is no record): comment `/countersign rehearse high`",
    );
    const tip = s.tip();
    const refs = [...s.repository.refs.keys()];
    expect(await asked(first, "olga", "/countersign rehearse high")).toMatch(
      /^<!-- .* -->\n✅ The way back of `high` \(revert-commit\) was rehearsed, for `@olga`\. .*2 could be taken back from [0-9a-f]{12} by itself: 1 file, exactly as it stood/,
    );
    expect([s.tip(), [...s.repository.refs.keys()]]).toEqual([tip, refs]);
    expect(await s.verdict(first)).toMatch(/^success: Critical risk/);
    expect(await s.mergeBy(first, "squash", "ben")).toBe(200);
    await s.idle();
    const second = await proposed("second-change", MODELS[1]);
    expect(await s.verdict(second)).toMatch(/^success/);
    await asked(second, "rita", "/countersign rehearse high");
    const [, newest] = await rehearsals();
    const landing = (await s.records()).find(
      ({ landed, pullRequest }) => landed && pullRequest?.number === first.number,
    );
    expect(newest).toMatchObject({
      about: [landing?.record.id],
      act: { person: { login: "rita" }, systems: ["high"] },
      rollback: {
        system: "high",
        strategy: "revert-commit",
        outcome: "succeeded",
        seconds: null,
        pullRequest: first.number,
      },
    });
    // It holds for as long as the policy says, and no longer.
    s.later(181 * 86_400_000);
    await s.comment(second, "olga", "/countersign recheck");
    expect(await s.verdict(second)).toMatch(/rollback plan/);
  });

  it("that conflicts is on record as such, and takes away what an earlier one proved", async () => {
    s = await recordingScene({ files: REHEARSED });
    const first = await proposed("first-change", MODELS[0]);
    await asked(first, "olga", "/countersign rehearse high");
    expect(await s.mergeBy(first, "squash", "ben")).toBe(200);
    await s.idle();
    await s.restart({ mode: "observe" });
    const second = await proposed("second-change", MODELS[1]);
    expect(await s.verdict(second)).toMatch(/^success/);
    await s.restart({ mode: null });
    await s.idle();
    expect(await s.verdict(second)).toMatch(/^success: Critical risk/);
    // The branch goes on past what landed last, on the same lines, in a commit that is not looked at yet.
    s.github.deliveries.disturb({ event: "push", fate: "unsent" });
    s.act.push(s.repository, "main", { [PATH]: agent(MODELS[2]) }, { by: "root" });
    expect(await asked(second, "olga", "/countersign rehearse high")).toContain(
      "back conflicts in services/high/agent.py (the same lines changed since)",
    );
    expect((await rehearsals()).at(-1)).toMatchObject({ rollback: { outcome: "conflicts" } });
    expect(await s.verdict(second)).not.toMatch(/^success/);
  });

  it("refuses strangers to the system, unknown systems, and the tools of nobody", async () => {
    s = await recordingScene({ files: REHEARSED });
    const pull = await proposed("first-change", MODELS[0]);
    expect(await asked(pull, "dora", "/countersign rehearse high")).toMatch(
      /`@dora`: not done, is none of those who may: /,
    );
    expect(await asked(pull, "olga", "/countersign rehearse hihg")).toContain(
      "there is no such system; did you mean high",
    );
    expect(await asked(pull, "olga", "/countersign rehearse")).toContain("names no system");
    const before = s.comments(pull).length;
    await asked(pull, "stranger", "/countersign rehearse high");
    expect(s.comments(pull)).toHaveLength(before);
    expect(await rehearsals()).toEqual([]);
    expect(await s.verdict(pull)).toMatch(/rollback plan/);
  });

  it("of a switch that people throw is their word, which says so", async () => {
    const registry = String(FILES[".github/ai-systems.yml"]).replaceAll(
      "strategy: revert-commit",
      "strategy: disable-agent",
    );
    s = await recordingScene({ files: { ...REHEARSED, ".github/ai-systems.yml": registry } });
    const pull = await proposed("first-change", MODELS[0]);
    expect(await asked(pull, "olga", "/countersign rehearse high")).toContain(
      "no machine can try disable-agent: write behind it what was done and seen",
    );
    expect(s.check(pull)?.output.summary).toContain("/countersign rehearse high disable-agent");
    const said =
      "/countersign rehearse high disable-agent switched it off in staging, requests were answered by people";
    expect(await asked(pull, "olga", said)).toContain("✅");
    expect(await rehearsals()).toMatchObject([
      {
        rollback: {
          strategy: "disable-agent",
          detail: expect.stringContaining("By the word of @olga: switched it off"),
        },
        limitations: [expect.anything(), "Nothing but the person's word tells that it was done."],
      },
    ]);
    expect(await s.verdict(pull)).toMatch(/^success/);
    // What proves one way proves no other.
    const reverting = "/countersign rehearse high revert-commit";
    await asked(pull, "olga", reverting);
    expect((await rehearsals()).map(({ rollback }) => rollback?.strategy)).toEqual(["disable-agent", "revert-commit"]);
  });

  it("fails where the plan lacks people's part", async () => {
    const registry = String(FILES[".github/ai-systems.yml"]).replaceAll("runbook: docs/runbook.md, ", "");
    s = await recordingScene({ files: { ...REHEARSED, ".github/ai-systems.yml": registry } });
    const pull = await proposed("first-change", MODELS[0]);
    expect(await s.verdict(pull)).toMatch(/^failure: /);
    expect(await asked(pull, "olga", "/countersign rehearse high")).toContain(
      "❌ The way back of `high` (revert-commit) was rehearsed and **does not work**, for `@olga`. The plan lacks a trigger and a verification.",
    );
    expect(await rehearsals()).toMatchObject([{ rollback: { outcome: "failed" } }]);
  });
});
