import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readBlockYaml } from "../../src/readers/yaml-block.ts";
import { readYamlDocuments } from "../../src/readers/yaml-documents.ts";

/** What a random text may be built of: all that has a meaning, next to what has none. */
const PIECES = [
  ..."abxN017~-?:,[]{}#&*!|>'\"%@`.+\\ \t\n".split(""),
  ...[
    "a: ",
    "b:\n",
    "- ",
    "- - ",
    "\n",
    "\n",
    "\n  ",
    "\n  ",
    "\n    ",
    "\n - ",
    "\n- ",
    "\n\n",
    " # c",
    "\n#c\n",
    "# c\n",
  ],
  ...[
    "\n---\n",
    "---",
    "\n...\n",
    "k: |\n  ",
    "k: >-\n    ",
    "|+\n",
    ">\n",
    "|2\n",
    '"x": ',
    "'y'",
    '"\\n"',
    '"\\x4',
    "[a, ",
    "{b: ",
    "]",
    "}",
  ],
  ...[
    "null",
    "true",
    "1.5",
    "0x1F",
    "1e3",
    ".inf",
    "2024-01-01",
    "<<: ",
    "*x",
    "&x ",
    "!!str ",
    "!Ref ",
    "!If\n",
    "é",
    "\u00a0",
    "\u2028",
    "\u{1f600}",
  ],
];
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));

const key = fc.oneof(
  fc.constantFrom("a", "model", "x-y", "a b", "1", "true", "null", "-a", "a:b", "é"),
  fc.string({ maxLength: 8 }),
);
const words = fc.array(
  fc.constantFrom("one", "two#", "a:b", "- c", "'d'", '"e"', "f\\n", "#g", "\n", "\n\n", " ", "\t"),
  { maxLength: 40 },
);
const scalar = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 20 }),
  words.map((parts) => parts.join(" ")),
  fc.constantFrom(
    "null",
    "~",
    "True",
    "FALSE",
    "0o17",
    "0x1f",
    "1_000",
    "-.inf",
    ".NaN",
    "1e5",
    "+1",
    "2024-01-01",
    "yes",
    "=",
    "",
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { node: data } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(key, tie("node"), { maxKeys: 4 }),
  ),
}));
const written = fc
  .tuple(
    fc.array(fc.dictionary(key, data, { minKeys: 1, maxKeys: 5 }), { minLength: 1, maxLength: 3 }),
    fc.record({
      indent: fc.constantFrom(1, 2, 3, 4, 8),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20, 40, 80),
      minContentWidth: fc.constantFrom(0, 10),
      collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
      flowCollectionPadding: fc.boolean(),
      singleQuote: fc.constantFrom(true, false, null),
      blockQuote: fc.constantFrom(true, false, "literal" as const, "folded" as const),
      doubleQuotedMinMultiLineLength: fc.constantFrom(10, 40),
      nullStr: fc.constantFrom("null", "~", ""),
      aliasDuplicateObjects: fc.constant(false),
      defaultStringType: fc.constantFrom(
        "PLAIN" as const,
        "QUOTE_DOUBLE" as const,
        "QUOTE_SINGLE" as const,
        "BLOCK_LITERAL" as const,
        "BLOCK_FOLDED" as const,
      ),
    }),
  )
  .map(([documents, options]) => documents.map((one) => stringify(one, options)).join("---\n"));

/** Other spacing, comments and breaks at random places. */
const mutated = fc
  .tuple(
    written,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.constantFrom("", ...PIECES)), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [place, dropped, piece]) => {
      const at = place % (edited.length + 1);
      return edited.slice(0, at) + piece + edited.slice(at + dropped);
    }, text),
  );

/** Lines of the kinds that people write, with indentations that may or may not fit. */
const line = fc
  .tuple(
    fc.constantFrom("", "", "  ", "  ", "    ", " ", "   ", "      "),
    fc.constantFrom("", "", "", "- ", "- - ", "-   ", "-"),
    fc.constantFrom(
      "a:",
      "b: 1",
      "c: x y",
      "'d': 'e'",
      '"f": "g h"',
      "text",
      "k: |",
      "k: >-",
      "k: |+",
      "k: >",
      "[x, y]",
      "l: {m: n}",
      "o: [",
      "]",
      "# p",
      "q: # r",
      "!Ref x",
      "t: !If",
      "u: !Sub [!Ref a, !G 1, {b: !c 'd'}]",
      "v: !S |",
      ":x",
      "?y: ::1",
      "s: t # u",
      "---",
      "--- # v",
      "",
      '"open',
      'shut"',
      "w: 'x",
      "it''s'",
      "y: z:",
      "a: - b",
      "~",
    ),
    fc.constantFrom("", "", "", " ", "  ", " # end"),
  )
  .map((parts) => parts.join(""));
const lines = fc.array(line, { maxLength: 14 }).map((all) => all.join("\n"));

