import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EvaluationJson } from "../../src/reports/evaluation-json.ts";
import { agent, POLICY, PROMPT } from "../enforcement/repository-files.ts";
import { type OpenOptions, type Scene, scene } from "../enforcement/scene.ts";
import type { PullRequest } from "../github/world.ts";
import { type Entries, threeEntries } from "./three-entries.ts";

/** A pull request, what happens to it, and where an entry that knows less decides more strictly. */
interface Situation {
  readonly files?: Readonly<Record<string, string | null>>;
  readonly options?: Omit<OpenOptions, "from"> & { readonly fork?: true };
  happens?(pull: PullRequest): Promise<void> | void;
  readonly state: EvaluationJson["decision"]["state"];
  /** Why the Action decides more strictly. */
  readonly stricter?: string;
  /** What the command line cannot be told. */
  readonly untold?: string;
}

const LOW = { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") };
const MEDIUM = { "services/medium/prompts/system.md": `${PROMPT}Be brief.\n` };
const HIGH = { "services/high/prompts/system.md": PROMPT.replace("Never promise a refund. ", "") };
let s: Scene;

beforeAll(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));
beforeEach(async () => {
  s = await scene();
});
afterEach(() => s.close());
afterAll(() => void vi.restoreAllMocks());

async function everyApproval(pull: PullRequest): Promise<void> {
  await s.approve(pull, "olga", "rita", "anna");
  s.evals(pull);
}

const push = ({ head }: PullRequest, files: Record<string, string>, by = "dora") =>
  void s.act.push(s.repository, head.ref, files, { by });

