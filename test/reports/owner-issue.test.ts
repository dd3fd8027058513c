import { describe, expect, it } from "vitest";
import { brokenGlassText } from "../../src/reports/break-glass.ts";
import { type OwedRow, ownerIssueBody, ownerIssueComment, ownerIssueTitle } from "../../src/reports/owner-issue.ts";

const PLACE = { server: "https://github.com", owner: "acme", name: "agent" };
const AFTER = "b".repeat(40);
const row = (more: Partial<OwedRow> = {}): OwedRow => ({
  ...{ id: "5d0f61c2a3b4e798", kind: "retrospective-approval", cause: "break-glass" },
  ...{ record: `landing/7/main/${AFTER}`, pull: 3, branch: "main", after: AFTER, person: "gus", systems: ["support"] },
  ...{ dueAt: "2026-11-26T12:00:00.000Z", overdue: false, detail: "Customers are harmed.", missing: [] },
  ...more,
});

describe("an owner's issue", () => {
  it("says of each record once what happened, and everything that is owed for it, the approval first", () => {
    const cause = row({ kind: "corrective-action", id: "0123456789abcdef" });
    const body = ownerIssueBody(
      [cause, row({ missing: ["risk-owner for this tier: needs 1 approval of @rita"] })],
      PLACE,
    );
    expect(body.match(/broke the glass/g)).toHaveLength(1);
    expect(body).toContain(`### \`@gus\` broke the glass (#3) on \`main\` ([\`${AFTER.slice(0, 12)}\`]`);
    expect(body).toContain("Customers are harmed.");
    const [approve, missing, close] = body.split("\n").filter((line) => /^ *- /.test(line));
    expect(approve).toContain(`comment \`/countersign approve ${AFTER}\``);
    expect(missing).toBe("  - risk-owner for this tier: needs 1 approval of `@rita`");
    expect(close).toContain("comment `/countersign close 0123456789abcdef cause: … action: …`");
  });

  it("tells what is overdue from what is due, and says when nothing is open", () => {
    expect(ownerIssueBody([row()], PLACE)).toMatch(/⏳ Due 2026.11.26 12:00 UTC/);
    expect(ownerIssueBody([row({ overdue: true })], PLACE)).toMatch(/❌ \*\*Overdue since 2026.11.26 12:00 UTC\*\*/);
    expect(ownerIssueBody([], PLACE)).toContain("Nothing is open");
    expect(ownerIssueTitle("@olga")).toBe("What is owed after changes of AI systems: @olga");
    expect(ownerIssueTitle("")).toBe("What is owed after changes of AI systems");
  });

  it("comments on what is new and what has become overdue, and on nothing else", () => {
    expect(ownerIssueComment([row()], [], PLACE)).toMatch(/^New/);
    expect(ownerIssueComment([row()], [], PLACE)).not.toContain("Overdue");
    expect(ownerIssueComment([], [row()], PLACE)).toMatch(/^\*\*Overdue\*\*: further changes/);
    const many = Array.from({ length: 14 }, () => row());
    expect(ownerIssueComment(many, [], PLACE)).toContain("and 4 more above");
  });

  it("holds as much as an issue may, and says how much more there is", () => {
    const many = Array.from({ length: 3_000 }, (_, at) => row({ record: `landing/7/main/${at}` }));
    const body = ownerIssueBody(many, PLACE);
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toMatch(/and \d+ more, which are shown as these are closed/);
    expect(body).toContain("### What follows");
  });

  it("P39 nothing in it mentions, links or formats, whoever chose the words", () => {
    const hostile = "`@olga` <img src=x> ](http:x) @acme/ml | *x* <!-- y";
    const rows = [
      row({
        detail: hostile,
        branch: hostile,
        person: hostile,
        systems: [hostile],
        record: hostile,
        missing: [hostile],
      }),
    ];
    const glass = { person: hostile, reason: hostile, until: "2026-11-24T16:00:00Z", baseRef: hostile, tier: "high" };
    const texts = [
      ownerIssueBody(rows, PLACE),
      ownerIssueComment(rows, rows, PLACE),
      brokenGlassText({ ...glass, owner: hostile, within: "P2D", systems: [hostile] }),
    ];
    for (const text of texts) {
      const prose = text.replace(/(`+)(?:(?!\1).)*?\1/g, "");
      expect(prose).not.toMatch(/(?<!\\)<(?:img|!--)/);
      expect(prose).not.toMatch(/(?<!\\)\]\(http:x/);
      expect(prose).not.toMatch(/(?<![\\\w])@(?:olga|acme)/);
    }
  });
});

describe("the answer to whoever broke the glass", () => {
  it("says what may merge until when, what is owed within how long, and who sees to it", () => {
    const glass = { person: "gus", reason: "customers are harmed", until: "2026-11-24T16:00:00Z", baseRef: "main" };
    const text = brokenGlassText({ ...glass, tier: "high", owner: "@olga", within: "P1DT12H", systems: ["support"] });
    expect(text).toMatch(/^### The glass is broken until 2026.11.24 16:00 UTC/);
    for (const part of [
      "`@gus`: customers are harmed",
      "`main`",
      "1 day 12 hours",
      "high risk",
      "`@olga`",
      "`support`",
    ])
      expect(text).toContain(part);
    expect(brokenGlassText({ ...glass, tier: "low", owner: "", within: "P2D", systems: [] })).toContain(
      "what it touches",
    );
  });
});
