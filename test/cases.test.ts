import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALL_CASES, caseFaults, casePage, caseTests, testsIn } from "../scripts/case-page.ts";

// Put together, since a name in this file would be one of a test.
const [unknown, known] = [["P", 99].join(""), ["P", "01"].join("")];

describe("cases and tests", () => {
  const tests = caseTests();

  it("every case is shown by a test, or said not to be built yet; every test names cases that exist", () => {
    expect(tests.length).toBeGreaterThan(100);
    expect(caseFaults(ALL_CASES, tests)).toEqual([]);
  });

  it("docs/cases.md is up to date (npm run cases)", () => {
    const page = readFileSync(new URL("../docs/cases.md", import.meta.url), "utf8");
    expect(page).toBe(casePage(ALL_CASES, tests));
  });

  it("cases are numbered in order, each once", () => {
    const numbers = (kind: string, count: number) =>
      Array.from({ length: count }, (_, at) => `${kind}${String(at + 1).padStart(2, "0")}`);
    expect(ALL_CASES.map(({ id }) => id)).toEqual([...numbers("P", 45), ...numbers("S", 28)]);
  });

  it("a name that names no case, and a case without a name, are told", () => {
    const [one] = ALL_CASES;
    if (!one) throw new Error("no case");
    const named = testsIn("test/x.test.ts", `it("${unknown} holds", () => {});`);
    expect(caseFaults([one], named)).toEqual([
      `test/x.test.ts: "${unknown} holds" names ${unknown}, which is no case`,
      `no test of the whole program carries ${known} in its name, and nothing says that it is not built yet`,
    ]);
    // A test of a part is not enough.
    const [part, whole] = ["core", "enforcement"].map((room) => testsIn(`test/${room}/x.test.ts`, `it("${known} x")`));
    expect(caseFaults([one], part ?? [])).toHaveLength(1);
    expect(caseFaults([one], whole ?? [])).toEqual([]);
    expect(caseFaults([{ ...one, later: { step: 8, what: "all of it" } }], [])).toEqual([]);
  });

  it.each([
    [`describe("${known} one", () => {});`, [`${known} one`]],
    [`it.each([[1]])("${known} %s (${unknown})", () => {});`, [`${known} %s (${unknown})`]],
    [`it.each\`a\`(\`${known} of \${name} holds\`, () => {});`, [`${known} of …`]],
    [`const rows = [["${known} as a row", 1]];`, [`${known} as a row`]],
    [`it("holds (${known})", () => {});`, [`holds (${known})`]],
    [`// it("${known} in a comment")\nconst days = "${known}D"; say("as ${known} tells");`, []],
  ])("of %j the names are %j", (source, names) => {
    expect(testsIn("test/x.test.ts", source).map(({ name }) => name)).toEqual(names);
  });
});
