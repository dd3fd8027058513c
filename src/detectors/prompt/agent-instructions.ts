import type { Detector, FileSide } from "../../core/detector.ts";
import { surfaceOf } from "../../readers/surface.ts";
import { hasAgentInstructionsName, isAgentInstructions } from "./agent-instructions-path.ts";
import { judgePrompt } from "./prompt.ts";
import { promptFacts } from "./prompt-facts.ts";

/** The rule of files that coding agents read as instructions. */
const AGENT_INSTRUCTIONS = "prompt/agent-instructions";

const NAME = "agent instructions";
const PROJECT_DOCUMENT = /(?:^|\/)(?:readme|changelog|contributing|licen[cs]e)\b[^/]*$/i;
const MAX_REFERENCES = 200;

/** What coding agents are told by files they load on their own. */
export const agentInstructionsDetector: Detector = {
  name: NAME,
  rules: [
    {
      id: AGENT_INSTRUCTIONS,
      class: "prompt",
      summary: "A file that coding agents follow says something else.",
      severity: "minor",
      wholeFile: true,
    },
  ],
  literals: [],
  selects: isAgentInstructions,
  wants: instructionPaths,
  extract(file) {
    if (file.binary) return [];
    const facts = promptFacts({
      rule: AGENT_INSTRUCTIONS,
      text: file.text,
      label: file.path.slice(file.path.lastIndexOf("/") + 1),
      line: 1,
      confidence: "certain",
    });
    const surface = liveSurface(file);
    return facts.map((fact) => ({ ...fact, surface }));
  },
  judge: (change) => ({
    ...judgePrompt(change),
    severity: "minor",
    remedy: "Read what agents will do with the new instructions.",
  }),
};

/** What instructions take in: `@docs/rules.md`, and the documents a skill links to. */
function instructionPaths(file: FileSide): readonly string[] {
  if (file.binary) return [];
  const imports = file.text.matchAll(/(?:^|[\s(])@(\.{0,2}\/?[\w.-]{1,80}(?:\/[\w.-]{1,80}){0,8}\.(?:md|mdc|txt))\b/g);
  const links = /(?:^|\/)SKILL\.md$/i.test(file.path) ? file.text.matchAll(/\]\(([^)\s]{1,200}\.(?:md|txt))\)/g) : [];
  return [...imports, ...links]
    .map((match) => match[1] ?? "")
    .filter((path) => !PROJECT_DOCUMENT.test(path))
    .slice(0, MAX_REFERENCES);
}

/** Agents read such files wherever they lie; only copies kept as test data are quiet. */
function liveSurface(file: FileSide): FileSide["surface"] {
  if (file.surface !== "docs") return file.surface;
  if (file.roles?.has(NAME)) return "production";
  return surfaceOf(file.path.replace(/\.(?:md|mdx|mdc)$/i, ".txt")) === "docs" && !hasAgentInstructionsName(file.path)
    ? "docs"
    : "production";
}
