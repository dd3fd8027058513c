import { describe, expect, it } from "vitest";
import { run } from "../../src/commands/run.ts";
import { EvaluationJson } from "../../src/reports/evaluation-json.ts";
import { recorded, type TestRepository, testRepository } from "./repository.ts";

/** Three landings after the first commit: a model swapped by a merge, a page of documentation, a prompt edited on the branch. */
function history(): TestRepository & {
  readonly commits: Readonly<Record<"first" | "merge" | "docs" | "prompt", string>>;
} {
  const repository = testRepository();
  const first = repository.commit({
    "src/agent.py": 'MODEL = "gpt-4o-2024-08-06"\n',
    "prompts/a.md": "You are a clerk.\nNever guess.\n",
  });
  repository.git("checkout", "--quiet", "-b", "feature");
  repository.commit({ "src/agent.py": 'MODEL = "claude-sonnet-4-5-20250929"\n' });
  repository.commit({ "src/other.py": "x = 1\n" });
  repository.git("checkout", "--quiet", "main");
  repository.git(
    "-c",
    "user.name=A",
    "-c",
    "user.email=a@example.com",
    "merge",
    "--quiet",
    "--no-ff",
    "--message",
    "Merge feature",
    "feature",
  );
  const merge = repository.git("rev-parse", "HEAD");
  const docs = repository.commit({ "docs/page.md": "gpt-4o is mentioned.\n" });
  const prompt = repository.commit({ "prompts/a.md": "You are a clerk.\n" });
  return { ...repository, commits: { first, merge, docs, prompt } };
}

async function simulated(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const { io, out, err } = recorded(files);
  const code = await run(["simulate", ...args], io);
  return { code, out: out(), err: err() };
}

describe("countersign simulate", () => {
  it("replays what landed, merges as the pull requests they were", async () => {
    const { directory, commits } = history();
    const { code, out } = await simulated(["--repo", directory, "--format", "json"]);
    const sum = JSON.parse(out);
    expect(code).toBe(0);
    expect(sum).toMatchObject({ landings: 3, governed: 2, classes: { prompt: 1, model: 1 }, unreadable: [] });
    expect(sum.heaviest.map(({ commit }: { commit: string }) => commit).sort()).toEqual(
      [commits.merge, commits.prompt].sort(),
    );
  });

  it("takes a range, every commit by itself, and a date", async () => {
    const { directory, commits } = history();
    const sum = async (...args: string[]) =>
      JSON.parse((await simulated(["--repo", directory, "--format", "json", ...args])).out);
    expect((await sum("--range", `${commits.merge}..main`)).landings).toBe(2);
    expect((await sum("--each-commit")).landings).toBe(4);
    expect((await sum("--since", "2030-01-01")).landings).toBe(0);
  });

  it("holds the history against a candidate policy and registry", async () => {
    const { directory } = history();
    const registry =
      'version: 1\nsystems: [{ id: clerk, owner: "@olga", tier: low, paths: ["src/**", "prompts/**"] }]\n';
    const args = ["--repo", directory, "--policy", "p.yml", "--registry", "r.yml", "--format", "json"];
    const { out } = await simulated(args, {
      "p.yml": 'version: 1\ndetect: { ignore: ["prompts/**"] }\n',
      "r.yml": registry,
    });
    expect(JSON.parse(out)).toMatchObject({ governed: 1, systems: [{ system: "clerk", landings: 1 }] });
  });

  it("evaluates JSON lines one by one, and one that cannot be read stops no other", async () => {
    const { directory, commits } = history();
    const line = (base: string, head: string) => JSON.stringify({ repository: directory, base, head });
    const input = [
      line(commits.first, commits.merge),
      line(commits.merge, "nonsense"),
      "",
      line(commits.merge, commits.docs),
    ].join("\n");
    const { code, out } = await simulated(["--input", "in.jsonl"], { "in.jsonl": input });
    const answers = out
      .trim()
      .split("\n")
      .map((one) => JSON.parse(one));
    expect(code).toBe(3);
    expect(answers).toHaveLength(3);
    expect(EvaluationJson.parse(answers[0]).tier.value).toBe("high");
    expect(answers[1]).toMatchObject({ head: "nonsense", error: expect.stringContaining("nonsense") });
    expect(answers[2].decision.state).toBe("not-governed");
  });

  it.each([
    [["--since", "yesterday"], /--since is "yesterday"; expected an instant/],
    [["--range", "a..b..c"], /the range "a\.\.b\.\.c" is not of the form A\.\.B/],
    [["--format", "yaml"], /--format is "yaml"; expected text or json/],
    [["--input", "missing.jsonl"], /missing\.jsonl: cannot be read/],
    [["--sinse", "2026-01-01"], /did you mean --since\?/],
  ])("%j is refused in one line", async (args, message) => {
    const { directory } = history();
    const { code, err } = await simulated(["--repo", directory, ...args]);
    expect({ code, lines: err.trim().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(err).toMatch(message);
  });
});
