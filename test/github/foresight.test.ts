import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GitHubRepository, githubHosting } from "../../src/github/hosting.ts";
import { accountIn } from "../../src/github/people.ts";
import type { ExpectedPullRequest } from "../../src/work/hosting.ts";
import { acts } from "./act.ts";
import { type SourceScene, sourceScene } from "./source-scene.ts";
import type { PullRequest, Repository } from "./world.ts";

const CHECK = { name: "evals", app: "github-actions", workflow: ".github/workflows/evals.yml" } as never;

let scene: SourceScene;
let repository: Repository;
let pull: PullRequest;
let program: ReturnType<typeof githubHosting>;

beforeEach(async () => {
  scene = await sourceScene();
  const { world } = scene.github;
  repository = world.repository("acme/agent", { "src/a.py": "a = 1\n", "src/b.bin": Buffer.from([0, 159, 1]) });
  world.team("acme/ml", ["olga"]);
  repository.collaborators.set("olga", "write");
  pull = await opened("change", { "src/a.py": "a = 2\n", "src/b.bin": Buffer.from([0, 159, 2]) });
  program = scene.hosting();
});
afterEach(async () => {
  scene.conforms();
  await scene.github.close();
});

async function opened(branch: string, files: Record<string, string | Buffer>): Promise<PullRequest> {
  const { github } = scene;
  acts(github).push(repository, branch, files, { by: "olga" });
  await fetch(`${github.url}/repos/acme/agent/pulls`, {
    method: "POST",
    headers: { authorization: `Bearer ${github.world.user("olga").token}` },
    body: JSON.stringify({ title: branch, head: branch, base: "main", body: "" }),
  });
  return repository.pulls.get(repository.nextNumber - 1) as PullRequest;
}

/** How often GitHub was asked what ran on the pull request's head while something was done, and a moment longer. */
async function askedFor(act: () => Promise<unknown>): Promise<number> {
  const from = scene.github.recorded.length;
  await act();
  await new Promise((resolve) => setTimeout(resolve, 200));
  return scene.github.recorded.slice(from).filter(({ query }) => query.head_sha === pull.head.sha).length;
}

function expected(more: Partial<ExpectedPullRequest> = {}): ExpectedPullRequest {
  return { head: pull.head.sha, baseRef: "main", login: null, ...more };
}

/** What a decision reads, in its order. */
async function everything(job: GitHubRepository, expectation?: ExpectedPullRequest) {
  const found = await job.pullRequest(pull.number, expectation);
  if (!found) throw new Error("no pull request");
  const { base, head } = found;
  const mergeBase = await job.mergeBase({ base: base.head, head });
  const { changes } = await job.changeSet({ base: base.head, head });
  const sides = changes.flatMap(({ before, after }) => [before, after].filter((side) => side !== undefined));
  const contents: [string, string][] = [];
  for await (const [id, bytes] of job.load(sides)) contents.push([id, Buffer.from(bytes).toString("hex")]);
  const [teams, access, checks] = await Promise.all([
    job.teamMembers(["@acme/ml"]),
    job.access(["olga"]),
    job.checks({ head, baseRef: base.ref }, [CHECK]),
  ]);
  return { found, mergeBase, changes, contents, teams, access, checks };
}

async function read(expectation?: ExpectedPullRequest) {
  const job = await scene.job(program, repository);
  return { read: await everything(job, expectation), charges: job.charges };
}

describe("what is read before it is asked for", () => {
  it("is what would have been read, by no more requests, cold and warm", async () => {
    const plain = await read();
    program = scene.hosting();
    const early = await read(expected());
    expect(early.read).toEqual(plain.read);
    expect(early.charges.requests).toBe(plain.charges.requests);
    acts(scene.github).push(repository, "change", { "src/a.py": "a = 3\n" }, { by: "olga" });
    const pushed = await read(expected());
    program = scene.hosting();
    expect(pushed.read).toEqual((await read()).read);
  });

  it.each([
    ["a head that is none", () => ({ head: "f".repeat(40) })],
    ["another commit of the repository", () => ({ head: repository.refs.get("refs/heads/main") as string })],
    ["a branch that is none", () => ({ baseRef: "no/such-branch" })],
    ["a person whom nobody knows", () => ({ login: "nobody-at-all" })],
  ])("changes nothing where the event named %s", async (_, wrong) => {
    const plain = await read();
    program = scene.hosting();
    expect((await read(expected(wrong()))).read).toEqual(plain.read);
    // And with what the first left in memory.
    expect((await read(expected(wrong()))).read).toEqual(plain.read);
  });

  it("is compared with the branch as it stands now, whatever stood there when the event was sent", async () => {
    await read(expected());
    acts(scene.github).push(repository, "main", { "README.md": "# Moved\n" }, { by: "olga" });
    const moved = await read(expected());
    expect(moved.read.found.base.head).toBe(repository.refs.get("refs/heads/main"));
    program = scene.hosting();
    expect(moved.read).toEqual((await read()).read);
  });
});

