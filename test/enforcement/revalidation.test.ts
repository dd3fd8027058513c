import { afterEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { agent, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const EVALS = ".github/workflows/evals.yml";
const WORKFLOW = "name: evals\non: pull_request\njobs:\n  evals:\n    runs-on: ubuntu-latest\n    steps:\n";
/** A policy whose check is another App's. */
const RED_TEAM = POLICY.replace(
  /^ {2}evals:.*$/m,
  "  red-team: { name: red-team, app: acme-evals, when: [model, prompt], from: high, maxAge: P7D }",
);

describe("revalidation, end to end", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
  };
  afterEach(() => s.end());
  /** A change of high risk that has its people, so that only its check is missing. */
  const high = async (branch: string, more = {}): Promise<PullRequest> => {
    const pull = await s.open(branch, { "services/medium/agent.py": agent(MODEL), ...more });
    await s.approve(pull, "olga", "rita");
    await s.idle();
    return pull;
  };
  const run = (pull: PullRequest, job: string, path = EVALS, conclusion: string | null = "success") =>
    s.act.workflow(s.repository, { path, sha: pull.head.sha, branch: pull.head.ref, job, conclusion });

  it.each(["skipped", "neutral", "cancelled", "timed_out", "action_required"])(
    "P12 a check of another App that ended %s does not count, and a success does",
    async (conclusion) => {
      await start({ files: { ".github/countersign.yml": RED_TEAM } });
      const pull = await high("x");
      expect(await s.verdict(pull)).toBe("action_required: High risk: needs `red-team`");
      s.act.check(s.repository, "acme-evals", "red-team", pull.head.sha, conclusion);
      expect(await s.verdict(pull)).toMatch(/^failure: High risk: blocked/);
      expect(s.check(pull)?.output.summary?.replaceAll("\\", "")).toContain(
        `ended with ${conclusion}; only success counts`,
      );
      expect(await s.merge(pull)).toBe(405);
      s.act.check(s.repository, "acme-evals", "red-team", pull.head.sha, "success");
      expect(await s.verdict(pull)).toMatch(/^success: High risk: approved/);
    },
  );

  it.each(["skipped", "neutral"])("P12 S16 a job that ended %s does not count", async (conclusion) => {
    await start();
    const pull = await high("x");
    run(pull, "evals", EVALS, conclusion);
    expect(await s.verdict(pull)).toMatch(/^failure: High risk: blocked/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("P11 a check counts from the App that the policy names, whoever else posts one, or a status, of its name", async () => {
    await start({ files: { ".github/countersign.yml": RED_TEAM } });
    const pull = await high("x");
    s.act.check(s.repository, "impostor", "red-team", pull.head.sha, "success");
    run(pull, "red-team", ".github/workflows/red-team.yml");
    const posted = await fetch(`${s.github.url}/repos/acme/agent/statuses/${pull.head.sha}`, {
      method: "POST",
      headers: { authorization: "Bearer ghp_dora" },
      body: JSON.stringify({ state: "success", context: "red-team" }),
    });
    expect(posted.status).toBe(201);
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `red-team`");
  });

  it("P11 a status or a run named countersign by somebody else lets nothing merge", async () => {
    await start();
    const pull = await s.open("x", { "services/low/agent.py": agent(MODEL) });
    await s.idle();
    s.act.check(s.repository, "impostor", "countersign", pull.head.sha, "success");
    run(pull, "countersign", ".github/workflows/forged.yml");
    await fetch(`${s.github.url}/repos/acme/agent/statuses/${pull.head.sha}`, {
      method: "POST",
      headers: { authorization: "Bearer ghp_dora" },
      body: JSON.stringify({ state: "success", context: "countersign" }),
    });
    await s.idle();
    expect(await s.merge(pull)).toBe(405);
  });

  it("S16 a result counts on this head alone, from the newest run", async () => {
    await start();
    const pull = await high("x");
    run(pull, "evals");
    expect(await s.verdict(pull)).toMatch(/^success/);
    run(pull, "evals", EVALS, null);
    expect(await s.verdict(pull)).toMatch(/^action_required: High risk: needs `evals`/);
    run(pull, "evals", EVALS, "failure");
    expect(await s.verdict(pull)).toMatch(/^failure/);
    run(pull, "evals");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "x", { "docs/after.md": "x\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `evals`");
  });

  it("S16 a result that is too old is run again: time alone takes it back", async () => {
    await start({ files: { ".github/countersign.yml": RED_TEAM } });
    const pull = await high("x");
    s.act.check(s.repository, "acme-evals", "red-team", pull.head.sha, "success");
    expect(await s.verdict(pull)).toMatch(/^success: .*until 2026-12-01/);
    await s.stop();
    s.later(8 * 86_400_000);
    await s.restart();
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `red-team`");
    expect(s.check(pull)?.output.summary).toContain("is older than P7D; run it again");
  });

  it("S16 a workflow that ended without the job blocks, and says so", async () => {
    await start();
    const pull = await high("x");
    run(pull, "something-else");
    expect(await s.verdict(pull)).toMatch(/^failure/);
    expect(s.check(pull)?.output.summary).toContain("ended without it");
  });

  it.each([
    ["its workflow", { [EVALS]: `${WORKFLOW}      - run: "true"\n` }],
    ["an action of the repository that it uses", { ".github/actions/evals/action.yml": action("true") }],
    ["a script among its inputs", { "evals/run.sh": "exit 0\n" }],
    ["what it is measured by", { "evals/expected.json": '{"least": 0}\n' }],
  ])("S16 a change of %s is governed, and its own result is not enough", async (_, edit) => {
    await start({
      files: {
        ".github/countersign.yml": POLICY.replace("evals.yml, when", 'evals.yml, inputs: ["evals/**"], when'),
        [EVALS]: `${WORKFLOW}      - uses: ./.github/actions/evals\n`,
        ".github/actions/evals/action.yml": action("npm run evals"),
        "evals/run.sh": "npm run evals\n",
        "evals/expected.json": '{"least": 0.9}\n',
      },
    });
    const plain = await high("plain");
    run(plain, "evals");
    expect(await s.verdict(plain)).toMatch(/^success/);
    const pull = await s.open("edits", { "services/low/agent.py": agent(MODEL), ...edit });
    run(pull, "evals");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^(?:action_required|failure): (?:High|Critical) risk/);
    const output = `${s.check(pull)?.output.summary}${s.check(pull)?.output.text}`;
    expect(output).toMatch(/governance\/check-workflow|guardrail\/eval/);
    expect(output).toContain(Object.keys(edit)[0]);
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });
});

function action(run: string): string {
  return `name: evals\nruns:\n  using: composite\n  steps:\n    - run: ${run}\n      shell: bash\n`;
}
