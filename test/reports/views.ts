import { pullRequestView } from "../../src/reports/check-run.ts";
import type { PullRequestView } from "../../src/reports/pull-request-view.ts";
import type { ReportContext } from "../../src/reports/report-context.ts";
import { type Changed, decideSituation, HEAD, POLICY, type Situation, system } from "../core/situation.ts";

/** Where the pull request of every example lies. */
export const CONTEXT: ReportContext = {
  checkName: "countersign",
  place: {
    server: "https://github.com",
    owner: "acme",
    name: "support",
    number: 7,
    defaultBranch: "main",
    ownedByOrganization: true,
  },
  rules: { policy: { commit: "c".repeat(40), blob: "d".repeat(40) }, baseline: null },
  invalidated: [],
  notes: [],
  annotations: [],
  detailsUrl: null,
  commented: false,
};

const AGENT = system({
  id: "support-agent",
  owner: "@octocat",
  deputies: ["@hubot"],
  paths: ["services/support/**", "prompts/support/**"],
  rollback: {
    strategy: "revert-commit",
    runbook: "docs/runbooks/support.md",
    owner: "@octocat",
    maxTimeToRestore: "PT30M",
  },
});

const CHECK = {
  evals: {
    name: "evals / regression",
    app: "github-actions",
    workflow: ".github/workflows/evals.yml",
    from: "medium" as const,
    when: ["model", "prompt"] as ("model" | "prompt")[],
  },
};
const ENFORCED = {
  contact: "@acme/platform",
  checks: CHECK,
  roles: { ...POLICY.roles, "risk-owner": ["@octocat", "@monalisa"], "ai-reviewer": ["@acme/ml"] },
};
const MODEL: Changed = {
  path: "services/support/agent.py",
  class: "model",
  old: "claude-sonnet-4-20250514",
  value: "claude-sonnet-4-5-20250929",
};
const PROMPT: Changed = {
  path: "prompts/support/triage.md",
  class: "prompt",
  old: "Escalate refunds above 50 EUR to a person.",
  value: "Escalate refunds above 500 EUR to a person.",
};
const SUCCESS = {
  name: "evals / regression",
  app: "github-actions",
  workflow: ".github/workflows/evals.yml",
  head: HEAD,
  status: "completed",
  conclusion: "success",
  completedAt: "2026-11-24T10:00:00Z",
};
const TEAMS = new Map([["acme/ml", ["rita", "ravi", "ruth"]]]);

/** A situation and what is told of it beside. */
export interface Example {
  readonly situation: Situation;
  readonly context?: Partial<ReportContext>;
}

const waiting: Situation = {
  changes: [MODEL, PROMPT],
  systems: [AGENT],
  policy: ENFORCED,
  facts: { checks: [], teams: TEAMS },
};
const approved: Situation = {
  ...waiting,
  reviews: ["octocat", "hubot", { person: { login: "anna", type: "User" } }, "monalisa"],
  facts: { checks: [SUCCESS], teams: TEAMS },
};

/** What pull requests come to, by name. */
export const EXAMPLES = {
  waiting: { situation: waiting },
  "waiting for a check alone": { situation: { ...approved, facts: { checks: [], teams: TEAMS } } },
  approved: { situation: approved },
  "a failed check": {
    situation: { ...approved, facts: { checks: [{ ...SUCCESS, conclusion: "failure" }], teams: TEAMS } },
  },
  "an invalidated approval": {
    situation: {
      ...waiting,
      reviews: [
        {
          person: { login: "octocat", type: "User" },
          commit: "e".repeat(40),
          binding: { facts: "x", files: "x", "change-set": "x" },
        },
        "monalisa",
      ],
      facts: { checks: [SUCCESS], teams: TEAMS },
    },
    context: { invalidated: [{ person: "octocat", commit: "f".repeat(40), path: "prompts/support/triage.md" }] },
  },
  "changes requested": {
    situation: {
      ...approved,
      reviews: ["octocat", { person: { login: "monalisa", type: "User" }, state: "CHANGES_REQUESTED" }],
    },
  },
  "blocked by a secret": {
    situation: {
      ...waiting,
      changes: [MODEL, { path: "services/support/config.py", class: "credential", secret: "certain" }],
    },
  },
  critical: {
    situation: {
      ...waiting,
      changes: [{ ...PROMPT, severity: "major" }],
    },
  },
  "nobody left": {
    situation: {
      ...waiting,
      policy: { ...ENFORCED, roles: {} },
      systems: [{ ...AGENT, owner: "@anna", deputies: [] }],
    },
  },
  "update the branch": {
    situation: {
      ...approved,
      facts: { ...approved.facts, baseChanges: [{ path: "services/support/agent.py", wholeFile: false }] },
    },
  },
  observed: { situation: { ...waiting, policy: { ...ENFORCED, mode: "observe" } } },
  "observed and approved": { situation: { ...approved, policy: { ...ENFORCED, mode: "observe" } } },
  advisory: { situation: { ...waiting, policy: { ...ENFORCED, enforceFrom: "critical" } } },
  "not governed": { situation: { ...waiting, changes: [{ ...MODEL, severity: "trivial" }] } },
  "no policy": {
    situation: {
      changes: [MODEL],
      systems: [],
      policy: { mode: "observe", roles: {}, checks: {} },
      facts: { checks: [] },
    },
    context: { rules: { policy: null, baseline: null } },
  },
  "broken rules": {
    situation: {
      ...waiting,
      faults: [
        {
          rule: "governance/policy",
          reason: ".github/countersign.yml:3:1: unknown key `tires`; did you mean `tiers`?",
        },
      ],
    },
  },
  "broken rules and nothing governed": {
    situation: {
      ...waiting,
      changes: [{ ...MODEL, severity: "trivial" }],
      faults: [{ rule: "record/unreadable", reason: "the organisation's policy cannot be read: GitHub answered 403" }],
    },
  },
  "many findings": {
    situation: {
      ...waiting,
      changes: Array.from(
        { length: 64 },
        (_, at): Changed => ({
          ...MODEL,
          path: `services/support/tools/tool-${String(at).padStart(2, "0")}.py`,
          severity: at % 7 === 0 ? "major" : "material",
        }),
      ),
    },
  },
  hostile: {
    situation: {
      ...waiting,
      changes: [
        {
          path: "services/support/`|@octocat\u001b[2J\n## Approved by @acme/security\n<img src=x onerror=alert(1)>](https://evil.example).py",
          class: "model",
          old: "gpt-4o | ``` <!-- countersign --> &#64;acme/everyone",
          value: "::error::\u202egnp.@everyone https://evil.example/#1 \u{e0041}",
        },
      ],
    },
    context: { notes: ["see acme/other#12, GH-3, www.evil.example and <b>this</b> by @acme/everyone"] },
  },
} as const satisfies Readonly<Record<string, Example>>;

/** The view of an example. */
export function viewOf({ situation, context = {} }: Example): PullRequestView {
  return pullRequestView(decideSituation(situation), { ...CONTEXT, ...context });
}
