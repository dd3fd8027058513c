import type { FileSide } from "../../core/detector.ts";
import { surfaceOf } from "../../readers/surface.ts";
import { boundRule, PROMPT_FIELD } from "./prompt-code.ts";
import { isProse, modelTalk } from "./prompt-prose.ts";

/** Words that talk to a model, or just words: what a file holds that only what loads it would make live. */
export type LooseText = "speaking" | "plain";

const TEXT = /\.(?:md|mdx|txt|text|tmpl|tpl|xml|html?)$/i;
const ROWS = /\.(?:csv|tsv|jsonl|ndjson)$/i;
const PROJECT_DOCUMENT =
  /^(?:readme|changelog|changes|history|contributing|licen[cs]e|notice|security|code_of_conduct|authors|todo|roadmap|codeowners|makefile|dockerfile|procfile|version)\b/i;
const PROMPT_WORD =
  /(?:^|[/_.-])(?:prompts?|agents?|assistants?|bots?|chat|llms?|ai|persona|instructions?|voice|tone|system)(?:[/_.-]|$)/i;
/** Five words in a row, or a run of letters that are not Latin. */
const SENTENCE = /[a-z]{2},? [a-z'-]{1,20},? [a-z'-]{1,20},? [a-z'-]{1,20},? [a-z]|[\u0370-\uffdf]{8}/i;

/** Whether a file's ending is one of text or data: others are never loose, whatever they hold. */
export function mayBeLoose(path: string): boolean {
  const name = nameOf(path);
  return ROWS.test(name) || isText(name) || boundRule(path) === PROMPT_FIELD;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isText(name: string): boolean {
  return TEXT.test(name) || !name.includes(".");
}

/**
 * What a file of no known kind could be when something loads it; null for what nobody would load as a prompt or as the
 * data of an evaluation. An ending alone makes nothing documentation here: what code loads is live.
 */
export function looseText(file: FileSide): LooseText | null {
  if (!mayBeLoose(file.path)) return null;
  const name = nameOf(file.path);
  const rows = ROWS.test(name);
  const text = isText(name);
  if (PROJECT_DOCUMENT.test(name) || surfaceOf(`${file.path}.txt`) === "docs" || file.binary) return null;
  if (rows) return "plain";
  if (file.surface === "test" || file.surface === "example") return null;
  const speaks = PROMPT_WORD.test(file.path) || modelTalk(file.text) > 0;
  if (text) return isProse(file.text) ? (speaks ? "speaking" : "plain") : null;
  // Without parsing: that a file of data holds a sentence is enough to ask who names it.
  return SENTENCE.test(file.text) ? (speaks ? "speaking" : "plain") : null;
}
