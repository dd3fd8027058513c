import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { play } from "./play.ts";
import { PLAIN } from "./rules.ts";
import { STEPS, type Step } from "./step.ts";

/** `npm run soak` plays more of them. */
const SEQUENCES = Number(process.env.COUNTERSIGN_SEQUENCES ?? 2_000);
const HOUR = 3_600_000;

/** What was found once, by many more sequences than are played here. */
const FOUND: readonly (readonly Step[])[] = [
  // Of two with one head that were closed at once, each saw the other still open, and nothing was taken back.
  [
    { does: "open", by: "dora", branch: "two", base: "main", files: null },
    { does: "push", pull: 0, by: "dora", files: { system: "low", what: "prompt", value: 0 } },
    { does: "approve", pull: 0 },
    { does: "share", pull: 0, by: "dora", branch: "one", base: "main" },
    { does: "settle", order: 0 },
    { does: "close", pull: 1 },
    { does: "close", pull: 0 },
    { does: "settle", order: 0 },
  ],
  // What was approved changed the policy too, which a branch had taken in from the default branch, and was then wound back.
  [
    { does: "open", by: "dora", branch: "three", base: "main", files: null },
    { does: "open", by: "dora", branch: "three", base: "release/2", files: null },
    { does: "push", pull: 0, by: "dora", files: { system: "low", what: "prompt", value: 0 } },
    { does: "rules", rules: { ...PLAIN, bindHigh: "facts" } },
    { does: "update", pull: 0, by: "dora" },
    { does: "approve", pull: 1 },
    { does: "rewind", pull: 0, by: "dora", back: 1 },
    { does: "settle", order: 0 },
  ],
];

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
        { numRuns: SEQUENCES, examples: FOUND.map((steps) => [[...steps]]) },
      );
      expect(merged).toBeGreaterThan(SEQUENCES / 10);
    },
    HOUR,
  );
});
