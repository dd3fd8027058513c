import { info, setFailed, setOutput, summary } from "@actions/core";
import { codeSpan, sentence } from "../src/reports/markdown-text.ts";
import { plain } from "../src/reports/plain.ts";
import { recordPath } from "../src/stores/branch-record.ts";
import type { ReportedMetric } from "./metric.ts";

/** Tells the runner how a metric stands. On breach the job fails, so that whoever watches it is told; later steps may pause what it is about. */
export async function tellMetric({ metric, owner, entry }: ReportedMetric): Promise<void> {
  const { system, name, value, threshold, breached, onBreach } = metric;
  info(breached ? "Breached." : "Within its threshold.");
  setOutput("passes", String(!breached));
  setOutput("on-breach", breached ? (onBreach ?? "notify") : "");
  setOutput("record-path", entry === null ? "" : recordPath(entry));
  const said = `${name} of ${system} is ${value}, and should be ${threshold}`;
  const lines = [
    `## ${breached ? "❌" : "✅"} ${sentence(said)}`,
    "",
    ...(breached
      ? [
          `${owner === null ? "Nobody is named as its owner" : `${codeSpan(owner)} answers for it`}; on breach: **${onBreach ?? "notify"}**.`,
        ]
      : []),
    entry === null
      ? "Not recorded: no `signing-key` was given."
      : `Recorded as number ${entry.sequence}, root ${codeSpan(entry.root)}.`,
  ];
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(`${lines.join("\n")}\n`).write();
  if (breached) setFailed(plain(said, 300));
}
