import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

const read = (text: string) => literalsOf("a.json", text);

describe("JSON", () => {
  it("keys and indices lead to values, with the line where each begins", () => {
    expect(read('{\n "a": "x",\n "b": {"c": [1.50, true,\n null, {"d": "y"}]},\n "e":\n  -0\n}')).toEqual([
      "2 a = x",
      "3 b/c/0 = 1.50 (number)",
      "3 b/c/1 = true (boolean)",
      "4 b/c/2 = null (null)",
      "4 b/c/3/d = y",
      "6 e = -0 (number)",
    ]);
    expect(read('"alone"')).toEqual(["1  = alone"]);
    expect(read("")).toEqual([]);
  });

  it("escapes are decoded", () => {
    expect(sideOf("a.json", '["a\\n\\t\\"\\\\\\/\\u00e9\\ud83d\\ude00"]').literals[0]?.value).toBe('a\n\t"\\/é😀');
  });

  it("comments, trailing commas, single quotes, bare keys and numbers of JSON5", () => {
    const text = `// top
{
  unquoted: 'it\\'s', /* two
  lines */ $b: .5, "c": 0xFF, d: +1., e: Infinity, f: 'a\\
b', // end
  "g": [1, 2,],
}`;
    expect(read(text)).toEqual([
      "3 unquoted = it's",
      "4 $b = .5 (number)",
      "4 c = 0xFF (number)",
      "4 d = +1. (number)",
      "4 e = Infinity (number)",
      "4 f = ab",
      "6 g/0 = 1 (number)",
      "6 g/1 = 2 (number)",
    ]);
    expect(commentsOf("a.json5", text)).toEqual(["1  top", "3  two\n  lines ", "5  end"]);
    expect(sideOf("a.jsonc", text).parsed).toBe(true);
  });

  it("what looks like a comment in a string is none", () => {
    expect(read('{"url": "https://h/x", "b": "/* c */"}')).toEqual(["1 url = https://h/x", "1 b = /* c */"]);
    expect(commentsOf("a.json", '{"url": "https://h/x"}')).toEqual([]);
  });

  it("documents of JSON lines are not numbered", () => {
    expect(literalsOf("a.jsonl", '{"a": 1}\n{"a": 2}\n\n')).toEqual(["1 a = 1 (number)", "2 a = 2 (number)"]);
  });

  it("a key that comes twice gives both values", () => {
    expect(read('{"a": "x", "a": "y"}')).toEqual(["1 a = x", "1 a = y"]);
  });

  it.each(['{"a": "x"', '{"a" "x"}', '{"a": x}', '["a" "b"]', '{"a": "x}\n', "{]", '{"a": {{ y }}}', "[1.2.3]", "@"])(
    "%s is no JSON",
    (text) => {
      expect(sideOf("a.json", text).parsed).toBe(false);
    },
  );

  it("a template that does not parse is read by lines", () => {
    const text = '{\n  "model": "m",\n  "limits": {\n    "tokens": {{ tokens }},\n    "stop": null\n  }\n}';
    expect(literalsOf("a.json.j2", text)).toEqual([
      "2 model = m",
      "4 limits/tokens = {{ tokens }}",
      "5 limits/stop = null (null)",
    ]);
  });

  it("leaves equal those of JSON.parse", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, "\t"), (data, space) => {
        const text = JSON.stringify(data, null, space);
        const side = sideOf("a.json", text);
        expect(side.parsed).toBe(true);
        expect(side.literals.map((literal) => [literal.path, valued(literal)])).toEqual(leaves(JSON.parse(text), []));
      }),
      { numRuns: 500 },
    );
  });
});

function valued({ kind, value }: { kind: string; value: string }): unknown {
  return kind === "string" ? value : JSON.parse(value);
}

function leaves(value: unknown, path: readonly string[]): readonly (readonly [readonly string[], unknown])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, String(index)]));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return [[path, value]];
}
