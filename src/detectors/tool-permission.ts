import type { Fact, FactChange, FileSide, Judgement, Literal } from "../core/detector.ts";
import { confidenceIn, directionOf } from "./distinct-facts.ts";
import { embeddedLiterals } from "./embedded-json.ts";
import { redactedCommand } from "./redacted-command.ts";

/** The rule of what an agent may do without asking. */
export const TOOL_PERMISSION = "tool/permission";
/** Settings of coding agents and files that configure an agent's run. */
const SETTINGS =
  /(?:^|\/)(?:\.claude|\.codex|\.gemini|\.cursor|\.opencode|\.qwen|\.roo|\.cline|\.windsurf|\.continue|\.goose|\.amazonq|\.kiro|\.aider[^/]*|\.vscode)(?:\/|$)|(?:^|\/)(?:opencode\.jsonc?|\.roomodes|AGENTS\.toml|codex\.toml|agent[^/]*\.(?:ya?ml|toml|json))$|(?:^|\/)SKILL\.md$|(?:^|\/)(?:agents|commands|skills)\/.*\.md$|^\.github\/(?:agents|chatmodes|prompts|copilot)\//i;
const WORKFLOW = /^\.github\/workflows\/|(?:^|\/)action\.ya?ml$/;
const GRANTS =
  /^(?:allow|allowed[_-]?tools|autoapprove|auto_approve|alwaysallow|always_allow|coretools|additionaldirectories|enabledmcpjsonservers|allowed[_-]?domains|allowed[_-]?hosts|writable_roots|allowed_bots|allowed_non_write_users|allowed[_-]?commands|allowedpaths|tools)$/i;
const DENIALS =
  /^(?:deny|ask|disallowed[_-]?tools|excludetools|exclude_tools|disabledtools|blocked[_-]?(?:tools|commands|domains)|denied[_-]?(?:tools|commands)|disabledmcpjsonservers)$/i;
/** Switches that open something when true. */
const OPENERS =
  /^(?:enableallprojectmcpservers|autoaccept|auto_accept|autoapprove|auto_approve|yolo|yes-always|yes_always|network_access|networkaccess|autorun|auto_run|allow_dangerous_(?:requests|code|deserialization)|dangerously[a-z_-]*|skip_?permissions|trust|chat\.tools\.(?:global\.)?autoapprove|chat\.tools\.terminal\.enableautoapprove|allowunsandboxedcommands|bypass_?permissions)$/i;
/** Modes from the most to the least careful. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  permission: ["plan", "default", "manual", "acceptedits", "auto", "dontask", "bypasspermissions"],
  approval: ["untrusted", "always", "on-request", "on-failure", "auto", "never"],
  sandbox: ["read-only", "workspace-write", "danger-full-access"],
  safety: ["drop-sudo", "unprivileged-user", "read-only", "unsafe"],
};
const MODE_KEYS: readonly (readonly [RegExp, string])[] = [
  [/^(?:defaultmode|permission_?mode)$/i, "permission"],
  [/^(?:approval_?policy|ask_for_approval|require_approval)$/i, "approval"],
  [/^sandbox(?:_?mode)?$/i, "sandbox"],
  [/^safety-strategy$/i, "safety"],
];

/** What the agent settings of a file open, close and run. */
export function toolPermissions(file: FileSide): readonly Fact[] {
  const settings = SETTINGS.test(file.path);
  const literals = [...file.literals, ...embeddedLiterals(file.literals, /permissions|sandbox|coreTools|allow/)];
  return literals.flatMap((literal) => {
    if (settings) return settingFacts(file, literal);
    return WORKFLOW.test(file.path) ? workflowFacts(file, literal) : codeFacts(file, literal);
  });
}

