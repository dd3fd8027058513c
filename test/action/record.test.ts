import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EvidenceRecord } from "../../src/evidence/record.ts";
import { agent, POLICY } from "../enforcement/repository-files.ts";
import { type Scene, type SceneOptions, scene } from "../enforcement/scene.ts";
import { mismatches } from "../github/conformance.ts";
import type { PullRequest } from "../github/world.ts";
import { PERMISSIONS, type Ran, runStep, type Step } from "./workflow.ts";

const WRITING = { ...PERMISSIONS, contents: "write", pull_requests: "write" };
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = String(privateKey.export({ type: "pkcs8", format: "pem" }));
const PUBLIC = String(publicKey.export({ type: "spki", format: "pem" }));
const BRANCH = "refs/heads/countersign-evidence";
let s: Scene;

/** A repository in which only the Action is: the App hears of nothing. */
async function start(options: SceneOptions = {}): Promise<void> {
  s = await scene(options);
  s.github.deliveries.hold();
  const [rule] = s.repository.rules.get("main")?.requiredChecks ?? [];
  if (rule) rule.integrationId = 15368;
}
beforeEach(() => start());
afterEach(() => s.close());

async function run(command: string, event: string, payload: Step["payload"], more: Partial<Step> = {}): Promise<Ran> {
  const root = s.github.world.user("root").token;
  const given = { command, "organization-token": root, ...more.with };
  const ran = await runStep(s.github, s.repository, { event, payload, permissions: WRITING, ...more, with: given });
  expect(ran.requests.flatMap(mismatches)).toEqual([]);
  return ran;
}

function told(event: string, matches: (payload: Record<string, unknown>) => boolean): Step["payload"] {
  const found = s.github.deliveries.sent.findLast((one) => one.event === event && matches(one.payload));
  if (!found) throw new Error(`no ${event}`);
  return found.payload;
}

/** Opens, has approved, checks with the Action and merges. */
async function merged(branch: string, files: Record<string, string>): Promise<PullRequest> {
  const pull = await s.open(branch, files);
  await s.approve(pull, "olga", "rita", "anna");
  s.evals(pull);
  const ran = await run(
    "check",
    "pull_request",
    told("pull_request", ({ number }) => number === pull.number),
  );
  expect(ran.outputs.passes).toBe("true");
  expect(await s.merge(pull)).toBe(200);
  return pull;
}

const push = () => told("push", ({ ref }) => ref === "refs/heads/main");
const record = (event: string, payload: Step["payload"], more: Partial<Step> = {}) =>
  run("record", event, payload, { ...more, with: { "signing-key": KEY, ...more.with } });

/** The records' files on the branch, by path. */
function recordFiles(): ReadonlyMap<string, string> {
  const commit = s.repository.refs.get(BRANCH);
  if (commit === undefined) return new Map();
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["--git-dir", s.repository.store.directory, ...args], { encoding: "utf8" });
  const paths = git("ls-tree", "-r", "--name-only", commit, "records").trim().split("\n").sort();
  return new Map(paths.map((path) => [path, git("show", `${commit}:${path}`)]));
}

/** The records on the branch, verified by nobody. */
function records(): readonly EvidenceRecord[] {
  return [...recordFiles().values()].map((text) => {
    const { envelope } = JSON.parse(text);
    const { predicate } = JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8"));
    return EvidenceRecord.parse(predicate);
  });
}

const verify = (more: Partial<Step> = {}) =>
  run("verify", "schedule", {}, { ...more, with: { "public-key": PUBLIC, ...more.with } });

