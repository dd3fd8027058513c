import type { Fact, FactChange, Judgement } from "../../core/detector.ts";
import { directionOf } from "../distinct-facts.ts";

interface ModeOrder {
  /** From the most to the least careful. */
  readonly values: readonly string[];
  /** What holds where nothing is said. */
  readonly silent: string;
}

const MODES: Readonly<Record<string, ModeOrder>> = {
  permission: {
    values: ["plan", "default", "manual", "acceptedits", "auto", "dontask", "bypasspermissions"],
    silent: "default",
  },
  approval: { values: ["untrusted", "always", "on-request", "on-failure", "auto", "never"], silent: "on-request" },
  sandbox: { values: ["read-only", "workspace-write", "danger-full-access"], silent: "read-only" },
  safety: { values: ["drop-sudo", "unprivileged-user", "read-only", "unsafe"], silent: "drop-sudo" },
};
const PERMITS: Readonly<Record<string, number>> = { deny: 0, ask: 1, allow: 3 };
/** Between asking always and allowing: the agent asks unless its mode says otherwise. */
const UNSAID = 2;
const EVERYTHING =
  /^(?:\*|Bash|Bash\(:?\*\)|Shell\(\*\)|shell|run_shell_command|execute|--dangerously-.*|--yolo|--allow-all-tools)$/;
const NO_MODE = /^(?:danger-full-access|bypasspermissions|unsafe)$/;
const RISKY_TOOL =
  /^(?:bash|shell|exec|execute|terminal|runCommands|run_.*|write|edit|multiedit|notebookedit|editFiles|fs_write|execute_bash|@.*|mcp__.*)(?:\W|$)/i;
const GUARDING_HOOK = /PreToolUse|PermissionRequest|UserPromptSubmit|before(?:Shell|MCP|Read|Tool|Submit)/i;

/** Whether the agent may do more afterwards (major), or less (minor). */
export function judgeToolPermission(change: FactChange): Judgement {
  const { before, after } = change;
  const key = (after ?? before)?.key ?? "";
  if (key.startsWith("hook ")) return judgeHook(change);
  if (key.startsWith("tools")) return judgeTools(change);
  const sign = key.endsWith(" mode") ? modeSign(key, before, after) : entrySign(key, before, after);
  const floor = after && opensEverything(after);
  if (sign === 0)
    return { direction: directionOf(change), severity: "major", remedy: GRANT, ...(floor ? CRITICAL : {}) };
  return sign > 0
    ? { direction: "widened", severity: "major", remedy: GRANT, ...(floor ? CRITICAL : {}) }
    : { direction: "narrowed", severity: "minor", remedy: "Check that the agent can still do its task." };
}

const GRANT = "Grant single commands or tools, and keep asking for the rest.";
const CRITICAL = { floor: "critical" } as const;

function opensEverything({ key, value, label }: Fact): boolean {
  if (key.endsWith(" mode")) return NO_MODE.test(value);
  return (value === "allow" || value === "open") && EVERYTHING.test(label ?? "");
}

/** A command that comes or changes can do anything; one that guarded and goes opens what it held. */
function judgeHook(change: FactChange): Judgement {
  const guarding = GUARDING_HOOK.test((change.after ?? change.before)?.key ?? "");
  const remedy = "Say in the pull request what the hook runs and keep its script in the repository.";
  return { direction: directionOf(change), severity: change.after || guarding ? "major" : "minor", remedy };
}

function judgeTools(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = directionOf(change);
  const own = (fact: Fact | undefined) => (fact?.value ?? "").split(", ").filter((tool) => tool !== "");
  // A list of tools for the whole program limits it; an agent's own list comes and goes with the agent.
  const limits = (after ?? before)?.key !== "tools";
  if (!before && limits) return { direction: "narrowed", severity: "minor", remedy: GRANT };
  if (!before)
    return { direction, severity: own(after).some((tool) => RISKY_TOOL.test(tool)) ? "major" : "minor", remedy: GRANT };
  if (!after && limits) return { direction: "widened", severity: "major", remedy: GRANT };
  if (!after) return { direction, severity: "minor", remedy: "Check that nothing still calls the agent." };
  const more = beyond(own(before), own(after));
  const less = beyond(own(after), own(before));
  if (more && less) return { direction: "changed", severity: "major", remedy: GRANT };
  return { direction: more ? "widened" : "narrowed", severity: more ? "major" : "minor", remedy: GRANT };
}

/** Whether `after` has a tool that `before` had not. */
function beyond(before: readonly string[], after: readonly string[]): boolean {
  return !before.includes("*") && after.some((tool) => !before.includes(tool));
}

/** Above zero where more is open, below where less is, zero where a value is unknown. */
function modeSign(key: string, before: Fact | undefined, after: Fact | undefined): number {
  const mode = MODES[key.slice(0, -" mode".length)];
  const rank = (fact: Fact | undefined) => mode?.values.indexOf(fact?.value ?? mode.silent) ?? -1;
  if (rank(before) < 0 || rank(after) < 0) return 0;
  // Writing down what holds anyway is no step.
  return rank(after) - rank(before) || -1;
}

function entrySign(key: string, before: Fact | undefined, after: Fact | undefined): number {
  if (key.startsWith("open ")) return after ? 1 : -1;
  if (key.startsWith("held ")) return after ? -1 : 1;
  const rank = (fact: Fact | undefined) => PERMITS[fact?.value ?? ""] ?? UNSAID;
  return rank(after) - rank(before);
}
