import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { play } from "./play.ts";
import { STEPS } from "./step.ts";

/** `npm run soak` plays more of them. */
const SEQUENCES = Number(process.env.COUNTERSIGN_SEQUENCES ?? 2_000);
const HOUR = 3_600_000;

describe("whatever happens, in whatever order it is heard of", () => {
  it(
    "S01 S02 S05 S06 S07 S10 S19 P09 P10 P21 P22 P26 P30 P32 the check is what an independent reference says, and nothing merges without it",
    async () => {
      let merged = 0;
      await fc.assert(
        fc.asyncProperty(STEPS, async (steps) => {
          const played = play();
          try {
            for (const step of steps) await played.step(step);
            await played.settle(1);
            merged += played.merged();
          } finally {
            played.close();
          }
        }),
        { numRuns: SEQUENCES },
      );
      expect(merged).toBeGreaterThan(SEQUENCES / 10);
    },
    HOUR,
  );
});
