import type { Evaluation } from "../core/evaluation.ts";
import type { FindingClass } from "../core/finding.ts";
import { approvalLines } from "./approval-lines.ts";
import { findingTable, governingIn } from "./finding-table.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import { inRow, needsOf } from "./needs.ts";
import { fileUrl, hasPolicy, type ReportContext, type ReportPlace, type Ungranted } from "./report-context.ts";
import { GLASS_MARK, inOrder, MARK, requirementText, todo } from "./requirement-text.ts";
import { rollbackLines } from "./rollback-text.ts";
import { starterPolicyUrl } from "./starter-policy.ts";
import { reasonText } from "./tier-chain.ts";

/** The mark of a decision; of one that does not block, none that warns. */
export function stateMark({ decision }: Evaluation): string {
  if (decision.basis === "observe") return "⚪";
  if (decision.basis === "break-glass") return GLASS_MARK;
  return { "not-governed": "⚪", approved: MARK.met, waiting: MARK.waiting, blocked: MARK.failed }[decision.state];
}

/** A part of a report; lists are cut at `most` items. */
type Part<Context> = (evaluation: Evaluation, context: Context, most: number) => readonly string[];
/** A part of a report about a pull request. */
export type Section = Part<ReportContext>;
/** What the parts that every report has need to know; without a place nothing is linked. */
export type Surroundings = Pick<ReportContext, "invalidated"> & {
  readonly place: ReportPlace | null;
  /** Null where it is not known where they are from. */
  readonly rules: ReportContext["rules"] | null;
};

/** A list of Markdown items that says how many more there are. */
export function items(lines: readonly string[], most: number): readonly string[] {
  const more = lines.length - most;
  return [...lines.slice(0, most), ...(more > 0 ? [`… and ${more} more`] : [])].map((line) => `- ${line}`);
}

function headed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, "", ...lines, ""];
}

/** What the change is and what that means for the merge, in a sentence or two. */
export const verdictSection: Section = (evaluation, context) => {
  const { decision, assessment } = evaluation;
  const enforcing = decision.basis !== "observe";
  const observed = hasPolicy(context.rules) ? OBSERVED[decision.state] : "";
  const broken = decision.basis === "break-glass";
  const merge = broken ? BROKEN : enforcing ? MERGE[decision.state] : observed;
  const lead =
    enforcing || decision.state === "not-governed"
      ? []
      : [
          evaluation.policy.mode === "enforce"
            ? `**This tier is advisory** (the policy enforces from ${evaluation.policy.enforceFrom}), so this check passes.`
            : hasPolicy(context.rules)
              ? "**Nothing is enforced here** (mode observe), so this check passes."
              : "**There is no policy yet**, so this check passes and nothing is enforced.",
        ];
  const until = decision.state === "approved" && decision.validUntil !== null;
  const holds = until
    ? ` This holds until ${instant(decision.validUntil ?? "")}, while nothing it rests on changes.`
    : "";
  if (assessment.tier.value === "none" && decision.state === "not-governed") return [notGoverned(evaluation), ""];
  return [[...lead, `${merge}${holds}`, whatChanged(evaluation)].filter((part) => part !== "").join(" "), ""];
};

const MERGE = {
  "not-governed": "",
  approved: "**Approved:** everything that this change takes is here.",
  waiting: "**Not ready to merge:** something is still missing.",
  blocked: "**Blocked:** approvals alone do not clear this.",
} as const;
const BROKEN =
  "**The glass is broken:** it may merge without what is listed below. Its whole approval is owed afterwards, and a cause with an action.";
const OBSERVED = {
  "not-governed": "",
  approved: "Enforced, it would be approved.",
  waiting: "Enforced, it would be waiting for what is listed below.",
  blocked: "Enforced, it would be blocked.",
} as const;

function notGoverned({ assessment }: Evaluation): string {
  const read = count(assessment.changeSet.changes.length, "changed file");
  const trivial = assessment.findings.length;
  const found =
    trivial === 0 ? "" : ` ${count(trivial, "finding")} of no weight ${trivial === 1 ? "is" : "are"} listed below.`;
  return `Nothing to do: in ${read}, no model, prompt, credential or anything around them changes.${found}`;
}

/** Which kinds of things change, where. */
export function whatChanged({ assessment }: Evaluation): string {
  const { classes, systems, unregistered } = assessment;
  const findings = governingIn(assessment);
  if (findings.length === 0) return "";
  const files = new Set(findings.map(({ path }) => path)).size;
  const named = systems.slice(0, 5).map(({ id }) => codeSpan(id));
  const others = systems.length > 5 ? [`${systems.length - 5} more`] : [];
  const where = [...named, ...others, ...(unregistered && systems.length > 0 ? ["outside of any system"] : [])];
  const place =
    where.length === 0 ? "" : ` in ${systems.length > 1 ? "the systems" : "the system"} ${inRow(where, "and")}`;
  const kinds = inRow(
    classes.map((name) => NOUNS[name]),
    "and",
  );
  return `This change touches ${kinds}${place}: ${count(findings.length, "finding")} in ${count(files, "file")}.`;
}

const NOUNS: Readonly<Record<FindingClass, string>> = {
  model: "a model",
  prompt: "a prompt",
  credential: "a credential",
  tool: "a tool",
  guardrail: "a guardrail",
  provider: "a provider",
  governance: "the rules",
};

