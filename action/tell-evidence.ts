import { info, setFailed, setOutput, summary } from "@actions/core";
import type { LedgerEntry } from "../src/evidence/ledger.ts";
import { type Audit, auditReport, isClean } from "../src/reports/audit.ts";
import { codeSpan } from "../src/reports/markdown-text.ts";
import { plain } from "../src/reports/plain.ts";
import { type VerificationJson, verificationReport } from "../src/reports/verification.ts";
import { recordPath } from "../src/stores/branch-record.ts";

/** Tells the runner what was recorded. */
export async function tellRecords(entries: readonly LedgerEntry[]): Promise<void> {
  const records = entries.map((entry) => ({
    ...{ id: entry.id, sequence: entry.sequence, root: entry.root },
    path: recordPath(entry),
  }));
  info(`Records added: ${records.length}.`);
  setOutput("records", JSON.stringify(records));
  setOutput("record-path", records.at(-1)?.path ?? "");
  const lines = records.map(({ id, sequence, root, path }) => {
    return `- record ${sequence}, ${codeSpan(id, 400)}, in ${codeSpan(path)}; root ${codeSpan(root)}`;
  });
  await summarize(lines.length === 0 ? ["Nothing had to be recorded."] : ["Recorded:", "", ...lines]);
}

/** Tells the runner whether the records stand; the job fails where they do not. */
export async function tellVerification(seen: VerificationJson): Promise<void> {
  const { ok, records, problemCount, problems } = seen;
  info(`Records: ${records}. Problems: ${problemCount}.`);
  setOutput("passes", String(ok));
  const report = verificationReport(seen, { color: false, width: null });
  const title = ok ? "## ✅ The records stand" : "## ❌ The records do not stand";
  // What a file says may hold backticks; indented, no text ends the block.
  await summarize([title, "", ...report.split("\n").map((line) => `    ${line}`)]);
  if (!ok) setFailed(plain(problems[0]?.sentence ?? "the records do not stand", 600));
}

/** Tells the runner what an audit found. That something is due is news, no failure of the job. */
export async function tellAudit(found: Audit): Promise<void> {
  info(`Due: ${found.due.length}. Without a record: ${found.unrecorded.length}.`);
  setOutput("passes", String(isClean(found)));
  await summarize([auditReport(found)]);
}

async function summarize(lines: readonly string[]): Promise<void> {
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(`${lines.join("\n")}\n`).write();
}
