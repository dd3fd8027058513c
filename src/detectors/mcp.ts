import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";
import { embeddedLiterals } from "./embedded-json.ts";
import { groupLiterals, type LiteralGroup, valueIn, valuesOf } from "./literal-groups.ts";
import { redactedAddress, redactedCommand } from "./redacted-command.ts";

const RULE = "tool/mcp";
const SKIPPED = /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|lock|csv)$|(?:^|\/)package-lock\.json$/i;
/** Documents whose front matter configures an agent. */
const LIVE_DOCUMENT =
  /(?:^|\/)(?:\.claude|\.github|\.cursor|\.opencode|\.gemini|agents|skills)\/.*\.md$|(?:^|\/)SKILL\.md$/;
const SERVER_FILE =
  /(?:^|\/)(?:\.?mcp(?:[._-][^/]*)?\.(?:jsonc?|ya?ml|toml)|[^/]*mcp[_-]?settings\.json|claude_desktop_config\.json)$/i;
const SERVER_MAPS = /^(?:mcpservers|mcp_servers|mcp-servers|context_servers|mcp\.servers)$/i;
const SERVER_CALLS =
  /(?:^|\.)(?:MCPServer(?:Stdio|Sse|StreamableHttp|HTTP)?|StdioServerParameters|StdioClientTransport|SSEClientTransport|StreamableHTTPClientTransport|MCPToolset|McpToolset|HostedMCPTool|MultiServerMCPClient|MultiServerMcpClient|sse_client|streamablehttp_client|streamable_http_client|stdio_client|MCPStdioTool|MCPStreamableHTTPTool|MCPClient|experimental_createMCPClient|createMCPClient)\(\)$/;
const ALLOWED =
  /^(?:alwaysallow|autoapprove|tools|includetools|include_tools|enabled_tools|enabledtools|allowedtools|allowed_tools|tool_names|trust)$/i;
const FORBIDDEN = /^(?:disabledtools|disabled_tools|excludetools|exclude_tools|blockedtools|disabled)$/i;

/** MCP servers: how each is started or reached, what it gets from the environment, which of its tools are open. */
export const mcpDetector: Detector = {
  name: "mcp",
  rules: [{ id: RULE, class: "tool", summary: "An MCP server is added, removed, started otherwise, or opened wider." }],
  literals: ["mcp", "context_servers", "stdioserverparameters"],
  selects: (path) => !SKIPPED.test(path) || LIVE_DOCUMENT.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts([...configured(file), ...inCode(file)])),
  judge,
};

function configured(file: FileSide): readonly Fact[] {
  const literals = [...file.literals, ...embeddedLiterals(file.literals, /mcpServers|mcp_servers/)];
  const groups = groupLiterals(literals, (path) => {
    const at = serverAt(file, path);
    return at === null || path.length <= at ? null : at;
  });
  return groups.flatMap((group) => serverFacts(file, group));
}

/** Where the path of a server's fields begins: after the map's name and the server's. */
function serverAt(file: FileSide, path: readonly string[]): number | null {
  const map = path.findIndex((part) => SERVER_MAPS.test(part));
  if (map >= 0) return map + 2;
  if (path[0] === "servers" && SERVER_FILE.test(file.path)) return 2;
  if (path[0] === "mcp" && path[1] === "servers") return 3;
  return path[0] === "mcp" && /(?:^|\/)opencode\.jsonc?$/.test(file.path) ? 2 : null;
}

function serverFacts(file: FileSide, group: LiteralGroup): readonly Fact[] {
  const name = valueIn(group, /^(?:name|id|server_label)$/i) ?? group.path.at(-1) ?? "";
  const facts: Fact[] = [];
  const add = (slot: string, value: string, line: number, references: readonly string[] = []) =>
    facts.push(fact(file, `${name} ${slot}`, value, line, references));
  const command = [...valuesOf(group, /^command$/i), ...valuesOf(group, /^args$/i)];
  if (command.length > 0) add("command", redactedCommand(command), group.line);
  for (const { path, value, line } of group.fields) {
    const [first = "", second] = path;
    const field = first.toLowerCase();
    if (/^(?:url|serverurl|httpurl|endpoint|server_url)$/.test(field)) add("url", redactedAddress(value), line);
    else if (/^(?:env|environment|headers|http_headers|env_http_headers|requestinit)$/.test(field) && second)
      add(`${field} ${path.at(-1)}`, "set", line, [path.at(-1) ?? ""]);
    else if (ALLOWED.test(field) && value !== "false")
      add(`allows ${value === "true" ? field : value}`, "allowed", line);
    else if (FORBIDDEN.test(field) && value !== "false")
      add(`forbids ${value === "true" ? "the server" : value}`, "forbidden", line);
  }
  return facts.length > 0 ? facts : [fact(file, `${name} server`, "present", group.line)];
}

/** Servers that code starts or reaches, by the call that does it. */
function inCode(file: FileSide): readonly Fact[] {
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.findIndex((part) => SERVER_CALLS.test(part));
    return at < 0 || path.some((part) => SERVER_MAPS.test(part)) ? null : at + 1;
  });
  return groups.flatMap((group) => {
    const call = (group.path.at(-1) ?? "").split(".").at(-1) ?? "";
    const parts = group.fields.filter(
      ({ path }) => !path.includes("env") && !path.includes("headers") && isLaunch(path),
    );
    return parts.length === 0
      ? []
      : [
          fact(
            file,
            `${call} ${valueIn(group, /^name$/) ?? ""}`.trim(),
            redactedCommand(parts.map(({ value }) => value)),
            group.line,
          ),
        ];
  });
}

function isLaunch(path: readonly string[]): boolean {
  return (
    path.some((part) =>
      /^(?:\d+|command|args|url|server_url|serverUrl|transport|URL\(\)|server_label|require_approval|allowed_tools)$/.test(
        part,
      ),
    ) || path.length > 1
  );
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
  if ((after ?? before)?.value === "forbidden") {
    return after
      ? { direction: "narrowed", severity: "minor", remedy: "Check that no task still needs what is now closed." }
      : {
          direction: "widened",
          severity: "major",
          remedy: "Keep the tool or server closed, or register what it may do.",
        };
  }
  const direction = directionOf(change);
  if (!after)
    return { direction, severity: "minor", remedy: "Remove the server from the registry when nothing uses it." };
  const remedy = "Pin the server's version, give it the least tools and environment, and register it as a tool.";
  return { direction, severity: "major", remedy };
}
