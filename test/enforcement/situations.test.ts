import { describe, expect, it } from "vitest";
import type { Rules } from "./model/rules.ts";
import { told } from "./story.ts";

type Said = "approved" | "waiting" | "blocked" | "free";
/** What happens, what the check says then, and what its title names. */
type Row = readonly [story: string, said: Said, ...named: string[]];

const CONCLUSION = { approved: "success", waiting: "action_required", blocked: "failure", free: "success" } as const;

function situations(
  title: string,
  rows: readonly Row[],
  rules: Partial<Rules> = {},
  kinds: Record<string, string> = {},
) {
  describe(title, () => {
    it.each(rows.map(([story, said, ...named]) => [story, said, named] as const))(
      "%s: %s",
      async (story, said, named) => {
        const title = await told(story, rules, kinds);
        expect(title).toMatch(new RegExp(`^${CONCLUSION[said]}: ${said === "free" ? "Not governed" : ""}`));
        for (const text of named) expect(title).toContain(text);
      },
    );
  });
}

const HIGH = "dora opens high; evals pass";
const CRITICAL = "dora opens critical; evals pass";

situations("nothing is asked", [
  ["dora opens document", "free"],
  ["dora opens code-high", "free"],
  ["olga opens document", "free"],
  ["dora opens document; olga objects", "free"],
  ["dora opens high; dora rewinds", "free"],
  ["dora opens high; dora pushes original-high", "free"],
  ["dora opens document; eve pushes code-low", "free"],
]);

situations("low: one AI reviewer", [
  ["dora opens low", "waiting", "@anna or @ben"],
  ["dora opens low; anna approves", "approved", "@anna"],
  ["dora opens low; ben approves", "approved", "@ben"],
  ["dora opens low; anna approves; ben approves", "approved"],
  ["dora opens low; olga approves", "waiting", "@anna or @ben"],
  ["dora opens low; rita approves", "waiting"],
  ["dora opens low; eve approves", "waiting"],
  ["dora opens low; anna comments", "waiting"],
  ["dora opens low; evals fail; anna approves", "approved"],
  ["dora opens low document; anna approves", "approved"],
  ["dora opens low code-low; anna approves", "approved"],
]);

situations("medium: the owner, an AI reviewer, two people", [
  ["dora opens medium", "waiting", "@olga", "@anna or @ben"],
  ["dora opens medium; olga approves", "waiting", "@anna or @ben"],
  ["dora opens medium; anna approves", "waiting", "@olga"],
  ["dora opens medium; olga approves; anna approves", "approved"],
  ["dora opens medium; anna approves; olga approves", "approved"],
  ["dora opens medium; anna approves; ben approves", "waiting", "@olga"],
  ["dora opens medium; rita approves; anna approves", "waiting", "@olga"],
  ["dora opens medium; olga joins; olga approves", "waiting", "one more person"],
  ["dora opens medium; olga joins; olga approves; rita approves", "approved"],
  ["dora opens medium; olga joins; olga approves; eve approves", "waiting", "one more person"],
]);

situations("high: the owner, a risk owner, the evaluation", [
  ["dora opens high", "waiting", "@olga", "@rita or @rob", "evals"],
  [HIGH, "waiting", "@olga", "@rita or @rob"],
  [`${HIGH}; olga approves`, "waiting", "@rita or @rob"],
  [`${HIGH}; rita approves`, "waiting", "@olga"],
  [`${HIGH}; olga approves; rita approves`, "approved"],
  [`${HIGH}; olga approves; rob approves`, "approved"],
  [`${HIGH}; rita approves; rob approves`, "waiting", "@olga"],
  [`${HIGH}; olga approves; anna approves`, "waiting", "@rita or @rob"],
  ["dora opens high; olga approves; rita approves", "waiting", "evals"],
  ["dora opens high; olga approves; rita approves; evals run", "waiting", "evals"],
  ["dora opens high; olga approves; rita approves; evals fail", "blocked", "evals"],
  ["dora opens high; olga approves; rita approves; evals cancelled", "blocked", "evals"],
  ["dora opens high; olga approves; rita approves; evals skipped", "blocked", "evals"],
  ["dora opens high; olga approves; rita approves; evals neutral", "blocked", "evals"],
  ["dora opens high; evals fail; evals pass; olga approves; rita approves", "approved"],
  ["dora opens high; evals pass; evals run; olga approves; rita approves", "waiting", "evals"],
]);

