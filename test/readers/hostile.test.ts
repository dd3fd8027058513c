import { describe, expect, it } from "vitest";
import { sideOf } from "./reading.ts";

/** What a reader that looks at anything twice would not get through: a square of this many steps takes hours. */
const SIZE = 1_000_000;

/** Path, a unit that repeats, and what stands before it. */
const REPEATED: readonly (readonly [string, string, string])[] = [
  ["a.json", "[", ""],
  ["a.json", '{"a":', ""],
  ["a.json", '"a', "["],
  ["a.json", "/*", ""],
  ["a.json", "\\", '"'],
  ["a.toml", "[", "a = "],
  ["a.toml", "{a=", "a = "],
  ["a.toml", "[[a]]\n", ""],
  ["a.toml", "a.", "["],
  ["a.toml", '""', 'a = """'],
  ["a.toml", "\\\n ", 'a = """'],
  [".env", "A='x\nB=\"y\n", ""],
  [".env", "export ", ""],
  [".env", "\\", "A='"],
  ["main.tf", "a {\n", ""],
  ["main.tf", "[", "a = "],
  ["main.tf", "f(", "a = "],
  ["main.tf", "${", 'a = "'],
  ["main.tf", '${"', 'a = "'],
  ["main.tf", "a = <<E\n", ""],
  ["main.tf", "/*", ""],
  ["main.tf", "[for x in ", "a = "],
  ["a.baml", "a {\n", ""],
  ["a.baml", '#"', 'prompt #"'],
  ["a.baml", ' "', "a "],
  ["a.baml", "@a(", "a "],
  ["a.baml", "f(\n", ""],
  ["setup.cfg", "a", ""],
  ["setup.cfg", " ", "a"],
  ["setup.cfg", "a = b\n  c\n", ""],
  ["a.properties", "\\\n", "a="],
  ["a.properties", "a\\\\", ""],
  ["pom.xml", "<a>", ""],
  ["pom.xml", "<!a>", "<a>"],
  ["pom.xml", "<a b='", ""],
  ["pom.xml", "<![CDATA[", "<a>"],
  ["pom.xml", "&amp;", "<a>"],
  ["a.md", "---x\n", "---\n"],
  ["requirements.txt", "a \\\n", ""],
  ["requirements.txt", "[", "a"],
  ["go.mod", "require (\n", ""],
  ["Gemfile", "gem '", ""],
  ["build.gradle", "/*\n", ""],
  ["build.gradle", "'\\", ""],
  ["package-lock.json", '"\n', ""],
  ["package-lock.json", '": "', ""],
  ["yarn.lock", "@", ""],
  ["pnpm-lock.yaml", "/a", "packages:\n  "],
  ["poetry.lock", 'name = "', ""],
  ["bun.lock", '": ["', ""],
];

describe("hostile input", () => {
  it.each(REPEATED)("%s: %j over and over after %j", (path, unit, before) => {
    const side = sideOf(path, before + unit.repeat(Math.ceil(SIZE / unit.length)));
    expect(side.binary).toBe(false);
    expect(side.literals.every(({ line }) => line >= 1)).toBe(true);
  });

  /** The YAML library costs microseconds a character, so its inputs are shorter; a square would still not end. */
  it.each([
    "[",
    "{a: ",
    "- ",
    "? ",
    '"',
    "&a *a ",
    "!t ",
    "a:\n ",
    "<<: *a\n",
    "- - ",
    "|\n",
    "'x\n",
    "# x\n",
    "{{ x }}\n  k:\n",
    "a: |\n  {{ x }}\n",
  ])("YAML: %j over and over", (unit) => {
    const side = sideOf("a.yml", `a: [${unit.repeat(Math.ceil(100_000 / unit.length))}`);
    expect(side.literals.every(({ line }) => line >= 1)).toBe(true);
  });

  it("one line of 5 MB is one value", () => {
    const long = "x".repeat(5_000_000);
    expect(sideOf("a.json", `{"a": "${long}"}`).literals[0]?.value.length).toBe(5_000_000);
    expect(sideOf("a.toml", `a = "${long}"`).literals[0]?.value.length).toBe(5_000_000);
    expect(sideOf("a.yml", `a: ${long}`).literals[0]?.value.length).toBe(5_000_000);
    expect(sideOf(".env", `A=${long}`).literals[0]?.value.length).toBe(5_000_000);
    expect(sideOf("main.tf", `a = "${long}"`).literals[0]?.value.length).toBe(5_000_000);
    expect(sideOf("setup.cfg", `a = ${long}`).literals[0]?.value.length).toBe(5_000_000);
    expect(sideOf("pom.xml", `<a>${long}</a>`).literals[0]?.value.length).toBe(5_000_000);
  });

  it("values below the deepest nesting that is read make a file that does not parse", () => {
    const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(sideOf("a.json", deep("[", "]", 100)).parsed).toBe(true);
    expect(sideOf("a.json", deep("[", "]", 5000)).parsed).toBe(false);
    expect(sideOf("a.yml", deep("[", "]", 50)).parsed).toBe(true);
    expect(sideOf("a.yml", deep("[", "]", 5000)).parsed).toBe(false);
    expect(sideOf("a.toml", `a = ${deep("[", "]", 50)}`).parsed).toBe(true);
    expect(sideOf("a.toml", `a = ${deep("[", "]", 5000)}`).parsed).toBe(false);
    expect(sideOf("main.tf", `a = ${deep("[", "]", 50)}`).parsed).toBe(true);
    expect(sideOf("main.tf", `a = ${deep("[", "]", 5000)}`).parsed).toBe(false);
    expect(sideOf("pom.xml", deep("<a>", "</a>", 100)).parsed).toBe(true);
    expect(sideOf("pom.xml", deep("<a>", "</a>", 5000)).parsed).toBe(false);
  });

  it("padding hides nothing", () => {
    const padding = Array.from({ length: 50_000 }, (_, index) => `k${index}: v${index}`).join("\n");
    expect(sideOf("a.yml", `${padding}\nmodel: gpt\n`).literals.at(-1)).toMatchObject({
      path: ["model"],
      value: "gpt",
      line: 50_001,
    });
  });

  it("a file of more values than configuration has is not taken whole, and says so", () => {
    const side = sideOf("a.json", `[${"1,".repeat(1_100_000)}1]`);
    expect([side.literals.length, side.parsed]).toEqual([1_000_000, false]);
    const comments = sideOf("a.json", "//\n".repeat(1_100_000));
    expect([comments.comments.length, comments.parsed]).toEqual([1_000_000, false]);
  });

  it("texts too long to be parsed are read by lines, and what they hold is still seen", () => {
    const text = `${"# padding of no interest\n".repeat(400_000)}model = "gpt"\n`;
    for (const path of ["a.py", "a.toml", "main.tf"]) {
      const side = sideOf(path, text);
      expect(side.parsed).toBe(false);
      expect(side.literals).toEqual([{ path: ["model"], value: "gpt", kind: "string", line: 400_001 }]);
    }
    expect(sideOf("a.yml", `llm:\n${"  # padding\n".repeat(200_000)}  model: gpt\n`).literals).toEqual([
      { path: ["llm", "model"], value: "gpt", kind: "string", line: 200_002 },
    ]);
  });
});
