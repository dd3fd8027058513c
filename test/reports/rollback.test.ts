import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RollbackPlan } from "../../src/core/rollback-plan.ts";
import { rollbackJson } from "../../src/reports/evaluation-json.ts";
import { recordedPlans } from "../../src/reports/recorded-plan.ts";
import { duration, revertBody, revertTitle, rollbackAnswerText } from "../../src/reports/rollback-answer.ts";
import { plainRollback, rollbackLines, rollbackSteps } from "../../src/reports/rollback-text.ts";
import { harm, hostile } from "./hostile-text.ts";

const PLAN: RollbackPlan = {
  ...{ kind: "model", system: "support", owner: "@olga", backup: ["@dan"], strategy: "revert-commit" },
  ...{ previous: { value: "gpt-4o-2024-08-06", retires: "2027-01-01" }, stale: null, revoke: null, cleanUp: false },
  revert: { base: "a".repeat(40), conflicts: null },
  ...{ trigger: ["errors is not < 0.02 any more"], runbook: "docs/run.md", verification: ["follow docs/run.md"] },
  ...{ reason: null, maxTimeToRestore: "PT30M", lastRehearsal: "2026-11-01T00:00:00.000Z", declaredRehearsal: null },
};

describe("a rollback plan as people read it", () => {
  it("is one line, with what a person has to know", () => {
    expect(rollbackLines([PLAN])).toEqual([
      "`support`, model: **revert-commit** to `gpt-4o-2024-08-06`, until 2027-01-01 (revert the commit, verify); owner `@olga`, backup `@dan`, runbook `docs/run.md`, within `PT30M`, rehearsed 2026-11-01, when errors is not \\< 0.02 any more",
    ]);
  });
  it("says what was tried, and what is no way back", () => {
    const conflicts = [{ path: "a.py", why: "content" as const }];
    const tried = { ...PLAN, revert: { ...PLAN.revert, conflicts: [] } };
    expect(rollbackLines([tried]).at(-1)).toBe("Tried, without writing anything: taking this back goes by itself");
    expect(rollbackLines([{ ...PLAN, revert: { ...PLAN.revert, conflicts } }]).at(-1)).toBe(
      "Tried, without writing anything: taking this back conflicts in `a.py` (the same lines changed since)",
    );
    const stale = {
      ...PLAN,
      strategy: "disable-agent",
      previous: null,
      stale: { value: "old", why: "retired" },
    } as const;
    expect(plainRollback([stale])[0]).toContain(
      "support, model: disable-agent, not to old, which retired (switch the agent off, choose an approved model that is not retired, verify)",
    );
  });
  it.each([
    [{ kind: "credential", strategy: "credential-rotate", revoke: "first" }, ["revoke", "create", "deploy", "verify"]],
    [{ kind: "credential", strategy: "credential-rotate", revoke: "last" }, ["create", "deploy", "verify", "revoke"]],
    [{ strategy: "pin-model" }, ["pin the previous model", "revert the commit", "verify"]],
    [{ strategy: "pin-model", stale: { value: "x", why: "retired" } }, ["pin the model that is named here", "verify"]],
    [{ strategy: "flag-off" }, ["switch the flag off", "verify"]],
    [{ strategy: "irreversible" }, ["there is no way back"]],
    [
      { cleanUp: true },
      ["revert the commit", "rebuild the index, or clear the memory, that was filled since", "verify"],
    ],
  ] as const)("has its steps in order: %j", (more, steps) => {
    expect(rollbackSteps({ ...PLAN, ...more } as RollbackPlan)).toEqual(steps);
  });
  it("is the same out of a record, and one of another version is shown as far as it goes", () => {
    const recorded = JSON.parse(JSON.stringify([rollbackJson(PLAN)]));
    expect(rollbackLines(recordedPlans(recorded))).toEqual(rollbackLines([PLAN]));
    const other = [{ kind: "model", system: "support", strategy: "magic", previous: 7, trigger: "soon" }];
    expect(rollbackLines(recordedPlans(other))).toEqual([
      "`support`, model: **revert-commit** (revert the commit, verify); no owner named",
    ]);
  });
});

const OURS = /\[this pull request\]\(https:\/\/github\.example\S+\)|#[79]\b/g;

describe("answers to commands", () => {
  it("tell a time as people say it", () => {
    expect([0, 5, 65, 3_600, 90_061].map(duration)).toEqual(["0 s", "5 s", "1 min 5 s", "1 h", "1 day 1 h"]);
  });
  it("P39 notify nobody, render nothing and hide nothing of what others wrote", () => {
    const page = { url: "https://github.example/acme/agent", quickWithin: 14 * 86_400_000 };
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 6, maxLength: 6 }),
        ([login = "", why = "", path = "", a = "", b = "", c = ""]) => {
          const plan = { ...PLAN, system: a, owner: `@${b}`, runbook: c, reason: why, trigger: [a], verification: [b] };
          const conflicts = [{ path, why: "content" as const }];
          const started = {
            kind: "started",
            login,
            pull: 7,
            branch: a,
            plans: [{ ...plan, strategy: "flag-off" as const }],
          } as const;
          const texts = [
            rollbackAnswerText({ kind: "refused", login, why }, page),
            rollbackAnswerText({ kind: "under-way", person: login, revert: 9 }, page),
            rollbackAnswerText({ ...started, revert: 9, refused: null, conflicts: [] }, page),
            rollbackAnswerText({ ...started, revert: null, refused: why, conflicts: [] }, page),
            rollbackAnswerText({ ...started, revert: null, refused: null, conflicts }, page),
            rollbackAnswerText(
              {
                kind: "rehearsed",
                login,
                system: a,
                strategy: b,
                succeeded: false,
                detail: why,
                record: c,
                sequence: 1,
              },
              page,
            ),
            revertBody({ number: 7 }, login, why),
            rollbackLines([{ ...plan, revert: { ...PLAN.revert, conflicts }, stale: { value: c, why: b } }]).join("\n"),
          ];
          const title = revertTitle({ number: 7, title: why });
          expect(/[\0-\x1f\u202e]/.test(title) || title.length > 201).toBe(false);
          // The one link is ours, and so are two references.
          expect(texts.flatMap((text) => harm(text.replaceAll(OURS, "")))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
