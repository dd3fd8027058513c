import { afterEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../../github/world.ts";
import { type RecordingScene, recordingScene } from "../recording-scene.ts";
import { agent, POLICY, PROMPT } from "../repository-files.ts";

const MODELS = ["gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14", "gpt-4.1-mini-2025-04-14"] as const;
const AGENT = "services/high/agent.py";
const INSTRUCTIONS = "services/high/prompts/system.md";
const DAY = 86_400_000;

describe("what only looks like taking a merge back goes the ordinary way", () => {
  let s: RecordingScene;
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });
  async function landed(branch: string, files: Record<string, string>): Promise<PullRequest> {
    const pull = await s.open(branch, files);
    await s.approve(pull, "rita", "olga", "sam", "anna");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.mergeBy(pull, "squash", "ben")).toBe(200);
    await s.idle();
    return pull;
  }
  /** What somebody proposes, with one eligible person's approval: enough for the quick lane, and for nothing else. */
  async function proposed(files: Record<string, string | null>): Promise<string> {
    const pull = await s.open("back", files);
    await s.approve(pull, "rita");
    s.evals(pull);
    return s.verdict(pull);
  }
  const ordinary = /^(?:action_required|failure): (?:High|Critical) risk/;
  const quick = /^success: Low risk: approved by @rita/;

  it("S08 the real one is quick", async () => {
    s = await recordingScene();
    await landed("one", { [AGENT]: agent(MODELS[0]) });
    await landed("two", { [AGENT]: agent(MODELS[1]) });
    expect(await proposed({ [AGENT]: agent(MODELS[0]) })).toMatch(quick);
  });

  it("S08 a downgrade to what was approved before the newest merge", async () => {
    s = await recordingScene();
    for (const [at, model] of MODELS.entries()) await landed(`step${at}`, { [AGENT]: agent(model) });
    expect(await proposed({ [AGENT]: agent(MODELS[0]) })).toMatch(ordinary);
  });

  it("S08 a downgrade to an older prompt that was approved once", async () => {
    s = await recordingScene();
    await landed("one", { [INSTRUCTIONS]: `${PROMPT}Be brief.\n` });
    await landed("two", { [INSTRUCTIONS]: `${PROMPT}Be brief. Never name a price.\n` });
    await landed("three", { [INSTRUCTIONS]: `${PROMPT}Be brief. Never name a price. Be polite.\n` });
    expect(await proposed({ [INSTRUCTIONS]: `${PROMPT}Be brief.\n` })).toMatch(ordinary);
  });

  it("S08 the revert of a policy that was tightened", async () => {
    s = await recordingScene();
    const file = ".github/countersign.yml";
    const named = `${POLICY}contact: "@rita"\n`;
    await landed("named", { [file]: named });
    await landed("tighter", { [file]: named.replace("distinctPeople: 2", "distinctPeople: 3") });
    expect(await proposed({ [file]: named })).toMatch(ordinary);
  });

  it("S08 what brings back content that came in past the gate", async () => {
    s = await recordingScene();
    const past = await s.open("past", { [AGENT]: agent(MODELS[0]) });
    await s.idle();
    expect(await s.mergeBy(past, "squash", "root")).toBe(200);
    await s.idle();
    expect(await s.told()).toContain(`bypass #${past.number} admin-merge`);
    await landed("two", { [AGENT]: agent(MODELS[1]) });
    expect(await proposed({ [AGENT]: agent(MODELS[0]) })).toMatch(ordinary);
  });

  it("S08 what brings back content of which no record says that anybody approved it", async () => {
    s = await recordingScene();
    await landed("one", { [AGENT]: agent(MODELS[0]) });
    expect(await proposed({ [AGENT]: agent("gpt-4o-2024-08-06") })).toMatch(ordinary);
  });

  it("S08 what brings back content that was only observed", async () => {
    s = await recordingScene();
    await s.restart({ mode: "observe" });
    const seen = await s.open("seen", { [AGENT]: agent(MODELS[0]) });
    await s.idle();
    expect(await s.mergeBy(seen, "squash", "ben")).toBe(200);
    await s.idle();
    await s.restart({ mode: null });
    await landed("two", { [AGENT]: agent(MODELS[1]) });
    expect(await proposed({ [AGENT]: agent(MODELS[0]) })).toMatch(ordinary);
  });

  it("S08 a part of it, and all of it with a line more", async () => {
    s = await recordingScene();
    const both = (model: string, prompt: string) => ({ [AGENT]: agent(model), [INSTRUCTIONS]: prompt });
    await landed("one", both(MODELS[0], `${PROMPT}Be brief.\n`));
    await landed("two", both(MODELS[1], `${PROMPT}Be brief, and polite.\n`));
    expect(await proposed({ [AGENT]: agent(MODELS[0]) })).toMatch(ordinary);
    const again = async (branch: string, files: Record<string, string>) => {
      const pull = await s.open(branch, files);
      await s.approve(pull, "rita");
      s.evals(pull);
      return s.verdict(pull);
    };
    const back = both(MODELS[0], `${PROMPT}Be brief.\n`);
    expect(await again("more", { ...back, [INSTRUCTIONS]: `${PROMPT}Be brief.\nPromise refunds.\n` })).toMatch(
      ordinary,
    );
    expect(await again("beside", { ...back, "services/low/agent.py": agent(MODELS[2]) })).toMatch(ordinary);
    expect(await again("whole", back)).toMatch(quick);
  });

  it("S08 what comes after the time for it, and what its author approves", async () => {
    s = await recordingScene();
    await landed("one", { [AGENT]: agent(MODELS[0]) });
    await landed("two", { [AGENT]: agent(MODELS[1]) });
    const own = await s.open("own", { [AGENT]: agent(MODELS[0]) }, { by: "rita" });
    expect(await s.verdict(own)).toMatch(/^action_required: Low risk/);
    await s.comment(own, "rita", `/countersign approve ${own.head.sha}`);
    expect(await s.verdict(own)).toMatch(/^action_required: Low risk/);
    s.later(15 * DAY);
    await s.comment(own, "olga", "/countersign recheck");
    s.evals(own);
    expect(await s.verdict(own)).toMatch(ordinary);
  });
});
