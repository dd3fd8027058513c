import { describe, expect, it } from "vitest";
import { run } from "../../src/commands/run.ts";
import { plain } from "../../src/reports/plain.ts";
import { wrapped } from "../../src/reports/wrapped.ts";
import { recorded, testRepository } from "../commands/repository.ts";

/** A change whose paths and values would do harm where they are printed as they are. */
function hostile() {
  const repo = testRepository();
  const path = "app/`|@octocat\u001b[2J\n## Approved\n.yaml";
  repo.commit({ "x.txt": "x" });
  repo.git("checkout", "-q", "-b", "feature");
  repo.commit({
    [path]: "model: gpt-4o\n",
    "prompts/system.md":
      "You are @octocat. Never `do` | <img src=x> [a](javascript:b) ![x](https://evil.example/x) \u001b[31mred \u202egnp\u202c.\n",
  });
  return repo;
}

async function report(format: string, repo = hostile()): Promise<string> {
  const { io, out } = recorded();
  await run(["check", "--repo", repo.directory, "--base", "main", "--head", "feature", "--format", format], io);
  return out();
}

describe("text of others", () => {
  it("moves no cursor and hides nothing in a terminal", async () => {
    const text = await report("text");
    expect(text).toContain("prompts/system.md");
    expect(text).toContain("\\u{1b}");
    expect(text.replaceAll("\n", "")).not.toMatch(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    expect(text).not.toMatch(/^## Approved/m);
  });

  it("is inert in Markdown: no mention, image, link, heading or table cell of its own", async () => {
    const text = await report("markdown");
    const outside = text.replace(/(`+) ?[\s\S]*?[^`]\1(?!`)/g, "code");
    expect(outside).not.toMatch(/@(?!\u2060)\w|<img|\]\(|!\[/);
    const headings = text.match(/^#.*$/gm) ?? [];
    expect(headings.slice(1).every((line) => /^### [A-Z][a-z ]+$/.test(line))).toBe(true);
    for (const row of outside.split("\n").filter((line) => line.startsWith("| ")))
      expect([2, 4]).toContain(row.slice(2, -2).split(" | ").length);
  });

  it("is exact in JSON", async () => {
    const { findings } = JSON.parse(await report("json"));
    const paths = findings.map((finding: { place: { after: { path: string } } }) => finding.place.after.path);
    expect(paths).toContain("app/`|@octocat\u001b[2J\n## Approved\n.yaml");
  });
});

describe("long reports", () => {
  it("stay below what GitHub takes, and say how much they leave out", async () => {
    const repo = testRepository();
    repo.commit({ "x.txt": "x" });
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit(
      Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`app/${"deep/".repeat(20)}${index}.yaml`, "model: gpt-4o\n"]),
      ),
    );
    const text = await report("markdown", repo);
    expect(text.length).toBeLessThan(65_535);
    expect(text).toMatch(/… and \d+ more/);
    expect((await report("text", repo)).match(/\/\d+\.yaml$/gm)).toHaveLength(300);
  });
});

describe("plain text", () => {
  it.each([
    ["a\nb\tc", "a⏎b c"],
    ["\u001b[31m", "\\u{1b}[31m"],
    ["a\u202eb\u200bc\ufeff", "a\\u{202e}b\\u{200b}c\\u{feff}"],
    ["caf\ufffdE9", "caf\ufffdE9"],
    ["😀é", "😀é"],
  ])("%j is %j", (text, expected) => expect(plain(text)).toBe(expected));

  it("is cut at its limit", () => {
    expect(plain("x".repeat(200), 10)).toBe(`${"x".repeat(10)}…`);
  });
});

describe("wrapped text", () => {
  it.each([
    ["one two three four", 11, ["  one two", "   three", "   four"]],
    ["averyverylongword b", 8, ["  averyverylongword", "   b"]],
    ["", 8, ["  "]],
  ] as const)("%j in %i columns", (text, width, lines) => expect(wrapped(text, width, "  ", "   ")).toEqual(lines));

  it("is one line without a width", () => {
    expect(wrapped("a b c", null, "  ", "    ")).toEqual(["  a b c"]);
  });
});

describe("a warning", () => {
  it("is marked as one in every report, so that nobody takes it for done", async () => {
    const repo = hostile();
    expect(await report("text", repo)).toMatch(/\n {2}! no check of the policy covers model and prompt/);
    expect(await report("markdown", repo)).toMatch(/^- ⚠️ no check of the policy covers model and prompt/m);
    const { requirements } = JSON.parse(await report("json", repo));
    const warnings = requirements.filter(({ warning }: { warning?: true }) => warning);
    expect(warnings).toMatchObject([{ kind: "check", state: "met" }]);
  });
});
