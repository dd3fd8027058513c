import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requestsAlong } from "../../src/github/review-requests.ts";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";
import { HostingFault } from "../../src/work/hosting-fault.ts";
import { type FactsScene, factsScene } from "./facts-scene.ts";
import type { PullRequest } from "./world.ts";

let scene: FactsScene;
let pull: PullRequest;
let branch = 0;

beforeAll(async () => {
  scene = await factsScene();
});
afterAll(async () => {
  scene.conforms();
  await scene.github.close();
});
beforeEach(async () => {
  branch += 1;
  pull = await scene.open(`change-${branch}`, "anna");
  scene.job();
});

async function read(number = pull.number) {
  const { facts, charges, seen } = scene.job();
  const found = await facts.pullRequest(number);
  if (!found) throw new Error("no pull request");
  return { found, charges, seen };
}

describe("a pull request", () => {
  it("is read in one query, with the heads and the files of configuration that rule", async () => {
    await read();
    const { found, charges, seen } = await read();
    expect(charges).toEqual({ requests: 1, points: 1, unchanged: 0, writes: 0 });
    const main = scene.repository.refs.get("refs/heads/main") as string;
    expect(found).toMatchObject({
      number: pull.number,
      title: `change-${branch}`,
      draft: false,
      state: "open",
      author: { login: "anna", type: "User" },
      head: pull.head.sha,
      headRef: `change-${branch}`,
      sameRepository: true,
      base: { ref: "main", head: main },
      defaultBranch: { name: "main", head: main },
      organization: scene.repository.owner.id,
      reviews: [],
      commands: [],
      retargetedAt: null,
      forcePushes: [],
    });
    const id = scene.repository.store.entry(main, ".github/countersign.yml")?.sha;
    expect(seen).toEqual([[main, [{ path: ".github/countersign.yml", mode: "100644", id, text: "version: 1\n" }]]]);
  });

  it("that does not exist is null", async () => {
    expect(await scene.job().facts.pullRequest(9999)).toBeNull();
  });

  it("has the base branch's present head, whatever GitHub remembers with the pull request", async () => {
    const remembered = pull.base.sha;
    const now = scene.repository.store.commit({
      parents: [remembered],
      files: { "later.txt": "1" },
      author: { name: "x", email: "x@example.com", date: scene.github.world.now() },
    });
    scene.repository.refs.set("refs/heads/main", now);
    const { found } = await read();
    expect([pull.base.sha, found.base.head, found.defaultBranch.head]).toEqual([remembered, now, now]);
  });

  it("keeps the head that GitHub remembers of a base branch that was deleted", async () => {
    scene.act.push(scene.repository, "gone", { "g.txt": "1" }, { by: "anna" });
    await scene.request("PATCH", `/repos/acme/agent/pulls/${pull.number}`, "anna", { base: "gone" });
    scene.repository.refs.delete("refs/heads/gone");
    const { found } = await read();
    expect(found.base).toEqual({ ref: "gone", head: pull.base.sha });
  });

  it("P16 of a fork says so", async () => {
    const fork = scene.github.world.forkOf(scene.repository, "outsider");
    scene.act.push(fork, "theirs", { "bot.py": "MODEL = 'f'\n" }, { by: "outsider" });
    scene.repository.collaborators.set("outsider", "read");
    await scene.request("POST", "/repos/acme/agent/pulls", "outsider", {
      title: "f",
      head: "outsider:theirs",
      base: "main",
    });
    const { found } = await read(scene.repository.nextNumber - 1);
    expect([found.sameRepository, found.head]).toEqual([false, fork.refs.get("refs/heads/theirs")]);
  });

  it("P22 names force-pushes, oldest first, and the commits that are still kept", async () => {
    const first = pull.head.sha;
    const main = scene.repository.refs.get("refs/heads/main") as string;
    const amended = scene.repository.store.commit({
      parents: [main],
      files: { "y.py": "y" },
      author: { name: "x", email: "x@example.com", date: scene.github.world.now() },
    });
    scene.act.move(scene.repository, pull.head.ref, amended, "anna");
    scene.act.move(scene.repository, pull.head.ref, first, "anna");
    pull.timeline.push({
      event: "head_ref_force_pushed",
      from: "0".repeat(40),
      to: first,
      actor: "anna",
      at: "2020-01-01T00:00:00Z",
    });
    const { found } = await read();
    expect(found.forcePushes.map(({ before, after }) => [before, after])).toEqual([
      [null, first],
      [first, amended],
      [amended, first],
    ]);
  });

  it("P10 tells when its base branch was last changed, also when GitHub changed it", async () => {
    scene.act.push(scene.repository, "other", { "o.txt": "1" }, { by: "anna" });
    await scene.request("PATCH", `/repos/acme/agent/pulls/${pull.number}`, "anna", { base: "other" });
    const { found } = await read();
    expect(found.retargetedAt).toBe(pull.timeline.at(-1)?.at);
    const at = scene.github.world.now();
    pull.timeline.push({ event: "automatic_base_change_succeeded", from: "other", to: "main", actor: "anna", at });
    expect((await read()).found.retargetedAt).toBe(at);
  });

  it("S12 names who was assigned when it was opened, even if they are not any more, and nobody assigned later", async () => {
    scene.act.assign(scene.repository, pull.number, "olga", "anna");
    pull.assignees.length = 0;
    const late = new Date(Date.parse(pull.issue.createdAt) + 3_600_000).toISOString();
    pull.timeline.push({ event: "assigned", assignee: "ben", actor: "anna", at: late });
    expect((await read()).found.assignees).toEqual([{ login: "olga", type: "User" }]);
  });
});

