import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { distinctFacts } from "../distinct-facts.ts";
import { TOOL_PERMISSION } from "./permission-fact.ts";
import { judgeToolPermission } from "./permission-judgement.ts";
import { judgeToolDefinition, TOOL_DEFINITION, toolDefinitions } from "./tool-definition.ts";
import { holdsAgentSettings, isAgentsOwn, toolPermissions } from "./tool-permission.ts";

const SKIPPED =
  /\.(?:mdx|rst|txt|svg|map|patch|diff|snap|lock|csv|css|html?)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$/i;
/** Documents whose front matter gives an agent its tools. */
const LIVE_DOCUMENT =
  /(?:^|\/)(?:\.claude|\.github|\.cursor|\.opencode|\.gemini|\.windsurf|agents|skills|commands)\/.*\.md$|(?:^|\/)SKILL\.md$/i;

/** Pieces of which code and data have one where they define tools, give them to agents or let agents run freely. */
const PIECES: readonly string[] = [
  ...["tool", "functions", "function_declaration", "functiondeclaration", "ai_function", "aifunction"],
  ...[
    "kernel_function",
    "kernelfunction",
    "input_schema",
    "inputschema",
    "handoffs",
    "execute:",
    "execute(",
    "handler:",
  ],
  ...["allow_dangerous", "dangerously", "mcpservers", "permission_mode", "permissionmode", "permission-mode"],
  ...["approval_policy", "approvalpolicy", "sandbox_mode", "sandboxmode", "use_docker", "usedocker", "--yolo"],
];

const RULES: Detector["rules"] = [
  {
    id: TOOL_DEFINITION,
    class: "tool",
    summary: "A tool's name, description, schema or effects change.",
    severity:
      "An effect (write, exec, network, money) comes: major. A typing error in a description: minor. Else material.",
  },
  {
    id: TOOL_PERMISSION,
    class: "tool",
    summary: "What an agent may do without asking changes: commands, sandbox, network, hooks.",
    severity:
      "Wider: major, and every command, no sandbox or no questions at all: at least tier critical. Narrower: minor.",
  },
];

/** What an agent can call, and what it may do without asking, in code and data. */
export const toolDetector: Detector = {
  name: "tool",
  rules: RULES,
  literals: PIECES,
  selects: (path) => isRead(path) && !holdsAgentSettings(path),
  extract,
  judge,
};

/** The same in files that are agents' settings: what they do not say matters too, so none is passed over. */
export const agentSettingsDetector: Detector = {
  name: "agent settings",
  rules: RULES,
  literals: [],
  selects: (path) => isRead(path) && holdsAgentSettings(path),
  extract,
  judge,
};

/** Of files that a policy ignores: no policy can pass over what an agent may do in its repository (P08). */
export const keptAgentSettingsDetector: Detector = {
  ...agentSettingsDetector,
  selects: (path) => isRead(path) && isAgentsOwn(path),
  extract: (file) => extract(file).filter(({ rule }) => rule === TOOL_PERMISSION),
};

function isRead(path: string): boolean {
  return !SKIPPED.test(path) && (!/\.md$/i.test(path) || LIVE_DOCUMENT.test(path));
}

function extract(file: FileSide): readonly Fact[] {
  return file.binary ? [] : [...toolDefinitions(file), ...distinctFacts(toolPermissions(file))];
}

function judge(change: FactChange): Judgement {
  const { rule } = change.after ?? change.before ?? {};
  return rule === TOOL_DEFINITION ? judgeToolDefinition(change) : judgeToolPermission(change);
}
