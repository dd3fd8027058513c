/**
 * Draws what a pull request shows, so that people can look at it: check runs and comments of the examples of the tests.
 *
 *   npm run pictures                 the three of the README, into docs/pictures
 *   npm run pictures -- DIRECTORY    every example, into a directory
 *
 * The Markdown is drawn by `marked` in a style like GitHub's; GitHub's own renderer may differ in details.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";
import { marked } from "marked";
import { chromium as playwright } from "playwright-core";
import type { CheckRunView } from "../src/reports/pull-request-view.ts";
import { EXAMPLES, viewOf } from "../test/reports/views.ts";

const README = fileURLToPath(new URL("../docs/pictures", import.meta.url));
/** What the README shows. */
const SHOWN: readonly (readonly [keyof typeof EXAMPLES, "check" | "comment"])[] = [
  ["waiting", "check"],
  ["an invalidated approval", "comment"],
  ["approved", "check"],
];

const STYLE = `
  body { margin: 0; padding: 24px; width: 912px; box-sizing: border-box; background: #fff; color: #1f2328;
    font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "Open Sans", Helvetica, Arial, sans-serif, "Noto Color Emoji"; }
  .box { border: 1px solid #d1d9e0; border-radius: 6px; }
  .head { padding: 12px 16px; border-bottom: 1px solid #d1d9e0; background: #f6f8fa; border-radius: 6px 6px 0 0; }
  .row { display: flex; gap: 8px; align-items: center; padding: 8px 16px; }
  .row .name { font-weight: 600; } .row .title { color: #59636e; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .row .required { margin-left: auto; border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 7px; font-size: 12px; color: #59636e; }
  .dot { width: 16px; height: 16px; border-radius: 50%; color: #fff; font: 700 11px/16px sans-serif; text-align: center; flex: none; }
  .success { background: #1a7f37; } .failure { background: #cf222e; } .action_required { background: #9a6700; } .null { background: #bf8700; }
  .body { padding: 16px; } h1.run { font-size: 20px; margin: 0 0 4px; } .button { float: right; border: 1px solid #d1d9e0; border-radius: 6px; padding: 3px 12px; font-size: 12px; font-weight: 600; background: #f6f8fa; }
  h2, h3 { font-size: 17px; line-height: 1.25; margin: 20px 0 10px; } p, ul, table { margin: 0 0 12px; } ul { padding-left: 1.6em; } li + li { margin-top: 3px; }
  code { background: rgba(129,139,152,.12); border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", "Open Sans", monospace; overflow-wrap: anywhere; }
  a { color: #0969da; text-decoration: none; } table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
  tr:nth-child(2n) { background: #f6f8fa; } .annotation { border: 1px solid #d1d9e0; border-left: 4px solid #9a6700; border-radius: 6px; padding: 8px 12px; margin-bottom: 8px; white-space: pre-wrap; }
  .annotation.failure { border-left-color: #cf222e; background: none; } .annotation.notice { border-left-color: #59636e; } .annotation b { display: block; }
  hr { border: 0; border-top: 1px solid #d1d9e0; margin: 20px 0; }
`;
const SIGN = { success: "✓", failure: "✕", action_required: "!" } as const;

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The row of the merge box, then the page of the check. */
function checkPage(run: CheckRunView): string {
  const sign = run.conclusion === null ? "…" : SIGN[run.conclusion];
  const dot = `<span class="dot ${run.conclusion}">${sign}</span>`;
  const notes = run.annotations
    .slice(0, 3)
    .map(
      ({ path, startLine, level, title, message }) =>
        `<div class="annotation ${level}"><b>${escaped(title)}</b><code>${escaped(`${path}:${startLine}`)}</code>\n${escaped(message)}</div>`,
    );
  const buttons = run.actions.map(({ label }) => `<span class="button">${escaped(label)}</span>`).join("");
  return `<div class="box"><div class="row">${dot}<span class="name">${escaped(run.name)}</span><span class="title">— ${escaped(run.title)}</span><span class="required">Required</span></div></div>
    <br><div class="box"><div class="body">${buttons}<h1 class="run">${escaped(run.title)}</h1>${marked.parse(run.summary, { async: false })}
    ${run.text === "" ? "" : `<hr>${marked.parse(run.text, { async: false })}`}${notes.length > 0 ? `<hr><h3>Annotations</h3>${notes.join("")}` : ""}</div></div>`;
}

function commentPage(body: string): string {
  return `<div class="box"><div class="head"><b>countersign</b> <span style="color:#59636e">bot commented</span></div><div class="body">${marked.parse(body, { async: false })}</div></div>`;
}

const directory = process.argv[2];
const target = directory ?? README;
mkdirSync(target, { recursive: true });
const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: chromium.args });
const page = await browser.newPage({ viewport: { width: 960, height: 400 }, deviceScaleFactor: 1.5 });
for (const [name, example] of Object.entries(EXAMPLES)) {
  const view = viewOf(example);
  const pages = {
    check: checkPage(view.checkRun),
    ...(view.comment === null ? {} : { comment: commentPage(view.comment) }),
  };
  for (const [kind, html] of Object.entries(pages)) {
    if (directory === undefined && !SHOWN.some(([shown, of]) => shown === name && of === kind)) continue;
    await page.setContent(`<meta charset="utf-8"><style>${STYLE}</style>${html}`);
    const file = join(target, `${name.replaceAll(" ", "-")}-${kind}.png`);
    await page.screenshot({ path: file, fullPage: true });
    console.log(file);
  }
}
await browser.close();
