import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type {
  Covered,
  Store,
  StoredAsk,
  StoredBinding,
  StoredGroup,
  StoredHead,
  StoredView,
} from "../../src/stores/store.ts";

interface Bench {
  readonly store: Store;
  /** A second store over the same data, as after a crash of the first. */
  reopened(): Store;
}

/** Every implementation of the store, each on a place of its own. */
const IMPLEMENTATIONS: Readonly<Record<string, () => Bench>> = {
  sqlite: () => {
    const directory = mkdtempSync(join(tmpdir(), "countersign-store-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const open = () => embeddedDatabase(join(directory, "data", "countersign.db")).store;
    return { store: open(), reopened: open };
  },
};

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(40)) as [string, string, string];
const AT = "2026-11-24T12:00:00Z";
const COVERED: Covered = {
  mergeBase: C,
  rulesVersion: "v1",
  digests: { facts: "1", files: "2", "change-set": "3" },
  entries: [
    { path: "prompts/ü.md", mode: "100644", id: A },
    { path: "gone", mode: null, id: null },
  ],
};
const binding = (more: Partial<StoredBinding> = {}): StoredBinding => ({
  repository: 1,
  pullRequest: 7,
  review: 70,
  person: 5,
  head: A,
  baseRef: "main",
  seen: "event",
  at: AT,
  covered: null,
  ...more,
});
const head = (more: Partial<StoredHead> = {}): StoredHead => ({
  installation: 9,
  repository: 1,
  owner: "acme",
  name: "agent",
  pullRequest: 7,
  head: A,
  baseRef: "main",
  open: true,
  depends: null,
  ...more,
});
const view = (more: Partial<StoredView> = {}): StoredView => ({
  repository: 1,
  head: A,
  checkName: "countersign",
  checkRun: 3,
  digest: "d",
  passing: true,
  premises: "p",
  ...more,
});

describe.each(Object.entries(IMPLEMENTATIONS))("a store (%s)", (_, make) => {
  it("remembers nothing at first", async () => {
    const { store } = make();
    expect(await store.bindingsOf(1, 7)).toEqual([]);
    expect(await store.pushesOf(1, 7)).toEqual([]);
    expect(await store.headOf(1, 7)).toBeNull();
    expect(await store.viewOf(1, A, "countersign")).toBeNull();
    expect(await store.commentOf(1, 7)).toBeNull();
    expect(await store.baselineOf(4)).toBeNull();
  });

  it("what was put is there after a crash", async () => {
    const { store, reopened } = make();
    const stored = binding({ covered: COVERED });
    const push = { repository: 1, pullRequest: 7, before: null, after: A, login: "olga", person: 7, at: AT };
    const depends = { governed: true, checks: ["evals", ".github/workflows/evals.yml"], teams: ["acme/ml"] };
    await store.putBinding(stored);
    await store.putPush(push);
    await store.putHead(head({ depends }));
    await store.putView(view());
    await store.putComment({ repository: 1, pullRequest: 7, id: 44, digest: null });
    await store.putBaseline(4, new Uint8Array([0, 255, 10]), AT);
    const key = await store.fingerprintKey(9);
    const again = reopened();
    expect(await again.bindingsOf(1, 7)).toEqual([stored]);
    expect(await again.pushesOf(1, 7)).toEqual([push]);
    expect(await again.headOf(1, 7)).toEqual(head({ depends }));
    expect(await again.viewOf(1, A, "countersign")).toEqual(view());
    expect(await again.commentOf(1, 7)).toEqual({ repository: 1, pullRequest: 7, id: 44, digest: null });
    expect(await again.baselineOf(4)).toEqual({ bytes: new Uint8Array([0, 255, 10]), at: AT });
    expect(await again.fingerprintKey(9)).toEqual(key);
  });

  it("what people asked for, whom it asked and what is no secret is there after a crash, renewed by its key", async () => {
    const { store, reopened } = make();
    const ask: StoredAsk = {
      ...{ repository: 1, pullRequest: 7, key: "comment/5", name: "accept-risk", argument: A, reason: "known" },
      ...{ login: "rita", at: AT, counts: true, tier: null, answered: false },
    };
    const reviewer = { repository: 1, pullRequest: 7, name: "acme/ml", refused: null };
    const decision = { path: "a.env", rule: "credential/secret-value", fingerprint: "f".repeat(16), at: AT };
    await store.putAsk(ask);
    await store.putAsk({ ...ask, key: "button/explain", name: "explain" });
    await store.putAsk({ ...ask, tier: "high", answered: true });
    await store.putReviewer({ ...reviewer, refused: "no access" });
    await store.putReviewer(reviewer);
    await store.putNotSecret({ repository: 1, ...decision, person: "sam", reason: "a test value" });
    await store.putNotSecret({ repository: 1, ...decision, person: "eve", reason: "mine" });
    const again = reopened();
    expect(await again.asksOf(1, 7)).toEqual([
      { ...ask, key: "button/explain", name: "explain" },
      { ...ask, tier: "high", answered: true },
    ]);
    expect(await again.asksOf(1, 8)).toEqual([]);
    expect(await again.reviewersOf(1, 7)).toEqual([reviewer]);
    expect(await again.notSecretsOf(1)).toEqual([
      { repository: 1, ...decision, person: "sam", reason: "a test value" },
    ]);
    expect(await again.notSecretsOf(2)).toEqual([]);
  });

  it("P22 keeps the head that the event named, whatever the review names later", async () => {
    const { store } = make();
    await store.putBinding(binding({ head: A }));
    await store.putBinding(binding({ head: B, seen: "commit-id", covered: COVERED }));
    await store.putBinding(binding({ head: B, seen: "event" }));
    expect(await store.bindingsOf(1, 7)).toEqual([binding({ head: A })]);
  });

  it("P22 an event corrects what only the review's commit said", async () => {
    const { store } = make();
    await store.putBinding(binding({ head: B, seen: "commit-id", covered: COVERED }));
    await store.putBinding(binding({ head: A }));
    expect(await store.bindingsOf(1, 7)).toEqual([binding({ head: A })]);
  });

  it("what a review covered is completed once it is known, renewed, and not lost to a redelivery", async () => {
    const { store } = make();
    const newer = { ...COVERED, rulesVersion: "v2" };
    await store.putBinding(binding());
    await store.putBinding(binding({ covered: COVERED }));
    await store.putBinding(binding({ covered: newer }));
    await store.putBinding(binding());
    expect(await store.bindingsOf(1, 7)).toEqual([binding({ covered: newer })]);
  });

  it("tells bindings apart by repository, pull request and review", async () => {
    const { store } = make();
    const others = [binding(), binding({ review: 71 }), binding({ pullRequest: 8 }), binding({ repository: 2 })];
    for (const one of others) await store.putBinding(one);
    expect(await store.bindingsOf(1, 7)).toEqual(others.slice(0, 2));
    expect(await store.bindingsOf(1, 8)).toEqual([others[2]]);
  });

  it("P26 keeps pushes in order, each once", async () => {
    const { store } = make();
    const push = (before: string | null, after: string, login: string) => ({
      ...{ repository: 1, pullRequest: 7, before, after, login, person: null, at: AT },
    });
    const pushes = [push(null, A, "olga"), push(A, B, "ben"), push(B, A, "anna"), push(A, B, "olga")];
    for (const one of [...pushes, ...pushes]) await store.putPush(one);
    expect(await store.pushesOf(1, 7)).toEqual(pushes);
  });

  it("P16 finds pull requests by their head, open ones by repository and by installation", async () => {
    const { store } = make();
    const rows = [
      head(),
      head({ pullRequest: 8, open: false }),
      head({ pullRequest: 9, head: B, baseRef: "release" }),
      head({ repository: 2, pullRequest: 7, name: "other" }),
      head({ installation: 10, repository: 3 }),
    ] as const;
    for (const row of rows) await store.putHead(row);
    expect(await store.headsAt(1, A)).toEqual([rows[0], rows[1]]);
    expect(await store.openHeads(1)).toEqual([rows[0], rows[2]]);
    expect(new Set(await store.openHeadsOf(9))).toEqual(new Set([rows[0], rows[2], rows[3]]));
    const moved = head({ head: C, owner: "acme-inc", depends: { governed: false, checks: [], teams: [] } });
    await store.putHead(moved);
    expect(await store.headOf(1, 7)).toEqual(moved);
    expect(await store.headsAt(1, A)).toEqual([rows[1]]);
  });

  it("names the repositories with open pull requests, and notes how the instance is set", async () => {
    const { store, reopened } = make();
    expect(await store.openRepositories()).toEqual([]);
    await store.putHead(head());
    await store.putHead(head({ pullRequest: 8 }));
    await store.putHead(head({ repository: 2, name: "other", open: false }));
    expect(await store.openRepositories()).toEqual([{ installation: 9, repository: 1, owner: "acme", name: "agent" }]);
    expect(await store.instanceSetting()).toBeNull();
    await store.putInstanceSetting("observe");
    await store.putInstanceSetting("enforce");
    expect(await reopened().instanceSetting()).toBe("enforce");
  });

  it("keeps one view a head and check name, and one comment a pull request", async () => {
    const { store } = make();
    const release = view({ checkName: "countersign: release/**" });
    await store.putView(view({ checkRun: null, digest: null, passing: false }));
    await store.putView(view());
    await store.putView(release);
    await store.putView(view({ head: B }));
    expect(await store.viewOf(1, A, "countersign")).toEqual(view());
    expect(await store.viewsAt(1, A)).toEqual([view(), release]);
    await store.putComment({ repository: 1, pullRequest: 7, id: 44, digest: "x" });
    await store.putComment({ repository: 1, pullRequest: 7, id: 45, digest: "y" });
    expect(await store.commentOf(1, 7)).toEqual({ repository: 1, pullRequest: 7, id: 45, digest: "y" });
  });

  it("P19 keeps merge groups by their heads while they may land, and for some days after", async () => {
    const { store, reopened } = make();
    const group: StoredGroup = {
      ...{ installation: 9, repository: 1, owner: "acme", name: "agent", head: A, base: C, baseRef: "main" },
      ...{ branch: `gh-readonly-queue/main/pr-7-${C}`, defaultBranch: "main", open: true, at: AT },
      ...{ members: [7], checks: ["evals"], waitingSince: null, failures: 0 },
    };
    await store.putGroup(group);
    await store.putGroup({ ...group, head: B, base: A, members: [7, 8] });
    await store.putGroup({ ...group, repository: 2 });
    await store.putGroup({ ...group, members: [7], waitingSince: AT, failures: 1 });
    expect(await reopened().groupAt(1, A)).toEqual({ ...group, waitingSince: AT, failures: 1 });
    expect((await store.openGroups(1)).map(({ head: at }) => at)).toEqual([A, B]);
    await store.putGroup({ ...group, open: false });
    expect((await store.openGroups(1)).map(({ head: at }) => at)).toEqual([B]);
    expect(await store.groupAt(1, C)).toBeNull();
    await store.putGroup({ ...group, head: C, at: "2026-12-24T12:00:00Z" });
    expect([await store.groupAt(1, A), await store.groupAt(1, B)]).toEqual([null, null]);
  });

  it("S03 keeps the last policy of an organisation until it is forgotten", async () => {
    const { store } = make();
    await store.putBaseline(4, new Uint8Array([1]), AT);
    await store.putBaseline(4, new Uint8Array([2]), "2026-11-25T12:00:00Z");
    expect(await store.baselineOf(4)).toEqual({ bytes: new Uint8Array([2]), at: "2026-11-25T12:00:00Z" });
    expect(await store.forgetBaseline(4)).toBe(true);
    expect(await store.forgetBaseline(4)).toBe(false);
    expect(await store.baselineOf(4)).toBeNull();
  });

  it("shows a policy at the commit that it was seen at first, until another one was", async () => {
    const { store, reopened } = make();
    expect(await store.policyShownAt(1, A, B)).toBe(B);
    expect(await store.policyShownAt(2, A, C)).toBe(C);
    const again = reopened();
    expect(await again.policyShownAt(1, A, C)).toBe(B);
    expect(await again.policyShownAt(1, B, C)).toBe(C);
    expect(await again.policyShownAt(1, A, A)).toBe(A);
  });

  it("P40 gives each installation a fingerprint key of its own, of 32 bytes", async () => {
    const { store } = make();
    const [one, other] = [await store.fingerprintKey(9), await store.fingerprintKey(10)];
    expect([one.length, other.length]).toEqual([32, 32]);
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
  });
});
