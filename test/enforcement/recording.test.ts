import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { EvidenceRecord } from "../../src/evidence/record.ts";
import { queueActs } from "../github/queue-acts.ts";
import { mergeQueue } from "../github/rules.ts";
import type { PullRequest } from "../github/world.ts";
import { type RecordingScene, recordingScene } from "./recording-scene.ts";
import { agent, POLICY, PROMPT } from "./repository-files.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const CHANGE = { "services/low/agent.py": agent(MODEL) };
const HIGH = { "services/high/agent.py": agent(MODEL) };

describe("what landed is recorded", () => {
  let s: RecordingScene;
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });
  const only = async () => (await s.records())[0] as EvidenceRecord;

  it.each(["merge", "squash", "rebase"])("S07 an approved merge (%s), with all that it rested on", async (method) => {
    s = await recordingScene();
    const pull = await s.open("right", HIGH);
    s.act.push(s.repository, "right", { "docs/more.md": "More.\n" }, { by: "dora" });
    await s.approve(pull, "rita", "olga");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.mergeBy(pull, method, "ben")).toBe(200);
    await s.idle();
    expect(await s.told()).toEqual([`merge #${pull.number}`]);
    const { record, landed, dossier, pullRequest, repository, limitations } = await only();
    expect(record).toMatchObject({ id: `landing/${s.repository.id}/main/${s.tip()}`, sequence: 0, previous: null });
    expect(repository).toEqual({ id: s.repository.id, owner: "acme", name: "agent" });
    const ben = s.github.world.user("ben").id;
    expect(pullRequest).toMatchObject({
      ...{ number: pull.number, head: pull.head.sha, baseRef: "main", merge: s.tip(), method },
      ...{ landedAsApproved: true, mergedBy: { id: ben, login: "ben" } },
    });
    const path = "services/high/agent.py";
    expect(landed).toMatchObject({ branch: "main", after: s.tip(), paths: [{ path, before: { mode: "100644" } }] });
    expect(dossier?.decision).toMatchObject({ state: "approved", basis: "votes" });
    expect(dossier?.tier.value).toBe("critical");
    const sha256 = createHash("sha256").update(agent(MODEL)).digest("hex");
    expect(dossier?.files).toMatchObject([{ path, after: { mode: "100644", sha256 } }]);
    expect(dossier?.files[0]?.after?.id).toBe(landed?.paths[0]?.after?.id);
    expect(dossier?.findings).toMatchObject([{ rule: "model/id", before: "gpt-4o-2024-08-06", after: MODEL }]);
    const votes = dossier?.votes.filter(({ counted }) => counted) ?? [];
    expect(votes.map(({ person, role }) => [person.login, person.id, role])).toEqual(
      expect.arrayContaining([
        ["olga", s.github.world.user("olga").id, "system-owner"],
        ["rita", s.github.world.user("rita").id, "risk-owner"],
      ]),
    );
    for (const vote of votes) {
      expect(vote).toMatchObject({ commit: pull.head.sha, digest: dossier?.governedDigest["change-set"] });
      expect(pull.reviews.map(({ id }) => id)).toContain(vote.reviewId);
    }
    expect(dossier?.checks).toMatchObject([{ name: "evals", conclusion: "success", head: pull.head.sha }]);
    expect(dossier?.authors).toContainEqual({ id: s.github.world.user("dora").id, login: "dora", kind: "author" });
    expect(dossier?.policy.digest).toBe(createHash("sha256").update(POLICY).digest("hex"));
    expect(dossier?.rollback.length).toBeGreaterThan(0);
    expect(limitations.join(" ")).toContain("A token that acts as a person looks like that person");
  });

  it("P39 halves of characters and endless values in somebody's file keep nothing from being recorded", async () => {
    s = await recordingScene();
    const half = String.fromCharCode(0x5c);
    const hostile = {
      "services/low/agent.json": `{ "model": "gpt-4o", "system_prompt": "You are the agent ${half}ud800 of invoices." }\n`,
      ".mcp.json": `{ "mcpServers": { "a${half}ud83d": { "command": "npx", "args": ["a${"😀".repeat(2_000)}"] } } }\n`,
    };
    s.act.push(s.repository, "main", hostile, { by: "root" });
    await s.idle();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(await s.told()).toEqual(["bypass direct-push", "bypass direct-push"]);
    const values = ((await only()).dossier?.findings ?? []).flatMap(({ before, after }) => [before ?? "", after ?? ""]);
    expect(values.join("")).toContain("\ufffd");
    expect(values.every((value) => value.isWellFormed() && value.length <= 1_001)).toBe(true);
  });

  it("P20 what is not governed leaves a short record, pushed or merged, and costs no further reading when it was merged", async () => {
    s = await recordingScene();
    const pull = await s.open("docs", { "docs/new.md": "New.\n" });
    await s.idle();
    expect(await s.mergeBy(pull)).toBe(200);
    await s.idle();
    s.act.push(s.repository, "main", { "docs/other.md": "Other.\n" }, { by: "root" });
    await s.idle();
    expect(await s.told()).toEqual([`ungoverned-merge #${pull.number}`, "ungoverned-merge"]);
    for (const { dossier, landed } of await s.records()) {
      expect(dossier).toBeUndefined();
      expect(landed?.paths).toEqual([]);
    }
    expect(s.comments(pull)).toEqual([]);
  });

  it("P20 where nothing is enforced merges and pushes are recorded as observed, never as approved", async () => {
    s = await recordingScene({
      files: { ".github/countersign.yml": POLICY.replace("mode: enforce", "mode: observe") },
    });
    const pull = await s.open("observed", CHANGE);
    await s.idle();
    expect(await s.mergeBy(pull)).toBe(200);
    await s.idle();
    s.act.push(s.repository, "main", HIGH, { by: "root" });
    await s.idle();
    expect(await s.told()).toEqual([`merge #${pull.number}`, "merge"]);
    const [merged, pushed] = await s.records();
    expect(merged?.dossier?.decision).toMatchObject({ basis: "observe", state: "waiting" });
    expect(merged?.pullRequest?.landedAsApproved).toBeNull();
    expect(pushed?.dossier?.decision.basis).toBe("observe");
    expect(pushed?.limitations.join(" ")).toContain("nothing was enforced, so nobody was asked");
    expect(s.comments(pull)).toEqual([]);
    expect(s.check(pull)?.output.summary).toContain(`landing/${s.repository.id}/main/`);
    expect(s.check(pull)?.output.summary).toContain("this is no approval");
  });

  it("S18 P20 what passed the gate by is recorded with its cause, then told", async () => {
    s = await recordingScene();
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    const pull = await s.open("waiting", HIGH);
    await s.verdict(pull);
    expect(await s.mergeBy(pull, "merge", "root")).toBe(200);
    await s.idle();
    expect(await s.told()).toEqual(["bypass direct-push", `bypass #${pull.number} admin-merge`]);
    const [pushed, merged] = await s.records();
    const [entry] = await s.entries();
    const mark = s.check({ head: { sha: pushed?.landed?.after ?? "" } }, "countersign / bypass");
    expect(mark).toMatchObject({ conclusion: "failure" });
    for (const part of [entry?.id, entry?.root]) expect(mark?.output.summary).toContain(part);
    expect(pushed?.bypass).toMatchObject({ actor: "root" });
    expect(pushed?.owed?.map(({ kind, owner }) => [kind, owner])).toContainEqual(["retrospective-approval", "@olga"]);
    expect(merged?.dossier?.decision.state).toBe("waiting");
    expect(merged?.pullRequest).toMatchObject({ mergedBy: { login: "root" }, landedAsApproved: null });
    expect(s.comments(pull)).toHaveLength(1);
    expect(s.comments(pull)[0]).toContain("merged past the approval, and recorded");
  });

  it("S02 pull requests with one head that land together show one record; S01 of another governed branch, too", async () => {
    s = await recordingScene();
    s.act.push(s.repository, "release/1", { "docs/release.md": "One.\n" }, { by: "root", from: "main" });
    await s.idle();
    const [one, two] = [
      await s.open("one", CHANGE, { base: "release/1" }),
      await s.open("two", CHANGE, { base: "release/1" }),
    ];
    s.act.move(s.repository, "two", one.head.sha, "dora", true);
    await s.idle();
    await s.approve(one, "anna", "olga");
    expect(await s.verdict(one, "countersign: release/**")).toMatch(/^success/);
    const from = (await s.told()).length;
    expect(await s.mergeBy(one)).toBe(200);
    await s.idle();
    expect((await s.told()).slice(from)).toEqual([`merge #${one.number}`]);
    const { record, landed, dossier } = (await s.records()).at(-1) as EvidenceRecord;
    expect(landed?.branch).toBe("release/1");
    expect(dossier?.change.baseRef).toBe("release/1");
    expect(s.check(one, "countersign: release/**")?.output.summary).toContain(record.id);
    expect(two.state).toBe("closed");
    for (const pull of [one, two]) {
      expect(s.comments(pull)).toHaveLength(1);
      expect(s.comments(pull)[0]).toContain(record.id);
    }
  });

  it("P28 the decision comment becomes the evidence, and check and comment say where it is recorded", async () => {
    s = await recordingScene();
    const pull = await s.open("right", HIGH);
    await s.approve(pull, "rita", "olga");
    s.evals(pull);
    await s.verdict(pull);
    expect(s.comments(pull)).toHaveLength(1);
    const from = s.github.recorded.length;
    expect(await s.mergeBy(pull)).toBe(200);
    await s.idle();
    expect([...s.writes(from)].sort()).toEqual([
      expect.stringMatching(/^PATCH \/check-runs\/\d+$/),
      expect.stringMatching(/^PATCH \/issues\/comments\/\d+$/),
    ]);
    const [entry] = await s.entries();
    const shown = [...s.comments(pull), s.check(pull)?.output.summary ?? ""];
    expect(shown).toHaveLength(2);
    for (const text of shown)
      for (const part of [entry?.id, entry?.root, s.service().evidence.signer.keyId, "countersign verify"])
        expect(text).toContain(part);
    expect(s.check(pull)).toMatchObject({ conclusion: "success" });
    expect(s.check(pull)?.output.title).toBe("Critical risk: approved, merged and recorded as number 0");
    expect(shown[0]).toContain("### ✅ Critical risk: approved, merged and recorded");
    expect(shown[0]).toContain("`@olga`");
    expect(shown[0]).toContain("What is governed landed exactly as it was approved.");
  });

  const changed = async (pull: PullRequest, method: string, login: string) => {
    const [comment] = pull.issue.comments.filter(({ app }) => app === s.app);
    const response = await fetch(`${s.github.url}/repos/acme/agent/issues/comments/${comment?.id}`, {
      method,
      headers: { authorization: `Bearer ${s.github.world.user(login).token}` },
      ...(method === "PATCH" ? { body: JSON.stringify({ body: "Approved by everybody." }) } : {}),
    });
    expect(response.status).toBeLessThan(300);
    await s.idle();
  };

  it("P28 S18 a comment that somebody changes is written again, before the merge and after, and that is recorded and told", async () => {
    s = await recordingScene();
    s.repository.collaborators.set("root", "admin");
    const pull = await s.open("right", CHANGE);
    await s.verdict(pull);
    await changed(pull, "PATCH", "root");
    expect(await s.told()).toEqual(["bypass comment-changed"]);
    expect(s.comments(pull)).toHaveLength(1);
    expect(s.comments(pull)[0]).toContain("waiting for people");
    await s.approve(pull, "anna", "olga");
    await s.verdict(pull);
    expect(await s.mergeBy(pull)).toBe(200);
    await s.idle();
    const [evidence] = s.comments(pull);
    expect(evidence).toContain("approved, merged and recorded");
    for (const method of ["PATCH", "DELETE"]) {
      await changed(pull, method, "root");
      expect(s.comments(pull)).toEqual([evidence]);
    }
    const told = [`merge #${pull.number}`, ...Array(2).fill(`bypass #${pull.number} comment-changed`)];
    expect(await s.told()).toEqual(["bypass comment-changed", ...told]);
    const { about, act, bypass, owed } = (await s.records()).at(-1) ?? {};
    expect(about).toEqual([`landing/${s.repository.id}/main/${s.tip()}`]);
    expect(act?.person).toEqual({ id: s.github.world.user("root").id, login: "root" });
    expect(bypass?.detail).toBe(`The comment with the evidence on #${pull.number} was deleted; it is written again.`);
    expect(owed).toMatchObject([{ kind: "corrective-action", owner: "@rita" }]);
    const rows = await s.service().store.bypassesOf(s.repository.id, 9);
    expect(rows.map(({ cause, actor, pull: number }) => [cause, actor, number])).toEqual(
      Array(3).fill(["comment-changed", "root", pull.number]),
    );
  });

  it.each(["ALLGREEN", "HEADGREEN"] as const)(
    "P19 S07 each pull request of a merge queue (%s) has a record of its own",
    async (grouping) => {
      s = await recordingScene();
      const rules = s.repository.rules.get("main");
      if (rules)
        s.repository.rules.set("main", {
          ...rules,
          mergeQueue: mergeQueue({ grouping_strategy: grouping, min_entries_to_merge: 2 }),
        });
      const one = await s.open("one", CHANGE);
      const two = await s.open("two", { "services/low/prompts/system.md": `${PROMPT}Be brief.\n` });
      for (const pull of [one, two]) {
        await s.approve(pull, "anna", "olga");
        expect(await s.verdict(pull)).toMatch(/^success/);
      }
      const { enqueue } = queueActs(s.github);
      for (const pull of [one, two]) enqueue(s.repository, pull, "dora");
      for (let turn = 0; turn < 5; turn += 1) {
        await s.idle();
        s.later(6_000);
      }
      await s.idle();
      expect([...(await s.told())].sort()).toEqual([`merge #${one.number}`, `merge #${two.number}`]);
      for (const { pullRequest, dossier, landed } of await s.records()) {
        expect(pullRequest).toMatchObject({ method: "queue", landedAsApproved: true });
        expect(dossier?.decision).toMatchObject({ state: "approved", basis: "votes" });
        expect(landed?.paths).toHaveLength(1);
      }
      for (const pull of [one, two]) expect(s.comments(pull)[0]).toContain("by the merge queue");
    },
  );
});
