import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/core/change-set.ts";
import { readingBudget, withinBudget } from "../../src/work/reading-budget.ts";
import type { Content } from "../../src/work/source.ts";

const entry = (path: string, id = path): Entry => ({ path, mode: "100644", id });

/** Content of ten bytes a file, given the wrong way round, which any source may do; it notes what it was asked for. */
function content(): Content & { readonly asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    async *load(entries) {
      asked.push(entries.map(({ id }) => id));
      for (const { id } of [...entries].reverse()) yield [id, new TextEncoder().encode(id.padEnd(10, "."))];
    },
  };
}

async function read(entries: readonly Entry[], from: Content, budget: ReturnType<typeof readingBudget>) {
  const paths: string[] = [];
  for await (const [{ path, id }, bytes] of withinBudget(entries, from, budget)) {
    expect(new TextDecoder().decode(bytes)).toBe(id.padEnd(10, "."));
    paths.push(path);
  }
  return paths;
}

describe("reading within a budget", () => {
  it("asks for all files at once, each content once, and gives them by path", async () => {
    const from = content();
    const budget = readingBudget(10, 1_000);
    expect(await read([entry("c"), entry("a", "x"), entry("b", "x")], from, budget)).toEqual(["a", "b", "c"]);
    expect(from.asked).toEqual([["x", "c"]]);
    expect([budget.bytes, budget.exhausted]).toEqual([30, false]);
  });

  it("ends at its number of files, at its bytes, and does not count a file twice", async () => {
    const few = readingBudget(2, 1_000);
    expect(await read([entry("a"), entry("b"), entry("c")], content(), few)).toEqual(["a", "b"]);
    expect(few.exhausted).toBe(true);
    const again = readingBudget(2, 1_000);
    await read([entry("a"), entry("b")], content(), again);
    expect(await read([entry("a"), entry("b")], content(), again)).toEqual(["a", "b"]);
    expect([again.bytes, again.exhausted]).toEqual([20, false]);
    const short = readingBudget(10, 15);
    expect(await read([entry("a"), entry("b"), entry("c")], content(), short)).toEqual(["a", "b"]);
    expect(short.exhausted).toBe(true);
  });
});