describe("reviews", () => {
  it("P21 that are pending or only comment are not there, and the others are, page by page", async () => {
    const given = [];
    for (let at = 0; at < 230; at += 1) {
      scene.review(pull, `commenter-${at % 7}`, at % 2 === 0 ? "COMMENTED" : "PENDING");
      given.push(scene.review(pull, `reviewer-${at % 50}`, at % 3 === 0 ? "CHANGES_REQUESTED" : "APPROVED").id);
    }
    const { found, charges } = await read();
    expect(found.reviews.map(({ id }) => id)).toEqual(given);
    expect(charges.requests).toBe(3);
  });

  it("P23 of deleted accounts have no person, and bots are named apart from people of the same spelling", async () => {
    const ghost = scene.review(pull, "vanished", "APPROVED");
    ghost.author.gone = true;
    scene.review(pull, "olga", "APPROVED");
    scene.github.world.user("olga-app[bot]", "Bot");
    scene.review(pull, "olga-app[bot]", "CHANGES_REQUESTED");
    const { found } = await read();
    const id = scene.github.world.accounts.get("olga")?.id;
    expect(found.reviews.map(({ person }) => person)).toEqual([
      null,
      { login: "olga", type: "User", id },
      { login: "olga-app[bot]", type: "Bot", id: null },
    ]);
  });

  it("P23 of a deleted author leave the pull request without one", async () => {
    const other = await scene.open(`ghostly-${branch}`, "ben");
    other.issue.author.gone = true;
    expect((await read(other.number)).found.author).toBeNull();
    other.issue.author.gone = false;
  });

  it("P22 name the commit that GitHub points at now, or none when it is not kept", async () => {
    const review = scene.review(pull, "olga", "APPROVED");
    review.commit = scene.repository.refs.get("refs/heads/main") as string;
    scene.review(pull, "ben", "APPROVED", { commit: "1".repeat(40) });
    expect((await read()).found.reviews.map(({ commit }) => commit)).toEqual([review.commit, null]);
  });

  it("S10 that GitHub dismissed because of a push keep their state, and those that a person dismissed do not", async () => {
    scene.repository.rules.set("main", {
      requiredChecks: [],
      strict: false,
      requiredApprovals: 1,
      dismissStale: true,
      bypass: [],
    });
    const automatic = scene.review(pull, "olga", "APPROVED");
    scene.act.push(scene.repository, pull.head.ref, { "more.py": "1" }, { by: "anna" });
    const byHand = scene.review(pull, "ben", "CHANGES_REQUESTED");
    await scene.request("PUT", `/repos/acme/agent/pulls/${pull.number}/reviews/${byHand.id}/dismissals`, "anna", {
      message: "no longer so",
    });
    scene.repository.rules.delete("main");
    expect([automatic.state, byHand.state]).toEqual(["DISMISSED", "DISMISSED"]);
    const { found } = await read();
    expect(found.reviews.map(({ id, state }) => [id, state])).toEqual([
      [automatic.id, "APPROVED"],
      [byHand.id, "DISMISSED"],
    ]);
  });

  it("S10 stay dismissed where any dismissal is a person's, or nothing tells of it", async () => {
    const both = scene.review(pull, "olga", "DISMISSED");
    const untold = scene.review(pull, "ben", "DISMISSED");
    const odd = scene.review(pull, "root", "DISMISSED");
    const common = { event: "review_dismissed", actor: "anna", at: scene.github.world.now() } as const;
    pull.timeline.push({ ...common, review: both, previousState: "APPROVED", commit: pull.head.sha });
    pull.timeline.push({ ...common, review: both, previousState: "APPROVED" });
    pull.timeline.push({ ...common, review: odd, previousState: "COMMENTED", commit: pull.head.sha });
    const { found } = await read();
    expect(found.reviews.map(({ id, state }) => [id, state])).toEqual([
      [both.id, "DISMISSED"],
      [untold.id, "DISMISSED"],
      [odd.id, "DISMISSED"],
    ]);
  });
});

