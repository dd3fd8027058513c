import { describe, expect, it } from "vitest";
import { FactsFile, unboundFacts } from "../../src/commands/facts-file.ts";
import { commandIn } from "../../src/work/comment-command.ts";

const HEAD = "a".repeat(40);
const at = "2026-11-24T10:00:00Z";
const facts = (value: unknown) => unboundFacts(FactsFile.parse(value));

describe("a facts file", () => {
  it("names everything that was left out", () => {
    expect(facts({}).facts.missing).toHaveLength(9);
    expect(
      facts({
        teams: {},
        access: {},
        pushers: [],
        reviews: [],
        comments: [],
        checkRuns: [],
        workflowRuns: [],
        jobs: [],
        pullRequest: { user: { login: "a" } },
      }).facts.missing,
    ).toEqual([]);
  });

  it("S16 reads results of Actions from the newest attempt of the named workflow's newest run, never from the check", () => {
    const job = { name: "evals", head_sha: HEAD, status: "completed", completed_at: at };
    const { checks } = facts({
      checkRuns: [
        { name: "evals", head_sha: HEAD, status: "completed", conclusion: "success", app: { slug: "github-actions" } },
        { name: "red-team", head_sha: HEAD, status: "completed", conclusion: "success", app: { slug: "acme" } },
      ],
      workflowRuns: [
        { id: 1, path: ".github/workflows/evals.yml", head_sha: HEAD, status: "completed", run_number: 1 },
        {
          id: 2,
          path: ".github/workflows/evals.yml@main",
          head_sha: HEAD,
          status: "completed",
          run_number: 2,
          run_attempt: 2,
        },
      ],
      jobs: [
        { ...job, run_id: 1, conclusion: "success" },
        { ...job, run_id: 2, run_attempt: 1, conclusion: "success" },
        { ...job, run_id: 2, run_attempt: 2, conclusion: "failure" },
      ],
    }).facts;
    expect(checks.map(({ name, app, conclusion, workflow }) => [name, app, conclusion, workflow])).toEqual([
      ["red-team", "acme", "success", null],
      ["evals", "github-actions", "failure", ".github/workflows/evals.yml"],
    ]);
  });

  it("P27 S12 only commands of people in comments that were never edited count", () => {
    const comment = { user: { login: "olga" }, body: "/countersign accept-risk abc we need it", created_at: at };
    const { commands } = facts({
      comments: [
        { ...comment, updated_at: at },
        { ...comment, updated_at: "2026-11-24T11:00:00Z" },
        { ...comment, performed_via_github_app: { slug: "bot" } },
        { ...comment, body: "I would say\n/countersign accept-risk abc we need it" },
      ],
    }).facts;
    expect(commands).toEqual([
      {
        name: "accept-risk",
        argument: "abc",
        reason: "we need it",
        person: { login: "olga", type: "User" },
        createdAt: at,
      },
    ]);
  });

  it("refuses unknown parts and short commit ids with the place", () => {
    expect(FactsFile.safeParse({ review: [] }).success).toBe(false);
    const wrong = FactsFile.safeParse({ reviews: [{ user: null, state: "APPROVED", commit_id: "abc" }] });
    expect(wrong.error?.issues[0]).toMatchObject({
      path: ["reviews", 0, "commit_id"],
      message: "expected a full commit id of 40 or 64 hexadecimal digits",
    });
  });
});

describe("a command in a comment", () => {
  it.each([
    ["/countersign recheck", { name: "recheck", argument: "", reason: "" }],
    ["/countersign approve  abc\r\nmore", { name: "approve", argument: "abc", reason: "" }],
    [" /countersign approve abc", null],
    ["/countersigned approve abc", null],
    ["/countersign", { name: "help", argument: "", reason: "" }],
    ["/countersign\trecheck \r\n", { name: "recheck", argument: "", reason: "" }],
    [
      "/countersign Accept-Risk abc  it is   known \nmore",
      { name: "accept-risk", argument: "abc", reason: "it is known" },
    ],
    ["```\n/countersign approve abc\n```", null],
    ["> /countersign approve abc", null],
    ["    /countersign approve abc", null],
    ["`/countersign approve abc`", null],
    ["hello\n/countersign approve abc", null],
    ["\u200b/countersign approve abc", null],
    ["/COUNTERSIGN approve abc", null],
    ["", null],
  ])("P27 %j", (body, expected) => expect(commandIn(body)).toEqual(expected));

  it("is read in one go however long it is, and cut where nobody would read on", () => {
    const started = performance.now();
    const long = commandIn(`/countersign accept-risk ${"a".repeat(5_000)} ${"because ".repeat(8_000)}`);
    expect([long?.argument.length, (long?.reason.length ?? 0) <= 1_000]).toEqual([100, true]);
    expect(commandIn(`/countersign${" ".repeat(60_000)}x`)?.name).toBe("help");
    expect(performance.now() - started).toBeLessThan(100);
  });
});
