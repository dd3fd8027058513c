import { afterEach, describe, expect, it } from "vitest";
import { recallFollowUps } from "../../src/enforcement/afterwards/recall-follow-ups.ts";
import { EvidenceRecord } from "../../src/evidence/record.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { Store } from "../../src/stores/store.ts";
import type { Comment, Issue, PullRequest } from "../github/world.ts";
import { agent, FILES, POLICY, PROMPT } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const GLASS = `${POLICY}breakGlass: { by: ["@sam", "@ben"], reviewWithin: P2D }\n`;
const DAY = 86_400_000;
const OURS = "countersign[bot]";

let s: Scene;
const start = async (options: SceneOptions = {}) => {
  s = await scene({ ...options, files: { ".github/countersign.yml": GLASS, ...options.files } });
  // Both clocks show the same time.
  s.github.world.setNow("2026-11-24T12:00:00Z");
  const rules = s.repository.rules.get("main");
  if (rules) s.repository.rules.set("main", { ...rules, bypass: ["root"] });
  await s.open("first", { "README.md": "# First\n" });
  await s.idle();
};
afterEach(async () => {
  expect(s.conforms()).toEqual([]);
  expect(s.logged.filter(({ level }) => level === 50)).toEqual([]);
  await s.close();
});

const change = (tier = "high", model = MODEL) => ({ [`services/${tier}/agent.py`]: agent(model) });
const issues = () => [...s.repository.issues.values()].filter(({ number }) => !s.repository.pulls.has(number));
const rows = () => s.service().store.openFollowUps(s.repository.id);
const kinds = async () => (await rows()).map(({ kind, cause, owner }) => `${kind} ${cause} ${owner}`);
const tip = () => s.repository.refs.get("refs/heads/main") ?? "";
const reactions = ({ reactions: put }: Comment) => put.map(({ content, user }) => `${user} ${content}`);

