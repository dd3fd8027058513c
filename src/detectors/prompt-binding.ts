import type { FileSide, Literal } from "../core/detector.ts";
import { callEvidence, nameEvidence } from "./prompt-name.ts";
import { isProse, isUserQuestion, mentionsModels, modelTalk } from "./prompt-prose.ts";

/** Calls and keys whose text is for people who use or run the program. */
const FOR_PEOPLE =
  /(?:^|\.)(?:log|logger|logging|console|print|println|printf|fprintf|puts|echo|debug|info|warn|warning|error|exception|raise|throw|panic|fail|abort|assert\w*|expect|describe|it|test|Error|\w+Error|\w+Exception|add_argument|add_parser|option|argument|click\.\w+|typer\.\w+|input|getpass|confirm|question|inquirer\.\w+|rl\.question|readline|toast|alert|notify|st\.\w+|gr\.\w+|Field|querySelector\w*|t|i18n\.t|gettext|_|fetch|re\.\w+|RegExp|execute|sql|cursor\.\w+)\(\)$/;
const KEYS_FOR_PEOPLE =
  /^(?:help|placeholder|error|errors|label|title|tooltip|hint|alt|aria-label|ariaLabel|className|class|href|src|url|id|slug|icon|summary|changelog|licen[cs]e|homepage|author|keywords|doc|docs|documentation|deprecated|epilog|usage|metavar|sample|caption|notice|log|logs|readme|pattern|regex|command|script|run|if|shell|cmd|sql|stylesheet|html|css|svg|test|name)$/i;
const PROMPT_FILE = /(?:^|[._-])(?:prompts?|instructions|system_?messages?|personas?)\.[a-z0-9]{1,5}$/i;
const PROMPT_FOLDER = /(?:^|\/)(?:[a-z0-9]+[-_])?(?:prompts?|personas?|prompt[-_]templates?|system[-_]prompts?)\//i;
const LONG = 80;
const SHORTEST_FRAGMENT = 24;

/** A literal that is a prompt, and what it is bound to. */
export interface BoundPrompt {
  readonly literal: Literal;
  readonly label: string;
}

/** The literals of a file that are prompts, by what they are bound to, who they are said to and how they read; `loaded` files are prompts throughout. */
export function boundPrompts(file: FileSide, loaded: boolean): readonly BoundPrompt[] {
  const whole = loaded || PROMPT_FILE.test(file.path) || PROMPT_FOLDER.test(file.path);
  const scene: Scene = { whole, models: mentionsModels(file.text), signatures: signaturesIn(file.text) };
  const roles = rolesIn(file.literals);
  return file.literals.flatMap((literal, index): readonly BoundPrompt[] =>
    literal.kind === "string" && isPrompt(literal, scene, roles.get(index) ?? null)
      ? [{ literal, label: labelOf(literal.path) }]
      : [],
  );
}

interface Scene {
  /** The file exists to hold prompts. */
  readonly whole: boolean;
  readonly models: boolean;
  /** Classes whose documentation string is the prompt. */
  readonly signatures: ReadonlySet<string>;
}

function isPrompt(literal: Literal, scene: Scene, role: string | null): boolean {
  const { path, value } = literal;
  const last = path.at(-1) ?? "";
  if (path[0] === "import" || last === "case" || path.includes("==") || !isProse(value)) return false;
  if (last === "doc") return scene.signatures.has((path.at(-2) ?? "").replace(/\(\)$/, ""));
  const names = path.filter((part) => !/^\d+$/.test(part));
  const inner = names.at(-1) ?? "";
  if (isForPeople(names)) return false;
  const talk = modelTalk(value);
  const long = value.length >= LONG || value.trim().includes("\n");
  if (talk === 0 && isUserQuestion(value)) return false;
  if (role !== null) return role !== "user" && role !== "assistant" ? true : talk > 0 || long;
  switch (bindingOf(names)) {
    case "sure":
      return scene.models || talk > 0 || /system/i.test(inner) || value.length >= LONG / 2;
    case "maybe":
      if (talk === 2 && value.length >= LONG / 2) return scene.models || /system|instruction/i.test(inner);
      if (scene.models && talk === 1 && long) return true;
      break;
    case "about":
      return false;
  }
  if (scene.whole) return (scene.models || talk > 0) && value.trim().length >= SHORTEST_FRAGMENT;
  return scene.models && talk === 2 && value.length >= LONG;
}

function isForPeople(names: readonly string[]): boolean {
  const inner = names.at(-1) ?? "";
  const call = names.findLast((name) => name.endsWith("()")) ?? "";
  if (KEYS_FOR_PEOPLE.test(inner)) return true;
  return FOR_PEOPLE.test(call) && !callEvidence(call);
}

/** The strongest thing that the names around a value say; the innermost one decides whether it is only about a prompt. */
function bindingOf(names: readonly string[]): "sure" | "maybe" | "about" | null {
  let best: "sure" | "maybe" | null = null;
  for (const name of names) {
    const evidence = name.endsWith("()") ? callEvidence(name) : nameEvidence(name);
    if (evidence === "sure") best = "sure";
    else if (evidence === "maybe") best ??= "maybe";
  }
  return best;
}

/** For each `content` the role beside it, by the literal's position. */
function rolesIn(literals: readonly Literal[]): ReadonlyMap<number, string> {
  const roles = new Map<number, string>();
  const open = new Map<string, { at: number; role: string }>();
  const waiting = new Map<string, number[]>();
  literals.forEach(({ path, value }, index) => {
    const last = path.at(-1) ?? "";
    if (last === "role" || last === "type") {
      if (!/^(?:system|user|assistant|developer|human|ai|model)$/i.test(value)) return;
      const prefix = JSON.stringify(path.slice(0, -1));
      const role = value
        .toLowerCase()
        .replace("human", "user")
        .replace(/^(?:ai|model)$/, "assistant");
      open.set(prefix, { at: index, role });
      for (const earlier of waiting.get(prefix) ?? []) if (index - earlier <= 3) roles.set(earlier, role);
      waiting.delete(prefix);
      return;
    }
    const at = path.findLastIndex((part) => /^(?:content|text|parts|message|prompt)$/.test(part));
    if (at < 0) return;
    const prefix = JSON.stringify(path.slice(0, at));
    const known = open.get(prefix);
    if (known && index - known.at <= 12) roles.set(index, known.role);
    else waiting.set(prefix, [...(waiting.get(prefix) ?? []).slice(-8), index]);
  });
  return roles;
}

function signaturesIn(text: string): ReadonlySet<string> {
  if (!text.includes("Signature")) return new Set();
  return new Set(
    [...text.matchAll(/class[ \t]+(\w{1,100})[ \t]*\([ \t]*(?:dspy\.)?Signature\b/g)].map((match) => match[1] ?? ""),
  );
}

function labelOf(path: readonly string[]): string {
  const names = path.filter((part) => !/^\d+$/.test(part) && part !== "return");
  const name = names.findLast((part) => nameEvidence(part) === "sure") ?? names.at(-1) ?? "prompt";
  return name.length > 80 ? `${name.slice(0, 79)}…` : name;
}
