import type { SettingProblem } from "./environment.ts";

/** What an operator reads when the App cannot start: every setting that needs attention, with what to do. */
export function problemText(problems: readonly SettingProblem[]): string {
  const count = problems.length === 1 ? "1 setting needs" : `${problems.length} settings need`;
  const lines = problems.flatMap(({ name, problem, remedy }) => [`  ${name} ${problem}.`, `    ${remedy}`, ""]);
  return [`Countersign cannot start: ${count} attention.`, "", ...lines, `Every setting: ${DEPLOYING}`, ""].join("\n");
}

const DEPLOYING = "docs/deploy.md";

/** What an operator reads who has set nothing yet. */
export const HOW_TO_BEGIN = `Countersign is a GitHub App, and nothing tells it yet which one it is.

  Register it and write its settings, in this folder and a few minutes:

       npm run setup

  Or, with an App that is registered already (${DEPLOYING} says how): set these three, in the environment or in a
  file named .env, and start again with npm start

       APP_ID=123456
       PRIVATE_KEY_PATH=/path/to/the-app.private-key.pem
       WEBHOOK_SECRET=the-same-as-on-the-page

To see what it does without GitHub: npm run demo
`;

/** What an operator reads when the App was told everything and could not start all the same. */
export function failureText(fault: unknown): string {
  const { code, message } =
    fault instanceof Error ? (fault as NodeJS.ErrnoException) : { code: "", message: String(fault) };
  const remedy = REMEDIES[code ?? ""];
  return [`Countersign cannot start: ${message}`, ...(remedy ? [`  ${remedy}`] : []), ""].join("\n");
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: "Another program listens there: stop it, or give another PORT.",
  EADDRNOTAVAIL: "HOST is no address of this machine: 127.0.0.1 and 0.0.0.0 always are.",
  EACCES: "This user may not: give a PORT above 1023, or a DATABASE_PATH that the user may write to.",
  ENOTFOUND: "HOST is no name that this machine knows.",
  ERR_SIGNING_KEY:
    "Put the copy of the signing key back there, or set COUNTERSIGN_SIGNING_KEY_PATH (docs/evidence.md, Keys, says more).",
  ERR_SQLITE_ERROR: "Check DATABASE_PATH: a file on a local disk that no other instance has open.",
};
