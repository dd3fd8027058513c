import { afterEach, describe, expect, it } from "vitest";
import { peopleActs } from "../../github/people-acts.ts";
import type { Comment, Issue, PullRequest } from "../../github/world.ts";
import { agent, POLICY } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const CHANGE = { "services/low/agent.py": agent(MODEL) };
const OURS = "countersign[bot]";

describe("an approval afterwards is not to be had cheaper than one before", () => {
  let s: Scene;
  const start = async () => {
    s = await scene({ files: { ".github/countersign.yml": `${POLICY}breakGlass: { by: ["@sam", "@ben"] }\n` } });
    s.github.world.setNow("2026-11-24T12:00:00Z");
    const rules = s.repository.rules.get("main");
    if (rules) s.repository.rules.set("main", { ...rules, bypass: ["root"] });
    await s.open("first", { "README.md": "# First\n" });
    await s.idle();
  };
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });
  const tip = () => s.repository.refs.get("refs/heads/main") ?? "";
  const issue = () => [...s.repository.issues.values()].find(({ number }) => !s.repository.pulls.has(number)) as Issue;
  const owed = async () =>
    (await s.service().store.openFollowUps(s.repository.id))
      .filter(({ kind }) => kind === "retrospective-approval")
      .map(({ cause }) => cause);
  const say = async ({ number }: { readonly number: number }, login: string, body: string) => {
    const response = await fetch(`${s.github.url}/repos/acme/agent/issues/${number}/comments`, {
      method: "POST",
      headers: { authorization: `Bearer ${s.github.world.user(login).token}` },
      body: JSON.stringify({ body }),
    });
    expect(response.status).toBe(201);
    await s.idle();
    const said = s.repository.issues.get(number)?.comments.findLast(({ author }) => author.login === login) as Comment;
    return said.reactions.map(({ content }) => content).join();
  };
  const merged = async (pull: PullRequest, login: string, merge_method = "merge") => {
    const response = await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/merge`, {
      method: "PUT",
      headers: { authorization: `Bearer ${s.github.world.user(login).token}` },
      body: JSON.stringify({ sha: pull.head.sha, merge_method }),
    });
    expect(response.status).toBe(200);
    await s.idle();
  };

  it("S01 rules that came in past the approval name nobody who could approve them", async () => {
    await start();
    const own = POLICY.replace('["@rita"]', '["@dora", "@root"]').replace("distinctPeople: 2", "distinctPeople: 1");
    s.act.push(s.repository, "main", { ".github/countersign.yml": own }, { by: "root" });
    await s.idle();
    expect(await owed()).toEqual(["direct-push"]);
    const line = `/countersign approve ${tip()}`;
    expect(await say(issue(), "dora", line)).toBe("confused");
    expect(await say(issue(), "root", line)).toBe("confused");
    expect(await say(issue(), "rita", line)).toBe("+1");
    expect(await owed()).toEqual(["direct-push"]);
    expect(await say(issue(), "sam", line)).toBe("+1");
    expect(await owed()).toEqual([]);
  });

  it("S01 nor who could say what is done about them", async () => {
    await start();
    const own = POLICY.replace('["@rita"]', '["@dora", "@root"]');
    s.act.push(s.repository, "main", { ".github/countersign.yml": own }, { by: "root" });
    await s.idle();
    const open = await s.service().store.openFollowUps(s.repository.id);
    const id = open.find(({ kind }) => kind === "corrective-action")?.id;
    const line = `/countersign close ${id} cause: it was urgent action: none`;
    expect(await say(issue(), "dora", line)).toBe("confused");
    expect(await say(issue(), "root", line)).toBe("confused");
    expect(await say(issue(), "rita", line)).toBe("+1");
    expect((await s.service().store.openFollowUps(s.repository.id)).map(({ kind }) => kind)).toEqual([
      "retrospective-approval",
    ]);
  });

  it("S06 what was said of it while it aimed at a decoy approves nothing of what landed", async () => {
    await start();
    s.act.push(s.repository, "decoy", CHANGE, { by: "dora", from: "main" });
    const pull = await s.open("lure", { ...CHANGE, "docs/a.md": "A.\n" }, { base: "decoy" });
    for (const login of ["anna", "olga"]) await say(pull, login, `/countersign approve ${pull.head.sha}`);
    await s.retarget(pull, "main");
    await s.idle();
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    await merged(pull, "root");
    expect(await owed()).toEqual(["admin-merge"]);
    for (const login of ["anna", "olga"])
      expect(await say(pull, login, `/countersign approve ${pull.head.sha}`)).toBe("+1");
    expect(await owed()).toEqual([]);
  });

  it("S07 what was approved is not what landed: an approval of the pull request approves nothing of it", async () => {
    await start();
    const pull = await s.open("swapped", CHANGE);
    await s.approve(pull, "anna", "olga");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const parents = [tip(), pull.head.sha];
    s.act.push(s.repository, "main", { "services/low/agent.py": agent("o3-2025-04-16") }, { by: "root", parents });
    await s.idle();
    expect(await owed()).toEqual(["changed"]);
    expect(await say(pull, "anna", `/countersign approve ${pull.head.sha}`)).toBe("confused");
    expect(await owed()).toEqual(["changed"]);
    for (const login of ["anna", "olga"]) expect(await say(pull, login, `/countersign approve ${tip()}`)).toBe("+1");
    expect(await owed()).toEqual([]);
  });

  it("a force-push is approved as the difference that it made, and not by whoever pushed", async () => {
    await start();
    const before = tip();
    s.act.push(s.repository, "side", CHANGE, { by: "anna", from: "main" });
    const side = s.repository.refs.get("refs/heads/side") ?? "";
    s.act.push(s.repository, "main", { "docs/a.md": "A.\n" }, { by: "root" });
    await s.idle();
    s.act.move(s.repository, "main", side, "anna");
    await s.idle();
    expect(before).not.toBe(tip());
    expect(await owed()).toEqual(["force-push"]);
    const line = `/countersign approve ${tip()}`;
    expect(await say(issue(), "anna", line)).toBe("confused");
    for (const login of ["ben", "olga"]) expect(await say(issue(), login, line)).toBe("+1");
    expect(await owed()).toEqual([]);
  });

  it.each(["squash", "rebase", "merge"])(
    "P35 after a %s the head of the pull request names what landed as well",
    async (method) => {
      await start();
      const pull = await s.open("method", CHANGE);
      s.act.push(s.repository, "method", { "docs/more.md": "More.\n" }, { by: "dora" });
      await s.idle();
      await merged(pull, "root", method);
      expect(await owed()).toEqual(["admin-merge"]);
      expect(issue().body).not.toContain("not known who pushed");
      expect(await say(pull, "dora", `/countersign approve ${tip()}`)).toBe("confused");
      expect(await say(pull, "olga", `/countersign approve ${pull.head.sha.slice(0, 16)}`)).toBe("+1");
      expect(await say(pull, "ben", `/countersign approve ${tip()}`)).toBe("+1");
      expect(await owed()).toEqual([]);
    },
  );

  it("an approval that was taken back before all was whole does not count", async () => {
    await start();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    const line = `/countersign approve ${tip()}`;
    expect(await say(issue(), "olga", line)).toBe("+1");
    expect(await say(issue(), "olga", "/countersign withdraw")).toBe("+1");
    expect(await say(issue(), "anna", line)).toBe("+1");
    expect(await owed()).toEqual(["direct-push"]);
    expect(await say(issue(), "olga", line)).toBe("+1");
    expect(await owed()).toEqual([]);
  });

  it("an issue is assigned to its owner, and there all the same where GitHub does not let them be", async () => {
    await start();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(issue().assignees?.map(({ login }) => login)).toEqual(["olga"]);
    s.repository.issues.delete(issue().number);
    s.repository.collaborators.delete("olga");
    const { removeMember } = peopleActs(s.github);
    removeMember("acme", "olga", "root");
    s.act.push(s.repository, "main", { "services/low/prompts/system.md": "Promise everything.\n" }, { by: "root" });
    await s.idle();
    expect(issue().assignees).toEqual([]);
    expect(issue().title).toContain("@olga");
  });

  it("nobody closes what is owed by closing, editing or deleting the issue", async () => {
    await start();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    const { number } = issue();
    s.repository.issues.delete(number);
    s.act.push(s.repository, "main", { "services/low/prompts/system.md": "Promise everything.\n" }, { by: "root" });
    await s.idle();
    expect(await owed()).toEqual(["direct-push", "direct-push"]);
    expect(issue().number).not.toBe(number);
    expect(issue().author.login).toBe(OURS);
  });
});
