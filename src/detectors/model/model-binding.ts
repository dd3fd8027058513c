import type { Literal } from "../../core/detector.ts";
import { partOf } from "../literal-parts.ts";
import { memoisedByObject } from "../memoised.ts";
import { literalGroups } from "./model-context.ts";
import { type ModelId, modelIdIn } from "./model-id.ts";
import { type Binding, bindingOf, meaningOf, type NameMeaning } from "./model-name.ts";

/** Fields that hold the value of what a field beside them names: `{ name: OPENAI_MODEL, value: gpt-4o }`. */
const VALUE = /^(?:value|defaultvalue|default_value|parametervalue)$/i;

/** A binding to a name alone, as options and settings have it. */
export function plainBinding(name: string, callee = ""): Binding {
  return { name, part: partOf(name), outer: [], callee, called: false, listed: false, item: false, direct: true };
}

/** The bindings of a file's literals, in their order. */
export const bindingsOf: (literals: readonly Literal[]) => readonly Binding[] = memoisedByObject((literals) => {
  const groups = literalGroups(literals);
  return literals.map(({ path }, index) => {
    const label = groups[index]?.label ?? "";
    const isValue = label !== "" && path.length === (groups[index]?.depth ?? 0) + 1 && VALUE.test(path.at(-1) ?? "");
    return isValue && /^[A-Za-z_][\w.-]{1,80}$/.test(label) ? plainBinding(label) : bindingOf(path);
  });
});

/** What the names of a file's literals say, in their order. */
export const meaningsOf: (literals: readonly Literal[]) => readonly (NameMeaning | null)[] = memoisedByObject(
  (literals) => bindingsOf(literals).map(meaningOf),
);

/** The model ids that a file's strings are, in the order of its literals: many questions are about them. */
export const idsOf: (literals: readonly Literal[]) => readonly (ModelId | null)[] = memoisedByObject((literals) =>
  literals.map(({ kind, value }) => (kind === "string" ? modelIdIn(value) : null)),
);
