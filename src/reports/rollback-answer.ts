import type { TrialConflict } from "../core/facts.ts";
import type { RollbackPlan } from "../core/rollback-plan.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { plain } from "./plain.ts";
import { conflictText, rollbackSteps } from "./rollback-text.ts";
import { items } from "./summary.ts";

/** What came of `/countersign rollback` or `/countersign rehearse`. */
export type RollbackAnswer =
  | { readonly kind: "refused"; readonly login: string; readonly why: string }
  | { readonly kind: "under-way"; readonly person: string; readonly revert: number }
  | {
      readonly kind: "started";
      readonly login: string;
      readonly pull: number;
      readonly branch: string;
      /** The pull request that was opened; null where people open it. */
      readonly revert: number | null;
      /** Why the hosting service would not open it; null where it was not asked, or did. */
      readonly refused: string | null;
      readonly conflicts: readonly TrialConflict[];
      readonly plans: readonly RollbackPlan[];
    }
  | {
      readonly kind: "rehearsed";
      readonly login: string;
      readonly system: string;
      readonly strategy: string;
      readonly succeeded: boolean;
      readonly detail: string;
      readonly record: string;
      readonly sequence: number;
    };

/** The page of a repository, for links. */
export interface RollbackPage {
  /** `https://github.com/acme/agent`. */
  readonly url: string;
  /** How old a merge may be that is taken back with one approval, in milliseconds. */
  readonly quickWithin: number;
}

/** An answer as a comment. */
export function rollbackAnswerText(answer: RollbackAnswer, page: RollbackPage): string {
  switch (answer.kind) {
    case "refused":
      return `${codeSpan(`@${answer.login}`)}: not done, ${sentence(answer.why, 600)}.`;
    case "under-way":
      return `It is being taken back already: #${answer.revert}, as ${codeSpan(`@${answer.person}`)} asked. It needs an approval, and then the merge.`;
    case "started":
      return startedText(answer, page).join("\n");
    case "rehearsed": {
      const mark = answer.succeeded ? "✅" : "❌";
      const what = `The way back of ${codeSpan(answer.system)} (${sentence(answer.strategy)}) was rehearsed`;
      const result = answer.succeeded ? "" : " and **does not work**";
      return `${mark} ${what}${result}, for ${codeSpan(`@${answer.login}`)}. ${sentence(answer.detail, 2_000)}\n\nRecord ${codeSpan(answer.record, 400)}, number ${answer.sequence} in the ledger.`;
    }
  }
}

function startedText(
  { login, pull, branch, revert, refused, conflicts, plans }: Extract<RollbackAnswer, { kind: "started" }>,
  { url, quickWithin }: RollbackPage,
): readonly string[] {
  const whose = `${codeSpan(`@${login}`)} has #${pull} taken back. The clock runs until everything stands as it stood before.`;
  const quick = `If it brings back exactly what stood before and #${pull} is not older than ${duration(quickWithin / 1000)}, one eligible person's approval is enough.`;
  const other = plans.filter(({ kind, strategy }) => kind === "credential" || NO_REVERT.has(strategy));
  const more =
    other.length === 0
      ? []
      : [
          "",
          "**A revert does not do all of it:**",
          "",
          ...items(
            other.map(
              (plan) =>
                `${plan.system === null ? "Outside of any system" : codeSpan(plan.system)}, ${plan.kind}: ${rollbackSteps(
                  plan,
                )
                  .map((step) => sentence(step))
                  .join(", ")}`,
            ),
            10,
          ),
        ];
  if (revert !== null) return [`↩️ ${whose} #${revert} takes it back: approve and merge that. ${quick}`, ...more];
  if (conflicts.length > 0)
    return [
      `↩️ ${whose} It does not go by itself: what came since on ${codeSpan(branch)} touches the same.`,
      "",
      ...items(
        conflicts.map((one) => sentence(conflictText(one))),
        20,
      ),
      "",
      `Make a branch of ${codeSpan(branch)}, \`git revert\` what #${pull} brought there, settle these files and open a pull request. ${quick}`,
      ...more,
    ];
  const why = refused === null ? "" : ` (GitHub would not open it for the App: ${sentence(refused, 300)})`;
  return [
    `↩️ ${whose} Press **Revert** at the end of [this pull request](${url}/pull/${pull}) to open the one that takes it back${why}. ${quick}`,
    ...more,
  ];
}

const NO_REVERT: ReadonlySet<string> = new Set(["flag-off", "disable-agent", "irreversible", "credential-rotate"]);

/** The title of the pull request that takes another one back. */
export function revertTitle({ number, title }: { readonly number: number; readonly title: string }): string {
  return plain(`Take back #${number}: ${title}`, 200);
}

/** Its text. */
export function revertBody({ number }: { readonly number: number }, login: string, reason: string): string {
  return [
    `This takes back #${number}, as ${codeSpan(`@${login}`)} asked there: ${sentence(reason, 1_000)}`,
    "",
    `Nobody who stands behind it approves it: neither ${codeSpan(`@${login}`)} nor whoever pushes here.`,
  ].join("\n");
}

/** Said on the pull request that was taken back, once it is. */
export function rolledBackText({ rollback, record }: EvidenceRecord): string {
  const by = rollback?.pullRequest ? ` by #${rollback.pullRequest}` : "";
  const time = rollback?.seconds === null || rollback === undefined ? "" : ` after ${duration(rollback.seconds)}`;
  return `↩️ This was taken back${by}${time}. ${sentence(rollback?.detail ?? "", 600)}\n\nRecord ${codeSpan(record.id, 400)}, number ${record.sequence} in the ledger.`;
}

/** A span of time as people say it: `2 d 3 h`, `14 min 5 s`. */
export function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), seconds < 172_800 ? "day" : "days"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  return shown.length === 0 ? "0 s" : shown.map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}
