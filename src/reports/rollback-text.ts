import type { TrialConflict } from "../core/facts.ts";
import { REVERTING, type RollbackPlan } from "../core/rollback-plan.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { plain } from "./plain.ts";

/** What is to be done to go back, in order. */
export function rollbackSteps({ kind, strategy, revoke, cleanUp, previous, stale }: RollbackPlan): readonly string[] {
  const last = [...(cleanUp ? [CLEAN_UP] : []), "verify"];
  if (kind === "credential")
    return revoke === "first" ? ["revoke", "create", "deploy", ...last] : ["create", "deploy", ...last, "revoke"];
  switch (strategy) {
    case "flag-off":
      return ["switch the flag off", ...last];
    case "disable-agent":
      return [
        "switch the agent off",
        ...(stale !== null && kind === "model" ? ["choose an approved model that is not retired"] : []),
        ...last,
      ];
    case "irreversible":
      return ["there is no way back", ...(cleanUp ? [CLEAN_UP] : [])];
    case "pin-model": {
      const pin = stale === null ? "pin the previous model" : "pin the model that is named here";
      return previous === null
        ? ["revert the commit", ...last]
        : [pin, ...(stale === null ? ["revert the commit"] : []), ...last];
    }
    default:
      return ["revert the commit", ...last];
  }
}

const CLEAN_UP = "rebuild the index, or clear the memory, that was filled since";

const WHY: Readonly<Record<TrialConflict["why"], string>> = {
  content: "the same lines changed since",
  deleted: "it is gone on one side",
  moved: "it was moved",
  mode: "its mode changed on both sides",
  kind: "a file, a link or a folder stands in the way",
  binary: "it is no text",
  "too-large": "it is too large to try",
};

/** What a name may be long: a prompt's old text stands among the findings; a name is what somebody has to type. */
const LONGEST_NAME = 60;
const MOST = 3;

/** How words of others are shown: as Markdown, or on a terminal. */
interface Shown {
  name(text: string): string;
  words(text: string): string;
  strong(text: string): string;
}

const MARKDOWN: Shown = {
  name: (text) => codeSpan(text),
  words: (text) => sentence(text),
  strong: (text) => `**${text}**`,
};
const TERMINAL: Shown = { name: (text) => plain(text), words: (text) => plain(text, 400), strong: (text) => text };

/** The plans as items of Markdown. */
export function rollbackLines(plans: readonly RollbackPlan[]): readonly string[] {
  return linesOf(plans, MARKDOWN);
}

/** The plans as lines without any markup. */
export function plainRollback(plans: readonly RollbackPlan[]): readonly string[] {
  return linesOf(plans, TERMINAL);
}

function linesOf(plans: readonly RollbackPlan[], shown: Shown): readonly string[] {
  const [first] = plans;
  const conflicts = plans.some(({ strategy }) => REVERTING.has(strategy)) ? (first?.revert.conflicts ?? null) : null;
  return [...plans.map((plan) => planLine(plan, shown)), ...(conflicts === null ? [] : [triedLine(conflicts, shown)])];
}

function planLine(plan: RollbackPlan, shown: Shown): string {
  const { owner, backup, runbook, maxTimeToRestore, reason, lastRehearsal, stale } = plan;
  const value = plan.previous?.value ?? "";
  const previous = value !== "" && value.length <= LONGEST_NAME ? ` to ${shown.name(value)}` : "";
  const until = plan.previous?.retires ? `, until ${plan.previous.retires}` : "";
  const not =
    stale === null ? "" : `, not to ${shown.name(stale.value.slice(0, LONGEST_NAME))}, which ${shown.words(stale.why)}`;
  const more = [
    owner === null ? "no owner named" : `owner ${shown.words(owner)}`,
    ...(backup.length === 0 ? [] : [`backup ${shown.words(backup.slice(0, MOST).join(", "))}`]),
    ...(runbook === null ? [] : [`runbook ${shown.name(runbook)}`]),
    ...(maxTimeToRestore === null ? [] : [`within ${shown.name(maxTimeToRestore)}`]),
    ...(lastRehearsal === null ? [] : [`rehearsed ${lastRehearsal.slice(0, 10)}`]),
    ...(reason === null ? [] : [`because ${shown.words(reason)}`]),
    ...said("when", plan.trigger, runbook, shown),
    ...said("verified by", plan.verification, runbook, shown),
  ];
  const where = plan.system === null ? "Outside of any system" : shown.name(plan.system);
  const steps = rollbackSteps(plan).map(shown.words).join(", ");
  return `${where}, ${plan.kind}: ${shown.strong(plan.strategy)}${previous}${until}${not} (${steps}); ${more.join(", ")}`;
}

/** What people wrote; that the runbook says it is told by the runbook's name. */
function said(what: string, texts: readonly string[], runbook: string | null, shown: Shown): readonly string[] {
  const own = texts.filter((text) => runbook === null || !text.includes(runbook));
  return own.length === 0 ? [] : [`${what} ${own.slice(0, MOST).map(shown.words).join(", ")}`];
}

/** Where taking a change back does not go by itself, in words. */
export function conflictText({ path, why }: TrialConflict): string {
  return `${path} (${WHY[why]})`;
}

function triedLine(conflicts: readonly TrialConflict[], shown: Shown): string {
  if (conflicts.length === 0) return "Tried, without writing anything: taking this back goes by itself";
  const named = conflicts.slice(0, MOST).map(({ path, why }) => `${shown.name(path)} (${WHY[why]})`);
  const more = conflicts.length > MOST ? ` and ${conflicts.length - MOST} more` : "";
  return `Tried, without writing anything: taking this back conflicts in ${named.join(", ")}${more}`;
}
