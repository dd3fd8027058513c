import { expect, it } from "vitest";
import { recordingScene } from "./recording-scene.ts";
import { agent } from "./repository-files.ts";

it("P36 who approved a merge is on record, and verifies, when GitHub has deleted its checks and the branch is gone", async () => {
  const s = await recordingScene();
  try {
    const pull = await s.open("swap", { "services/high/agent.py": agent("gpt-4o-mini-2024-07-18") });
    await s.approve(pull, "olga", "rita");
    s.evals(pull);
    await s.idle();
    expect(await s.merge(pull)).toBe(200);
    await s.idle();
    const before = await s.records();
    s.repository.checkRuns.length = 0;
    s.repository.runs.length = 0;
    s.repository.refs.delete("refs/heads/swap");
    await s.restart();
    await s.idle();
    expect(await s.records()).toEqual(before);
    const [record] = before;
    expect(record?.dossier?.checks).toMatchObject([{ name: "evals", conclusion: "success" }]);
    const counted = record?.dossier?.votes.filter((vote) => vote.counted).map(({ person }) => person.login);
    expect(counted?.sort()).toEqual(["olga", "rita"]);
  } finally {
    await s.close();
  }
});
