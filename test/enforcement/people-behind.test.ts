import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { type PeopleScene, peopleScene } from "./people-scene.ts";
import { agent, CHANGES } from "./repository-files.ts";

const change = CHANGES.low;
const HOUR = 3_600_000;

let s: PeopleScene;
beforeEach(async () => {
  s = await peopleScene();
});
afterEach(() => s.end());

/** A commit that changes what is governed, written with these addresses and pushed. */
function commit(branch: string, by: string, options: { email?: string; committer?: string; message?: string }): string {
  const { world } = s.github;
  const tip = s.repository.refs.get(`refs/heads/${branch}`) ?? s.repository.refs.get("refs/heads/main") ?? "";
  const person = (email: string) => ({ name: "somebody", email, date: world.now() });
  const email = options.email ?? `${world.user(by).id}+${by}@users.noreply.github.com`;
  const sha = s.repository.store.commit({
    parents: [tip],
    files: change,
    message: options.message ?? "Change the model",
    author: person(email),
  });
  s.act.move(s.repository, branch, sha, by, false);
  return sha;
}

/** A pull request by somebody else, whose governed commit is pushed afterwards. */
async function pushed(by: string, options: Parameters<typeof commit>[2]): Promise<PullRequest> {
  const pull = await s.open("x", { "docs/x.md": "x\n" });
  await s.idle();
  commit("x", by, options);
  return pull;
}

