import type { Fact } from "../../core/detector.ts";
import type { Confidence } from "../../core/finding.ts";
import { withoutSecrets } from "../credential/secret-free-text.ts";
import { guardrailLines } from "./guardrail-line.ts";
import { hiddenText } from "./hidden-unicode.ts";
import { normalisedPrompt, wordLines } from "./prompt-text.ts";
import { shortened } from "./text-difference.ts";

/** The rules of what a prompt says, wherever it stands. */
export const GUARDRAIL_REMOVED = "prompt/guardrail-removed";
export const HIDDEN_UNICODE = "prompt/hidden-unicode";
const SHOWN = 240;

/** A prompt's text where it was found. */
export interface FoundPrompt {
  readonly rule: string;
  readonly text: string;
  /** What it is called where it stands. */
  readonly label: string;
  readonly line: number;
  readonly confidence: Confidence;
}

/** The facts of a prompt: its words, each rule it lays down, each run of characters in it that nobody sees. */
export function promptFacts(prompt: FoundPrompt): readonly Fact[] {
  const { rule, text, label, line, confidence } = prompt;
  const value = normalisedPrompt(text);
  if (value === "") return [];
  const lines = wordLines(text, line);
  const common = { label, confidence };
  return [
    {
      ...common,
      rule,
      key: "prompt",
      value,
      shown: shortened(withoutSecrets(value), SHOWN),
      line: lines[0] ?? line,
      wordLines: lines,
    },
    ...guardrailLines(text, line).map((guardrail) => ({
      ...common,
      rule: GUARDRAIL_REMOVED,
      key: "guardrail",
      value: guardrail.text,
      shown: shownText(guardrail.shown),
      line: guardrail.line,
    })),
    ...hiddenText(text, line).map((hidden) => ({
      ...common,
      rule: HIDDEN_UNICODE,
      key: hidden.kind,
      value: hidden.codes,
      line: hidden.line,
    })),
  ];
}

/** Beginning and end of a text without what could be a secret; a word is looked at whole before it is cut. */
function shownText(text: string): string {
  if (text.length <= 4 * SHOWN) return shortened(withoutSecrets(text), SHOWN);
  return shortened(`${withoutSecrets(text.slice(0, 2 * SHOWN))} ${withoutSecrets(text.slice(-2 * SHOWN))}`, SHOWN);
}