function settingFacts(file: FileSide, literal: Literal): readonly Fact[] {
  const hook = hookFact(file, literal);
  if (hook) return [hook];
  const { path, value, kind } = literal;
  const keys = path.filter((part) => !/^\d+$/.test(part));
  const name = keys.at(-1) ?? "";
  if (kind === "boolean" && keys.some((key) => GRANTS.test(key)) && !OPENERS.test(name))
    return [grant(file, literal, name, value === "true")];
  if (path.some((part, index) => part === "mcpServers" && index < path.length - 1)) return [];
  if (/^permissions?$/i.test(keys.at(-2) ?? "") && /^(?:allow|deny|ask)$/.test(value))
    return [grant(file, literal, name, value === "allow")];
  if (kind === "string" && (GRANTS.test(name) || DENIALS.test(name))) {
    if (name === "tools" && /\.(?:json|toml)$/.test(file.path)) return [];
    return splitGrants(value).map((entry) => grant(file, literal, entry, GRANTS.test(name), name));
  }
  return switchFacts(file, literal, name);
}

/** Inputs of agents' actions, and their options on command lines. */
function workflowFacts(file: FileSide, literal: Literal): readonly Fact[] {
  const name = literal.path.at(-1) ?? "";
  const within = literal.path.includes("with") || literal.path.includes("settings") || literal.path.includes("inputs");
  const facts: Fact[] = [];
  if (within && name !== "tools" && (GRANTS.test(name) || DENIALS.test(name))) {
    facts.push(...splitGrants(literal.value).map((entry) => grant(file, literal, entry, GRANTS.test(name), name)));
  }
  if (within) facts.push(...switchFacts(file, literal, name));
  return [...facts, ...optionFacts(file, literal)];
}

