/** Writes docs/cases.md from the cases and the names of the tests; with --check only compares, and exits 1 when it is out of date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { ALL_CASES, caseFaults, casePage, caseTests } from "./case-page.ts";

const page = new URL("../docs/cases.md", import.meta.url);
const tests = caseTests();
const text = casePage(ALL_CASES, tests);

if (process.argv.includes("--check")) {
  if (!existsSync(page) || readFileSync(page, "utf8") !== text) {
    console.error("docs/cases.md is out of date; run: npm run cases");
    process.exitCode = 1;
  }
} else writeFileSync(page, text);

for (const fault of caseFaults(ALL_CASES, tests)) {
  console.error(fault);
  process.exitCode = 1;
}
