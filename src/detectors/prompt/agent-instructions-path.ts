/** Agents look for these by their exact name; in lower case they are pages of a manual, except at the root. */
const NAMES =
  /(?:^|\/)(?:AGENTS?|CLAUDE|GEMINI|QWEN|WARP|CRUSH|CONVENTIONS|SKILL|Skill|SOUL)(?:\.(?:local|override))?\.md$|^(?:agents?|claude|gemini|skill)(?:\.local)?\.md$/;
const FILES =
  /(?:^|\/)(?:\.?(?:cursorrules|clinerules|windsurfrules|roorules|aiderules|goosehints)(?:[-_.][\w-]+)?|copilot-instructions\.md|[^/]+\.(?:mdc|instructions\.md|chatmode\.md|agent\.md)|\.rules)$/i;
const FOLDERS =
  /(?:^|\/)(?:\.cursor\/(?:rules|commands)|\.clinerules|\.windsurf\/(?:rules|workflows)|\.github\/(?:instructions|chatmodes|agents|skills)|\.claude\/(?:agents|commands|skills|output-styles|rules)|\.(?:codex|opencode|gemini|qwen|agents|agent)\/(?:[\w-]+\/){0,4}|\.roo\/(?:rules|commands)[\w-]*|\.kiro\/(?:steering|specs)|\.amazonq\/(?:rules|cli-agents)|\.continue\/(?:rules|prompts)|\.junie|\.augment\/rules|\.trae\/rules|\.goose|\.factory\/(?:droids|commands)|\.openhands\/microagents)\/?(?:[^/]+\/){0,6}[^/]+\.(?:md|mdx|mdc|txt|toml)$/i;
const SKILL_REFERENCE = /(?:^|\/)skills\/[^/]+\/(?:[^/]+\/){0,4}[^/]+\.md$/i;

/** Whether agents load a file as instructions by its name or folder. */
export function isAgentInstructions(path: string): boolean {
  return hasAgentInstructionsName(path) || FOLDERS.test(path) || SKILL_REFERENCE.test(path);
}

/** Whether the name alone says so, whatever the folder. */
export function hasAgentInstructionsName(path: string): boolean {
  return NAMES.test(path) || FILES.test(path);
}
