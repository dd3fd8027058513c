/** The empty mappings of a YAML text written in block style, by their keys joined with slashes, with their lines: they hold no value that could stand for them. */
export function emptyBlocks(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (!text.includes("{")) return found;
  const open: { readonly indent: number; readonly key: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const [, space, key = "", rest = ""] = /^( *)["']?([A-Za-z0-9_-]{1,100})["']?[ \t]*:(.*)$/.exec(line) ?? [];
    if (space === undefined) continue;
    while ((open.at(-1)?.indent ?? -1) >= space.length) open.pop();
    open.push({ indent: space.length, key });
    if (/^\s*\{\s*\}\s*(?:#.*)?$/.test(rest)) found.set(open.map((block) => block.key).join("/"), index + 1);
  }
  return found;
}
