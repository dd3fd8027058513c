import type { FileSide } from "../../core/detector.ts";
import { linesOf } from "../file-lines.ts";
import { actsWithModel } from "../guardrail/guardrail-words.ts";
import { groupLiterals } from "../literal-groups.ts";
import { isToolCall } from "./called-tool.ts";
import type { DefinedTool } from "./defined-tool.ts";

const SCRIPT = /\.[cm]?[jt]sx?$/i;
const NAME = /^[a-z][a-zA-Z0-9]{0,40}(?:[_-][a-zA-Z0-9]{1,40}){0,6}$/;
/** What a model is told is a sentence, a label of a menu is not. */
const SENTENCE = /^\S+(?:\s+\S+){3}/;
const RUNS = /^\s{0,40}(?:async )?(?:execute|handler|handle|run|func|invoke|call)\s{0,4}[:(]/;
const SCHEMA =
  /^\s{0,40}(?:schema|parameters|inputSchema|input_schema|outputSchema|args|argsSchema|paramsSchema)\s{0,4}(?:[:,]|$)/;
/** How many lines an object may take up to its schema and its function. */
const REACH = 80;

/** Objects that are tools by their members (`{ name, description, schema, execute }`), whatever type they are given. */
export function objectTools(file: FileSide): readonly DefinedTool[] {
  if (!SCRIPT.test(file.path) || !actsWithModel(file)) return [];
  const groups = groupLiterals(file.literals, (path) => {
    const last = path.at(-1);
    const owned = (last === "name" || last === "description") && path.length > 1 && !path.some(isToolCall);
    return owned ? path.length - 1 : null;
  });
  const whole = groups.flatMap((group) => {
    const field = (key: string) => group.fields.find(({ path }) => path[0] === key)?.value ?? "";
    const tool = { name: field("name"), description: field("description"), schema: "", line: group.line };
    return NAME.test(tool.name) && SENTENCE.test(tool.description.slice(0, 200)) ? [tool] : [];
  });
  if (whole.length === 0) return [];
  const lines = linesOf(file);
  return whole.filter(({ line }, index) => {
    const end = Math.min(line + REACH, whole[index + 1]?.line ?? lines.length);
    const members = lines.slice(line - 1, end).map((text) => text.slice(0, 200));
    return members.some((text) => SCHEMA.test(text)) && members.some((text) => RUNS.test(text));
  });
}