situations("critical: the owner, a risk owner, security, three people", [
  [CRITICAL, "waiting", "@otto", "@rita or @rob", "@sam"],
  [`${CRITICAL}; otto approves; rita approves; sam approves`, "approved"],
  [`${CRITICAL}; otto approves; rita approves`, "waiting", "@sam"],
  [`${CRITICAL}; otto approves; sam approves`, "waiting", "@rita or @rob"],
  [`${CRITICAL}; rita approves; sam approves`, "waiting", "@otto"],
  [`${CRITICAL}; olga approves; rita approves; sam approves`, "waiting", "@otto"],
  [`${CRITICAL}; otto approves; rita approves; rob approves; sam approves`, "approved"],
]);

situations("several systems", [
  ["dora opens low medium", "waiting", "@olga"],
  ["dora opens low medium; olga approves; anna approves", "approved"],
  ["dora opens low high; evals pass; olga approves; rita approves", "approved"],
  ["dora opens high critical; evals pass; otto approves; rita approves; sam approves", "waiting", "@olga"],
  ["dora opens high critical; evals pass; otto approves; rita approves; sam approves; olga approves", "approved"],
  ["dora opens low; anna approves; dora pushes high; evals pass", "waiting", "@olga", "@rita or @rob"],
  [
    "dora opens low high; evals pass; olga approves; rita approves; dora pushes original-high; evals pass",
    "waiting",
    "@anna or @ben",
  ],
]);

situations("P21 S10 disapproval and dismissal", [
  [`${HIGH}; olga approves; rita approves; rita objects`, "waiting", "@rita"],
  [`${HIGH}; olga approves; rita approves; rob objects`, "waiting", "@rob"],
  [`${HIGH}; rob objects; olga approves; rita approves`, "waiting", "@rob"],
  [`${HIGH}; rob objects; olga approves; rita approves; rob approves`, "approved"],
  [`${HIGH}; rob objects; rob dismissed; olga approves; rita approves`, "approved"],
  [`${HIGH}; olga objects; olga approves; rita approves`, "approved"],
  [`${HIGH}; olga approves; olga objects; rita approves`, "waiting", "@olga"],
  [`${HIGH}; olga approves; rita approves; olga dismissed`, "waiting", "@olga"],
  [`${HIGH}; olga approves; rita approves; olga dismissed; olga approves`, "approved"],
  [`${HIGH}; olga approves; rita approves; olga comments`, "approved"],
  [`${HIGH}; olga approves; rita approves; rita objects; rita comments`, "waiting", "@rita"],
  [`${HIGH}; olga approves; rita approves; anna objects`, "approved"],
  [`${HIGH}; olga approves; rita approves; eve objects`, "approved"],
  [`${HIGH}; olga approves; rita approves; sam objects`, "approved"],
  [`${CRITICAL}; otto approves; rita approves; sam approves; sam objects`, "waiting", "@sam"],
  [
    `${HIGH}; olga approves; rita approves; rob objects; dora pushes high; evals pass; olga approves; rita approves`,
    "waiting",
    "@rob",
  ],
  ["dora opens low; anna approves; ben objects", "waiting", "@ben"],
  ["dora opens low; anna objects; ben approves; anna dismissed", "approved"],
  ["dora opens low; anna approves; anna dismissed; ben approves", "approved"],
]);