/** What somebody has to do, with names; warnings behind it. */
export const toDoSection: Part<Surroundings> = (evaluation, { place, rules }, most) => {
  const { requirements, decision, policy } = evaluation;
  if (place !== null && rules !== null && !hasPolicy(rules) && decision.state !== "not-governed")
    return withoutPolicy(evaluation, place, most);
  const open = inOrder(requirements).filter(({ state }) => state === "failed" || state === "waiting");
  const warnings = requirements.filter(({ warning }) => warning);
  const contact = policy.contact && decision.state === "blocked" ? [`Questions: ${sentence(policy.contact)}`] : [];
  const lines = [
    ...items(
      open.map((one) => `${MARK[one.state]} ${todo(one)}`),
      most,
    ),
    ...items(
      warnings.map((one) => `⚠️ ${requirementText(one)}`),
      most,
    ),
  ];
  const titles = { observe: "What it would take", "break-glass": "What is missing", votes: "What to do now" };
  const title = titles[decision.basis ?? "votes"];
  return headed(title, [...lines, ...(contact.length > 0 ? ["", ...contact] : [])]);
};

/** Without a policy nobody holds a role: what would be asked, and the page where a policy begins. */
function withoutPolicy({ requirements, policy }: Evaluation, place: ReportPlace, most: number): readonly string[] {
  const needs = needsOf(requirements, policy).map((need) => `${MARK.waiting} ${sentence(need)}`);
  const start = link("Add a policy", starterPolicyUrl(place));
  return [
    ...headed("What it would take", items(needs, most)),
    `**${start}** to say who these people are: the page opens with a small one filled in, which only observes.`,
    "",
  ];
}

/** The chain from finding to tier, and the findings that weigh most. */
export const whySection: Part<Surroundings> = ({ assessment }, context, most) => {
  const { reasons } = assessment.tier;
  const findings = governingIn(assessment);
  const shown = Math.min(10, most);
  return [
    ...headed(
      "Why",
      items(
        reasons.map((reason) => reasonText(reason, assessment)),
        most,
      ),
    ),
    ...findingTable(findings.slice(0, shown), context.place, assessment.changeSet),
    ...(findings.length > shown ? [`… and ${findings.length - shown} more below`, ""] : []),
  ];
};

/** Whose approval counts, whose does not, and why; and whose no longer does. */
export const approvalsSection: Part<Surroundings> = (evaluation, context, most) => {
  if (evaluation.assessment.tier.value === "none") return [];
  return headed("Approvals", items(approvalLines(evaluation, context), most));
};

/** Where the checks stand that this change needs. */
export const revalidationSection: Part<Surroundings> = ({ requirements, assessment }, _, most) => {
  if (assessment.tier.value === "none") return [];
  const checks = inOrder(requirements).filter(({ kind, warning }) => kind === "check" && !warning);
  const lines = checks.map((one) => `${MARK[one.state]} ${requirementText(one)}`);
  return headed(
    "Revalidation",
    items(lines.length > 0 ? lines : ["No check of the policy is needed for this change."], most),
  );
};

/** The way back, one line for each system and class. */
export const rollbackSection: Part<Surroundings> = ({ rollback }, _, most) =>
  headed("Rollback plan", items(rollbackLines(rollback), most));

/** The rules that were in force, and what could not be known. */
export const rulesSection: Section = (evaluation, context, most) => {
  const { place, rules } = context;
  const { policy, baseline } = rules;
  const path = ".github/countersign.yml";
  const own =
    policy === null
      ? `The built-in policy, which only observes (${link("add one", starterPolicyUrl(place))})`
      : `${link(codeSpan(path), fileUrl(place, policy.commit, path))} at ${codeSpan(policy.commit.slice(0, 12))} (blob ${codeSpan(policy.blob.slice(0, 12))})`;
  const above =
    baseline === null
      ? ""
      : `${policy === null ? "The" : ", with the"} organisation's baseline ${codeSpan(baseline.slice(0, 12))}`;
  const missing = evaluation.decision.state === "not-governed" ? [] : evaluation.facts.missing;
  const notes = [
    ...ungrantedNotes(context.ungranted ?? null),
    ...[...context.notes, ...missing].map((note) => sentence(note)),
  ];
  return [
    ...headed("Policy", [`${policy === null && baseline !== null ? above : `${own}${above}`}.`]),
    ...headed("Notes", items(notes, most)),
  ];
};

function ungrantedNotes(ungranted: Ungranted | null): readonly string[] {
  if (ungranted === null) return [];
  const said = ungranted.effects.map((effect) => sentence(effect)).join(" ");
  return [`${said} ${link("An owner of the account accepts it", ungranted.address)}.`];
}

/** Where more is to be seen. */
export const linkSection: Section = (_, { place, detailsUrl }) => {
  const pull = `${place.server}/${place.owner}/${place.name}/pull/${place.number}`;
  return [
    [...(detailsUrl === null ? [] : [link("Details", detailsUrl)]), link("Review this change", `${pull}/files`)].join(
      " · ",
    ),
    "",
  ];
};

/** An instant as people read it: `2026-12-08 09:00 UTC`. */
export function instant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