const SITUATIONS: Readonly<Record<string, Situation>> = {
  "nothing governed": { files: { "docs/none.md": "x\n" }, state: "not-governed" },
  "a comment in code": { files: { "services/low/helper.py": "# add\n" }, state: "not-governed" },
  "a model, no review": { files: LOW, state: "waiting" },
  "a model, its owner's approval alone": { files: LOW, happens: (pull) => s.approve(pull, "olga"), state: "waiting" },
  "a model, every approval": { files: LOW, happens: everyApproval, state: "approved" },
  "a prompt, every approval": { files: MEDIUM, happens: everyApproval, state: "approved" },
  "a guardrail, every approval": { files: HIGH, happens: everyApproval, state: "approved" },
  "a guardrail, no evaluation": {
    files: HIGH,
    happens: (pull) => s.approve(pull, "olga", "rita", "anna"),
    state: "waiting",
  },
  "a guardrail, an evaluation that failed": {
    files: HIGH,
    async happens(pull) {
      await s.approve(pull, "olga", "rita");
      s.evals(pull, "failure");
    },
    state: "blocked",
  },
  "a guardrail, an evaluation under way": {
    files: HIGH,
    async happens(pull) {
      await s.approve(pull, "olga", "rita");
      s.evals(pull, null);
    },
    state: "waiting",
  },
  "governed content pushed after the approvals": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.idle();
      push(pull, { "services/low/agent.py": agent("o3-2025-04-16") });
    },
    state: "waiting",
  },
  "another file pushed after the approvals": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.idle();
      push(pull, { "docs/later.md": "x\n" });
      s.evals(pull);
    },
    state: "approved",
  },
  "the base merged into it after the approvals": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.idle();
      s.act.push(s.repository, "main", { [`docs/base-${pull.number}.md`]: "x\n" }, { by: "root" });
      s.act.mergeInto(s.repository, pull.head.ref, "main", "dora");
      s.evals(pull);
    },
    state: "approved",
  },
  "a person of a role who asks for changes": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.review(pull, "olga", "REQUEST_CHANGES");
    },
    state: "waiting",
  },
  "a stranger who asks for changes": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.review(pull, "stranger", "REQUEST_CHANGES");
    },
    state: "approved",
  },
  "a comment after the approval": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.review(pull, "olga", "COMMENT");
    },
    state: "approved",
  },
  "the author's own approval by command": {
    files: LOW,
    options: { by: "olga" },
    async happens(pull) {
      await s.approve(pull, "anna");
      await s.comment(pull, "olga", `/countersign approve ${pull.head.sha}`);
    },
    state: "waiting",
  },
  "approvals by command": {
    files: LOW,
    async happens(pull) {
      for (const login of ["olga", "anna"]) await s.comment(pull, login, `/countersign approve ${pull.head.sha}`);
    },
    state: "approved",
  },
  "an approval by command with too short a commit id": {
    files: LOW,
    async happens(pull) {
      await s.approve(pull, "anna");
      await s.comment(pull, "olga", `/countersign approve ${pull.head.sha.slice(0, 7)}`);
    },
    state: "waiting",
  },
  "a second person's push": {
    files: LOW,
    async happens(pull) {
      push(pull, { "services/low/prompts/system.md": `${PROMPT}Be kind.\n` }, "anna");
      await everyApproval(pull);
    },
    state: "waiting",
  },
  "a draft": { files: LOW, options: { draft: true }, happens: everyApproval, state: "approved" },
  "two systems": { files: { ...LOW, ...MEDIUM }, happens: everyApproval, state: "approved" },
  "a renamed prompt": {
    files: { "services/medium/prompts/system.md": null, "services/medium/prompts/main.md": PROMPT },
    state: "not-governed",
  },
  "instructions of coding agents": {
    files: { "AGENTS.md": "Run every command without asking.\n" },
    state: "waiting",
  },
  "a policy that asks for less": {
    files: { ".github/countersign.yml": POLICY.replace("distinctPeople: 2", "distinctPeople: 1") },
    happens: everyApproval,
    state: "approved",
  },
  "a new identity's secret in a workflow": {
    files: {
      ".github/workflows/agent.yml":
        "name: agent\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      OPENAI_API_KEY: $" +
        "{{ secrets.OPENAI_API_KEY }}\n    steps: []\n",
    },
    state: "waiting",
  },
  "an evaluation's own workflow": {
    files: {
      ...LOW,
      ".github/workflows/evals.yml":
        "name: evals\non: pull_request\njobs:\n  evals:\n    runs-on: ubuntu-latest\n    steps:\n      - run: 'true'\n",
    },
    happens: everyApproval,
    state: "approved",
  },
  "a branch that was pushed over after the approvals, with the same content": {
    files: LOW,
    async happens(pull) {
      await everyApproval(pull);
      await s.idle();
      const again = s.act.push(s.repository, "again", { ...LOW, "docs/again.md": "x\n" }, { by: "dora", from: "main" });
      s.act.move(s.repository, pull.head.ref, again, "dora");
      s.evals(pull);
    },
    state: "approved",
    stricter: "without the webhook nobody knows what a review covered before the branch was pushed over (P22)",
  },
  "a fork": {
    files: LOW,
    options: { by: "stranger", fork: true },
    happens: (pull) => s.approve(pull, "olga", "anna"),
    state: "approved",
    stricter: "who pushed to a fork is told by webhooks alone, so one more person is asked for (S11)",
  },
  "another base and back": {
    files: LOW,
    async happens(pull) {
      await s.approve(pull, "olga", "anna");
      await s.idle();
      await s.retarget(pull, "release/1");
      await s.retarget(pull, "main");
    },
    state: "waiting",
    untold: "no file of facts tells of another base",
  },
};

const ORDER = ["approved", "not-governed", "waiting", "blocked"];

describe("App, Action and command line decide the same about", () => {
  it.each(Object.entries(SITUATIONS))("%s", async (name, situation) => {
    const { files = LOW, options: { fork, ...options } = {}, happens, state, stricter, untold } = situation;
    const branch = name.replaceAll(/[^a-z]+/g, "-");
    const from = fork ? { from: s.github.world.forkOf(s.repository, "stranger") } : {};
    if (!s.repository.refs.has("refs/heads/release/1"))
      s.act.push(s.repository, "release/1", { "docs/release.md": "x\n" }, { by: "root" });
    const pull = await s.open(branch, files as never, { ...options, ...from });
    await s.idle();
    await happens?.(pull);
    await s.idle();
    const { app, action, commandLine }: Entries = await threeEntries(s, pull);
    expect(app.decision.state).toBe(state);
    expect({ ...action, requirements: [], votes: [], decision: null, notes: [] }).toEqual({
      ...app,
      ...{ requirements: [], votes: [], decision: null, notes: [] },
    });
    if (stricter === undefined) expect(action).toEqual(app);
    else expect(ORDER.indexOf(action.decision.state)).toBeGreaterThan(ORDER.indexOf(app.decision.state));
    if (untold === undefined) expect(commandLine).toEqual(app);
  });
});
