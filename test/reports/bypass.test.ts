import { describe, expect, it } from "vitest";
import { BYPASS_CHECK, type BypassRow, bypassCheck, trackingBody, trackingComment } from "../../src/reports/bypass.ts";

const PLACE = { server: "https://github.com", owner: "acme", name: "agent" };
const row = (more: Partial<BypassRow> = {}): BypassRow => ({
  ...{ branch: "main", after: "a".repeat(40), cause: "direct-push", actor: "root", pull: null },
  ...{ at: "2026-11-24T12:00:00Z", detail: "Nobody was asked." },
  ...more,
});

describe("what people are told of a bypass", () => {
  it("P20 is one failed check with every way that is known of the commit, and each advice once", () => {
    const check = bypassCheck([row(), row({ cause: "expired", pull: 7 }), row({ cause: "changed" })], PLACE);
    expect(check).toMatchObject({ name: BYPASS_CHECK, conclusion: "failure", status: "completed" });
    expect(check.title).toBe("@root pushed without a pull request");
    expect(check.summary).toContain("merged after the approval had ended (#7)");
    expect(check.summary.match(/Have the people/g)).toHaveLength(2);
  });

  it("P20 names nobody as a mention, and hostile text is inert", () => {
    const hostile = "evil`|](javascript:x)<b>@team\n| a | b |\n### x";
    const rows = [
      row({ actor: hostile, branch: hostile, detail: `${hostile} \`code\` and more`, cause: "forged-check" }),
    ];
    for (const text of [
      trackingBody(rows, [{ what: hostile, fix: hostile, since: row().at }], false, PLACE),
      bypassCheck(rows, PLACE).summary,
      trackingComment(rows, PLACE),
    ]) {
      expect(text).not.toMatch(/^\| a \| b \|/m);
      expect(text).not.toMatch(/^### x/m);
      // In a code span it is text.
      expect(text.replace(/`` .*? ``/g, "")).not.toMatch(/(?<!\\)<b>/);
    }
    const [line = ""] = trackingBody(rows, [], false, PLACE)
      .split("\n")
      .filter((one) => one.startsWith("| 2026"));
    // Four cells, whatever stands in them.
    expect(line.replaceAll("\\|", "").split("|")).toHaveLength(6);
  });

  it("what stands between backticks is code; a backtick without a partner is none", () => {
    const body = (what: string) => trackingBody([], [{ what, fix: null, since: row().at }], false, PLACE);
    expect(body("`countersign` is required on `main`, but from any source")).toContain(
      "❌ `countersign` is required on `main`, but from any source",
    );
    expect(body("a ` alone")).toContain("a \\` alone");
  });

  it("stays within what an issue holds, however much there is, and says that there is more", () => {
    const rows = Array.from({ length: 60 }, (_, at) => row({ pull: at + 1, detail: "x".repeat(3_000) }));
    const body = trackingBody(rows, [], true, PLACE);
    expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(60_000);
    expect(body).toContain("Older ones are kept by the program.");
    expect(trackingComment(rows, PLACE)).toContain("… and 50 more above");
  });
});
