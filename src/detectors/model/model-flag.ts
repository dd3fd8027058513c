import type { FileSide, Literal } from "../../core/detector.ts";
import { linesOf } from "../file-lines.ts";
import { memoisedByObject } from "../memoised.ts";
import { firstLineOf } from "./code-lines.ts";

/** A value that a command line or a list of arguments gives to an option. */
export interface FlagValue {
  /** The option without dashes, in lower case with underscores. */
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

const FLAG = /^(?:-[a-z],? ?)?--([a-z][a-z0-9]*(?:[-_][a-z0-9]+){0,4})(?:[ ,<[][^=]{0,60})?$|^-([a-z])$/i;
const IN_COMMAND = /(?:^|[\s"'`(])--([a-z][a-z0-9]*(?:[-_][a-z0-9]+){0,4})[ =]["']?([^\s"'`;|&)]{1,160})/gi;
const SUBCOMMAND =
  /\b(?:ollama (?:run|pull|create)|vllm serve|lms load|huggingface-cli download|hf download|text-generation-launcher --model-id)\s{1,4}([\w./:@-]{2,120})/g;
const SHELL =
  /\.(?:sh|bash|zsh|fish|ps1|bat|cmd|mk)$|(?:^|\/)(?:dockerfile[^/]*|containerfile|makefile|justfile|procfile|[\w.-]+\.dockerfile|entrypoint[^/]*)$/i;

/** The names that options give to literals: by index of the literal that holds the value. */
export const flagNames: (literals: readonly Literal[]) => ReadonlyMap<number, string> = memoisedByObject((literals) => {
  const names = new Map<number, string>();
  let current: { readonly parent: string; readonly name: string } | null = null;
  literals.forEach(({ path, value, kind }, index) => {
    const last = path.at(-1) ?? "";
    const flag = kind === "string" && value.startsWith("-") && /^\d+$/.test(last) ? FLAG.exec(value) : null;
    if (!flag && !current) return;
    const parent = path.slice(0, -1).join("\0");
    if (flag) current = { parent, name: optionName(flag[1] ?? flag[2] ?? "") };
    else if (current && parent === current.parent && (/^\d+$/.test(last) || last === "default"))
      names.set(index, current.name);
    else if (current && parent !== current.parent) current = null;
  });
  return names;
});

/** Options inside longer strings (`claude_args: --model x --max-turns 5`), scripts and build files. */
export const flagValues: (file: FileSide) => readonly FlagValue[] = memoisedByObject((file) => {
  const found: FlagValue[] = [];
  for (const literal of file.literals) {
    const { value, kind } = literal;
    if (kind !== "string" || value.length > 20_000 || !(value.includes("--") || /\b(?:ollama|vllm) /.test(value)))
      continue;
    found.push(...commandValues(value, firstLineOf(file, literal)));
  }
  if (SHELL.test(file.path)) found.push(...scriptValues(file));
  return distinct(found);
});

function scriptValues(file: FileSide): readonly FlagValue[] {
  return linesOf(file).flatMap((text, index) => {
    const code = /^\s*(?:#|REM\b|::|<#)/i.test(text) ? "" : text.slice(0, 2_000);
    return code.includes("--") || /\b(?:ollama|vllm) /.test(code) ? commandValues(code, index + 1) : [];
  });
}

function commandValues(text: string, line: number): readonly FlagValue[] {
  return text.split("\n").flatMap((row, index) => [
    ...[...row.matchAll(IN_COMMAND)].map(([, name = "", value = ""]) => ({
      name: optionName(name),
      value,
      line: line + index,
    })),
    ...[...row.matchAll(SUBCOMMAND)].map(([, value = ""]) => ({ name: "model", value, line: line + index })),
  ]);
}

function optionName(text: string): string {
  return text.toLowerCase().replaceAll("-", "_");
}

/** A script's literals and its lines may both hold one option. */
function distinct(values: readonly FlagValue[]): readonly FlagValue[] {
  const seen = new Set<string>();
  return values.filter(({ name, value, line }) => {
    const identity = `${name} ${value} ${line}`;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
