import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, distinctFacts } from "../distinct-facts.ts";
import { emptyBlocks } from "./empty-block.ts";
import { appReaches, appTokens, jobGrants, judgeGrant, judgeReach, SHARED } from "./workflow-grant.ts";
import { tokensIn, WHOLE_CONTEXT } from "./workflow-token.ts";

const RULE = "credential/workflow-permission";
/** Events by which a stranger can start a run that holds the repository's secrets. */
const PRIVILEGED_TRIGGERS = ["pull_request_target", "workflow_run", "issue_comment"] as const;
/** Owners whose actions GitHub itself maintains. */
const FIRST_PARTY = /^(?:actions|github)\//i;

/** What workflows let their jobs do: token permissions, inherited secrets, tokens handed on, privileged triggers. */
export const workflowPermissionDetector: Detector = {
  name: "workflow-permission",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary: "A workflow's token, secrets or triggers give more or less than before.",
      severity: "Wider: major. Narrower: minor.",
    },
  ],
  literals: ["jobs", "composite"],
  selects: (path) => /\.ya?ml$/i.test(path),
  extract: (file) => (isWorkflow(file) ? distinctFacts(factsOf(file)) : []),
  judge,
};

function isWorkflow(file: FileSide): boolean {
  const tops = new Set(file.literals.map((literal) => literal.path[0]));
  const composite = file.literals.some(({ path, value }) => path.join("/") === "runs/using" && value === "composite");
  return composite || (tops.has("jobs") && (tops.has("on") || tops.has("true")));
}

function factsOf(file: FileSide): readonly Fact[] {
  const grants = jobGrants(file).map(({ job, value, line, shared }) => ({
    ...fact(file, `jobs.${job}.permissions`, value, line),
    ...(shared ? { label: SHARED } : {}),
  }));
  const tokens = appTokens(file).map(({ job, value, line }) => fact(file, `jobs.${job} App token`, value, line));
  const reaches = appReaches(file).map(({ job, value, line }) => fact(file, `jobs.${job} App reach`, value, line));
  return [...grants, ...tokens, ...reaches, ...wholeContexts(file), ...tokensHandedOn(file), ...triggers(file)];
}

/** All secrets at once: inherited by a called workflow, or written out by an expression. */
function wholeContexts(file: FileSide): readonly Fact[] {
  return file.literals.flatMap(({ path, value, line }): readonly Fact[] => {
    if (path[0] === "jobs" && path.length === 3 && path[2] === "secrets" && value === "inherit")
      return [fact(file, `jobs.${path[1]}.secrets`, "inherit", line)];
    return WHOLE_CONTEXT.test(value)
      ? [fact(file, `${path.slice(0, 2).join(".")}.secrets`, "all in one expression", line)]
      : [];
  });
}

/** Secrets and tokens given to actions and workflows of others, by who receives which name. */
function tokensHandedOn(file: FileSide): readonly Fact[] {
  const receivers = new Map<string, string>();
  for (const { path, value } of file.literals)
    if (path.at(-1) === "uses") receivers.set(path.slice(0, -1).join("\0"), value);
  return file.literals.flatMap((literal): readonly Fact[] => {
    const at = literal.path.findIndex(
      (part, index) =>
        (part === "with" || part === "env" || part === "secrets") &&
        receivers.has(literal.path.slice(0, index).join("\0")),
    );
    if (at < 0) return [];
    const owner = withoutVersion(receivers.get(literal.path.slice(0, at).join("\0")) ?? "");
    if (owner === "" || owner.startsWith(".") || FIRST_PARTY.test(owner)) return [];
    return tokensIn(literal.value).map(({ name, reference }) => {
      const slot = `${name} to ${owner}`;
      return { ...fact(file, slot, slot, literal.line), references: reference === null ? [] : [reference] };
    });
  });
}

function withoutVersion(uses: string): string {
  return uses.startsWith("docker://") ? (uses.slice(9).split(/[@:]/)[0] ?? "") : (uses.split("@")[0] ?? "");
}

function triggers(file: FileSide): readonly Fact[] {
  const empty = emptyBlocks(file.text);
  return PRIVILEGED_TRIGGERS.flatMap((trigger): readonly Fact[] => {
    const place = file.literals.find(
      ({ path, value }) =>
        (path[0] === "on" || path[0] === "true") && (path[1] === trigger || (path.length <= 2 && value === trigger)),
    );
    const line = place?.line ?? empty.get(`on/${trigger}`);
    return line === undefined ? [] : [fact(file, `on.${trigger}`, trigger, line)];
  });
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  return { rule: RULE, key, value, line, confidence: confidenceIn(file) };
}

function judge(change: FactChange): Judgement {
  const key = (change.after ?? change.before)?.key ?? "";
  if (key.endsWith(".permissions") || key.endsWith(" App token")) return judgeGrant(change);
  if (key.endsWith(" App reach")) return judgeReach(change);
  if (!change.after) {
    const remedy = "Check that nothing in the workflow still needs what was taken away.";
    return { direction: "narrowed", severity: "minor", remedy };
  }
  return { direction: "widened", severity: "major", remedy: remedyOf(key) };
}

function remedyOf(key: string): string {
  if (key.startsWith("on."))
    return "Use `pull_request` instead, or run no code of the pull request under this trigger.";
  if (key.endsWith(".secrets")) return "Name the secrets that the called workflow needs.";
  return "Pin the action to a commit and hand it a token with the least scopes.";
}
