import fc from "fast-check";
import { marked } from "marked";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";

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
/** What somebody could call a file, a branch, a system or themselves to have it read as something else. */
export const hostile = fc
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
export function harm(markdown: string): readonly string[] {
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
