import { marked } from "marked";
import { afterEach, describe, expect, it } from "vitest";
import { bytesOf } from "../../src/reports/fitted.ts";
import { agent, POLICY } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const low = (model = MODEL) => ({ "services/low/agent.py": agent(model) });

describe("what the App writes", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
  };
  afterEach(() => s.end());
  /** What was sent to GitHub as check runs, in order. */
  const runs = () =>
    s.github.recorded
      .filter(({ method, path }) => method !== "GET" && /\/check-runs(?:\/\d+)?$/.test(path))
      .map(({ body }) => body as { status: string; conclusion?: string; head_sha?: string; output: Output });
  interface Output {
    readonly title: string;
    readonly summary: string;
    readonly text?: string;
    readonly annotations?: readonly unknown[];
  }

  it("P12 P13 through a pull request's life only answers that GitHub cannot take for a pass, and waiting is completed", async () => {
    await start();
    const ungoverned = await s.open("docs", { "README.md": "# Agents\n" });
    const pull = await s.open("life", low());
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    expect(s.check(pull)?.status).toBe("completed");
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "life", { "services/low/old.py": agent("gpt-3.5-turbo-0301") }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^(?:action_required|failure)/);
    const blocked = await s.open("blocked", { ".github/countersign.yml": "version: 2\n" });
    expect(await s.verdict(blocked)).toMatch(/^failure/);
    await s.setState(blocked, "closed");
    await s.setState(ungoverned, "closed");
    await s.idle();
    await s.setState(ungoverned, "open");
    await s.idle();
    s.github.faults.push({ matches: (_, path) => path.includes("/compare/"), times: 4, answer: { status: 500 } });
    const fault = await s.open("fault", low("o3-2025-04-16"));
    expect(await s.verdict(fault)).toMatch(/^(?:failure|action_required)/);
    await s.restart({ mode: "observe" });
    expect(await s.verdict(ungoverned)).toMatch(/^success/);
    const seen = new Set(runs().map(({ status, conclusion }) => `${status} ${conclusion ?? "-"}`));
    expect([...seen].sort()).toEqual([
      "completed action_required",
      "completed failure",
      "completed success",
      "in_progress -",
    ]);
  });

  it("P14 a change with hundreds of findings fits GitHub's limits, and no annotation comes twice", async () => {
    await start();
    const many = Object.fromEntries(
      Array.from({ length: 160 }, (_, at) => [
        `services/low/${"long-folder-name/".repeat(10)}agent-${at}.py`,
        agent(`gpt-4o-${at % 2 === 0 ? "mini-2024-07-18" : "2024-08-06"}`),
      ]),
    );
    const pull = await s.open("many", many);
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    await s.approve(pull, "olga");
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    const notes = s.check(pull)?.annotations ?? [];
    expect(notes.length).toBe(100);
    expect(new Set(notes.map((note) => JSON.stringify(note))).size).toBe(notes.length);
    for (const { output } of runs()) {
      expect(bytesOf(output.summary)).toBeLessThanOrEqual(65_535);
      expect(bytesOf(output.text ?? "")).toBeLessThanOrEqual(65_535);
      expect(output.annotations?.length ?? 0).toBeLessThanOrEqual(50);
    }
    for (const body of s.comments(pull)) expect(bytesOf(body)).toBeLessThanOrEqual(65_000);
    for (const { actions } of s.repository.checkRuns.filter(({ app }) => app === s.app)) {
      expect(actions.length).toBeLessThanOrEqual(3);
      for (const { label } of actions as { label: string }[]) expect(label.length).toBeLessThanOrEqual(20);
    }
    expect(s.check(pull)?.output.summary).toMatch(/\d+ more/);
  });

  it("P18 every run stands on a head of a pull request, whatever the base does, never on a merge of the two", async () => {
    await start();
    const heads = new Set<string>();
    const pull = await s.open("moves", low());
    heads.add(pull.head.sha);
    await s.idle();
    s.act.push(s.repository, "main", { "docs/x.md": "x\n" }, { by: "root" });
    await s.idle();
    heads.add(s.act.push(s.repository, "moves", low("o3-2025-04-16"), { by: "dora" }));
    await s.idle();
    const posted = runs().flatMap(({ head_sha }) => (head_sha === undefined ? [] : [head_sha]));
    expect(new Set(posted)).toEqual(heads);
  });

  it("P39 names, titles and prompts of others notify nobody and format nothing, wherever they are shown", async () => {
    await start();
    const evil = "`@acme/ml` <img src=x> ::error:: [a](http://e.example) #1 &#64;olga";
    const pull = await s.open("evil-@olga", {
      [`services/low/prompts/${evil.replaceAll("/", "-")}.md`]: `${evil}\nYou are an agent of @acme/ml. <script>\n`,
      "services/low/agent.py": agent(`gpt-4o-\`@olga\`-${MODEL}`),
    });
    pull.title = `${evil} @anna`;
    expect(await s.verdict(pull)).toMatch(/^(?:action_required|failure)/);
    await s.approve(pull, "olga");
    s.act.push(s.repository, "evil-@olga", { "services/low/prompts/x\n@anna\n# Approved.md": "Be @anna.\n" });
    await s.idle();
    const { summary, text } = s.check(pull)?.output ?? {};
    for (const markdown of [summary ?? "", text ?? "", ...s.comments(pull)]) {
      const html = marked.parse(markdown, { async: false }).replace(/<!-- [^<>]* -->/, "");
      const outside = html.replace(/<code>[^<]*<\/code>/g, "code").replace(/<\/?[a-z0-9]+(?: href="[^"]*")?>/g, "\n");
      expect(outside.replace(/&lt;|&gt;|&quot;|&amp;/g, " ")).not.toMatch(/@[\w-]|<|#\d|:\/\//);
      expect(html).not.toMatch(/<(?:img|script|h1)/);
      for (const [, href = ""] of html.matchAll(/href="([^"]*)"/g))
        expect(href.startsWith(`${s.github.url}/acme/agent/`) || href.startsWith("https://github.com/")).toBe(true);
    }
    // It is shown all the same, as code.
    expect(summary).toContain("::error::");
    expect(summary).toContain("<img src=x>");
  });

  it("S22 a check that passed rewrites the run, and no comment", async () => {
    await start();
    const pull = await s.open("evals", { "services/medium/agent.py": agent(MODEL) });
    await s.approve(pull, "olga", "rita");
    expect(await s.verdict(pull)).toBe("action_required: High risk: needs `evals`");
    const before = s.comments(pull);
    s.evals(pull, null);
    await s.idle();
    const from = s.github.recorded.length;
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(s.writes(from).filter((write) => !write.includes("/check-runs"))).toEqual([]);
    expect(s.comments(pull)).toEqual(before);
  });

  it("S22 nothing is written again because the program was started again, or because the base goes on", async () => {
    await start();
    const pull = await s.open("waits", low());
    await s.approve(pull, "olga");
    await s.idle();
    const from = s.github.recorded.length;
    for (const round of ["one", "two"]) {
      s.act.push(s.repository, "main", { "docs/other.md": `${round}\n` }, { by: "root" });
      await s.idle();
      await s.restart();
      await s.comment(pull, "ben", "Looks good.");
      s.later(86_400_000);
      await s.idle();
    }
    const sent = [...s.github.deliveries.sent];
    for (const { event, payload } of sent) s.github.deliveries.send(event, s.repository, payload);
    await s.idle();
    expect(s.writes(from)).toEqual([]);
  });

  it("P43 S20 every token reaches one repository with what its job needs", async () => {
    await start({ files: { ".github/countersign.yml": POLICY } });
    s.github.world.repository("acme/.github", { "countersign.yml": "version: 1\n" });
    const pull = await s.open("tokens", low());
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const asked = s.github.recorded
      .filter(({ path }) => path.endsWith("/access_tokens"))
      .map(({ body }) => body as Record<string, unknown>);
    expect(asked.map((body) => JSON.stringify(body)).sort()).toEqual(
      [
        {
          repository_ids: [s.repository.id],
          permissions: {
            actions: "read",
            checks: "write",
            contents: "read",
            issues: "read",
            pull_requests: "write",
          },
        },
        { repository_ids: [s.repository.id], permissions: { members: "read" } },
        { repositories: [".github"], permissions: { contents: "read" } },
      ]
        .map((body) => JSON.stringify(body))
        .sort(),
    );
  });
});
