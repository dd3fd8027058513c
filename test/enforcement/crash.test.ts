import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { type RecordingScene, recordingScene } from "./recording-scene.ts";
import { agent } from "./repository-files.ts";
import { STEPS, type Strike, sabotage } from "./sabotage.ts";

const CHANGE = { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") };
const KILLED = fileURLToPath(new URL("killed-app.ts", import.meta.url));

describe("between record and publish", () => {
  let s: RecordingScene;
  afterEach(() => s.end());
  const green = async () => {
    s = await recordingScene();
    const pull = await s.open("right", CHANGE);
    await s.approve(pull, "anna", "olga");
    expect(await s.verdict(pull)).toMatch(/^success/);
    return pull;
  };
  /** Exactly one of each, and all of them say the same. */
  const whole = async (pull: PullRequest) => {
    expect(await s.told()).toEqual([`merge #${pull.number}`]);
    const [entry] = await s.entries();
    expect(s.comments(pull)).toHaveLength(1);
    const runs = s.repository.checkRuns.filter(({ app, headSha }) => app === s.app && headSha === pull.head.sha);
    expect(runs.map(({ name, conclusion }) => [name, conclusion])).toEqual([["countersign", "success"]]);
    for (const text of [s.comments(pull)[0], runs[0]?.output.summary])
      for (const part of [entry?.id, entry?.root]) expect(text).toContain(part);
    expect((await s.service().store.branchOf(s.repository.id, "main"))?.head).toBe(s.tip());
    expect(await s.service().store.bypassesOf(s.repository.id, 9)).toEqual([]);
    expect(await s.service().store.landingOf(s.repository.id, pull.number)).toBe(entry?.id);
  };

  it.each(STEPS)("S07 S18 an exception $when $at: one record, one comment, one check in the end", async (strike) => {
    const pull = await green();
    let struck = 0;
    const restore = sabotage(s.service(), strike, () => {
      struck += 1;
      if (struck === 1) throw new Error("struck");
    });
    try {
      expect(await s.mergeBy(pull)).toBe(200);
      await s.idle();
      // GitHub's own answer was lost: it is asked again a little later.
      for (let turn = 0; turn < 4; turn += 1) {
        s.later(60_000);
        await s.idle();
      }
    } finally {
      restore();
    }
    expect(struck).toBeGreaterThan(0);
    await whole(pull);
  });

  /** Something happens while another process runs the App, which is killed at one step. */
  const killed = async (strike: Strike, happens: () => Promise<unknown>) => {
    await s.stop();
    const child = spawn(process.execPath, [KILLED, JSON.stringify({ settings: s.settings, now: s.now(), strike })], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const [url] = await once(child.stdout.setEncoding("utf8"), "data");
    s.app.webhook = { url: `${String(url).trim()}/webhook`, secret: s.settings.webhookSecrets[0] ?? "" };
    await happens();
    expect((await ended)[1]).toBe("SIGKILL");
    s.app.webhook = null;
  };

  // Before one step is after the one before it.
  it.each(STEPS.filter(({ when }) => when === "after"))(
    "S07 S18 the program is killed $when $at: the next one makes it one record, one comment, one check",
    async (strike) => {
      const pull = await green();
      await killed(strike, async () => expect(await s.mergeBy(pull)).toBe(200));
      await s.restart();
      await s.idle();
      await whole(pull);
    },
  );

  it.each(["before", "after"] as const)(
    "S18 no check is green before what it rests on is on disk: killed %s that is kept, nothing is green",
    async (when) => {
      s = await recordingScene();
      const pull = await s.open("right", CHANGE);
      await s.approve(pull, "anna");
      await s.idle();
      await killed({ at: "store putDossier", when }, () => s.approve(pull, "olga"));
      expect(s.check(pull)?.conclusion).not.toBe("success");
      await s.restart();
      s.act.push(s.repository, "main", { "docs/more.md": "More.\n" }, { by: "root" });
      expect(await s.verdict(pull)).toMatch(/^success/);
      const kept = await s.service().store.dossierOf(s.repository.id, pull.number, pull.head.sha, "main");
      expect(kept?.dossier.decision.state).toBe("approved");
    },
  );
});
