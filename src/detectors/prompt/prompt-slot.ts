import type { Literal } from "../../core/detector.ts";

const SLOT = /[$#]?\{{1,2}\s{0,4}(?:[A-Za-z_]\w{0,60}\.){0,4}([A-Za-z_]\w{2,60})\s{0,4}\}{1,2}/g;
const MAX_SLOTS = 500;

/** The names of the places that texts leave to be filled in, as they compare: `{STYLE_VARIATION}`, `${style.variation}`. */
export function slotsIn(texts: readonly string[]): ReadonlySet<string> {
  const slots = new Set<string>();
  for (const text of texts) {
    if (!text.includes("{")) continue;
    for (const [, name = ""] of text.matchAll(SLOT)) if (slots.size < MAX_SLOTS) slots.add(plain(name));
  }
  return slots;
}

/** Whether a text is bound to the name of such a place, alone or as one of a list of what may fill it. */
export function fillsSlot({ path }: Literal, slots: ReadonlySet<string>): boolean {
  const names = path.filter((part) => !/^\d+$/.test(part));
  const name = names.at(-1) ?? "";
  if (names.length !== 1 || name.endsWith("()")) return false;
  return slots.has(plain(name)) || (path.length > 1 && slots.has(plain(name.replace(/s$/i, ""))));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
