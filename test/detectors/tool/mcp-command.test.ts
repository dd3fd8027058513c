import { describe, expect, it } from "vitest";
import { commandedServers } from "../../../src/detectors/tool/mcp-command.ts";
import { mcpServerIn, shownServer } from "../../../src/detectors/tool/mcp-server.ts";

function shown(text: string): readonly string[] {
  return commandedServers(text).flatMap((group) => {
    const server = mcpServerIn(group);
    return server ? [`${group.line} ${group.path[0]}: ${shownServer(server)}`] : [];
  });
}

describe("servers that a command registers", () => {
  it.each([
    ["claude mcp add tickets -- npx -y tickets-mcp", ["1 tickets: npx -y tickets-mcp"]],
    ["\nclaude mcp add --transport http docs https://mcp.example.com/sse", ["2 docs: https://mcp.example.com/sse"]],
    [
      "codex mcp add -e TOKEN=abc -e OTHER=x files -- files-mcp --root /srv",
      ["1 files: files-mcp --root /srv; gets OTHER, TOKEN"],
    ],
    ["gemini mcp add -H 'X-Key: abc' api https://x.example && echo done", ["1 api: https://x.example; gets X-Key"]],
    ["# claude mcp add old -- old-mcp", []],
    ["claude mcp remove tickets", []],
    ["echo 'see claude mcp list'", []],
  ])("%s", (text, servers) => {
    expect(shown(text)).toEqual(servers);
  });
});
