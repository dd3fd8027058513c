import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

const read = (text: string) => literalsOf(".env", text);

describe("environment files", () => {
  it("names, exports, quotes and comments", () => {
    const text = `# OLD_KEY=1
A=plain value # why
export B="x\\ny" # then
 C = 'raw\\n'
D=\`tick "s"\`
E=
F: colon
G=a#b
H="a#b"
`;
    expect(read(text)).toEqual([
      "2 A = plain value",
      "3 B = x\\ny",
      "4 C = raw\\\\n",
      '5 D = tick \\"s\\"',
      "6 E = ",
      "7 F = colon",
      "8 G = a#b",
      "9 H = a#b",
    ]);
    expect(commentsOf(".env", text)).toEqual(["1 OLD_KEY=1", "2 why", "3 then"]);
    expect(sideOf(".env", text).parsed).toBe(true);
  });

  it("a backslash before a single quote is only a backslash", () => {
    expect(read("A='C:\\dir\\'\nB=x")).toEqual(["1 A = C:\\\\dir\\\\", "2 B = x"]);
  });

  it("a quoted value may span lines, and names in it are no names", () => {
    expect(read('A="one\nB=two\nthree"\nC=4')).toEqual(["1 A = one\\nB=two\\nthree", "4 C = 4 (number)"]);
  });

  it("a quote that does not close belongs to the value", () => {
    expect(read("A='x\nB=it's\nC=\"y")).toEqual(["1 A = x\\nB=it", '3 C = \\"y']);
    expect(read("A='x\nB=y")).toEqual(["1 A = 'x", "2 B = y"]);
  });

  it("other lines make it a file that does not parse", () => {
    expect(sideOf(".env", "A=1\nsource x\n").parsed).toBe(false);
    expect(read("source x\nA=1")).toEqual(["2 A = 1 (number)"]);
  });

  it.each([".env", ".env.local", ".env.example", "config/prod.env", ".envrc", ".dev.vars", "app.env.production"])(
    "reads %s",
    (path) => {
      expect(literalsOf(path, "A=x")).toEqual(["1 A = x"]);
    },
  );

  it.each([".env.md", "vite-env.txt", "x.env.html"])("does not read %s", (path) => {
    expect(literalsOf(path, "A=x")).toEqual([]);
  });
});
