import { describe } from "vitest";
import type { CheckResult, Facts } from "../../src/core/facts.ts";
import type { Policy } from "../../src/core/policy.ts";
import { HEAD, system, table } from "./situation.ts";

const reviews = ["wendy", "olga", "rita"];
const medium = [system({ tier: "medium" })];
const result = (fields: Partial<CheckResult> = {}): CheckResult => ({
  name: "evals",
  app: "acme-evals",
  workflow: null,
  head: HEAD,
  status: "completed",
  conclusion: "success",
  completedAt: "2026-11-24T10:00:00Z",
  ...fields,
});
const checks = (...list: readonly CheckResult[]): Partial<Facts> => ({ checks: list });
const policy = (fields: object = {}): Partial<Policy> => ({
  checks: { evals: { name: "evals", app: "acme-evals", ...fields } },
});
const WORKFLOW = ".github/workflows/evals.yml";
const run = (status: string, path = WORKFLOW, head = HEAD) => ({ path, head, status });

describe("which checks are asked", () => {
  table([
    [
      "from medium up where nothing is said",
      { systems: medium, policy: policy(), facts: checks(), reviews },
      "waiting",
      "medium",
      ["waiting: evals (app acme-evals) has not reported on this head"],
    ],
    [
      "none below",
      { systems: [system({ tier: "low" })], policy: policy(), facts: checks(), reviews },
      "approved",
      "low",
      ["met: ai-reviewer for this tier"],
    ],
    [
      "those of the classes that change",
      { systems: medium, policy: policy({ when: ["prompt"] }), facts: checks(), reviews },
      "approved",
      "medium",
      ["met: system-owner for system bot"],
    ],
    [
      "a check of every class covers models and prompts",
      { changes: [{}, { class: "prompt", path: "bot/p.md" }], policy: policy(), facts: checks(result()), reviews },
      "approved",
      "high",
      ["met: evals succeeded on this head"],
    ],
    [
      "what no check covers is named",
      {
        changes: [{}, { class: "prompt", path: "bot/p.md" }],
        policy: policy({ when: ["model"] }),
        facts: checks(result()),
        reviews,
      },
      "blocked",
      "high",
      ["failed: no check of the policy covers prompt changes at high; add one under checks"],
    ],
    [
      "and only a warning while observed",
      { policy: { mode: "observe", checks: {} }, reviews },
      "approved",
      "high",
      ["met: no check of the policy covers model changes at high", "(a warning while observed)"],
    ],
    [
      "and below the tier that enforces",
      { policy: { enforceFrom: "critical", checks: {} }, reviews },
      "approved",
      "high",
      ["(a warning while observed)"],
    ],
  ]);
});

describe("which result counts", () => {
  const later = "2026-11-24T11:00:00Z";
  table([
    [
      "the newest, when it failed",
      { policy: policy(), facts: checks(result(), result({ conclusion: "failure", completedAt: later })), reviews },
      "blocked",
      "high",
      ["failed: evals ended with failure; only success counts"],
    ],
    [
      "the newest, when it succeeded",
      {
        policy: policy(),
        facts: checks(result({ conclusion: "failure" }), result({ completedAt: later })),
        reviews,
      },
      "approved",
      "high",
      ["met: evals succeeded"],
    ],
    [
      "of two at one instant the worse",
      { policy: policy(), facts: checks(result(), result({ conclusion: "failure" })), reviews },
      "blocked",
      "high",
      ["evals ended with failure"],
    ],
    [
      "in whatever order they come",
      { policy: policy(), facts: checks(result({ conclusion: "failure" }), result()), reviews },
      "blocked",
      "high",
      ["evals ended with failure"],
    ],
    [
      "one that runs again, before all that ended",
      {
        policy: policy(),
        facts: checks(result(), result({ status: "queued", conclusion: null, completedAt: null })),
        reviews,
      },
      "waiting",
      "high",
      ["waiting: evals is queued"],
    ],
    [
      "one that is young enough",
      { policy: policy({ maxAge: "PT3H" }), facts: checks(result()), reviews },
      "approved",
      "high",
      ["met: evals succeeded"],
    ],
    [
      "not one whose age is not known",
      { policy: policy({ maxAge: "PT3H" }), facts: checks(result({ completedAt: null })), reviews },
      "waiting",
      "high",
      ["waiting: evals is older than PT3H; run it again"],
    ],
  ]);
});

describe("S16 a workflow that ended", () => {
  const actions = policy({ app: "github-actions", workflow: WORKFLOW });
  table([
    [
      "without the job blocks",
      { policy: actions, facts: { ...checks(), workflowRuns: [run("completed"), run("completed")] }, reviews },
      "blocked",
      "high",
      [`failed: evals is missing: ${WORKFLOW} ended without it`],
    ],
    [
      "once, and runs again, waits",
      { policy: actions, facts: { ...checks(), workflowRuns: [run("completed"), run("in_progress")] }, reviews },
      "waiting",
      "high",
      [`evals (${WORKFLOW}) has not reported on this head`],
    ],
    [
      "elsewhere says nothing",
      {
        policy: actions,
        facts: {
          ...checks(),
          workflowRuns: [run("completed", "other.yml"), run("completed", WORKFLOW, "d".repeat(40))],
        },
        reviews,
      },
      "waiting",
      "high",
      [`evals (${WORKFLOW}) has not reported on this head`],
    ],
  ]);
});
