import { afterEach, describe, expect, it } from "vitest";
import { EvidenceRecord } from "../../src/evidence/record.ts";
import { peopleActs } from "../github/people-acts.ts";
import type { Comment, PullRequest } from "../github/world.ts";
import { agent, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const GLASS = `${POLICY}breakGlass: { by: ["@sam", "@ben"], reviewWithin: P2D }\n`;
const HOUR = 3_600_000;
const BROKEN = /^success: (?:Medium|High|Critical) risk: glass broken by @sam/;

let s: Scene;
const start = async (options: SceneOptions = {}) => {
  s = await scene({ ...options, files: { ".github/countersign.yml": GLASS, ...options.files } });
  // Both clocks show the same time.
  s.github.world.setNow("2026-11-24T12:00:00Z");
};
afterEach(async () => {
  expect(s.conforms()).toEqual([]);
  expect(s.logged.filter(({ level }) => level === 50)).toEqual([]);
  await s.close();
});

async function say(pull: PullRequest, login: string, body: string): Promise<Comment> {
  await s.comment(pull, login, body);
  await s.idle();
  return pull.issue.comments.findLast(({ author }) => author.login === login) as Comment;
}
const glass = (pull: PullRequest, login = "sam", sha = pull.head.sha, reason = "customers are harmed") =>
  say(pull, login, `/countersign break-glass ${sha} ${reason}`);
const change = (tier = "high", model = MODEL) => ({ [`services/${tier}/agent.py`]: agent(model) });
const summary = (pull: PullRequest) => s.check(pull)?.output.summary ?? "";
const told = (pull: PullRequest) => /### Commands\n\n((?:- .*\n)*)/.exec(summary(pull))?.[1] ?? "";
const answers = (pull: PullRequest) =>
  s.comments(pull).filter((body) => body.startsWith("<!-- countersign: answer to"));
const reactions = ({ reactions: put }: Comment) => put.map(({ content, user }) => `${user} ${content}`);
const OURS = "countersign[bot]";

/** What the ledger holds, as whoever reads it does. */
async function records(): Promise<EvidenceRecord[]> {
  const found: EvidenceRecord[] = [];
  for await (const { envelope } of s.service().evidence.ledger.entries(0))
    found.push(EvidenceRecord.parse(JSON.parse(Buffer.from(envelope.payload, "base64").toString()).predicate));
  return found;
}
const glasses = async () => (await records()).filter(({ event, landed }) => event === "break-glass" && !landed);

describe("S14 break-glass", () => {
  it("lets exactly this content merge, says so, and is on record before the check is green", async () => {
    await start();
    const pull = await s.open("fire", change());
    await s.idle();
    expect(await s.verdict(pull)).toMatch(/^failure|^action_required/);
    const comment = await glass(pull, "sam", pull.head.sha.slice(0, 16));
    expect(reactions(comment)).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    expect(answers(pull)).toHaveLength(1);
    expect(answers(pull)[0]).toContain("The glass is broken until");
    expect(answers(pull)[0]).toContain("customers are harmed");
    expect(summary(pull)).toMatch(/^\*\*The glass is broken:\*\* it may merge without what is listed below/);
    expect(summary(pull)).toContain("### What is missing");
    expect(s.comments(pull)[0]).toContain("### 🚨 Critical risk: the glass is broken, approval owed afterwards");
    const [record, ...more] = await glasses();
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      act: { person: { login: "sam" }, reason: "customers are harmed", systems: ["high"] },
      pullRequest: { number: pull.number, head: pull.head.sha },
      dossier: { decision: { basis: "break-glass", state: "approved" }, tier: { value: "critical" } },
    });
    expect(await s.merge(pull)).toBe(200);
  });

  it("no check is green where it cannot be recorded", async () => {
    await start();
    const pull = await s.open("unrecorded", change());
    await s.idle();
    Object.assign(s.service().evidence.ledger, { append: () => Promise.reject(new Error("the disk is full")) });
    await s.comment(pull, "sam", `/countersign break-glass ${pull.head.sha} x`);
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(await s.merge(pull)).toBe(405);
    s.logged.length = 0;
  });

  it.each([
    ["the author", "dora", "is not named in breakGlass.by"],
    ["somebody with a role, who is not named", "rita", "is not named in breakGlass.by"],
  ])("not by %s", async (_, login, why) => {
    await start();
    const pull = await s.open("who", change());
    await s.idle();
    const comment = await glass(pull, login);
    expect(reactions(comment)).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain(why);
    expect(await s.verdict(pull)).not.toMatch(/^success/);
  });

  it("not by its author although they are named, unless nobody else is: then it is marked as weak", async () => {
    await start();
    const pull = await s.open("own", change(), { by: "sam" });
    await s.idle();
    await glass(pull);
    expect(told(pull)).toContain("is the author");
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    await s.close();
    await start({ files: { ".github/countersign.yml": GLASS.replace(', "@ben"', "") } });
    const alone = await s.open("own", change(), { by: "sam" });
    await s.idle();
    await glass(alone);
    expect(await s.verdict(alone)).toMatch(BROKEN);
    expect(summary(alone)).toContain("by the author (weak)");
  });

  it("never for the rules themselves, nor for a secret", async () => {
    await start();
    const policy = GLASS.replace("distinctPeople: 2", "distinctPeople: 1");
    const rules = await s.open("rules", { ".github/countersign.yml": policy });
    await s.idle();
    await glass(rules);
    expect(told(rules)).toContain("it never covers governance/policy");
    expect(await s.verdict(rules)).not.toMatch(/^success/);
    const key = ["sk", "ant", "api03", "Qx7".repeat(31), "AA"].join("-");
    const secret = await s.open("secret", {
      "services/high/agent.py": `${agent(MODEL)}\nANTHROPIC_API_KEY = "${key}"\n`,
    });
    await s.idle();
    await glass(secret, "ben");
    expect(told(secret)).toContain("it never covers credential/secret-value");
    expect(await s.verdict(secret)).not.toMatch(/^success/);
    expect(await glasses()).toEqual([]);
  });

  it("S13 not by a short id, another commit's, or without a reason", async () => {
    await start();
    const pull = await s.open("short", change());
    await s.idle();
    for (const [sha, reason, why] of [
      [pull.head.sha.slice(0, 15), "x", "at least 16 digits"],
      ["f".repeat(40), "x", "names another commit than the head"],
      ["", "", "names no commit"],
      [pull.head.sha, "", "gave no reason"],
    ] as const) {
      await glass(pull, "sam", sha, reason);
      expect(told(pull)).toContain(why);
    }
    expect(await s.verdict(pull)).not.toMatch(/^success/);
  });

  it("P27 an edited comment never counts, and one that is edited afterwards counts no longer", async () => {
    await start();
    const pull = await s.open("edited", change());
    await s.idle();
    const edit = async (comment: Comment, body: string) => {
      const path = `${s.github.url}/repos/acme/agent/issues/comments/${comment.id}`;
      const headers = { authorization: "Bearer ghp_sam" };
      await fetch(path, { method: "PATCH", headers, body: JSON.stringify({ body }) });
      await s.idle();
    };
    const harmless = await say(pull, "sam", "looks bad");
    await edit(harmless, `/countersign break-glass ${pull.head.sha} now`);
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    const comment = await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    await edit(comment, `/countersign break-glass ${pull.head.sha} for another reason`);
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(await s.service().store.glassesAt("2026-11-24T12:00:00.000Z")).toEqual([]);
  });

  it("ends after four hours by itself; a new one takes a new command", async () => {
    await start();
    const pull = await s.open("late", change());
    await s.idle();
    await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    await glass(pull, "ben", pull.head.sha, "me too");
    expect(told(pull)).toContain("an earlier one on this head holds until");
    ahead(4 * HOUR + 120_000);
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(summary(pull)).toContain("it held until");
    expect(await s.merge(pull)).toBe(405);
    await glass(pull, "sam", pull.head.sha, "still burning");
    expect(await s.verdict(pull)).toMatch(BROKEN);
    expect(await glasses()).toHaveLength(2);
  });

  it("a push that changes what is governed ends it, also by force; one that leaves it alone does not", async () => {
    await start();
    const pull = await s.open("moves", change("low"));
    await s.idle();
    await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    s.act.push(s.repository, "moves", { "docs/note.md": "Nothing governed.\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(BROKEN);
    expect(await glasses()).toHaveLength(1);
    s.act.push(s.repository, "moves", change("low", "o3-2025-04-16"), { by: "dora" });
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(told(pull)).toContain("what is governed was changed since that commit");
    await glass(pull, "sam", pull.head.sha, "again");
    expect(await s.verdict(pull)).toMatch(BROKEN);
    const parents = [s.repository.refs.get("refs/heads/main") ?? ""];
    s.act.push(s.repository, "moves", change("low", "gpt-4.1-2025-04-14"), { by: "dora", parents });
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(await s.merge(pull)).toBe(405);
  });

  it("holds for one base branch: a retarget ends it, and the same head into another branch is not let through", async () => {
    await start();
    s.act.push(s.repository, "release/1", { "docs/release.md": "One.\n" }, { by: "root", from: "main" });
    const pull = await s.open("base", change());
    await s.idle();
    await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    const other = await s.open("base", change(), { base: "main", from: s.repository }).catch(() => null);
    expect(other).toBeNull();
    await s.retarget(pull, "release/1");
    expect(await s.verdict(pull, "countersign: release/**")).not.toMatch(/^success/);
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    await s.retarget(pull, "main");
    expect(await s.verdict(pull)).not.toMatch(/^success/);
  });

  it("one at a time: neither by the same person nor on the same system, until it is closed or over", async () => {
    await start();
    const first = await s.open("first", change("high"));
    const same = await s.open("same", { "services/high/prompts/system.md": "You may promise refunds.\n" });
    const other = await s.open("other", change("medium"));
    await s.idle();
    await glass(first);
    expect(await s.verdict(first)).toMatch(BROKEN);
    await glass(same, "ben");
    expect(told(same)).toMatch(new RegExp(`is still open: the one for \\S*${first.number} holds until`));
    await glass(other);
    expect(told(other)).toMatch(new RegExp(`is still open: the one for \\S*${first.number} holds until`));
    for (const pull of [same, other]) expect(await s.verdict(pull)).not.toMatch(/^success/);
    // It is given up: nothing is owed for what never landed.
    await s.setState(first, "closed");
    await s.idle();
    await say(other, "sam", "/countersign recheck");
    expect(await s.verdict(other)).toMatch(BROKEN);
  });

  it("one at a time, also of two that are broken in the same moment", async () => {
    await start();
    const pulls = [await s.open("left", change("high")), await s.open("right", change("medium"))];
    await s.idle();
    s.github.deliveries.hold();
    for (const pull of pulls) await s.comment(pull, "sam", `/countersign break-glass ${pull.head.sha} at once`);
    s.github.deliveries.release();
    await s.idle();
    const verdicts = await Promise.all(pulls.map((pull) => s.verdict(pull)));
    expect(verdicts.filter((verdict) => BROKEN.test(verdict))).toHaveLength(1);
    expect(await glasses()).toHaveLength(1);
  });

  it("not by somebody who was taken out of the team, or who lost access", async () => {
    const policy = GLASS.replace('["@sam", "@ben"]', '["@acme/on-call"]');
    await start({ files: { ".github/countersign.yml": policy } });
    const team = s.github.world.team("acme/on-call", ["sam", "ben"]);
    const pull = await s.open("team", change());
    await s.idle();
    await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    peopleActs(s.github).removeFromTeam(team, "sam", "root");
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(told(pull)).toContain("is not named in breakGlass.by");
    await glass(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/glass broken by @ben/);
  });

  it("S02 a fork's pull request with the same head shares the glass, and whoever opened either of them breaks none", async () => {
    await start();
    const pull = await s.open("twin", change());
    await s.idle();
    const fork = s.github.world.forkOf(s.repository, "ben");
    s.act.move(fork, "twin", pull.head.sha, "ben");
    const opened = await fetch(`${s.github.url}/repos/acme/agent/pulls`, {
      method: "POST",
      headers: { authorization: `Bearer ${s.github.world.user("ben").token}` },
      body: JSON.stringify({ title: "twin", head: "ben:twin", base: "main" }),
    });
    const { number } = (await opened.json()) as { number: number };
    const twin = s.repository.pulls.get(number) as PullRequest;
    expect(twin.head.sha).toBe(pull.head.sha);
    await s.idle();
    await glass(pull, "ben");
    expect(told(pull)).toContain("is the author of another pull request with this head");
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    // Two that share a decision share one record, and neither keeps the other's glass from holding.
    expect(await glasses()).toHaveLength(1);
    await s.setState(twin, "closed");
    await s.idle();
    expect(await s.verdict(pull)).toMatch(/glass broken by @/);
    expect(await s.merge(pull)).toBe(200);
  });

  it("not by who pushed what it lets through, although somebody else opened it", async () => {
    await start();
    const pull = await s.open("pushed", { "docs/a.md": "A.\n" });
    await s.idle();
    s.act.push(s.repository, "pushed", change(), { by: "sam" });
    await s.idle();
    await glass(pull);
    expect(told(pull)).toContain("pushed to this pull request");
    await glass(pull, "ben");
    expect(await s.verdict(pull)).toMatch(/glass broken by @ben/);
  });

  it("a stranger who tries takes nothing away from whoever may", async () => {
    await start();
    const pull = await s.open("noise", change());
    await s.idle();
    await glass(pull);
    await glass(pull, "stranger", pull.head.sha, "ending it");
    expect(await s.verdict(pull)).toMatch(BROKEN);
    expect(told(pull)).not.toContain("stranger");
  });

  it("approvals that suffice take its place, and then nothing is owed", async () => {
    await start();
    const pull = await s.open("enough", change("low"));
    await s.idle();
    await glass(pull);
    expect(await s.verdict(pull)).toMatch(BROKEN);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna/);
    expect(await s.service().store.glassesAt("2026-11-24T12:00:00.000Z")).toEqual([]);
  });

  it("nothing to break: not governed, observed, or approved already", async () => {
    await start();
    const plain = await s.open("plain", { "docs/a.md": "A.\n" });
    await s.idle();
    expect(reactions(await glass(plain))).toEqual([`${OURS} confused`]);
    expect(await glasses()).toEqual([]);
  });

  it("P39 a hostile reason stays inert, in answer and check", async () => {
    await start();
    const pull = await s.open("hostile", change());
    await s.idle();
    await glass(pull, "sam", pull.head.sha, "`@olga` <img src=x> ](http:x) @acme/ml | x");
    expect(await s.verdict(pull)).toMatch(BROKEN);
    for (const text of [answers(pull)[0] ?? "", summary(pull), s.comments(pull)[0] ?? ""]) {
      expect(text).toContain("img src=x");
      expect(text).not.toMatch(/(?<!\\)<img/);
      expect(text).not.toMatch(/(?<!\\)\]\(http:x/);
      expect(text).not.toMatch(/(?<![`\\\w])@(?:olga|acme)/);
    }
  });
});

/** Moves the App's clock and GitHub's. */
function ahead(milliseconds: number): void {
  s.later(milliseconds);
  s.github.world.setNow(new Date(Date.parse(s.github.world.now()) + milliseconds).toISOString());
}
