import { expect, it } from "vitest";
import type { Registry, System } from "../../src/core/registry.ts";
import { registryAfterMerge } from "../../src/governance/registry-merge.ts";

const system = (id: string, fields: Partial<System> = {}): System => ({ id, owner: "@o", ...fields });
const registry = (...systems: System[]): Registry => ({ version: 1, systems });
const start = registry(system("a"), system("b"), system("c"));

it.each<[string, Registry, Registry, Registry]>([
  [
    "an old branch's copy brings nothing back",
    registry(system("a", { lifecycle: "retired" }), system("b"), system("c")),
    start,
    registry(system("a", { lifecycle: "retired" }), system("b"), system("c")),
  ],
  [
    "the change's own edits stand",
    start,
    registry(system("a", { owner: "@new" }), system("b"), system("c")),
    registry(system("a", { owner: "@new" }), system("b"), system("c")),
  ],
  [
    "both sides' edits of different entries stand",
    registry(system("a", { owner: "@base" }), system("b"), system("c")),
    registry(system("a"), system("b", { owner: "@head" }), system("c")),
    registry(system("a", { owner: "@base" }), system("b", { owner: "@head" }), system("c")),
  ],
  ["what the change removes is gone", start, registry(system("a"), system("c")), registry(system("a"), system("c"))],
  ["what the base removed stays gone", registry(system("a"), system("c")), start, registry(system("a"), system("c"))],
  [
    "what the change edits and the base removed comes back, and is new",
    registry(system("a"), system("c")),
    registry(system("a"), system("b", { owner: "@x" }), system("c")),
    registry(system("a"), system("c"), system("b", { owner: "@x" })),
  ],
  [
    "what either adds is there",
    registry(system("a"), system("b"), system("c"), system("d")),
    registry(system("a"), system("b"), system("c"), system("e")),
    registry(system("a"), system("b"), system("c"), system("d"), system("e")),
  ],
])("%s", (_, base, head, expected) => {
  expect(registryAfterMerge(base, start, head).systems).toEqual(expected.systems);
});

it("is the head where the base has not moved", () => {
  const head = registry(system("z"));
  expect(registryAfterMerge(start, start, head)).toBe(head);
});
