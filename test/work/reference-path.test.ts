import { describe, expect, it } from "vitest";
import { folderOf, referencedPaths } from "../../src/work/reference-path.ts";

describe("referencedPaths", () => {
  it.each([
    ["a/b/c.py", "x.md", ["a/b/x.md", "a/x.md", "x.md"]],
    ["a/b/c.py", "./x.md", ["a/b/x.md", "a/x.md", "x.md"]],
    ["a/b/c.py", "../x.md", ["a/x.md", "x.md"]],
    ["a/b/c.py", "/x.md", ["x.md"]],
    ["a/b/c.py", "file://x.md", ["a/b/x.md", "a/x.md", "x.md"]],
    ["a/b/c.py", "file:///x.md", ["x.md"]],
    ["c.py", "x.md?raw", ["x.md"]],
    ["c.py", "x.md#part", ["x.md"]],
    ["c.py", "dir\\x.md", ["dir/x.md"]],
    ["c.py", "../x.md", []],
    ["c.py", "https://example.com/x.md", []],
    ["c.py", "data:text/plain,x", []],
    ["c.py", "", []],
    ["c.py", ".", []],
    ["c.py", "x".repeat(501), []],
  ])("%s naming %s means %j", (from, reference, paths) => {
    expect(referencedPaths(from, reference)).toEqual(paths);
  });

  it("knows the folder of a path", () => {
    expect([folderOf("a/b/c"), folderOf("c")]).toEqual(["a/b", ""]);
  });
});