situations("P26 authors, pushers, committers, co-authors", [
  ["anna opens low", "waiting", "@ben"],
  ["anna opens low; ben approves", "approved"],
  ["dora opens low; anna pushes low; anna approves", "waiting", "@ben"],
  ["dora opens low; anna pushes low; ben approves", "approved"],
  ["dora opens low; anna pushes document; anna approves", "approved"],
  ["dora opens low; dora pushes-for anna low; anna approves", "waiting", "@ben"],
  ["dora opens low; dora pushes-for anna document; anna approves", "approved"],
  ["dora opens low; dora pushes-with anna low; anna approves", "waiting", "@ben"],
  ["dora opens low; dora pushes-with anna document; anna approves", "approved"],
  ["dora opens low; dora pushes-for somebody@example.com low; anna approves", "approved"],
  ["dora opens low; anna pushes-for somebody@example.com low; anna approves", "waiting", "@ben"],
  ["dora opens low; anna pushes-for dora low; anna approves", "waiting", "@ben"],
  ["dora opens low; anna pushes low; ben pushes low", "blocked", "AI reviewer"],
  ["dora opens low; anna pushes low; dora rewinds; anna approves", "approved"],
  ["dora opens low; anna pushes low; dora pushes low; anna approves", "waiting", "@ben"],
  ["dora opens low; anna merges-base; anna approves", "approved"],
  ["dora opens low; main gets document; anna merges-base; anna approves", "approved"],
  ["dora opens low; main gets document; anna merges-base-and-edits low; anna approves", "waiting", "@ben"],
  ["dora opens low; main gets document; anna merges-base-and-edits code-low; anna approves", "approved"],
  ["dora opens low; main gets document; anna rebases; anna approves", "waiting", "@ben"],
  ["olga opens medium; anna approves; rita approves", "waiting", "@ben"],
  ["olga opens medium; anna approves; ben approves", "approved"],
  ["olga opens high; evals pass; rita approves", "waiting", "one more person"],
  ["olga opens high; evals pass; rita approves; rob approves", "approved"],
  ["rita opens high; evals pass; olga approves; rob approves", "approved"],
  ["rita opens high; evals pass; olga approves", "waiting", "@rob"],
  ["dora opens high; olga pushes high; evals pass; rita approves; rob approves", "approved"],
  ["dora opens high; dora pushes-for olga high; evals pass; rita approves; rob approves", "waiting", "system owner"],
  ["dora opens low; dora pushes-for anna low; anna approves; anna says not-mine HEAD", "approved"],
  ["dora opens low; dora pushes-for anna low; ben says not-mine HEAD; anna approves", "waiting"],
  ["dora opens low; anna pushes low; anna approves; anna says not-mine HEAD", "waiting", "@ben"],
]);

situations(
  "P26 S12 agents and bots",
  [
    ["robot opens low; anna approves", "waiting"],
    ["robot opens low; anna approves; ben approves", "approved"],
    ["robot opens low; anna is-assigned; ben approves", "approved"],
    ["robot opens low; anna is-assigned; anna approves; ben approves", "approved"],
    ["robot opens low; anna is-assigned; anna approves", "waiting"],
    ["robot opens low; robot pushes-with anna document; anna approves", "waiting"],
    ["dora opens low; robot approves", "waiting", "@anna or @ben"],
    ["dora opens low; ghost approves", "waiting", "@anna or @ben"],
    ["dora opens low; robot joins; robot approves", "waiting"],
    ["dora opens high; evals pass; olga approves; rita approves; robot objects", "approved"],
    ["dora opens low; robot pushes low; anna approves", "approved"],
  ],
  {},
  { robot: "Bot" },
);

situations("S05 pushes after approval, low and medium: the governed content", [
  ["dora opens low; anna approves; dora pushes low", "waiting", "@anna or @ben"],
  ["dora opens low; anna approves; dora pushes low; anna approves", "approved"],
  ["dora opens low; anna approves; dora pushes low; ben approves", "approved"],
  ["dora opens low; anna approves; dora pushes document", "approved"],
  ["dora opens low; anna approves; dora pushes code-low", "approved"],
  ["dora opens low; anna approves; dora pushes low; dora rewinds", "approved"],
  ["dora opens low; anna approves; main gets document; dora merges-base", "approved"],
  ["dora opens low; anna approves; main gets document; dora rebases", "approved"],
  ["dora opens low; anna approves; main gets document; dora merges-base-and-edits low", "waiting"],
  ["dora opens medium; olga approves; anna approves; dora pushes medium", "waiting", "@olga"],
  ["dora opens medium; olga approves; anna approves; dora pushes medium; olga approves", "waiting", "@anna or @ben"],
  ["dora opens medium; olga approves; dora pushes document; anna approves", "approved"],
]);

situations("S05 pushes after approval, high: the files of the touched systems", [
  [`${HIGH}; olga approves; rita approves; dora pushes high; evals pass`, "waiting", "@olga", "@rita or @rob"],
  [`${HIGH}; olga approves; rita approves; dora pushes code-high; evals pass`, "waiting", "@olga", "@rita or @rob"],
  [`${HIGH}; olga approves; rita approves; dora pushes code-low; evals pass`, "approved"],
  [`${HIGH}; olga approves; rita approves; dora pushes document; evals pass`, "approved"],
  [`${HIGH}; olga approves; rita approves; dora pushes document`, "waiting", "evals"],
  [`${HIGH}; olga approves; rita approves; main gets document; dora merges-base; evals pass`, "approved"],
  [`${HIGH}; olga approves; rita approves; main gets document; dora rebases; evals pass`, "approved"],
  [`${HIGH}; olga approves; rita approves; dora pushes high; dora rewinds`, "approved"],
  [`${HIGH}; olga approves; rita approves; dora pushes low; evals pass`, "waiting"],
]);

