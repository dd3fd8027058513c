import { byText } from "../../core/change-set.ts";
import type { Fact, FactChange, Judgement } from "../../core/detector.ts";
import { directionOf } from "../distinct-facts.ts";
import type { LiteralGroup } from "../literal-groups.ts";
import { redactedAddress, redactedCommand } from "./redacted-command.ts";

/** An MCP server as an agent is given it. */
export interface McpServer {
  /** The command line that starts it, or empty. */
  readonly command: string;
  /** The address it is reached at, or empty. */
  readonly url: string;
  /** Names of what it gets: environment, headers. */
  readonly receives: readonly string[];
  /** The only tools an agent sees of it, null for all. */
  readonly only: readonly string[] | null;
  /** Tools and switches that work without asking. */
  readonly open: readonly string[];
  /** Tools that are closed. */
  readonly closed: readonly string[];
  readonly disabled: boolean;
}

const COMMAND = /^(?:command|cmd|path|executable)$/i;
const ARGUMENTS = /^(?:args|arguments)$/i;
const ADDRESS = /^(?:url|uri|serverurl|httpurl|sseurl|endpoint|server_url|base_?url|URL\(\))$/i;
const GIVEN =
  /^(?:env|envs|env_vars|environment|headers|http_headers|env_http_headers|requestinit|bearer_token_env_var)$/i;
const ONLY =
  /^(?:tools|includetools|include_tools|enabled_tools|enabledtools|allowedtools|allowed_tools|tool_names|tool_filter|available_tools)$/i;
const OPEN = /^(?:alwaysallow|autoapprove|auto_approve|trust)$/i;
const CLOSED = /^(?:disabledtools|disabled_tools|excludetools|exclude_tools|blockedtools|blocked_tools)$/i;
const ASKING = /^(?:require_approval|requireapproval|needs_approval)$/i;

/** What the values below one server say about it; null where they say nothing of how it is started or reached. */
export function mcpServerIn(group: LiteralGroup): McpServer | null {
  const pieces: { readonly command: string[]; readonly args: string[] } = { command: [], args: [] };
  const found = { url: "", receives: new Set<string>(), only: null as Set<string> | null, open: new Set<string>() };
  const closed = new Set<string>();
  let disabled = false;
  for (const { path, value } of group.fields) {
    const names = path.filter((part) => !/^\d+$/.test(part));
    const field = names.find((part) => KNOWN.some((known) => known.test(part))) ?? names.at(-1) ?? "";
    if (GIVEN.test(field)) found.receives.add(names[names.indexOf(field) + 1] ?? value);
    else if (/^disabled$/i.test(field) || /^enabled$/i.test(field))
      disabled = (value === "true") === /^disabled$/i.test(field);
    else if (ASKING.test(field)) {
      if (/^(?:never|false)$/i.test(value)) found.open.add("everything without asking");
    } else if (OPEN.test(field)) {
      if (value !== "false") found.open.add(value === "true" ? "everything without asking" : value);
    } else if (CLOSED.test(field)) closed.add(value);
    else if (ONLY.test(field)) {
      // A flag by the tool's name, or the name itself.
      if (value !== "false")
        found.only = (found.only ?? new Set()).add(value === "true" ? (names.at(-1) ?? "") : value);
    } else if (ADDRESS.test(field) || (names.length === 0 && value.includes("://")))
      found.url ||= redactedAddress(value);
    else if (COMMAND.test(field) && !names.some((part) => ARGUMENTS.test(part))) pieces.command.push(value);
    else if (ARGUMENTS.test(field) || names.some((part) => ARGUMENTS.test(part)) || names.length === 0)
      pieces.args.push(value);
  }
  const command = redactedCommand([...pieces.command, ...pieces.args]);
  if (command === "" && found.url === "" && found.open.size === 0 && found.only === null && closed.size === 0)
    return null;
  return {
    command,
    url: found.url,
    receives: sorted(found.receives),
    only: found.only && sorted(found.only),
    open: sorted(found.open),
    closed: sorted(closed),
    disabled,
  };
}

const KNOWN = [GIVEN, ASKING, OPEN, CLOSED, ONLY, ADDRESS, COMMAND, ARGUMENTS, /^(?:disabled|enabled)$/i];

function sorted(values: ReadonlySet<string>): readonly string[] {
  return [...values].sort(byText);
}

/** A server in one line. */
export function shownServer(server: McpServer): string {
  return partsOf(server)
    .map(([, text]) => text)
    .join("; ");
}

function partsOf(server: McpServer): readonly (readonly [keyof McpServer, string])[] {
  const list = (name: string, values: readonly string[]) => (values.length > 0 ? `${name} ${values.join(", ")}` : "");
  const parts: readonly (readonly [keyof McpServer, string])[] = [
    ["command", server.command],
    ["url", server.url],
    ["receives", list("gets", server.receives)],
    ["only", server.only === null ? "" : list("tools", server.only) || "no tools"],
    ["open", list("allows", server.open)],
    ["closed", list("closed:", server.closed)],
    ["disabled", server.disabled ? "disabled" : ""],
  ];
  return parts.filter(([, text]) => text !== "");
}

/** Added or opened wider is major, another version of the same command material, everything else minor. */
export function judgeMcpServer(change: FactChange): Judgement {
  const before = change.before && serverOf(change.before);
  const after = change.after && serverOf(change.after);
  const remedy = "Pin the server's version, give it the least tools and environment, and register it as a tool.";
  if (!after || !before) {
    const direction = directionOf(change);
    if (after) return { direction, severity: after.disabled ? "minor" : "major", remedy };
    return { direction, severity: "minor", remedy: "Remove the server from the registry when nothing uses it." };
  }
  const wider = widened(before, after);
  const narrower = widened(after, before);
  const other = before.command !== after.command || before.url !== after.url;
  const excerpt = { before: differing(before, after), after: differing(after, before) };
  if (!other && wider !== narrower)
    return { direction: wider ? "widened" : "narrowed", severity: wider ? "major" : "minor", remedy, excerpt };
  const release = !wider && isRelease(before, after);
  return { direction: "changed", severity: release ? "material" : "major", remedy, excerpt };
}

function serverOf(fact: Fact): McpServer {
  return JSON.parse(fact.value) as McpServer;
}

/** Whether `after` has something that `before` had not. */
function widened(before: McpServer, after: McpServer): boolean {
  const more = (left: readonly string[], right: readonly string[]) => right.some((one) => !left.includes(one));
  const tools = before.only !== null && (after.only === null || more(before.only, after.only));
  return (
    tools ||
    more(before.receives, after.receives) ||
    more(before.open, after.open) ||
    more(after.closed, before.closed) ||
    (before.disabled && !after.disabled)
  );
}

/** Whether only a pinned version differs. */
function isRelease(before: McpServer, after: McpServer): boolean {
  const bare = ({ command }: McpServer) => command.replace(/(?:@|==|:)v?\d[\w.-]*(?= |$)/g, "@");
  return before.url === after.url && bare(before) === bare(after) && bare(after) !== after.command;
}

function differing(server: McpServer, other: McpServer): string | null {
  const known = new Set(partsOf(other).map(([, text]) => text));
  const parts = partsOf(server).filter(([, text]) => !known.has(text));
  return parts.length === 0 ? null : parts.map(([, text]) => text).join("; ");
}
