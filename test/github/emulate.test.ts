import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { githubClient } from "../../src/github/client.ts";
import { type GitHubRepository, githubHosting } from "../../src/github/hosting.ts";
import type { PullRequestView } from "../../src/reports/pull-request-view.ts";
import { acts } from "./act.ts";
import { mismatches, operationName } from "./conformance.ts";
import { type EmulatedGitHub, emulatedGitHub } from "./emulate-github.ts";
import type { Recorded } from "./server.ts";
import { sourceScene } from "./source-scene.ts";

/** What a pull request changes: other content, a new file, one that goes, one that is no text. */
const BEFORE = { "src/agent.py": 'model = "a"\n', "src/gone.py": "x = 1\n", "docs/deep/er/x.md": "# X\n" };
const AFTER = { "src/agent.py": 'model = "b"\n', "src/gone.py": null, "src/new.bin": Buffer.from([0, 159, 146, 150]) };

/** The same change at one of the two, and the program's half that reads it. */
interface Side {
  readonly base: string;
  readonly head: string;
  readonly number: number;
  readonly recorded: Recorded[];
  job(): Promise<GitHubRepository>;
}

let emulated: EmulatedGitHub;
let loopback: Awaited<ReturnType<typeof atLoopback>>;
let sides: { readonly emulate: Side; readonly loopback: Side };
beforeAll(async () => {
  emulated = await emulatedGitHub();
  loopback = await atLoopback();
  sides = { emulate: await atEmulate(emulated), loopback };
});
afterAll(async () => {
  await emulated.close();
  await loopback.close();
});

type Sha = { readonly sha: string };

async function atEmulate(github: EmulatedGitHub): Promise<Side> {
  const repository = "/repos/acme/agent";
  const { id } = await github.asked<{ id: number }>("root", "GET", repository);
  for (const login of ["dora", "carla"])
    await github.asked("root", "PUT", `${repository}/collaborators/${login}`, { permission: "push" });
  const main = await github.asked<{ object: Sha }>("root", "GET", `${repository}/git/ref/heads/main`);
  const commit = async (parent: string, files: Readonly<Record<string, string | Buffer | null>>) => {
    const { tree } = await github.asked<{ tree: Sha }>("root", "GET", `${repository}/git/commits/${parent}`);
    const rows = [];
    for (const [path, content] of Object.entries(files)) {
      const blob = content === null ? null : { content: Buffer.from(content).toString("base64"), encoding: "base64" };
      const made = blob && (await github.asked<Sha>("dora", "POST", `${repository}/git/blobs`, blob));
      rows.push({ path, mode: "100644", type: "blob", sha: made?.sha ?? null });
    }
    const body = { base_tree: tree.sha, tree: rows };
    const made = await github.asked<Sha>("dora", "POST", `${repository}/git/trees`, body);
    const author = { name: "Dora", email: "dora@example.com", date: "2026-11-24T12:00:00Z" };
    const next = { message: "Change\n", tree: made.sha, parents: [parent], author };
    return (await github.asked<Sha>("dora", "POST", `${repository}/git/commits`, next)).sha;
  };
  const base = await commit(main.object.sha, { ...BEFORE, "README.md": null });
  await github.asked("root", "PATCH", `${repository}/git/refs/heads/main`, { sha: base });
  const head = await commit(base, AFTER);
  await github.asked("dora", "POST", `${repository}/git/refs`, { ref: "refs/heads/change", sha: head });
  const body = { title: "Change", head: "change", base: "main", body: "" };
  const { number } = await github.asked<{ number: number }>("dora", "POST", `${repository}/pulls`, body);
  await github.asked("root", "POST", "/orgs/acme/teams", { name: "ml" });
  await github.asked("root", "PUT", "/orgs/acme/teams/ml/memberships/olga", { role: "member" });
  const { app, installation, url, recorded } = github;
  const hosting = githubHosting({ appId: app.id, privateKey: app.privateKey, baseUrl: url });
  const place = { installation, id, owner: "acme", name: "agent" };
  return { base, head, number, recorded, job: () => hosting.open(place, AbortSignal.timeout(30_000)) };
}

