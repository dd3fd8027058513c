import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../src/governance/configuration-file.ts";
import { evaluatingView, pullRequestView, RE_EVALUATE, unevaluatedView } from "../../src/reports/check-run.ts";
import { COMMENT_MARKER } from "../../src/reports/comment.ts";
import { bytesOf } from "../../src/reports/fitted.ts";
import type { PullRequestView } from "../../src/reports/pull-request-view.ts";
import { starterPolicy } from "../../src/reports/starter-policy.ts";
import { decideSituation, HEAD } from "../core/situation.ts";
import { CONTEXT, EXAMPLES, viewOf } from "./views.ts";

/** A view as one text that people can read. */
function written({ checkRun, comment }: PullRequestView): string {
  const notes = checkRun.annotations.map(
    ({ path, startLine, level, title, message }) => `${level} ${path}:${startLine} ${title}\n${message}`,
  );
  const part = (name: string, text: string) => (text === "" ? "" : `\n<!-- ${name} -->\n\n${text}\n`);
  return [
    `# ${checkRun.title}\n\n\`${checkRun.name}\` ${checkRun.status}, ${checkRun.conclusion}\n`,
    part("summary", checkRun.summary),
    part("text", checkRun.text),
    part("annotations", notes.length === 0 ? "" : `\`\`\`\n${notes.join("\n\n")}\n\`\`\``),
    part("comment", comment ?? ""),
  ].join("");
}

const file = (name: string) => `../../fixtures/reports/${name.replaceAll(" ", "-")}.md`;

describe("what a pull request shows", () => {
  const names = Object.keys(EXAMPLES) as (keyof typeof EXAMPLES)[];
  it.each(names.filter((name) => name !== "many findings"))("is exact: %s", async (name) => {
    await expect(written(viewOf(EXAMPLES[name]))).toMatchFileSnapshot(file(name));
  });

  it("is exact while it is being looked at", async () => {
    const view = evaluatingView(CONTEXT, "The policy of the default branch changed");
    await expect(written(view)).toMatchFileSnapshot(file("evaluating"));
  });

  it("P13 is exact when it could not be looked at, and gives a reference and nothing else", async () => {
    const view = unevaluatedView(CONTEXT, { reference: "01JD-7F3A", said: null });
    await expect(written(view)).toMatchFileSnapshot(file("could not be evaluated"));
    expect(view.comment).toBeNull();
  });

  it("says what an administrator can do where that is known", () => {
    const said = { message: "GitHub answered 403", remedy: "Accept the permissions of the App." };
    const { summary } = unevaluatedView(CONTEXT, { reference: "x", said }).checkRun;
    expect(summary).toContain("GitHub answered 403. Accept the permissions of the App.");
  });
});

describe("a conclusion", () => {
  const conclusions = {
    waiting: "action_required",
    approved: "success",
    "a failed check": "failure",
    "blocked by a secret": "failure",
    "broken rules": "failure",
    "broken rules and nothing governed": "failure",
    observed: "success",
    advisory: "success",
    "no policy": "success",
    "not governed": "success",
  } as const;
  it.each(Object.entries(conclusions))("P12 P13 of %s is %s", (name, conclusion) => {
    expect(viewOf(EXAMPLES[name as keyof typeof EXAMPLES]).checkRun).toMatchObject({ status: "completed", conclusion });
  });
  it("P12 P13 is none while evaluating, and a failure when that was not possible", () => {
    expect(evaluatingView(CONTEXT).checkRun).toMatchObject({ status: "in_progress", conclusion: null });
    const { checkRun } = unevaluatedView(CONTEXT, { reference: "x", said: null });
    expect(checkRun).toMatchObject({ status: "completed", conclusion: "failure" });
  });
});