situations("S05 pushes after approval, critical: all of the change", [
  [`${CRITICAL}; otto approves; rita approves; sam approves; dora pushes document; evals pass`, "waiting", "@otto"],
  [`${CRITICAL}; otto approves; rita approves; sam approves; dora pushes code-low; evals pass`, "waiting", "@otto"],
  [
    `${CRITICAL}; otto approves; rita approves; sam approves; main gets document; dora merges-base; evals pass`,
    "approved",
  ],
  [`${CRITICAL}; otto approves; rita approves; sam approves; main gets document; dora rebases; evals pass`, "approved"],
  [`${CRITICAL}; otto approves; rita approves; sam approves; dora pushes document; dora rewinds`, "approved"],
]);

situations("S07 the base moves", [
  ["dora opens low; anna approves; main gets low", "waiting", "update"],
  ["dora opens low; anna approves; main gets code-low", "approved"],
  ["dora opens low; anna approves; main gets document", "approved"],
  ["dora opens low; anna approves; main gets high", "approved"],
  ["dora opens low; main gets low; dora merges-base; anna approves", "approved"],
  ["dora opens low; anna approves; main gets low; dora merges-base", "waiting", "@anna or @ben"],
  ["dora opens low high; evals pass; olga approves; rita approves; main gets high", "waiting", "update"],
]);

situations("S06 P10 P30 retargeted, closed, reopened", [
  ["dora opens low; anna approves; retargeted to release/1; retargeted to main", "waiting", "@anna or @ben"],
  ["dora opens low; anna approves; retargeted to release/1; retargeted to main; anna approves", "approved"],
  ["dora opens low; retargeted to dev; retargeted to main; anna approves", "approved"],
  ["dora opens low; anna approves; retargeted to dev; retargeted to main", "waiting", "@anna or @ben"],
  ["dora opens low; anna approves; closed; reopened", "approved"],
  ["dora opens low; closed; reopened; anna approves", "approved"],
  ["dora opens low; anna approves; closed; dora pushes low; reopened", "waiting"],
]);

situations("S02 one head in several pull requests", [
  ["dora opens low; eve opens-the-same-head; anna approves", "approved"],
  ["dora opens low; eve opens-the-same-head; #2 anna approves", "approved"],
  ["dora opens low; anna opens-the-same-head; #1 anna approves", "waiting", "@ben"],
  ["dora opens low; anna opens-the-same-head; #1 ben approves", "approved"],
  ["dora opens low; anna approves; anna opens-the-same-head", "waiting", "@ben"],
  ["dora opens low; anna opens-the-same-head; #2 closed; #1 anna approves", "approved"],
  ["dora opens medium; eve opens-the-same-head; #1 olga approves; #2 anna approves", "approved"],
]);

situations("P24 P25 teams and access", [
  ["dora opens low; anna approves; anna leaves", "waiting", "@ben"],
  ["dora opens low; anna leaves; anna approves", "waiting", "@ben"],
  ["dora opens low; eve approves; eve joins", "approved"],
  ["dora opens low; anna leaves; ben leaves", "blocked", "AI reviewer"],
  ["dora opens low; anna leaves; ben leaves; eve joins; eve approves", "approved"],
  ["dora opens low; anna has read; anna approves", "approved"],
  [`${HIGH}; olga approves; rita approves; rita has read; rob approves`, "approved"],
  [`${HIGH}; olga approves; rita approves; rita has read`, "waiting", "@rob"],
  [`${HIGH}; olga approves; rita approves; rita has read; rita has write`, "approved"],
  ["dora opens low; stranger approves", "waiting"],
]);

situations("S18 time", [
  ["dora opens low; anna approves; 13 days; dora pushes document", "approved"],
  ["dora opens low; anna approves; 15 days", "waiting", "@anna or @ben"],
  ["dora opens low; anna approves; 15 days; anna approves", "approved"],
  [`${HIGH}; olga approves; 10 days; rita approves`, "approved"],
  [`${HIGH}; olga approves; 10 days; rita approves; 10 days`, "waiting", "@olga"],
]);

