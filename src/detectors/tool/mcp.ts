import type { Detector, Fact, FileSide, Literal } from "../../core/detector.ts";
import { confidenceIn, distinctFacts } from "../distinct-facts.ts";
import { embeddedLiterals } from "../embedded-json.ts";
import { groupLiterals, type LiteralGroup, valueIn } from "../literal-groups.ts";
import { partQuestion } from "../literal-parts.ts";
import { textGate } from "../text-gate.ts";
import { commandedServers } from "./mcp-command.ts";
import { judgeMcpServer, type McpServer, mcpServerIn, shownServer } from "./mcp-server.ts";

const RULE = "tool/mcp";
const SKIPPED = /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|lock|csv)$|(?:^|\/)package-lock\.json$/i;
/** Documents whose front matter configures an agent. */
const LIVE_DOCUMENT =
  /(?:^|\/)(?:\.claude|\.github|\.cursor|\.opencode|\.gemini|agents|skills)\/.*\.md$|(?:^|\/)SKILL\.md$/;
const SERVER_FILE =
  /(?:^|\/)(?:\.?mcp(?:[._-][^/]*)?\.(?:jsonc?|ya?ml|toml)|[^/]*mcp[_-]?settings\.json|claude_desktop_config\.json)$/i;
const SERVER_MAPS = /^(?:mcpservers|mcp_servers|mcp-servers|context_servers|mcp\.servers|mcpserverconfig)$/i;
const SERVER_CALLS =
  /(?:^|\.)(?:MCPServer(?:Stdio|Sse|StreamableHttp|HTTP)?|StdioServerParameters|StdioClientTransport|SSEClientTransport|StreamableHTTPClientTransport|MCPToolset|McpToolset|HostedMCPTool|MultiServerMCPClient|MultiServerMcpClient|sse_client|streamablehttp_client|streamable_http_client|stdio_client|MCPStdioTool|MCPStreamableHTTPTool|MCPWebsocketTool|MCPClient|experimental_createMCPClient|createMCPClient|NewStdioMCPClient|NewStreamableHttpClient|NewSSEMCPClient|CommandTransport)\(\)$/;
const mayRegister = textGate("mcp add");

/** MCP servers: how each is started or reached, what it gets from the environment, which of its tools are open. */
export const mcpDetector: Detector = {
  name: "mcp",
  rules: [
    {
      id: RULE,
      class: "tool",
      summary: "An MCP server is added, removed, started otherwise, or opened wider.",
      severity:
        "Added, started otherwise or opened wider: major. Another pinned version: material. Removed or narrowed: minor.",
    },
  ],
  literals: ["mcp", "servers", "server_url", "server_label", "stdio", "extensions:", "sse_client", "streamable"],
  selects: (path) => !SKIPPED.test(path) || LIVE_DOCUMENT.test(path),
  extract: (file) =>
    file.binary
      ? []
      : distinctFacts([
          ...configured(file),
          ...inCode(file),
          ...(mayRegister(file) ? commandedServers(file.text) : []).flatMap((group) =>
            factOf(file, group, group.path[0] ?? ""),
          ),
        ]),
  judge: judgeMcpServer,
};

/** Parts without which no path leads to a server's fields. */
const serverParts = partQuestion(
  (part) => /^(?:servers|mcp|extensions|server_url|server_label)$/.test(part) || SERVER_MAPS.test(part),
);
const serverCalls = partQuestion((part) => part.endsWith("()") && SERVER_CALLS.test(part));

function configured(file: FileSide): readonly Fact[] {
  const embedded = embeddedServers(file.literals);
  const literals = embedded.length > 0 ? [...file.literals, ...embedded] : file.literals;
  if (!serverParts.any(literals)) return [];
  const labelled = labelledObjects(literals);
  const groups = groupLiterals(literals, (path) => {
    const at = serverAt(file, path) ?? labelled(path);
    return at === null || path.length <= at ? null : at;
  });
  return groups.flatMap((group) => factOf(file, group, nameOf(group) ?? group.path.at(-1) ?? ""));
}

/** Configuration that stands as JSON in a string, alone or after an option. */
function embeddedServers(literals: readonly Literal[]): readonly Literal[] {
  return literals
    .filter(({ value }) => value.includes("mcpServers") || value.includes("mcp_servers"))
    .flatMap((literal) => {
      const start = literal.value.indexOf("{");
      const end = literal.value.lastIndexOf("}");
      const value = start < 0 ? "" : literal.value.slice(start, end + 1);
      return embeddedLiterals([{ ...literal, value }], /mcpServers|mcp_servers/);
    });
}

/** Where the path of a server's fields begins: after the map's name and the server's. */
function serverAt(file: FileSide, path: readonly string[]): number | null {
  const map = path.findIndex((part) => SERVER_MAPS.test(part));
  if (map >= 0) return map + 2;
  if (path[0] === "servers" && SERVER_FILE.test(file.path)) return 2;
  if (path[0] === "mcp" && path[1] === "servers") return 3;
  if (path[0] === "extensions" && /(?:^|\/)\.?goose\//.test(file.path)) return 2;
  return path[0] === "mcp" && /(?:^|\/)opencode\.jsonc?$/.test(file.path) ? 2 : null;
}

/** Finds the objects that hold a `server_url` or `server_label`: tools of type `mcp` in requests to a model. */
function labelledObjects(literals: readonly Literal[]): (path: readonly string[]) => number | null {
  const owners = new Set<string>();
  for (const { path } of literals)
    if (
      path.length > 1 &&
      (path.at(-1) === "server_url" || path.at(-1) === "server_label") &&
      !path.some((part) => SERVER_CALLS.test(part))
    )
      owners.add(JSON.stringify(path.slice(0, -1)));
  if (owners.size === 0) return () => null;
  return (path) => {
    for (let length = path.length - 1; length >= 0; length -= 1)
      if (owners.has(JSON.stringify(path.slice(0, length)))) return length;
    return null;
  };
}

function nameOf(group: LiteralGroup): string | undefined {
  return (
    valueIn(group, /^server_label$/i) ??
    (/^\d+$/.test(group.path.at(-1) ?? "") ? (valueIn(group, /^(?:name|id)$/i) ?? "server") : undefined)
  );
}

/** Servers that code starts or reaches, by the call that does it. */
function inCode(file: FileSide): readonly Fact[] {
  const meant = serverCalls.meant(file.literals);
  if (meant === null) return [];
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.findIndex(meant);
    return at < 0 || path.some((part) => SERVER_MAPS.test(part)) ? null : at + 1;
  });
  return groups.flatMap((group) => {
    const call = (group.path.at(-1) ?? "").split(".").at(-1) ?? "";
    return factOf(file, group, valueIn(group, /^name$/) ?? call.replace("()", ""));
  });
}

function factOf(file: FileSide, group: LiteralGroup, name: string): readonly Fact[] {
  const server = mcpServerIn(group);
  return server === null ? [] : [fact(file, name, server, group.line)];
}

function fact(file: FileSide, name: string, server: McpServer, line: number): Fact {
  return {
    rule: RULE,
    key: name,
    value: JSON.stringify(server),
    shown: shownServer(server),
    line,
    confidence: confidenceIn(file),
    ...(server.receives.length > 0 ? { references: server.receives } : {}),
  };
}
