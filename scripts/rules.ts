/** Writes docs/rules.md from the rules and their fixtures; with --check only compares, and exits 1 when it is out of date. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RuleInfo } from "../src/core/detector.ts";
import { CLASSES } from "../src/core/finding.ts";
import { effectivePolicy } from "../src/core/policy.ts";
import { RULE_IDS } from "../src/core/rule-id.ts";
import { detectorsFor } from "../src/detectors/index.ts";

const page = fileURLToPath(new URL("../docs/rules.md", import.meta.url));
const fixtures = fileURLToPath(new URL("../fixtures/detectors/", import.meta.url));
/** An example longer than this is no help in a page. */
const LONGEST_EXAMPLE = 900;

const rules = new Map<string, RuleInfo>(
  detectorsFor(effectivePolicy(null), new Uint8Array(32)).flatMap((detector) =>
    detector.rules.map((rule) => [rule.id, rule] as const),
  ),
);

const text = [
  "# Rules",
  "",
  "Written by `npm run rules` from the rules and their fixtures; do not edit.",
  "",
  "A rule looks at both sides of every changed file and compares the facts it knows there: a finding stands only where they differ, so",
  "reformatting, moving and renaming are silent. Findings in tests, examples, documentation and comments are listed as `trivial` and ask for",
  "nothing, except where a rule says otherwise. What severities lead to is in [the policy's page](policy.md).",
  "",
  "Under `detect.rules` a policy gives any rule another severity, or switches it off:",
  "",
  "```yaml",
  "version: 1",
  "detect:",
  "  rules:",
  "    prompt/agent-instructions: { severity: material }",
  "    model/list: off",
  "```",
  "",
  "`governance/*`, `credential/secret-value` and `tool/permission` stay as they are. A policy writes rules of its own under `detect.custom`.",
  "",
  "| rule | finds |",
  "|---|---|",
  ...RULE_IDS.map((id) => `| [${id}](#${anchor(id)}) | ${ruleOf(id).summary} |`),
  "",
  ...CLASSES.flatMap((name) => [
    `## ${name}`,
    "",
    ...RULE_IDS.filter((id) => ruleOf(id).class === name).flatMap(section),
  ]),
].join("\n");

if (process.argv.includes("--check")) {
  if (!existsSync(page) || readFileSync(page, "utf8") !== text) {
    console.error("docs/rules.md is out of date; run: npm run rules");
    process.exitCode = 1;
  }
} else writeFileSync(page, text);

function ruleOf(id: string): RuleInfo {
  const rule = rules.get(id);
  if (!rule) throw new Error(`no detector owns ${id}`);
  return rule;
}

function anchor(id: string): string {
  return id.replace("/", "");
}

function section(id: string): readonly string[] {
  const rule = ruleOf(id);
  const notes = [
    `**Severity.** ${rule.severity}`,
    ...(rule.ignoresSurface ? ["**Surface.** Counts wherever the file lies, tests and documentation too."] : []),
    ...(rule.wholeFile ? ["**Binding.** Approvals bind to the whole file."] : []),
    isFixed(id)
      ? "**Options.** None: it stays as it is."
      : `**Options.** \`detect.rules: { "${id}": off }\`, or \`{ severity: … }\`.`,
  ];
  return [`### ${id}`, "", rule.summary, "", ...notes.map((note) => `- ${note}`), "", ...example(id)];
}

function isFixed(id: string): boolean {
  return id.startsWith("governance/") || id === "credential/secret-value" || id === "tool/permission";
}

/** The shortest change that the rule finds, of one file on both sides where there is one. */
function example(id: string): readonly string[] {
  const folder = join(fixtures, id);
  if (!existsSync(folder)) return [];
  const changes = readdirSync(folder)
    .filter((name) => name.startsWith("hit."))
    .sort()
    .map((name) => ({
      name,
      before: filesIn(join(folder, name, "before")),
      after: filesIn(join(folder, name, "after")),
    }))
    .filter(({ before, after }) => before.length <= 1 && after.length <= 1 && before.length + after.length > 0)
    .map((change) => ({
      ...change,
      length: [...change.before, ...change.after].reduce((sum, file) => sum + file.text.length, 0),
    }))
    .filter(
      ({ length, before, after }) =>
        length <= LONGEST_EXAMPLE && [...before, ...after].every(({ text: own }) => isPlain(own)),
    );
  const both = changes.filter(({ before, after }) => before.length === 1 && after.length === 1);
  const [chosen] = (both.length > 0 ? both : changes).sort((a, b) => a.length - b.length);
  if (!chosen) return [];
  const side = (name: string, files: readonly File[]) =>
    files.length === 0
      ? [`${name}: no file.`, ""]
      : files.flatMap((file) => [
          `${name}, \`${file.path}\`:`,
          "",
          fence(file.text),
          file.text.replace(/\n*$/, ""),
          fence(file.text),
          "",
        ]);
  return [
    `Found, for example (\`${chosen.name.slice("hit.".length)}\`):`,
    "",
    ...side("before", chosen.before),
    ...side("after", chosen.after),
  ];
}

interface File {
  readonly path: string;
  readonly text: string;
}

function filesIn(folder: string): readonly File[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1), text: readFileSync(path, "utf8") }));
}

/** Whether text shows on a page as it is. */
function isPlain(content: string): boolean {
  return !/[\0-\x08\x0b-\x1f\x7f\uFFFD\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u.test(
    content,
  );
}

function fence(content: string): string {
  return content.includes("```") ? "````" : "```";
}
