import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import { confidenceIn, distinctFacts } from "../distinct-facts.ts";
import { lastName, partQuestion } from "../literal-parts.ts";
import { memoised } from "../memoised.ts";
import { masked } from "../tool/redacted-command.ts";
import { guardCalls } from "./guardrail-call.ts";
import { actsWithModel } from "./guardrail-words.ts";

const RULE = "guardrail/oversight";
const SKIPPED =
  /\.(?:mdx?|rst|txt|svg|map|patch|diff|snap|lock|css|html?|csv|tsv)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$/i;
/** Switches that keep a person, a check or a record in the loop while they are on. */
const KEEPER =
  /^(?:requires?_?(?:user_?|human_?)?(?:confirmation|approval|review)|needs_?approval|human_?in_?the_?loop|human_?(?:approval|review|input)(?:_?required)?|ask_?human|(?:enable_?)?(?:moderation|content_?filter(?:ing)?|safety_?checker|guardrails?|llama_?guard)|safe_?(?:mode|prompt))(?:_?enabled)?$/i;
/** Switches of records; the general ones only count in programs that act with a model. */
const RECORDER =
  /^(?:langchain_tracing(?:_v2)?|langsmith_tracing(?:_v2)?|langfuse_(?:tracing_)?enabled|log_?(?:prompts|completions|conversations)|(?:model_?)?invocation_?logging|conversation_?(?:log|logging|history_logging))$/i;
const GENERAL_RECORDER = /^(?:enable_?)?(?:tracing|audit_?log(?:ging)?|audit|monitoring)(?:_?enabled)?$/i;
const STOPPER =
  /^(?:(?:set_)?tracing_disabled|disable_?(?:tracing|moderation|guardrails?|content_?filter(?:ing)?|safety_?checker|human_?review|audit_?log(?:ging)?|monitoring)|openai_agents_disable_tracing|otel_sdk_disabled|skip_?(?:moderation|guardrails?|human_?review|approval|confirmation)|auto_?approve_?(?:all|tools))$/i;
/** Lists of the steps that an agent stops at, of rails, and of what records its answers. */
const STEPS =
  /^(?:interrupt_?(?:before|after|on)|interruptOn|(?:input|output|tool)_?guardrails|guardrails|(?:success|failure)_callback)$/i;
const GUARD_ID = /^guardrail_?(?:identifier|id|name|arn)$/i;
/** Who is asked, from the one who always is to nobody. */
const HUMAN_INPUT = ["always", "terminate", "never"];
const HUMAN_INPUT_STRENGTH = [1, 0.5, -1];
const LOGGING_RESOURCES = /^aws_bedrock_model_invocation_logging_configuration$/;

/** People who are asked, checks of what a model says, and records of it. */
export const oversightDetector: Detector = {
  name: "guardrail-oversight",
  rules: [
    {
      id: RULE,
      class: "guardrail",
      summary: "A human approval step, a moderation call, logging, monitoring or tracing is switched off or on.",
      severity:
        "A step that ends: major, at least tier high. Another guardrail in its place: material. A step that begins: minor.",
    },
  ],
  literals: `confirm approv human interrupt moderat content_filter contentfilter content-filter safety guard tracing
    langfuse langsmith audit monitor invocation otel_sdk rails conversation analyze_text callback safe_ safemode log_prompts
    logprompts log_completions logcompletions`.split(/\s+/),
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => {
    if (file.binary) return [];
    const calls = guardCalls(file).map(({ name, line }) => fact(file, `call ${name}`, "on", name, line));
    const meant = overseeing.meant(file.literals);
    const named = meant === null ? [] : file.literals.filter(({ path }) => path.some(meant));
    const switches = named.flatMap((literal) => oversightOf(file, literal));
    return [...switches, ...resources(file), ...calls];
  },
  judge,
};

type Kind = "keeper" | "recorder" | "stopper" | "general" | "asked" | "identifier" | "step" | null;

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [KEEPER, "keeper"],
  [RECORDER, "recorder"],
  [STOPPER, "stopper"],
  [GENERAL_RECORDER, "general"],
  [/^human_?input_?mode$/i, "asked"],
  [GUARD_ID, "identifier"],
  [STEPS, "step"],
];

/** What a name, without the object it is of, keeps or stops. */
const kindOf = memoised((name): Kind => {
  const own = name.slice(name.lastIndexOf(".") + 1).replace(/\(\)$/, "");
  return KINDS.find(([names]) => names.test(own))?.[1] ?? null;
});

const overseeing = partQuestion((part) => part === "rails" || kindOf(part) !== null);

function oversightOf(file: FileSide, { path, value, line, kind: type }: Literal): readonly Fact[] {
  const last = lastName(path);
  const kind = kindOf(last);
  const step = path.find((part) => kindOf(part) === "step");
  const rails = path[0] === "rails" && path.includes("flows");
  if (kind === null && step === undefined && !rails) return [];
  const names = path.filter((part) => !/^\d+$/.test(part));
  const found = (state: string, shown = `${last} ${value}`) => [fact(file, names.join("."), state, shown, line)];
  const on = truth(value);
  if (on !== null) {
    if (kind === "keeper" || kind === "recorder" || (kind === "general" && actsWithModel(file)))
      return found(on ? "on" : "off");
    return kind === "stopper" ? found(on ? "off" : "on") : [];
  }
  if (type !== "string" || value === "") return [];
  if (kind === "asked") return HUMAN_INPUT.includes(value.toLowerCase()) ? found(value.toLowerCase(), value) : [];
  if (kind === "identifier") return found(value, value);
  const listed = kind === "step" || (step !== undefined && /^(?:guardrail_name|name)$/.test(last));
  return listed || rails ? [fact(file, `${step ?? names.slice(0, -1).join(".")} ${value}`, "on", value, line)] : [];
}

/** Infrastructure that records what models are asked and answer: it counts by being there. */
function resources(file: FileSide): readonly Fact[] {
  const found = file.literals
    .filter(({ path }) => path[0] === "resource" && LOGGING_RESOURCES.test(path[1] ?? ""))
    .map(({ path, line }) => fact(file, `${path[1]}.${path[2]}`, "on", `${path[1]} ${path[2]}`, line));
  return distinctFacts(found);
}

function truth(value: string): boolean | null {
  if (/^(?:true|on|yes|1|enabled)$/i.test(value)) return true;
  return /^(?:false|off|no|0|disabled)$/i.test(value) ? false : null;
}

function fact(file: FileSide, key: string, value: string, shown: string, line: number): Fact {
  return {
    rule: RULE,
    key: masked(key),
    value: masked(value),
    shown: masked(shown),
    line,
    confidence: confidenceIn(file),
  };
}

/** Oversight that ends is major, oversight that begins minor. */
function judge({ before, after }: FactChange): Judgement {
  const step = strength(after) - strength(before);
  if (step === 0 && before && after)
    return { direction: "changed", severity: "material", remedy: "Show that what takes its place holds as much." };
  return step < 0
    ? {
        direction: "widened",
        severity: "major",
        floor: "high",
        remedy: "Keep the step, or say who or what takes its place.",
      }
    : { direction: "narrowed", severity: "minor", remedy: "Check that the people named for it can answer in time." };
}

/** How much is held: nothing where it is off, or not said. */
function strength(side: Fact | undefined): number {
  if (!side) return 0;
  if (side.value === "off") return -1;
  const asked = HUMAN_INPUT.indexOf(side.value);
  return asked < 0 ? 1 : (HUMAN_INPUT_STRENGTH[asked] ?? 0);
}
