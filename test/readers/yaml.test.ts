import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

const read = (text: string) => literalsOf("a.yml", text);

describe("YAML", () => {
  it("keys and indices lead to values, with the line where each begins", () => {
    expect(read('model: gpt\nlist:\n  - a\n  - b: "x"\n    c:\n      1.50\nflow: {k: [p, true]}\n')).toEqual([
      "1 model = gpt",
      "3 list/0 = a",
      "4 list/1/b = x",
      "6 list/1/c = 1.50 (number)",
      "7 flow/k/0 = p",
      "7 flow/k/1 = true (boolean)",
    ]);
  });

  it("kinds: numbers as written, booleans and null in lower case, words of older versions as text", () => {
    expect(read("a: 0012\nb: True\nc: ~\nd:\ne: yes\nf: 1e3\ng: 0x1F\nh: '7'\ni: 2024-01-02\non: push")).toEqual([
      "1 a = 0012 (number)",
      "2 b = true (boolean)",
      "3 c = null (null)",
      "4 d = null (null)",
      "5 e = yes",
      "6 f = 1e3 (number)",
      "7 g = 0x1F (number)",
      "8 h = 7",
      "9 i = 2024-01-02",
      "10 on = push",
    ]);
  });

  it("block, folded, quoted and plain strings over several lines are one value each", () => {
    expect(
      read("a: |\n  one\n    two\nb: >-\n  x\n  y\n\n  z\nc: \"p\\n\\u0041\n  q\"\nd: r\n  s\ne: 'it''s'"),
    ).toEqual(["1 a = one\\n  two\\n", "4 b = x y\\nz", "9 c = p\\nA q", "11 d = r s", "13 e = it's"]);
  });

  it("documents of a stream are not numbered", () => {
    expect(read("a: 1\n---\na: 2\n...\n---\n- x\n")).toEqual(["1 a = 1 (number)", "3 a = 2 (number)", "6 0 = x"]);
  });

  it("aliases stand where they are used", () => {
    expect(read("base: &b\n  model: m\nuse: *b\nlist: [*b, &s text, *s]\n")).toEqual([
      "2 base/model = m",
      "3 use/model = m",
      "4 list/0/model = m",
      "4 list/1 = text",
      "4 list/2 = text",
    ]);
  });

  it("merge keys give what the map does not say itself, the first source first", () => {
    expect(
      read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd:\n  '<<': text\n").slice(4),
    ).toEqual(["4 c/y = 1 (number)", "4 c/z = 2 (number)", "5 c/x = 3 (number)", "7 d/<< = text"]);
  });

  it("an alias means the anchor before it, and an anchor of another document is none", () => {
    expect(read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")).toEqual([
      "1 a = 1 (number)",
      "2 b = 1 (number)",
      "3 c = 2 (number)",
      "4 d = 2 (number)",
    ]);
    const across = sideOf("a.yml", "a: &x 1\n---\nb: *x\n");
    expect([across.parsed, across.literals[1]?.value]).toEqual([false, "*x"]);
  });

  it("tags of an application leave their value as text", () => {
    const template = `A: !Sub '\${B}-x'\nC: !GetAtt d.Arn\nE: !If [f, !Ref G, !Ref H]\nI: !Transform {Name: n}\n`;
    expect(read(template)).toEqual([
      `1 A = \${B}-x`,
      "2 C = d.Arn",
      "3 E/0 = f",
      "3 E/1 = G",
      "3 E/2 = H",
      "4 I/Name = n",
    ]);
    expect(sideOf("a.yml", template).parsed).toBe(true);
  });

  it("comments are no values, and strings that look like them are no comments", () => {
    const text = "# model: old\na: 'x # y' # z\nb: c#d\ne: |\n  # text\n";
    expect(commentsOf("a.yml", text)).toEqual(["1 model: old", "2 z"]);
    expect(read(text)).toEqual(["2 a = x # y", "3 b = c#d", "4 e = # text\\n"]);
  });

  it("a key that comes twice gives both values", () => {
    expect(read("a: 1\na: 2\n")).toEqual(["1 a = 1 (number)", "2 a = 2 (number)"]);
  });

  it("a template that does not parse is read by lines", () => {
    const text =
      '{{- if .Values.on }}\nspec:\n  model: "{{ .Values.model }}"\n  prompt: |\n    one\n    two\n  list:\n    - a\n    - name: b\n{{- end }}\ntop: 1\n';
    expect(sideOf("templates/x.yaml", text).parsed).toBe(false);
    expect(read(text)).toEqual([
      "3 spec/model = {{ .Values.model }}",
      "4 spec/prompt = one\\ntwo",
      "8 spec/list = a",
      "9 spec/list/name = b",
      "11 top = 1 (number)",
    ]);
  });

  it("an alias bomb stops", () => {
    const levels = Array.from({ length: 9 }, (_, level) =>
      level === 0 ? "l0: &l0 [x,x,x,x,x,x,x,x,x]" : `l${level}: &l${level} [${`*l${level - 1},`.repeat(9)}]`,
    );
    const side = sideOf("a.yml", levels.join("\n"));
    expect(side.parsed).toBe(false);
    expect(side.literals.length).toBeLessThan(60_000);
    expect(sideOf("a.yml", "a: &a [*a, *a]\nb: &b {<<: *b}\n").parsed).toBe(false);
  });

  it("a bomb of merge keys stops", () => {
    const levels = Array.from({ length: 40 }, (_, level) =>
      level === 0 ? "l0: &l0 {k: v}" : `l${level}: &l${level}\n  a: {<<: *l${level - 1}}\n  b: {<<: *l${level - 1}}`,
    );
    const side = sideOf("a.yml", levels.join("\n"));
    expect(side.parsed).toBe(false);
    expect(side.literals.length).toBeLessThan(60_000);
  });

  it("aliases and merge keys give what the yaml package makes of them", () => {
    const map = fc.dictionary(fc.constantFrom("p", "q", "r"), fc.constantFrom("1", "two", "[x, y]", "{z: 1}"), {
      minKeys: 1,
    });
    const flow = (entries: Readonly<Record<string, string>>) =>
      Object.entries(entries).map(([key, item]) => `${key}: ${item}`);
    fc.assert(
      fc.property(map, map, map, fc.constantFrom("*a", "*b", "[*a, *b]", "[*b, *a]"), (a, b, own, merged) => {
        const text = `a: &a {${flow(a)}}\nb: &b {<<: *a, ${flow(b)}}\nc: {${flow(own)}, <<: ${merged}}\nd: [*b, *a]\n`;
        const side = sideOf("a.yml", text);
        const sorted = (found: readonly (readonly [readonly string[], unknown])[]) =>
          found.map(([path, value]) => JSON.stringify([path, value])).sort();
        expect(side.parsed).toBe(true);
        expect(
          sorted(side.literals.map(({ path, value, kind }) => [path, kind === "number" ? Number(value) : value])),
        ).toEqual(sorted(leaves(parse(text, { merge: true }), [])));
      }),
    );
  });

  it("leaves equal those of the yaml package", () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie("node"), { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.string(), tie("node"), { minKeys: 1, maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL"), (data, style) => {
        const text = stringify(data, { defaultStringType: style, version: "1.2" });
        const side = sideOf("a.yml", text);
        const expected = leaves(parse(text), []);
        expect(
          side.literals.map(({ path, value: found, kind }) => [path, kind === "number" ? Number(found) : found]),
        ).toEqual(expected);
        expect(side.parsed).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function leaves(value: unknown, path: readonly string[]): readonly (readonly [readonly string[], unknown])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, String(index)]));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return [[path, typeof value === "number" ? value : String(value)]];
}
