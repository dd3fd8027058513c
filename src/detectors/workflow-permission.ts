import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";

const RULE = "credential/workflow-permission";
/** What a job holds when nothing is declared: the repository's or the organisation's setting, unknown here. */
const UNDECLARED = "the repository's default";
const NOTHING = "none";
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
    },
  ],
  literals: ["permissions", "secrets", "token", "pull_request_target", "workflow_run", "jobs"],
  selects: (path) => /\.ya?ml$/i.test(path),
  extract: (file) => (isWorkflow(file) ? distinctFacts(factsOf(file)) : []),
  judge,
};

function isWorkflow(file: FileSide): boolean {
  const tops = new Set(file.literals.map((literal) => literal.path[0]));
  return (
    (tops.has("jobs") && (tops.has("on") || tops.has("true"))) || (tops.has("runs") && file.text.includes("composite"))
  );
}

function factsOf(file: FileSide): readonly Fact[] {
  return [...jobPermissions(file), ...inheritedSecrets(file), ...tokensHandedOn(file), ...triggers(file)];
}

/** One fact a job: the set its token holds, its own block before the workflow's before the default. */
function jobPermissions(file: FileSide): readonly Fact[] {
  const own = new Map<string, Literal[]>();
  const jobs = new Map<string, number>();
  const shared: Literal[] = [];
  for (const literal of file.literals) {
    const [first, job = "", third] = literal.path;
    if (first === "permissions") shared.push(literal);
    if (first !== "jobs") continue;
    if (!jobs.has(job)) jobs.set(job, literal.line);
    if (third === "permissions") own.set(job, [...(own.get(job) ?? []), literal]);
  }
  const lines = file.text.split("\n");
  const declared = shared.length > 0 || lines.some((line) => /^["']?permissions["']?\s*:/.test(line));
  const empty = emptyJobBlocks(lines);
  return [...jobs].map(([job, line]) => {
    const block = own.get(job);
    const value = block ? setOf(block, 3) : empty.has(job) ? NOTHING : declared ? setOf(shared, 1) : UNDECLARED;
    const place = block?.[0] ?? (empty.has(job) ? undefined : shared[0]);
    return fact(file, `jobs.${job}.permissions`, value, place?.line ?? line);
  });
}

/** Jobs with `permissions: {}`: an empty block has no value that a literal could stand for. */
function emptyJobBlocks(lines: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  let indent = 0;
  let job = "";
  for (const line of lines) {
    const [, space = "", key = "", rest = ""] = /^( *)["']?([A-Za-z0-9_-]+)["']?\s*:(.*)$/.exec(line) ?? [];
    if (key === "") continue;
    if (space === "") indent = key === "jobs" ? -1 : 0;
    else if (indent < 0 || space.length === indent) {
      if (indent !== 0) indent = space.length;
      job = indent > 0 ? key : "";
    } else if (indent > 0 && key === "permissions" && /^\s*\{\s*\}\s*(?:#.*)?$/.test(rest)) found.add(job);
  }
  return found;
}

/** A block as a sorted list `scope: level`, or the word that stands for all scopes. */
function setOf(block: readonly Literal[], depth: number): string {
  const grants: string[] = [];
  for (const { path, value } of block) {
    const scope = path[depth];
    if (scope === undefined || path.length > depth + 1) {
      if (value !== "" && value !== "{}") return value;
    } else if (value !== "none") grants.push(`${scope}: ${value}`);
  }
  return grants.length === 0 ? NOTHING : grants.sort().join(", ");
}

function inheritedSecrets(file: FileSide): readonly Fact[] {
  return file.literals
    .filter(
      ({ path, value }) => path[0] === "jobs" && path.length === 3 && path[2] === "secrets" && value === "inherit",
    )
    .map(({ path, line }) => fact(file, `jobs.${path[1]}.secrets`, "inherit", line));
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
        index > 0 &&
        receivers.has(literal.path.slice(0, index).join("\0")),
    );
    const receiver = at > 0 ? (receivers.get(literal.path.slice(0, at).join("\0")) ?? "") : "";
    const owner = receiver.split("@")[0] ?? "";
    if (owner === "" || owner.startsWith(".") || owner.startsWith("docker://") || FIRST_PARTY.test(owner)) return [];
    return tokensIn(literal.value).map((name) =>
      fact(file, `${name} to ${owner}`, `${name} to ${owner}`, literal.line, [name]),
    );
  });
}

function tokensIn(value: string): readonly string[] {
  if (!value.includes("secrets") && !value.includes("github.token")) return [];
  const names = [...value.matchAll(/\bsecrets(?:\.|\[\s*['"])([A-Za-z_][A-Za-z0-9_-]{0,99})/g)].map(
    ([, name = ""]) => name,
  );
  return /\bgithub\.token\b/.test(value) ? [...names, "GITHUB_TOKEN"] : names;
}

function triggers(file: FileSide): readonly Fact[] {
  return PRIVILEGED_TRIGGERS.flatMap((trigger): readonly Fact[] => {
    const place = file.literals.find(
      ({ path, value }) =>
        (path[0] === "on" || path[0] === "true") && (path[1] === trigger || (path.length <= 2 && value === trigger)),
    );
    const line = place?.line ?? emptyTrigger(file, trigger);
    return line === null ? [] : [fact(file, `on.${trigger}`, trigger, line)];
  });
}

/** A trigger written without a value, `pull_request_target:` or `{}`. */
function emptyTrigger(file: FileSide, trigger: string): number | null {
  const index = file.text.split("\n").findIndex((line) => {
    const rest = line.trimStart();
    return rest.startsWith(`${trigger}:`) && /^\s*(?:\{\s*\}\s*)?(?:#.*)?$/.test(rest.slice(trigger.length + 1));
  });
  return index < 0 ? null : index + 1;
}

function fact(file: FileSide, key: string, value: string, line: number, references: readonly string[] = []): Fact {
  return {
    rule: RULE,
    key,
    value,
    line,
    confidence: confidenceIn(file),
    ...(references.length > 0 ? { references } : {}),
  };
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const key = (after ?? before)?.key ?? "";
  if (key.endsWith(".permissions")) return judgePermissions(change);
  if (after) return { direction: "widened", severity: "major", remedy: remedyOf(key) };
  return {
    direction: "narrowed",
    severity: "minor",
    remedy: "Check that nothing in the workflow still needs what was taken away.",
  };
}

function remedyOf(key: string): string {
  if (key.startsWith("on."))
    return "Use `pull_request` instead, or run no code of the pull request under this trigger.";
  if (key.endsWith(".secrets")) return "Name the secrets that the called workflow needs.";
  return "Pin the action to a commit and hand it a token with the least scopes.";
}

/** Widened when the job may do anything it could not do before; a set that reads only, where nothing was declared, is none. */
function judgePermissions(change: FactChange): Judgement {
  const before = change.before?.value;
  const after = change.after?.value;
  const floor = after === "write-all" ? ({ floor: "critical" } as const) : {};
  if (after === undefined)
    return {
      direction: "removed",
      severity: levelOf(before ?? "") > 1 && before !== UNDECLARED ? "minor" : "trivial",
      remedy: "Nothing is left to grant.",
    };
  if (before === undefined) {
    if (after === UNDECLARED)
      return { direction: "added", severity: "trivial", remedy: "Declare the permissions that the job needs." };
    const severity = levelOf(after) > 1 ? "major" : levelOf(after) > 0 ? "minor" : "trivial";
    return {
      direction: severity === "major" ? "widened" : directionOf(change),
      severity,
      remedy: "Grant the job only the scopes it uses.",
      ...floor,
    };
  }
  const widened = grantsMore(before, after);
  return widened
    ? { direction: "widened", severity: "major", remedy: "Grant the job only the scopes it uses.", ...floor }
    : { direction: "narrowed", severity: "minor", remedy: "Check that the job still has what it needs." };
}

/** 0 nothing, 1 reading, 2 writing, 3 everything; a default that is not known here counts as writing. */
function levelOf(set: string): number {
  if (set === "write-all") return 3;
  if (set === UNDECLARED) return 2;
  if (set === "read-all") return 1;
  return set === NOTHING ? 0 : set.includes(": write") || set.includes(": admin") ? 2 : 1;
}

function grantsMore(before: string, after: string): boolean {
  if (after === UNDECLARED) return before !== "write-all";
  if (before === UNDECLARED) return levelOf(after) > 1;
  if (after === "write-all" || before === "write-all") return after === "write-all";
  if (after === "read-all") return before !== "read-all";
  const old = new Map(before.split(", ").map((grant) => [grant.split(": ")[0] ?? "", levelOf(grant)]));
  return after.split(", ").some((grant) => {
    const level = grant === NOTHING ? 0 : levelOf(grant);
    return level > (before === "read-all" ? 1 : (old.get(grant.split(": ")[0] ?? "") ?? 0));
  });
}
