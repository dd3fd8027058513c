import { describe, expect, it } from "vitest";
import { sideOf } from "../reading.ts";

/** What a reader that looks at anything twice would not get through: a square of this many steps takes hours. */
const SIZE = 500_000;

/** Paths, and units that repeat without an end. */
const REPEATED: readonly (readonly [string, readonly string[]])[] = [
  ["a.py", ['f"{', "f'''{x:", "(a,", 'a["b"]', "[", "import a ", 'x = "a"\n', "lambda: ", '"x" in ', 'x="a",']],
  ["a.ts", ["`$".concat("{"), "/*/", "/[", "a<", "a<b,", "const { A } = process.env;", "(", "a?.", "\\u{", '"a"+']],
  ["a.tsx", ["<a ", "<a>", "<a b={", "= <T,", "{/*", "</"]],
  ["a.go", ["/* */", "T{", "a, ", "func(", "[]"]],
  ["a.java", ['"""', "@A(", "a.b(", "case a -> "]],
  ["a.kt", ['"$'.concat("{"), "/*", "/* */", '"""']],
  ["a.cs", ['$"{', '$$"""{{', '@"', "#a\n", "[A("]],
  ["a.rb", ["<<A ", "<<~A\n", "%w[", "%q(", "/[", '"#{', ":a ", "a do ", "?a", "puts "]],
  ["a.rs", ["'", 'r#"', "r#", "/*", "#[", "m!{", "match a {"]],
  ["a.php", ["<?php ", "<<<A\n", '"{$', "// ?>", "fn() => "]],
  ["a.cpp", ['R"a(', "#define A \\\n", "1'", "a::", "#include <"]],
  ["a.lua", ["[[", "[=[", "--[[", "a{", "a."]],
  ["a.ex", ["~s(", '"#{', ":a", "a[0]."]],
  ["a.ps1", ['"$(', '@"\n', "-A ", "@{"]],
  ["a.swift", ['"\\(', '#"', "[:", "a<b"]],
  ["a.sh", ['"$(', "$".concat("{a:-"), "`a", "<<A\n", "A=(", "[=[", "case x in ", "((", "$((", "a=b"]],
  ["Dockerfile", ["RUN a \\\n", "ENV A=", "# \\\n", "[", "ENV A "]],
  ["Makefile", ["define a\n", "A = \\\n", "\t\\\n", "a#"]],
  ["A.vue", ["<script>", "<script ", "<script></script>"]],
];

describe("hostile programs", () => {
  const cases = REPEATED.flatMap(([path, units]) => units.map((unit) => [path, unit] as const));
  it.each(cases)("%s: %j over and over", (path, unit) => {
    const side = sideOf(path, `x = ${unit.repeat(Math.ceil(SIZE / unit.length))}`);
    expect(side.literals.every(({ line }) => line >= 1)).toBe(true);
  });

  it.each(["a.py", "a.ts", "a.go", "a.rb", "a.sh"])("%s: one line of 5 MB is one value", (path) => {
    const long = "x".repeat(5_000_000);
    const [literal] = sideOf(path, path === "a.sh" ? `a="${long}"` : `a = "${long}"`).literals;
    expect([literal?.path, literal?.value.length]).toEqual([["a"], 5_000_000]);
  });

  it.each(["a.py", "a.ts", "a.go", "a.rs", "a.kt"])("%s: what is nested too deep is still seen, and marked", (path) => {
    const side = sideOf(path, `a = ${"[".repeat(5000)}"x"${"]".repeat(5000)}`);
    expect(side.literals.map(({ value }) => value)).toEqual(["x"]);
    expect(side.literals[0]?.path[0]).toBe("a");
    expect(side.parsed).toBe(false);
  });

  it("a path too long keeps its outermost and innermost names", () => {
    const [literal] = sideOf("a.py", `a = ${"f(x=".repeat(40)}'v'${")".repeat(40)}`).literals;
    expect(literal?.path).toHaveLength(24);
    expect([literal?.path.slice(0, 3), literal?.path.slice(-2)]).toEqual([
      ["a", "f()", "x"],
      ["f()", "x"],
    ]);
  });

  it("long type arguments do not hide the call", () => {
    const code = `tool<{ ${"key: string; ".repeat(200)} }>({ model: "x" })`;
    expect(sideOf("a.ts", code).literals).toEqual([{ path: ["tool()", "model"], value: "x", kind: "string", line: 1 }]);
  });

  it("a file of more values than programs have is not taken whole, and says so", () => {
    const side = sideOf("a.py", `[${'"",'.repeat(1_100_000)}]`);
    expect([side.literals.length, side.parsed]).toEqual([1_000_000, false]);
  });

  it.each(["a.py", "a.ts", "a.go", "a.java", "a.rs", "a.php"])("%s: padding hides nothing", (path) => {
    const start = path === "a.php" ? "<?php\n" : "";
    const padding = Array.from({ length: 50_000 }, (_, index) => `f(${index}, "v${index}");`).join("\n");
    expect(sideOf(path, `${start}${padding}\nmodel = "x";\n`).literals.at(-1)).toMatchObject({
      path: ["model"],
      value: "x",
    });
  });
});
