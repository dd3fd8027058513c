import { type Receipt, receiptLines } from "./evidence-comment.ts";
import { fitted } from "./fitted.ts";
import { codeCell, codeSpan, link, sentence } from "./markdown-text.ts";
import { plain } from "./plain.ts";
import type { CheckRunView } from "./pull-request-view.ts";
import type { ReportPlace } from "./report-context.ts";

/**
 * The check on a commit that passed the gate by. It never has another conclusion than failure, and no branch is governed
 * under its name: required or not, it lets nothing merge.
 */
export const BYPASS_CHECK = "countersign / bypass";

/** Something that passed the gate by, or would let it be. */
export interface BypassRow {
  readonly branch: string;
  readonly after: string | null;
  readonly cause: keyof typeof CAUSES;
  readonly actor: string | null;
  readonly pull: number | null;
  readonly at: string;
  readonly detail: string;
}

/** What is weaker than it should be about GitHub's rules now. */
export interface GateWeakness {
  readonly what: string;
  readonly fix: string | null;
  readonly since: string;
}

type Place = Pick<ReportPlace, "server" | "owner" | "name">;

interface CauseWords {
  /** What happened, behind who did it. */
  readonly did: string;
  readonly advice: string;
}

const LOOK =
  "Have the people whom the policy names look at what landed, and approve it where the issue of its owner says how; open a pull request that reverts it if they do not.";

const CAUSES = {
  "direct-push": { did: "pushed without a pull request", advice: LOOK },
  "force-push": {
    did: "replaced the branch's history",
    advice: `${LOOK} Block force-pushes in the branch's rules.`,
  },
  "admin-merge": { did: "merged without approval", advice: LOOK },
  "local-merge": { did: "merged outside of GitHub, without approval", advice: LOOK },
  expired: {
    did: "merged after the approval had ended",
    advice: `${LOOK} See why the check still stood: most often this program did not run then.`,
  },
  votes: { did: "merged although the approvals no longer counted", advice: LOOK },
  changed: { did: "landed something else than what was approved", advice: LOOK },
  "forged-check": {
    did: "reported a check by this program's name",
    advice: "Require the check from this App alone (its source, in the branch's rules), and find out what reports it.",
  },
  "gate-weakened": {
    did: "changed the rules of the branch, which are weaker than they should be now",
    advice: "Run `countersign doctor`: it says what to set, and where.",
  },
  "comment-changed": {
    did: "changed or deleted this program's comment",
    advice:
      "Nothing was lost: the comment is written again, and what is recorded does not rest on it. Ask whoever did it why.",
  },
} as const satisfies Readonly<Record<string, CauseWords>>;

/** The check run on a commit that passed the gate by, in every way that is known of it, and where that is recorded. */
export function bypassCheck(rows: readonly BypassRow[], place: Place, receipt: Receipt | null = null): CheckRunView {
  const [first] = rows;
  const title = first === undefined ? "Passed by the gate" : capital(`${whoOf(first)} ${CAUSES[first.cause].did}`);
  const render = (most: number) => [
    "**This commit passed by the approval that its branch asks for.** Nothing is reverted by itself.",
    "",
    ...rows.slice(0, most).map((row) => `- ${happened(row, place)} ${coded(row.detail)}`),
    "",
    "### What to do now",
    "",
    ...[...new Set(rows.map(({ cause }) => CAUSES[cause].advice))].map((advice) => `- ${advice}`),
    "",
    "This check is never green and stands for no other: it cannot be required in place of the one that approves.",
    ...(receipt === null ? [] : ["", ...receiptLines(receipt)]),
  ];
  return {
    name: BYPASS_CHECK,
    status: "completed",
    conclusion: "failure",
    title: plain(title, 120),
    summary: fitted(render, 65_535),
    text: "",
    annotations: [],
    actions: [],
    detailsUrl: null,
  };
}

/** The title of the one issue; the same as long as it is about the same repository. */
export const TRACKING_TITLE = "Changes that passed by the approval of AI changes";

/** What an issue may hold is a little more. */
const LIMIT = 60_000;

