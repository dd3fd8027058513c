import type { FileSide } from "../../core/detector.ts";
import { type DefinedTool, isToolName } from "./defined-tool.ts";

const CLASS =
  /^\s{0,40}(?:export\s{1,4})?(?:default\s{1,4})?(?:public\s{1,4}|final\s{1,4}|abstract\s{1,4}){0,3}class\s{1,4}(\w{1,100})\b([^\n]{0,300})/;
const TOOL_BASE = /^\s{0,4}(?:\(|<|:|extends\b|implements\b)[^{]{0,200}?\b\w{0,60}Tool\b/;

const FIELD = /^(?:this\.|self\.|static\s)?(?:(?:tool_)?(name|description)|tool(Name|Description))(?:\(\))?$/;

/** Classes that derive from a library's tool: name and description are fields of theirs. */
export function classTools(file: FileSide): readonly DefinedTool[] {
  if (!/class\s/.test(file.text)) return [];
  const classes = file.text.split("\n").flatMap((text, index) => {
    const [, name = "", rest = ""] = CLASS.exec(text) ?? [];
    return name === "" ? [] : [{ name, line: index + 1, isTool: TOOL_BASE.test(rest) }];
  });
  const fields = file.literals.filter(
    ({ kind, path }) => kind === "string" && path.length <= 2 && FIELD.test(path[0] ?? ""),
  );
  let next = 0;
  return classes.flatMap(({ name, line, isTool }, index): readonly DefinedTool[] => {
    const end = classes[index + 1]?.line ?? Number.POSITIVE_INFINITY;
    const own = new Map<string, string>();
    for (; next < fields.length && (fields[next]?.line ?? 0) < end; next += 1) {
      const field = fields[next];
      const [, plain, prefixed = ""] = FIELD.exec(field?.path[0] ?? "") ?? [];
      const key = plain ?? prefixed.toLowerCase();
      if (field && field.line >= line && !own.has(key)) own.set(key, field.value);
    }
    const called = own.get("name") ?? name;
    const description = own.get("description") ?? "";
    return isTool && isToolName(called) && description !== "" ? [{ name: called, description, schema: "", line }] : [];
  });
}
