import fc from "fast-check";
import { parse, stringify, TomlDate } from "smol-toml";
import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

const read = (text: string) => literalsOf("a.toml", text);

describe("TOML", () => {
  it("tables, dotted and quoted keys, inline tables and arrays", () => {
    const text = `a.b = "x" # one
"c d".'e' = 1_000

[tool.poetry]
deps = [ "p", # two
  { name = "q", opts.z = true },
]
[ x . "y.z" ]
w = 'C:\\n'
`;
    expect(read(text)).toEqual([
      "1 a/b = x",
      "2 c d/e = 1_000 (number)",
      "5 tool/poetry/deps/0 = p",
      "6 tool/poetry/deps/1/name = q",
      "6 tool/poetry/deps/1/opts/z = true (boolean)",
      "9 x/y.z/w = C:\\\\n",
    ]);
    expect(commentsOf("a.toml", text)).toEqual(["1 one", "5 two"]);
  });

  it("tables of an array carry their index, and tables below belong to the last one", () => {
    expect(
      read('[[p]]\nn = "a"\n[p.s]\nv = 1\n[[p.t]]\nv = 2\n[[p.t]]\nv = 3\n[[p]]\nn = "b"\n[[p.t]]\nv = 4\n'),
    ).toEqual([
      "2 p/0/n = a",
      "4 p/0/s/v = 1 (number)",
      "6 p/0/t/0/v = 2 (number)",
      "8 p/0/t/1/v = 3 (number)",
      "10 p/1/n = b",
      "12 p/1/t/0/v = 4 (number)",
    ]);
  });

  it("strings over several lines are one value", () => {
    expect(read('a = """\none\n  "two" \\\n   three"""""\nb = \'\'\'x\n\\n\'y\'\'\'\nc = "\\u0041\\t\\e"\n')).toEqual([
      '1 a = one\\n  \\"two\\" three\\"\\"',
      "5 b = x\\n\\\\n'y",
      "7 c = A\\t\\u001b",
    ]);
  });

  it("dates are text as written", () => {
    expect(read("a = 2024-01-02 03:04:05Z\nb = 2024-01-02\nc = 03:04:05.5\nd = inf\ne = 0xFF\n")).toEqual([
      "1 a = 2024-01-02 03:04:05Z",
      "2 b = 2024-01-02",
      "3 c = 03:04:05.5",
      "4 d = inf (number)",
      "5 e = 0xFF (number)",
    ]);
  });

  it.each([
    "a",
    "a = ",
    "a = x",
    '= "x"',
    "[a",
    'a = "x',
    "a = [1",
    "a = {b = 1",
    'a = """x',
    "a = 1 b = 2",
    "[[a]",
    'a = "\\q"',
    "a = {{ b }}",
  ])("%s is no TOML", (text) => {
    expect(sideOf("a.toml", text).parsed).toBe(false);
    expect(() => parse(text)).toThrow();
  });

  it("a template that does not parse is read by lines", () => {
    expect(literalsOf("a.toml.tmpl", '[llm]\nmodel = "m"\n{{ if x }}\nkey = {{ key }}\n')).toEqual([
      "2 llm/model = m",
      "4 llm/key = {{ key }}",
    ]);
  });

  it("leaves equal those of smol-toml", () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.double({ noNaN: true }),
      fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-01-01") }),
    );
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("node"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), node, { maxKeys: 5 }), (data) => {
        const text = stringify(data);
        const side = sideOf("a.toml", text);
        expect(side.parsed).toBe(true);
        expect(
          byPath(side.literals.map(({ path, value, kind }) => [path, kind === "number" ? numeric(value) : value])),
        ).toEqual(byPath(leaves(parse(text), [])));
      }),
      { numRuns: 500 },
    );
  });
});

function numeric(text: string): number {
  const plain = text.replaceAll("_", "").replace(/^\+/, "");
  return /inf$/.test(plain)
    ? plain.startsWith("-")
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY
    : Number(plain);
}

type Leaf = readonly [readonly string[], unknown];

/** The scanner keeps file order, the parser's objects put number-like keys first. */
function byPath(found: readonly Leaf[]): readonly Leaf[] {
  return [...found].sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function leaves(value: unknown, path: readonly string[]): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, String(index)]));
  if (value instanceof TomlDate) return [[path, value.toISOString()]];
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return [[path, typeof value === "boolean" ? String(value) : value]];
}
