import { afterEach, describe, expect, it } from "vitest";
import { type RecordingScene, recordingScene } from "../recording-scene.ts";
import { agent, FILES, POLICY } from "../repository-files.ts";

const PATH = "services/low/agent.py";

describe("nothing that lands is without a record of its own", () => {
  let s: RecordingScene;
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });
  const landings = async () =>
    (await s.records())
      .filter(({ landed }) => landed)
      .map(
        ({ bypass, landed }) =>
          `${bypass?.cause ?? "none"} ${landed?.before?.slice(0, 8)} ${landed?.after.slice(0, 8)}`,
      );

  it("P20 a force-push back to what had landed before is one more landing, each time", async () => {
    s = await recordingScene();
    s.act.push(s.repository, "main", { [PATH]: agent("gpt-4o-mini-2024-07-18") }, { by: "root" });
    await s.idle();
    const one = s.tip();
    s.act.push(s.repository, "main", { [PATH]: agent("gpt-4.1-2025-04-14") }, { by: "root" });
    await s.idle();
    const two = s.tip();
    const pushed = (from: string, to: string, cause: string) => `${cause} ${from.slice(0, 8)} ${to.slice(0, 8)}`;
    const expected = [...(await landings())];
    expect(expected.slice(-1)).toEqual([pushed(one, two, "direct-push")]);
    for (const [from, to] of [
      [two, one],
      [one, two],
      [two, one],
    ] as const) {
      s.later(60_000);
      s.act.move(s.repository, "main", to, "root", from === two);
      await s.idle();
      await s.restart();
      await s.idle();
      expected.push(pushed(from, to, from === two ? "force-push" : "direct-push"));
      expect(await landings()).toEqual(expected);
    }
  });
});

describe("a rehearsal proves the way back of the system that it names", () => {
  let s: RecordingScene;
  afterEach(() => s.close());

  it("what does not touch a system rehearses nothing of it", async () => {
    s = await recordingScene({
      files: { ".github/countersign.yml": POLICY.replace("rollback: planned", "rollback: rehearsed") },
    });
    expect(String(FILES[".github/ai-systems.yml"])).toContain("high");
    const pull = await s.open("other", { [PATH]: agent("gpt-4o-mini-2024-07-18") });
    await s.idle();
    await s.comment(pull, "olga", "/countersign rehearse high");
    await s.idle();
    expect((await s.records()).filter(({ event }) => event === "rehearsal")).toEqual([]);
    expect(s.comments(pull).at(-1)).toContain("touches nothing of high");
  });
});
