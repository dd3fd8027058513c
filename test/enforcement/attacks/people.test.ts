import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renamedAccount } from "../../github/renamed-account.ts";
import type { Account, PullRequest } from "../../github/world.ts";
import { agent, CHANGES, POLICY } from "../repository-files.ts";
import { type Scene, scene } from "../scene.ts";

const GOOD = CHANGES.low;

describe("attacks with people", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
  });
  afterEach(() => s.end());

  /** A review that GitHub shows as somebody's. */
  const reviewedBy = (pull: PullRequest, author: Account) =>
    pull.reviews.push({
      ...{ id: s.github.world.nextId(), author, state: "APPROVED", body: "" },
      ...{ commit: pull.head.sha, submittedAt: s.github.world.now() },
    });
  const look = (pull: PullRequest) => s.comment(pull, "dora", "/countersign recheck");
  const refused = async (pull: PullRequest, why?: RegExp) => {
    expect(await s.verdict(pull)).toMatch(/^(action_required|failure): /);
    if (why) expect(s.check(pull)?.output.summary).toMatch(why);
    expect(await s.merge(pull)).toBe(405);
  };
  const account = (login: string, type: string): Account =>
    ({ id: s.github.world.nextId(), login, type, token: "", members: new Map() }) as unknown as Account;

  it.each(["Bot", "Mannequin", "Organization"])("P23 a %s that is called like the owner", async (type) => {
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "anna");
    reviewedBy(pull, account("olga", type));
    await look(pull);
    await refused(pull, /@olga/);
  });

  it("P23 a bot whose name has no [bot], an AI reviewer and a deleted account", async () => {
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "anna");
    for (const login of ["Copilot", "olga[bot]"]) reviewedBy(pull, account(login, "Bot"));
    const ghost = account("olga", "User");
    ghost.gone = true;
    reviewedBy(pull, ghost);
    await look(pull);
    await refused(pull);
  });

  it("S09 a login that was given up and taken by somebody else, who even has write access", async () => {
    const first = await s.open("first", GOOD);
    await s.approve(first, "olga", "anna");
    expect(await s.verdict(first)).toMatch(/^success/);
    renamedAccount(s.github.world, "olga", "olga-new");
    s.github.world.user("olga");
    s.repository.collaborators.set("olga", "write");
    const pull = await s.open("attack", { "services/low/agent.py": agent("o3-2025-04-16") });
    await s.approve(pull, "olga", "anna");
    await refused(pull, /@olga.*is another account than had this login when the rules named it/);
  });

  it("S09 P27 commands of who took over a login count for nothing either", async () => {
    const first = await s.open("first", GOOD);
    await s.approve(first, "olga", "anna");
    expect(await s.verdict(first)).toMatch(/^success/);
    renamedAccount(s.github.world, "olga", "olga-new");
    s.github.world.user("olga");
    s.repository.collaborators.set("olga", "write");
    const pull = await s.open("attack", { "services/low/agent.py": agent("o3-2025-04-16") });
    await s.approve(pull, "anna");
    await s.comment(pull, "olga", `/countersign approve ${pull.head.sha}`);
    await refused(pull);
  });

  it("S09 a login that nobody had when the rules named it counts for nobody who takes it later", async () => {
    const policy = POLICY.replace(
      'risk-owner: ["@rita"]',
      'risk-owner: ["@rita"]\n  ai-owner: ["@nobody-yet"]',
    ).replace("tiers:", "tiers:\n  medium: { approvals: [{ role: ai-owner }], distinctPeople: 1 }");
    s.act.push(s.repository, "main", { ".github/countersign.yml": policy }, { by: "root" });
    const pull = await s.open("attack", GOOD);
    await s.idle();
    s.github.world.user("nobody-yet");
    s.repository.collaborators.set("nobody-yet", "write");
    await s.approve(pull, "nobody-yet");
    await refused(pull, /@nobody-yet.*is another account/);
  });

  it("S09 an edit that takes the login out and one that puts it back name who has it then", async () => {
    const first = await s.open("first", GOOD);
    await s.approve(first, "rita");
    await s.idle();
    renamedAccount(s.github.world, "rita", "rita-new");
    s.github.world.user("rita");
    s.repository.collaborators.set("rita", "write");
    const change = { "services/medium/agent.py": agent("o3-2025-04-16") };
    const pull = await s.open("attack", change);
    await s.approve(pull, "rita", "olga", "anna");
    await s.idle();
    s.evals(pull);
    await refused(pull, /is another account/);
    const without = POLICY.replace('"@rita"', '"@sam"');
    for (const text of [`${POLICY}# an edit of something else\n`, without, POLICY]) {
      s.act.push(s.repository, "main", { ".github/countersign.yml": text }, { by: "root" });
      if (text === POLICY) continue;
      await refused(pull);
    }
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S09 P25 somebody who lost write access, and was in no team", async () => {
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.repository.collaborators.set("olga", "read");
    s.github.world.accounts.get("acme")?.members.delete("olga");
    await look(pull);
    await refused(pull, /@olga.*only read access/);
  });

  it("P24 an approver who is removed from the team a second later", async () => {
    const pull = await s.open("attack", GOOD);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const team = s.github.world.teams.find(({ slug }) => slug === "ml");
    team?.members.delete("anna");
    s.github.deliveries.send("membership", null, {
      ...{ action: "removed", scope: "team", organization: { login: "acme", id: 1 } },
      ...{
        team: { slug: "ml", id: team?.id },
        member: { login: "anna" },
        sender: { login: "root", id: 1, type: "User" },
      },
    });
    await refused(pull);
  });

  it("S11 co-author framing: naming the owner in a commit hands their role to nobody", async () => {
    const files = { "services/low/agent.py": agent("o3-2025-04-16") };
    const message = "feat: x\n\nCo-authored-by: Olga <olga@users.noreply.github.com>";
    s.act.push(s.repository, "attack", files, { by: "dora", message });
    const pull = await s.open("attack", { "docs/x.md": "x\n" });
    await s.approve(pull, "rita", "anna");
    await refused(pull, /not-mine/);
  });

  it("P26 the author approves with a second account that pushed", async () => {
    const pull = await s.open("attack", GOOD);
    s.act.push(
      s.repository,
      "attack",
      { "services/low/agent.py": agent("o3-2025-04-16") },
      { by: "olga", author: "dora" },
    );
    await s.approve(pull, "olga", "anna");
    await refused(pull, /@olga.*pushed to this pull request/);
  });

  it("P26 who pushed the branch before anybody proposed it does not approve it, whatever its commits say", async () => {
    s.act.push(s.repository, "attack", GOOD, { by: "anna", author: "dora" });
    await s.idle();
    const pull = await s.open("attack", { "docs/x.md": "x\n" }, { by: "dora" });
    await s.approve(pull, "olga", "anna");
    await refused(pull, /@anna.*pushed/);
  });

  it("P26 the same where the push is told of only after everybody approved", async () => {
    s.github.deliveries.hold();
    s.act.push(s.repository, "attack", GOOD, { by: "anna", author: "dora" });
    let late: (() => void) | undefined;
    s.github.deliveries.release((held) => {
      late = held[0];
      return held.slice(1);
    });
    const opened = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: "Bearer ghp_dora" },
      body: JSON.stringify({ title: "x", head: "attack", base: "main" }),
    });
    const pull = s.repository.pulls.get(((await opened.json()) as { number: number }).number) as PullRequest;
    await s.approve(pull, "olga", "anna");
    await s.idle();
    late?.();
    await refused(pull, /@anna.*pushed/);
  });
});
