import { describe, expect, it } from "vitest";
import { ahead } from "../../src/evidence/ahead.ts";

/** Runs works of these weights, and tells how many were under way at most, and what came out. */
async function run(weights: readonly number[], finish: (at: number) => Promise<void>) {
  let [underWay, most] = [0, 0];
  const results: number[] = [];
  const started = (weight: number, at: number) => {
    underWay += 1;
    most = Math.max(most, underWay);
    const result = finish(at).then(() => {
      underWay -= 1;
      return at;
    });
    return { weight, result };
  };
  let next = 0;
  for await (const result of ahead(weights, (weight) => started(weight, next++))) results.push(result);
  return { most, results };
}

const order = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("work ahead", () => {
  it("comes out in order, whichever ends first, and a bounded number is under way", async () => {
    const { most, results } = await run(
      Array(100).fill(1),
      (at) => new Promise((resolve) => setTimeout(resolve, (at * 7) % 5)),
    );
    expect(results).toEqual(order(100));
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(17);
  });

  it("what is heavy goes one by one", async () => {
    const { most, results } = await run(Array(10).fill(5_000_000), () => Promise.resolve());
    expect(results).toEqual(order(10));
    expect(most).toBeLessThanOrEqual(2);
  });

  it("nothing given is nothing done", async () => {
    expect((await run([], () => Promise.resolve())).results).toEqual([]);
  });
});
