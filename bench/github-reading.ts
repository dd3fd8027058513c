import { parse } from "graphql";
import { githubHosting } from "../src/github/hosting.ts";
import { agent } from "../test/enforcement/repository-files.ts";
import { type Scene, scene } from "../test/enforcement/scene.ts";
import type { FileChanges } from "../test/github/git-store.ts";
import { graphqlCost } from "../test/github/graphql-cost.ts";
import type { LoopbackGitHub } from "../test/github/server.ts";
import type { PullRequest } from "../test/github/world.ts";
import type { Bench, Outcome } from "./measure.ts";

/**
 * What the App asks GitHub for, counted where it is answered: every answer but a 304 is charged, and so are tokens. Beside
 * the requests stand the points of the GraphQL queries among them, which GitHub counts in a budget of their own.
 */
export const githubReadingBench: Bench = {
  name: "github-reading",
  async run() {
    return [...(await ungoverned()), ...(await lives()), ...(await largeChange())];
  },
};

interface Counted {
  readonly requests: number;
  readonly points: number;
  /** Those of the requests that look for the organisation's policy. */
  readonly baseline: number;
  readonly writes: number;
}

/** The organisation's repository is looked for with a token of its own; whoever has none is charged for finding that out. */
function isBaseline({ path, body }: LoopbackGitHub["recorded"][number]): boolean {
  const { repositories } = (body ?? {}) as { repositories?: readonly string[] };
  return path.startsWith("/repos/acme/.github/") || repositories?.[0] === ".github";
}

/** What the App was charged while something happened and until all of it was dealt with. */
async function counted(s: Scene, happens: () => unknown): Promise<Counted> {
  await s.idle();
  const from = s.github.recorded.length;
  await happens();
  await s.idle();
  const own = s.github.recorded.slice(from).filter(({ actor }) => actor === "installation" || actor === "app");
  const charged = own.filter((one) => one.charged);
  const baseline = charged.filter(isBaseline).length;
  return { requests: charged.length, points: pointsOf(charged), baseline, writes: s.writes(from).length };
}

/** The points of the queries, by GitHub's documented rule; a try that failed counts like one that did not. */
function pointsOf(requests: LoopbackGitHub["recorded"]): number {
  const queries = requests.filter(({ path }) => path === "/graphql").map(({ body }) => body as GraphQL);
  return queries.reduce((sum, { query, variables }) => sum + graphqlCost(parse(query), variables), 0);
}

interface GraphQL {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

function outcome(what: string, found: number, most: number, points: number | null = null): Outcome {
  const limit = most === 0 ? "none" : `<= ${most}`;
  return {
    what,
    value: `${found} charged requests${points === null ? "" : ` (${points} GraphQL points)`}`,
    yardstick: "counted by the loopback GitHub",
    target: limit,
    met: found <= most,
  };
}

function noWrites(what: string, { writes }: Counted): Outcome {
  const value = `${writes} writes`;
  return { what, value, yardstick: "counted by the loopback GitHub", target: "none", met: writes === 0 };
}

async function withScene<T>(files: FileChanges, measure: (s: Scene) => Promise<T>): Promise<T> {
  const s = await scene({ files });
  // Both clocks show the same time: soon after a merge the App counts its votes again.
  s.later(Date.parse(s.github.world.now()) - Date.parse("2026-11-24T12:00:00Z"));
  try {
    return await measure(s);
  } finally {
    await s.close();
  }
}

function ungoverned(): Promise<readonly Outcome[]> {
  return withScene({}, async (s) => {
    const open = (name: string) => s.open(name, { "README.md": `# ${name}\n` });
    const cold = await counted(s, () => open("first"));
    let pull: PullRequest | null = null;
    const warm = await counted(s, async () => {
      pull = await open("second");
    });
    const events = await counted(s, async () => {
      const { head } = pull as unknown as PullRequest;
      s.act.check(s.repository, "impostor", "lint", head.sha, "success");
      await s.comment(pull as unknown as PullRequest, "dora", "Thanks!");
      await retitled(s, pull as unknown as PullRequest);
      labelled(s);
      await s.review(pull as unknown as PullRequest, "olga", "APPROVE");
      await s.review(pull as unknown as PullRequest, "anna", "COMMENT");
    });
    return [
      outcome(
        `nothing governed, opened right after the start, beside ${cold.baseline} for the organisation's policy`,
        cold.requests - cold.baseline,
        6,
        cold.points,
      ),
      outcome("nothing governed, opened, later", warm.requests, 5, warm.points),
      outcome(
        "a check of nobody's, a comment of no command, another title, a label, an approval and a remark on it",
        events.requests,
        0,
      ),
    ];
  });
}

async function retitled({ github }: Scene, { number }: PullRequest): Promise<void> {
  const response = await fetch(`${github.url}/repos/acme/agent/pulls/${number}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${github.world.user("dora").token}` },
    body: JSON.stringify({ title: "Another title" }),
  });
  const sent = github.deliveries.sent.at(-1)?.payload;
  if (response.status !== 200 || sent?.action !== "edited") throw new Error("no title was edited");
}

/** The webhook of a label, which people set where this GitHub has no door for it. */
function labelled({ github, repository }: Scene): void {
  const opened = github.deliveries.sent.findLast(({ payload }) => payload.action === "opened");
  if (!opened) throw new Error("nothing was opened");
  github.deliveries.send("pull_request", repository, { ...opened.payload, action: "labeled", label: { name: "ai" } });
}

