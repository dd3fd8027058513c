import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokensOf } from "../../../src/readers/code/code-reader.ts";
import { languageOf } from "../../../src/readers/code/language-of.ts";
import { LANGUAGES } from "../../../src/readers/code/languages.ts";
import { Gap, Kind } from "../../../src/readers/code/tokens.ts";
import { readerOf } from "../../../src/readers/index.ts";
import { sideOf } from "../reading.ts";

/** A path for each language and each reader of programs. */
const PATHS = [
  ...LANGUAGES.map(({ extensions }) => `src/a.${extensions[0]}`),
  ...["src/a.tsx", "src/A.vue", "src/a.astro", "src/a.sh", "Dockerfile", "Makefile", "bin/run"],
];

/** Pieces that mean something in one language or another. */
const PIECES = readFileSync(new URL("pieces/soup.pieces", import.meta.url), "utf8")
  .slice(0, -1)
  .split("\n----\n");
const soup = fc
  .array(fc.constantFrom(...PIECES, " ", "\n", "\n  ", "\t"), { maxLength: 60 })
  .map((list) => list.join(""));

describe.each(PATHS)("%s", (path) => {
  it("has a reader", () => {
    expect(readerOf(path)).not.toBeNull();
  });

  it("is read without a fault, whatever it holds, with lines that exist and in their order", () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary", maxLength: 300 })), (text) => {
        const { literals, comments } = sideOf(path, text);
        const last = text.split(/\r\n|\r|\n/).length;
        for (const list of [literals, comments]) {
          const lines = list.map(({ line }) => line);
          expect(lines.every((line) => line >= 1 && line <= last)).toBe(true);
          expect(lines).toEqual([...lines].sort((one, other) => one - other));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same with any line ends", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const unix = sideOf(path, text);
        const windows = sideOf(path, text.replaceAll("\n", "\r\n"));
        expect(windows.literals).toEqual(unix.literals);
        expect(windows.comments).toEqual(unix.comments);
      }),
      { numRuns: 100 },
    );
  });

  it("gives the same twice", () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(sideOf(path, text).literals).toEqual(sideOf(path, text).literals);
      }),
      { numRuns: 50 },
    );
  });
});

/** Programs of the cases, each with its path. */
const PROGRAMS = readdirSync(new URL("cases/", import.meta.url)).flatMap((name) => {
  const path = `src/${name.replace(/\.cases$/, "")}`;
  const text = readFileSync(new URL(`cases/${name}`, import.meta.url), "utf8");
  const language = languageOf(path);
  if (!language || name.includes(".tsx")) return [];
  return text.split(/^----\n/m).map((one) => ({ path, language, code: one.split(/^=>\n/m)[0] ?? "" }));
});

/** The same program with other blanks between its tokens, where the language lets them mean the same. */
function reformatted({ path, language, code }: (typeof PROGRAMS)[number], choose: (many: number) => number): string {
  const tokens = tokensOf(code, language, path);
  let text = "";
  let from = 0;
  let brackets = "";
  let string = 0;
  for (let at = 0; at + 1 < tokens.count; at += 1) {
    const detail = tokens.kinds[at] === Kind.punctuation ? String.fromCharCode(tokens.details[at] ?? 0) : "";
    if ("([{".includes(detail) && detail !== "") brackets += detail;
    else if (")]}".includes(detail) && detail !== "") brackets = brackets.slice(0, -1);
    const start = tokens.ends[at] ?? 0;
    const end = tokens.starts[at + 1] ?? 0;
    const blank = code.slice(start, end);
    if (tokens.kinds[at] === Kind.string) string = Math.max(string, start);
    if (start < string || blank === "" || blank.trim() !== "" || tokens.kinds[at] === Kind.comment) continue;
    const line = (tokens.gaps[at + 1] ?? 0) >= Gap.newline;
    const free = language.lineEnds === "never" && !language.directives;
    const inside = /[([]$/.test(brackets) && language.commands !== true && language.nameFirst !== true;
    const choices = free || inside ? [" ", "\n    ", "\t", "\n\n"] : line ? [`\n${blank}`, blank] : [" ", "   ", "\t"];
    text += code.slice(from, start) + (choices[choose(choices.length)] ?? " ");
    from = end;
  }
  return text + code.slice(from);
}

describe("reformatting", () => {
  it.each(PROGRAMS.map((program) => [program.path, program.code, program] as const))(
    "%s: %j",
    (path, code, program) => {
      const named = (text: string) =>
        sideOf(path, text).literals.map(({ path: names, value, kind }) => ({ names, value, kind }));
      const expected = named(code);
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat(1000)), (stream) => {
          const choose = (many: number) => (stream.next().value ?? 0) % many;
          expect(named(reformatted(program, choose))).toEqual(expected);
        }),
        { numRuns: 15 },
      );
    },
  );
});
