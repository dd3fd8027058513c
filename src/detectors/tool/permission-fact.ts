import type { Fact, FileSide } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { redactedCommand } from "./redacted-command.ts";

/** The rule of what an agent may do without asking. */
export const TOOL_PERMISSION = "tool/permission";

/** What a setting says of one command, tool, folder or host. */
export type Permit = "allow" | "ask" | "deny";

/** Whether something may be done, by the entry of a list or map. */
export function permitFact(file: FileSide, entry: string, permit: Permit, line: number): Fact {
  const shown = redactedCommand(entry.split(" "));
  return { ...bare(file, `may ${shown}`, permit, line), label: shown, shown: `${permit} ${shown}` };
}

/** A mode, of those that `PERMISSION_MODES` orders. */
export function modeFact(file: FileSide, mode: string, value: string, line: number): Fact {
  return { ...bare(file, `${mode} mode`, value.toLowerCase(), line), shown: value };
}

/** Something that is open while the fact stands. */
export function openFact(file: FileSide, name: string, line: number): Fact {
  return { ...bare(file, `open ${name}`, "open", line), label: name, shown: name };
}

/** Something that holds while the fact stands. */
export function heldFact(file: FileSide, name: string, line: number): Fact {
  return { ...bare(file, `held ${name}`, "held", line), label: name, shown: name };
}

/** A command that runs by itself at an event. */
export function hookFact(file: FileSide, event: string, command: string, line: number): Fact {
  return { ...bare(file, `hook ${event}`, command, line), label: event };
}

/** The tools that an agent has at all, `*` for every one. */
export function toolsFact(file: FileSide, name: string, tools: readonly string[], line: number): Fact {
  return bare(file, `tools ${name}`.trim(), tools.join(", "), line);
}

function bare(file: FileSide, key: string, value: string, line: number): Fact {
  return { rule: TOOL_PERMISSION, key, value, line, confidence: confidenceIn(file) };
}