describe("commands", () => {
  it("P27 stand at the start of a person's comment that nobody edited", async () => {
    const later = { updatedAt: "2030-01-01T00:00:00Z" };
    scene.comment(pull, "olga", "/countersign approve abc because");
    scene.comment(pull, "olga", "/countersign approve edited", later);
    scene.comment(pull, "olga", "/countersign approve history-deleted", { ...later, editedAt: null });
    scene.comment(pull, "olga", "/countersign approve edited-at-once", { editedAt: "2030-01-01T00:00:00Z" });
    scene.comment(pull, "olga", "I would say\n/countersign approve quoted");
    scene.comment(pull, "olga", "> /countersign approve quoted");
    scene.github.world.user("helper[bot]", "Bot");
    scene.comment(pull, "helper[bot]", "/countersign approve bots");
    scene.comment(pull, "deserter", "/countersign approve ghostly").author.gone = true;
    const { found } = await read();
    const [first, , third] = pull.issue.comments;
    const person = { login: "olga", type: "User" };
    expect(found.commands).toMatchObject([
      { argument: "abc", reason: "because", person, createdAt: first?.createdAt, comment: first?.id, untouched: true },
      { argument: "history-deleted", person, comment: third?.id, untouched: false },
    ]);
    expect(found.voidCommands.map(({ argument, why }) => [argument, why.split(",", 1)[0]])).toEqual([
      ["edited", "was edited"],
      ["edited-at-once", "was edited"],
    ]);
  });

  it("P28 S12 of an App in a person's name never count", async () => {
    scene.comment(pull, "olga", "/countersign approve forged", { app: scene.app });
    scene.comment(pull, "olga", "/countersign approve own");
    const { found } = await read();
    expect(found.commands.map(({ argument }) => argument)).toEqual(["own"]);
    expect(found.voidCommands).toMatchObject([{ argument: "forged", why: "was written by an App, and never counts" }]);
  });

  it("P28 are told from those that changed, even if the history of that was deleted", async () => {
    const edited = scene.comment(pull, "olga", "/countersign approve once", { editedAt: null });
    expect((await read()).found.commands).toMatchObject([{ untouched: true }]);
    edited.updatedAt = "2030-01-01T00:00:00Z";
    expect((await read()).found.commands).toMatchObject([{ untouched: false }]);
  });

  it("are asked about once, and never where there are none", async () => {
    scene.comment(pull, "olga", "looks good");
    expect((await read()).charges.requests).toBe(1);
    scene.comment(pull, "olga", "/countersign recheck");
    expect((await read()).charges.requests).toBe(2);
    scene.comment(pull, "ben", "thanks");
    const { found, charges } = await read();
    expect(charges.requests).toBe(1);
    expect(found.commands).toHaveLength(1);
  });

  it("are found on every page of a long conversation", async () => {
    for (let at = 0; at < 300; at += 1)
      scene.comment(
        pull,
        at % 2 === 0 ? "olga" : "ben",
        at % 100 === 99 ? `/countersign recheck ${at}` : "x".repeat(at),
      );
    for (let at = 0; at < 150; at += 1)
      pull.timeline.push({ event: "assigned", assignee: "ben", actor: "anna", at: scene.github.world.now() });
    const { found, charges } = await read();
    expect(found.commands.map(({ argument }) => argument)).toEqual(["99", "199", "299"]);
    // Three pages of comments, of which two take a second page of events along, and three of comments again by REST.
    expect(charges).toMatchObject({ requests: 6, points: 3 });
  });
});

