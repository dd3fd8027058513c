import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";
import { bytesOf } from "../../src/reports/fitted.ts";
import { markdownReport } from "../../src/reports/markdown.ts";
import { codeSpan, sentence } from "../../src/reports/markdown-text.ts";
import type { PullRequestView } from "../../src/reports/pull-request-view.ts";
import { decideSituation } from "../core/situation.ts";
import { EXAMPLES, viewOf } from "./views.ts";

const PIECES = [
  ...[
    "`",
    "``",
    "```",
    "~~~",
    "|",
    "\\",
    "\\`",
    "**",
    "__",
    "~~",
    "$x$",
    "$$",
    "[x](http://e.example)",
    "![x](//e.example)",
  ],
  ...[
    "@octocat",
    "@acme/security",
    "a@b.example",
    "#12",
    "acme/other#3",
    "GH-4",
    "&#64;octocat",
    "&commat;octocat",
    "&lt;b&gt;",
  ],
  ...[
    "<b>",
    "</code>",
    "<img src=x>",
    "<!-- countersign -->",
    COMMENT_MARKER,
    "<https://e.example>",
    "https://e.example/x",
    "www.e.example",
  ],
  ...[
    "\n",
    "\r\n",
    "\n\n# Approved\n",
    "\u2028",
    "\u202e",
    "\u200b",
    "\u2060",
    "\u0000",
    "\u001b[31m",
    "\ud800",
    "\u{e0041}",
    "\u00ad",
    "\u061c",
  ],
  ...[
    "- ",
    "1. ",
    "> ",
    "# ",
    "    ",
    "\t",
    "---",
    "===",
    ":",
    ";",
    " ",
    "a",
    "é",
    "😀",
    "::error::",
    "/countersign approve 123",
    "%41",
    "%",
  ],
];
const hostile = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

const TAGS = new Set("h2 h3 p ul ol li strong code a table thead tbody tr th td blockquote br hr".split(" "));

/** What is wrong with Markdown as somebody who reads it at GitHub would see it. */
function harm(markdown: string): readonly string[] {
  const found: string[] = [];
  const html = marked.parse(markdown, { async: false });
  for (const [, tag = ""] of html.matchAll(/<\/?([a-z0-9!-]+)/gi))
    if (!TAGS.has(tag.toLowerCase())) found.push(`tag ${tag}`);
  for (const [, href = ""] of html.matchAll(/href="([^"]*)"/g))
    if (!href.startsWith("https://github.com/acme/support/")) found.push(`link ${href}`);
  const text = html
    .replace(/<code>[^<]*<\/code>/g, "code")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&lt;|&gt;|&quot;/g, " ")
    .replaceAll("&amp;", "&");
  if (/@[\w-]/.test(text)) found.push(`mention ${/@[\w-]+/.exec(text)?.[0]}`);
  if (/#\d|\bgh-\d/i.test(text)) found.push("reference");
  if (/:\/\/|\bwww\./i.test(text)) found.push("address");
  if (/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/.test(markdown)) found.push("control");
  if (!markdown.isWellFormed()) found.push("surrogate");
  return found;
}

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
