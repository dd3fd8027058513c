import { afterEach, describe, expect, it } from "vitest";
import { checkActs } from "../github/check-suites.ts";
import { peopleActs } from "../github/people-acts.ts";
import { removeReviewer } from "../github/review-requests.ts";
import type { PullRequest, Team } from "../github/world.ts";
import { agent, FILES, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const low = (model = MODEL) => ({ "services/low/agent.py": agent(model) });

let s: Scene;
const start = async (options: SceneOptions = {}, granted = true) => {
  s = await scene(options);
  const team = s.github.world.teams.find(({ slug }) => slug === "ml") as Team;
  if (granted) peopleActs(s.github).grantTeam(team, s.repository, "write");
  await s.idle();
};
afterEach(() => s.end());

const asked = ({ requestedReviewers, requestedTeams }: PullRequest) =>
  [...requestedReviewers, ...requestedTeams].sort();
const requests = (from = 0) => s.writes(from).filter((write) => write.includes("requested_reviewers"));
const summary = (pull: PullRequest) => s.check(pull)?.output.summary ?? "";
const press = async (pull: PullRequest, by = "sam") => {
  const run = s.check(pull);
  if (run) checkActs(s.github).press(s.repository, run, "request-reviewers", by);
  await s.idle();
};

describe("named approvers", () => {
  it("are asked once, people by name and a role's team as a team; what follows asks nobody again", async () => {
    await start();
    const pull = await s.open("asks", low());
    await s.idle();
    expect(asked(pull)).toEqual(["ml", "olga"]);
    expect(requests()).toHaveLength(1);
    await s.approve(pull, "anna");
    s.act.push(s.repository, "asks", low("o3-2025-04-16"), { by: "dora" });
    await s.comment(pull, "ben", "/countersign recheck");
    await s.restart();
    await s.idle();
    expect(requests()).toHaveLength(1);
    expect(summary(pull)).not.toContain("is not asked");
  });

  it("P29 are not asked about a draft, and are as soon as it is ready", async () => {
    await start();
    const pull = await s.open("draft", low(), { draft: true });
    await s.idle();
    expect(requests()).toEqual([]);
    pull.draft = false;
    s.act.assign(s.repository, pull.number, "dora", "dora");
    await s.comment(pull, "dora", "/countersign recheck");
    await s.idle();
    expect(asked(pull)).toEqual(["ml", "olga"]);
  });

  it("who reviewed, were asked or took themselves off are not asked again", async () => {
    await start();
    const pull = await s.open("declines", { "services/medium/agent.py": agent(MODEL) }, { draft: true });
    await s.review(pull, "rita", "COMMENT");
    await s.idle();
    removeReviewer(s.github, s.repository, pull, "olga");
    pull.draft = false;
    await s.comment(pull, "sam", "/countersign recheck");
    await s.idle();
    expect(requests()).toEqual([]);
    await press(pull);
    // By hand who only commented is asked; who took themselves off is left alone.
    expect(asked(pull)).toEqual(["rita"]);
  });

  it("whose approval ended are asked again by hand only", async () => {
    await start();
    const pull = await s.open("again", low());
    await s.idle();
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "again", low("o3-2025-04-16"), { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    const from = s.github.recorded.length;
    expect(asked(pull)).toEqual([]);
    await s.comment(pull, "stranger", "/countersign request-reviewers");
    await s.idle();
    expect(requests(from)).toEqual([]);
    await s.comment(pull, "dora", "/countersign request-reviewers");
    await s.idle();
    expect(asked(pull)).toEqual(["ml", "olga"]);
    await press(pull);
    expect(requests(from)).toHaveLength(1);
  });

  it("who stand in are asked where the owner is the author", async () => {
    await start();
    const pull = await s.open("stand-in", low(), { by: "olga" });
    expect(await s.verdict(pull)).toContain("@rita (system owner)");
    expect(asked(pull)).toEqual(["ml", "rita"]);
  });

  it("are not asked where nothing is enforced, nor while something blocks that no approval clears", async () => {
    await start({ files: { ".github/countersign.yml": POLICY.replace("mode: enforce", "mode: observe") } });
    const pull = await s.open("observed", low());
    await s.idle();
    await press(pull);
    expect(requests()).toEqual([]);
    await s.close();
    await start();
    const blocked = await s.open("blocked", { "services/medium/agent.py": agent(MODEL) });
    s.evals(blocked, "failure");
    await s.idle();
    const from = s.github.recorded.length;
    await press(blocked);
    expect(requests(from)).toEqual([]);
  });
});

describe("S23 review requests", () => {
  it("leave out who has no access, and name them in the check, until they have it", async () => {
    await start();
    s.repository.collaborators.delete("olga");
    const pull = await s.open("no-access", low());
    await s.idle();
    expect(asked(pull)).toEqual(["ml"]);
    expect(summary(pull)).toContain("`@olga` is not asked to review");
    peopleActs(s.github).grant(s.repository, "olga", "write");
    await s.idle();
    expect(asked(pull)).toEqual(["ml", "olga"]);
    expect(summary(pull)).not.toContain("is not asked to review");
  });

  it("that GitHub refuses are retried one by one, once; members are asked for a team that the repository does not know", async () => {
    await start({}, false);
    const pull = await s.open("unknown-team", low());
    await s.idle();
    expect(asked(pull)).toEqual(["anna", "ben", "olga"]);
    const sent = s.github.recorded.filter(({ path }) => path.endsWith("/requested_reviewers"));
    expect(sent.map(({ status }) => status)).toEqual([422, 201, 422, 201]);
    expect(summary(pull)).not.toContain("is not asked to review");
    await s.comment(pull, "dora", "/countersign recheck");
    await s.idle();
    expect(requests()).toHaveLength(4);
  });

  it("that fail are no failure of the decision, and are made later", async () => {
    await start();
    s.github.faults.push({
      matches: (_, path) => path.endsWith("/requested_reviewers"),
      times: 9,
      answer: { status: 502 },
    });
    const pull = await s.open("fault", low());
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk/);
    expect(asked(pull)).toEqual([]);
    s.github.faults.length = 0;
    await s.comment(pull, "dora", "/countersign recheck");
    await s.idle();
    expect(asked(pull)).toEqual(["ml", "olga"]);
  });

  it("reach teams above ten members by hand only, and fifteen people at most", async () => {
    const crowd = Array.from({ length: 12 }, (_, at) => `rev${at}`);
    const risk = Array.from({ length: 20 }, (_, at) => `risk${String(at).padStart(2, "0")}`);
    const policy = POLICY.replace("@acme/ml", "@acme/crowd").replace(
      'risk-owner: ["@rita"]',
      `risk-owner: [${risk.map((login) => `"@${login}"`).join(", ")}]`,
    );
    await start({ files: { ...FILES, ".github/countersign.yml": policy } });
    const team = s.github.world.team("acme/crowd", crowd);
    peopleActs(s.github).grantTeam(team, s.repository, "write");
    for (const login of risk) {
      s.github.world.user(login);
      s.repository.collaborators.set(login, "write");
    }
    await s.idle();
    const pull = await s.open("crowd", low());
    await s.idle();
    expect(asked(pull)).toEqual(["olga"]);
    expect(summary(pull)).toContain(
      "`@acme/crowd` has 12 members and is not asked by itself: press Request reviewers.",
    );
    await press(pull);
    expect(asked(pull)).toEqual(["crowd", "olga"]);
    expect(summary(pull)).not.toContain("is not asked by itself");
    const many = await s.open("many", { "services/medium/agent.py": agent(MODEL) });
    await s.idle();
    expect(asked(many)).toHaveLength(15);
    expect(summary(many)).toContain("is not asked to review: no more than 15 people are");
  });
});
