import { describe, expect, it } from "vitest";
import type { Landing, Replayed } from "../../src/core/simulation.ts";
import { simulation } from "../../src/core/simulation.ts";
import { simulationReport } from "../../src/reports/simulation.ts";
import { decideSituation, type Situation, system } from "./situation.ts";

const landing = (commit: string, subject = "Change"): Landing => ({
  commit: commit.repeat(40),
  base: "b".repeat(40),
  head: commit.repeat(40),
  subject,
  landedAt: "2026-11-20T10:00:00.000Z",
});
const replayed = (commit: string, situation: Situation): Replayed => ({
  landing: landing(commit),
  evaluation: decideSituation(situation),
});

const history: readonly Replayed[] = [
  replayed("1", { changes: [] }),
  replayed("2", { changes: [{ severity: "minor" }] }),
  replayed("3", { changes: [{ severity: "major" }, { severity: "minor", class: "prompt", path: "bot/p.md" }] }),
  replayed("4", { changes: [{ path: "elsewhere.py", class: "credential", references: ["KEY"], floor: "critical" }] }),
  replayed("5", { systems: [system({ lifecycle: "retired" })] }),
  { landing: landing("6", "Odd \u001b[31m name"), unreadable: "commit 666 is not in this repository" },
];

describe("a simulation", () => {
  const sum = simulation(history, 2);
  it("counts governed landings by tier, class, system and blocker", () => {
    expect(sum).toMatchObject({
      landings: 6,
      governed: 4,
      classes: { model: 3, prompt: 1, credential: 1 },
      tiers: { critical: 2, low: 1, high: 1 },
      systems: [
        { system: "bot", landings: 3 },
        { system: null, landings: 1 },
      ],
      blockers: { "record/system-retired": 1 },
    });
  });
  it("names the heaviest first and never drops what it could not read", () => {
    expect(sum.heaviest.map(({ commit, tier }) => [commit[0], tier])).toEqual([
      ["3", "critical"],
      ["4", "critical"],
    ]);
    expect(sum.unreadable).toEqual([{ commit: "6".repeat(40), reason: "commit 666 is not in this repository" }]);
  });
  it("is told with bars, without control characters of what it shows", () => {
    const text = simulationReport(sum, false);
    expect(text).toContain("4 of 6 landed changes would have been governed (67 %)");
    expect(text).toMatch(/critical +2 ▇+/);
    expect(text).toContain("no registered system");
    expect(text).not.toContain("\u001b");
  });
  it("of an empty history says so", () => {
    expect(simulationReport(simulation([], 10), true)).toContain("0 of 0 landed changes would have been governed");
  });
});
