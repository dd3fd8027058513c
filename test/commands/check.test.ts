import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { run } from "../../src/commands/run.ts";
import type { EvaluationJson } from "../../src/reports/evaluation-json.ts";
import { recorded, type TestRepository, testRepository } from "./repository.ts";

const AT = "2026-11-24T10:00:00Z";
const EVERY = (bind: string) =>
  ["low", "medium", "high", "critical"]
    .map(
      (tier) =>
        `  ${tier}: { approvals: [{ role: ai-reviewer }], distinctPeople: 1, rollback: none, statement: false, bind: ${bind} }`,
    )
    .join("\n");
const POLICY = (bind: string) => `version: 1
mode: enforce
roles:
  ai-reviewer: ["@ann", "@cleo", "@acme/reviewers"]
  risk-owner: ["@bob"]
checks:
  evals: { name: evals, app: acme-evals, when: [model, prompt], from: high }
tiers:
${EVERY(bind)}
`;
const REGISTRY = `version: 1
systems:
  - id: support
    owner: "@ann"
    tier: low
    lifecycle: deployed
    paths: ["services/support/**"]
`;
const CONFIG = (model: string, comment = "") => `# ${comment}\nmodel: ${model}\ntemperature: 0\n`;

interface Story {
  readonly repo: TestRepository;
  readonly approved: string;
}

/** A repository in which the author swapped a model on `feature`, to be approved at `approved`. */
function story(bind = "files"): Story {
  const repo = testRepository();
  repo.commit({
    ".github/countersign.yml": POLICY(bind),
    ".github/ai-systems.yml": REGISTRY,
    "services/support/config.yaml": CONFIG("gpt-4o"),
    "services/support/other.py": "x = 1\n",
    "README.md": "# Read me\n",
  });
  repo.git("checkout", "-q", "-b", "feature");
  const approved = repo.commit(
    { "services/support/config.yaml": CONFIG("gpt-4o-mini") },
    "Zoe <9+zoe@users.noreply.github.com>",
  );
  return { repo, approved };
}

/** What GitHub would say: `ann` approved `commit`, evaluations passed on `head`. */
function facts(commit: string, head: string, more: object = {}) {
  return {
    pullRequest: { user: { login: "zoe", type: "User" }, body: "", draft: false },
    reviews: [{ id: 1, user: { login: "ann", type: "User" }, state: "APPROVED", commit_id: commit, submitted_at: AT }],
    comments: [],
    checkRuns: [
      {
        name: "evals",
        head_sha: head,
        status: "completed",
        conclusion: "success",
        completed_at: AT,
        app: { slug: "acme-evals" },
      },
    ],
    workflowRuns: [],
    jobs: [],
    teams: { "acme/reviewers": ["dan"] },
    access: { ann: "write", bob: "write", cleo: "write" },
    pushers: ["zoe"],
    ...more,
  };
}

async function evaluated(repo: TestRepository, given?: object, ...more: string[]) {
  const { io, out, err } = recorded(given ? { facts: JSON.stringify(given) } : {});
  const head = more.includes("--head") ? [] : ["--head", "feature"];
  const args = ["check", "--repo", repo.directory, "--base", "main", ...head, "--format", "json"];
  const exit = await run([...args, ...(given ? ["--facts", "facts"] : []), ...more], io);
  expect(err()).toBe("");
  return { exit, evaluation: JSON.parse(out()) as EvaluationJson };
}

const unmet = (evaluation: EvaluationJson) =>
  evaluation.requirements.filter(({ state }) => state !== "met" && state !== "excepted").map(({ reason }) => reason);

