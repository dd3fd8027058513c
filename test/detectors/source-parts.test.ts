import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sourceParts } from "../../src/detectors/source-parts.ts";

const parts = (text: string, hash = false) => sourceParts(text, text.search(/[([{]/), hash).parts;

describe("what stands between brackets", () => {
  it.each([
    ["f(a, b)", ["a", "b"]],
    ["f()", []],
    ["f(a,\n  b,\n)", ["a", "b"]],
    ["f(g(a, b), { c: [1, 2,] })", ["g(a,b)", "{c:[1,2]}"]],
    ["f(\"a, b\", 'c)')", ['"a, b"', '"c)"']],
    [`f(\`a $${"{b}"}, c\`, d)`, [`"a $${"{b}"}, c"`, "d"]],
    ["f(a /* b, c */, d // e)\n)", ["a", "d"]],
    ["f(new X(), await y)", ["new X()", "await y"]],
    ["f(a", ["a"]],
    ['f("it\\"s", b)', ['"it\\"s"', "b"]],
  ])("%s", (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it("knows Python's comments and long texts", () => {
    expect(parts('f(\n  """a, (b\nc""",  # d, e\n  f=1,\n)', true)).toEqual(['"a, (b\nc"', "f=1"]);
  });

  it("tells where the brackets end", () => {
    const text = "x = f(a(b), c) + d";
    expect(text.slice(sourceParts(text, text.indexOf("("), false).end)).toBe(" + d");
  });

  it("is the same however it is wrapped", () => {
    const word = fc.constantFrom("a", "b1", '"t, u"', "g(x)", "[1]", "{k: v}");
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.constantFrom(" ", "\n", "\n\t  "), (words, blank) => {
        expect(parts(`(${words.join(`,${blank}`)}${words.length > 0 ? "," : ""}${blank})`)).toEqual(
          parts(`(${words.join(",")})`),
        );
      }),
    );
  });

  it("ends at its limit on text that never closes", () => {
    const text = `(${"[".repeat(100_000)}`;
    expect(sourceParts(text, 0, false).end).toBeLessThan(10_000);
  });
});
