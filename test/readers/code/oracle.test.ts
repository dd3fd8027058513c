import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lezerRanges, ORACLES, scannedRanges } from "./oracle.ts";

function filesOf(folder: string, suffix: string): readonly { extension: string; text: string }[] {
  const url = new URL(`${folder}/`, import.meta.url);
  return readdirSync(url).flatMap((name) => {
    const extension = name.replace(suffix, "").split(".").at(-1) ?? "";
    return ORACLES.includes(extension) ? [{ extension, text: readFileSync(new URL(name, url), "utf8") }] : [];
  });
}

describe("strings and comments lie where lezer's grammars find them", () => {
  it.each(filesOf("samples", ".sample").map((file) => [file.extension, file.text]))(
    "sample program: %s",
    (extension, text) => {
      expect(scannedRanges(text, `a.${extension}`)).toEqual(lezerRanges(text, extension));
    },
  );

  const cases = filesOf("cases", ".cases").flatMap(({ extension, text }) =>
    text.split(/^----\n/m).map((one) => [extension, one.split(/^=>\n/m)[0] ?? ""] as const),
  );
  it.each(cases)("%s: %j", (extension, text) => {
    const expected = lezerRanges(text, extension);
    if (expected) expect(scannedRanges(text, `a.${extension}`)).toEqual(expected);
  });

  it("nearly all cases are programs to lezer", () => {
    const programs = cases.filter(([extension, text]) => lezerRanges(text, extension) !== null);
    expect(programs.length / cases.length).toBeGreaterThan(0.85);
  });
});

/** Expressions and comments of a language, a piece each. */
function piecesOf(extension: string): readonly (readonly string[])[] {
  const text = readFileSync(new URL(`pieces/${extension}.pieces`, import.meta.url), "utf8");
  return text
    .slice(0, -1)
    .split("\n====\n")
    .map((part) => part.split("\n----\n"));
}

/** Programs of calls that pass some of the expressions, with comments between. */
function programs(extension: string): fc.Arbitrary<string> {
  const [expressions = [], comments = []] = piecesOf(extension);
  const comment = fc.constantFrom(...comments, " ", " ");
  const operands = fc.array(fc.constantFrom(...expressions), { minLength: 1, maxLength: 4 });
  const end = extension === "py" ? "" : ";";
  const statement = fc
    .tuple(operands, comment, comment)
    .map(([list, between, behind]) => `f(${list.join(`, ${between}`)})${end} ${behind}\n`);
  return fc
    .array(statement, { minLength: 1, maxLength: 8 })
    .map((statements) => framed(extension, statements.join("")));
}

function framed(extension: string, body: string): string {
  if (extension === "go") return `package a\nfunc m() {\n${body}}\n`;
  if (extension === "java") return `class A { void m() {\n${body}} }\n`;
  if (extension === "rs") return `fn m() {\n${body}}\n`;
  return extension === "php" ? `<?php\n${body}` : body;
}

describe("generated programs", () => {
  it.each(["py", "ts", "go", "java", "rs", "php"])("of %s: the same strings and comments as lezer", (extension) => {
    let compared = 0;
    fc.assert(
      fc.property(programs(extension), (text) => {
        const expected = lezerRanges(text, extension);
        if (!expected) return;
        compared += 1;
        expect(scannedRanges(text, `a.${extension}`)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(200);
  });
});
