import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../github/world.ts";
import { type PeopleScene, peopleScene } from "./people-scene.ts";
import { CHANGES } from "./repository-files.ts";

const change = CHANGES.low;

let s: PeopleScene;
beforeEach(async () => {
  s = await peopleScene();
});
afterEach(() => s.end());

/** A pull request of medium risk that @olga (system owner) and @anna (AI reviewer, by her team) approved. */
async function approved(branch = "x"): Promise<PullRequest> {
  const pull = await s.open(branch, change);
  await s.approve(pull, "olga", "anna");
  expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna/);
  return pull;
}

describe("whose last word counts", () => {
  it("P21 the last of approval, request for changes and dismissal counts; a comment withdraws nothing", async () => {
    const pull = await approved();
    await s.review(pull, "olga", "COMMENT");
    expect(await s.verdict(pull)).toMatch(/^success/);
    await s.review(pull, "olga", "REQUEST_CHANGES");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@olga/);
    await s.review(pull, "olga", "COMMENT");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    await s.approve(pull, "olga");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P21 a person's dismissal means no vote, and revives no older one; what is pending nobody sees", async () => {
    const pull = await approved();
    await s.approve(pull, "olga");
    const own = pull.reviews.filter(({ author }) => author.login === "olga");
    expect(own).toHaveLength(2);
    const answer = await fetch(
      `${s.github.url}/repos/acme/agent/pulls/${pull.number}/reviews/${own.at(-1)?.id}/dismissals`,
      { method: "PUT", headers: { authorization: "Bearer ghp_root" }, body: JSON.stringify({ message: "no" }) },
    );
    expect(answer.status).toBe(200);
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga/);
    pull.reviews.push({
      ...{ id: s.github.world.nextId(), author: s.github.world.user("olga"), state: "PENDING", body: "" },
      ...{ commit: pull.head.sha, submittedAt: s.github.world.now() },
    });
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @olga/);
  });

  it("P23 an account that was deleted approves nothing, also where it did before", async () => {
    const pull = await approved();
    s.people.deleteAccount("olga");
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^(?:action_required|failure)/);
    expect(s.summary(pull)).toContain("is a deleted account");
  });

  it.each(["Copilot", "olga-ai[bot]", "coderabbitai[bot]"])(
    "P23 %s is no person, in whatever role and team it is",
    async (login) => {
      s.github.world.user(login, "Bot");
      s.repository.collaborators.set(login.toLowerCase(), "admin");
      s.ml.members.set(login.toLowerCase(), "active");
      s.policy('risk-owner: ["@rita"]', `risk-owner: ["@${login.replace("[bot]", "")}", "@rita"]`);
      await s.idle();
      const pull = await s.open("x", change);
      await s.approve(pull, "olga", login);
      expect(await s.verdict(pull)).toMatch(/^action_required: .*AI reviewer/);
      expect(await s.merge(pull)).toBe(405);
      await s.comment(pull, login, `/countersign approve ${pull.head.sha}`);
      expect(await s.verdict(pull)).toMatch(/^action_required: .*AI reviewer/);
    },
  );
});

describe("teams", () => {
  it("P24 who leaves a team takes their approval along, who joins can give one, without anybody asking", async () => {
    const pull = await approved();
    s.people.removeFromTeam(s.ml, "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @ben/);
    expect(await s.merge(pull)).toBe(405);
    await s.approve(pull, "sam");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    s.people.addToTeam(s.ml, "sam");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P24 a change in a team has only those decided again that rest on it, behind what people wait for", async () => {
    const pull = await approved();
    const ungoverned = await s.open("docs", { "docs/x.md": "x\n" });
    await s.idle();
    const before = [pull, ungoverned].map(s.decided);
    const others = s.github.world.team("acme/others", []);
    s.people.addToTeam(others, "sam");
    await s.idle();
    expect([pull, ungoverned].map(s.decided)).toEqual(before);
    s.people.addToTeam(others, "anna");
    await s.idle();
    expect([pull, ungoverned].map(s.decided)).toEqual([(before[0] ?? 0) + 1, before[1]]);
    // Nothing came of it: nothing is written.
    const from = s.github.recorded.length;
    s.people.addToTeam(s.ml, "sam");
    await s.idle();
    expect(s.writes(from)).toEqual([]);
  });

  it("P24 members of nested teams count, however deep, and leaving one of those is noticed as well", async () => {
    const evaluation = s.github.world.team("acme/evaluation", [], "ml");
    const red = s.github.world.team("acme/red-team", ["sam"], "evaluation");
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "sam");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @sam/);
    s.people.removeFromTeam(red, "sam");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*AI reviewer/);
    s.people.addToTeam(evaluation, "sam");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P24 who was invited and did not accept yet is no member", async () => {
    s.ml.members.set("sam", "pending");
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "sam");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*AI reviewer/);
    s.people.addToTeam(s.ml, "sam");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P24 a team that got another name, or is gone, cannot be read: it blocks at once, and says what to do", async () => {
    const pull = await approved();
    s.people.renameTeam(s.ml, "machine-learning");
    expect(await s.verdict(pull)).toMatch(/^failure: Medium risk: blocked/);
    expect(s.summary(pull)).toContain("the members of `@acme/ml` cannot be read");
    expect(await s.merge(pull)).toBe(405);
    s.people.renameTeam(s.ml, "ml");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.people.deleteTeam(s.ml);
    expect(await s.verdict(pull)).toMatch(/^failure: Medium risk: blocked/);
    s.github.world.team("acme/ml", ["anna"]);
    s.people.addToTeam(s.github.world.team("acme/unrelated", []), "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P24 a team without anybody in it leaves its role to nobody, which is said at once", async () => {
    s.people.removeFromTeam(s.ml, "anna");
    s.people.removeFromTeam(s.ml, "ben");
    const pull = await s.open("x", change);
    expect(await s.verdict(pull)).toMatch(/^failure: Medium risk: blocked/);
    expect(s.summary(pull)).toContain("nobody is left to fill it, `@acme/ml` has no active member");
    expect(s.summary(pull)).toContain("roles.ai-reviewer");
  });
});