/** Everything that was ever delivered to a scene, once more: as GitHub delivers again, and as if nobody knew it. */
async function replayed(s: Scene): Promise<readonly Outcome[]> {
  const pull = await s.open("standing", { "services/high/agent.py": agent("gpt-4.1-mini-2025-04-14") });
  s.act.push(s.repository, "standing", { "services/high/helper.py": "x = 1\n" }, { by: "dora" });
  await s.approve(pull, "olga", "anna");
  s.evals(pull);
  await s.idle();
  const all = [...s.github.deliveries.sent];
  const again = await counted(s, () => {
    for (const delivery of all) s.github.deliveries.redeliver(delivery);
  });
  const afresh = await counted(s, async () => {
    for (const { event, payload } of all) {
      s.github.deliveries.send(event, s.repository, payload);
      await s.idle();
    }
  });
  const what = `all ${all.length} deliveries again`;
  return [noWrites(what, again), noWrites(`${what}, one by one, as if they were new`, afresh)];
}

/** The life of a governed pull request of 100 files: right after the start, and with what the first left. */
async function lives(): Promise<readonly Outcome[]> {
  const files = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`lib/part${index % 10}/f${index}.py`, "x = 1\n"]),
  );
  return withScene(files, async (s) => {
    const decisions: Counted[] = [];
    const life = async (name: string, model: string) => {
      const changes = Object.fromEntries(Object.keys(files).map((path, index) => [path, `x = ${index}  # ${name}\n`]));
      let pull = null as unknown as PullRequest;
      const steps = [
        async () => {
          pull = await s.open(name, { ...changes, "services/medium/agent.py": agent(model) });
        },
        () => s.act.push(s.repository, name, { "lib/more.py": `a = "${name}"\n` }, { by: "dora" }),
        () => s.act.push(s.repository, name, { "lib/more.py": `b = "${name}"\n` }, { by: "dora" }),
        () => s.review(pull, "olga", "APPROVE"),
        () => s.review(pull, "rita", "APPROVE"),
        () => s.evals(pull, "failure"),
        () => s.evals(pull, "failure"),
        () => s.evals(pull, "success"),
      ];
      const own: Counted[] = [];
      for (const step of steps) own.push(await counted(s, step));
      decisions.push(...own);
      const verdict = await s.verdict(pull);
      if (!verdict.startsWith("success")) throw new Error(`the life of ${name} ended in ${verdict}`);
      const again = await counted(s, () => s.github.deliveries.redeliver(lastOf(s)));
      const merged = await counted(s, () => s.merge(pull));
      return { total: totalOf([...own, merged]), again };
    };
    const cold = await life("first", "gpt-4o-mini-2024-07-18");
    const warm = await life("second", "gpt-4.1-2025-04-14");
    await life("third", "gpt-4o-2024-11-20");
    const at = (part: number, what: "requests" | "points") => {
      const sorted = decisions.map((one) => one[what]).sort((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
    };
    return [
      outcome(
        "the life of a governed pull request of 100 files, right after the start",
        cold.total.requests,
        50,
        cold.total.points,
      ),
      outcome("the same with base tree and teams known", warm.total.requests, 45, warm.total.points),
      outcome("events of three lives that cause a decision, median", at(0.5, "requests"), 4, at(0.5, "points")),
      outcome("events of three lives that cause a decision, p95", at(0.95, "requests"), 10, at(0.95, "points")),
      noWrites("the last event delivered again", totalOf([cold.again, warm.again])),
      ...(await replayed(s)),
    ];
  });
}

function totalOf(all: readonly Counted[]): Counted {
  const sum = (what: keyof Counted) => all.reduce((total, one) => total + one[what], 0);
  return { requests: sum("requests"), points: sum("points"), baseline: sum("baseline"), writes: sum("writes") };
}

function lastOf(s: Scene) {
  const last = s.github.deliveries.sent.at(-1);
  if (last === undefined) throw new Error("nothing was delivered");
  return last;
}

/** 3,000 files of about a kilobyte, on both sides: all of them are text, so all of them are searched for secrets. */
function largeChange(): Promise<readonly Outcome[]> {
  const lines = "value = compute(value)  # another step of many\n".repeat(20);
  const files = (side: string) =>
    Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [
        `lib/part${index % 50}/f${index}.py`,
        `model = "gpt-4o${side === "before" ? "" : "-mini"}"  # ${index}\n${lines}`,
      ]),
    );
  return withScene(files("before"), async (s) => {
    await counted(s, () => s.open("small", { "README.md": "# Small\n" }));
    let pull = null as unknown as PullRequest;
    const all = await counted(s, async () => {
      pull = await s.open("large", files("after"));
    });
    if (!s.check(pull)?.output.summary) throw new Error("the large change was not decided");
    return [
      await sixty(s, pull),
      outcome("a pull request of 3,000 files, all of them read, opened", all.requests, 80, all.points),
    ];
  });
}

async function sixty({ github, app, repository }: Scene, pull: PullRequest): Promise<Outcome> {
  const hosting = githubHosting({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url });
  const installation = github.world.installations.find((one) => one.app === app)?.id ?? 0;
  const name = { installation, id: repository.id, owner: "acme", name: "agent" };
  const job = await hosting.open(name, new AbortController().signal);
  const { changes } = await job.changeSet({ base: pull.base.sha, head: pull.head.sha });
  const entries = changes
    .slice(0, 60)
    .flatMap(({ before, after }) => [before, after].filter((side) => side !== undefined));
  let read = 0;
  for await (const [, bytes] of job.load(entries)) read += bytes.length;
  if (changes.length !== 3_000 || read === 0) throw new Error("the change set is not complete");
  const { requests, points } = job.charges;
  return outcome("the change set of 3,000 files and the contents of 60, with nothing kept", requests, 15, points);
}
