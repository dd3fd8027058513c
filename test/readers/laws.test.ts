import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readerOf } from "../../src/readers/index.ts";
import { sideOf } from "./reading.ts";

/** A path for each reader of a data format. */
const PATHS = [
  "a.yml",
  "a.json",
  "a.toml",
  ".env",
  "main.tf",
  "a.baml",
  "setup.cfg",
  "a.properties",
  "pom.xml",
  "Info.plist",
  "a.ipynb",
  "a.md",
  "requirements.txt",
  "go.mod",
  "Gemfile",
  "build.gradle",
  "package-lock.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "poetry.lock",
  "go.sum",
  "Gemfile.lock",
  "composer.lock",
  "packages.lock.json",
  "gradle.lockfile",
  "bun.lock",
  "deno.lock",
] as const;

/** Pieces that mean something in one format or another. */
const PIECES =
  "[ ] { } ( ) < > </ /> <a> </a> <!-- --> <![CDATA[ ]]> <? ?> ' \" ` ''' \"\"\" # // /* */ ; : , . = == => - -- --- +++ ... | > & * ! % @ $ { } %{ << <<- EOT \\ \\n \\u0041 a b key model gpt-4 1 0.5 true null export gem require version name packages: [[package]] << &x *x <<: ? ~ data resource node_modules/a \u00e9 \u{1f600} \0"
    .split(" ")
    .concat([
      "$".concat("{"),
      " ",
      "  ",
      "\t",
      "\n",
      "\n",
      "\n",
      "\n  ",
      "\n    ",
      ": ",
      " = ",
      "\n- ",
      '": "',
      '": {\n',
    ]);
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(""));

describe.each(PATHS)("%s", (path) => {
  it("has a reader", () => {
    expect(readerOf(path)).not.toBeNull();
  });

  it("never throws on random bytes, and every line is in the file", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expectWhole(path, bytes);
      }),
      { numRuns: 150 },
    );
  });

  it("never throws on pieces of formats, every line is in the file, and values come in its order", () => {
    fc.assert(
      fc.property(soup, (text) => {
        expectWhole(path, new TextEncoder().encode(text));
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same with other line ends and a byte order mark", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const plain = sideOf(path, text);
        const other = sideOf(path, `\ufeff${text.replaceAll("\n", "\r\n")}`);
        expect(other.literals).toEqual(plain.literals);
        expect(other.comments).toEqual(plain.comments);
        expect(other.parsed).toBe(plain.parsed);
      }),
      { numRuns: 200 },
    );
  });
});

function expectWhole(path: string, bytes: Uint8Array): void {
  const side = sideOf(path, bytes);
  const lines = side.text.split("\n").length;
  for (const { line, value, path: names } of side.literals) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(typeof value).toBe("string");
    expect(names.every((name) => typeof name === "string")).toBe(true);
  }
  for (const { line } of side.comments) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
  }
}