describe("a title", () => {
  it("is the answer, with names", () => {
    expect(viewOf(EXAMPLES["an invalidated approval"]).checkRun.title).toBe("High risk: needs @octocat (system owner)");
  });
  it("S18 carries the time at which an approval ends by itself", () => {
    expect(viewOf(EXAMPLES.approved).checkRun.title).toMatch(/, until 2026-12-08 09:00 UTC$/);
  });
  it.each(Object.entries(EXAMPLES))("of %s is one line that reads well", (_, example) => {
    const { title } = viewOf(example).checkRun;
    expect(title.length).toBeLessThan(140);
    expect(title).not.toMatch(/[\0-\x1f]/);
  });
  it("asks a team by its name, and a crowd as one of the role", () => {
    const policy = { ...EXAMPLES.waiting.situation.policy, tiers: { high: { approvals: [{ role: "ai-reviewer" }] } } };
    const view = viewOf({ situation: { ...EXAMPLES.waiting.situation, policy } });
    expect(view.checkRun.title).toContain("@acme/ml (AI reviewer)");
  });
});

describe("the comment", () => {
  it.each(["observed", "advisory", "no policy", "not governed", "broken rules and nothing governed"] as const)(
    "is not written for %s",
    (name) => {
      expect(viewOf(EXAMPLES[name]).comment).toBeNull();
    },
  );
  it("goes on to say what is, where one stands already", () => {
    const view = viewOf({ ...EXAMPLES["not governed"], context: { commented: true } });
    expect(view.comment).toContain("Nothing in this pull request is governed any more");
    const observed = viewOf({ ...EXAMPLES.observed, context: { commented: true } });
    expect(observed.comment).toContain("Nothing is enforced on this pull request any more");
  });
  it("S22 is the same whatever became of a check", () => {
    const { comment } = viewOf(EXAMPLES.approved);
    expect(viewOf(EXAMPLES["a failed check"]).comment).toBe(comment);
    expect(viewOf(EXAMPLES["waiting for a check alone"]).comment).toBe(comment);
    expect(comment?.startsWith(COMMENT_MARKER)).toBe(true);
    expect(comment).toContain("`evals / regression`");
  });
});

describe("limits (P14)", () => {
  it("the button keeps to them", () => {
    expect(RE_EVALUATE.label.length).toBeLessThanOrEqual(20);
    expect(RE_EVALUATE.description.length).toBeLessThanOrEqual(40);
    expect(RE_EVALUATE.identifier.length).toBeLessThanOrEqual(20);
  });
  it.each([64, 3_000])("%i findings fit, and how many were left out is said", (amount) => {
    const changes = Array.from({ length: amount }, (_, at) => ({
      path: `services/support/${"😀/".repeat(30)}${at}.py`,
      old: "漢".repeat(300),
      value: `${at}${"\u202e".repeat(300)}`,
    }));
    const { checkRun, comment } = viewOf({ situation: { ...EXAMPLES.waiting.situation, changes } });
    for (const text of [checkRun.summary, checkRun.text]) {
      expect(bytesOf(text)).toBeLessThanOrEqual(65_535);
      expect(text).toMatch(/… and \d+ more/);
    }
    expect(bytesOf(comment ?? "")).toBeLessThanOrEqual(65_000);
    expect(checkRun.annotations.length).toBe(Math.min(amount, 100));
  });
  it("a text that no shorter list makes fit ends behind a line", () => {
    const notes = Array.from({ length: 50 }, () => "漢".repeat(400));
    const reviews = Array.from({ length: 40 }, (_, at) => `person-${at}`);
    const people = Array.from({ length: 300 }, (_, at) => `@${"x".repeat(30)}-${at}`);
    const policy = { ...EXAMPLES.waiting.situation.policy, contact: people[0] ?? "", roles: { "risk-owner": people } };
    const view = viewOf({ situation: { ...EXAMPLES.waiting.situation, policy, reviews }, context: { notes } });
    expect(bytesOf(view.checkRun.summary)).toBeLessThanOrEqual(65_535);
  });
});

