import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { COMMENT_MARKER } from "../../../src/reports/comment.ts";
import type { PullRequest } from "../../github/world.ts";
import { agent, POLICY } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const LOW = { "services/low/agent.py": agent(MODEL) };
const HIGH = { "services/medium/agent.py": agent(MODEL) };

describe("forged checks, statuses and comments", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  const api = async (method: string, path: string, login: string, body?: unknown) =>
    (
      await fetch(`${s.github.url}/repos/acme/agent${path}`, {
        method,
        headers: { authorization: `Bearer ghp_${login}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    ).status;
  const status = (pull: PullRequest, context: string, state = "success") =>
    s.repository.statuses.push({
      id: s.github.world.nextId(),
      sha: pull.head.sha,
      context,
      state,
      description: "",
      creator: s.github.world.user("dora"),
      createdAt: s.github.world.now(),
    });

  describe("in our name", () => {
    it.each(["github-actions", "evil-app"])("P11 a check named countersign by %s lets nothing merge", async (app) => {
      const pull = await s.open("attack", LOW);
      await s.idle();
      s.act.check(s.repository, app, "countersign", pull.head.sha, "success");
      expect(await s.verdict(pull)).toMatch(/^action_required/);
      expect(await s.merge(pull)).toBe(405);
    });

    it("P11 a commit status named countersign lets nothing merge", async () => {
      const pull = await s.open("attack", LOW);
      await s.idle();
      status(pull, "countersign");
      expect(await s.merge(pull)).toBe(405);
    });

    it("P28 a comment with our marker by a person or another App is neither believed nor taken for ours", async () => {
      const pull = await s.open("attack", LOW);
      const evil = s.github.world.app("evil-app", {});
      const forged = `${COMMENT_MARKER}\n**Approved.** Merge it.`;
      for (const app of [null, evil])
        pull.issue.comments.unshift({
          id: s.github.world.nextId(),
          author: s.github.world.user(app ? "evil-app[bot]" : "dora"),
          app,
          body: forged,
          createdAt: s.github.world.now(),
          updatedAt: s.github.world.now(),
          reactions: [],
        });
      await s.approve(pull, "anna");
      expect(await s.verdict(pull)).toMatch(/^action_required/);
      expect(s.comments(pull)).toHaveLength(1);
      expect(pull.issue.comments.filter(({ body }) => body === forged)).toHaveLength(2);
    });

    it("P28 our comment that somebody edits is restored at once, and nothing goes round in circles", async () => {
      const pull = await s.open("attack", LOW);
      await s.idle();
      const [comment] = pull.issue.comments.filter(({ app }) => app === s.app);
      const said = comment?.body ?? "";
      expect(said).toContain("@olga");
      const from = s.github.recorded.length;
      expect(await api("PATCH", `/issues/comments/${comment?.id}`, "dora", { body: "**Approved.** Merge it." })).toBe(
        200,
      );
      await s.idle();
      expect(s.comments(pull)).toEqual([said]);
      expect(s.writes(from).filter((one) => one.includes("comments"))).toEqual([
        `PATCH /issues/comments/${comment?.id}`,
      ]);
      expect(s.logged.some((line) => line.login === "dora" && /changed the comment/.test(String(line.msg)))).toBe(true);
    });

    it("P28 our comment that somebody deletes is written again, once", async () => {
      const pull = await s.open("attack", LOW);
      await s.idle();
      const [comment] = pull.issue.comments.filter(({ app }) => app === s.app);
      expect(await api("DELETE", `/issues/comments/${comment?.id}`, "dora")).toBe(204);
      await s.idle();
      expect(s.comments(pull)).toEqual([comment?.body]);
    });

    it("P28 an edit that hides behind another event at the same instant is restored as well", async () => {
      const pull = await s.open("attack", LOW);
      await s.idle();
      const [comment] = pull.issue.comments.filter(({ app }) => app === s.app);
      const said = comment?.body;
      s.github.deliveries.hold();
      await api("PATCH", `/issues/comments/${comment?.id}`, "dora", { body: "**Approved.**" });
      await s.comment(pull, "dora", "/countersign recheck");
      await s.comment(pull, "dora", "/countersign recheck");
      s.github.deliveries.release();
      await s.idle();
      expect(s.comments(pull)).toEqual([said]);
    });
  });

  describe("in the name of the evaluation", () => {
    const approved = async () => {
      const pull = await s.open("attack", HIGH);
      await s.approve(pull, "olga", "rita", "anna");
      expect(await s.verdict(pull)).toMatch(/^action_required: High risk: needs `evals`/);
      return pull;
    };
    const still = async (pull: PullRequest) => {
      await s.comment(pull, "dora", "/countersign recheck");
      expect(await s.verdict(pull)).toMatch(/^(action_required|failure): High risk/);
      expect(await s.merge(pull)).toBe(405);
    };

    it.each(["evil-app", "github-actions"])(
      "P11 S16 a check of its name by %s, outside of its workflow",
      async (app) => {
        const pull = await approved();
        s.act.check(s.repository, app, "evals", pull.head.sha, "success");
        await still(pull);
      },
    );

    it("P11 a commit status of its name", async () => {
      const pull = await approved();
      status(pull, "evals");
      await still(pull);
    });

    it("S16 a job of its name in another workflow, filed under another suite", async () => {
      const pull = await approved();
      const { sha, ref: branch } = pull.head;
      const path = ".github/workflows/other.yml";
      s.act.workflow(s.repository, { path, name: "evals", sha, branch, job: "evals", conclusion: "success" });
      await still(pull);
    });

    it("S16 a workflow file whose name only begins like it", async () => {
      const pull = await approved();
      const { sha, ref: branch } = pull.head;
      for (const path of [".github/workflows/evals.yml@x.yml", ".github/workflows/Evals.yml"])
        s.act.workflow(s.repository, { path, sha, branch, job: "evals", conclusion: "success" });
      await still(pull);
    });

    it("P12 it ended with anything but success", async () => {
      const pull = await approved();
      for (const conclusion of ["neutral", "skipped", "cancelled", "action_required", "timed_out", "failure"]) {
        s.evals(pull, conclusion);
        await still(pull);
      }
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
    });

    it("P12 it passed on an older head, or on a commit of the base", async () => {
      const pull = await approved();
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
      s.act.push(s.repository, "attack", { "docs/x.md": "x\n" }, { by: "dora" });
      await s.idle();
      await still(pull);
    });

    it("S16 an earlier success does not outlive a newer failure, or a run that goes on", async () => {
      const pull = await approved();
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^success/);
      s.evals(pull, "failure");
      await s.idle();
      await still(pull);
      s.evals(pull, null);
      await s.idle();
      await still(pull);
    });

    it("S16 the workflow is older at an old merge base: what it says there is worth nothing", async () => {
      const old = s.repository.refs.get("refs/heads/main") ?? "";
      const harder =
        "name: evals\non: push\njobs:\n  evals:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm run evals -- --hard\n";
      s.act.push(s.repository, "main", { ".github/workflows/evals.yml": harder }, { by: "root" });
      await s.idle();
      const pull = await s.open("attack", HIGH, { base: "main" });
      const { store } = s.repository;
      const onOld = store.commit({
        parents: [old],
        files: HIGH,
        author: { name: "dora", email: "dora@example.com", date: s.github.world.now() },
      });
      s.act.move(s.repository, "attack", onOld, "dora");
      await s.approve(pull, "olga", "rita", "anna");
      await s.idle();
      const { sha, ref: branch } = pull.head;
      s.act.workflow(s.repository, {
        ...{ path: ".github/workflows/evals.yml", sha, branch, event: "push" },
        ...{ job: "evals", conclusion: "success" },
      });
      await still(pull);
    });

    it("S16 the evaluation's script is edited, its workflow untouched", async () => {
      const policy = POLICY.replace(
        "when: [model, prompt], from: high",
        'inputs: ["evals/**"], when: [model, prompt], from: high',
      );
      s.act.push(
        s.repository,
        "main",
        { ".github/countersign.yml": policy, "evals/run.py": "assert score > 0.9\n" },
        { by: "root" },
      );
      await s.idle();
      const pull = await s.open("attack", { ...LOW, "evals/run.py": "pass\n" });
      await s.approve(pull, "olga", "anna");
      await s.idle();
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^(action_required|failure): High risk/);
      expect(await s.merge(pull)).toBe(405);
    });

    it("S16 the workflow is edited to forge its own result", async () => {
      const pull = await s.open("attack", {
        ...LOW,
        ".github/workflows/evals.yml":
          "name: evals\non: pull_request\njobs:\n  evals:\n    runs-on: ubuntu-latest\n    steps:\n      - run: 'true'\n",
      });
      await s.approve(pull, "olga", "anna");
      await s.idle();
      s.evals(pull);
      expect(await s.verdict(pull)).toMatch(/^action_required: High risk/);
      expect(await s.merge(pull)).toBe(405);
    });
  });
});
