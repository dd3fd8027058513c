/** What an identifier of a model says about it. */
export interface ModelId {
  /** The provider that made the model, by its family. */
  readonly provider: string;
  /** The name without route, snapshot and alias: ids that differ in these alone are of one family. */
  readonly family: string;
  /** The dated or numbered snapshot, or null for a name that moves. */
  readonly snapshot: string | null;
}

const KNOWN =
  /^(?:gpt-[0-9a-z]|o[1-9](?:-|$)|chatgpt-|claude-|gemini-|gemma|llama|mistral|mixtral|command-r|deepseek-|qwen|grok-|text-embedding-)/;
const SNAPSHOT = /-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$/;

/** Reads a model id, or null for a text that is none. */
export function modelIdIn(text: string): ModelId | null {
  const value = text.trim().toLowerCase();
  if (value.length > 120 || /\s/.test(value)) return null;
  const name = value.slice(value.lastIndexOf("/") + 1);
  if (!KNOWN.test(name)) return null;
  const snapshot = SNAPSHOT.exec(name)?.[1] ?? null;
  const family = name.replace(SNAPSHOT, "").replace(/-latest$/, "");
  return { provider: /^[a-z]+/.exec(family)?.[0] ?? "", family, snapshot };
}