async function atLoopback(): Promise<Side & { close(): Promise<void> }> {
  const scene = await sourceScene();
  const { world } = scene.github;
  for (const login of ["root", "dora", "olga", "carla"]) world.user(login);
  world.team("acme/ml", ["olga"]);
  const repository = world.repository("acme/agent", BEFORE);
  for (const login of ["root", "dora", "carla"]) repository.collaborators.set(login, "write");
  const base = repository.refs.get("refs/heads/main") ?? "";
  acts(scene.github).push(repository, "change", AFTER, { by: "dora" });
  const opened = await fetch(`${scene.github.url}/repos/acme/agent/pulls`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.user("dora").token}` },
    body: JSON.stringify({ title: "Change", head: "change", base: "main", body: "" }),
  });
  const { number } = (await opened.json()) as { number: number };
  scene.github.recorded.length = 0;
  const { github } = scene;
  const hosting = scene.hosting();
  const job = () => scene.job(hosting, repository, AbortSignal.timeout(30_000));
  const head = repository.refs.get("refs/heads/change") ?? "";
  return { base, head, number, recorded: github.recorded, job, close: () => github.close() };
}

/** What a decision reads of the change, without what names a commit: author and instant differ. */
async function readBy({ base, head, job }: Side) {
  const repository = await job();
  const { changes } = await repository.changeSet({ base, head });
  const entries = changes.flatMap(({ before, after }) => [before, after].filter((side) => side !== undefined));
  const contents: Record<string, string> = {};
  for await (const [id, bytes] of repository.load(entries)) contents[id] = Buffer.from(bytes).toString("hex");
  const commits = await repository.commitsBetween(base, head);
  return {
    mergeBase: (await repository.mergeBase({ base, head })) === base,
    changes,
    contents,
    deep: await repository.blobAt(head, "docs/deep/er/x.md"),
    none: await repository.blobAt(head, "docs/none.md"),
    folder: await repository.entriesIn(head, "docs/deep"),
    commits: commits.map(({ id, parents }) => [id === head, parents[0] === base]),
    paths: [...(await repository.changedPaths(commits)).values()],
    members: await repository.teamMembers(["@acme/ml", "@acme/none"]),
    checks: await repository.checks({ head, baseRef: "main" }, [CHECK, RUN]),
  };
}

const CHECK = { name: "scan", app: "scanner" } as never;
const RUN = { name: "evals", app: "github-actions", workflow: ".github/workflows/evals.yml" } as never;

const VIEW: PullRequestView = {
  checkRun: {
    ...{ name: "countersign", status: "completed", conclusion: "action_required", title: "High risk", summary: "Why" },
    ...{
      text: "More",
      detailsUrl: null,
      actions: [{ label: "Again", description: "Look again", identifier: "again" }],
    },
    annotations: [{ path: "src/agent.py", startLine: 1, endLine: 1, level: "warning", title: "Model", message: "b" }],
  },
  comment: "<!-- countersign -->\nHigh risk",
};

/** Writes check run and comment, writes nothing again, and then what changed; the requests that write, by operation. */
async function written({ head, number, recorded, job }: Side): Promise<readonly string[]> {
  const repository = await job();
  const from = recorded.length;
  const place = { number, head };
  const first = await repository.publish(place, VIEW, { ...NOTHING, checkRunDigest: "" }, noted);
  expect(await repository.publish(place, VIEW, first, noted)).toEqual(first);
  const checkRun = { ...VIEW.checkRun, conclusion: "success", title: "Approved", annotations: [] } as const;
  await repository.publish(place, { checkRun, comment: "<!-- countersign -->\nApproved" }, first, noted);
  return recorded.slice(from).map((one) => `${operationName(one)} ${one.status}`);
}

const noted = async () => {};
const NOTHING = { checkRun: null, commentId: null, commentDigest: null, passing: false };

/** Fields of one that the other's answer has not, or as null where it shows none; of lists the first items are compared. */
function fieldsOnlyIn(one: unknown, other: unknown, at = ""): string[] {
  if (Array.isArray(one) && Array.isArray(other)) return fieldsOnlyIn(one[0], other[0], `${at}[]`);
  if (!isObject(one) || !isObject(other)) return [];
  return Object.entries(one).flatMap(([name, value]) => {
    const place = at === "" ? name : `${at}.${name}`;
    const there = other[name] !== undefined && (other[name] !== null || value === null);
    return there ? fieldsOnlyIn(value, other[name], place) : [place];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** More than twenty fields of one thing are said as `thing.*`. */
function short(fields: readonly string[]): readonly string[] {
  const groups = Map.groupBy(fields, (field) => field.slice(0, field.lastIndexOf(".") + 1));
  return [...groups].flatMap(([parent, own]) => (own.length > 20 ? [`${parent}*`] : own));
}

/** By operation, what only one of the two shows in its last answer that succeeded. */
function differences(): Readonly<Record<string, readonly string[]>> {
  const last = ({ recorded }: Side) =>
    new Map(recorded.filter(({ status }) => status < 300).map((one) => [operationName(one) ?? "none", one.answer]));
  const [other, own] = [last(sides.emulate), last(sides.loopback)];
  const found: Record<string, readonly string[]> = {};
  for (const [name, answer] of own) {
    if (!other.has(name)) continue;
    const more = short(fieldsOnlyIn(other.get(name), answer)).map((field) => `+${field}`);
    const less = short(fieldsOnlyIn(answer, other.get(name))).map((field) => `-${field}`);
    if (more.length + less.length > 0) found[name] = [...more, ...less];
  }
  return found;
}

describe("emulate, another GitHub", () => {
  it("shows the program the same change, people and checks as the loopback GitHub", async () => {
    const [other, own] = [await readBy(sides.emulate), await readBy(sides.loopback)];
    expect(other).toEqual(own);
    expect(own.changes.length).toBe(3);
  });

  it("takes the same writes", async () => {
    const own = await written(sides.loopback);
    expect(await written(sides.emulate)).toEqual(own);
    expect(own.filter((one) => !one.startsWith("GET"))).toEqual([
      "POST /repos/{owner}/{repo}/check-runs 201",
      "POST /repos/{owner}/{repo}/issues/{issue_number}/comments 201",
      "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id} 200",
      "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id} 200",
    ]);
  });

  it("knows no roles but its own words, and no App behind a check run: neither makes anything pass", async () => {
    const job = await sides.emulate.job();
    // GitHub says `write` where somebody was given `push`.
    expect((await job.access(["carla"])).get("carla")).toBe("push");
    expect((await (await sides.loopback.job()).access(["carla"])).get("carla")).toBe("write");
    const place = { number: sides.emulate.number, head: sides.emulate.head };
    const again = await job.publish(place, { ...VIEW, comment: null }, null, noted);
    const listed = sides.emulate.recorded.findLast(({ method }) => method === "GET")?.answer;
    const { check_runs: runs } = (listed ?? {}) as { check_runs: readonly { id: number; app: null }[] };
    expect(runs.map(({ app }) => app)).toEqual([null]);
    expect(runs.map(({ id }) => id)).not.toContain(again.checkRun);
  });

  it("gives no token for what the installation was not granted, and tells what it was (P37)", async () => {
    const { installation, url } = emulated;
    const client = githubClient({ appId: emulated.app.id, privateKey: emulated.app.privateKey, baseUrl: url });
    const api = client.api({
      ...{ installation, owner: "acme", name: "agent", repository: { name: "agent" } },
      permissions: { contents: "read", deployments: "read" },
      ...{ signal: AbortSignal.timeout(30_000), charges: { requests: 0, points: 0, unchanged: 0, writes: 0 } },
    });
    expect(await api.lacking()).toMatchObject({ permissions: { deployments: "read" }, left: { contents: "read" } });
  });

  it("shapes its answers otherwise than GitHub's description only where it is known to, the loopback GitHub nowhere", () => {
    const succeeded = ({ recorded }: Side) => recorded.filter(({ status }) => status < 300);
    const named = succeeded(sides.emulate).flatMap((one) =>
      mismatches(one).map((problem) => `${operationName(one)}: ${problem.replace(/^.* answer \d+: /, "")}`),
    );
    expect([...new Set(named)].filter((one) => !NOT_AS_DESCRIBED.includes(one))).toEqual([]);
    expect(succeeded(sides.loopback).flatMap(mismatches)).toEqual([]);
  });

  it("shows other fields than the loopback GitHub where it is known to", () => {
    const unknown = Object.entries(differences()).flatMap(([name, fields]) =>
      fields.filter((field) => !DIFFERENT[name]?.split(" ").includes(field)).map((field) => `${name} ${field}`),
    );
    expect(unknown).toEqual([]);
    expect(Object.keys(differences()).length).toBeGreaterThan(5);
  });
});

/** emulate's own: nothing of it is read by the program but `role_name`, which may be missing at an old Enterprise Server. */
const NOT_AS_DESCRIBED: readonly string[] = [
  "GET /app/installations/{installation_id}: (whole) must have required property 'target_id'",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission: /user must be null",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission: /user must have required property 'role_name'",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission: /user must match a schema in anyOf",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs: /check_runs/0/output must have required property 'annotations_url'",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}: /output must have required property 'annotations_url'",
  "POST /app/installations/{installation_id}/access_tokens: /repositories/0 must have required property 'archive_url'",
  "POST /repos/{owner}/{repo}/check-runs: /output must have required property 'annotations_url'",
];

// A check run of emulate's has no App, and its suite says more than GitHub's answer to this request.
const CHECK_RUN =
  "+check_suite.node_id +check_suite.head_branch +check_suite.head_sha +check_suite.url -started_at -details_url -app -output.annotations_url";
// Nor has a comment an App.
const COMMENT = "+user.user_view_type +reactions -performed_via_github_app";

/** `+` is what emulate alone shows, `-` what the loopback GitHub alone shows. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "GET /orgs/{org}/teams/{team_slug}/members": "+[].user_view_type",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission": "+user.user_view_type -user.role_name",
  // No account stands behind the commits made here at emulate; the loopback GitHub leaves patches out, which nobody reads.
  "GET /repos/{owner}/{repo}/compare/{basehead}":
    "+files[].patch -base_commit.author -base_commit.committer -merge_base_commit.author -merge_base_commit.committer -commits[].author -commits[].committer",
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": "-tree[].url",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": CHECK_RUN,
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": COMMENT,
  // The last token asked for is another one: of teams' members here, of contents there. emulate's repository is short.
  "POST /app/installations/{installation_id}/access_tokens":
    "+permissions.contents -permissions.metadata -permissions.members -repositories[].*",
  "POST /repos/{owner}/{repo}/check-runs": CHECK_RUN,
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": COMMENT,
};