situations("S13 P27 approvals and withdrawals by command", [
  ["dora opens low; anna says approve HEAD", "approved"],
  ["dora opens low; anna says approve HEAD16", "approved"],
  ["dora opens low; anna says approve HEAD8", "waiting"],
  ["dora opens low; anna says approve", "waiting"],
  ["dora opens low; dora pushes low; anna says approve FIRST", "waiting"],
  ["dora opens low; dora pushes document; anna says approve FIRST", "approved"],
  ["dora opens low; olga says approve HEAD", "waiting"],
  ["dora opens low; dora says approve HEAD", "waiting"],
  ["anna opens low; anna says approve HEAD", "waiting", "@ben"],
  ["dora opens low; anna says approve HEAD; anna says withdraw", "waiting"],
  ["dora opens low; anna approves; anna says withdraw", "waiting"],
  ["dora opens low; anna approves; ben says withdraw", "approved"],
  ["dora opens low; anna approves; anna says withdraw; anna approves", "approved"],
  ["dora opens low; anna objects; anna says approve HEAD", "approved"],
  ["dora opens low; anna objects; anna says withdraw; ben approves", "waiting", "@anna"],
  ["dora opens low; anna says approve HEAD; dora pushes low", "waiting"],
  ["dora opens low; anna says approve HEAD; retargeted to dev; retargeted to main", "waiting"],
]);

situations(
  "policies: self-approval where it is recorded",
  [
    ["anna opens low; anna says approve HEAD", "approved"],
    ["anna opens low; anna comments", "waiting"],
    ["dora opens low; dora says approve HEAD", "waiting"],
    ["olga opens medium; olga says approve HEAD; anna approves", "approved"],
    ["rita opens high; evals pass; olga approves; rita says approve HEAD", "waiting", "@rob"],
  ],
  { more: "selfApproval: recorded\n" },
);

situations(
  "policies: delegations and deputies",
  [
    [`${HIGH}; eve approves; rita approves`, "approved"],
    [`${HIGH}; eve approves; rob approves`, "approved"],
    ["eve opens high; evals pass; olga approves; rita approves", "approved"],
    ["dora opens medium; ben approves; anna approves", "waiting", "@olga"],
    ["olga opens medium; ben approves; anna approves", "waiting", "@eve"],
    ["olga opens medium; eve approves; anna approves", "approved"],
    ["dora opens low; eve approves", "waiting"],
  ],
  { more: 'delegations: [{ from: "@olga", to: "@eve", roles: [system-owner], until: 2027-12-31 }]\n' },
);

situations("policies: a delegation that has ended", [[`${HIGH}; eve approves; rita approves`, "waiting", "@olga"]], {
  more: 'delegations: [{ from: "@olga", to: "@eve", roles: [system-owner], until: 2026-01-31 }]\n',
});

situations(
  "policies: more people",
  [
    [`${HIGH}; olga approves; rita approves`, "waiting", "one more person"],
    [`${HIGH}; olga approves; rita approves; rob approves`, "approved"],
    [`${HIGH}; olga approves; rita approves; anna approves`, "approved"],
    [`${HIGH}; olga approves; rita approves; eve approves`, "waiting", "one more person"],
  ],
  { distinctAtHigh: 3 },
);

situations(
  "policies: break-glass, which no ledger can hold yet",
  [
    [`${HIGH}; eve says break-glass HEAD production is down`, "waiting"],
    [`${HIGH}; eve says break-glass HEAD`, "waiting"],
    [`${HIGH}; rita says break-glass HEAD production is down`, "waiting"],
    [`${HIGH}; eve says break-glass HEAD production is down; dora pushes high`, "waiting"],
    [`${HIGH}; eve says break-glass HEAD production is down; 1 days`, "waiting"],
  ],
  { more: 'breakGlass: { by: ["@eve", "@sam"] }\n' },
);

situations(
  "policies: nothing is enforced",
  [
    ["dora opens low", "approved", "Observing"],
    [`${CRITICAL}; otto objects`, "approved", "Observing"],
    ["dora opens high; evals fail", "approved", "Observing"],
  ],
  { enforced: false },
);
