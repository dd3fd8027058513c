import { beforeEach, describe, expect, it } from "vitest";
import { workOfEvent } from "../../src/enforcement/work-of-event.ts";
import { webhookEvent } from "../../src/github/webhook-event.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { Store } from "../../src/stores/store.ts";
import { storedHead } from "../web/service-scene.ts";

const APP = 4711;
const [HEAD, OTHER] = ["a".repeat(40), "b".repeat(40)];
let store: Store;
beforeEach(() => {
  store = embeddedDatabase(":memory:").store;
});

const envelope = {
  installation: { id: 9 },
  repository: { id: 7, name: "agent", owner: { login: "acme" } },
  sender: { login: "Olga", id: 3, type: "User" },
};
const pull = (more: object = {}) => ({
  number: 1,
  updated_at: "2026-11-25T10:00:00Z",
  user: { login: "olga", id: 3, type: "User" },
  head: { sha: HEAD },
  base: { ref: "main" },
  ...more,
});

/** The work that a webhook causes, as `kind key`. */
async function works(name: string, payload: object) {
  const event = webhookEvent(name, { ...envelope, ...payload }, APP);
  return event === null ? [] : workOfEvent(event, store);
}
const keys = async (name: string, payload: object) => (await works(name, payload)).map(({ key }) => key);

describe("pull requests", () => {
  it("P17 P26 a push is recorded with its sender, and decided after that", async () => {
    const payload = { action: "synchronize", before: OTHER, after: HEAD, pull_request: pull() };
    expect(await works("pull_request", payload)).toMatchObject([
      {
        key: `push/7/1/${OTHER}/${HEAD}/olga`,
        kind: "record-push",
        payload: {
          ...{ installation: 9, repository: 7, owner: "acme", name: "agent", number: 1 },
          ...{ before: OTHER, after: HEAD, login: "Olga", at: "2026-11-25T10:00:00Z" },
        },
      },
    ]);
  });

  it("P26 opening counts as a push, reopening does not", async () => {
    expect(await keys("pull_request", { action: "opened", pull_request: pull() })).toEqual([`push/7/1//${HEAD}/olga`]);
    expect(await keys("pull_request", { action: "reopened", pull_request: pull() })).toEqual(["decide/7/1"]);
  });

  it("P10 a new base is looked at whatever was known", async () => {
    await store.putHead(storedHead({ depends: { governed: false, checks: [], teams: [] } }));
    const edited = (changes: object) => ({ action: "edited", changes, pull_request: pull() });
    expect(await keys("pull_request", edited({ base: { ref: { from: "x" } } }))).toEqual(["decide/7/1"]);
    expect(await keys("pull_request", edited({ body: { from: "x" } }))).toEqual([]);
    expect(await keys("pull_request", edited({ title: { from: "x" } }))).toEqual([]);
  });

  it("a text or a draft state matters where something is governed, or nothing is known", async () => {
    const edited = { action: "edited", changes: { body: { from: "x" } }, pull_request: pull() };
    expect(await keys("pull_request", edited)).toEqual(["decide/7/1"]);
    await store.putHead(storedHead());
    expect(await keys("pull_request", edited)).toEqual(["decide/7/1"]);
    await store.putHead(storedHead({ head: OTHER, depends: { governed: false, checks: [], teams: [] } }));
    expect(await keys("pull_request", { action: "ready_for_review", pull_request: pull() })).toEqual(["decide/7/1"]);
  });

  it("P26 assignees matter where an agent opened it", async () => {
    const agent = { user: { login: "agent[bot]", type: "Bot" } };
    expect(await keys("pull_request", { action: "assigned", pull_request: pull(agent) })).toEqual(["decide/7/1"]);
    expect(await keys("pull_request", { action: "assigned", pull_request: pull() })).toEqual([]);
  });

  it.each(["labeled", "review_requested", "locked", "milestoned", "auto_merge_enabled"])(
    "%s: nothing",
    async (action) => {
      expect(await keys("pull_request", { action, pull_request: pull() })).toEqual([]);
    },
  );

  it("P32 the end of what governed nothing is noted, apart from decisions", async () => {
    const noted = [{ key: "close/7/1", kind: "close-pull-request", payload: { head: HEAD, baseRef: "main" } }];
    expect(await works("pull_request", { action: "closed", pull_request: pull() })).toMatchObject(noted);
    await store.putHead(storedHead({ depends: { governed: false, checks: [], teams: [] } }));
    expect(await works("pull_request", { action: "closed", pull_request: pull() })).toMatchObject(noted);
  });

  it("P32 the end of what is governed is looked at: it may be open again", async () => {
    await store.putHead(storedHead({ depends: null }));
    expect(await works("pull_request", { action: "closed", pull_request: pull() })).toMatchObject([
      { key: "decide/7/1", kind: "decide-pull-request" },
    ]);
  });

  it("P32 what was merged as it is known is never open again: nothing is asked, and no decision of it waits on", async () => {
    const merged = { action: "closed", pull_request: pull({ merged: true }) };
    await store.putHead(storedHead());
    const [end] = await works("pull_request", merged);
    expect(end).toMatchObject({
      key: "decide/7/1",
      kind: "close-pull-request",
      payload: { head: HEAD, baseRef: "main" },
    });
    expect((await works("pull_request", { ...merged, pull_request: pull() }))[0]?.kind).toBe("decide-pull-request");
    for (const other of [storedHead({ head: OTHER }), storedHead({ baseRef: "release/1" })]) {
      await store.putHead(other);
      expect((await works("pull_request", merged))[0]?.kind).toBe("decide-pull-request");
    }
  });

  it("P26 P32 pushes of one commit by different people, or from different ones, do not coalesce", async () => {
    const push = (before: string, login: string) =>
      works("pull_request", { action: "synchronize", before, after: HEAD, sender: { login }, pull_request: pull() });
    const all = [
      ...(await push(OTHER, "dora")),
      ...(await push(OTHER, "olga")),
      ...(await push("c".repeat(40), "dora")),
    ];
    expect(new Set(all.map(({ key }) => key)).size).toBe(3);
  });
});

