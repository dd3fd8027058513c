const encoder = new TextEncoder();
/** Lists are cut at so many items, and shorter when the whole does not fit. */
const STEPS = [60, 30, 15, 8, 4, 2, 1] as const;

/**
 * The text that `render` gives with the longest lists that fit into `limit` bytes of UTF-8: GitHub says characters and counts
 * bytes (github/docs#35252).
 */
export function fitted(render: (most: number) => readonly string[], limit: number): string {
  let lines: readonly string[] = [];
  for (const most of STEPS) {
    lines = render(most);
    const text = joined(lines);
    if (bytesOf(text) <= limit) return text;
  }
  // Lines stand alone, so that a text may end behind any of them.
  const end = "… and more";
  let left = limit - bytesOf(end) - 2;
  const kept = lines.slice(
    0,
    lines.findIndex((line) => {
      left -= bytesOf(line) + 1;
      return left < 0;
    }),
  );
  return joined([...kept, "", end]);
}

function joined(lines: readonly string[]): string {
  return lines.join("\n").trim();
}

/** How much GitHub counts a text as. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
