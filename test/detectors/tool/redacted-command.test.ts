import { describe, expect, it } from "vitest";
import { redactedAddress, redactedCommand } from "../../../src/detectors/tool/redacted-command.ts";

describe("a command line without secrets", () => {
  it.each([
    [["npx", "-y", "server"], "npx -y server"],
    [["run", "--api-key", "v1"], "run --api-key ***"],
    [["run", "--token=v1"], "run --token=***"],
    [["run", "API_KEY=v1"], "run API_KEY=***"],
    [["-e", "GITHUB_TOKEN=v1", "image"], "-e GITHUB_TOKEN=*** image"],
    [["run", "--token", "--verbose"], "run --token --verbose"],
    [["run", `--token=$${"{TOKEN}"}`], `run --token=$${"{TOKEN}"}`],
    [["-H", "Authorization: Bearer v1"], "-H Authorization:***"],
    [["curl", "https://user:pass@example.com/a?key=v1&page=2"], "curl https://example.com/a?key=***&page=***"],
  ])("%j", (parts, shown) => {
    expect(redactedCommand(parts)).toBe(shown);
  });
});

describe("an address without secrets", () => {
  it.each([
    ["https://example.com/sse", "https://example.com/sse"],
    ["https://user:pass@example.com/sse", "https://example.com/sse"],
    ["https://example.com/a@b", "https://example.com/a@b"],
    ["https://example.com?token=v1", "https://example.com?token=***"],
    ["https://example.com/?a=1?b=2", "https://example.com/?a=***"],
    ["stdio", "stdio"],
  ])("%s", (address, shown) => {
    expect(redactedAddress(address)).toBe(shown);
  });
});