describe("P22 reviews", () => {
  const review = (more: object = {}) => ({
    id: 5,
    state: "approved",
    commit_id: OTHER,
    submitted_at: "2026-11-25T11:00:00Z",
    user: { login: "anna", id: 4, type: "User" },
    ...more,
  });
  const submitted = (more: object = {}) => ({ action: "submitted", pull_request: pull(), review: review(more) });

  it("are bound one by one, with head and base as they stood", async () => {
    expect(await works("pull_request_review", submitted())).toMatchObject([
      {
        key: "bind/7/5",
        kind: "bind-review",
        payload: {
          review: 5,
          person: 4,
          commit: OTHER,
          head: HEAD,
          baseRef: "main",
          submittedAt: "2026-11-25T11:00:00Z",
        },
      },
    ]);
    expect(await keys("pull_request_review", submitted({ id: 6, state: "changes_requested" }))).toEqual(["bind/7/6"]);
  });

  it("P21 P23 comments, bots and deleted accounts cause nothing", async () => {
    expect(await keys("pull_request_review", submitted({ state: "commented" }))).toEqual([]);
    expect(await keys("pull_request_review", submitted({ user: { login: "Copilot", id: 1, type: "Bot" } }))).toEqual(
      [],
    );
    expect(await keys("pull_request_review", submitted({ user: null }))).toEqual([]);
  });

  it("a commit that is not told is for the decision to distrust", async () => {
    expect(await keys("pull_request_review", submitted({ commit_id: null }))).toEqual(["decide/7/1"]);
  });

  it("a dismissal is looked at", async () => {
    const dismissed = { action: "dismissed", pull_request: pull(), review: review({ state: "dismissed" }) };
    expect(await keys("pull_request_review", dismissed)).toEqual(["decide/7/1"]);
  });

  it("where nothing is governed at this head, they cost nothing", async () => {
    await store.putHead(storedHead({ depends: { governed: false, checks: [], teams: [] } }));
    expect(await keys("pull_request_review", submitted())).toEqual([]);
    await store.putHead(storedHead({ head: OTHER, depends: { governed: false, checks: [], teams: [] } }));
    expect(await keys("pull_request_review", submitted())).toEqual(["bind/7/5"]);
  });
});

