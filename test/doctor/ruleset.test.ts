import { describe, expect, it } from "vitest";
import { governedEntries } from "../../src/doctor/governed-names.ts";
import { exampleBranch, refPatterns } from "../../src/doctor/ref-pattern.ts";
import { ruleset } from "../../src/doctor/ruleset.ts";
import { checkNamesOf } from "../../src/enforcement/governed-branch.ts";
import { mismatches } from "../github/conformance.ts";
import { refMatches } from "../github/ref-pattern.ts";

/** What GitHub's description has against a ruleset that is sent to it. */
function against(body: unknown): readonly string[] {
  return mismatches({
    ...{
      method: "POST",
      path: "/repos/acme/agent/rulesets",
      template: null,
      query: {},
      body,
      actor: "user",
      app: null,
      agent: "",
    },
    ...{ needs: {}, status: 500, charged: true, at: 0, answer: null },
  });
}

const main = { checkName: "countersign", pattern: null, appId: 4711, strict: false };

describe("a ruleset to import", () => {
  it("S21 requires the check from this App alone, with nobody to bypass it, and keeps the branch's history", () => {
    expect(ruleset(main)).toEqual({
      name: "Countersign",
      target: "branch",
      enforcement: "active",
      bypass_actors: [],
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: [
        { type: "deletion" },
        { type: "non_fast_forward" },
        {
          type: "required_status_checks",
          parameters: {
            do_not_enforce_on_create: false,
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: "countersign", integration_id: 4711 }],
          },
        },
      ],
    });
  });
  it("S01 is one for each entry, under that entry's name", () => {
    const release = ruleset({ checkName: "countersign: release/**", pattern: "release/**", appId: 4711, strict: true });
    expect(release.name).toBe("Countersign: release/**");
    expect(release.conditions.ref_name.include).toEqual(["refs/heads/release/**/*"]);
    expect(release.rules[2]).toMatchObject({
      parameters: { do_not_enforce_on_create: true, strict_required_status_checks_policy: true },
    });
  });
  it("is what GitHub's API describes", () => {
    expect(against(ruleset(main))).toEqual([]);
    expect(against(ruleset({ ...main, pattern: "{release,hotfix}/**", strict: true }))).toEqual([]);
    expect(against({ ...ruleset(main), enforcement: "on" })).not.toEqual([]);
    expect(against({ ...ruleset(main), rules: [{ type: "required_status_checks", parameters: {} }] })).not.toEqual([]);
  });
});

describe("the entries that are governed", () => {
  it("S01 are those under which the App answers", () => {
    const branches = ["~DEFAULT_BRANCH", "main", "release/**", "release/**", "hotfix/*"];
    const entries = governedEntries({ branches }, "main");
    expect(entries.map(({ checkName }) => checkName)).toEqual([
      "countersign",
      "countersign: release/**",
      "countersign: hotfix/*",
    ]);
    const names = [...checkNamesOf("main", "main", { branches }), ...checkNamesOf("release/1", "main", { branches })];
    expect(names.every((name) => entries.some(({ checkName }) => checkName === name))).toBe(true);
    expect(governedEntries({ branches: ["release/**"] }, "main")[0]).toEqual({
      checkName: "countersign",
      pattern: null,
    });
  });
});

describe("patterns of branches", () => {
  it.each([
    ["develop", ["refs/heads/develop"], "develop"],
    ["release/*", ["refs/heads/release/*"], "release/example"],
    ["release/**", ["refs/heads/release/**/*"], "release/example"],
    ["**", ["refs/heads/**/*"], "example"],
    ["**/stable", ["refs/heads/**/stable"], "example/stable"],
    ["v[0-9].?", ["refs/heads/v[0-9].?"], "v0.x"],
    ["{release,hotfix}/**", ["refs/heads/release/**/*", "refs/heads/hotfix/**/*"], "release/example"],
  ])("%s", (pattern, refs, example) => {
    expect(refPatterns(pattern)).toEqual(refs);
    expect(exampleBranch(pattern)).toBe(example);
    expect(checkNamesOf(example, "main", { branches: [pattern] })).toEqual([`countersign: ${pattern}`]);
  });

  it("take in at GitHub what they take in here", () => {
    const names = ["develop", "release/1", "release/1/2", "hotfix/1", "v1.x", "stable", "a/stable", "a/b/stable", "x"];
    for (const pattern of ["develop", "release/*", "release/**", "**", "**/stable", "{release,hotfix}/**", "v?.x"])
      for (const name of names) {
        const here = checkNamesOf(name, "main", { branches: [pattern] }).length > 0;
        expect([pattern, name, refMatches({ include: refPatterns(pattern) }, `refs/heads/${name}`, "main")]).toEqual([
          pattern,
          name,
          here,
        ]);
      }
  });
});
