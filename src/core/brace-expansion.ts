/** More alternatives than this in one glob are a mistake or an attack; `globFault` refuses them. */
export const MAX_ALTERNATIVES = 256;

/** The globs a glob with `{a,b}` stands for. Braces without a comma and braces that do not close are ordinary text. */
export function expandBraces(glob: string): readonly string[] {
  const done: string[] = [];
  let open = [glob];
  while (open.length > 0) {
    const next: string[] = [];
    for (const text of open) {
      const group = firstGroup(text);
      if (!group) done.push(text);
      else for (const part of group.parts) next.push(text.slice(0, group.from) + part + text.slice(group.to));
      if (done.length + next.length > MAX_ALTERNATIVES) return [glob];
    }
    open = next;
  }
  return [...new Set(done)];
}

/** The first innermost group: none of its alternatives holds another group. */
function firstGroup(glob: string): { from: number; to: number; parts: readonly string[] } | null {
  const starts: { at: number; commas: number[] }[] = [];
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at];
    if (sign === "\\") at++;
    else if (sign === "{") starts.push({ at, commas: [] });
    else if (sign === ",") starts.at(-1)?.commas.push(at);
    else if (sign === "}") {
      const start = starts.pop();
      if (!start || start.commas.length === 0) continue;
      const cuts = [start.at, ...start.commas, at];
      const parts = cuts.slice(1).map((end, index) => glob.slice((cuts[index] as number) + 1, end));
      return { from: start.at, to: at + 1, parts };
    }
  }
  return null;
}