describe("checks", () => {
  const run = (more: object = {}, action = "completed") => ({
    action,
    check_run: { name: "regression", head_sha: HEAD, app: { id: 1 }, pull_requests: [], ...more },
  });
  const depends = { governed: true, checks: ["regression", ".github/workflows/evals.yml"], teams: [] };
  const inOurs = [{ number: 8, base: { repo: { id: 7 } } }];

  it("P16 a fork's check finds its pull requests by their head", async () => {
    await store.putHead(storedHead({ depends }));
    await store.putHead(storedHead({ pullRequest: 2, depends }));
    await store.putHead(storedHead({ pullRequest: 3, depends, open: false }));
    await store.putHead(storedHead({ pullRequest: 4, depends, head: OTHER }));
    await store.putHead(storedHead({ repository: 70, pullRequest: 5, depends }));
    expect((await keys("check_run", run())).toSorted()).toEqual(["decide/7/1", "decide/7/2"]);
  });

  it("that no decision depends on cost nothing", async () => {
    await store.putHead(storedHead({ depends }));
    expect(await keys("check_run", run({ name: "lint" }))).toEqual([]);
    await store.putHead(storedHead({ depends: { ...depends, governed: false } }));
    expect(await keys("check_run", run())).toEqual([]);
  });

  it("before the first decision they are looked at", async () => {
    await store.putHead(storedHead({ depends: null }));
    expect(await keys("check_run", run({ name: "lint" }))).toEqual(["decide/7/1"]);
    expect(await keys("check_run", run({ head_sha: OTHER, pull_requests: inOurs }))).toEqual(["decide/7/8"]);
  });

  it("of another repository's pull requests are not ours", async () => {
    expect(await keys("check_run", run({ pull_requests: [{ number: 8, base: { repo: { id: 70 } } }] }))).toEqual([]);
  });

  it("a named workflow's end is looked at, whatever its checks were", async () => {
    await store.putHead(storedHead({ depends }));
    const ended = (path: string) => ({
      action: "completed",
      workflow_run: { head_sha: HEAD, path, pull_requests: [] },
    });
    expect(await keys("workflow_run", ended(".github/workflows/evals.yml"))).toEqual(["decide/7/1"]);
    expect(await keys("workflow_run", ended(".github/workflows/evals.yml@refs/heads/x"))).toEqual(["decide/7/1"]);
    expect(await keys("workflow_run", ended(".github/workflows/lint.yml"))).toEqual([]);
  });

  it("our own cause nothing, unless a person asks (P15)", async () => {
    await store.putHead(storedHead({ depends }));
    const own = { name: "countersign", app: { id: APP } };
    expect(await keys("check_run", run(own))).toEqual([]);
    expect(await keys("check_run", run(own, "created"))).toEqual([]);
    expect(await works("check_run", run(own, "rerequested"))).toMatchObject([
      { key: "asked/7/1/olga", kind: "asked-again", payload: { login: "Olga", asks: "rerequested" } },
    ]);
    const pressed = { ...run(own, "requested_action"), requested_action: { identifier: "re-evaluate" } };
    expect(await works("check_run", pressed)).toMatchObject([{ payload: { asks: "re-evaluate" } }]);
    // What is merged has a button of its own, which what is open has not.
    const back = { ...run(own, "requested_action"), requested_action: { identifier: "roll-back" } };
    expect(await works("check_run", back)).toEqual([]);
    await store.putHead(storedHead({ depends, open: false }));
    expect(await works("check_run", back)).toMatchObject([{ kind: "asked-again", payload: { asks: "roll-back" } }]);
    expect(await works("check_run", pressed)).toEqual([]);
    await store.putHead(storedHead({ depends }));
    const suite = { head_sha: HEAD, app: { id: APP }, pull_requests: [] };
    expect(await keys("check_suite", { action: "rerequested", check_suite: suite })).toEqual(["asked/7/1/olga"]);
    expect(await keys("check_suite", { action: "requested", check_suite: suite })).toEqual([]);
  });

  it("another App's buttons are none of ours", async () => {
    await store.putHead(storedHead({ depends }));
    expect(await keys("check_run", run({}, "rerequested"))).toEqual([]);
    expect(await keys("check_run", run({ app: null }, "requested_action"))).toEqual([]);
  });
});

