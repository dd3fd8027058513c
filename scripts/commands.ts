/** Writes docs/commands.md from the table of commands and the buttons; with --check only compares, and exits 1 when it is out of date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../src/enforcement/commands/command-table.ts";
import { EXPLAIN, RE_EVALUATE, REQUEST_REVIEWERS } from "../src/reports/check-run.ts";
import { commandTable } from "../src/reports/explanation.ts";

const page = new URL("../docs/commands.md", import.meta.url);

/** The command that each button stands for. */
const BUTTONS = [
  [RE_EVALUATE, "recheck"],
  [REQUEST_REVIEWERS, "request-reviewers"],
  [EXPLAIN, "explain"],
] as const;

const text = `# Commands, buttons, review requests

Written by \`npm run commands\` from the table of commands; do not edit.

A command stands at the very start of a comment on an open pull request, on its first line. \`approve\`, \`withdraw\` and \`close\` also
stand where something [is owed after a merge](break-glass.md#what-is-owed-afterwards): on the merged pull request, and in the issue that tells of it.

    /countersign approve 1f0c2d9b7e6a5f4c3d2e1f0a9b8c7d6e5f4a3b2c

${commandTable(COMMANDS).join("\n")}

- **An ordinary approving review is enough.** \`approve\` is for those who want to name the commit, and for authors where the policy
  says \`selfApproval: recorded\`.
- \`<sha>\` is the full id of a commit, or at least 16 digits of what was the head when the comment was written, where no other
  head of the pull request begins so. The check prints the line to copy, and the fingerprints that \`not-a-secret\` takes.
- \`<reason>\` is the rest of the first line; the first 1,000 characters are kept.
- A comment that was edited never counts, and neither does what an App wrote in somebody's name. A command counts while its comment
  stands. \`withdraw\` and what \`not-a-secret\` said stay in force without it.
- Who may give a command is read when it is answered, from the roles and the access of that moment.
- The answer is a reaction: 👀 seen and done, 👍 it counts, 😕 refused. Why it was refused stands in the check and in Countersign's own
  comment. Only \`explain\` and \`help\` are answered by a comment, once. Without the permission \`issues: write\` there are no reactions, and
  everything stands in check and comment. People who take no part in the repository are answered three times on a pull request.
- Where nothing is enforced nobody is written to: the check holds the explanation that was asked for.

## Buttons of the check

| button | does the same as |
|---|---|
${BUTTONS.map(([{ label }, name]) => `| ${label} | \`/countersign ${name}\` |`).join("\n")}

GitHub shows them to everybody who sees the check; they are obeyed for people with write access.

## Who is asked for a review

As soon as an enforced pull request is ready, those who can still approve are requested as reviewers: holders of the roles that are
asked for, delegates, and stand-ins where those are due. A role that a team holds is asked of the team, or of its members where the
repository does not know the team.

- Nobody is asked on a draft, nor while something blocks that no approval clears.
- Nobody is asked twice: not who was asked before, who reviewed, or who took themselves off. By button or command, whose review counts
  no longer is asked again; who took themselves off is not.
- Whoever has no write access is left out and named in the check; so is whom GitHub does not let be asked.
- At most 15 people are asked. A team of more than 10 members is asked by button or command only.
`;

if (process.argv.includes("--check")) {
  if (!existsSync(page) || readFileSync(page, "utf8") !== text) {
    console.error("docs/commands.md is out of date; run: npm run commands");
    process.exitCode = 1;
  }
} else writeFileSync(page, text);
