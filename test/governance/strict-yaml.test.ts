import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { offsetOf, shownKey, strictYaml } from "../../src/governance/strict-yaml.ts";

const read = (text: string) => strictYaml(text, 100_000);
const refusal = (text: string) => {
  const result = read(text);
  return result.ok ? null : result.refusals.map(({ offset, message }) => [offset, message]);
};

describe("strict YAML", () => {
  it.each<[string, string, unknown]>([
    [
      "scalars of the core schema",
      "a: 1\nb: true\nc: null\nd: 2026-01-01\ne: yes\nf: 0x10\ng: 1.5\nh:\n",
      { a: 1, b: true, c: null, d: "2026-01-01", e: "yes", f: 16, g: 1.5, h: null },
    ],
    [
      "nested collections",
      "a: { b: [1, [2]] }\nc:\n  - d: 1\n    e: 2\n  - - 3\n",
      { a: { b: [1, [2]] }, c: [{ d: 1, e: 2 }, [3]] },
    ],
    ["an anchor and its alias", "a: &x { b: 1 }\nc: *x\n", { a: { b: 1 }, c: { b: 1 } }],
    ["tags of the core schema", "a: !!str 1\n", { a: "1" }],
    ["a quoted key twice only once unquoted", "a: 1\n'b': 2\n", { a: 1, b: 2 }],
    ["a document's marks", "---\na: 1\n...\n", { a: 1 }],
    ["text over lines", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", { a: "x\ny\n", b: "x y" }],
    ["an empty text", "", null],
  ])("reads %s", (_, text, value) => {
    expect(read(text)).toMatchObject({ ok: true, value });
  });

  it.each<[string, string, readonly (readonly [number, string])[]]>([
    ["a key twice", "a: 1\nb: 2\na: 3\n", [[10, 'the key "a" twice']]],
    ["a key twice below", "x:\n  a: 1\n  a: 2\n", [[12, 'the key "a" twice']]],
    ["a key twice, once quoted", "a: 1\n'a': 2\n", [[5, 'the key "a" twice']]],
    ["a tag of its own", "a: !include secret.yml\n", [[3, "Unresolved tag"]]],
    ["a language's object", "a: !!python/object/apply:os.system [id]\n", [[3, "Unresolved tag"]]],
    ["a directive", "%YAML 1.1\n---\na: 1\n", [[0, "a YAML directive"]]],
    ["a second document", "a: 1\n---\nb: 2\n", [[5, "a second document"]]],
    ["an alias without its anchor", "a: *x\n", [[3, "an alias without its anchor"]]],
    ["an alias before its anchor", "a: *x\nb: &x 1\n", [[3, "an alias without its anchor"]]],
    ["an alias inside its own anchor", "a: &x [*x]\n", [[7, "an alias inside its own anchor"]]],
    ["a collection as a key", "? [a]\n: 1\n", [[2, "a key that is no text"]]],
    ["a key that changes the object", "__proto__: { x: 1 }\n", [[0, "the key __proto__"]]],
    [
      "text that is no YAML",
      "a: [1\n",
      [[6, "Flow sequence in block collection must be sufficiently indented and end with a ]"]],
    ],
  ])("refuses %s, with the place", (_, text, refusals) => {
    expect(refusal(text)).toEqual(refusals);
  });

  it("P41 refuses deep nesting of every kind, at once", () => {
    const started = performance.now();
    const deep = 50_000;
    for (const text of [
      "[".repeat(deep),
      "{a: ".repeat(deep),
      "- ".repeat(deep),
      "? ".repeat(deep),
      "a: [".repeat(deep),
      Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
    ])
      expect(refusal(text)?.[0]?.[1]).toMatch(/nest too deeply|Nested mappings|compact mapping/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("P41 refuses a bomb of aliases without building it", () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `l${at}: &l${at} [${Array(9).fill(at === 0 ? "x" : `*l${at - 1}`)}]`,
    );
    const started = performance.now();
    expect(refusal(levels.join("\n"))?.[0]?.[1]).toBe("aliases repeat too much");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("refuses more parts than a real file of its size has", () => {
    const result = strictYaml("[,".repeat(5_000), 1_000);
    expect(result).toMatchObject({ ok: false });
    expect(strictYaml(Array.from({ length: 400 }, (_, at) => `k${at}: 1`).join("\n"), 1_000)).toMatchObject({
      ok: false,
      refusals: [{ message: "too many parts" }],
    });
  });

  it("repeats no value it refuses: it may be a secret", () => {
    const secret = ["sk", "live", "0".repeat(24)].join("-");
    for (const text of [
      `a: "${secret}\n`,
      `a: [${secret}\n`,
      `a: ${secret}: x\n`,
      `${secret}:\n  - a\n b\n`,
      `a: &${secret} 1\nb: *${secret}x\n`,
    ])
      expect(JSON.stringify(refusal(text))).not.toContain(secret);
  });

  it("never throws, whatever the bytes", () => {
    const marks = fc.constantFrom(
      "- ",
      "? ",
      ": ",
      "a",
      "b: ",
      "\n",
      "  ",
      "&x ",
      "*x",
      "[",
      "]",
      "{",
      "}",
      "|",
      ">",
      "!t ",
      "%",
      "---\n",
      '"',
      "'",
      "\t",
      "#",
      "\u0000",
      "\ud800",
      "__proto__: ",
    );
    const text = fc.oneof(
      fc.array(marks, { maxLength: 60 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(typeof read(given).ok).toBe("boolean");
      }),
      { numRuns: 5_000 },
    );
  });

  it("reads what the library reads, where it reads at all", () => {
    const json = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(json, (text) => {
        const result = read(text);
        if (result.ok) expect(result.value).toEqual(parse(text));
      }),
    );
  });
});

describe("the place of a value", () => {
  const text = "systems:\n  - id: bot\n    paths: [a, b]\n  - id: far\nempty:\n";
  const yaml = read(text);
  const root = yaml.ok ? yaml.root : null;
  it.each<[readonly (string | number)[], boolean, string]>([
    [["systems"], false, "- id: bot"],
    [["systems"], true, "systems:"],
    [["systems", 1, "id"], false, "far"],
    [["systems", 0, "paths", 1], false, "b]"],
    [["systems", 0, "owner"], false, "id: bot"],
    [["systems", 9], false, "- id: bot"],
    [["empty"], false, "\n"],
    [["nothing"], false, "systems:"],
    [[], false, "systems:"],
  ])("%j (%s) begins at %j", (path, key, start) => {
    expect(text.slice(offsetOf(root, path, key)).startsWith(start)).toBe(true);
  });
  it("of nothing is the start", () => {
    expect(offsetOf(null, ["a"])).toBe(0);
  });
});

it("a key that does not look like one is not shown", () => {
  expect([shownKey("validFor"), shownKey("@acme/ml"), shownKey("a b"), shownKey("x".repeat(41))]).toEqual([
    "validFor",
    "@acme/ml",
    "<withheld>",
    "<withheld>",
  ]);
});