/** The library is the oracle wherever the text is not left to it. */
function expectSame(text: string): boolean {
  const own = readBlockYaml(text);
  if (own === null) return false;
  expect(own).toEqual(readYamlDocuments(text));
  return true;
}

describe("plain YAML is read as the library reads it", () => {
  const runs = Number(process.env.YAML_RUNS ?? 400);

  it("values of any kind, written in any style, and most of them without the library", () => {
    let [taken, all] = [0, 0];
    fc.assert(
      fc.property(written, (text) => {
        all += 1;
        if (expectSame(text)) taken += 1;
      }),
      { numRuns: runs },
    );
    expect(taken / all).toBeGreaterThan(0.3);
  });

  it("the same with other spacing, comments and breaks at random places", () => {
    fc.assert(
      fc.property(mutated, (text) => void expectSame(text)),
      { numRuns: runs },
    );
  });

  it("lines in any order at any indentation", () => {
    fc.assert(
      fc.property(lines, (text) => void expectSame(text)),
      { numRuns: runs * 5 },
    );
  });

  it("anything that has a meaning in YAML", () => {
    fc.assert(
      fc.property(soup, (text) => void expectSame(text)),
      { numRuns: runs * 5 },
    );
  });
});

describe("what is left to the library", () => {
  it.each([
    "a: &x 1\n",
    "a: *x\n",
    "<<: {a: 1}\n",
    "? a\n: b\n",
    "%YAML 1.2\n---\na: 1\n",
    "a: !!str 1\n",
    "a:\tb\n",
    "a: b: c\n",
    "a: 'b\n",
    "a: |2\n   b\n",
    "a:\n    b: 1\n  c: 2\n",
    "text\n",
    "[a]\n",
    "a: [b: c]\n",
    "a: \0\n",
    "a:\n# where the library loses the indentation\n  b\n",
    `${"- ".repeat(80)}a\n`,
  ])("%j", (text) => {
    expect(readBlockYaml(text)).toBeNull();
  });
});

describe("what is read without it", () => {
  it.each([
    "a: 1 # b\nc:\n- d: e\n  f:\n    - g\n-  h\n",
    "---\na: b\n--- # c\n---\nd: e\n...\n",
    "a: x\n  y\n\n  z # w\nb: 'c\n\n  d'\ne: \"f \\\n  g\\u00e9 \n  h\"\n",
    "a: |-\n  b\n\n   c\n  # d\n\n# e\nf: >+\n    g\n    h\n\n      i\n\nj:\n",
    "a: [b, 'c', {d: 1, \"e\":2, f: []}, # g\n  null,\n]\nh: {}\n",
    "a: !Sub 'b'\nc: !If [d, !Ref e, 1]\nf: !And\n  - !Ref g\nh: !Join\n  i: |\n    j\n",
    "- - a\n  - b: c\n    d: ~\n-\n  e: f\n-\n- :g\n- -h\n- ?i\n",
    "",
    "# a\n",
  ])("%j", (text) => {
    expect(expectSame(text)).toBe(true);
  });
});

/** The longest text that comes to this reader. */
const SIZE = 2_000_000;

describe("hostile shapes take the time of their length", () => {
  it.each([
    ["", "a:\n"],
    ["", "- "],
    ["", "-\n"],
    ["", "\n"],
    ["", " "],
    ["", "#\n"],
    ["", "a: b\n\n"],
    ["a: b", "\n  c"],
    ["a: b", "\n"],
    ["a: b", "\n "],
    ["a: ", "b "],
    ["a: ", " #"],
    ["a: ", ":"],
    ["a: ", "1"],
    ["a: 1e", "1"],
    ["a: '", "''"],
    ["a: '", "\n"],
    ["a: '", "\n x"],
    ["", "- 'a\n"],
    ["", "- 'a\n  b'\n"],
    ["", '- "\n'],
    ['a: "', "\\\\"],
    ['a: "', "\\\n "],
    ['a: "', "\\n\n \\t"],
    ['a: "', " \n "],
    ["a: |\n", "  b\n"],
    ["a: |\n", "\n"],
    ["a: >\n  b\n", "\n"],
    ["a: >\n  b\n", "   c\n\n"],
    ["", "a: |\n"],
    ["", "a: >\n b\n\n"],
    ["a: [", "b,"],
    ["a: [", "\n"],
    ["a: [", "{"],
    ["a: [", " #\n"],
    ["a: {", "b: 'c',\n "],
    ["", "a: [b\n"],
    ["", "a: !b\n"],
    ["", "---\n"],
    ["", "a: 1\n...\n---\n"],
  ])("%j and then %j over and over", (before, unit) => {
    const own = readBlockYaml(before + unit.repeat(Math.ceil(SIZE / unit.length)));
    expect(own?.literals.every(({ line }) => line >= 1) ?? true).toBe(true);
  });
});
