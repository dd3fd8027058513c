import { expect, it } from "vitest";
import { markdownReport } from "../../src/reports/markdown.ts";
import { terminalReport } from "../../src/reports/terminal.ts";
import { decideSituation } from "../core/situation.ts";

it("what is not registered is shown as the entry to add, and not counted among what was left out", () => {
  const evaluation = decideSituation({
    changes: [{ path: "lib/x.py" }, { class: "credential", references: ["NEW_KEY"] }],
  });
  const entries = [
    '- { id: lib, owner: "@login", lifecycle: deployed, tier: medium, paths: ["lib/**"] }',
    '- { id: new-key, type: api-key, owner: "@login", references: ["NEW_KEY"] }',
  ];
  const terminal = terminalReport(evaluation, { color: false, explain: false, rules: [] });
  const markdown = markdownReport(evaluation);
  for (const entry of entries) {
    expect(terminal).toContain(`    ${entry}\n`);
    expect(markdown).toContain(`\`${entry}\``);
  }
  expect(terminal).not.toContain("trivial finding");
});

it("nothing is asked to be registered where everything is", () => {
  const evaluation = decideSituation({});
  expect(terminalReport(evaluation, { color: false, explain: false, rules: [] })).not.toContain("To register");
  expect(markdownReport(evaluation)).not.toContain("To register");
});
