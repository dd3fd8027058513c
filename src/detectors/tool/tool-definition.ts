import type { Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { withoutSecrets } from "../credential/secret-free-text.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { nearlySame } from "../prompt/text-difference.ts";
import { digest } from "../text-digest.ts";
import { textGate } from "../text-gate.ts";
import { calledTools } from "./called-tool.ts";
import { classTools, toolkitTools } from "./class-tool.ts";
import { decoratedTools } from "./decorated-tool.ts";
import type { DefinedTool } from "./defined-tool.ts";
import { givenTools } from "./given-tool.ts";
import { listedTools, mappedTools } from "./listed-tool.ts";
import { objectTools } from "./object-tool.ts";
import { effectsOf } from "./tool-effects.ts";

/** The rule of what an agent can call. */
export const TOOL_DEFINITION = "tool/definition";
const SHOWN_DESCRIPTION = 80;
const GIVEN = "given";
/** What is kept of a description to be compared; the rest counts by its digest. */
const LONGEST = 4_000;

const mayHoldTools = textGate("tool", "function", "input_schema", "inputschema", "handoffs", "execute", "handle");

/** The tools that a file defines and those that it gives to agents, each giving once for every time it stands there. */
export function toolDefinitions(file: FileSide): readonly Fact[] {
  if (!mayHoldTools(file)) return [];
  const defined = [...calledTools(file), ...listedTools(file), ...classTools(file), ...decoratedTools(file)];
  const known = new Set(defined.map(({ name }) => name));
  const tools = [
    ...defined,
    ...[...mappedTools(file), ...toolkitTools(file), ...objectTools(file)].filter(({ name }) => !known.has(name)),
  ];
  const given = givenTools(file).map(
    ({ name, line }): Fact => ({
      rule: TOOL_DEFINITION,
      key: `gives ${name}`,
      value: `${effectsOf(name, "").join(",")} ${GIVEN}`,
      shown: name,
      line,
      confidence: confidenceIn(file),
    }),
  );
  return [...distinctFacts(tools.map((tool) => factOf(file, tool))), ...given];
}

function factOf(file: FileSide, tool: DefinedTool): Fact {
  const description = tool.description.replace(/\s+/g, " ").trim();
  const effects = effectsOf(
    tool.name,
    `${description} ${/destructiveHint["']?\s*[:=]\s*"?true/i.test(tool.schema) ? "delete" : ""}`,
  );
  const about = description.length > SHOWN_DESCRIPTION ? `${description.slice(0, SHOWN_DESCRIPTION)}…` : description;
  return {
    rule: TOOL_DEFINITION,
    key: tool.name,
    value: `${effects.join(",")} ${digest(tool.schema)} ${withoutSecrets(description.slice(0, LONGEST))}${description.length > LONGEST ? digest(description) : ""}`,
    shown: withoutSecrets(
      `${tool.name}${effects.length > 0 ? ` (${effects.join(", ")})` : ""}${about === "" ? "" : `: ${about}`}`,
    ),
    line: tool.line,
    confidence: confidenceIn(file),
  };
}

/** A tool that gains an effect is major, every other change of what the model is told about it material. */
export function judgeToolDefinition(change: FactChange): Judgement {
  const direction = directionOf(change);
  const { before, after } = change;
  const remedy = "Register the tool with its effects, and test the agent with the new definition.";
  if (!after)
    return { direction, severity: "material", remedy: "Check that no prompt still tells the agent to call it." };
  const gained = hasMore(before, after);
  if (!before) return { direction, severity: gained ? "major" : "material", remedy };
  if (isTypo(before, after)) return { direction, severity: "minor", remedy };
  const lost = hasMore(after, before);
  if (gained === lost) return { direction, severity: gained ? "major" : "material", remedy };
  return { direction: gained ? "widened" : "narrowed", severity: gained ? "major" : "material", remedy };
}

/** Whether nothing but the description differs, and that by no more than a typing error. */
function isTypo(before: Fact, after: Fact): boolean {
  const parts = ({ value }: Fact) => {
    const [effects = "", schema = "", ...words] = value.split(" ");
    return { head: `${effects} ${schema}`, text: words.join(" ") };
  };
  const [old, fresh] = [parts(before), parts(after)];
  return old.head === fresh.head && nearlySame(old.text, fresh.text);
}

function hasMore(before: Fact | undefined, after: Fact): boolean {
  const known = new Set(effectsIn(before));
  return effectsIn(after).some((effect) => !known.has(effect));
}

function effectsIn(fact: Fact | undefined): readonly string[] {
  return (fact?.value.split(" ")[0] ?? "").split(",").filter((effect) => effect !== "");
}