describe("who made a change", () => {
  it("S11 whose address a governed commit holds is excluded, also where only GitHub knows that it is theirs", async () => {
    s.github.world.user("anna").emails = ["anna@corp.example"];
    const pull = await pushed("dora", { email: "anna@corp.example" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    expect(s.summary(pull)).toMatch(/`@anna` \*\*not counted\*\*: is not independent: committed governed content in/);
    await s.approve(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S11 a committer whose address matches nobody excludes nobody: who pushed is known", async () => {
    const pull = await pushed("dora", { email: "someone@laptop.local" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna/);
  });

  it("S11 P26 where neither address nor push tells who made it, one person more is asked", async () => {
    const pull = await s.open("x", { "docs/x.md": "x\n" });
    await s.idle();
    const { webhook } = s.app;
    s.app.webhook = null;
    commit("x", "sam", { email: "someone@laptop.local" });
    s.app.webhook = webhook;
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.summary(pull)).toContain("it is not known who pushed");
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S11 a co-author is excluded, whatever their address, until they say that the commit is not theirs", async () => {
    s.github.world.user("anna").emails = ["anna@corp.example"];
    const pull = await pushed("dora", { message: "Change\n\nCo-authored-by: Anna <anna@corp.example>" });
    const { sha } = pull.head;
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    await s.comment(pull, "ben", `/countersign not-mine ${sha}`);
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    await s.comment(pull, "anna", `/countersign not-mine ${sha.slice(0, 15)}`);
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    await s.comment(pull, "anna", `/countersign not-mine ${sha}`);
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna/);
  });

  it("S11 naming the owner in a commit moves their role to nobody else", async () => {
    const pull = await pushed("dora", { message: "x\n\nCo-authored-by: Olga <1+olga@users.noreply.github.com>" });
    s.github.world.user("olga").emails = ["1+olga@users.noreply.github.com"];
    await s.approve(pull, "rita", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.summary(pull)).toMatch(/`@olga` to lift their exclusion with `?\/countersign not-mine/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("S11 GitHub's own accounts, as which its pages commit, are nobody", async () => {
    s.github.world.user("web-flow").emails = ["noreply@github.com"];
    const pull = await pushed("dora", { email: "noreply@github.com" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P26 who pushed stays who pushed under another name", async () => {
    const pull = await pushed("anna", { email: "someone@laptop.local" });
    await s.idle();
    s.people.renameLogin("anna", "anna-new");
    await s.approve(pull, "olga", "anna-new");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    expect(s.summary(pull)).toContain("`@anna-new` **not counted**: is not independent: pushed to this pull request");
    await s.approve(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P26 who committed stays who committed under another name, and whoever takes the old one is somebody else", async () => {
    const pull = await pushed("dora", { email: `${s.github.world.user("anna").id}+anna@users.noreply.github.com` });
    await s.idle();
    s.people.renameLogin("anna", "anna-new");
    s.github.world.user("anna");
    s.people.addToTeam(s.ml, "anna");
    s.people.grant(s.repository, "anna", "write");
    await s.approve(pull, "olga", "anna-new");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.summary(pull)).toContain("`@anna-new` **not counted**: is not independent: committed");
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });
});

describe("the people behind an agent", () => {
  const AGENT = "copilot-swe-agent[bot]";
  /** A pull request that an agent opened; `committed` are the addresses in its commit. */
  const byAgent = async (message = "Change the model"): Promise<PullRequest> => {
    s.github.world.user(AGENT, "Bot").emails = ["agent@bots.example"];
    s.repository.collaborators.set(AGENT, "write");
    commit("agent", AGENT, { email: "agent@bots.example", message });
    const opened = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: `Bearer ghp_${AGENT}` },
      body: JSON.stringify({ title: "agent", head: "agent", base: "main", body: "" }),
    });
    const { number } = (await opened.json()) as { number: number };
    const pull = s.repository.pulls.get(number);
    if (!pull) throw new Error("no pull request");
    return pull;
  };

  it("S12 whoever it was assigned to when it was opened does not approve it; whoever is assigned later may", async () => {
    const pull = await byAgent();
    s.act.assign(s.repository, pull.number, "anna", AGENT);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    expect(s.summary(pull)).toContain("`@anna` **not counted**: is not independent: stands behind the pull request");
    pull.assignees = [];
    s.github.world.setNow(new Date(Date.parse(s.github.world.now()) + HOUR).toISOString());
    s.act.assign(s.repository, pull.number, "ben", "root");
    await s.approve(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @ben/);
  });

  it("S12 where nobody is named behind it, one person more approves", async () => {
    const pull = await byAgent();
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs one more person/);
    expect(s.summary(pull)).toContain("nobody is named behind the agent that opened it");
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S12 a person among its co-authors does not approve it, and is somebody who is named", async () => {
    s.github.world.user("anna").emails = ["anna@corp.example"];
    const pull = await byAgent("Change\n\nCo-authored-by: Anna <anna@corp.example>");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    await s.approve(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @ben/);
  });

  it.each([
    ["an agent", "Copilot <175728472+Copilot@users.noreply.github.com>"],
    ["an address that is nobody's", "Claude <noreply@anthropic.com>"],
    ["an account that is none", "Eve <99999999+no-such-person@users.noreply.github.com>"],
  ])("S12 %s among its co-authors is nobody who is named", async (_, coAuthor) => {
    s.github.world.user("Copilot", "Bot").emails = ["175728472+Copilot@users.noreply.github.com"];
    const pull = await byAgent(`Change\n\nCo-authored-by: ${coAuthor}`);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs one more person/);
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S12 P26 a person who pushes to its branch has made the change too", async () => {
    const pull = await byAgent();
    await s.idle();
    s.act.push(s.repository, "agent", { "services/low/agent.py": agent("o3-2025-04-16") }, { by: "anna" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    expect(s.summary(pull)).toContain("`@anna` **not counted**: is not independent: pushed to this pull request");
  });

  it("S12 a comment that an App wrote in a person's name never counts", async () => {
    const pull = await byAgent();
    await s.approve(pull, "anna", "rita");
    const tool = s.github.world.app("some-tool", {});
    pull.issue.comments.push({
      ...{ id: s.github.world.nextId(), author: s.github.world.user("olga"), app: tool, reactions: [] },
      ...{ body: `/countersign approve ${pull.head.sha}`, createdAt: s.github.world.now(), updatedAt: "" },
    });
    const comment = pull.issue.comments.at(-1);
    if (comment) comment.updatedAt = comment.createdAt;
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga/);
    await s.comment(pull, "olga", `/countersign approve ${pull.head.sha}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
  });
});
