import type { Fact, FileSide, Literal } from "../../core/detector.ts";
import { embeddedLiterals } from "../embedded-json.ts";
import { lastName, partQuestion } from "../literal-parts.ts";
import { askedInARow } from "../memoised.ts";
import { isInstallScript } from "../provider/dependency-install.ts";
import { heldFact, hookFact, modeFact, openFact, type Permit, permitFact, toolsFact } from "./permission-fact.ts";
import { optionFacts, splitEntries } from "./permission-option.ts";
import { redactedCommand } from "./redacted-command.ts";

/** Settings of coding agents and files that configure an agent's run. */
const SETTINGS =
  /(?:^|\/)(?:\.claude|\.codex|\.gemini|\.cursor|\.opencode|\.qwen|\.roo|\.cline|\.windsurf|\.continue|\.goose|\.amazonq|\.kiro|\.aider[^/]*|\.vscode)(?:\/|$)|(?:^|\/)(?:opencode\.jsonc?|\.roomodes|AGENTS\.toml|codex\.toml|agent[^/]*\.(?:ya?ml|toml|json))$|(?:^|\/)SKILL\.md$|(?:^|\/)(?:agents|commands|skills)\/.*\.md$|^\.github\/(?:agents|chatmodes|prompts|copilot)\//i;
/** Those of them that an agent reads wherever it is started, or that start one. */
const OWN =
  /(?:^|\/)\.(?:claude|codex|gemini|cursor|opencode|qwen|roo|cline|windsurf|continue|goose|amazonq|kiro|aider[^/]*|vscode)(?:\/|$)|^\.github\/(?:workflows|agents|chatmodes|copilot)\//i;
/** Files that are one agent: their list of tools is all it has. */
const AGENT = /(?:^|\/)(?:agents?|cli-agents|chatmodes)\/[^/]+\.(?:md|json|ya?ml)$|\.(?:agent|chatmode)\.md$/i;
const WORKFLOW = /^\.github\/workflows\/|(?:^|\/)action\.ya?ml$/;
const ALLOWING =
  /^(?:allow|allowed[_-]?tools|autoapprove|auto_approve|alwaysallow|always_allow|additionaldirectories|enabledmcpjsonservers|allowed[_-]?domains|allowed[_-]?hosts|writable_roots|allowed_bots|allowed_non_write_users|allowed[_-]?commands|allowedpaths|allowedtools|excludedcommands|allowunixsockets|chat\.tools\..*autoapprove)$/i;
const DENYING =
  /^(?:deny|disallowed[_-]?tools|excludetools|exclude_tools|disabledtools|blocked[_-]?(?:tools|commands|domains)|denied[_-]?(?:tools|commands|domains)|disabledmcpjsonservers)$/i;
/** Switches that open something when true. */
const OPENERS =
  /^(?:enableallprojectmcpservers|autoaccept|auto_accept|autoapprove|auto_approve|yolo|yolomode|yes-always|yes_always|network_access|networkaccess|autorun|auto_run|allow_dangerous_(?:requests|code|deserialization)|dangerously[a-z_-]*|skip_?permissions|trust|chat\.tools\.(?:global\.)?autoapprove|chat\.tools\.terminal\.enableautoapprove|allowunsandboxedcommands|bypass_?permissions|skipdangerousmodepermissionprompt)$/i;
const MODE_KEYS: readonly (readonly [RegExp, string])[] = [
  [/^(?:defaultmode|permission_?mode)$/i, "permission"],
  [/^(?:approval_?policy|ask_for_approval|approval_?mode)$/i, "approval"],
  [/^sandbox(?:_?mode)?$/i, "sandbox"],
  [/^safety-strategy$/i, "safety"],
];
/** Settings whose value is a command that the agent runs by itself. */
const HELPERS = /^(?:apikeyhelper|awsauthrefresh|awscredentialexport|otelheadershelper)$/i;
const OPTION_OF_A_PROGRAM = /(?:option|argument|flag|add_argument|arg)s?\(\)$/i;

/** Whether a path alone says that a file holds agents' settings, or starts agents from a command line. */
export const holdsAgentSettings = askedInARow(
  (path) => SETTINGS.test(path) || AGENT.test(path) || WORKFLOW.test(path) || isInstallScript(path),
);

