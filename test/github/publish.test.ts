import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Charges } from "../../src/github/api.ts";
import { githubClient } from "../../src/github/client.ts";
import { publish } from "../../src/github/publish.ts";
import { evaluatingView } from "../../src/reports/check-run.ts";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";
import type { Annotation, PullRequestView } from "../../src/reports/pull-request-view.ts";
import type { Published } from "../../src/work/hosting.ts";
import { CONTEXT, EXAMPLES, viewOf } from "../reports/views.ts";
import { type FactsScene, factsScene } from "./facts-scene.ts";
import type { PullRequest } from "./world.ts";

let scene: FactsScene;
let pull: PullRequest;
beforeEach(async () => {
  scene = await factsScene();
  pull = await scene.open("feature", "anna");
});
afterEach(async () => {
  scene.conforms();
  await scene.github.close();
});

const PERMISSIONS = { checks: "write", pull_requests: "write", issues: "read" } as const;

/** Publishes as one job would, and says what that cost: `POST check-runs` and the like. */
async function published(
  view: PullRequestView,
  last: Published | null,
  permissions: Readonly<Record<string, "read" | "write">> = PERMISSIONS,
  uncommented = false,
) {
  const { github, app, installation, repository } = scene;
  const charges: Charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
  const client = githubClient({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url });
  const api = client.api({
    installation: installation.id,
    owner: "acme",
    name: "agent",
    repository: { id: repository.id },
    permissions,
    signal: AbortSignal.timeout(60_000),
    charges,
  });
  const from = github.recorded.length;
  const result = await publish(
    { api, appId: app.id, writing: async () => {}, uncommented: () => uncommented },
    { number: pull.number, head: pull.head.sha },
    view,
    last,
  );
  const asked = github.recorded
    .slice(from)
    .filter(({ path }) => !path.startsWith("/app/"))
    .map(
      ({ method, path }) =>
        `${method} ${path
          .split("?")[0]
          ?.replace("/repos/acme/agent/", "")
          .replaceAll(/[0-9a-f]{40}|\d{2,}/g, "N")}`,
    );
  return { result, asked };
}

const runs = () => scene.repository.checkRuns.filter(({ app }) => app === scene.app);
const comments = () => pull.issue.comments;
const notes = (amount: number, text = "note"): readonly Annotation[] =>
  Array.from({ length: amount }, (_, at) => ({
    path: "feature.py",
    startLine: at + 1,
    endLine: at + 1,
    level: "warning",
    title: "model/id changed",
    message: `${text} ${at}`,
  }));
const withNotes = (view: PullRequestView, annotations: readonly Annotation[]): PullRequestView => ({
  ...view,
  checkRun: { ...view.checkRun, annotations },
});
const waiting = viewOf(EXAMPLES.waiting);
const ungoverned = viewOf(EXAMPLES["not governed"]);
const NEW = { checkRun: null, commentId: null, checkRunDigest: null, commentDigest: null, passing: false };

describe("the check run", () => {
  it("costs one request where nothing is governed and the head is new, and none when asked again", async () => {
    const first = await published(ungoverned, NEW);
    expect(first.asked).toEqual(["POST check-runs"]);
    expect(first.result).toMatchObject({ passing: true, commentId: null });
    expect((await published(ungoverned, first.result)).asked).toEqual([]);
  });

  it("P18 stands on the head, with everything that the view says", async () => {
    await published(waiting, null);
    const { name, summary, title, text } = waiting.checkRun;
    expect(runs()).toMatchObject([
      {
        headSha: pull.head.sha,
        name,
        status: "completed",
        conclusion: "action_required",
        output: { title, summary, text },
      },
    ]);
    expect(runs()[0]?.actions).toEqual(waiting.checkRun.actions);
  });

  it("S19 is set in progress and completed again in place", async () => {
    const first = await published(ungoverned, NEW);
    const second = await published(evaluatingView(CONTEXT, "the policy changed"), first.result);
    expect(second.asked).toEqual(["PATCH check-runs/N"]);
    expect(second.result.passing).toBe(false);
    expect(runs()).toMatchObject([{ status: "in_progress", conclusion: null }]);
    await published(ungoverned, second.result);
    expect(runs()).toMatchObject([{ status: "completed", conclusion: "success" }]);
  });

  it("P14 takes fifty annotations in a request, and none twice when it is updated", async () => {
    const noted = withNotes(ungoverned, notes(100));
    const first = await published(noted, NEW);
    expect(first.asked).toEqual(["POST check-runs", "PATCH check-runs/N"]);
    const again = { ...noted, checkRun: { ...noted.checkRun, title: "another title" } };
    const second = await published(again, first.result);
    expect(second.asked).toEqual(["PATCH check-runs/N"]);
    const running = await published(evaluatingView(CONTEXT), second.result);
    const third = await published(again, running.result);
    expect(third.asked).toEqual(["PATCH check-runs/N"]);
    expect(runs()).toHaveLength(1);
    expect(runs()[0]?.annotations).toHaveLength(100);
    expect(runs()[0]?.output.title).toBe("another title");
  });

  it("P14 takes a new run for other annotations, since those of the old one stay", async () => {
    const first = await published(withNotes(ungoverned, notes(2)), NEW);
    await published(withNotes(ungoverned, notes(2, "other")), first.result);
    expect(runs()).toHaveLength(2);
    expect(runs()[1]?.annotations).toHaveLength(2);
  });

  it("P14 gives annotations to a run that was written without any", async () => {
    const first = await published(evaluatingView(CONTEXT), NEW);
    await published(withNotes(ungoverned, notes(2)), first.result);
    expect(runs()).toHaveLength(1);
    expect(runs()[0]?.annotations).toHaveLength(2);
  });

  it("is found by name and App where nothing is remembered, and not another App's of the same name", async () => {
    const noted = withNotes(ungoverned, notes(60));
    await published(noted, NEW);
    scene.act.check(scene.repository, "other-app", "countersign", pull.head.sha, "success");
    const found = await published({ ...noted, checkRun: { ...noted.checkRun, title: "found" } }, null);
    expect(found.asked).toEqual(["GET commits/N/check-runs", "PATCH check-runs/N"]);
    expect(runs()).toMatchObject([{ output: { title: "found" } }]);
    expect(runs()[0]?.annotations).toHaveLength(60);
  });

  it("of which only a part of the annotations was sent is replaced by a complete one", async () => {
    const noted = withNotes(ungoverned, notes(60));
    await published(noted, NEW);
    runs()[0]?.annotations.splice(50);
    await published(noted, null);
    expect(runs().map(({ annotations }) => annotations.length)).toEqual([50, 60]);
  });

  it("is created again when it is gone", async () => {
    const first = await published(ungoverned, NEW);
    scene.repository.checkRuns.length = 0;
    const second = await published(waiting, first.result);
    expect(second.asked.slice(0, 2)).toEqual(["PATCH check-runs/N", "POST check-runs"]);
    expect(runs()).toMatchObject([{ conclusion: "action_required" }]);
    expect(second.result.checkRun).toBe(runs()[0]?.id);
  });

  it("is written again when somebody asks for it", async () => {
    const first = await published(ungoverned, NEW);
    const again = await published(ungoverned, { ...first.result, checkRunDigest: null });
    expect(again.asked).toEqual(["GET commits/N/check-runs", "PATCH check-runs/N"]);
    expect(runs()).toHaveLength(1);
  });
});