/** The body of the one issue that tells a repository's people. */
export function trackingBody(
  rows: readonly BypassRow[],
  weak: readonly GateWeakness[],
  older: boolean,
  place: Place,
): string {
  const render = (most: number) => [
    "Countersign keeps this issue up to date and reverts nothing by itself. Close it once all of it was dealt with; it is opened again when there is more.",
    "",
    ...(weak.length > 0
      ? [
          "### The gate is open now",
          "",
          ...weak
            .slice(0, most)
            .map(
              ({ what, fix, since }) =>
                `- ❌ ${coded(what)}${fix === null ? "" : `. **Fix:** ${coded(fix)}`} (since ${day(since)})`,
            ),
          "",
        ]
      : []),
    ...(rows.length > 0
      ? [
          "### What passed by",
          "",
          "| when | branch | what | commit |",
          "| --- | --- | --- | --- |",
          ...rows.slice(0, most).map((row) => tableRow(row, place)),
          ...(older || rows.length > most ? ["", "Older ones are kept by the program."] : []),
          "",
          "### What to do",
          "",
          ...[...new Set(rows.map(({ cause }) => CAUSES[cause].advice))].map((advice) => `- ${advice}`),
        ]
      : []),
    ...(weak.length + rows.length === 0 ? ["Nothing is open: the rules are as they should be."] : []),
  ];
  return fitted(render, LIMIT);
}

/** What those who watch the issue are told of what is new. */
export function trackingComment(rows: readonly BypassRow[], place: Place): string {
  const shown = rows.slice(0, 10).map((row) => `- ${happened(row, place)}`);
  const more = rows.length > 10 ? [`- … and ${rows.length - 10} more above`] : [];
  return ["New, with what to do about it above:", "", ...shown, ...more].join("\n");
}

function happened(row: BypassRow, place: Place): string {
  const where = row.cause === "forged-check" ? "" : ` on ${codeSpan(row.branch, 80)}`;
  const commit = row.after === null ? "" : ` (${commitLink(row.after, place)})`;
  return `${whoMarkdown(row)} ${CAUSES[row.cause].did}${pullOf(row)}${where}${commit}, ${minute(row.at)}.`;
}

function tableRow(row: BypassRow, place: Place): string {
  const commit = row.after === null ? "" : commitLink(row.after, place);
  const what = `${whoMarkdown(row)} ${CAUSES[row.cause].did}${pullOf(row)}. ${coded(row.detail)}`;
  const branch = row.cause === "forged-check" ? "" : codeCell(row.branch, 80);
  return `| ${minute(row.at)} | ${branch} | ${what} | ${commit} |`;
}

function pullOf({ pull }: BypassRow): string {
  return pull === null ? "" : ` (#${pull})`;
}

function commitLink(commit: string, { server, owner, name }: Place): string {
  return link(codeSpan(commit.slice(0, 12)), `${server}/${owner}/${name}/commit/${commit}`);
}

function whoOf({ actor, cause }: BypassRow): string {
  if (actor === null) return "somebody";
  return cause === "forged-check" ? `the App ${plain(actor, 60)}` : `@${plain(actor, 60)}`;
}

/** Never as a mention: who did something is told by people. */
function whoMarkdown(row: BypassRow): string {
  const { actor, cause } = row;
  if (actor === null) return "Somebody";
  return cause === "forged-check" ? `The App ${codeCell(actor, 60)}` : codeCell(`@${actor}`, 60);
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

function day(at: string): string {
  // Hyphens that no narrow column breaks at.
  return at.slice(0, 10).replaceAll("-", "\u2011");
}

function minute(at: string): string {
  return `${day(at)} ${at.slice(11, 16)} UTC`;
}

/** A sentence in which what stands between backticks is code; whatever it holds, none of it is markup. */
function coded(text: string): string {
  const parts = text.split("`");
  // One that has no partner is a mark like any other.
  if (parts.length % 2 === 0) return sentence(text);
  return parts
    .map((part, at) => {
      if (at % 2 === 1) return codeCell(part);
      const [before, after] = [/^\s/.test(part) ? " " : "", /\s$/.test(part) ? " " : ""];
      return part.trim() === "" ? part.slice(0, 1) : `${before}${sentence(part)}${after}`;
    })
    .join("");
}