describe("an approval, from the facts of GitHub and the repository alone", () => {
  const steps: Readonly<Record<string, (repo: TestRepository) => void>> = {
    "when nothing else is pushed": () => {},
    "when the governed value is edited": (repo) => repo.commit({ "services/support/config.yaml": CONFIG("gpt-4.1") }),
    "when the governed file is edited elsewhere": (repo) =>
      repo.commit({ "services/support/config.yaml": CONFIG("gpt-4o-mini", "why we changed") }),
    "when code of the system is edited": (repo) => repo.commit({ "services/support/other.py": "x = 2\n" }),
    "when an unrelated file is edited": (repo) => repo.commit({ "README.md": "# Read me first\n" }),
    "when main is merged into it": (repo) => {
      advance(repo);
      repo.git(
        "-c",
        "user.name=Zoe",
        "-c",
        "user.email=9+zoe@users.noreply.github.com",
        "merge",
        "-q",
        "--no-edit",
        "main",
      );
    },
    "when it is rebased": (repo) => {
      advance(repo);
      repo.git("-c", "user.name=Zoe", "-c", "user.email=9+zoe@users.noreply.github.com", "rebase", "-q", "main");
    },
    "when the governed file becomes executable": (repo) => {
      repo.git("update-index", "--chmod=+x", "services/support/config.yaml");
      repo.git("-c", "user.name=Zoe", "-c", "user.email=z@example.com", "commit", "-q", "-m", "mode");
    },
    "when the governed file is renamed": (repo) => {
      repo.git("mv", "services/support/config.yaml", "services/support/renamed.yaml");
      repo.commit({});
    },
  };

  function advance(repo: TestRepository): void {
    repo.git("checkout", "-q", "main");
    repo.commit({ "docs/other.md": "Elsewhere.\n" });
    repo.git("checkout", "-q", "feature");
  }

  // Which widths let an approval survive which step (security rule S05).
  const survives: Readonly<Record<string, readonly string[]>> = {
    "when nothing else is pushed": ["facts", "files", "change-set"],
    "when the governed value is edited": [],
    "when the governed file is edited elsewhere": ["facts"],
    "when code of the system is edited": ["facts"],
    "when an unrelated file is edited": ["facts", "files"],
    "when main is merged into it": ["facts", "files", "change-set"],
    "when it is rebased": ["facts", "files", "change-set"],
    "when the governed file becomes executable": [],
    "when the governed file is renamed": [],
  };

  const table = Object.keys(steps).flatMap((step) =>
    ["facts", "files", "change-set"].map((bind) => [bind, step] as const),
  );
  it.each(table)("bound to %s, %s", async (bind, step) => {
    const { repo, approved } = story(bind);
    (steps[step] as (repo: TestRepository) => void)(repo);
    const head = repo.git("rev-parse", "feature");
    const { exit, evaluation } = await evaluated(repo, facts(approved, head));
    const stands = (survives[step] as readonly string[]).includes(bind);
    const vote = evaluation.votes.find(({ person }) => person === "ann");
    expect([vote?.counted, vote?.reason]).toEqual([
      stands,
      stands ? expect.anything() : expect.stringContaining("changed since"),
    ]);
    expect([exit, evaluation.decision.state], unmet(evaluation).join("\n")).toEqual(
      stands ? [0, "approved"] : [1, "waiting"],
    );
  });
});