describe("the conversation that comes along", () => {
  const along = async (first = true, job = scene.job()) => {
    const { facts, discussed } = job;
    await facts.pullRequest(pull.number, { head: pull.head.sha, baseRef: null, login: null, first });
    return discussed.get(pull.number);
  };

  it("says whether a comment begins as our one does, whoever wrote it", async () => {
    scene.comment(pull, "olga", `Not ours: ${COMMENT_MARKER}`);
    expect((await along())?.marked).toBe(false);
    scene.comment(pull, "olga", `${COMMENT_MARKER}\nlooks like it`);
    expect((await along())?.marked).toBe(true);
  });

  it("S20 says that there may be one where the installation shows no comments", async () => {
    const { issues, ...granted } = scene.installation.permissions;
    scene.installation.permissions = granted;
    try {
      // Another set of permissions takes a token of its own.
      const permissions = { contents: "read", pull_requests: "read", issues: "read" } as const;
      expect((await along(true, scene.job({ permissions })))?.marked).toBe(true);
    } finally {
      scene.installation.permissions = { ...granted, issues: issues ?? "read" };
    }
  });

  it("P29 S23 has who was asked, and who reviewed, where that was asked for", async () => {
    await scene.request("POST", `/repos/acme/agent/pulls/${pull.number}/requested_reviewers`, "anna", {
      reviewers: ["olga"],
    });
    scene.review(pull, "ben", "COMMENTED");
    expect(await along()).toEqual({
      marked: false,
      requests: {
        open: new Set(["olga"]),
        ever: new Set(["olga"]),
        declined: new Set(),
        reviewed: new Set(["ben"]),
      },
    });
    expect((await along(false))?.requests).toBeNull();
  });

  it("is worth nothing where a list goes on, or somebody is not shown", () => {
    const page = (nodes: readonly unknown[], hasNextPage = false) => ({
      nodes,
      pageInfo: { hasNextPage, endCursor: null },
    });
    const olga = { requestedReviewer: { __typename: "User", login: "Olga" } };
    const whole = { asked: page([olga]), asking: page([]), given: page([]) };
    expect(requestsAlong(whole)?.open).toEqual(new Set(["olga"]));
    for (const part of [
      { asked: page([olga], true) },
      { asking: page([], true) },
      { given: page([], true) },
      { asked: page([{ requestedReviewer: null }]) },
      { asking: page([{ __typename: "ReviewRequestedEvent", requestedReviewer: null }]) },
      { asked: null },
      { given: undefined },
    ])
      expect(requestsAlong({ ...whole, ...part })).toBeNull();
  });
});

describe("what cannot be read", () => {
  it("is a fault where the installation lacks the permission", async () => {
    const { facts } = scene.job({ permissions: { contents: "read" } });
    await expect(facts.pullRequest(pull.number)).rejects.toMatchObject({ code: "hosting/forbidden" });
  });

  it.each([
    ["FORBIDDEN", ["repository", "defaultBranchRef", "target", "policy"], "hosting/forbidden"],
    [undefined, ["repository", "defaultBranchRef", "target", "registry"], "hosting/refused"],
    ["NOT_FOUND", ["repository", "defaultBranchRef"], null],
    ["NOT_FOUND", undefined, null],
    ["NOT_FOUND", ["repository", "pullRequest", "constructor"], null],
  ])("is never a policy that is not there: %s at %j", async (type, path, code) => {
    scene.github.faults.push({
      times: 1,
      answer: { status: 200, body: { data: { repository: null }, errors: [{ type, path, message: "no" }] } },
      matches: (_, asked) => asked === "/graphql",
    });
    const { facts, seen } = scene.job();
    const outcome = await facts.pullRequest(pull.number).catch((fault: unknown) => (fault as HostingFault).code);
    expect(outcome).toBe(code);
    expect(seen).toEqual([]);
  });

  it("tells a policy that is not there from one that is", async () => {
    const path = ".github/countersign.yml";
    const policy = scene.repository.store.entry(pull.base.sha, path);
    scene.act.push(scene.repository, "main", { [path]: null }, { by: "root" });
    const { seen } = await read();
    expect(seen).toEqual([[scene.repository.refs.get("refs/heads/main"), []]]);
    scene.act.push(scene.repository, "main", { [path]: "version: 1\n" }, { by: "root" });
    expect((await read()).seen[0]?.[1]).toMatchObject([{ path, id: policy?.sha }]);
  });

  it("is a fault where the pull request goes away between two pages", async () => {
    for (let at = 0; at < 101; at += 1) scene.review(pull, "olga", "APPROVED");
    const pulls = scene.repository.pulls;
    let queries = 0;
    scene.github.faults.push({
      times: 1,
      answer: { status: 200, body: { data: { repository: { pullRequest: null } } } },
      matches: (_, path) => path === "/graphql" && ++queries === 2,
    });
    await expect(scene.job().facts.pullRequest(pull.number)).rejects.toThrow(HostingFault);
    expect(pulls.has(pull.number)).toBe(true);
  });
});

describe("open pull requests", () => {
  it("are all listed, across pages, and closed ones are not", async () => {
    for (const one of [...scene.repository.pulls.values()].slice(0, -1)) one.state = "closed";
    for (let at = 0; at < 120; at += 1) {
      const number = scene.repository.nextNumber++;
      scene.repository.pulls.set(number, { ...pull, number, id: number });
    }
    const { facts, charges } = scene.job();
    const list = await facts.openPullRequests();
    expect(list).toHaveLength(121);
    expect(list[0]).toEqual({ number: pull.number, head: pull.head.sha, base: "main" });
    expect(charges.requests).toBe(2);
  });
});
