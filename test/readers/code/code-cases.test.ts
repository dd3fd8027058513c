import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { literalsOf } from "../reading.ts";

const FOLDER = new URL("cases/", import.meta.url);

/** One file a language: programs and, behind `=>`, the literals they give, a line each: line, names, value. */
describe.each(readdirSync(FOLDER).sort())("%s", (name) => {
  const path = `src/${name.replace(/\.cases$/, "")}`;
  const cases = readFileSync(new URL(name, FOLDER), "utf8")
    .split(/^----\n/m)
    .map((text): [string, string[]] => {
      const [code = "", expected = ""] = text.split(/^=>\n/m);
      return [code.replace(/\n$/, ""), expected.split("\n").filter((line) => line !== "")];
    });

  it("has cases", () => expect(cases.length).toBeGreaterThan(3));

  it.each(cases)("%j", (code, expected) => {
    expect(literalsOf(path, code)).toEqual(expected);
  });
});