describe("facts that were left out", () => {
  it("S09 an absent team cannot be read, absent access is assumed, an absent author waits, and each is named", async () => {
    const { repo, approved } = story();
    const head = approved;
    const without = async (...keys: string[]) => {
      const all: Record<string, unknown> = facts(approved, head);
      for (const key of keys) delete all[key];
      return (await evaluated(repo, all)).evaluation;
    };
    const author = await without("pullRequest");
    expect(author.decision.state).toBe("waiting");
    expect(unmet(author).join()).toContain("the author is not known");
    expect(author.notes).toContain("no pull request was given: the author is not known");
    const access = await without("access");
    expect(access.decision.state).toBe("approved");
    expect(access.notes).toContain("no access was given: write access of named people is assumed");
    const team = await without("teams", "reviews");
    expect(unmet(team).join()).toMatch(/@acme\/reviewers cannot be read/);
    const pushers = await without("pushers");
    expect(unmet(pushers).join()).toMatch(/1 of 2 different people/);
    const nothing = (await evaluated(repo, {})).evaluation;
    expect(nothing.notes).toHaveLength(9);
    expect(nothing.decision.state).not.toBe("approved");
  });

  it("facts of another head are told apart", async () => {
    const { repo, approved } = story();
    const pullRequest = (sha: string) => ({ pullRequest: { user: { login: "zoe" }, head: { sha } } });
    const at = async (sha: string) => (await evaluated(repo, facts(approved, approved, pullRequest(sha)))).evaluation;
    expect((await at(approved)).notes).toEqual([]);
    const other = "b".repeat(40);
    expect((await at(other)).notes).toEqual([`the facts are of the head ${other}, and ${approved} was checked`]);
  });

  it("S09 access that is given counts: somebody who may only read approves nothing", async () => {
    const { repo, approved } = story();
    const { evaluation } = await evaluated(repo, facts(approved, approved, { access: { ann: "read", cleo: "write" } }));
    expect(evaluation.votes).toMatchObject([
      { person: "ann", counted: false, reason: expect.stringContaining("only read access") },
    ]);
    expect(evaluation.decision.state).not.toBe("approved");
  });

  it("the author, whoever committed governed content and bots approve nothing", async () => {
    const { repo, approved } = story();
    const review = (login: string, type = "User") => ({
      id: 1,
      user: { login, type },
      state: "APPROVED",
      commit_id: approved,
      submitted_at: AT,
    });
    const votes = async (...reviews: object[]) => {
      const all = { access: { ann: "write", zoe: "admin", bot: "write" }, pushers: ["someone"] };
      return (await evaluated(repo, facts(approved, approved, { ...all, reviews }))).evaluation.votes;
    };
    expect(await votes(review("zoe"))).toMatchObject([{ counted: false, reason: expect.stringContaining("author") }]);
    expect(await votes(review("ann", "Bot"))).toMatchObject([
      { counted: false, reason: expect.stringContaining("not a person") },
    ]);
  });

  it("S11 a managed user, whose login has an underscore, is known by the address in a commit too", async () => {
    const { repo } = story();
    const head = repo.commit(
      { "services/support/config.yaml": CONFIG("gpt-4.1") },
      "Eva <7+eva_acme@users.noreply.github.com>",
    );
    const review = {
      id: 1,
      user: { login: "eva_acme", type: "User" },
      state: "APPROVED",
      commit_id: head,
      submitted_at: AT,
    };
    const given = facts(head, head, { access: { eva_acme: "write" }, pushers: ["zoe"], reviews: [review] });
    const { evaluation } = await evaluated(repo, given);
    expect(evaluation.votes).toMatchObject([
      { person: "eva_acme", counted: false, reason: expect.stringContaining("committed governed content") },
    ]);
  });
});