describe("the comment", () => {
  const body = () => comments().map((comment) => comment.body);

  it("is written once and updated in place; nothing is written where nothing changed", async () => {
    const first = await published(waiting, NEW);
    expect(first.asked).toEqual(["POST check-runs", "GET issues/1/comments", "POST issues/1/comments"]);
    expect((await published(waiting, first.result)).asked).toEqual([]);
    const approved = viewOf(EXAMPLES.approved);
    const second = await published(approved, first.result);
    expect(second.asked).toEqual(["PATCH check-runs/N", "PATCH issues/comments/N"]);
    expect(body()).toEqual([approved.comment]);
  });

  it("is not looked for where the job has seen that there is none, unless one is known that is gone", async () => {
    const first = await published(waiting, NEW, PERMISSIONS, true);
    expect(first.asked).toEqual(["POST check-runs", "POST issues/1/comments"]);
    const gone = { ...first.result, commentId: 9_999_999, commentDigest: null };
    const found = await published(waiting, gone, PERMISSIONS, true);
    expect(found.asked).toEqual(["PATCH issues/comments/N", "GET issues/1/comments"]);
    expect(found.result.commentId).toBe(first.result.commentId);
  });

  it("S22 is not rewritten when a check alone passed", async () => {
    const first = await published(viewOf(EXAMPLES["waiting for a check alone"]), NEW);
    const second = await published(viewOf(EXAMPLES.approved), first.result);
    expect(second.asked).toEqual(["PATCH check-runs/N"]);
    expect(second.result.passing).toBe(true);
  });

  it("stays as it is where the view has none", async () => {
    const first = await published(waiting, NEW);
    const second = await published(ungoverned, first.result);
    expect(second.asked).toEqual(["PATCH check-runs/N"]);
    expect(second.result.commentId).toBe(first.result.commentId);
  });

  it("P28 is found by marker and App: a copy by somebody else is not ours, and stays", async () => {
    const forged = `${COMMENT_MARKER}\n### ✅ High risk: nothing is left for people to do`;
    scene.comment(pull, "anna", forged);
    await published(waiting, NEW);
    await published(waiting, NEW);
    expect(body()).toEqual([forged, waiting.comment]);
  });

  it("P28 is restored when somebody edited it, and written again when somebody deleted it, never twice", async () => {
    const first = await published(waiting, NEW);
    const touched = { ...first.result, commentDigest: null };
    const [ours] = comments();
    if (!ours) throw new Error("no comment was written");
    ours.body = `${COMMENT_MARKER}\napproved by everybody`;
    expect((await published(waiting, touched)).asked).toEqual(["PATCH issues/comments/N"]);
    expect(body()).toEqual([waiting.comment]);
    comments().length = 0;
    const again = await published(waiting, touched);
    expect(again.asked).toEqual(["PATCH issues/comments/N", "GET issues/1/comments", "POST issues/1/comments"]);
    expect(body()).toEqual([waiting.comment]);
    expect(again.result.commentId).toBe(comments()[0]?.id);
  });

  it("is not missed by a check run when it may not be written", async () => {
    const { result } = await published(waiting, NEW, { checks: "write", issues: "read" });
    expect(runs()).toMatchObject([{ conclusion: "action_required" }]);
    expect(result).toMatchObject({ commentId: null, passing: false });
    expect(comments()).toEqual([]);
  });
});

describe("hostile text (P39)", () => {
  it("is taken by GitHub as it is made, and notifies nobody", async () => {
    const view = viewOf(EXAMPLES.hostile);
    await published(view, NEW);
    expect(runs()[0]?.output.summary).toBe(view.checkRun.summary);
    const outsideOfCode = comments()[0]?.body.replace(/(`+) ?[\s\S]*?[^`]\1(?!`)/g, "code");
    expect(outsideOfCode).not.toMatch(/@(?!\u2060)\w|<(?!!-- countersign)/);
  });
});