describe("comments", () => {
  const comment = (body: string, more: object = {}) => ({
    action: "created",
    issue: { number: 1, pull_request: {} },
    comment: { id: 9, body },
    ...more,
  });

  it("that are commands, or were, are looked at", async () => {
    expect(await keys("issue_comment", comment(`/countersign approve ${HEAD}`))).toEqual(["decide/7/1"]);
    const edited = { action: "edited", changes: { body: { from: "/countersign approve x" } } };
    expect(await keys("issue_comment", comment("never mind", edited))).toEqual(["decide/7/1"]);
    expect(await keys("issue_comment", comment("/countersign approve x", { action: "deleted" }))).toEqual([
      "decide/7/1",
    ]);
  });

  it("on what is not open any more may have it taken back", async () => {
    await store.putHead(storedHead({ depends: { governed: true, checks: [], teams: [] }, open: false }));
    const said = comment("/countersign rollback it is wrong");
    expect(await keys("issue_comment", said)).toEqual(["decide/7/1", "rollback/7/1"]);
  });

  it("P28 that are ours are restored where somebody else changed or deleted them, and only then", async () => {
    const ours = { id: 9, body: "x", user: { login: "countersign[bot]" }, performed_via_github_app: { id: APP } };
    const sender = { login: "countersign[bot]" };
    for (const [action, key] of [
      ["edited", "comment/7/1/9"],
      ["deleted", "comment/7/1/9/deleted"],
    ]) {
      expect(await keys("issue_comment", comment("", { action, comment: ours }))).toEqual([key]);
      expect(await keys("issue_comment", comment("", { action, comment: ours, sender }))).toEqual([]);
    }
    // Each change is recorded.
    const again = { ...ours, updated_at: "2026-11-24T12:00:00Z" };
    expect(await keys("issue_comment", comment("", { action: "edited", comment: again }))).toEqual([
      "comment/7/1/9/2026-11-24T12:00:00Z",
    ]);
    const others = { ...ours, performed_via_github_app: { id: APP + 1 } };
    expect(await keys("issue_comment", comment("", { action: "edited", comment: others }))).toEqual([]);
  });

  it("S14 in an issue of ours, and on what has landed and is owed for, may close what is owed", async () => {
    const said = (number: number, more: object = {}) =>
      keys("issue_comment", comment("/countersign approve x", { issue: { number, ...more } }));
    await store.putOwnerIssue(7, { owner: "@olga", issue: 30, told: [] });
    await store.putTrackingIssue(7, 31, 0);
    expect([await said(30), await said(31), await said(32)]).toEqual([["tell/7"], ["tell/7"], []]);
    expect(await said(1, { pull_request: {} })).toEqual(["decide/7/1"]);
    const owed = { id: "1", repository: 7, kind: "retrospective-approval", record: "x", cause: "break-glass" } as const;
    const where = { pull: 1, branch: "main", before: HEAD, after: OTHER, person: "gus", systems: [], owner: "@olga" };
    await store.putFollowUp({ ...owed, ...where, openedAt: "2026-11-24T12:00:00Z", dueAt: "2026-11-26T12:00:00Z" });
    expect(await said(1, { pull_request: {} })).toEqual(["tell/7"]);
    const ours = { id: 9, body: "/countersign close x", performed_via_github_app: { id: APP } };
    expect(await keys("issue_comment", comment("", { issue: { number: 30 }, comment: ours }))).toEqual([]);
  });

  it("others cause nothing, nor do commands on issues, nor one that goes where nothing is governed", async () => {
    expect(await keys("issue_comment", comment("looks good /countersign approve x"))).toEqual([]);
    expect(await keys("issue_comment", comment("/countersign approve x", { issue: { number: 1 } }))).toEqual([]);
    await store.putHead(storedHead({ depends: { governed: false, checks: [], teams: [] } }));
    expect(await keys("issue_comment", comment("/countersign approve x", { action: "deleted" }))).toEqual([]);
    expect(await keys("issue_comment", comment("/countersign explain"))).toEqual(["decide/7/1"]);
  });
});

