import type { Detector, FactChange, Judgement } from "../core/detector.ts";
import { distinctFacts } from "./distinct-facts.ts";
import { TOOL_PERMISSION } from "./permission-fact.ts";
import { judgeToolPermission } from "./permission-judgement.ts";
import { judgeToolDefinition, TOOL_DEFINITION, toolDefinitions } from "./tool-definition.ts";
import { toolPermissions } from "./tool-permission.ts";

const SKIPPED =
  /\.(?:mdx|rst|txt|svg|map|patch|diff|snap|lock|csv|css|html?)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$/i;
/** Documents whose front matter gives an agent its tools. */
const LIVE_DOCUMENT =
  /(?:^|\/)(?:\.claude|\.github|\.cursor|\.opencode|\.gemini|\.windsurf|agents|skills|commands)\/.*\.md$|(?:^|\/)SKILL\.md$/i;

/** What an agent can call, and what it may do without asking. */
export const toolDetector: Detector = {
  name: "tool",
  rules: [
    { id: TOOL_DEFINITION, class: "tool", summary: "A tool's name, description, schema or effects change." },
    {
      id: TOOL_PERMISSION,
      class: "tool",
      summary: "What an agent may do without asking changes: commands, sandbox, network, hooks.",
    },
  ],
  literals: [],
  selects: (path) => !SKIPPED.test(path) && (!/\.md$/i.test(path) || LIVE_DOCUMENT.test(path)),
  extract: (file) => (file.binary ? [] : [...toolDefinitions(file), ...distinctFacts(toolPermissions(file))]),
  judge: (change: FactChange): Judgement =>
    (change.after ?? change.before)?.rule === TOOL_DEFINITION
      ? judgeToolDefinition(change)
      : judgeToolPermission(change),
};
