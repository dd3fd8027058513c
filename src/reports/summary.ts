import type { Evaluation } from "../core/evaluation.ts";
import type { FindingClass } from "../core/finding.ts";
import type { Requirement } from "../core/requirement.ts";
import { findingTable, governingIn } from "./finding-table.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import { inRow, roleName } from "./needs.ts";
import { fileUrl, hasPolicy, type ReportContext } from "./report-context.ts";
import { starterPolicyUrl } from "./starter-policy.ts";

export const MARK = { met: "✅", waiting: "🟡", failed: "❌", excepted: "➖" } as const;
const ORDER = { failed: 0, waiting: 1, excepted: 2, met: 3 } as const;

/** The mark of a decision; of one that does not block, none that warns. */
export function stateMark({ decision }: Evaluation): string {
  if (decision.basis === "observe") return "⚪";
  return { "not-governed": "⚪", approved: MARK.met, waiting: MARK.waiting, blocked: MARK.failed }[decision.state];
}

/** A part of a report; lists are cut at `most` items. */
type Part<Context> = (evaluation: Evaluation, context: Context, most: number) => readonly string[];
/** A part of a report about a pull request. */
export type Section = Part<ReportContext>;
/** What the parts that every report has need to know; without a place nothing is linked. */
export type Surroundings = Pick<ReportContext, "invalidated"> & { readonly place: ReportContext["place"] | null };

/** A list of Markdown items that says how many more there are. */
export function items(lines: readonly string[], most: number): readonly string[] {
  const more = lines.length - most;
  return [...lines.slice(0, most), ...(more > 0 ? [`… and ${more} more`] : [])].map((line) => `- ${line}`);
}

function headed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, "", ...lines, ""];
}

/** The requirements, what fails first. */
export function inOrder(requirements: readonly Requirement[]): readonly Requirement[] {
  return [...requirements].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
}

/** What the change is and what that means for the merge, in a sentence or two. */
export const verdictSection: Section = (evaluation, context) => {
  const { decision, assessment } = evaluation;
  const enforcing = decision.basis !== "observe";
  const merge = enforcing ? MERGE[decision.state] : OBSERVED[decision.state];
  const lead =
    enforcing || decision.state === "not-governed"
      ? []
      : [
          evaluation.policy.mode === "enforce"
            ? `**This tier is advisory** (the policy enforces from ${evaluation.policy.enforceFrom}), so this check passes.`
            : hasPolicy(context.rules)
              ? "**The policy only observes**, so this check passes."
              : "**There is no policy yet**, so this check passes and nothing is enforced.",
        ];
  const until = decision.state === "approved" && decision.validUntil !== null;
  const holds = until
    ? ` This holds until ${instant(decision.validUntil ?? "")}, while nothing it rests on changes.`
    : "";
  if (assessment.tier.value === "none" && decision.state === "not-governed") return [notGoverned(evaluation), ""];
  return [[...lead, `${merge}${holds} ${whatChanged(evaluation)}`].join(" "), ""];
};

const MERGE = {
  "not-governed": "",
  approved: "**Everything that this change takes is here.**",
  waiting: "**Not ready to merge:** something is still missing.",
  blocked: "**Blocked:** approvals alone do not clear this.",
} as const;
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
  return `It changes ${kinds}${place}: ${count(findings.length, "finding")} in ${count(files, "file")}.`;
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
export const toDoSection: Part<Surroundings> = ({ requirements, decision, policy }, _, most) => {
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
  const title = decision.basis === "observe" ? "What it would take" : "What to do now";
  return headed(title, [...lines, ...(contact.length > 0 ? ["", ...contact] : [])]);
};

/** What is to be done about a requirement that is not met, as Markdown. */
export function todo(requirement: Requirement): string {
  const { kind, state, role, subject, people = [], missing } = requirement;
  if (kind !== "approval" || state !== "waiting" || !role || missing === undefined || people.length === 0)
    return requirementText(requirement);
  const shown = people.slice(0, 6).map((login) => codeSpan(`@${login}`));
  const names = inRow(people.length > 6 ? [...shown, `${people.length - 6} more`] : shown, missing > 1 ? "and" : "or");
  const verb = missing > 1 || people.length > 1 ? "approve" : "approves";
  const who = missing > 1 && people.length > missing ? `${missing} of ${names}` : names;
  return `${who} ${people.length > 1 && missing === 1 ? "approves" : verb} as **${sentence(roleName(role))}** for ${sentence(subject ?? "")}`;
}

/** A requirement's own sentence; a check's name stands as code. */
export function requirementText({ check, reason }: Requirement): string {
  return check !== undefined && reason.startsWith(check)
    ? `${codeSpan(check)} ${sentence(reason.slice(check.length))}`
    : sentence(reason);
}

