import { describe, expect, it } from "vitest";
import { evaluationBetween, type Tree } from "../detectors/fixture.ts";

const EVALS = ".github/workflows/evals.yml";
const POLICY = `version: 1
checks:
  evals: { name: evals, app: github-actions, workflow: ${EVALS}, inputs: ["quality/**"] }
detect: { ignore: ["ignored/**"] }
`;

const tree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: "100644" }]));
const workflow = (...uses: readonly string[]) =>
  `on: pull_request\njobs:\n  evals:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v5\n${uses
    .map((one) => `      - uses: ${one}\n`)
    .join("")}`;
const composite = (...uses: readonly string[]) =>
  `runs:\n  using: composite\n  steps:\n${uses.map((one) => `    - uses: ${one}\n`).join("")}    - run: ./run.sh\n      shell: bash\n`;

/** The files of a change that make it one of a check's definition. */
async function found(base: Readonly<Record<string, string>>, edited: Readonly<Record<string, string>>) {
  const { assessment } = await evaluationBetween(tree(base), tree({ ...base, ...edited }), POLICY);
  const findings = assessment.findings.filter(({ finding }) => finding.rule === "governance/check-workflow");
  for (const { finding } of findings) expect(finding).toMatchObject({ severity: "major", floor: "high" });
  if (findings.length > 0) expect(assessment.tier.value).toBe("high");
  return findings.map(({ finding }) => finding.place.after?.path ?? finding.place.before?.path);
}

describe("S16 what a named check runs", () => {
  it("is a local action with all that lies in its folder, though the workflow is as it was", async () => {
    const base = {
      [EVALS]: workflow("./.github/actions/evals"),
      ".github/actions/evals/action.yml": composite(),
      ".github/actions/evals/lib/score.py": "PASS = 0.9\n",
      ".github/actions/other/action.yml": composite(),
    };
    const edited = {
      ".github/actions/evals/lib/score.py": "PASS = 0\n",
      ".github/actions/other/action.yml": "runs: {}\n",
      "src/app.py": "x = 1\n",
    };
    expect(await found(base, edited)).toEqual([".github/actions/evals/lib/score.py"]);
  });

  it("is a reusable workflow, and an action that the action uses", async () => {
    const base = {
      [EVALS]: "on: pull_request\njobs:\n  evals:\n    uses: ./.github/workflows/reusable.yml\n",
      ".github/workflows/reusable.yml": workflow("./tools/evals"),
      "tools/evals/action.yaml": composite("./tools/score"),
      "tools/score/action.yml": composite(),
      "tools/score/run.sh": "exit 1\n",
    };
    expect(await found(base, { ".github/workflows/reusable.yml": workflow() })).toEqual([
      ".github/workflows/reusable.yml",
    ]);
    expect(await found(base, { "tools/score/run.sh": "exit 0\n" })).toEqual(["tools/score/run.sh"]);
    expect(await found(base, { "tools/score/new.sh": "exit 0\n" })).toEqual(["tools/score/new.sh"]);
  });

  it("is the program that an action names outside of its folder", async () => {
    const base = {
      [EVALS]: workflow("./tools/evals"),
      "tools/evals/action.yml": "runs:\n  using: node24\n  main: ../../dist/evals.js\n",
      "dist/evals.js": "process.exit(1)\n",
      "dist/other.js": "1\n",
    };
    expect(await found(base, { "dist/evals.js": "process.exit(0)\n", "dist/other.js": "2\n" })).toEqual([
      "dist/evals.js",
    ]);
  });

  it("is of an action at the root what the action names, not the whole repository", async () => {
    const base = { [EVALS]: workflow("./"), "action.yml": "runs:\n  using: node24\n  main: dist/index.js\n" };
    expect(await found(base, { "dist/index.js": "1\n", "README.md": "r\n", "src/a.ts": "x\n" })).toEqual([
      "dist/index.js",
    ]);
  });

  it("is an action of a checkout into a folder of its own", async () => {
    const base = { [EVALS]: workflow("./candidate/tools/evals"), "tools/evals/action.yml": composite() };
    expect(await found(base, { "tools/evals/action.yml": composite("./x") })).toEqual(["tools/evals/action.yml"]);
  });

  it("is found under paths that the policy leaves out of detection", async () => {
    const base = { [EVALS]: workflow("./ignored/evals"), "ignored/evals/action.yml": composite() };
    expect(await found(base, { "ignored/evals/run.sh": "exit 0\n" })).toEqual(["ignored/evals/run.sh"]);
  });

  it("includes what the workflow used before the change, and what it uses after it", async () => {
    const base = { [EVALS]: workflow("./old"), "old/action.yml": composite(), "new/action.yml": composite() };
    const edited = { [EVALS]: workflow("./new"), "old/action.yml": "x: 1\n", "new/action.yml": "x: 1\n" };
    expect(await found(base, edited)).toEqual([EVALS, "new/action.yml", "old/action.yml"].sort());
  });

  it("ends where actions use each other in circles, and says when it was too much to follow", async () => {
    const circle = {
      [EVALS]: workflow("./a"),
      "a/action.yml": composite("./b"),
      "b/action.yml": composite("./a"),
    };
    expect(await found(circle, { "b/run.sh": "exit 0\n" })).toEqual(["b/run.sh"]);
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`t${at}/action.yml`, composite()]));
    const base = { [EVALS]: workflow(...Object.keys(many).map((path) => `./${path.slice(0, -11)}`)), ...many };
    const { decision, requirements } = await evaluationBetween(tree(base), tree({ ...base, "x.md": "1\n" }), POLICY);
    expect(decision.state).toBe("blocked");
    expect(JSON.stringify(requirements)).toContain("was not followed beyond 200 files");
  });
});
