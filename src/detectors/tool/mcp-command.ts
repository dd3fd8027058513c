import type { LiteralGroup } from "../literal-groups.ts";

const COMMAND = /\b(?:claude|codex|gemini|qwen|copilot|amp|droid)\s{1,5}mcp\s{1,5}add(?:-json)?\s{1,5}([^\n]{1,1000})/;
const OPTION_WITH_VALUE = /^(?:-s|--scope|-t|--transport|-e|--env|-H|--header|--client-id|--client-secret|--timeout)$/;
const MAX_LINE = 4_000;

/** Servers that a script registers by an agent's own command: `claude mcp add name -- npx server`. */
export function commandedServers(text: string): readonly LiteralGroup[] {
  if (!text.includes("mcp add")) return [];
  return text.split("\n").flatMap((line, index): readonly LiteralGroup[] => {
    const rest = line.length > MAX_LINE || /^\s*(?:#|\/\/)/.test(line) ? undefined : COMMAND.exec(line)?.[1];
    return rest === undefined ? [] : [registration(rest.split(/\s+(?:&&|\|\||[;|])/)[0] ?? "", index + 1)];
  });
}

function registration(text: string, line: number): LiteralGroup {
  const fields: { path: readonly string[]; value: string; line: number }[] = [];
  const words = (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^["'`]+|["'`,\\]+$/g, ""));
  let name = "";
  let given = "";
  for (const word of words) {
    if (word === "") continue;
    if (OPTION_WITH_VALUE.test(given)) {
      if (/^(?:-e|--env)$/.test(given)) fields.push({ path: ["env", word.split("=")[0] ?? ""], value: "", line });
      if (/^(?:-H|--header)$/.test(given))
        fields.push({ path: ["headers", word.split(":")[0] ?? ""], value: "", line });
      given = "";
    } else if (name !== "" && !OPTION_WITH_VALUE.test(word) && word !== "--")
      fields.push({ path: [], value: word, line });
    else if (OPTION_WITH_VALUE.test(word)) given = word;
    else if (!word.startsWith("-")) name = word;
  }
  return { path: [name], line, fields };
}