/** Whether a path alone says that an agent takes its permissions from a file, in whatever repository. */
export function isAgentsOwn(path: string): boolean {
  return OWN.test(path);
}

/** What the agent settings of a file open, close and run. */
export function toolPermissions(file: FileSide): readonly Fact[] {
  const embedded = embeddedLiterals(file.literals, /permissions|sandbox|coreTools|allow/);
  const literals = embedded.length > 0 ? [...file.literals, ...embedded] : file.literals;
  if (WORKFLOW.test(file.path)) return literals.flatMap((literal) => workflowFacts(file, literal));
  if (SETTINGS.test(file.path)) {
    const matchers = new Map(
      literals
        .filter(({ path }) => path.at(-1) === "matcher" && path.includes("hooks"))
        .map(({ path, value }) => [JSON.stringify(path.slice(0, -1)), value]),
    );
    return [
      ...literals.flatMap((literal) => settingFacts(file, literal, matchers)),
      ...agentTools(file),
      ...coreTools(file),
    ];
  }
  const commands = isInstallScript(file.path)
    ? file.text
        .split("\n")
        .flatMap((line, index) => (/^\s*#/.test(line) ? [] : optionFacts(file, line.slice(0, 4_000), index + 1)))
    : [];
  const named = codeOptions.any(literals);
  const meant = literals.filter(({ value }) => named || value.includes("--"));
  return [...meant.flatMap((literal) => codeFacts(file, literal)), ...commands];
}

function settingFacts(file: FileSide, literal: Literal, matchers: ReadonlyMap<string, string>): readonly Fact[] {
  const { path, value, kind, line } = literal;
  const names = path.filter((part) => !/^\d+$/.test(part));
  const name = names.at(-1) ?? "";
  const hook = hookIn(file, literal, matchers);
  if (hook) return [hook];
  if (path.some((part, index) => part === "mcpServers" && index < path.length - 1)) return [];
  const permission = names.findIndex((part) => /^permissions?$/i.test(part));
  if (permission >= 0 && permission < names.length - 1 && isPermit(value) && !permitOf(name))
    return [permitFact(file, names.slice(permission + 1).join(" "), value, line)];
  if (kind === "boolean") {
    const map = names.slice(0, -1).some((part) => ALLOWING.test(part)) && !OPENERS.test(name);
    if (map) return [permitFact(file, name, value === "true" ? "allow" : "ask", line)];
    return switchFacts(file, literal, name);
  }
  const permit = permitOf(name) ?? (names.at(-2) === "tools" ? TOOLS_SECTION[name] : undefined);
  if (kind === "string" && permit) return splitEntries(value).map((entry) => permitFact(file, entry, permit, line));
  return switchFacts(file, literal, name);
}

const TOOLS_SECTION: Readonly<Record<string, Permit>> = { allowed: "allow", exclude: "deny" };

function isPermit(value: string): value is Permit {
  return value === "allow" || value === "ask" || value === "deny";
}

function permitOf(name: string): Permit | undefined {
  if (ALLOWING.test(name)) return "allow";
  if (/^ask$/i.test(name)) return "ask";
  return DENYING.test(name) ? "deny" : undefined;
}

/** The tools of a file that is one agent; without a list it has all that its program has. */
function agentTools(file: FileSide): readonly Fact[] {
  if (!AGENT.test(file.path)) return [];
  const first = file.literals.find(({ path }) => /^(?:name|description)$/.test(path[0] ?? ""));
  if (!first) return [];
  const listed = file.literals.filter(
    ({ path, value }) => path[0] === "tools" && value !== "false" && value !== "null",
  );
  const tools = listed.flatMap(({ path, value }) => (value === "true" ? [path.at(-1) ?? ""] : splitEntries(value)));
  return [toolsFact(file, "", tools.length > 0 ? [...new Set(tools)].sort() : ["*"], (listed[0] ?? first).line)];
}

/** The only built-in tools that a program has, in its own settings. */
function coreTools(file: FileSide): readonly Fact[] {
  const listed = file.literals.filter(
    ({ path }) => path[0] === "coreTools" || (path[0] === "tools" && path[1] === "core"),
  );
  const [first] = listed;
  return first ? [toolsFact(file, "built in", [...new Set(listed.map(({ value }) => value))].sort(), first.line)] : [];
}

/** Inputs of agents' actions, and their options on command lines. */
function workflowFacts(file: FileSide, literal: Literal): readonly Fact[] {
  const name = lastName(literal.path);
  const within = literal.path.some((part) => /^(?:with|settings|inputs)$/.test(part));
  const permit = within ? permitOf(name) : undefined;
  return [
    ...(permit ? splitEntries(literal.value).map((entry) => permitFact(file, entry, permit, literal.line)) : []),
    ...(within && !permit ? switchFacts(file, literal, name) : []),
    ...optionFacts(file, literal.value, literal.line),
  ];
}

/** Options of agent libraries, by the last name of a part of a path. */
const codeOptions = partQuestion((part) => {
  const own = part.slice(part.lastIndexOf(".") + 1);
  return ALLOWED_TOOLS.test(own) || LIBRARY_SWITCH.test(own) || USE_DOCKER.test(own);
});

const ALLOWED_TOOLS = /^(?:dis)?allowed_?tools$/i;
const LIBRARY_SWITCH =
  /^(?:allow_dangerous_|dangerously|enableAllProjectMcpServers|permission_?mode$|approval_?policy$|sandbox_?mode$)/i;
const USE_DOCKER = /^use_?docker$/i;

/** Options of agent libraries, in code. */
function codeFacts(file: FileSide, literal: Literal): readonly Fact[] {
  const name = lastName(literal.path);
  const own = name.slice(name.lastIndexOf(".") + 1);
  if (ALLOWED_TOOLS.test(own) && literal.kind === "string") {
    const permit = /^dis/i.test(own) ? "deny" : "allow";
    return splitEntries(literal.value).map((entry) => permitFact(file, entry, permit, literal.line));
  }
  if (LIBRARY_SWITCH.test(own)) return switchFacts(file, literal, own);
  if (USE_DOCKER.test(own) && literal.kind === "boolean")
    return literal.value === "true" ? [heldFact(file, "code runs in a container", literal.line)] : [];
  if (!literal.value.includes("--") || !/--(?:dangerously-|allowed-?tools|permission-mode|yolo)/i.test(literal.value))
    return [];
  if (literal.path.some((part) => OPTION_OF_A_PROGRAM.test(part))) return [];
  return optionFacts(file, literal.value, literal.line);
}

function switchFacts(file: FileSide, { value, kind, line, path }: Literal, name: string): readonly Fact[] {
  const mode = MODE_KEYS.find(([key]) => key.test(name))?.[1];
  const on = /^true$/i.test(value);
  const isSwitch = kind === "boolean" || /^(?:true|false)$/i.test(value);
  if (mode && !isSwitch && /^[A-Za-z][\w-]{1,40}$/.test(value)) return [modeFact(file, mode, value, line)];
  if (/^sandbox$|^enable_?sandbox$/i.test(name) || (name === "enabled" && path.at(-2) === "sandbox"))
    return isSwitch && on ? [heldFact(file, "sandbox", line)] : [];
  return OPENERS.test(name) && isSwitch && on ? [openFact(file, name, line)] : [];
}

/** Hooks run commands on the developer's or the runner's machine at events of the agent. */
function hookIn(
  file: FileSide,
  { path, value, line, kind }: Literal,
  matchers: ReadonlyMap<string, string>,
): Fact | null {
  const name = path.at(-1) ?? "";
  if (kind !== "string") return null;
  if (HELPERS.test(name) || (name === "command" && path.at(-2) === "statusLine"))
    return hookFact(file, path.join("."), redactedCommand(value.split(/\s+/)), line);
  const at = path.indexOf("hooks");
  if (at < 0 || path.length < at + 3 || !/^(?:command|bash|powershell|prompt|url|\d+)$/.test(name)) return null;
  const matcher = matchers.get(JSON.stringify(path.slice(0, at + 3)));
  const event = `${path[at + 1] ?? ""}${matcher === undefined ? "" : ` (${matcher})`}`;
  return hookFact(file, event, redactedCommand(value.split(/\s+/)), line);
}
