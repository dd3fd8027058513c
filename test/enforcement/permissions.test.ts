import { expect, it } from "vitest";
import { agent } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

type Asked = { permissions?: object } | null;

const CHANGE = { "services/medium/agent.py": agent("gpt-4o-mini-2024-07-18") };

function installationOf({ github, app }: Scene) {
  const found = github.world.installations.find((one) => one.app === app);
  if (!found) throw new Error("the App is not installed");
  return found;
}

/** The owner has not accepted these yet, or only their lower level. */
function without(s: Scene, ...names: string[]): void {
  const installation = installationOf(s);
  const left = Object.entries(s.app.permissions).filter(([name]) => !names.includes(name));
  installation.permissions = Object.fromEntries(left);
}

/** The owner accepts all that the App asks for; GitHub may or may not name the repositories. */
async function accepts(s: Scene, named = true): Promise<void> {
  const installation = installationOf(s);
  installation.permissions = s.app.permissions;
  s.github.deliveries.send("installation", s.repository, {
    action: "new_permissions_accepted",
    installation: { id: installation.id },
    sender: { login: "root", id: 1, type: "User" },
    ...(named ? { repositories: [{ id: s.repository.id, name: "agent", full_name: "acme/agent" }] } : {}),
  });
  await s.idle();
}

const warnings = (s: Scene) =>
  s.logged.filter(({ msg }) => msg === "the installation lacks permissions").map(({ effects }) => effects);

it("P37 without `actions` no workflow's result counts, the check says so, and accepting it is enough", async () => {
  const s = await scene();
  try {
    without(s, "actions");
    const pull = await s.open("x", CHANGE);
    await s.approve(pull, "olga", "rita", "anna");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^action_required: .*evals/);
    const summary = s.check(pull)?.output.summary ?? "";
    expect(summary).toContain("The App's installation lacks actions: read, so no result of a workflow counts.");
    expect(summary).toContain(
      `[An owner of the account accepts it](${s.github.url}/settings/installations/${installationOf(s).id})`,
    );
    expect(warnings(s)).toContainEqual([
      "The App's installation lacks actions: read, so no result of a workflow counts.",
    ]);
    // One refusal and one look at what was accepted; from then on the smaller token is asked for.
    const asked = s.github.recorded.filter(({ path }) => path.startsWith("/app/installations/"));
    const full = asked.filter(({ body }) => Object.hasOwn((body as Asked)?.permissions ?? {}, "actions"));
    expect([full.map(({ status }) => status), asked.filter(({ method }) => method === "GET").length]).toEqual([
      [422],
      1,
    ]);
    expect(s.github.recorded.filter(({ status, path }) => status === 403 && path.includes("/actions/"))).toEqual([]);
    await accepts(s, false);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(s.check(pull)?.output.summary).not.toContain("lacks");
    expect(s.conforms()).toEqual([]);
  } finally {
    await s.close();
  }
});

it("P37 without `issues` commands are not read, without the right to write pull requests no comment is written", async () => {
  const s = await scene();
  try {
    without(s, "issues", "pull_requests");
    const installation = installationOf(s);
    installation.permissions = { ...installation.permissions, pull_requests: "read" };
    const pull = await s.open("x", CHANGE);
    await s.approve(pull, "olga", "rita", "anna");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(s.comments(pull)).toEqual([]);
    expect(s.check(pull)?.output.summary).toContain("commands in comments are not read");
    expect(s.check(pull)?.output.summary).toContain("no comment is written on the pull request");
    expect(s.github.recorded.filter(({ status }) => status === 403)).toEqual([]);
    await accepts(s);
    expect(s.comments(pull)).toHaveLength(1);
    expect(s.conforms()).toEqual([]);
  } finally {
    await s.close();
  }
});

it("P37 without `members` nobody is known to be in a team, which is said once and not asked each time", async () => {
  const s = await scene();
  try {
    without(s, "members");
    const pull = await s.open("x", { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") });
    await s.approve(pull, "olga", "rita", "anna");
    expect(await s.verdict(pull)).toMatch(/^failure: .*the members of @acme\/ml cannot be read/);
    const summary = s.check(pull)?.output.summary ?? "";
    expect(summary).toContain("lacks members: read, so nobody is known to be in a team");
    expect(summary).toMatch(/members of .*acme\/ml.* cannot be read/);
    const refused = s.github.recorded.filter(({ status }) => status === 422);
    await s.comment(pull, "dora", "/countersign re-evaluate");
    await s.idle();
    expect(s.github.recorded.filter(({ status }) => status === 422)).toHaveLength(refused.length);
    await accepts(s);
    expect(await s.verdict(pull)).toMatch(/^success/);
  } finally {
    await s.close();
  }
});

it("P37 without `contents` there is no answer from the first look on, and nothing merges", async () => {
  const s = await scene();
  try {
    without(s, "contents");
    const pull = await s.open("x", CHANGE);
    expect(await s.verdict(pull)).toBe("failure: Could not be evaluated");
    const summary = s.check(pull)?.output.summary ?? "";
    expect(summary).toContain("the App's installation lacks contents: read. An owner of the account accepts what");
    expect(summary).toContain(`[Open the page](${s.github.url}/settings/installations/${installationOf(s).id})`);
    expect(await s.merge(pull)).toBe(405);
    await accepts(s);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.conforms()).toEqual([]);
  } finally {
    await s.close();
  }
});

it("P37 without `pull_requests` any more an answer that let it merge is taken back", async () => {
  const s = await scene();
  try {
    const pull = await s.open("x", CHANGE);
    await s.approve(pull, "olga", "rita", "anna");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    without(s, "pull_requests");
    // Tokens that were given out before go on for an hour.
    await s.restart();
    s.evals(pull);
    expect(await s.verdict(pull)).toBe("failure: Could not be evaluated");
    expect(s.check(pull)?.output.summary).toContain("lacks pull\\_requests: read");
    await accepts(s);
    expect(await s.verdict(pull)).toMatch(/^success/);
  } finally {
    await s.close();
  }
});

it("P37 without `checks` nothing can be said but in the log, which names the page; accepting it is enough", async () => {
  const s = await scene();
  try {
    without(s, "checks");
    const pull = await s.open("x", CHANGE);
    expect(await s.verdict(pull)).toBe("no run");
    const failed = s.logged.filter(({ err }) => err !== undefined).map(({ err }) => err as Record<string, unknown>);
    expect(failed).toContainEqual(
      expect.objectContaining({
        code: "hosting/forbidden",
        message: "the App's installation lacks checks: write",
        address: `${s.github.url}/settings/installations/${installationOf(s).id}`,
      }),
    );
    await accepts(s);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  } finally {
    await s.close();
  }
});
