import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";
import { bytesOf } from "../../src/reports/fitted.ts";
import { markdownReport } from "../../src/reports/markdown.ts";
import { codeSpan, sentence } from "../../src/reports/markdown-text.ts";
import type { PullRequestView } from "../../src/reports/pull-request-view.ts";
import { decideSituation } from "../core/situation.ts";
import { harm, hostile } from "./hostile-text.ts";
import { EXAMPLES, viewOf } from "./views.ts";

function harmOf({ checkRun, comment }: PullRequestView): readonly string[] {
  const body = comment === null ? "" : comment.slice(COMMENT_MARKER.length);
  const title = `${checkRun.title}${checkRun.annotations.map((note) => note.title + note.message.replaceAll("\n", "")).join("")}`;
  return [
    ...harm(checkRun.summary),
    ...harm(checkRun.text),
    ...harm(body),
    ...(/[\0-\x1f\u202e]/.test(title) || !title.isWellFormed() ? ["title"] : []),
    ...(comment !== null && !comment.startsWith(`${COMMENT_MARKER}\n`) ? ["marker"] : []),
    ...(bytesOf(checkRun.summary) > 65_535 || bytesOf(checkRun.text) > 65_535 || bytesOf(comment ?? "") > 65_000
      ? ["long"]
      : []),
  ];
}

describe("P39 text of others", () => {
  it("notifies nobody, renders nothing and hides nothing, wherever it comes from", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 12, maxLength: 12 }), fc.boolean(), (texts, enforced) => {
        const [path, from, old, value, login, name, contact, fault, note, system, owner, key] = texts as string[];
        const { situation } = EXAMPLES.waiting;
        const view = viewOf({
          situation: {
            ...situation,
            changes: [
              {
                path: `services/support/${path}`,
                from: `services/support/${from}`,
                old: old ?? "",
                value: `${value}x`,
              },
              { path: `services/support/b${path}`, class: "credential", secret: "likely" },
              { path: `other/${from}`, class: "prompt", old: null, value: `${old}y` },
            ],
            systems: (situation.systems ?? []).map((one) => ({ ...one, id: `a${system}`, owner: `@${owner}` })),
            policy: {
              ...situation.policy,
              mode: enforced ? "enforce" : "observe",
              contact: `@${contact}`,
              checks: { x: { name: `n${name}`, app: `p${key}`, from: "low" } },
            },
            faults: [{ rule: "governance/policy", reason: `r${fault}` }],
            reviews: [
              { person: { login: `l${login}`, type: "User" } },
              { person: { login: `o${owner}`, type: "User" } },
            ],
          },
          context: {
            notes: [note ?? ""],
            invalidated: [{ person: login ?? "", commit: null, path: path ?? null }],
          },
        });
        expect(harmOf(view)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it("does none of that in the Markdown of the command line", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (path, value, note) => {
        const evaluation = decideSituation({ changes: [{ path: `bot/${path}`, value: `${value}x`, old: note }] });
        expect(harm(markdownReport(evaluation, [note], [`model/id: ${value}`]))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("stays what it is in a code span, and cannot leave it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = marked.parseInline(`x ${codeSpan(text, 10_000)} y`, { async: false });
        expect(html.replace(/<code>[^<]*<\/code>/, "code")).toMatch(/^x (?:code )?y$|^x {2}y$/);
      }),
      { numRuns: 500 },
    );
  });

  it("reads in a sentence as it was written, but for what is hidden", () => {
    expect(sentence("ask @octocat or @acme/ml, see #12 at https://x.example; a@b.example says *no*")).toBe(
      "ask `@octocat` or `@acme/ml`, see \\#\u206012 at https:\u2060//x.example; a@\u2060b.example says \\*no\\*",
    );
    expect(sentence("a risk-owner comments /countersign accept-risk abc <reason>; then waits")).toBe(
      "a risk-owner comments `/countersign accept-risk abc <reason>`; then waits",
    );
    expect(sentence("1. - x")).toBe("1\\. - x");
    expect(sentence("$x$ is no formula")).toBe("\\$x\\$ is no formula");
  });
});
