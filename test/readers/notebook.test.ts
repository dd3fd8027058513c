import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

function notebook(cells: readonly object[], language = "python"): string {
  return JSON.stringify({ cells, metadata: { kernelspec: { language } }, nbformat: 4 }, null, 1);
}

describe("notebooks", () => {
  const text = notebook([
    { cell_type: "markdown", source: ["# model = 'no'\n"] },
    {
      cell_type: "code",
      outputs: [{ output_type: "stream", text: ["model = 'out'\n"] }],
      source: ["# why\n", 'model = "gpt"\n', "cfg = {\n", '  "t": 1,\n', "}"],
    },
    { cell_type: "code", source: ["%env KEY_NAME=value\n", "!pip install 'x\n", 'name = "y"'] },
    { cell_type: "code", source: ["%%bash\n", 'export A="b"\n'] },
    { cell_type: "code", source: ["%%writefile conf.yaml\n", "model: z\n"] },
    { cell_type: "code", source: ["%%latex\n", "a = 'b'\n"] },
  ]);
  const lines = text.split("\n");
  const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1;

  it("code cells are code of the kernel's language at the file's lines; outputs and prose say nothing", () => {
    expect(literalsOf("a.ipynb", text)).toEqual([
      `${lineOf('model = \\"gpt')} model = gpt`,
      `${lineOf('\\"t\\": 1')} cfg/t = 1 (number)`,
      `${lineOf("%env")} KEY_NAME = value`,
      `${lineOf("!pip")} ! = pip install 'x`,
      `${lineOf('name = \\"y')} name = y`,
      `${lineOf("export A")} A = b`,
      `${lineOf("model: z")} model = z`,
    ]);
    expect(commentsOf("a.ipynb", text)).toEqual([`${lineOf("# why")} why`]);
    expect(sideOf("a.ipynb", text).parsed).toBe(true);
  });

  it("a source in one string stands at its line, and other kernels' code is theirs", () => {
    const one = notebook([{ cell_type: "code", source: "const a = 'x'\nconst b = 'y'" }], "typescript");
    expect(literalsOf("a.ipynb", one)).toEqual(["5 a = x", "5 b = y"]);
  });

  it("the third format's worksheets are read too", () => {
    const old = JSON.stringify({ worksheets: [{ cells: [{ cell_type: "code", input: ["a = 'x'"], outputs: [] }] }] });
    expect(literalsOf("a.ipynb", old)).toEqual(["1 a = x"]);
  });

  it("what is no JSON is read by lines", () => {
    expect(sideOf("a.ipynb", '{"cells": [').parsed).toBe(false);
  });
});
