import { markdownReport } from "../src/reports/markdown.ts";
import { sentence } from "../src/reports/markdown-text.ts";
import type { Checked } from "./check.ts";

/** The job's summary, Markdown: the decision whole, or what is said of a merge group, with how to go on where nothing could be written. */
export function summaryOf({ decided, check, notes, refused }: Checked): string {
  const said =
    decided !== null
      ? markdownReport(decided.evaluation, notes, null, decided.ownRules)
      : check === null
        ? "## ⚪ Nothing to decide\n\nThis event changes nothing that is governed, or its branch is not governed.\n"
        : [
            `## ${sentence(check.title)}`,
            "",
            check.summary,
            "",
            ...notes.map((note) => `> ${sentence(note)}`),
            "",
          ].join("\n");
  if (refused === null) return said;
  return `${said}\n> The token may not report checks here, as on pull requests from forks, so this job's result is the verdict. After a review, run it again with **Re-run jobs**, or start it on \`pull_request_target\` and \`pull_request_review\`.\n`;
}