describe("the range and the rules", () => {
  it("S01 the rules come from the base, or where --rules says, never from the head", async () => {
    const { repo } = story();
    repo.commit({ ".github/countersign.yml": "version: 1\nmode: observe\n" });
    const { exit, evaluation } = await evaluated(repo);
    expect([exit, evaluation.mode]).toEqual([1, "enforce"]);
    expect(evaluation.findings.map(({ rule }) => rule)).toContain("governance/policy");
    expect((await evaluated(repo, undefined, "--rules", "feature")).evaluation.mode).toBe("observe");
  });

  it("P08 an edit of the policy is judged once more by what it leaves, in every format; one that is broken says where", async () => {
    const { repo } = story();
    const printed = async (...args: string[]) => {
      const { io, out } = recorded();
      await run(["check", "--repo", repo.directory, ...args], io);
      return out();
    };
    const own = (range: string, ...more: string[]) => printed("--now", AT, "--base", "main", "--head", range, ...more);
    expect(await own("feature")).not.toContain("Under the policy");
    const evaluation = JSON.parse(await own("feature", "--format", "json")) as EvaluationJson;
    expect(evaluation).not.toHaveProperty("ownRules");
    repo.git("checkout", "-q", "-b", "looser", "main");
    const policy = POLICY("files").replace(
      /critical: .*/,
      "critical: { approvals: [{ role: ai-reviewer, count: 2 }] }",
    );
    repo.commit({
      ".github/countersign.yml": `${policy.replace("from: high", "from: critical")}selfApproval: recorded\n`,
    });
    const text = await own("looser");
    expect(text).toContain("Under the policy that this change leaves");
    expect(text).toContain("Judged by it, this one would be: Critical risk: needs @bob");
    expect(text).toContain("(1 AI reviewer more)");
    expect(text).toContain("looser: authors may approve their own changes of low and medium risk");
    expect(text).toContain("looser: the check evals is asked for from critical risk on, instead of from high");
    expect(text).toContain("tighter: critical risk: 1 AI reviewer more");
    expect(await own("looser", "--format", "markdown")).toContain("### Under the policy of this pull request");
    const json = JSON.parse(await own("looser", "--format", "json")) as EvaluationJson;
    const schema = JSON.parse(readFileSync(new URL("../../schemas/evaluation.schema.json", import.meta.url), "utf8"));
    expect(new Ajv2020({ strict: false }).validate(schema, json)).toBe(true);
    expect(json.ownRules?.differences.map(({ path, effect }) => `${path} ${effect}`)).toContain(
      "checks.evals.from looser",
    );
    repo.commit({ ".github/countersign.yml": "version: 1\nroles: { risk-owner: nobody }\n" });
    expect(await own("looser")).toMatch(/\.github\/countersign\.yml:2:\d+: roles.*expected/);
  });

  it("what a change does to the policy is told against where it started, not against what the base got meanwhile", async () => {
    const { repo } = story();
    repo.commit({ ".github/countersign.yml": `${POLICY("files")}# a remark\n` });
    repo.git("checkout", "-q", "main");
    repo.commit({ ".github/countersign.yml": POLICY("files").replace('["@bob"]', '["@bob", "@eve"]') });
    repo.git("checkout", "-q", "feature");
    const { evaluation } = await evaluated(repo);
    expect(
      evaluation.findings.filter(({ rule, direction }) => rule === "governance/policy" && direction === "widened"),
    ).toEqual([]);
  });

  it("what the registry names is no use of it: an entry is told by its effect alone", async () => {
    const { repo } = story();
    repo.git("checkout", "-q", "main");
    repo.git("checkout", "-q", "-b", "entries");
    const entries = `    models: [{ id: m, ref: gpt-4o }]
    identities: [key]
identities:
  - { id: key, type: api-key, owner: "@ann", references: [SUPPORT_API_KEY], authentication: oidc-federation }
`;
    repo.commit({ ".github/ai-systems.yml": REGISTRY + entries });
    const { evaluation } = await evaluated(repo, undefined, "--head", "entries");
    expect(new Set(evaluation.findings.map(({ rule }) => rule))).toEqual(new Set(["governance/registry"]));
  });

  it("a policy, a registry and a baseline given by hand replace and tighten", async () => {
    const { repo } = story();
    const { io, out } = recorded({
      "hand.yml": "version: 1\nmode: observe\n",
      "hand-registry.yml": "version: 1\n",
      "org/.github/countersign.yml": "version: 1\nmode: enforce\n",
    });
    const files = ["--policy", "hand.yml", "--registry", "hand-registry.yml", "--baseline", "org"];
    const exit = await run(
      ["check", "--repo", repo.directory, "--base", "main", "--head", "feature", "--format", "json", ...files],
      io,
    );
    const evaluation: EvaluationJson = JSON.parse(out());
    expect([exit, evaluation.mode, evaluation.systems]).toEqual([1, "enforce", []]);
    expect(evaluation.notes.join()).toMatch(/mode: observe is looser than the organisation's enforce/);
  });

  it("uncommitted changes are the head by default, the index with --staged, even where branches have such names", async () => {
    const { repo } = story();
    repo.git("branch", "index");
    repo.git("branch", "worktree", "main");
    const head = async (...args: string[]) => {
      const { io, out } = recorded();
      await run(["check", "--repo", repo.directory, "--base", "main", "--format", "json", ...args], io);
      return (JSON.parse(out()) as EvaluationJson).head;
    };
    expect(await head()).toBe("worktree");
    expect(await head("--staged")).toBe("index");
    expect(await head("--head", "index")).toBe(repo.git("rev-parse", "feature"));
    expect(await head("--head", "worktree")).toBe(repo.git("rev-parse", "main"));
  });

  it("--now moves the decision only at validUntil", async () => {
    const { repo, approved } = story();
    const at = async (now: string) =>
      (await evaluated(repo, facts(approved, approved), "--now", now)).evaluation.decision;
    const first = await at("2026-11-24T12:00:00Z");
    expect(first.state).toBe("approved");
    const until = Date.parse(first.validUntil ?? "");
    expect((await at(new Date(until - 1000).toISOString())).state).toBe("approved");
    expect((await at(new Date(until).toISOString())).state).toBe("waiting");
  });
});

describe("what is printed", () => {
  it("as JSON is what the published schema says, and the same for the same input", async () => {
    const { repo, approved } = story();
    const schema = JSON.parse(readFileSync(new URL("../../schemas/evaluation.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    for (const given of [undefined, facts(approved, approved)]) {
      const { evaluation } = await evaluated(repo, given);
      expect(validate(evaluation), JSON.stringify(validate.errors)).toBe(true);
      expect((await evaluated(repo, given)).evaluation).toEqual(evaluation);
    }
  });

  it("as text says first what holds, with colours and line breaks only where the output asks for them", async () => {
    const { repo } = story();
    const { io, out } = recorded();
    const args = ["check", "--repo", repo.directory, "--base", "main", "--head", "feature"];
    expect(await run(args, io)).toBe(1);
    expect(out()).toMatch(/^(?:✗|…) \w+ risk: /);
    expect(out()).toContain("services/support/config.yaml");
    expect(out()).not.toMatch(/\u001b/);
    const narrow = recorded();
    await run(args, { ...narrow.io, color: true, width: 60 });
    const visible = narrow.out().replace(/\u001b\[\d+m/g, "");
    expect(narrow.out()).toContain("\u001b[1m");
    expect(visible.replace(/\s+/g, " ")).toBe(out().replace(/\s+/g, " "));
    // Only what is one word, or one line by nature, is wider than the terminal.
    for (const line of visible.split("\n").filter((line) => line.length > 60))
      expect(line.trim()).toMatch(/^\S+( → \S+)?$|^model\/id/);
  });

  it("as Markdown says what to do in the words of the check run, and with --explain every rule, cell and trivial finding", async () => {
    const { repo } = story();
    const { io, out } = recorded();
    const args = ["check", "--repo", repo.directory, "--base", "main", "--head", "feature"];
    await run([...args, "--format", "markdown"], io);
    expect(out()).toMatch(
      /^## 🟡 Medium risk: needs `@ann` .*\n\nThis change touches .*\n\n### What to do now\n\n- 🟡 `@ann` approves as /,
    );
    const explained = recorded();
    await run([...args, "--explain"], explained.io);
    const marked = recorded();
    await run([...args, "--format", "markdown", "--explain"], marked.io);
    for (const part of ["### Rules tried", "- model/id: ", "| critical | none | medium | critical | critical |"])
      expect(marked.out()).toContain(part);
    const { evaluation } = await evaluated(repo, undefined, "--explain");
    expect(evaluation.explanation?.rules.some((rule) => rule.startsWith("model/id: "))).toBe(true);
    expect(evaluation.explanation?.matrix.critical.material).toBe("critical");
    for (const part of ["Rules tried", "model/id: ", "Matrix", "critical trivial none"])
      expect(explained.out()).toContain(part);
  });

  it("shows progress only on a terminal, and nothing of it stays", async () => {
    const repo = testRepository();
    repo.commit({});
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`d/${index}.txt`, `${index}\n`])));
    const args = ["check", "--repo", repo.directory, "--base", "main", "--head", "feature"];
    const silent = recorded();
    expect(await run(args, silent.io)).toBe(0);
    expect(silent.err()).toBe("");
    const shown = recorded();
    await run(args, { ...shown.io, progress: true });
    expect(shown.err()).toMatch(/reading \d+ of 600 files/);
    expect(shown.err().endsWith("\r\u001b[K")).toBe(true);
  });

  it("is help with examples when asked", async () => {
    for (const args of [
      ["--help"],
      ["check", "--help"],
      ["config", "--help"],
      ["config", "print", "-h"],
      ["simulate", "-h"],
    ]) {
      const { io, out, err } = recorded();
      expect(await run(args, io)).toBe(0);
      expect(out()).toMatch(/Examples\n {2}countersign /);
      expect(err()).toBe("");
    }
    const { io, out } = recorded();
    expect(await run(["--version"], io)).toBe(0);
    expect(out()).toMatch(/^\d+\.\d+\.\d+\n$/);
    const nothing = recorded();
    expect(await run([], nothing.io)).toBe(2);
    expect(nothing.err()).toContain("Usage");
  });
});
