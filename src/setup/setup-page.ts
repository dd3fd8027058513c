import type { AppManifest } from "../doctor/app-manifest.ts";
import type { Choice, Complaint, Typed } from "./registration.ts";

/** One page: its text, and where its form may be sent. */
export interface Page {
  readonly status: number;
  readonly html: string;
  readonly formAction: string;
}

/** The one style sheet; its hash is in the policy of each page, so that nothing else is applied. */
export const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: #f6f8fa; color: #1f2328; }
main { max-width: 640px; margin: 48px auto; padding: 32px; background: #fff; border: 1px solid #d1d9e0; border-radius: 8px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
.step { margin: 0 0 24px; color: #59636e; }
label { display: block; font-weight: 600; margin: 20px 0 4px; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: 8px 12px; border: 1px solid #818b98; border-radius: 6px; background: #fff; color: inherit; }
.hint { margin: 4px 0 0; font-size: 14px; color: #59636e; }
.wrong { margin: 4px 0 0; font-size: 14px; font-weight: 600; color: #b3261e; }
button { font: 600 16px/1 system-ui, sans-serif; margin-top: 28px; padding: 12px 20px; border: 0; border-radius: 6px; background: #1a7f37; color: #fff; cursor: pointer; }
button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid #0969da; outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; } th { width: 190px; } th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-top: 1px solid #d1d9e0; overflow-wrap: anywhere; }
code { font: 14px ui-monospace, monospace; } h2 { font-size: 18px; margin: 28px 0 8px; } a { color: #0969da; }
@media (max-width: 520px) { main { margin: 0; padding: 24px 16px; border: 0; } th, td { display: block; width: auto; } td { border: 0; padding-top: 0; } th { padding-bottom: 0; } }
@media (prefers-color-scheme: dark) {
  body { background: #0d1117; color: #f0f6fc; } main { background: #151b23; border-color: #3d444d; } input { background: #0d1117; border-color: #656c76; }
  .step, .hint { color: #9198a1; } .wrong { color: #ff7b72; } th, td { border-color: #3d444d; } a { color: #4493f8; }
}
`;

function page(status: number, title: string, body: string, formAction: string): Page {
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}: Countersign</title><style>${STYLE}</style></head>`;
  return { status, html: `${head}<body><main>${body}</main></body></html>`, formAction };
}

/** A text of somebody else's inside of HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A sentence with what stands between backticks as code. */
function marked(text: string): string {
  return escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}

/** The first page: who the App is to belong to, and where GitHub reaches it. */
export function formPage(typed: Typed, complaint: Complaint | null): Page {
  const field = (name: keyof Typed, label: string, hint: string, more: string) => {
    const wrong = complaint?.field === name ? complaint.sentence : null;
    const about = `aria-describedby="${name}-hint${wrong === null ? '"' : ` ${name}-wrong" aria-invalid="true"`}`;
    return `<label for="${name}">${label}</label>
<input id="${name}" name="${name}" spellcheck="false" value="${escaped(typed[name])}" ${about} ${more}>
${wrong === null ? "" : `<p class="wrong" role="alert" id="${name}-wrong">${escaped(wrong)}</p>`}<p class="hint" id="${name}-hint">${hint}</p>`;
  };
  const address = `required maxlength="300" inputmode="url" placeholder="https://countersign.example.com/webhook"`;
  return page(
    complaint === null ? 200 : 422,
    "Register the App",
    `<h1>Register Countersign as your GitHub App</h1><p class="step">Step 1 of 2. Nothing is sent to GitHub yet.</p>
<form method="post" autocomplete="off">
${field("organization", "Organisation", "The one that owns the repositories. Empty: your own account.", 'maxlength="39"')}
${field("url", "Webhook address", "Where GitHub reaches this App from outside, over https. It can be changed later on the App's page.", address)}
${field("repository", "First repository (optional)", "When the App is installed on it, the terminal shows whether its gate holds.", 'maxlength="200" placeholder="owner/name"')}
<button type="submit">Continue</button></form>`,
    "'self'",
  );
}

/** The second page: what will be asked of GitHub; its one button goes there. */
export function reviewPage(
  pages: string,
  address: string,
  choice: Choice,
  manifest: AppManifest,
  registration: object,
): Page {
  const rows = Object.entries(manifest.permissions).map(
    ([name, { level, reason }]) =>
      `<tr><th scope="row"><code>${escaped(name)}: ${escaped(level)}</code></th><td>${marked(reason)}.</td></tr>`,
  );
  return page(
    200,
    "Review",
    `<h1>Review, and go to GitHub</h1><p class="step">Step 2 of 2. GitHub shows the same once more before it registers anything.</p>
<table><tr><th scope="row">Belongs to</th><td>${choice.organization === null ? "your own account" : escaped(choice.organization)} at ${escaped(new URL(pages).host)}</td></tr>
<tr><th scope="row">Webhooks go to</th><td><code>${escaped(choice.webhookUrl)}</code></td></tr></table>
<form method="post" action="${escaped(address)}"><input type="hidden" name="manifest" value="${escaped(JSON.stringify(registration))}">
<button type="submit">Register at ${escaped(new URL(pages).host)}</button></form>
<h2>What it may do</h2><table>${rows.join("")}</table>`,
    // Browsers hold where a form is redirected to against this as well: GitHub may send it straight back here.
    `${new URL(pages).origin} 'self'`,
  );
}

/** The last page: done, and how to go on. */
export function donePage(app: { readonly slug: string; readonly installUrl: string }): Page {
  return page(
    200,
    "Done",
    `<h1>${escaped(app.slug)} is registered</h1><p class="step">Its settings are written; nobody but you can read the file.</p>
<p><a href="${escaped(app.installUrl)}">Install it on a repository</a>, then go back to the terminal. This page can be closed.</p>`,
    "'none'",
  );
}

/** Something that cannot be done, in a sentence with what to do. */
export function refusalPage(status: number, sentence: string): Page {
  return page(status, "Not done", `<h1>That did not work</h1><p>${escaped(sentence)}</p>`, "'none'");
}