describe("branches", () => {
  const push = (more: object = {}) => ({
    ref: "refs/heads/main",
    repository: { ...envelope.repository, default_branch: "main" },
    commits: [{ added: [], removed: [], modified: ["src/x.ts"] }],
    ...more,
  });
  beforeEach(async () => {
    await store.putHead(storedHead());
    await store.putHead(storedHead({ pullRequest: 2, baseRef: "release" }));
    await store.putHead(storedHead({ pullRequest: 3, depends: { governed: false, checks: [], teams: [] } }));
    await store.putHead(storedHead({ pullRequest: 4, open: false }));
  });

  it("S07 governed pull requests into a branch that moved are looked at, behind what people wait for", async () => {
    expect(await works("push", push())).toMatchObject([{ key: "decide/7/1", background: true }]);
    expect(await keys("push", push({ ref: "refs/heads/release" }))).toEqual(["decide/7/2"]);
    expect(await keys("push", push({ ref: "refs/heads/feature" }))).toEqual([]);
    expect(await keys("push", push({ ref: "refs/tags/main" }))).toEqual([]);
    expect(await keys("push", push({ deleted: true }))).toEqual([]);
  });

  it("S07 but not the one that came in with it, which is merged; one that is only alike in part is", async () => {
    await store.putHead(storedHead({ pullRequest: 5, head: OTHER }));
    const brought = (id: string) => push({ commits: [{ id, modified: ["src/x.ts"] }] });
    expect(await keys("push", brought(HEAD))).toEqual(["decide/7/5"]);
    expect(await keys("push", brought(OTHER))).toEqual(["decide/7/1"]);
    expect(await keys("push", brought(HEAD.slice(1)))).toEqual(["decide/7/1", "decide/7/5"]);
    expect(await keys("push", { ...brought(HEAD), ref: "refs/heads/release" })).toEqual([]);
  });

  it.each([
    ["a commit that touches the policy", { commits: [{ modified: [".github/countersign.yml"] }] }],
    ["a commit that removes the registry", { commits: [{ removed: [".github/ai-systems.yml"] }] }],
    ["a rewritten history", { forced: true }],
    ["a push without a list", { commits: undefined }],
    ["more commits than are listed", { commits: Array(2048).fill({ modified: ["x"] }) }],
  ])("S01 S19 %s: the rules may be others", async (_, more) => {
    expect(await keys("push", push(more))).toEqual(["policy/7"]);
    expect(await keys("push", push({ ...more, ref: "refs/heads/release" }))).toEqual(["decide/7/2"]);
  });

  it("S03 the organisation's policy touches every repository with open pull requests", async () => {
    await store.putHead(storedHead({ repository: 8, name: "other" }));
    await store.putHead(storedHead({ repository: 9, installation: 10 }));
    const repository = { id: 70, name: ".github", owner: { login: "acme" }, default_branch: "main" };
    const changed = push({ repository, commits: [{ modified: ["countersign.yml"] }] });
    expect((await keys("push", changed)).toSorted()).toEqual(["policy/7", "policy/8"]);
    expect(await keys("push", push({ repository }))).toEqual([]);
  });
});

