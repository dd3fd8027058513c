import type { Fact, FileSide } from "../../core/detector.ts";
import { modeFact, openFact, permitFact } from "./permission-fact.ts";

const LISTED =
  /--((?:dis)?allowed-?tools|permission-mode|sandbox|approval-mode|ask-for-approval|approval-policy)[= ]{1,4}(?:["']([^"']{1,4000})["']|([^\s"'\\]{1,2000}))/gi;
const OPENING =
  /(?<![\w-])--(?:dangerously-[a-z-]{3,60}|yolo|full-auto|allow-all-tools|allow-all|yes-always|trust-all-tools)\b/g;
const MODES: readonly (readonly [RegExp, string])[] = [
  [/^permission/i, "permission"],
  [/^sandbox/i, "sandbox"],
  [/^a/i, "approval"],
];

/** Options of agents started from a command line: `--allowedTools`, `--dangerously-skip-permissions`. */
export function optionFacts(file: FileSide, text: string, line: number): readonly Fact[] {
  if (!text.includes("--")) return [];
  const facts: Fact[] = [];
  for (const [, option = "", quoted, plain] of text.matchAll(LISTED)) {
    const value = quoted ?? plain ?? "";
    if (/tools$/i.test(option)) {
      const permit = /^dis/i.test(option) ? "deny" : "allow";
      facts.push(...splitEntries(value).map((entry) => permitFact(file, entry, permit, line)));
    } else {
      const mode = MODES.find(([name]) => name.test(option))?.[1] ?? "";
      if (!value.startsWith("$")) facts.push(modeFact(file, mode, value, line));
    }
  }
  for (const [option] of text.matchAll(OPENING)) facts.push(openFact(file, option, line));
  return facts;
}

/** `Read, Bash(git add:*, git push:*)`: separated by commas, blanks or lines outside of brackets. */
export function splitEntries(value: string): readonly string[] {
  const entries: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= value.length; at += 1) {
    const character = value[at] ?? "\n";
    if (character === "(") depth += 1;
    else if (character === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0 && (character === "," || character === "\n" || character === " ")) {
      const entry = value
        .slice(start, at)
        .trim()
        .replace(/^["'[]|["'\]]$/g, "");
      if (entry !== "" && entry !== "-") entries.push(entry);
      start = at + 1;
    }
  }
  return entries;
}