/** Options such as `--allowedTools` and `--dangerously-skip-permissions` of agents started from a command line. */
function optionFacts(file: FileSide, literal: Literal): readonly Fact[] {
  const facts: Fact[] = [];
  if (!literal.value.includes("--")) return facts;
  for (const [, option = "", quoted, plain] of literal.value.matchAll(
    /--(allowed-?tools|disallowed-?tools|permission-mode|sandbox|approval-mode|ask-for-approval)[= ]+(?:["']([^"']{1,4000})["']|([^\s"']{1,2000}))/gi,
  )) {
    const value = quoted ?? plain ?? "";
    if (/tools$/i.test(option))
      facts.push(...splitGrants(value).map((entry) => grant(file, literal, entry, !/^dis/i.test(option), option)));
    else
      facts.push(
        ...switchFacts(
          file,
          { ...literal, value, kind: "string" },
          option.replace("permission-mode", "permission_mode").replace(/a[a-z-]*approval(?:-mode)?/, "approval_policy"),
        ),
      );
  }
  for (const [option] of literal.value.matchAll(
    /--(?:dangerously-[a-z-]{3,60}|yolo|full-auto|allow-all-tools|yes-always)\b/g,
  ))
    facts.push(grant(file, literal, option, true));
  return facts;
}

/** Options of agent libraries, in code. */
function codeFacts(file: FileSide, literal: Literal): readonly Fact[] {
  const name = literal.path.at(-1) ?? "";
  const own = literal.path.findLast((part) => !/^\d+$/.test(part)) ?? "";
  if (/^(?:allow_dangerous_|dangerously|enableAllProjectMcpServers)/i.test(name) && literal.kind === "boolean")
    return switchFacts(file, literal, name);
  if (/^permission_?mode$/i.test(name)) return switchFacts(file, literal, name);
  if (/^(?:dis)?allowed_?tools$/i.test(own))
    return splitGrants(literal.value).map((entry) => grant(file, literal, entry, !/^dis/i.test(own), own));
  return literal.value.includes("--dangerously-") || literal.value.includes("--allowedTools")
    ? optionFacts(file, literal)
    : [];
}

function switchFacts(file: FileSide, literal: Literal, name: string): readonly Fact[] {
  const { value, kind, line } = literal;
  const base = { rule: TOOL_PERMISSION, line, confidence: confidenceIn(file) };
  const mode = MODE_KEYS.find(([key]) => key.test(name))?.[1];
  if (mode && kind !== "boolean") return [{ ...base, key: `${mode} mode`, value: value.toLowerCase(), shown: value }];
  if (/^sandbox$|^enable_?sandbox$/i.test(name) || (name === "enabled" && literal.path.at(-2) === "sandbox"))
    return [{ ...base, key: "sandbox", value: `sandbox ${value}` }];
  if (OPENERS.test(name) && (kind === "boolean" || /^(?:true|false)$/i.test(value)))
    return [{ ...base, key: `switch ${name}`, value: value.toLowerCase() }];
  return [];
}

/** Hooks run commands on the developer's or the runner's machine at events of the agent. */
function hookFact(file: FileSide, { path, value, line, kind }: Literal): Fact | null {
  const at = path.indexOf("hooks");
  if (
    at < 0 ||
    kind !== "string" ||
    path.length < at + 3 ||
    !/^(?:command|bash|powershell|prompt|url|\d+)$/.test(path.at(-1) ?? "")
  )
    return null;
  const event = path[at + 1] ?? "";
  return {
    rule: TOOL_PERMISSION,
    key: `hook ${event}`,
    value: `runs ${redactedCommand(value.split(/\s+/))}`,
    line,
    confidence: confidenceIn(file),
  };
}

function grant(file: FileSide, literal: Literal, entry: string, open: boolean, list = ""): Fact {
  const verb = open ? "allows" : /^ask$/i.test(list) ? "asks before" : "forbids";
  return {
    rule: TOOL_PERMISSION,
    key: `${verb} ${entry}`,
    value: verb,
    shown: `${verb} ${entry}`,
    line: literal.line,
    confidence: confidenceIn(file),
  };
}

/** `Read, Bash(git add:*, git push:*)`: separated by commas, blanks or lines outside of brackets. */
function splitGrants(value: string): readonly string[] {
  const entries: string[] = [];
  let depth = 0;
  let entry = "";
  for (const character of `${value}\n`) {
    if (character === "(") depth += 1;
    if (character === ")") depth = Math.max(0, depth - 1);
    if (depth === 0 && (character === "," || character === "\n" || character === " ")) {
      if (entry.trim() !== "") entries.push(entry.trim().replace(/^["']|["']$/g, ""));
      entry = "";
    } else entry += character;
  }
  return entries;
}

/** Whether the agent may do more afterwards (major), or less (minor). */
export function judgeToolPermission(change: FactChange): Judgement {
  const { before, after } = change;
  const fact = after ?? before;
  const wide = isWide(change);
  const floor =
    after &&
    wide &&
    /^allows (?:\*|Bash|Bash\(\*\)|Bash\(:\*\)|--dangerously.*|--yolo|shell)$|danger-full-access|bypasspermissions/i.test(
      `${after.value === "allows" ? after.key : after.value}`,
    );
  if (wide) {
    const hook = fact?.key.startsWith("hook ") === true;
    const remedy = hook
      ? "Say in the pull request what the hook runs and keep its script in the repository."
      : "Grant single commands or tools, and keep asking for the rest.";
    return {
      direction: before && after && hook ? directionOf(change) : "widened",
      severity: "major",
      remedy,
      ...(floor ? { floor: "critical" as const } : {}),
    };
  }
  return { direction: "narrowed", severity: "minor", remedy: "Check that the agent can still do its task." };
}

function isWide({ before, after }: FactChange): boolean {
  const fact = after ?? before;
  const key = fact?.key ?? "";
  if (key.startsWith("hook "))
    return (
      after !== undefined ||
      /hook (?:PreToolUse|PermissionRequest|UserPromptSubmit|beforeShellExecution|BeforeTool)/i.test(key)
    );
  if (key.endsWith(" mode")) {
    const order = MODES[key.slice(0, -" mode".length)] ?? [];
    const careful = order.indexOf("default") >= 0 ? order.indexOf("default") : 0;
    const rank = (side: Fact | undefined) => (side ? order.indexOf(side.value) : careful);
    return rank(after) > rank(before) || (after !== undefined && rank(after) < 0);
  }
  if (key === "sandbox")
    return after
      ? after.value.endsWith("false") || after.value.endsWith("none")
      : before?.value.endsWith("true") === true;
  if (key.startsWith("switch ")) return after?.value === "true";
  return (fact?.value === "allows") === (after !== undefined);
}