describe("access", () => {
  it("S09 who leaves the organisation takes their approvals along", async () => {
    const pull = await approved();
    s.people.removeMember("acme", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @ben/);
    s.people.removeMember("acme", "olga");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs @rita \(system owner\)/);
    expect(s.summary(pull)).toContain("`@olga` **not counted**: has no access");
    expect(await s.merge(pull)).toBe(405);
  });

  it("S09 P25 a named person counts as an active member of the organisation, with write access or without", async () => {
    const pull = await approved();
    s.people.grant(s.repository, "olga", "read");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.repository.owner.invited = new Set(["olga"]);
    s.people.grant(s.repository, "olga", "triage");
    expect(await s.verdict(pull)).toMatch(/^action_required|^failure/);
    expect(s.summary(pull)).toContain("has only triage access and is no known member of the organisation");
    s.repository.owner.invited = new Set();
    s.people.addMember("acme", "olga");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P25 an outside collaborator counts with write access, and not with less", async () => {
    s.github.world.user("outsider");
    s.policy('risk-owner: ["@rita"]', 'risk-owner: ["@outsider"]');
    await s.idle();
    s.people.grant(s.repository, "outsider", "write");
    const pull = await s.open("x", { "services/low/prompts/system.md": "You answer whatever you are asked.\n" });
    await s.approve(pull, "olga", "outsider");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success: High risk: approved by @olga and @outsider/);
    for (const role of ["triage", "read", null] as const) {
      s.people.grant(s.repository, "outsider", role);
      expect(await s.verdict(pull)).toMatch(/^failure: High risk: blocked/);
    }
    s.people.grant(s.repository, "outsider", "maintain");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("P25 a change of access has only those decided again who were asked about", async () => {
    const pull = await approved();
    const before = s.decided(pull);
    s.people.grant(s.repository, "stranger", "write");
    await s.idle();
    expect(s.decided(pull)).toBe(before);
    s.people.grant(s.repository, "olga", "admin");
    await s.idle();
    expect(s.decided(pull)).toBe(before + 1);
  });

  it("S09 without the permission to see members, a named person needs write access, and the check says what is missing", async () => {
    const [installation] = s.github.world.installations;
    const { members: _, ...rest } = s.app.permissions as Record<string, string>;
    if (installation) installation.permissions = rest;
    s.policy('ai-reviewer: ["@acme/ml"]', 'ai-reviewer: ["@anna"]');
    await s.restart();
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.repository.collaborators.set("olga", "read");
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required|^failure/);
    expect(`${s.summary(pull)}${s.check(pull)?.output.text}`).toContain("members: read");
  });

  it("S09 a role that nobody is left to fill is an error at once: which, why each is out, and what to do", async () => {
    s.policy('risk-owner: ["@rita"]', 'risk-owner: ["@dora", "@stranger", "@no-such-login"]');
    await s.idle();
    const pull = await s.open("x", { "services/low/prompts/system.md": "You answer whatever you are asked.\n" });
    expect(await s.verdict(pull)).toMatch(/^failure: High risk: blocked, nobody can approve as risk owner/);
    const summary = s.summary(pull);
    expect(summary).toContain("risk-owner for this tier: nobody is left to fill it");
    expect(summary).toContain("`@dora` is the author");
    expect(summary).toContain("`@stranger` has only read access and is no known member of the organisation");
    expect(summary).toContain("`@no-such-login` is no account that GitHub shows (it may have another name now)");
    expect(summary).toContain("name more people in .github/countersign.yml under roles.risk-owner");
    // It is no matter of a change that does not reach that tier.
    const low = await s.open("low", change);
    expect(await s.verdict(low)).toMatch(/^action_required: Medium risk: needs @olga/);
  });

  it("S09 a person who renamed their account holds no role under the new name, and the check says so of the old one", async () => {
    const pull = await approved();
    s.people.renameLogin("olga", "olga-prime");
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^(?:action_required|failure)/);
    expect(s.summary(pull)).toContain("`@olga-prime` **not counted**: holds no role that the policy names");
    expect(await s.merge(pull)).toBe(405);
  });
});
