import { expect, it } from "vitest";
import { checkNamesOf } from "../../src/enforcement/governed-branch.ts";

it.each([
  ["main", ["~DEFAULT_BRANCH"], ["countersign"]],
  ["main", ["release/**"], ["countersign"]],
  ["main", ["main", "ma*"], ["countersign", "countersign: ma*"]],
  ["release/1", ["~DEFAULT_BRANCH", "release/**"], ["countersign: release/**"]],
  ["release/1/x", ["release/**", "release/1/*"], ["countersign: release/**", "countersign: release/1/*"]],
  ["feature", ["~DEFAULT_BRANCH", "release/**"], []],
  ["~DEFAULT_BRANCH", ["~DEFAULT_BRANCH"], []],
])("S01 %s under %j is answered as %j", (branch, branches, names) => {
  expect(checkNamesOf(branch, "main", { branches })).toEqual(names);
});
