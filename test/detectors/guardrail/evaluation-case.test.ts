import { describe, expect, it } from "vitest";
import { jsonLineCases, rowCases } from "../../../src/detectors/guardrail/evaluation-case.ts";

describe("rows of a table", () => {
  it.each([
    ["a,b\n1,2\n3,4\n", ["2 1,2", "3 3,4"]],
    ['a,b\n"one\ntwo",2\n3,4', ['2 "one\ntwo",2', "4 3,4"]],
    ['a\n"say ""hi""\nthere"\nb\n', ['2 "say ""hi""\nthere"', "4 b"]],
    ["a\n\n\nb\n", ["4 b"]],
    ["a\n", []],
    ["", []],
  ])("%j", (text, rows) => {
    expect(rowCases(text, 1).map(({ line, text: row }) => `${line} ${row}`)).toEqual(rows);
  });

  it("takes what is beyond the last row that counts as one", () => {
    const many = Array.from({ length: 30_000 }, (_, row) => `r${row}`);
    const cases = rowCases(many.join("\n"), 0);
    expect(cases).toHaveLength(20_001);
    const changed = rowCases([...many.slice(0, -1), "other"].join("\n"), 0);
    expect(changed.at(-1)?.text).not.toBe(cases.at(-1)?.text);
  });
});

describe("JSON lines", () => {
  it("are equal whatever the order and the blanks of their keys", () => {
    const [one, two] = ['{"a": 1, "b": {"d": 2, "c": "x\\"y"}}', '{"b":{"c":"x\\"y","d":2},"a":1}'].map(
      (line) => jsonLineCases(line)[0]?.text,
    );
    expect(one).toBe(two);
    expect(jsonLineCases('{"a": [1, 2]}')[0]?.text).not.toBe(jsonLineCases('{"a": [2, 1]}')[0]?.text);
  });

  it("that are none stand for themselves", () => {
    expect(jsonLineCases('{"a": 1}\n\n{broken "\n').map(({ line, text }) => `${line} ${text}`)).toEqual([
      '1 {"a":1}',
      '3 {broken "',
    ]);
  });
});