describe("people and repositories", () => {
  const organization = { login: "Acme" };
  const depends = (teams: readonly string[], people?: readonly string[]) => ({
    ...{ governed: true, checks: [], teams },
    ...(people ? { people } : {}),
  });
  beforeEach(async () => {
    await store.putHead(storedHead({ depends: depends(["acme/ml"], ["olga", "anna"]) }));
    await store.putHead(storedHead({ repository: 8, pullRequest: 2, depends: depends([], ["ben"]) }));
    // Not decided yet; of another installation; with nothing governed.
    await store.putHead(storedHead({ repository: 8, pullRequest: 4, depends: null }));
    await store.putHead(storedHead({ repository: 9, pullRequest: 3, installation: 10 }));
    await store.putHead(storedHead({ pullRequest: 5, depends: { governed: false, checks: [], teams: [] } }));
  });
  const sorted = async (...event: Parameters<typeof keys>) => (await keys(...event)).toSorted();

  it("P24 a team's members matter where the team was asked, or the person, whose access the team may give", async () => {
    const changed = (team: object, login = "zoe") => ({ action: "removed", organization, team, member: { login } });
    expect(await sorted("membership", changed({ slug: "ML", parent: null }))).toEqual(["decide/7/1", "decide/8/4"]);
    expect(await sorted("membership", changed({ slug: "ops", parent: null }))).toEqual(["decide/8/4"]);
    const ben = changed({ slug: "ops", parent: null }, "Ben");
    expect(await sorted("membership", ben)).toEqual(["decide/8/2", "decide/8/4"]);
  });

  it.each([
    ["lies in another one", { slug: "red-team", parent: { slug: "evaluation" } }],
    ["may lie in another one", { slug: "red-team" }],
    ["is gone", { id: 1, deleted: true }],
  ])("P24 a team that %s matters wherever a team was asked", async (_, team) => {
    const membership = { action: "added", organization, team, member: { login: "zoe" } };
    expect(await sorted("membership", membership)).toEqual(["decide/7/1", "decide/8/4"]);
  });

  it("P24 a team that is new, has another name, or goes with all below it", async () => {
    const team = { slug: "ml", parent: null };
    const other = { slug: "other", parent: null };
    expect(await sorted("team", { action: "created", organization, team, repository: undefined })).toEqual([
      "decide/7/1",
      "decide/8/4",
    ]);
    expect(await sorted("team", { action: "created", organization, team: other, repository: undefined })).toEqual([
      "decide/8/4",
    ]);
    for (const action of ["edited", "deleted"])
      expect(await sorted("team", { action, organization, team: other, repository: undefined })).toEqual([
        "decide/7/1",
        "decide/8/2",
        "decide/8/4",
      ]);
  });

  it("P25 what a team may do in a repository matters there, whoever is in it", async () => {
    const repository = { id: 8, name: "other", owner: { login: "acme" } };
    const added = { action: "added_to_repository", organization, team: { slug: "ops" }, repository };
    expect(await sorted("team", added)).toEqual(["decide/8/2", "decide/8/4"]);
  });

  it("S09 who left an organisation matters where they were asked about, and wherever a team was", async () => {
    const left = (login: string) => ({ action: "member_removed", organization, membership: { user: { login } } });
    expect(await sorted("organization", left("Ben"))).toEqual(["decide/7/1", "decide/8/2", "decide/8/4"]);
    expect(await sorted("organization", left("zoe"))).toEqual(["decide/7/1", "decide/8/4"]);
    expect(await keys("organization", { action: "member_invited", organization })).toEqual([]);
  });

  it("S09 nobody is left out where an older version noted no people, or nobody is named", async () => {
    await store.putHead(storedHead({ repository: 8, pullRequest: 2, depends: depends([]) }));
    const left = { action: "member_removed", organization, membership: { user: { login: "zoe" } } };
    expect(await sorted("organization", left)).toEqual(["decide/7/1", "decide/8/2", "decide/8/4"]);
    expect(await sorted("organization", { action: "renamed", organization })).toEqual([
      "decide/7/1",
      "decide/8/2",
      "decide/8/4",
    ]);
  });

  it("P25 access to a repository matters in it, where the person was asked about", async () => {
    expect(await keys("member", { action: "removed", member: { login: "Anna" } })).toEqual(["decide/7/1"]);
    expect(await keys("member", { action: "edited", member: { login: "zoe" } })).toEqual([]);
    expect(await keys("member", { action: "removed" })).toEqual(["decide/7/1"]);
  });

  it("P37 what was installed, renamed or transferred is looked at from the start", async () => {
    const repositories = [
      { id: 1, name: "a", full_name: "acme/a" },
      { id: 2, name: "b", full_name: "acme/b" },
    ];
    expect(await works("installation", { action: "created", repositories })).toMatchObject([
      { key: "policy/1", payload: { owner: "acme", name: "a" }, background: true },
      { key: "policy/2" },
    ]);
    expect(await keys("installation", { action: "deleted", repositories })).toEqual([]);
    const added = { action: "added", repositories_added: repositories.slice(1) };
    expect(await keys("installation_repositories", added)).toEqual(["policy/2"]);
    expect(await keys("repository", { action: "renamed" })).toEqual(["policy/7"]);
    expect(await keys("repository", { action: "edited", changes: { description: {} } })).toEqual([]);
    expect(await keys("repository", { action: "edited", changes: { default_branch: {} } })).toEqual(["policy/7"]);
  });
});

