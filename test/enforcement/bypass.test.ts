import { afterEach, describe, expect, it } from "vitest";
import type { FileChanges } from "../github/git-store.ts";
import { peopleActs } from "../github/people-acts.ts";
import { queueActs } from "../github/queue-acts.ts";
import { repositoryActs } from "../github/repository-acts.ts";
import { mergeQueue } from "../github/rules.ts";
import type { PullRequest } from "../github/world.ts";
import { agent, FILES, POLICY, PROMPT } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const CHANGE = { "services/low/agent.py": agent(MODEL) };
const NAME = "countersign / bypass";

describe("P20 what passes the gate by", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
    // Whoever is named here may merge whatever the rules say.
    const rules = s.repository.rules.get("main");
    if (rules) s.repository.rules.set("main", { ...rules, bypass: ["root"] });
    // A first pull request makes the branches known.
    await s.open("first", { "README.md": "# First\n" });
    await s.idle();
  };
  afterEach(() => s.end());
  const tip = () => s.repository.refs.get("refs/heads/main") ?? "";
  const mark = (sha = tip()) => s.check({ head: { sha } }, NAME);
  const issues = () => [...s.repository.issues.values()].filter(({ number }) => !s.repository.pulls.has(number));
  const rows = async () =>
    (await s.service().store.bypassesOf(s.repository.id, 50)).map(
      ({ cause, actor, pull, branch }) => `${cause} ${actor} ${pull} ${branch}`,
    );
  const quiet = async () => {
    await s.idle();
    expect(await rows()).toEqual([]);
    expect(issues()).toEqual([]);
    expect(s.repository.checkRuns.filter(({ name }) => name === NAME)).toEqual([]);
  };
  const approved = async (branch: string, files: FileChanges = CHANGE) => {
    const pull = await s.open(branch, files);
    await s.approve(pull, "anna", "olga");
    expect(await s.verdict(pull)).toMatch(/^success: (?:Low|Medium) risk: approved/);
    return pull;
  };
  const merge = async (pull: PullRequest, login = "dora", merge_method = "merge") => {
    const response = await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/merge`, {
      method: "PUT",
      headers: { authorization: `Bearer ${s.github.world.user(login).token}` },
      body: JSON.stringify({ sha: pull.head.sha, merge_method }),
    });
    return response.status;
  };

  it.each(["merge", "squash", "rebase"])("P20 P35 what was approved and merged (%s) causes nothing", async (method) => {
    await start();
    const pull = await approved("right");
    s.act.push(s.repository, "right", { "README.md": "# More\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^success/);
    // The base goes on with something else meanwhile.
    s.act.push(s.repository, "main", { "docs/other.md": "Other.\n" }, { by: "root" });
    await s.idle();
    expect(await merge(pull, "dora", method)).toBe(200);
    await quiet();
    expect((await s.service().store.branchOf(s.repository.id, "main"))?.head).toBe(tip());
  });

  it("P20 pushes without anything governed cause nothing, and cost next to nothing", async () => {
    await start();
    await s.idle();
    const from = s.github.recorded.length;
    s.act.push(s.repository, "main", { "docs/a.md": "A.\n", "services/low/helper.py": "x = 1\n" }, { by: "root" });
    await quiet();
    const asked = s.github.recorded
      .slice(from)
      .filter(({ status, actor }) => actor === "installation" && status !== 304);
    expect(asked.length).toBeLessThanOrEqual(8);
    s.act.push(s.repository, "elsewhere", CHANGE, { by: "dora" });
    await quiet();
  });

  it("P20 a direct push is reported on the commit and in one issue, once, however often it is told", async () => {
    await start();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(await rows()).toEqual(["direct-push root null main"]);
    expect(mark()).toMatchObject({ conclusion: "failure" });
    expect(mark()?.output.title).toBe("@root pushed without a pull request");
    expect(mark()?.output.summary).toContain("services/low/agent.py");
    expect(issues()).toHaveLength(1);
    expect(issues()[0]?.body).toContain("`@root` pushed without a pull request");
    const sent = s.github.deliveries.sent.filter(({ event }) => event === "push").at(-1);
    if (sent) await s.github.deliveries.redeliver(sent);
    await s.idle();
    await s.restart();
    await s.idle();
    s.act.push(s.repository, "main", { "services/high/agent.py": agent(MODEL) }, { by: "root" });
    await s.idle();
    expect(await rows()).toHaveLength(2);
    expect(issues()).toHaveLength(1);
    expect(issues()[0]?.comments).toHaveLength(1);
    expect(s.repository.checkRuns.filter(({ name }) => name === NAME)).toHaveLength(2);
    // Nothing was reverted.
    expect(s.repository.store.read(tip()).message).not.toMatch(/revert/i);
  });

  it("P20 an issue that was closed is opened again when there is more, and no second one is made when the store is lost", async () => {
    await start();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    const [issue] = issues();
    if (issue) issue.state = "closed";
    await s.idle();
    expect(issue?.state).toBe("closed");
    await s.restart({ database: ":memory:" });
    const pull = await s.open("again", { "README.md": "# Again\n" });
    await s.verdict(pull);
    s.act.push(s.repository, "main", { "services/high/agent.py": agent(MODEL) }, { by: "root" });
    await s.idle();
    expect(issues()).toHaveLength(1);
    expect(issue?.state).toBe("open");
  });

  it("P20 what GitHub made itself is given time to be known as a merge, and is reported where it never was one", async () => {
    await start();
    const pull = await approved("lag");
    s.github.deliveries.hold();
    expect(await merge(pull)).toBe(200);
    // Which pull request a commit came with GitHub knows a moment late.
    const merged = pull.merged;
    if (merged) pull.merged = { ...merged, sha: pull.head.sha };
    s.github.deliveries.release();
    await quiet();
    pull.merged = merged;
    s.later(121_000);
    await quiet();
    expect((await s.service().store.branchOf(s.repository.id, "main"))?.head).toBe(tip());
    // An edit on GitHub's own page is committed by GitHub, too.
    const edit = s.act.push(s.repository, "edit", { "services/high/agent.py": agent(MODEL) }, { by: "root" });
    const { tree, author } = s.repository.store.read(edit);
    const web = { name: "GitHub", email: "noreply@github.com", date: author.date };
    const sha = s.repository.store.commitTree(tree, [tip()], "Update agent.py", author, web);
    s.act.move(s.repository, "main", sha, "root", false);
    await quiet();
    s.later(121_000);
    await s.idle();
    expect(await rows()).toEqual(["direct-push root null main"]);
  });

  it("P20 a merge past the rules is reported, with who did it", async () => {
    await start();
    const pull = await s.open("past", CHANGE);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(await merge(pull, "dora")).toBe(405);
    expect(await merge(pull, "root")).toBe(200);
    await s.idle();
    expect(await rows()).toEqual([`admin-merge root ${pull.number} main`]);
    expect(mark()?.output.title).toBe("@root merged without approval");
    expect(issues()[0]?.body).toContain(`#${pull.number}`);
  });

  it("P20 a merge on a laptop is reported where nobody approved, and is none where they did", async () => {
    await start();
    const pull = await s.open("laptop", CHANGE);
    await s.verdict(pull);
    s.act.mergeInto(s.repository, "main", "laptop", "root");
    await s.idle();
    expect(await rows()).toEqual([`local-merge root ${pull.number} main`]);
    const other = await s.open("approved", { "services/low/prompts/system.md": `${PROMPT}Be kind.\n` });
    await s.approve(other, "anna", "olga");
    expect(await s.verdict(other)).toMatch(/^success/);
    s.act.mergeInto(s.repository, "main", "approved", "root");
    await s.idle();
    expect(await rows()).toHaveLength(1);
  });

  it("P20 a force-push to a governed branch is reported where it changes what is governed", async () => {
    await start();
    const before = tip();
    const pull = await approved("good");
    expect(await merge(pull)).toBe(200);
    await s.idle();
    s.act.move(s.repository, "main", before, "root");
    await s.idle();
    expect(await rows()).toEqual(["force-push root null main"]);
    expect(mark(before)?.output.title).toBe("@root replaced the branch's history");
  });

  it("P20 a force-push that leaves everything governed as it was causes nothing", async () => {
    await start();
    const other = s.act.push(s.repository, "other", { "docs/x.md": "X.\n" }, { by: "root" });
    s.act.push(s.repository, "main", { "docs/y.md": "Y.\n" }, { by: "root" });
    s.act.move(s.repository, "main", other, "root");
    await quiet();
  });

  it("P20 a branch that is governed from its first commit on is held against the default branch", async () => {
    await start();
    s.act.push(s.repository, "release/9", { "docs/notes.md": "Notes.\n" }, { by: "dora" });
    await quiet();
    s.act.push(s.repository, "release/10", CHANGE, { by: "dora" });
    await s.idle();
    expect(await rows()).toEqual(["direct-push dora null release/10"]);
  });

  it("P20 S01 a branch that nobody was asked for becomes the default one, and with it its rules", async () => {
    await start();
    s.act.push(s.repository, "lax", { ".github/countersign.yml": "version: 1\nmode: observe\n" }, { by: "dora" });
    await quiet();
    repositoryActs(s.github).setDefaultBranch(s.repository, "lax", "root");
    await s.idle();
    const [row, ...others] = await rows();
    expect([row, others]).toEqual(["direct-push null null lax", []]);
    expect(issues()[0]?.body).toContain("countersign.yml");
    // Once, and what comes next is held against it.
    await s.restart();
    await s.idle();
    expect(await rows()).toHaveLength(1);
  });

  it("P20 a default branch that is renamed, or is another one with the same content, causes nothing", async () => {
    await start();
    const owner = repositoryActs(s.github);
    owner.renameBranch(s.repository, "main", "trunk", "root");
    await quiet();
    s.act.push(s.repository, "next", { "docs/next.md": "Next.\n" }, { by: "dora", from: "trunk" });
    owner.setDefaultBranch(s.repository, "next", "root");
    await quiet();
  });

  it("S07 what lands differs from what was decided: the commit that brings it is reported", async () => {
    await start();
    const pull = await approved("evil");
    // An evil merge: the pull request's head is in it, and something else besides, on the governed path.
    const parents = [tip(), pull.head.sha];
    s.act.push(s.repository, "main", { "services/low/agent.py": agent("gpt-4.1-2025-04-14") }, { by: "root", parents });
    await s.idle();
    expect(await rows()).toEqual([`changed root ${pull.number} main`]);
    expect(mark()?.output.summary).toContain("What landed is not what was approved: services/low/agent.py differ");
  });

  it("S18 a merge after validUntil is reported as expired: the App was stopped over it", async () => {
    await start();
    const pull = await approved("late");
    await s.stop();
    s.github.world.now = (
      (now) => () =>
        new Date(Date.parse(now()) + 100 * 86_400_000).toISOString()
    )(s.github.world.now);
    s.later(100 * 86_400_000);
    expect(await merge(pull)).toBe(200);
    await s.restart();
    await s.idle();
    expect(await rows()).toEqual([`expired dora ${pull.number} main`]);
    expect(mark()?.output.summary).toContain("It was found afterwards");
  });

  it("S18 S09 votes that no longer hold when it is merged are found by counting them again", async () => {
    await start();
    // Both clocks show the same time: the App counts again only soon after a merge.
    s.later(Date.parse(s.github.world.now()) - Date.parse("2026-11-24T12:00:00Z"));
    const pull = await approved("votes");
    // The check still stands: GitHub tells of who left only after the merge.
    s.github.deliveries.hold();
    const { removeMember, grant } = peopleActs(s.github);
    grant(s.repository, "anna", "read", "root");
    removeMember("acme", "anna", "root");
    expect(await merge(pull)).toBe(200);
    s.github.deliveries.release();
    await s.idle();
    expect(await rows()).toEqual([`votes dora ${pull.number} main`]);
    expect(mark()?.output.summary).toContain("held no longer when it was merged");
  });

  it.each(["ALLGREEN", "HEADGREEN"] as const)(
    "P19 P20 what a merge queue lands (%s) causes nothing",
    async (strategy) => {
      await start();
      const main = s.repository.rules.get("main");
      if (main)
        s.repository.rules.set("main", {
          ...main,
          mergeQueue: mergeQueue({ grouping_strategy: strategy, min_entries_to_merge: 2 }),
        });
      const first = await approved("one");
      const second = await approved("two", { "services/low/prompts/system.md": `${PROMPT}Be brief.\n` });
      const { enqueue } = queueActs(s.github);
      for (const pull of [first, second]) enqueue(s.repository, pull, "dora");
      for (let turn = 0; turn < 5; turn += 1) {
        await s.idle();
        s.later(6_000);
      }
      await s.idle();
      expect([first.merged, second.merged].every((merged) => merged !== null)).toBe(true);
      await quiet();
    },
  );

  it("P20 what happened while the App was down is found at its start, commit by commit", async () => {
    await start();
    const good = await approved("while");
    await s.stop();
    expect(await merge(good)).toBe(200);
    const evil = s.act.push(s.repository, "main", { "services/high/agent.py": agent(MODEL) }, { by: "root" });
    // Undone again before anybody looks.
    s.act.push(
      s.repository,
      "main",
      { "services/high/agent.py": FILES["services/high/agent.py"] ?? "" },
      { by: "root" },
    );
    await s.restart();
    await s.idle();
    // Undoing it is a change of a model as well.
    expect(await rows()).toEqual(["direct-push null null main", "direct-push null null main"]);
    expect(mark(evil)?.output.title).toBe("Somebody pushed without a pull request");
    expect(mark(evil)?.output.summary).toContain("It was found afterwards (the program was started)");
  });

  it("P20 a check forged under our name is told of, once, and does not stand for ours", async () => {
    await start();
    const pull = await s.open("forged", CHANGE);
    await s.verdict(pull);
    s.act.check(s.repository, "evil-app", "countersign", pull.head.sha, "success");
    await s.idle();
    s.act.push(s.repository, "forged", { "README.md": "# x\n" }, { by: "dora" });
    s.act.check(s.repository, "evil-app", "countersign", pull.head.sha, "success");
    await s.idle();
    expect(await rows()).toEqual([`forged-check evil-app ${pull.number} countersign`]);
    expect(issues()[0]?.body).toContain("The App `evil-app` reported a check by this program's name");
    expect(await merge(pull, "dora")).toBe(405);
    expect(await merge(pull, "root")).toBe(200);
    await s.idle();
    expect(mark()?.output.summary).toContain("from the App evil-app, stood there");
  });

  it("P20 its check can never be the required one: another name, and never green", async () => {
    await start();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    const runs = s.repository.checkRuns.filter(({ headSha, app }) => headSha === tip() && app === s.app);
    expect(runs.map(({ name, conclusion }) => [name, conclusion])).toEqual([[NAME, "failure"]]);
  });

  it("P20 a push that switches the gate off is held against the rules before it", async () => {
    await start();
    const off = POLICY.replace("mode: enforce", "mode: observe");
    s.act.push(s.repository, "main", { ".github/countersign.yml": off, ...CHANGE }, { by: "root" });
    await s.idle();
    expect(await rows()).toEqual(["direct-push root null main"]);
    expect(mark()?.output.summary).toContain("Risk: critical");
  });

  it("P20 S14 while the App is down GitHub's own bypass is the way through, and it is reported afterwards", async () => {
    await start();
    const pull = await s.open("down", CHANGE);
    await s.verdict(pull);
    await s.stop();
    expect(await merge(pull, "root")).toBe(200);
    await s.restart();
    await s.idle();
    expect(await rows()).toEqual([`admin-merge root ${pull.number} main`]);
    expect(mark()?.output.summary).toContain("It was found afterwards");
  });

  it("P20 what was approved before the store was lost is believed by our own check on it", async () => {
    await start();
    const pull = await approved("lost");
    await s.restart({ database: ":memory:" });
    const other = await s.open("other", { "README.md": "# Other\n" });
    await s.verdict(other);
    expect(await merge(pull)).toBe(200);
    await quiet();
  });

  it("P20 where nothing is enforced nothing is passed by", async () => {
    await start({ files: { ".github/countersign.yml": POLICY.replace("mode: enforce", "mode: observe") } });
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await quiet();
  });

  it("P20 S20 without the right to write issues the check says it, and the log", async () => {
    await start();
    const installation = s.github.world.installations.find(({ app }) => app === s.app);
    if (installation) installation.permissions = { ...installation.permissions, issues: "read" };
    await s.restart();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(mark()).not.toBeNull();
    expect(issues()).toEqual([]);
    expect(s.logged.map(({ msg }) => String(msg)).join("\n")).toContain("no issue tells of it");
  });

  it("P20 where the repository has no issues the check and the log say it; an issue that was deleted is made again", async () => {
    await start();
    const fault = { route: "POST /repos/{owner}/{repo}/issues", fault: { status: 410 } } as const;
    const gone = s.github.faults.next({ ...fault, times: 1 });
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(gone.met).toBe(1);
    expect(mark()?.conclusion).toBe("failure");
    expect(issues()).toEqual([]);
    expect(s.logged.map(({ msg }) => String(msg)).join("\n")).toContain("the repository has no issues");
    const push = async (text: string) => {
      s.act.push(s.repository, "main", { "services/high/agent.py": agent(text) }, { by: "root" });
      await s.idle();
    };
    await push(MODEL);
    expect(issues()).toHaveLength(1);
    s.repository.issues.delete(issues()[0]?.number ?? 0);
    await push("gpt-4.1-2025-04-14");
    expect(issues()).toHaveLength(1);
    expect(issues()[0]?.body.match(/pushed without a pull request/g)).toHaveLength(3);
  });

  it("P20 what somebody else wrote with our marker is left alone, and a stranger's label decides nothing", async () => {
    await start();
    const body = "<!-- countersign: tracking issue -->\nnothing to see";
    const response = await fetch(`${s.github.url}/repos/acme/agent/issues`, {
      method: "POST",
      headers: { authorization: `Bearer ${s.github.world.user("stranger").token}` },
      body: JSON.stringify({ title: "x", body, labels: ["countersign"] }),
    });
    expect(response.status).toBe(201);
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(issues().map((one) => one.body === body)).toEqual([true, false]);
  });

  it("P39 hostile names of paths and branches stay inert in check and issue", async () => {
    await start();
    const path = "services/low/`@olga`<img src=x>|](http:x)/agent.py";
    s.act.push(s.repository, "main", { [path]: agent(MODEL) }, { by: "root" });
    await s.idle();
    const texts = [mark()?.output.summary ?? "", issues()[0]?.body ?? ""];
    for (const text of texts) {
      expect(text).toContain("agent.py");
      expect(text).not.toMatch(/(?<!\\)<img/);
      expect(text).not.toMatch(/(?<!\\)\]\(http:x/);
    }
  });
});
