import { describe, expect, it } from "vitest";
import { literalsOf, sideOf } from "./reading.ts";

describe("front matter", () => {
  it("settings between the rules are values, the prose below is not", () => {
    const text = "---\nname: a\nmodel:\n  api: chat\ntools: [x, y]\n---\nsystem:\nmodel: none\n---\nb: c\n";
    expect(literalsOf("x.prompty", text)).toEqual([
      "2 name = a",
      "4 model/api = chat",
      "5 tools/0 = x",
      "5 tools/1 = y",
    ]);
    expect(sideOf("x.prompty", text).parsed).toBe(true);
  });

  it("TOML between pluses, and a rule with blanks behind it", () => {
    expect(literalsOf("x.md", '+++\n[a]\nb = "c"\n+++\nd = "e"\n')).toEqual(["3 a/b = c"]);
    expect(literalsOf("x.md", "---\na: b\n---  \nc: d\n")).toEqual(["2 a = b"]);
  });

  it("without a closing rule, or not at the top, it is prose", () => {
    expect(literalsOf("x.md", "---\na: b\nmore\n")).toEqual([]);
    expect(literalsOf("x.md", "\n---\na: b\n---\n")).toEqual([]);
    expect(literalsOf("x.md", "model: gpt\n")).toEqual([]);
  });

  it("settings that do not parse are read by lines", () => {
    const side = sideOf("a.mdc", "---\ndescription: Use: it\nglobs: *.ts\nmodel: m\n---\nx: y\n");
    expect(side.parsed).toBe(false);
    expect(side.literals.map(({ path, value, line }) => [path.join("/"), value, line])).toEqual([
      ["description", "Use: it", 2],
      ["globs", "*.ts", 3],
      ["model", "m", 4],
    ]);
  });
});