describe("the command record", () => {
  it("keeps who approved a merge, signed, on a branch of its own, and shows it on the pull request", async () => {
    const pull = await merged("swap", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") });
    const ran = await record("push", push(), { with: { comment: "true" } });
    expect(ran.stdout).toContain("Records added: 1.");
    expect(ran.exitCode).toBe(0);
    const [one, ...others] = records();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ event: "merge", pullRequest: { number: pull.number, landedAsApproved: true } });
    const counted = one?.dossier?.votes.filter((vote) => vote.counted).map(({ person }) => person.login);
    expect(counted?.sort()).toEqual(["anna", "olga", "rita"]);
    expect(JSON.parse(ran.outputs.records ?? "")).toMatchObject([{ sequence: 0, path: ran.outputs["record-path"] }]);
    const comments = s.repository.issues.get(pull.number)?.comments.filter(({ app }) => app?.slug === "github-actions");
    expect(comments?.map(({ body }) => body.includes(String(one?.record.id)))).toEqual([true]);
    expect((await verify()).outputs.passes).toBe("true");
  });

  it("records the same landing once, whichever event tells of it, and however often", async () => {
    await merged("swap", { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") });
    const closed = told("pull_request", ({ action }) => action === "closed");
    const first = await record("pull_request", closed);
    expect(JSON.parse(first.outputs.records ?? "")).toHaveLength(1);
    expect((await record("push", push())).outputs.records).toBe("[]");
    expect((await record("pull_request", closed)).outputs["record-path"]).toBe("");
    expect(records()).toHaveLength(1);
  });

  it("S07 P20 names what nobody let in: a push past every pull request, and a merge without the approvals", async () => {
    s.act.push(s.repository, "main", { "services/high/agent.py": agent("o3-2025-04-16") }, { by: "root" });
    await record("push", push());
    const pull = await s.open("unapproved", { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") });
    s.repository.rules.clear();
    expect(await s.merge(pull)).toBe(200);
    // Whoever approves now comes too late.
    await s.approve(pull, "olga", "anna", "rita");
    await record("push", push());
    const [pushed, merge] = records();
    expect(pushed).toMatchObject({ event: "bypass", bypass: { cause: "direct-push", actor: "root" } });
    expect(merge).toMatchObject({ event: "bypass", pullRequest: { number: pull.number } });
    expect(merge?.record.previous).not.toBeNull();
    expect((await verify()).stdout).toContain("Problems: 0.");
  });

  it("does not believe a green check that another workflow reported in its name", async () => {
    const pull = await s.open("forged", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") });
    s.act.check(s.repository, "github-actions", "countersign", pull.head.sha, "success");
    expect(await s.merge(pull)).toBe(200);
    await record("push", push());
    expect(records()).toMatchObject([{ event: "bypass", pullRequest: { number: pull.number } }]);
  });

  it("does not believe it either of what was merged behind the push that it was started by", async () => {
    const first = await merged("swap", { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") });
    const started = push();
    const pull = await s.open("forged", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") });
    s.act.check(s.repository, "github-actions", "countersign", pull.head.sha, "success");
    expect(await s.merge(pull)).toBe(200);
    await record("push", started);
    expect(records()).toMatchObject([
      { event: "merge", pullRequest: { number: first.number } },
      { event: "bypass", pullRequest: { number: pull.number } },
    ]);
  });

  it("S14 knows no broken glass, since nothing here holds what is owed for one", async () => {
    await s.close();
    await start({ files: { ".github/countersign.yml": `${POLICY}breakGlass: { by: ["@sam", "@ben"] }\n` } });
    const pull = await s.open("urgent", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") });
    await s.comment(pull, "sam", `/countersign break-glass ${pull.head.sha} it is urgent`);
    s.act.check(s.repository, "github-actions", "countersign", pull.head.sha, "success");
    expect(await s.merge(pull)).toBe(200);
    await record("push", push());
    expect(records()).toMatchObject([{ event: "bypass", pullRequest: { number: pull.number } }]);
  });

  it("keeps a short record of what is not governed, and none of another branch", async () => {
    s.act.push(s.repository, "main", { "docs/x.md": "x\n" }, { by: "root" });
    await record("push", push());
    expect(records()).toMatchObject([{ event: "ungoverned-merge" }]);
    s.act.push(s.repository, "topic", { "services/high/agent.py": agent("o3-2025-04-16") }, { by: "root" });
    await record(
      "push",
      told("push", ({ ref }) => ref === "refs/heads/topic"),
    );
    expect(records()).toHaveLength(1);
  });

  it("writes no records to a branch that is governed itself", async () => {
    s.act.push(s.repository, "main", { "docs/x.md": "x\n" }, { by: "root" });
    const tip = s.repository.refs.get("refs/heads/main");
    const ran = await record("push", push(), { with: { "evidence-branch": "main" } });
    expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining("input evidence-branch: main is governed")]);
    expect(s.repository.refs.get("refs/heads/main")).toBe(tip);
  });

  it("adds to the branch where two runs do so at once", async () => {
    s.act.push(s.repository, "main", { "docs/a.md": "x\n" }, { by: "root" });
    const first = push();
    s.act.push(s.repository, "main", { "docs/b.md": "x\n" }, { by: "root" });
    await Promise.all([record("push", first), record("push", push())]);
    const kept = records();
    expect(kept.map(({ record: { sequence } }) => sequence)).toEqual(kept.map((_, at) => at));
    expect(new Set(kept.map(({ landed }) => landed?.after)).size).toBe(kept.length);
    expect(kept.some(({ landed }) => landed?.after === first.after)).toBe(true);
    expect((await verify()).outputs.passes).toBe("true");
  });

  it.each([
    ["no key", { "signing-key": "" }],
    [
      "a key of another kind",
      {
        "signing-key": String(
          generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }),
        ),
      },
    ],
  ])("refuses %s, writes nothing and shows nothing of it", async (_, inputs) => {
    s.act.push(s.repository, "main", { "docs/x.md": "x\n" }, { by: "root" });
    const ran = await record("push", push(), { with: inputs });
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain("input signing-key: expected a private key in PEM form");
    expect(ran.stdout.replaceAll(/^::add-mask::.*$/gm, "")).not.toMatch(/PRIVATE KEY|MII/);
    expect(s.repository.refs.has(BRANCH)).toBe(false);
  });

  it("P40 masks the key, and leaves it in no output", async () => {
    s.act.push(s.repository, "main", { "docs/x.md": "x\n" }, { by: "root" });
    const ran = await record("push", push());
    const [, line = ""] = KEY.split("\n");
    expect(ran.stdout).toContain(`::add-mask::${line}`);
    expect(ran.stdout.replaceAll(/^::add-mask::.*$/gm, "") + ran.summary + JSON.stringify(ran.outputs)).not.toContain(
      line,
    );
  });
});

describe("the command verify", () => {
  it("fails where a record was edited, another key signed, or the branch is not there", async () => {
    expect((await verify()).stdout).toContain("there is no branch countersign-evidence here");
    for (const name of ["a", "b"]) {
      s.act.push(s.repository, "main", { [`docs/${name}.md`]: "x\n" }, { by: "root" });
      await record("push", push());
    }
    expect((await verify()).exitCode).toBe(0);
    const other = String(generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
    expect((await verify({ with: { "public-key": other } })).exitCode).toBe(1);
    const [path = "", text = ""] = [...recordFiles()][0] ?? [];
    const edited = text.replace('"payload":"e', '"payload":"f');
    s.act.push(s.repository, "countersign-evidence", { [path]: edited }, { by: "root" });
    const ran = await verify();
    expect(ran.exitCode).toBe(1);
    expect(ran.outputs.passes).toBe("false");
    expect(ran.summary).toContain("The records do not stand");
  });

  it("shows what was taken back since it was seen", async () => {
    s.act.push(s.repository, "main", { "docs/a.md": "x\n" }, { by: "root" });
    await record("push", push());
    const first = s.repository.refs.get(BRANCH) ?? "";
    s.act.push(s.repository, "main", { "docs/b.md": "x\n" }, { by: "root" });
    const [{ sequence, root }] = JSON.parse((await record("push", push())).outputs.records ?? "");
    const seen = `${sequence}:${root}`;
    expect((await verify({ with: { seen } })).outputs.passes).toBe("true");
    s.act.move(s.repository, "countersign-evidence", first, "root");
    expect((await verify()).outputs.passes).toBe("true");
    expect((await verify({ with: { seen } })).outputs.passes).toBe("false");
    expect((await verify({ with: { seen: "3" } })).stdout).toContain("input seen: ");
  });

  it("says what it needs where no key is given", async () => {
    const ran = await verify({ with: { "public-key": "" } });
    expect(ran.stdout).toContain("input public-key: ");
  });
});