describe("P20 what may pass the gate by", () => {
  const push = (branch: string, more: object = {}) => ({
    ref: `refs/heads/${branch}`,
    ...{ before: OTHER, after: HEAD, created: false, commits: [] },
    repository: { ...envelope.repository, default_branch: "main" },
    ...more,
  });
  const landings = async (branch: string, more: object = {}) =>
    (await works("push", push(branch, more))).filter(({ kind }) => kind === "record-base-push");

  it("a push to a branch that is governed, or may be, is recorded with its sender before it is looked at", async () => {
    expect(await landings("main")).toMatchObject([
      {
        payload: { repository: 7, branch: "main", before: OTHER, after: HEAD, login: "Olga" },
        leadsTo: ["landings/7/main", "tell/7"],
      },
    ]);
    // Before anything is known of the repository, any branch may be.
    expect(await landings("feature")).toHaveLength(1);
    await store.putWatched(7, { defaultBranch: "main", patterns: ["~DEFAULT_BRANCH", "release/**"] });
    expect(await landings("feature")).toEqual([]);
    expect(await landings("release/1")).toHaveLength(1);
    expect(await landings("release/2", { created: true })).toMatchObject([{ payload: { before: null } }]);
    expect(await landings("main", { deleted: true })).toEqual([]);
  });

  it("what was merged is looked at even if nobody tells of the push, what was only closed is not", async () => {
    const closed = (merged: boolean, ref = "main") => ({
      action: "closed",
      repository: { ...envelope.repository, default_branch: "main" },
      pull_request: { ...pull({ base: { ref } }), merged },
    });
    expect(await keys("pull_request", closed(true))).toEqual(["close/7/1", "landings/7/main"]);
    expect(await keys("pull_request", closed(false))).toEqual(["close/7/1"]);
    await store.putWatched(7, { defaultBranch: "main", patterns: ["~DEFAULT_BRANCH"] });
    expect(await keys("pull_request", closed(true, "feature"))).toEqual(["close/7/1"]);
  });

  it("rules that change are looked at at once: of one repository, of an organisation in all that are watched", async () => {
    expect(await works("repository_ruleset", { action: "deleted" })).toMatchObject([
      { key: "gate/7", payload: { login: "Olga", reason: "repository_ruleset.deleted" } },
    ]);
    expect(await keys("branch_protection_rule", { action: "edited" })).toEqual(["gate/7"]);
    expect(await keys("repository_ruleset", { action: "edited", repository: null })).toEqual([]);
    const at = "2026-11-24T12:00:00Z";
    for (const [repository, installation] of [
      [7, 9],
      [8, 9],
      [10, 11],
    ] as const)
      await store.putBranch({
        repository,
        installation,
        branch: "main",
        owner: "acme",
        name: `r${repository}`,
        head: HEAD,
        at,
      });
    expect(await keys("repository_ruleset", { action: "edited", repository: null })).toEqual(["gate/7", "gate/8"]);
  });

  it("a good result of another App under a name of ours is forged; any other of its results is one of many", async () => {
    const run = (name: string, more: object = {}) => ({
      action: "completed",
      check_run: {
        name,
        head_sha: HEAD,
        conclusion: "success",
        app: { id: 5, slug: "evil" },
        pull_requests: [],
        ...more,
      },
    });
    expect(await keys("check_run", run("countersign"))).toEqual(["forged/7/evil/countersign"]);
    expect(await keys("check_run", run("countersign: release/**"))).toEqual(["forged/7/evil/countersign: release/**"]);
    expect(await keys("check_run", run("countersigned"))).toEqual([]);
    expect(await keys("check_run", run("countersign", { conclusion: "failure" }))).toEqual([]);
    expect(await keys("check_run", run("countersign", { app: { id: APP, slug: "countersign" } }))).toEqual([]);
  });
});