/** The chain from finding to tier, and the findings that weigh most. */
export const whySection: Part<Surroundings> = ({ assessment }, context, most) => {
  const { reasons } = assessment.tier;
  const findings = governingIn(assessment);
  const shown = Math.min(10, most);
  return [
    ...headed("Why", items(reasons.map(reasonText), most)),
    ...findingTable(findings.slice(0, shown), context.place, assessment.changeSet),
    ...(findings.length > shown ? [`… and ${findings.length - shown} more below`, ""] : []),
  ];
};

/** A link of the chain from finding to tier, with arrows. */
export function reasonText(reason: string): string {
  return sentence(reason)
    .replaceAll(" -\\> ", " → ")
    .replace(/ x (?=\w+ = \w+$)/, " × ");
}

/** Whose approval counts, whose does not, and why; and whose no longer does. */
export const approvalsSection: Part<Surroundings> = (evaluation, context, most) => {
  if (evaluation.decision.state === "not-governed") return [];
  return headed("Approvals", items(approvalLines(evaluation, context), most));
};

/** One line for each person with an approval or an objection. */
export function approvalLines({ votes }: Evaluation, { invalidated }: Pick<ReportContext, "invalidated">): string[] {
  const people = Map.groupBy(votes, ({ person, counted }) => `${counted} ${person}`);
  const lines = [...people.values()].map((group) => {
    const { person = "", counted = false } = group[0] ?? {};
    const reasons = [...new Set(group.map(({ reason }) => reason))].join("; ");
    return `${counted ? "✅" : "➖"} ${codeSpan(`@${person}`)} ${counted ? "" : "**not counted**: "}${sentence(reasons, 600)}`;
  });
  const died = invalidated.map(({ person, commit, path }) => {
    const by = commit === null ? "a later commit" : `commit ${codeSpan(commit.slice(0, 12))}`;
    const what = path === null ? "changed what it covered" : `changed ${codeSpan(path)}`;
    return `♻️ The approval of ${codeSpan(`@${person}`)} counts no longer: ${by} ${what}. They have to look again.`;
  });
  return lines.length + died.length === 0 ? ["Nobody has approved yet."] : [...lines, ...died];
}

/** Where the checks stand that this change needs. */
export const revalidationSection: Part<Surroundings> = ({ requirements, decision }, _, most) => {
  if (decision.state === "not-governed") return [];
  const checks = inOrder(requirements).filter(({ kind, warning }) => kind === "check" && !warning);
  const lines = checks.map((one) => `${MARK[one.state]} ${requirementText(one)}`);
  return headed(
    "Revalidation",
    items(lines.length > 0 ? lines : ["No check of the policy is needed for this change."], most),
  );
};

/** The way back, one line for each system and class. */
export const rollbackSection: Part<Surroundings> = ({ rollback }, _, most) =>
  headed("Rollback plan", items(rollback.map(planLine), most));

function planLine(plan: Evaluation["rollback"][number]): string {
  const value = plan.previous?.value ?? "";
  // A prompt's old text stands in the table; a name is what somebody has to type.
  const previous = value !== "" && value.length <= 60 ? ` to ${codeSpan(value)}` : "";
  const more = [
    plan.owner === null ? "no owner named" : `owner ${sentence(plan.owner)}`,
    ...(plan.runbook === null ? [] : [`runbook ${codeSpan(plan.runbook)}`]),
    ...(plan.maxTimeToRestore === null ? [] : [`within ${codeSpan(plan.maxTimeToRestore)}`]),
  ];
  const where = plan.system === null ? "Outside of any system" : codeSpan(plan.system);
  return `${where}, ${plan.kind}: **${sentence(plan.strategy)}**${previous} (${plan.steps.map((step) => sentence(step)).join(", ")}); ${more.join(", ")}`;
}

/** The rules that were in force, and what could not be known. */
export const rulesSection: Section = (evaluation, context, most) => {
  const { place, rules } = context;
  const { policy, baseline } = rules;
  const path = ".github/countersign.yml";
  const own =
    policy === null
      ? "The built-in policy, which only observes"
      : `${link(codeSpan(path), fileUrl(place, policy.commit, path))} at ${codeSpan(policy.commit.slice(0, 12))} (blob ${codeSpan(policy.blob.slice(0, 12))})`;
  const above =
    baseline === null
      ? ""
      : `${policy === null ? "The" : ", with the"} organisation's baseline ${codeSpan(baseline.slice(0, 12))}`;
  const missing = evaluation.decision.state === "not-governed" ? [] : evaluation.facts.missing;
  const notes = [...context.notes, ...missing].map((note) => sentence(note));
  return [
    ...headed("Policy", [`${policy === null && baseline !== null ? above : `${own}${above}`}.`]),
    ...(hasPolicy(rules)
      ? []
      : [
          `**Start here:** ${link("add a policy", starterPolicyUrl(place))} (a page with a small one filled in). It only observes until it says otherwise.`,
          "",
        ]),
    ...headed("Notes", items(notes, most)),
  ];
};

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
