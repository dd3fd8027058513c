/**
 * Draws what a pull request shows, so that people can look at it: check runs and comments of the examples of the tests.
 *
 *   npm run pictures                 the two of the README, into docs/pictures
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
import { picturedViews } from "./pictured.ts";

const README = fileURLToPath(new URL("../docs/pictures", import.meta.url));
/** What the README shows, of a pull request that is evaluated for it. */
const SHOWN: readonly string[] = ["waiting-check", "invalidated-comment"];

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
  .sign { display: inline-block; width: 14px; height: 14px; font: 700 11px/14px sans-serif; text-align: center; vertical-align: middle; position: relative; top: -1px; overflow: hidden; color: #fff; }
  hr { border: 0; border-top: 1px solid #d1d9e0; margin: 20px 0; }
`;
const SIGN = { success: "✓", failure: "✕", action_required: "!" } as const;

/** Emoji as this page draws them: the browser that comes from npm has no font for them. */
const SIGNS: Readonly<Record<string, string>> = {
  "✅": '<i class="sign" style="background:#1f883d;border-radius:3px">✓</i>',
  "❌": '<i class="sign" style="color:#cf222e;font-size:15px">✕</i>',
  "🟡": '<i class="sign" style="background:#e3b341;border-radius:50%"></i>',
  "⚪": '<i class="sign" style="background:#d8dee4;border-radius:50%"></i>',
  "➖": '<i class="sign" style="color:#59636e;font-size:15px">–</i>',
  "⚠️": '<i class="sign" style="color:#9a6700;font-size:14px">▲</i>',
  "♻️": '<i class="sign" style="color:#8250df;font-size:15px">↻</i>',
};

function signs(html: string): string {
  return html.replace(/✅|❌|🟡|⚪|➖|⚠️|♻️/gu, (sign) => SIGNS[sign] ?? sign);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The row of the merge box, then the page of the check. */
function checkPage(run: CheckRunView, { enforced, whole }: { enforced: boolean; whole: boolean }): string {
  const sign = run.conclusion === null ? "…" : SIGN[run.conclusion];
  const dot = `<span class="dot ${run.conclusion}">${sign}</span>`;
  const notes = run.annotations
    .slice(0, 3)
    .map(
      ({ path, startLine, level, title, message }) =>
        `<div class="annotation ${level}"><b>${escaped(title)}</b><code>${escaped(`${path}:${startLine}`)}</code>\n${escaped(message)}</div>`,
    );
  const buttons = run.actions.map(({ label }) => `<span class="button">${escaped(label)}</span>`).join("");
  return `<div class="box"><div class="row">${dot}<span class="name">${escaped(run.name)}</span><span class="title">— ${escaped(run.title)}</span>${enforced ? '<span class="required">Required</span>' : ""}</div></div>
    <br><div class="box"><div class="body">${buttons}<h1 class="run">${escaped(run.title)}</h1>${marked.parse(run.summary, { async: false })}
    ${run.text === "" || !whole ? "" : `<hr>${marked.parse(run.text, { async: false })}`}${notes.length > 0 && whole ? `<hr><h3>Annotations</h3>${notes.join("")}` : ""}</div></div>`;
}

function commentPage(body: string): string {
  return `<div class="box"><div class="head"><b>countersign</b> <span style="color:#59636e">bot commented</span></div><div class="body">${marked.parse(body, { async: false })}</div></div>`;
}

const directory = process.argv[2];
const target = directory ?? README;
mkdirSync(target, { recursive: true });
const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: chromium.args });
const page = await browser.newPage({ viewport: { width: 960, height: 400 }, deviceScaleFactor: 1.25 });
const examples = Object.entries(EXAMPLES).map(([name, example]) => [`example ${name}`, viewOf(example)] as const);
const real = Object.entries(await picturedViews());
for (const [name, view] of directory === undefined ? real : [...real, ...examples]) {
  const pages = {
    check: checkPage(view.checkRun, { enforced: view.comment !== null, whole: directory !== undefined }),
    ...(view.comment === null ? {} : { comment: commentPage(view.comment) }),
  };
  for (const [kind, html] of Object.entries(pages)) {
    const file = `${name.replaceAll(" ", "-")}-${kind}`;
    if (directory === undefined && !SHOWN.includes(file)) continue;
    await page.setContent(`<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${signs(html)}`);
    await page.screenshot({ path: join(target, `${file}.png`), fullPage: true });
    console.log(join(target, `${file}.png`));
  }
}
await browser.close();