describe("P19 merge groups", () => {
  const [branch, base] = [`gh-readonly-queue/main/pr-1-${OTHER}`, OTHER];
  const payload = (action: string) => ({
    ...{ action, repository: { ...envelope.repository, default_branch: "main" } },
    merge_group: {
      ...{ head_sha: HEAD, head_ref: `refs/heads/${branch}`, base_sha: base, base_ref: "refs/heads/main" },
      head_commit: { id: HEAD },
    },
  });
  const place = { installation: 9, repository: 7, owner: "acme", name: "agent" };
  const group = { ...place, head: HEAD, branch, base, baseRef: "main", defaultBranch: "main" };
  const stored = (more: object = {}) => ({
    ...{ ...group, open: true, at: "2026-11-25T10:00:00Z", members: [1, 2], checks: ["evals"] },
    ...{ waitingSince: null, failures: 0, ...more },
  });

  it("are decided by their heads, and looked at again when they are dropped", async () => {
    const kind = { key: `group/7/${HEAD}`, kind: "decide-group" };
    expect(await works("merge_group", payload("checks_requested"))).toEqual([
      { ...kind, payload: { ...group, reason: "merge_group.checks_requested" } },
    ]);
    expect(await works("merge_group", payload("destroyed"))).toEqual([
      { ...kind, payload: { ...group, reason: "merge_group.destroyed", ended: true } },
    ]);
    expect(await works("merge_group", payload("renamed"))).toEqual([]);
  });

  it("are decided again by results that they wait for, and by a press of a button for the last of them", async () => {
    const run = (name: string) => ({
      action: "completed",
      check_run: { name, head_sha: HEAD, app: { id: 1 }, pull_requests: [] },
    });
    expect(await keys("check_run", run("evals"))).toEqual([]);
    await store.putGroup(stored());
    expect(await keys("check_run", run("evals"))).toEqual([`group/7/${HEAD}`]);
    expect(await keys("check_run", run("lint"))).toEqual([]);
    const own = { name: "countersign", head_sha: HEAD, app: { id: APP }, pull_requests: [] };
    expect(await works("check_run", { action: "rerequested", check_run: own })).toMatchObject([
      { key: `asked/7/2/olga/${HEAD}`, payload: { number: 2, group: HEAD } },
    ]);
    await store.putGroup(stored({ open: false }));
    expect(await keys("check_run", run("evals"))).toEqual([]);
  });

  it("move no branch that anybody proposes", async () => {
    const sender = { login: "github-merge-queue[bot]", type: "Bot" };
    const push = { ref: `refs/heads/${branch}`, before: OTHER, after: HEAD, commits: [], sender };
    const repository = { ...envelope.repository, default_branch: "main" };
    expect(await keys("push", { ...push, repository })).toEqual([]);
  });
});