async function call(login: string, method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${s.github.url}/repos/acme/agent${path}`, {
    method,
    headers: { authorization: `Bearer ${s.github.world.user(login).token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Says something on a pull request or in an issue, and returns the comment once it was answered. */
async function say({ number }: { readonly number: number }, login: string, body: string): Promise<Comment> {
  await call(login, "POST", `/issues/${number}/comments`, { body });
  await s.idle();
  return s.repository.issues.get(number)?.comments.findLast(({ author }) => author.login === login) as Comment;
}

/** Merges under a glass that sam broke. */
async function burned(branch = "fire", files = change()): Promise<PullRequest> {
  const pull = await s.open(branch, files);
  await s.idle();
  await say(pull, "sam", `/countersign break-glass ${pull.head.sha} customers are harmed`);
  expect(await s.verdict(pull)).toContain("glass broken by @sam");
  expect(await s.merge(pull)).toBe(200);
  await s.idle();
  return pull;
}

async function records(event: string): Promise<EvidenceRecord[]> {
  const found: EvidenceRecord[] = [];
  for await (const { envelope } of s.service().evidence.ledger.entries(0))
    found.push(EvidenceRecord.parse(JSON.parse(Buffer.from(envelope.payload, "base64").toString()).predicate));
  return found.filter((record) => record.event === event);
}

/** Moves the App's clock and GitHub's. */
async function ahead(milliseconds: number): Promise<void> {
  s.later(milliseconds);
  s.github.world.setNow(new Date(Date.parse(s.github.world.now()) + milliseconds).toISOString());
  await s.idle();
}
const idOf = async (kind: string) => (await rows()).find((one) => one.kind === kind)?.id ?? "";

describe("S14 what is owed after a broken glass", () => {
  it("is the tier's whole approval by others, and a cause with an action; then it is closed, and all of it on record", async () => {
    await start();
    const pull = await burned();
    expect(await kinds()).toEqual(
      expect.arrayContaining(["retrospective-approval break-glass @olga", "corrective-action break-glass @olga"]),
    );
    const [issue, ...others] = issues();
    expect(others).toEqual([]);
    expect(issue?.title).toBe("What is owed after changes of AI systems: @olga");
    expect(issue?.body).toContain("customers are harmed");
    const line = `/countersign approve ${tip()}`;
    expect(issue?.body).toContain(line);
    // Neither whoever broke it nor the author, wherever they say it.
    for (const [login, why] of [
      ["sam", "broke the glass for it"],
      ["dora", "is the author"],
    ] as const) {
      const refused = await say(pull, login, line);
      expect(reactions(refused)).toEqual([`${OURS} confused`]);
      expect(s.comments(pull).at(-1)).toContain(why);
    }
    expect(reactions(await say(pull, "olga", line))).toEqual([`${OURS} +1`]);
    expect(await kinds()).toHaveLength(2);
    expect(issue?.body).not.toContain("system-owner for system high: needs");
    // By review as well, as far as GitHub still takes one.
    await s.approve(pull, "rita");
    await s.idle();
    expect(await kinds()).toEqual(["corrective-action break-glass @olga"]);
    const [landing] = (await records("break-glass")).filter(({ landed }) => landed);
    expect(landing?.owed).toHaveLength(2);
    const [approval] = await records("retrospective-approval");
    expect(approval?.about).toEqual([landing?.record.id]);
    const counted = approval?.dossier?.votes.filter((vote) => vote.counted);
    expect(counted?.map(({ person, role }) => `${person.login} ${role}`).sort()).toEqual([
      "olga system-owner",
      "rita risk-owner",
    ]);
    for (const vote of counted ?? []) {
      expect(vote.submittedAt).toBeDefined();
      expect(vote.digest).toMatch(/^[0-9a-f]{64}$/);
    }
    const id = await idOf("corrective-action");
    for (const [login, text] of [
      ["anna", `cause: a bad prompt action: evals`],
      ["olga", "done"],
      ["olga", "cause: action: evals"],
    ] as const)
      expect(reactions(await say(pull, login, `/countersign close ${id} ${text}`))).toEqual([`${OURS} confused`]);
    expect(issue?.state).toBe("open");
    const closing = await say(
      issue as Issue,
      "olga",
      `/countersign close ${id} cause: no evals ran action: they run now`,
    );
    expect(reactions(closing)).toEqual([`${OURS} +1`]);
    expect(await kinds()).toEqual([]);
    expect(issue?.state).toBe("closed");
    expect(issue?.body).toContain("Nothing is open");
    expect((await records("corrective-action"))[0]).toMatchObject({
      about: [landing?.record.id],
      act: { person: { login: "olga" }, cause: "no evals ran", action: "they run now" },
    });
    expect(issues()).toHaveLength(1);
  });

  it("what was approved before the merge counts, as long as it is the same content", async () => {
    await start();
    const pull = await s.open("half", change());
    await s.approve(pull, "olga");
    await s.idle();
    await say(pull, "sam", `/countersign break-glass ${pull.head.sha} burning`);
    expect(await s.merge(pull)).toBe(200);
    await s.idle();
    expect(issues()[0]?.body).not.toContain("needs 1 approval of `@olga`");
    await say(pull, "rita", `/countersign approve ${tip()}`);
    expect(await kinds()).toEqual(["corrective-action break-glass @olga"]);
  });

  it("keeps the next glass whole, by the same person and on the same system, until the approval stands", async () => {
    await start();
    const pull = await burned();
    const next = await s.open("next", { "services/high/prompts/system.md": `${PROMPT}Be quick.\n` });
    await s.idle();
    await say(next, "ben", `/countersign break-glass ${next.head.sha} again`);
    expect(await s.verdict(next)).not.toMatch(/^success/);
    expect(s.check(next)?.output.summary).toContain("lacks its approval afterwards");
    for (const login of ["olga", "rita"]) await say(pull, login, `/countersign approve ${tip()}`);
    expect(await s.verdict(next)).toContain("glass broken by @ben");
  });

  it("once it is overdue further changes of the system are blocked, and told once; an exception of the base lifts it", async () => {
    await start();
    const pull = await burned();
    await ahead(2 * DAY + 60_000);
    const issue = issues()[0] as Issue;
    expect(issue.body).toContain("Overdue since");
    expect(issue.comments.filter(({ author }) => author.login === OURS)).toHaveLength(1);
    expect(issue.comments[0]?.body).toContain("are blocked now");
    const later = await s.open("later", change("high", "o3-2025-04-16"));
    s.evals(later);
    await s.approve(later, "olga", "rita", "sam");
    expect(await s.verdict(later)).toMatch(/^failure: .*blocked/);
    const summary = s.check(later)?.output.summary ?? "";
    for (const part of [
      "follow-up-overdue",
      `landing/${s.repository.id}/main/`,
      "@olga",
      "/countersign approve",
      "lacks its approval afterwards since 2026-11-26",
    ])
      expect(summary.replaceAll("\\", "")).toContain(part);
    const elsewhere = await s.open("elsewhere", change("low"));
    await s.approve(elsewhere, "olga", "anna");
    expect(await s.verdict(elsewhere)).toMatch(/^success/);
    await ahead(DAY);
    expect(issue.comments.filter(({ author }) => author.login === OURS)).toHaveLength(1);
    const registry = `${FILES[".github/ai-systems.yml"]}exceptions:
  - { id: EX-1, rule: record/follow-up-overdue, scope: { system: high }, reason: On leave., compensatingControls: [freeze], acceptedBy: "@rita", created: 2026-11-24, expires: 2026-12-24 }
`;
    s.act.push(s.repository, "main", { ".github/ai-systems.yml": registry }, { by: "root" });
    await s.idle();
    s.act.push(s.repository, "later", { "README.md": "# Again\n" }, { by: "dora" });
    s.evals(later);
    expect(await s.verdict(later)).not.toContain("blocked");
    for (const login of ["olga", "rita"]) await say(pull, login, `/countersign approve ${pull.merged?.sha ?? ""}`);
  });

  it("a change that waits when it becomes overdue is blocked at that moment, and let go when it is closed", async () => {
    await start();
    const waiting = await s.open("waiting", { "services/high/prompts/system.md": `${PROMPT}Be quick.\n` });
    s.evals(waiting);
    await s.approve(waiting, "olga", "rita");
    const before = await s.verdict(waiting);
    const pull = await burned();
    await ahead(2 * DAY + 60_000);
    expect(await s.verdict(waiting)).toMatch(/^failure: .*blocked/);
    for (const login of ["olga", "rita"]) await say(pull, login, `/countersign approve ${tip()}`);
    const id = await idOf("corrective-action");
    await say(pull, "olga", `/countersign close ${id} cause: haste action: slow down`);
    expect(await kinds()).toEqual([]);
    expect(await s.verdict(waiting)).not.toContain("blocked");
    expect(before).not.toContain("blocked");
  });
});

describe("S07 S18 what is owed after something passed the gate by", () => {
  it("a direct push is approved in the issue, by the commit, and not by whoever pushed", async () => {
    await start();
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    expect(await kinds()).toEqual(
      expect.arrayContaining(["retrospective-approval direct-push @olga", "corrective-action direct-push @olga"]),
    );
    const issue = issues()[0] as Issue;
    const line = `/countersign approve ${tip()}`;
    expect(issue.body).toContain(line);
    expect(issue.body).toContain("No pull request brought it");
    expect(reactions(await say(issue, "root", line))).toEqual([`${OURS} confused`]);
    expect(reactions(await say(issue, "olga", line.slice(0, 40)))).toEqual([`${OURS} confused`]);
    expect(reactions(await say(issue, "stranger", line))).toEqual([]);
    for (const login of ["olga", "anna"]) expect(reactions(await say(issue, login, line))).toEqual([`${OURS} +1`]);
    expect(await kinds()).toEqual(["corrective-action direct-push @olga"]);
    const [bypass] = await records("bypass");
    expect((await records("retrospective-approval"))[0]?.about).toEqual([bypass?.record.id]);
  });

  it("P27 an approval in an issue that was edited never counts, nor one that an App wrote for somebody", async () => {
    await start();
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    const issue = issues()[0] as Issue;
    const line = `/countersign approve ${tip()}`;
    const harmless = await say(issue, "olga", "I will look");
    await call("olga", "PATCH", `/issues/comments/${harmless.id}`, { body: line });
    await s.idle();
    const at = s.github.world.now();
    const app = s.github.world.app("helper", {});
    const [id, author] = [s.github.world.nextId(), s.github.world.user("olga")];
    issue.comments.push({ id, author, app, body: line, createdAt: at, updatedAt: at, reactions: [] } as Comment);
    await say(issue, "anna", line);
    expect(await kinds()).toHaveLength(2);
    expect(issue.body).toContain("needs 1 approval of `@olga`");
  });

  it("an administrator's merge is approved on the pull request, and not by whoever merged", async () => {
    await start();
    const pull = await s.open("forced", change("low"));
    await s.approve(pull, "anna");
    await s.idle();
    expect(await s.merge(pull, "root")).toBe(200);
    await s.idle();
    expect((await kinds())[0]).toContain("admin-merge");
    expect(issues()[0]?.body).not.toContain("`@anna`, `@ben`");
    await say(pull, "olga", `/countersign approve ${tip()}`);
    expect(await kinds()).toEqual(["corrective-action admin-merge @olga"]);
  });

  it("S20 without the right to write issues the pull request is the place, and the check of the next one tells", async () => {
    await start();
    const installation = s.github.world.installations.find(({ app }) => app === s.app);
    if (installation) installation.permissions = { ...installation.permissions, issues: "read" };
    await s.restart();
    const pull = await s.open("quiet", change("low"));
    await s.idle();
    expect(await s.merge(pull, "root")).toBe(200);
    await s.idle();
    expect(issues()).toEqual([]);
    for (const login of ["olga", "anna"]) await say(pull, login, `/countersign approve ${tip()}`);
    expect(await kinds()).toEqual(["corrective-action admin-merge @olga"]);
    expect(s.comments(pull).at(-1)).toContain("holds");
  });

  it("one issue for each owner, edited in silence, opened again where somebody closed it too early", async () => {
    const registry = (FILES[".github/ai-systems.yml"] as string).replace(
      /(id: low\n[\s\S]*?owner: )"@olga"/,
      '$1"@anna"',
    );
    await start({ files: { ".github/ai-systems.yml": registry } });
    s.act.push(s.repository, "main", change("high"), { by: "root" });
    await s.idle();
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    expect(issues().map(({ title }) => title)).toEqual([
      "What is owed after changes of AI systems: @olga",
      "What is owed after changes of AI systems: @anna",
    ]);
    const [olgas, annas] = issues() as [Issue, Issue];
    await call("olga", "PATCH", `/issues/${olgas.number}`, { state: "closed" });
    s.act.push(s.repository, "main", change("high", "o3-2025-04-16"), { by: "root" });
    await s.idle();
    expect(olgas.state).toBe("open");
    expect(olgas.comments).toHaveLength(1);
    expect(olgas.comments[0]?.body).toContain("New");
    expect(annas.comments).toEqual([]);
    expect(olgas.body).not.toMatch(/(?<![`\w])@(?:olga|anna|root)/);
  });

  it("what is owed survives a crash and is told once, however often its landing is looked at", async () => {
    await start();
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    const before = await rows();
    await s.restart();
    await s.idle();
    expect(await rows()).toEqual(before);
    expect(issues()).toHaveLength(1);
    expect(issues()[0]?.comments).toEqual([]);
  });
});

describe("what is remembered of what is owed", () => {
  it.each([
    ["an approval", "retrospective-approval"],
    ["a cause and an action", "corrective-action"],
  ])(
    "a stop between the record of %s and what follows it leaves one record, and closes it in the end",
    async (_, event) => {
      await start();
      s.act.push(s.repository, "main", change("low"), { by: "root" });
      await s.idle();
      const issue = issues()[0] as Issue;
      const { store } = s.service();
      const { closeFollowUp } = store;
      let stops = 2;
      const stopping: Store["closeFollowUp"] = async (...args) => {
        stops -= 1;
        if (stops >= 0) throw new Error("the program is gone");
        return closeFollowUp(...args);
      };
      Object.assign(store, { closeFollowUp: stopping });
      await say(issue, "olga", `/countersign close ${await idOf("corrective-action")} cause: haste action: slow down`);
      for (const login of ["olga", "anna"]) await say(issue, login, `/countersign approve ${tip()}`);
      await s.idle();
      expect(stops).toBeLessThan(0);
      expect(await kinds()).toEqual([]);
      expect(await records(event)).toHaveLength(1);
      expect(issue.state).toBe("closed");
      expect(issue.comments.filter(({ author }) => author.login === OURS)).toEqual([]);
      s.logged.length = 0;
    },
  );

  it("is told by the records again where the store was lost and the ledger was not", async () => {
    await start();
    const pull = await burned();
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    const landed = pull.merged?.sha ?? "";
    for (const login of ["olga", "rita"]) await say(pull, login, `/countersign approve ${landed}`);
    const before = await rows();
    expect(before).toHaveLength(3);
    const { store: lost, evidence } = s.service();
    const fresh = embeddedDatabase(":memory:");
    const log = { info: () => {}, warn: () => {} };
    for (let time = 0; time < 2; time += 1) await recallFollowUps({ evidence, store: fresh.store, log });
    expect(await fresh.store.openFollowUps(s.repository.id)).toEqual(before);
    const [{ record = "" } = {}] = before.filter(({ cause }) => cause === "break-glass");
    const all = (store: Store) => store.followUpsOf(record);
    expect(await all(fresh.store)).toEqual(await all(lost));
    expect(await fresh.store.followUpsSeen()).toBe((await evidence.ledger.tip()).size);
    fresh.close();
  });
});

describe("what nobody approves", () => {
  it("is taken back: then there is nothing left to approve, and its cause and action stay owed", async () => {
    await start();
    const good = FILES["services/low/agent.py"] ?? "";
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    const other = await s.open("unrelated", change("low", "o3-2025-04-16"));
    await s.approve(other, "olga", "anna");
    expect(await s.verdict(other)).toMatch(/^success/);
    expect(await s.merge(other)).toBe(200);
    await s.idle();
    expect(await kinds()).toHaveLength(2);
    const back = await s.open("back", { "services/low/agent.py": good });
    await s.approve(back, "olga", "anna");
    expect(await s.verdict(back)).toMatch(/^success/);
    expect(await s.merge(back)).toBe(200);
    await s.idle();
    expect(await kinds()).toEqual(["corrective-action direct-push @olga"]);
    const [bypass] = await records("bypass");
    const [approval] = (await s.service().store.followUpsOf(bypass?.record.id ?? "")).filter(
      ({ closedBy }) => closedBy,
    );
    expect(approval).toMatchObject({
      kind: "retrospective-approval",
      closedBy: `landing/${s.repository.id}/main/${tip()}`,
    });
    expect(await records("retrospective-approval")).toEqual([]);
  });

  it("holds up no change that takes it back, however overdue it is", async () => {
    await start();
    const first = await s.open("one", change("low", "o3-2025-04-16"));
    await s.approve(first, "olga", "anna");
    expect(await s.verdict(first)).toMatch(/^success/);
    expect(await s.merge(first)).toBe(200);
    await s.idle();
    s.act.push(s.repository, "main", change("low"), { by: "root" });
    await s.idle();
    await ahead(2 * DAY + 60_000);
    const forward = await s.open("forward", change("low", "gpt-4.1-2025-04-14"));
    await s.approve(forward, "olga", "anna");
    expect(await s.verdict(forward)).toMatch(/^failure: .*blocked/);
    const back = await s.open("back", change("low", "o3-2025-04-16"));
    await s.approve(back, "anna");
    expect(await s.verdict(back)).toMatch(/^success: Low risk/);
  });
});

describe("S08 what is owed after a merge was taken back the quick way", () => {
  it("is the owner's approval, and nothing else", async () => {
    await start();
    const first = await s.open("one", change("low", "o3-2025-04-16"));
    await s.approve(first, "olga", "anna");
    expect(await s.verdict(first)).toMatch(/^success/);
    expect(await s.merge(first)).toBe(200);
    await s.idle();
    const good = await s.open("two", change("low", MODEL));
    await s.approve(good, "olga", "anna");
    expect(await s.verdict(good)).toMatch(/^success/);
    expect(await s.merge(good)).toBe(200);
    await s.idle();
    const back = await s.open("back", change("low", "o3-2025-04-16"));
    await s.approve(back, "anna");
    expect(await s.verdict(back)).toMatch(/^success: Low risk/);
    expect(await s.merge(back)).toBe(200);
    await s.idle();
    expect(await kinds()).toEqual(["retrospective-approval quick-revert @olga"]);
    expect(issues()[0]?.body).toContain("took a change back the quick way");
    await say(back, "olga", `/countersign approve ${tip()}`);
    expect(await kinds()).toEqual([]);
    expect(issues()[0]?.state).toBe("closed");
  });

  it("nothing, where the owner approved it in the first place", async () => {
    await start();
    for (const [branch, model] of [
      ["one", "o3-2025-04-16"],
      ["two", MODEL],
    ] as const) {
      const pull = await s.open(branch, change("low", model));
      await s.approve(pull, "olga", "anna");
      expect(await s.verdict(pull)).toMatch(/^success/);
      expect(await s.merge(pull)).toBe(200);
      await s.idle();
    }
    const back = await s.open("back", change("low", "o3-2025-04-16"));
    await s.approve(back, "olga");
    expect(await s.verdict(back)).toMatch(/^success: Low risk/);
    expect(await s.merge(back)).toBe(200);
    await s.idle();
    expect(await kinds()).toEqual([]);
    expect(issues()).toEqual([]);
    expect(await records("retrospective-approval")).toHaveLength(1);
  });
});
