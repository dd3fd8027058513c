import type { FileSide } from "../core/detector.ts";
import { type DefinedTool, isToolName } from "./defined-tool.ts";

const CLASS =
  /^\s{0,40}(?:export\s{1,4})?(?:default\s{1,4})?(?:public\s{1,4}|final\s{1,4}|abstract\s{1,4}){0,3}class\s{1,4}(\w{1,100})\b([^\n]{0,300})/;
const TOOL_BASE = /^\s{0,4}(?:\(|<|:|extends\b|implements\b)[^{]{0,200}?\b\w{0,60}Tool\b/;

/** Classes that derive from a library's tool: name and description are fields of theirs. */
export function classTools(file: FileSide): readonly DefinedTool[] {
  if (!/class\s/.test(file.text)) return [];
  const classes = file.text.split("\n").flatMap((text, index) => {
    const [, name = "", rest = ""] = CLASS.exec(text) ?? [];
    return name === "" ? [] : [{ name, line: index + 1, isTool: TOOL_BASE.test(rest) }];
  });
  return classes.flatMap(({ name, line, isTool }, index): readonly DefinedTool[] => {
    if (!isTool) return [];
    const end = classes[index + 1]?.line ?? Number.POSITIVE_INFINITY;
    const field = (wanted: RegExp) =>
      file.literals.find(
        (literal) =>
          literal.line >= line &&
          literal.line < end &&
          literal.kind === "string" &&
          wanted.test(literal.path[0] ?? "") &&
          literal.path.length <= 2,
      );
    const own = field(/^(?:this\.|self\.|static\s)?name(?:\(\))?$/)?.value ?? name;
    const described = field(/^(?:this\.|self\.|static\s)?description(?:\(\))?$/)?.value ?? "";
    return isToolName(own) && described !== "" ? [{ name: own, description: described, schema: "", line }] : [];
  });
}
