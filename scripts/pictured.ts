import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Review } from "../src/core/facts.ts";
import { openRepository } from "../src/git.ts";
import { pullRequestView } from "../src/reports/check-run.ts";
import type { PullRequestView } from "../src/reports/pull-request-view.ts";
import type { InvalidatedApproval, ReportPlace } from "../src/reports/report-context.ts";
import { readConfiguration } from "../src/work/configuration.ts";
import { evaluateChange } from "../src/work/evaluate.ts";

const DEMO = fileURLToPath(new URL("../fixtures/demo/before", import.meta.url));
const NOW = "2026-11-24T12:00:00Z";
const PLACE: ReportPlace = {
  server: "https://github.com",
  owner: "acme",
  name: "support",
  number: 7,
  defaultBranch: "main",
  ownedByOrganization: true,
};

/** One state of the pull request that is drawn: at which commit, who approved which one, and whether the check ran. */
interface State {
  readonly head: string;
  readonly approvals: readonly (readonly [login: string, commit: string])[];
  readonly evaluated: boolean;
  readonly invalidated?: readonly InvalidatedApproval[];
}

/** The demonstration's system in a real repository, a pull request on it, and what is shown while reviews arrive. */
export async function picturedViews(): Promise<Readonly<Record<string, PullRequestView>>> {
  const directory = mkdtempSync(join(tmpdir(), "countersign-pictures-"));
  try {
    const git = (...args: string[]) => execFileSync("git", ["-C", directory, ...args], { encoding: "utf8" }).trim();
    const edit = (path: string, from: string, to: string) => {
      const full = join(directory, path);
      writeFileSync(full, readFileSync(full, "utf8").replace(from, to));
    };
    const commit = () => {
      git("add", "--all");
      const identity = ["-c", "user.name=Neo", "-c", "user.email=1+neo@users.noreply.github.com"];
      git(...identity, "commit", "--quiet", "--message", "change");
      return git("rev-parse", "HEAD");
    };
    git("init", "--quiet", "--initial-branch=main");
    cpSync(DEMO, directory, { recursive: true });
    commit();
    git("checkout", "--quiet", "-b", "newer-model");
    edit("services/support/agent.py", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20");
    const first = commit();
    edit(
      "prompts/support/triage.md",
      "Always ask a person for approval before you issue one.",
      "Ask a person when it is above 500 EUR.",
    );
    const second = commit();
    const waiting = { head: first, approvals: [], evaluated: false };
    const died = { commit: second, path: "prompts/support/triage.md" };
    const states: Readonly<Record<string, State>> = {
      waiting,
      invalidated: {
        head: second,
        approvals: [
          ["octocat", first],
          ["hubot", first],
        ],
        evaluated: true,
        invalidated: [
          { person: "octocat", ...died },
          { person: "hubot", ...died },
        ],
      },
      approved: {
        head: first,
        approvals: [
          ["octocat", first],
          ["hubot", first],
        ],
        evaluated: true,
      },
    };
    const views: Record<string, PullRequestView> = {};
    for (const [name, state] of Object.entries(states)) views[name] = await viewOf(directory, git, state);
    return views;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function viewOf(directory: string, git: (...args: string[]) => string, state: State): Promise<PullRequestView> {
  const { head, approvals, evaluated, invalidated = [] } = state;
  const base = git("rev-parse", "main");
  const repository = await openRepository(directory);
  try {
    const sources = { base, head, rules: undefined, policy: undefined, registry: undefined, baseline: null };
    const configuration = await readConfiguration(repository, sources, async (path) => readFileSync(path));
    const reviews = approvals.map(
      ([login, commit], at): Omit<Review, "binding"> => ({
        id: at + 1,
        person: { login, type: "User" },
        state: "APPROVED",
        commit,
        submittedAt: "2026-11-24T09:00:00Z",
        via: "review",
      }),
    );
    const workflow = ".github/workflows/evals.yml";
    const result = { name: "evals / regression", app: "github-actions", workflow, head, status: "completed" };
    const { evaluation } = await evaluateChange(repository, {
      base,
      head,
      configuration,
      facts: {
        facts: {
          pullRequest: { author: { login: "neo", type: "User" }, body: "", draft: false },
          commands: [],
          checks: evaluated ? [{ ...result, conclusion: "success", completedAt: "2026-11-24T10:00:00Z" }] : [],
          workflowRuns: [],
          teams: new Map(),
          access: null,
          pushers: ["neo"],
          missing: [],
        },
        reviews,
      },
      now: NOW,
      fingerprintKey: new Uint8Array(32),
      progress: () => {},
    });
    return pullRequestView(evaluation, {
      checkName: "countersign",
      place: PLACE,
      rules: { policy: { commit: base, blob: git("rev-parse", "main:.github/countersign.yml") }, baseline: null },
      invalidated,
      notes: [],
      annotations: [],
      detailsUrl: null,
      commented: false,
    });
  } finally {
    await repository.close();
  }
}
