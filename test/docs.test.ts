import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT_IN_TIERS, GOVERNED_TIERS } from "../src/core/policy.ts";
import { MATRIX } from "../src/core/tier.ts";
import { parsePolicy, parseRegistry } from "../src/governance/configuration-file.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

describe("the documentation", () => {
  it.each(["README.md", "docs/policy.md", "docs/small-teams.md"])(
    "%s: every policy and registry shown is valid",
    (page) => {
      const blocks = [...read(page).matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""]) => yaml);
      expect(blocks.length).toBeGreaterThan(0);
      for (const yaml of blocks) {
        const parsed = /^(?:systems|identities|providers|exceptions):/m.test(yaml)
          ? parseRegistry(yaml, page)
          : parsePolicy(yaml, page);
        expect(parsed.ok ? [] : parsed.problems).toEqual([]);
      }
    },
  );

  it("docs/policy.md: the tables of tiers are the code's", () => {
    const text = read("docs/policy.md");
    for (const tier of GOVERNED_TIERS) {
      const { trivial, minor, material, major } = MATRIX[tier];
      expect(text).toContain(`| ${tier} | ${trivial} | ${minor} | ${material} | ${major} |`);
      const { approvals, distinctPeople, rollback, statement, bind, validFor } = BUILT_IN_TIERS[tier];
      const asked = approvals.map(({ role, when }) => (when ? `${role} for ${when.join(", ")}` : role)).join(", ");
      expect(text).toContain(
        `| ${tier} | ${asked} | ${distinctPeople} | ${rollback} | ${statement ? "yes" : "no"} | ${bind} | ${validFor} |`,
      );
    }
  });

  it.each(pages)("%s: links lead to files of the project", (page) => {
    for (const [, target = ""] of read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      expect(() => read(new URL(target, `file:///${page}`).pathname.slice(1)), `${page} -> ${target}`).not.toThrow();
    }
  });
});
