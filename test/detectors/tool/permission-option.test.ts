import { describe, expect, it } from "vitest";
import { splitEntries } from "../../../src/detectors/tool/permission-option.ts";

describe("a list of permissions", () => {
  it.each([
    ["Read, Grep", ["Read", "Grep"]],
    ["Read Grep\nBash", ["Read", "Grep", "Bash"]],
    ["Bash(git add:*, git push:*), Read", ["Bash(git add:*, git push:*)", "Read"]],
    ["Bash(sh -c (a))", ["Bash(sh -c (a))"]],
    ["\"Read\", 'Write'", ["Read", "Write"]],
    ["[Read, Write]", ["Read", "Write"]],
    ["- Read\n- Write", ["Read", "Write"]],
    ["", []],
    ["Bash(unclosed, x", []],
  ])("%j", (text, entries) => {
    expect(splitEntries(text)).toEqual(entries);
  });
});
