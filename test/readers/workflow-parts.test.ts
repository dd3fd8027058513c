import { describe, expect, it } from "vitest";
import { fileSide } from "../../src/readers/file-side.ts";
import { workflowParts } from "../../src/readers/workflow-parts.ts";

const parts = (text: string, path = ".github/workflows/a.yml") =>
  workflowParts(fileSide({ path, mode: "100644", id: "1" }, Buffer.from(text))).map(({ job, line }) => [job, line]);

describe("the parts of a workflow", () => {
  it("are its jobs and what stands above, between and below them", () => {
    const text = `name: a
on: push
jobs:
  first:
    permissions: {}
    steps:
      - run: |
          a
          b

  # the second
  "second":
    runs-on: x
env:
  A: b
`;
    expect(parts(text)).toEqual([
      [null, 1],
      [null, 2],
      ["first", 4],
      ["second", 12],
      [null, 14],
    ]);
  });

  it("are none in files without jobs", () => {
    expect(parts("a: b\n")).toEqual([]);
    expect(parts('{"jobs": {"a": {"b": "c"}}}', "a.json")).toEqual([]);
  });
});