describe("annotations", () => {
  it("stand on lines of the head only, the heaviest first where there are too many", () => {
    const changes = Array.from({ length: 120 }, (_, at) => ({
      path: `services/support/${at}.py`,
      severity: at < 110 ? ("minor" as const) : ("major" as const),
    }));
    const removed = { path: "services/support/gone.py", removed: true };
    const { annotations } = viewOf({
      situation: { ...EXAMPLES.waiting.situation, changes: [...changes, removed] },
    }).checkRun;
    expect(annotations).toHaveLength(100);
    expect(annotations.filter(({ level }) => level === "warning")).toHaveLength(10);
    expect(annotations.map(({ path }) => path)).not.toContain("services/support/gone.py");
  });
  it("come with those of the caller, each once, and never at a path that hides characters", () => {
    const note = {
      path: ".github/countersign.yml",
      startLine: 3,
      endLine: 3,
      level: "notice",
      title: "looser than the organisation's",
      message: "the stricter value holds",
    } as const;
    const hidden = { ...note, path: "a\u202eb" };
    const view = viewOf({ ...EXAMPLES.waiting, context: { annotations: [note, note, hidden] } });
    expect(view.checkRun.annotations.filter(({ path }) => path.startsWith(".github/"))).toEqual([note]);
    expect(view.checkRun.annotations).toHaveLength(3);
  });
  it("of a certain secret are failures", () => {
    const levels = viewOf(EXAMPLES["blocked by a secret"]).checkRun.annotations.map(({ level }) => level);
    expect(levels).toEqual(["warning", "failure"]);
  });
});

describe("the starter policy", () => {
  it.each([true, false])("is one that reads, and observes (organisation: %s)", (ownedByOrganization) => {
    const text = starterPolicy({ owner: "acme", ownedByOrganization });
    const parsed = parsePolicy(Buffer.from(text), "countersign.yml");
    expect(parsed).toMatchObject({ ok: true, value: { version: 1, mode: "observe" } });
  });
  it("reads with its comments taken away as well", () => {
    const text = starterPolicy({ owner: "acme", ownedByOrganization: true });
    const open = text.replace(/^# (?=roles:| {2}|contact:)/gm, "");
    const parsed = parsePolicy(Buffer.from(open), "countersign.yml");
    expect(parsed).toMatchObject({ ok: true, value: { roles: { "ai-reviewer": ["@acme/your-team"] } } });
  });
  it("opens on the repository's own server, on its default branch", () => {
    const place = { ...CONTEXT.place, server: "https://ghe.acme.dev", defaultBranch: "release/1 #x" };
    const view = viewOf({ ...EXAMPLES["no policy"], context: { place, rules: { policy: null, baseline: null } } });
    const url = /\]\((https:[^)]*\/new\/[^)]*)\)/.exec(view.checkRun.summary)?.[1] ?? "";
    const { origin, pathname, searchParams } = new URL(url);
    expect([origin, pathname]).toEqual(["https://ghe.acme.dev", "/acme/support/new/release/1%20%23x"]);
    expect(searchParams.get("filename")).toBe(".github/countersign.yml");
    expect(searchParams.get("value")).toBe(starterPolicy(place));
  });
});

describe("the rules in force", () => {
  it("are named by version: the repository's, the organisation's, or both", () => {
    const rulesOf = (rules: typeof CONTEXT.rules) => {
      const { summary } = pullRequestView(decideSituation({}), { ...CONTEXT, rules }).checkRun;
      return /### Policy\n\n(.*)/.exec(summary)?.[1];
    };
    const policy = { commit: "1".repeat(40), blob: "2".repeat(40) };
    const own = `[\`.github/countersign.yml\`](https://github.com/acme/support/blob/${policy.commit}/.github/countersign.yml) at \`111111111111\` (blob \`222222222222\`)`;
    expect(rulesOf({ policy, baseline: null })).toBe(`${own}.`);
    expect(rulesOf({ policy, baseline: "3".repeat(64) })).toBe(
      `${own}, with the organisation's baseline \`333333333333\`.`,
    );
    expect(rulesOf({ policy: null, baseline: "3".repeat(64) })).toBe("The organisation's baseline `333333333333`.");
  });
});

it("a finding links to its line at the head, a removed one to its line at the merge base", () => {
  const changes = [{ path: "services/support/a b(1).py" }, { path: "services/support/gone.py", removed: true }];
  const { summary } = viewOf({ situation: { ...EXAMPLES.waiting.situation, changes } }).checkRun;
  expect(summary).toContain(`/blob/${HEAD}/services/support/a%20b%281%29.py#L1)`);
  expect(summary).toContain(`/blob/${"b".repeat(40)}/services/support/gone.py#L2)`);
});
