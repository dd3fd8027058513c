import type { Detector, FileSide } from "../core/detector.ts";
import { surfaceOf } from "../readers/surface.ts";
import { hasAgentInstructionsName, isAgentInstructions } from "./agent-instructions-path.ts";
import { judgePrompt } from "./prompt.ts";
import { promptFacts } from "./prompt-facts.ts";

/** The rule of files that coding agents read as instructions. */
export const AGENT_INSTRUCTIONS = "prompt/agent-instructions";

/** What coding agents are told by files they load on their own. */
export const agentInstructionsDetector: Detector = {
  name: "agent instructions",
  rules: [
    { id: AGENT_INSTRUCTIONS, class: "prompt", summary: "A file that coding agents follow says something else." },
  ],
  literals: [],
  selects: isAgentInstructions,
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

/** Agents read such files wherever they lie; only copies kept as test data are quiet. */
function liveSurface(file: FileSide): FileSide["surface"] {
  if (file.surface !== "docs") return file.surface;
  return surfaceOf(file.path.replace(/\.(?:md|mdx|mdc)$/i, ".txt")) === "docs" && !hasAgentInstructionsName(file.path)
    ? "docs"
    : "production";
}