describe("S09 the accounts behind logins", () => {
  const queries = () =>
    scene.github.recorded.filter(({ body }) => JSON.stringify(body ?? "").includes("query Accounts"));
  const accounts = async (foreseen: readonly string[], logins: readonly string[]) => {
    const job = await scene.job(program, repository);
    await job.foresee(pull.head.sha, [], foreseen);
    return [...(await job.accounts(logins))];
  };

  it("come along with what is asked about their access, the same as asked for by themselves", async () => {
    const id = scene.github.world.user("olga").id;
    expect(await accounts([], ["olga"])).toEqual([["olga", id]]);
    expect(queries()).toHaveLength(1);
    expect(await accounts(["olga"], ["olga"])).toEqual([["olga", id]]);
    expect(queries()).toHaveLength(1);
  });

  it.each([
    ["somebody is not asked about", ["olga"], ["olga", "anna"]],
    ["nobody has the login", ["olga", "nobody-at-all"], ["olga", "nobody-at-all"]],
  ])("are asked for where %s", async (_, foreseen, logins) => {
    const anna = scene.github.world.user("anna").id;
    const all = new Map(await accounts(foreseen, logins));
    expect(all.get("anna") ?? null).toBe(logins.includes("anna") ? anna : null);
    expect(all.get("nobody-at-all") ?? null).toBeNull();
    expect(queries()).toHaveLength(1);
  });

  it("are not those of a bot, or of another login", () => {
    const answer = (user: object | null) => ({ permission: "write", role_name: "write", user });
    const olga = { id: 7, login: "Olga", type: "User" };
    expect(accountIn(answer(olga), "olga")).toBe(7);
    for (const other of [{ ...olga, type: "Bot" }, { ...olga, login: "olga2" }, { id: 7 }, null])
      expect(accountIn(answer(other), "olga")).toBeNull();
    expect(accountIn(null, "olga")).toBeNull();
  });
});

describe("what was asked last", () => {
  it("is begun beside the pull request, is free while it stays the same, and is asked once in a job", async () => {
    await read(expected());
    const from = scene.github.recorded.length;
    const again = await read(expected({ baseRef: null }));
    const asked = scene.github.recorded.slice(from).map(({ method, path }) => `${method} ${path}`);
    expect(again.charges).toMatchObject({ requests: 1, unchanged: 3 });
    expect(new Set(asked).size).toBe(asked.length);
    scene.github.latency = 300;
    const start = performance.now();
    await read(expected({ baseRef: null }));
    expect(performance.now() - start).toBeLessThan(600);
  });

  it("is read again by each job: who lost access or left a team counts no longer", async () => {
    await read(expected());
    repository.collaborators.set("olga", "read");
    scene.github.world.teams.find(({ slug }) => slug === "ml")?.members.clear();
    const { access, teams } = (await read(expected({ login: "olga" }))).read;
    expect(access.get("olga")).toBe("read");
    expect(teams.members.get("acme/ml")).toEqual([]);
  });

  it("of another head is not asked about this one", async () => {
    await read(expected());
    const old = pull.head.sha;
    acts(scene.github).push(repository, "change", { "src/a.py": "a = 3\n" }, { by: "olga" });
    const from = scene.github.recorded.length;
    await read(expected());
    expect(scene.github.recorded.slice(from).filter(({ query }) => query.head_sha === old)).toEqual([]);
  });

  it("of another head is begun for this one as soon as it is read, before anybody asks", async () => {
    await read(expected());
    acts(scene.github).push(repository, "change", { "src/a.py": "a = 3\n" }, { by: "olga" });
    const job = await scene.job(program, repository);
    expect(await askedFor(() => job.pullRequest(pull.number, expected()))).toBe(1);
    expect(await askedFor(() => job.checks({ head: pull.head.sha, baseRef: "main" }, [CHECK]))).toBe(0);
  });

  it("is begun where a change lets it be foreseen, once, for what may be asked of GitHub", async () => {
    const job = await scene.job(program, repository);
    const at = { head: pull.head.sha, baseRef: "main" };
    expect(await askedFor(() => job.foresee(at.head, [CHECK], ["acme/ml", "other/team", "none"]))).toBe(1);
    expect(await askedFor(() => job.foresee(at.head, [CHECK], ["acme/ml"]))).toBe(0);
    expect(await askedFor(() => job.checks(at, [CHECK]))).toBe(0);
    const from = scene.github.recorded.length;
    expect((await job.teamMembers(["@acme/ml"])).members.get("acme/ml")).toEqual(["olga"]);
    expect(scene.github.recorded.length).toBe(from);
    expect(scene.github.recorded.filter(({ path }) => path.startsWith("/orgs/")).length).toBe(1);
    expect(await askedFor(() => job.foresee("f".repeat(40), [], []))).toBe(0);
  });

  it("is not asked ahead where there was no such thing, which would be charged each time", async () => {
    const job = async () => {
      const one = await scene.job(program, repository);
      await one.pullRequest(pull.number, expected({ baseRef: null }));
      return one;
    };
    expect(await (await job()).access(["nobody-at-all"])).toEqual(new Map([["nobody-at-all", "unknown"]]));
    expect((await job()).charges.requests).toBe(1);
  });
});

describe("a fault of what was begun early", () => {
  it("is the answer where the server fails: it is not asked all over again", async () => {
    const fault = { matches: (_: string, path: string) => path.includes("/compare/"), times: 99 };
    scene.github.faults.push({ ...fault, answer: { status: 503, body: { message: "down" } } });
    const asked = () => 99 - (scene.github.faults[0]?.times ?? 0);
    await expect(read(expected())).rejects.toMatchObject({ code: "hosting/unavailable" });
    expect(asked()).toBe(3);
  });

  it("of a fact is thrown where the fact is asked for, and ends nothing where it is not", async () => {
    await read(expected());
    const fault = { matches: (_: string, path: string) => path.includes("/members"), times: 99 };
    scene.github.faults.push({ ...fault, answer: { status: 503, body: { message: "down" } } });
    const job = await scene.job(program, repository);
    expect(await job.pullRequest(pull.number, expected())).toMatchObject({ number: pull.number });
    await expect(job.teamMembers(["@acme/ml"])).rejects.toMatchObject({ code: "hosting/unavailable" });
  });
});
