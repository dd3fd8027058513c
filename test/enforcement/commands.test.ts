import { marked } from "marked";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkActs } from "../github/check-suites.ts";
import type { Comment, PullRequest } from "../github/world.ts";
import { agent, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const low = (model = MODEL) => ({ "services/low/agent.py": agent(model) });

let s: Scene;
const start = async (options: SceneOptions = {}) => {
  s = await scene(options);
};
afterEach(async () => {
  expect(s.conforms()).toEqual([]);
  expect(s.logged.filter(({ level }) => level === 50)).toEqual([]);
  await s.close();
});

/** Says something and returns the comment, once it was answered. */
async function say(pull: PullRequest, login: string, body: string): Promise<Comment> {
  await s.comment(pull, login, body);
  await s.idle();
  return pull.issue.comments.findLast(({ author }) => author.login === login) as Comment;
}
const reactions = ({ reactions: put }: Comment) => put.map(({ content, user }) => `${user} ${content}`);
const OURS = "countersign[bot]";
const summary = (pull: PullRequest) => s.check(pull)?.output.summary ?? "";
/** Our answers, apart from the decision comment. */
const answers = (pull: PullRequest) =>
  s.comments(pull).filter((body) => body.startsWith("<!-- countersign: answer to"));
/** What stands under "Commands" in the check. */
const told = (pull: PullRequest) => /### Commands\n\n((?:- .*\n)*)/.exec(summary(pull))?.[1] ?? "";

describe("approve and withdraw", () => {
  beforeEach(() => start());

  it("S13 the line that the check prints approves, and is acknowledged once", async () => {
    const pull = await s.open("line", low());
    await s.idle();
    const [, line = ""] = /`(\/countersign approve [0-9a-f]{40})`/.exec(summary(pull)) ?? [];
    const anna = await say(pull, "anna", line);
    expect(reactions(anna)).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @olga (system owner)");
    const olga = await say(pull, "olga", `/countersign approve ${pull.head.sha.slice(0, 16)}\nthanks`);
    expect(reactions(olga)).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna/);
    expect(told(pull)).toBe("");
    const from = s.github.recorded.length;
    for (const delivery of s.github.deliveries.sent.slice(-6)) s.github.deliveries.redeliver(delivery);
    await s.restart();
    await s.idle();
    expect(s.writes(from)).toEqual([]);
    expect(await s.merge(pull)).toBe(200);
  });

  it("S13 a shortened id is the head's of that moment, never another commit's", async () => {
    const pull = await s.open("short", low());
    await s.idle();
    const first = pull.head.sha;
    s.act.push(s.repository, "short", low("o3-2025-04-16"), { by: "dora" });
    await s.idle();
    const old = await say(pull, "anna", `/countersign approve ${first.slice(0, 20)}`);
    expect(reactions(old)).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain("the head was another one then");
    for (const wrong of ["", pull.head.sha.slice(0, 15), "HEAD", `${pull.head.sha}00`, "f".repeat(40)])
      expect(reactions(await say(pull, "anna", `/countersign approve ${wrong}`))).toEqual([`${OURS} confused`]);
    expect(await s.verdict(pull)).toContain("needs @olga (system owner) and @anna or @ben (AI reviewer)");
    await say(pull, "anna", `/countersign approve ${pull.head.sha.toUpperCase()}`);
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @olga (system owner)");
  });

  it("P26 the author's, a stranger's and a bot's approval counts for nothing, with a reason", async () => {
    const pull = await s.open("who", low());
    await s.idle();
    const own = await say(pull, "dora", `/countersign approve ${pull.head.sha}`);
    expect(reactions(own)).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain("`@dora` `/countersign approve");
    expect(told(pull)).toContain("is not independent: is the author");
    expect(s.comments(pull)[0]).toContain("is not independent: is the author");
    const stranger = await say(pull, "stranger", `/countersign approve ${pull.head.sha}`);
    expect(reactions(stranger)).toEqual([`${OURS} confused`]);
    expect(told(pull)).not.toContain("stranger");
    s.github.world.user("helper[bot]", "Bot");
    s.repository.collaborators.set("helper[bot]", "write");
    const bot = await say(pull, "helper[bot]", `/countersign approve ${pull.head.sha}`);
    expect(reactions(bot)).toEqual([]);
    expect(await s.verdict(pull)).toContain("needs @olga (system owner) and @anna or @ben (AI reviewer)");
  });

  it("withdraw takes back an approval, and no deleted or edited comment brings it to life again", async () => {
    const pull = await s.open("back", low());
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const withdrawn = await say(pull, "anna", "/countersign withdraw");
    expect(reactions(withdrawn)).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @anna or @ben (AI reviewer)");
    expect(summary(pull)).toContain("`@anna` **not counted**: took their approval back");
    expect(await s.merge(pull)).toBe(405);
    for (const [method, body] of [
      ["PATCH", { body: "/countersign help" }],
      ["DELETE", undefined],
    ] as const) {
      const response = await fetch(`${s.github.url}/repos/acme/agent/issues/comments/${withdrawn.id}`, {
        method,
        headers: { authorization: "Bearer ghp_dora" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      expect(response.status).toBeLessThan(300);
      expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @anna or @ben (AI reviewer)");
    }
    await s.restart();
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    await say(pull, "anna", `/countersign approve ${pull.head.sha}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(reactions(await say(pull, "ben", "/countersign withdraw"))).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain("there is no approval of theirs to take back");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("S10 withdraw lifts no request for changes", async () => {
    const pull = await s.open("objection", low());
    await s.approve(pull, "olga", "anna");
    await s.review(pull, "ben", "REQUEST_CHANGES");
    await s.idle();
    expect(reactions(await say(pull, "ben", "/countersign withdraw"))).toEqual([`${OURS} confused`]);
    expect(await s.verdict(pull)).toContain("@ben to lift their request for changes");
  });

  it("P27 a deleted approval is none, like an edited one, and people are told", async () => {
    const pull = await s.open("edited", low());
    await s.approve(pull, "olga");
    await s.idle();
    const comment = await say(pull, "anna", `/countersign approve ${pull.head.sha}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
    const ask = (method: string, body?: object) =>
      fetch(`${s.github.url}/repos/acme/agent/issues/comments/${comment.id}`, {
        method,
        headers: { authorization: "Bearer ghp_anna" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    await ask("PATCH", { body: `/countersign approve ${pull.head.sha} ` });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(told(pull)).toContain("was edited, and never counts; write it in a new comment");
    await ask("DELETE");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    const late = await say(pull, "anna", "lgtm");
    await fetch(`${s.github.url}/repos/acme/agent/issues/comments/${late.id}`, {
      method: "PATCH",
      headers: { authorization: "Bearer ghp_anna" },
      body: JSON.stringify({ body: `/countersign approve ${pull.head.sha}` }),
    });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(reactions(late)).toEqual([`${OURS} confused`]);
  });

  it("P28 a comment that changed without a trace counts only as it was first seen, and not at all where it never was", async () => {
    const pull = await s.open("traceless", low());
    await s.approve(pull, "olga");
    await s.idle();
    const add = (body: string, updatedAt?: string) => {
      const at = s.github.world.now();
      const comment = { id: s.github.world.nextId(), author: s.github.world.user("anna"), app: null, editedAt: null };
      pull.issue.comments.push({ ...comment, body, createdAt: at, updatedAt: updatedAt ?? at, reactions: [] });
      return pull.issue.comments.at(-1) as Comment;
    };
    const later = "2030-01-01T00:00:00Z";
    const line = `/countersign approve ${pull.head.sha}`;
    const never = add(line, later);
    await say(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(reactions(never)).toEqual([`${OURS} confused`]);
    const seen = add(line);
    await say(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^success/);
    // A reaction, or something else that leaves the words alone.
    seen.updatedAt = later;
    await say(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^success/);
    seen.body = `${line} for whatever comes`;
    await say(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it("S12 what an App writes in a person's name never counts", async () => {
    const pull = await s.open("via", low());
    await s.approve(pull, "olga");
    await s.idle();
    const app = s.github.world.app("helper", {});
    const at = s.github.world.now();
    const author = s.github.world.user("anna");
    const id = s.github.world.nextId();
    const body = `/countersign approve ${pull.head.sha}`;
    pull.issue.comments.push({ id, author, app, body, createdAt: at, updatedAt: at, reactions: [] });
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @anna or @ben (AI reviewer)");
    expect(told(pull)).toContain("was written by an App, and never counts");
  });

  it("P27 a command in a quote, a code block, an indented or a later line is none", async () => {
    const pull = await s.open("nowhere", low());
    await s.approve(pull, "olga");
    await s.idle();
    const line = `/countersign approve ${pull.head.sha}`;
    for (const body of [
      `> ${line}`,
      `\`\`\`\n${line}\n\`\`\``,
      `    ${line}`,
      `yes\n${line}`,
      ` ${line}`,
      `\u200b${line}`,
    ])
      expect(reactions(await say(pull, "anna", body))).toEqual([]);
    expect(await s.verdict(pull)).toBe("action_required: Medium risk: needs @anna or @ben (AI reviewer)");
  });

  it("P23 what a ghost approved dies with the account", async () => {
    const pull = await s.open("ghost", low());
    await s.approve(pull, "olga");
    await say(pull, "anna", `/countersign approve ${pull.head.sha}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.github.world.user("anna").gone = true;
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it("S09 authority is that of the moment: who lost their access has no voice left", async () => {
    const pull = await s.open("left", low());
    await say(pull, "olga", `/countersign approve ${pull.head.sha}`);
    await say(pull, "anna", `/countersign approve ${pull.head.sha}`);
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.repository.collaborators.set("olga", "read");
    s.github.world.organisation("acme").members.delete("olga");
    await say(pull, "ben", "/countersign recheck");
    expect(await s.verdict(pull)).not.toMatch(/^success/);
    expect(summary(pull)).toContain("`@olga` **not counted**: has only read access");
  });
});

describe("words on risks, secrets and commits", () => {
  it("S06 a risk is accepted by an independent risk owner with a reason, for one head", async () => {
    const strict = POLICY.replace("statement: false", "statement: true");
    await start({ files: { ".github/countersign.yml": strict } });
    const pull = await s.open("risk", { "services/critical/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "rita");
    s.evals(pull);
    expect(await s.verdict(pull)).toContain("a risk acceptance");
    const line = `/countersign accept-risk ${pull.head.sha}`;
    for (const [login, body, why] of [
      ["rita", line, "gives no reason"],
      ["rita", `/countersign accept-risk ${"0".repeat(40)} known`, "names another commit than the head"],
      ["sam", `${line} known`, "does not hold the role risk-owner"],
      ["dora", `${line} known`, "does not hold the role risk-owner"],
    ] as const) {
      expect(reactions(await say(pull, login, body))).toEqual([`${OURS} confused`]);
      expect(told(pull)).toContain(why);
    }
    expect(reactions(await say(pull, "rita", `${line} known and watched`))).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).toMatch(/^success: Critical risk/);
    s.act.push(s.repository, "risk", { "docs/x.md": "x\n" }, { by: "dora" });
    expect(await s.verdict(pull)).toContain("a risk acceptance");
  });

  it("S06 an acceptance dies when the tier that it was given at rises", async () => {
    const strict = `${POLICY.replace("statement: false", "statement: true")}`.replace(
      "tiers:\n",
      "tiers:\n  high: { statement: true }\n",
    );
    await start({ files: { ".github/countersign.yml": strict } });
    const pull = await s.open("rises", { "services/medium/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "rita");
    s.evals(pull);
    await s.idle();
    await say(pull, "rita", `/countersign accept-risk ${pull.head.sha} known`);
    expect(await s.verdict(pull)).toMatch(/^success: High risk/);
    const registry = s.repository.store
      .blob(
        s.repository.store.entry(s.repository.refs.get("refs/heads/main") ?? "", ".github/ai-systems.yml")?.sha ?? "",
      )
      .toString()
      .replace("tier: medium", "tier: critical");
    s.act.push(s.repository, "main", { ".github/ai-systems.yml": registry }, { by: "root" });
    expect(await s.verdict(pull)).toContain("Critical risk");
    expect(summary(pull)).toContain("accepted the risk of high, and the tier rose to critical");
  });

  it("S24 a suspected secret is cleared by security for this value at this path, and not asked about again", async () => {
    await start();
    const value = ["q7Zp", "X2vK9", "mT4wB8", "nR6yC1", "dF5gH3", "jL0s"].join("");
    const files = (name: string) => ({ [`services/low/${name}`]: agent(MODEL, `\napi_key = "${value}"\n`) });
    const pull = await s.open("secret", files("agent.py"));
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toContain("a word on a suspected secret");
    const [, line = ""] = /(\/countersign not-a-secret [0-9a-f]{16,})/.exec(summary(pull)) ?? [];
    expect(line).not.toBe("");
    for (const [login, body, why] of [
      ["sam", line, "gives no reason"],
      ["sam", "/countersign not-a-secret ffffffffffffffff a test value", "no suspected secret has this fingerprint"],
      ["dora", `${line} a test value`, "does not hold the role security"],
    ] as const) {
      expect(reactions(await say(pull, login, body))).toEqual([`${OURS} confused`]);
      expect(told(pull)).toContain(why);
    }
    expect(reactions(await say(pull, "sam", `${line} a test value`))).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).not.toContain("secret");
    const again = await s.open("again", files("agent.py"));
    expect(await s.verdict(again)).not.toContain("secret");
    expect(summary(again)).not.toContain("a suspected secret at");
    const elsewhere = await s.open("elsewhere", files("other.py"));
    expect(await s.verdict(elsewhere)).toContain("a word on a suspected secret");
    expect(
      JSON.stringify(s.github.recorded.filter(({ method }) => method !== "GET").map(({ body }) => body)),
    ).not.toContain(value);
  });

  it("S11 whom a commit only names lifts that, for themselves and nobody else", async () => {
    await start();
    s.act.push(
      s.repository,
      "framed",
      { "services/low/agent.py": agent(MODEL) },
      {
        by: "dora",
        from: "main",
        message: `x\n\nCo-authored-by: Anna <${s.github.world.user("anna").id}+anna@users.noreply.github.com>`,
      },
    );
    const pull = await s.open("framed", { "README.md": "# x\n" });
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    const [commit = ""] =
      /[0-9a-f]{12}/.exec(/committed governed content in ([0-9a-f]{12})/.exec(summary(pull))?.[1] ?? "") ?? [];
    const full = s.repository.store.between(pull.base.sha, pull.head.sha).find((sha) => sha.startsWith(commit)) ?? "";
    expect(reactions(await say(pull, "ben", `/countersign not-mine ${full}`))).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain("that commit does not name them");
    expect(reactions(await say(pull, "anna", `/countersign not-mine ${full}`))).toEqual([`${OURS} +1`]);
    expect(await s.verdict(pull)).toMatch(/^success/);
  });
});

describe("answers", () => {
  it("explain and help are answered once, by a comment of their own, to those who take part", async () => {
    await start();
    const pull = await s.open("why", low());
    await s.approve(pull, "stranger", "olga");
    const asked = await say(pull, "anna", "/countersign explain");
    expect(reactions(asked)).toEqual([`${OURS} eyes`]);
    const [explained = ""] = answers(pull);
    expect(explained).toContain("gpt-4o-2024-08-06");
    for (const part of [
      "### Why",
      "### What it takes",
      "### Approvals",
      "`@anna` or `@ben` approves as **AI reviewer**",
    ])
      expect(explained).toContain(part);
    expect(explained).toMatch(/✅ `@olga` .*system-owner/);
    expect(explained).toMatch(/➖ `@stranger` \*\*not counted\*\*/);
    await say(pull, "dora", "/countersign");
    expect(answers(pull)).toHaveLength(2);
    expect(answers(pull)[1]).toContain("| `/countersign accept-risk <sha> <reason>` |");
    const stranger = await say(pull, "stranger", "/countersign explain");
    expect(reactions(stranger)).toEqual([`${OURS} confused`]);
    const from = s.github.recorded.length;
    for (const delivery of s.github.deliveries.sent.filter(({ event }) => event === "issue_comment"))
      s.github.deliveries.redeliver(delivery);
    await s.restart();
    await s.idle();
    expect(s.writes(from)).toEqual([]);
    expect(answers(pull)).toHaveLength(2);
  });

  it("an answer whose writing was not confirmed is found again, by its marker and our App", async () => {
    await start();
    const pull = await s.open("lost", low());
    await s.idle();
    const id = s.github.world.nextId();
    const at = s.github.world.now();
    const forged = "<!-- countersign: answer to comment/1 -->\nApproved by everybody.";
    const author = s.github.world.user("stranger");
    pull.issue.comments.push({ id, author, app: null, body: forged, createdAt: at, updatedAt: at, reactions: [] });
    s.github.faults.push({ matches: (_, path) => path.endsWith("/reactions"), times: 20, answer: { status: 502 } });
    await say(pull, "anna", "/countersign explain");
    expect(answers(pull)).toHaveLength(1);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    s.github.faults.length = 0;
    s.later(120_000);
    await s.comment(pull, "anna", "/countersign recheck");
    await s.idle();
    expect(answers(pull)).toHaveLength(1);
    const first = pull.issue.comments.find(({ body }) => body === "/countersign explain") as Comment;
    expect(reactions(first)).toEqual([`${OURS} eyes`]);
    expect(pull.issue.comments.find((one) => one.id === id)?.body).toBe(forged);
  });

  it("what does not exist is refused with the nearest that does; recheck is for who may write", async () => {
    await start();
    const pull = await s.open("typo", low());
    await s.idle();
    expect(reactions(await say(pull, "anna", `/countersign aprove ${pull.head.sha}`))).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain("did you mean `/countersign approve`");
    await say(pull, "anna", "/countersign break-glass now");
    expect(told(pull)).toContain("there is no such command");
    s.repository.collaborators.set("ben", "triage");
    expect(reactions(await say(pull, "ben", "/countersign recheck"))).toEqual([`${OURS} confused`]);
    expect(told(pull)).toContain("only people with write access may ask for it, and this is triage");
    const from = s.github.recorded.length;
    expect(reactions(await say(pull, "sam", "/countersign recheck"))).toEqual([`${OURS} eyes`]);
    expect(s.writes(from).filter((write) => write.includes("/check-runs"))).toHaveLength(1);
  });

  it("P39 a hostile command notifies nobody, formats nothing, and is short", async () => {
    await start();
    const pull = await s.open("hostile", low());
    await s.idle();
    const evil = "@acme/ml\u0007<img/src=x>`@olga`[a](http://e.example)#1";
    await say(pull, "anna", `/countersign ${evil} ${evil} ${evil}`);
    await say(pull, "anna", `/countersign accept-risk ${evil} ${"because @olga ".repeat(4_600)}`);
    await say(pull, "anna", `/countersign approve ${evil}`);
    expect(summary(pull).length).toBeLessThan(6_000);
    for (const markdown of [summary(pull), ...s.comments(pull)]) {
      const html = marked.parse(markdown, { async: false }).replace(/<!-- [^<>]* -->/, "");
      expect(html).not.toMatch(/<img|\u0007/);
      const outside = html.replace(/<code>[^<]*<\/code>/g, "code").replace(/<\/?[a-z0-9]+(?: href="[^"]*")?>/g, "\n");
      expect(outside.replace(/&#39;/g, "'")).not.toMatch(/@[\w-]|e\.example|#\d/);
    }
  });

  it("S20 without the permission for reactions the check and our comment acknowledge", async () => {
    await start();
    const installation = s.github.world.installations.find(({ app }) => app === s.app);
    if (installation) installation.permissions = { ...installation.permissions, issues: "read" };
    const pull = await s.open("plain", low());
    await s.idle();
    const anna = await say(pull, "anna", `/countersign approve ${pull.head.sha}`);
    expect(reactions(anna)).toEqual([]);
    expect(told(pull)).toMatch(/^- ✅ `@anna` `\/countersign approve /);
    expect(s.comments(pull)[0]).toContain("**Commands**");
    expect(summary(pull)).not.toContain("lacks");
    expect(s.github.recorded.filter(({ status }) => status === 403)).toEqual([]);
    await say(pull, "anna", "/countersign explain");
    expect(answers(pull)).toHaveLength(1);
  });

  it("where nothing is enforced the check holds the explanation, and no comment is written", async () => {
    await start({ files: { ".github/countersign.yml": POLICY.replace("mode: enforce", "mode: observe") } });
    const pull = await s.open("observed", low());
    await say(pull, "anna", "/countersign explain");
    await s.comment(pull, "anna", "looks fine");
    await s.idle();
    expect(s.comments(pull)).toEqual([]);
    expect(s.check(pull)?.output.text).toContain("### What it takes");
    expect(pull.requestedReviewers.size + pull.requestedTeams.size).toBe(0);
  });

  it("a question on a pull request with nothing governed is answered", async () => {
    await start();
    const pull = await s.open("docs", { "README.md": "# Agents\n" });
    await s.idle();
    expect(answers(pull)).toEqual([]);
    await say(pull, "dora", "/countersign explain");
    expect(answers(pull)[0]).toContain("Not governed");
    expect(await s.verdict(pull)).toMatch(/^success/);
  });

  it("strangers make the App write a few times at most", async () => {
    await start();
    const pull = await s.open("spam", low());
    await s.idle();
    const from = s.github.recorded.length;
    const said: Comment[] = [];
    for (let at = 0; at < 6; at += 1) said.push(await say(pull, "stranger", `/countersign explain ${at}`));
    expect(said.filter((one) => reactions(one).length > 0)).toHaveLength(3);
    expect(s.writes(from)).toHaveLength(3);
  });
});

describe("buttons", () => {
  beforeEach(() => start());
  const press = async (pull: PullRequest, identifier: string, by: string) => {
    const run = s.check(pull);
    if (!run) throw new Error("no run to press a button of");
    checkActs(s.github).press(s.repository, run, identifier, by);
    await s.idle();
  };

  it("P14 an open pull request has three, and only those that lead anywhere", async () => {
    const pull = await s.open("buttons", low());
    await s.idle();
    const labels = () => ((s.check(pull)?.actions ?? []) as { label: string }[]).map(({ label }) => label);
    expect(labels()).toEqual(["Re-evaluate", "Request reviewers", "Explain"]);
    await s.approve(pull, "olga", "anna");
    await s.idle();
    expect(labels()).toEqual(["Re-evaluate", "Explain"]);
    const plain = await s.open("plain", { "README.md": "# Agents\n" });
    await s.idle();
    expect(s.check(plain)?.actions).toHaveLength(1);
  });

  it("P15 each does what the command does, for who may write and for nobody else", async () => {
    const pull = await s.open("pressed", low());
    await s.idle();
    let from = s.github.recorded.length;
    for (const identifier of ["re-evaluate", "explain", "request-reviewers", "merge"])
      await press(pull, identifier, "stranger");
    expect(s.writes(from)).toEqual([]);
    await press(pull, "explain", "sam");
    await press(pull, "explain", "sam");
    expect(answers(pull)).toHaveLength(1);
    expect(answers(pull)[0]).toContain("### What it takes");
    await s.approve(pull, "olga");
    await s.idle();
    await press(pull, "explain", "sam");
    expect(answers(pull)).toHaveLength(1);
    expect(answers(pull)[0]).toContain("✅ `@olga`");
    from = s.github.recorded.length;
    await press(pull, "re-evaluate", "sam");
    expect(s.writes(from).filter((write) => write.includes("/check-runs"))).toHaveLength(1);
    from = s.github.recorded.length;
    const run = s.check(pull);
    if (run) checkActs(s.github).rerequestRun(s.repository, run, "sam");
    await s.idle();
    expect(s.writes(from).filter((write) => write.includes("/check-runs"))).toHaveLength(1);
  });
});
