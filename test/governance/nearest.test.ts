import fc from "fast-check";
import { expect, it } from "vitest";
import { editDistance, nearest } from "../../src/governance/nearest.ts";

const names = ["mode", "roles", "tiers", "security", "risk-owner", "unregisteredOwner"];

it.each<[string, string | undefined]>([
  ["mod", "mode"],
  ["secruity", "security"],
  ["Risk-Owner", "risk-owner"],
  ["unregisterdOwner", "unregisteredOwner"],
  ["zebra", undefined],
  ["", undefined],
  ["x".repeat(1_000), undefined],
])("the name nearest to %j is %j", (name, expected) => {
  expect(nearest(name, names)).toBe(expected);
});

it("a distance is that of the shortest way", () => {
  expect([editDistance("", "abc"), editDistance("abc", "acb"), editDistance("kitten", "sitting")]).toEqual([3, 1, 3]);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
