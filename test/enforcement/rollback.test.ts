import { afterEach, describe, expect, it } from "vitest";
import type { EvidenceRecord } from "../../src/evidence/record.ts";
import { REVERT_PERMISSIONS } from "../../src/github/reverts.ts";
import { checkActs } from "../github/check-suites.ts";
import type { CheckRun, PullRequest } from "../github/world.ts";
import { type RecordingScene, recordingScene } from "./recording-scene.ts";
import { agent } from "./repository-files.ts";

const [OLD, MODEL, OTHER] = ["gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14"] as const;
const PATH = "services/high/agent.py";

describe("taking a merge back", () => {
  let s: RecordingScene;
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });

  /** Approved by everybody whom it takes, and merged. */
  async function landed(branch: string, files: Record<string, string>, method = "squash"): Promise<PullRequest> {
    const pull = await s.open(branch, files);
    await s.approve(pull, "rita", "olga");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.mergeBy(pull, method, "ben")).toBe(200);
    await s.idle();
    return pull;
  }
  /** Two of them on one path, so that what stood before the second is on record as approved. */
  async function landedTwice(method = "squash"): Promise<PullRequest> {
    await landed("earlier", { [PATH]: agent(MODEL) }, method);
    return landed("wrong", { [PATH]: agent(OTHER) }, method);
  }
  const grant = () => {
    for (const installation of s.github.world.installations)
      if (installation.app === s.app) Object.assign(installation.permissions, REVERT_PERMISSIONS);
  };
  const opened = () => [...s.repository.pulls.values()].at(-1) as PullRequest;
  const found = async (event: string) =>
    (await s.records()).filter((record) => record.event === event) as readonly EvidenceRecord[];

  const asked = async (pull: PullRequest, login: string, body = "/countersign rollback it answers nonsense") => {
    await s.comment(pull, login, body);
    await s.idle();
    return s.comments(pull).at(-1) ?? "";
  };
  const content = (path = PATH) => {
    const entry = s.repository.store.entry(s.tip(), path);
    return entry === null ? null : s.repository.store.blob(entry.sha).toString();
  };
  const seconds = (from: string, to: string | undefined) =>
    Math.round((Date.parse(to ?? "") - Date.parse(from)) / 1000);

  it.each(["squash", "merge", "rebase"])(
    "S08 by command: the pull request is opened, goes the quick lane, and the time is on record (%s)",
    async (method) => {
      s = await recordingScene();
      grant();
      const wrong = await landedTwice(method);
      const answer = await asked(wrong, "olga");
      const revert = opened();
      expect(revert).toMatchObject({ title: `Take back #${wrong.number}: wrong`, issue: { author: { type: "Bot" } } });
      expect(answer).toContain(`#${revert.number} takes it back: approve and merge that.`);
      const [started] = await found("rollback-started");
      expect(started).toMatchObject({
        act: { person: { login: "olga" }, reason: "it answers nonsense" },
        rollback: { system: "high", outcome: "started", seconds: null, pullRequest: revert.number },
      });
      // Whoever asked for it stands behind it, and another one approves it.
      await s.approve(revert, "olga");
      expect(await s.verdict(revert)).toMatch(/^action_required: Low risk/);
      await s.approve(revert, "rita");
      expect(await s.verdict(revert)).toMatch(/^success: /);
      expect(await s.mergeBy(revert, "squash", "ben")).toBe(200);
      await s.idle();
      const [finished] = await found("rollback-finished");
      const landing = (await s.records()).find(
        ({ pullRequest, landed: at }) => at && pullRequest?.number === wrong.number,
      );
      expect(finished).toMatchObject({
        about: [landing?.record.id, expect.stringContaining("landing/"), started?.record.id],
        rollback: { outcome: "succeeded", pullRequest: revert.number },
      });
      const comment = wrong.issue.comments.find(({ body }) => body.startsWith("/countersign rollback"));
      expect(finished?.rollback?.seconds).toBe(seconds(comment?.createdAt ?? "", revert.merged?.at));
      expect(finished?.rollback?.seconds).toBeGreaterThan(0);
      expect(s.comments(wrong).at(-1)).toMatch(new RegExp(`taken back by #${revert.number} after \\d+ s`));
      expect(content()).toBe(agent(MODEL));
      // What went quickly is approved by its owner afterwards.
      expect((await s.records()).find(({ pullRequest }) => pullRequest?.number === revert.number)?.owed).toMatchObject([
        { kind: "retrospective-approval", owner: "@olga" },
      ]);
      expect(await asked(wrong, "olga")).toContain("nothing of it stands on main any more");
    },
  );

  it("S20 without the permission names the Revert button, and what people open is recognised by its content", async () => {
    s = await recordingScene();
    const wrong = await landedTwice();
    const pulls = s.repository.pulls.size;
    const answer = await asked(wrong, "rita");
    expect(answer).toContain("Press **Revert** at the end of [this pull request](");
    expect(answer).toContain(`/acme/agent/pull/${wrong.number})`);
    expect(s.repository.pulls.size).toBe(pulls);
    expect(await found("rollback-started")).toMatchObject([{ rollback: { outcome: "started", pullRequest: null } }]);
    const revert = await s.open("revert-wrong", { [PATH]: agent(MODEL) }, { by: "rita" });
    await s.approve(revert, "olga");
    expect(await s.verdict(revert)).toMatch(/^success: /);
    expect(await s.mergeBy(revert)).toBe(200);
    await s.idle();
    expect(await found("rollback-finished")).toMatchObject([
      { rollback: { pullRequest: revert.number, detail: expect.stringContaining("since @rita asked for it") } },
    ]);
  });

  it("recognises what nobody asked for by command, and no bringing back of what was taken back", async () => {
    s = await recordingScene();
    await landedTwice();
    const revert = await s.open("back", { [PATH]: agent(MODEL) }, { by: "dora" });
    await s.approve(revert, "rita");
    expect(await s.verdict(revert)).toMatch(/^success: /);
    expect(await s.mergeBy(revert)).toBe(200);
    await s.idle();
    expect(await found("rollback-finished")).toMatchObject([
      { rollback: { detail: expect.stringContaining("since what takes it back was first seen") } },
    ]);
    await landed("again", { [PATH]: agent(OTHER) });
    expect(await found("rollback-finished")).toHaveLength(1);
  });

  it("P14 has one button on the check of what is merged, which does the same for who may", async () => {
    s = await recordingScene();
    grant();
    const wrong = await landedTwice();
    const run = s.check(wrong) as CheckRun;
    expect(run.actions).toMatchObject([{ label: "Roll back", identifier: "roll-back" }]);
    const pulls = s.repository.pulls.size;
    for (const login of ["stranger", "dora"]) checkActs(s.github).press(s.repository, run, "roll-back", login);
    await s.idle();
    expect(s.repository.pulls.size).toBe(pulls);
    checkActs(s.github).press(s.repository, run, "roll-back", "rita");
    await s.idle();
    expect(s.repository.pulls.size).toBe(pulls + 1);
    expect(await found("rollback-started")).toMatchObject([{ act: { person: { login: "rita" } } }]);
  });

  it("refuses who may not, what gives no reason, and what is not merged", async () => {
    s = await recordingScene();
    grant();
    const wrong = await landedTwice();
    const pulls = s.repository.pulls.size;
    expect(await asked(wrong, "dora")).toMatch(/`@dora`: not done, is none of those who may: .*olga/);
    expect(await asked(wrong, "olga", "/countersign rollback")).toContain("gives no reason");
    const before = s.comments(wrong).length;
    await asked(wrong, "stranger");
    expect(s.comments(wrong)).toHaveLength(before);
    const open = await s.open("open", { [PATH]: agent(OLD) });
    await asked(open, "olga");
    expect(s.check(open)?.output.summary).toContain("it is not merged, so there is nothing to take back");
    await s.setState(open, "closed");
    await s.idle();
    expect(await asked(open, "olga")).toContain("it was not merged, so there is nothing to take back");
    expect(s.repository.pulls.size).toBe(pulls + 1);
    expect(await found("rollback-started")).toEqual([]);
  });

  it("does it once, however often it is asked for, and whatever is lost on the way", async () => {
    s = await recordingScene();
    grant();
    const wrong = await landedTwice();
    const pulls = s.repository.pulls.size;
    s.github.faults.next({ operation: "RevertPullRequest", fault: { status: 502 }, done: true });
    expect(await asked(wrong, "olga")).toContain(`#${pulls + 1} takes it back`);
    expect(s.repository.pulls.size).toBe(pulls + 1);
    expect(await asked(wrong, "rita", "/countersign rollback once more")).toContain(
      `It is being taken back already: #${pulls + 1}, as \`@olga\` asked.`,
    );
    expect(s.repository.pulls.size).toBe(pulls + 1);
    expect(await found("rollback-started")).toHaveLength(1);
    // One that was closed does not stand in the way.
    await s.setState(opened(), "closed");
    expect(await asked(wrong, "rita", "/countersign rollback after all")).toContain(`#${pulls + 2} takes it back`);
  });

  it("P32 is asked for before anything is known of the merge, and done when it is on record", async () => {
    s = await recordingScene();
    grant();
    await landed("earlier", { [PATH]: agent(MODEL) });
    const wrong = await s.open("wrong", { [PATH]: agent(OTHER) });
    await s.approve(wrong, "rita", "olga");
    s.evals(wrong);
    expect(await s.verdict(wrong)).toMatch(/^success/);
    s.github.deliveries.disturb({ event: "pull_request", fate: "late" });
    s.github.deliveries.disturb({ event: "push", fate: "late" });
    expect(await s.mergeBy(wrong, "squash", "ben")).toBe(200);
    const pulls = s.repository.pulls.size;
    await asked(wrong, "olga");
    expect(s.repository.pulls.size).toBe(pulls);
    s.github.deliveries.deliverLate();
    await s.idle();
    s.later(25_000);
    await s.idle();
    expect(s.repository.pulls.size).toBe(pulls + 1);
    expect(await found("rollback-started")).toHaveLength(1);
  });

  it("says where taking it back conflicts, and opens nothing", async () => {
    s = await recordingScene();
    grant();
    const wrong = await landedTwice();
    await landed("later", { [PATH]: agent("gpt-4.1-mini-2025-04-14") });
    const pulls = s.repository.pulls.size;
    const answer = await asked(wrong, "olga");
    expect(answer).toContain("It does not go by itself");
    expect(answer).toContain(`services/high/agent.py (the same lines changed since)`);
    expect(s.repository.pulls.size).toBe(pulls);
    expect(await found("rollback-started")).toMatchObject([
      { rollback: { outcome: "conflicts", detail: expect.stringContaining(PATH) } },
    ]);
    // By hand, and together with what came since.
    const byHand = await landed("by-hand", { [PATH]: agent(MODEL) });
    expect(await found("rollback-finished")).toMatchObject([
      {
        about: [expect.anything(), expect.anything(), expect.stringContaining("rollback-started/")],
        rollback: {
          pullRequest: byHand.number,
          detail: expect.stringContaining(`Everything that #${wrong.number} changed stands again`),
        },
      },
    ]);
  });
});
