import { afterEach, describe, expect, it } from "vitest";
import { dueWithinDay } from "../../src/enforcement/bypass/watched-branches.ts";
import { keptRecord } from "../../src/enforcement/recording/kept-record.ts";
import type { EvidenceRecord } from "../../src/evidence/record.ts";
import { installationActs } from "../github/installation-acts.ts";
import { CHANGES, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const DAY = 86_400_000;
const CHANGE = CHANGES.low;

describe("S21 the App's own look at the gate", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
    await s.open("first", { "README.md": "# First\n" });
    await s.idle();
    await nextDay();
  };
  afterEach(() => s.end());
  const nextDay = async () => {
    s.later(DAY + 60_000);
    await s.restart();
    await s.idle();
  };
  const rules = (more: object) => {
    const main = s.repository.rules.get("main");
    if (main) s.repository.rules.set("main", { ...main, ...more });
  };
  const issues = () => [...s.repository.issues.values()].filter(({ number }) => !s.repository.pulls.has(number));
  /** How open the gate stands, and beside it what is owed for that. */
  const told = () =>
    issues()
      .map(({ body }) => body)
      .join("\n");
  const rows = async () =>
    (await s.service().store.bypassesOf(s.repository.id, 50)).map(
      ({ cause, actor, branch }) => `${cause} ${actor} ${branch}`,
    );

  it("S21 finds nothing where all is as it should be, and looks again every day", async () => {
    await start();
    expect(await rows()).toEqual([]);
    expect(issues()).toEqual([]);
    const first = (await s.service().store.gateOf(s.repository.id))?.at ?? "";
    await nextDay();
    expect(Date.parse((await s.service().store.gateOf(s.repository.id))?.at ?? "")).toBeGreaterThan(Date.parse(first));
  });

  it("S21 how the gate stands is recorded once at each change: required, pinned, by whom it is passed, mode, permissions", async () => {
    const recorded = async () => {
      const found: EvidenceRecord[] = [];
      for await (const entry of s.service().evidence.ledger.entries(0)) found.push(keptRecord(entry));
      return found.filter(({ event, bypass }) => event === "enforcement" || bypass?.cause === "gate-weakened");
    };
    await start();
    await nextDay();
    const [first, ...none] = await recorded();
    expect(none).toEqual([]);
    expect(first?.enforcement).toMatchObject({ branch: "main", mode: "enforce", weak: [] });
    expect(first?.enforcement?.states).toMatchObject({
      ...{ "countersign rules/required": "ok", permissions: "granted", "policy enforceFrom": "low" },
    });
    expect(first?.limitations.join(" ")).toContain("shown to administrators only");
    const main = s.repository.rules.get("main");
    rules({ requiredChecks: [] });
    await nextDay();
    await nextDay();
    const [, second, weakened, ...others] = await recorded();
    expect(others).toEqual([]);
    expect(second?.about).toEqual([first?.record.id]);
    expect(second?.enforcement?.weak).not.toEqual([]);
    expect(weakened).toMatchObject({ event: "bypass", about: [second?.record.id] });
    expect(weakened?.owed).toMatchObject([{ kind: "corrective-action", owner: "@rita" }]);
    if (main) s.repository.rules.set("main", main);
    await nextDay();
    // As it was at first, and yet another change.
    expect((await recorded()).map(({ event }) => event)).toEqual([
      ...["enforcement", "enforcement", "bypass", "enforcement"],
    ]);
  });

  it("S21 where nothing is enforced that is what is recorded of the gate", async () => {
    await start({ files: { ".github/countersign.yml": POLICY.replace("mode: enforce", "mode: observe") } });
    await nextDay();
    const found: EvidenceRecord[] = [];
    for await (const entry of s.service().evidence.ledger.entries(0)) found.push(keptRecord(entry));
    expect(found.map(({ enforcement }) => enforcement?.mode)).toEqual(["observe"]);
  });

  it.each([
    ["pinned to nobody", { requiredChecks: [{ context: "countersign", integrationId: null }] }, "from any source"],
    [
      "pinned to another App",
      { requiredChecks: [{ context: "countersign", integrationId: 999_999 }] },
      "from another App",
    ],
    ["gone", { requiredChecks: [] }, "required"],
  ])("S21 a required check that is %s is told within a day, and so is its return", async (_, weaker, said) => {
    await start();
    rules(weaker);
    await nextDay();
    expect(await rows()).toEqual(["gate-weakened null main"]);
    expect(told()).toContain("### The gate is open now");
    expect(told()).toContain(said);
    await nextDay();
    expect(await rows()).toHaveLength(1);
    rules({ requiredChecks: [{ context: "countersign", integrationId: s.app.id }] });
    await nextDay();
    expect(told()).not.toContain("### The gate is open now");
    expect(told()).toContain("left the rules of the branch weaker");
    // One for what is owed, one for how the gate stands.
    expect(issues()).toHaveLength(2);
  });

  it("S21 what was strict once and is no more is told; what never was is no news", async () => {
    await start();
    expect(await rows()).toEqual([]);
    rules({ strict: true });
    await nextDay();
    rules({ strict: false });
    await nextDay();
    expect(await rows()).toEqual(["gate-weakened null main"]);
    expect(told()).toContain("without being up to date");
  });

  it("S21 where the webhook is granted a deleted ruleset is told at once, with who did it", async () => {
    await start();
    const installation = s.github.world.installations.find(({ app }) => app === s.app);
    if (installation) installation.permissions = { ...installation.permissions, administration: "read" };
    s.app.permissions = { ...s.app.permissions, administration: "read" };
    const call = (method: string, path: string, body?: object) =>
      fetch(`${s.github.url}/repos/acme/agent${path}`, {
        method,
        headers: { authorization: `Bearer ${s.github.world.user("root").token}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    s.repository.rules.clear();
    const parameters = {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: "countersign", integration_id: s.app.id }],
    };
    const made = await call("POST", "/rulesets", {
      ...{ name: "gate", target: "branch", enforcement: "active" },
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: [{ type: "required_status_checks", parameters }],
    });
    expect(made.status).toBe(201);
    await s.idle();
    expect(await rows()).toEqual([]);
    const { id } = (await made.json()) as { id: number };
    expect((await call("DELETE", `/rulesets/${id}`)).status).toBe(204);
    await s.idle();
    expect(await rows()).toEqual(["gate-weakened root main"]);
    expect(told()).toContain("`@root` left the rules of the branch weaker");
  });

  it("S21 where nothing is enforced nothing is asked of the rules", async () => {
    await start({ files: { ".github/countersign.yml": POLICY.replace("mode: enforce", "mode: observe") } });
    s.repository.rules.clear();
    await nextDay();
    expect(await rows()).toEqual([]);
  });

  it("S21 repositories are looked at all over the day", () => {
    const now = "2026-11-24T12:00:00.000Z";
    const dues = Array.from({ length: 1_000 }, (_, id) => Date.parse(dueWithinDay(id + 1, now)) - Date.parse(now));
    const hours = Map.groupBy(dues, (due) => Math.floor(due / 3_600_000));
    expect(hours.size).toBe(24);
    expect(Math.max(...[...hours.values()].map(({ length }) => length))).toBeLessThan(100);
  });

  it("P20 P37 what landed while the App was suspended is found when it is back", async () => {
    await start();
    const installation = s.github.world.installations.find(({ app }) => app === s.app);
    if (!installation) throw new Error("not installed");
    const { suspend, unsuspend } = installationActs(s.github);
    suspend(installation, "root");
    s.act.push(s.repository, "main", CHANGE, { by: "root" });
    await s.idle();
    expect(await rows()).toEqual([]);
    unsuspend(installation, "root");
    await s.idle();
    expect(await rows()).toEqual(["direct-push null main"]);
    expect(told()).toContain("installation.unsuspend");
  });
});
