import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figuresOf, UnreadableResult } from "../../src/results/evaluation-result.ts";
import { readResult } from "../../src/results/index.ts";

const promptfoo = (rows: readonly object[], stats: object) =>
  JSON.stringify({
    evalId: "eval-1",
    results: { version: 3, timestamp: "2026-11-25T10:00:00Z", results: rows, stats },
  });
const outcomes = (text: string) => readResult(text).cases.map(({ outcome }) => outcome);

describe("promptfoo", () => {
  const rows = [
    { success: true, testIdx: 0, promptIdx: 0, score: 1 },
    { success: false, testIdx: 1, failureReason: 1, gradingResult: { reason: "Expected a refusal" } },
    { success: false, testIdx: 2, promptIdx: 1, failureReason: 2, error: "429 Too Many Requests" },
  ];

  it("tells assertions that did not hold from errors", () => {
    expect(readResult(promptfoo(rows, { successes: 1, failures: 1, errors: 1 }))).toEqual({
      tool: "promptfoo",
      cases: [
        { name: "test 1", outcome: "passed", detail: null },
        { name: "test 2", outcome: "failed", detail: "Expected a refusal" },
        { name: "test 3, prompt 2", outcome: "error", detail: "429 Too Many Requests" },
      ],
    });
  });

  it("refuses rows that do not add up to the file's own figures", () => {
    for (const stats of [
      { successes: 2, failures: 1 },
      { successes: 1, failures: 1, errors: 0 },
      { successes: 3, failures: 0, errors: 0 },
    ])
      expect(() => readResult(promptfoo(rows, stats))).toThrow(/its own figures say/);
  });
});

describe("DeepEval", () => {
  const metric = (success: boolean, more: object = {}) => ({
    name: "Faithfulness",
    score: 0.4,
    threshold: 0.7,
    success,
    ...more,
  });
  const testCases = [
    { name: "refund", success: true, metricsData: [metric(true)] },
    { name: "tone", success: false, metricsData: [metric(true), metric(false)] },
    { name: "lies about itself", success: true, metricsData: [metric(false, { reason: "two claims are made up" })] },
    { name: "broke", success: false, metricsData: [metric(false, { error: "timeout" })] },
    { name: "without a verdict", metricsData: [] },
  ];

  it("counts a case only where every metric of it succeeded", () => {
    const text = JSON.stringify({ testCases, testPassed: 1, testFailed: 4 });
    expect(outcomes(text)).toEqual(["passed", "failed", "failed", "error", "error"]);
    expect(readResult(text).cases[1]?.detail).toBe("Faithfulness: 0.4, needs 0.7");
    expect(readResult(text).cases[2]?.detail).toBe("Faithfulness: two claims are made up");
  });

  it("reads the file of the last run, and conversations", () => {
    const testRunData = { testCases: [], conversationalTestCases: [{ name: "talk", success: true, metricsData: [] }] };
    expect(readResult(JSON.stringify({ testRunData, testRunLink: null })).cases).toEqual([
      { name: "talk", outcome: "passed", detail: null },
    ]);
  });
});

describe("JUnit", () => {
  it("reads nested suites, character data and comments that hold tags", () => {
    const text = `<?xml version="1.0"?>
<!DOCTYPE testsuites>
<testsuites tests="5"><testsuite name="a"><testsuite name="b">
  <testcase classname="evals.test_refund" name="test &lt;a&gt; > b"/>
  <testcase name="two"><failure message="expected &quot;no&quot;"><![CDATA[</failure></testcase><testcase name="x"/>]]></failure></testcase>
  <!-- <testcase name="no"/> -->
  <testcase name="three"><skipped/></testcase>
  <testcase name="four"><failure/><error message="boom"/><system-out>x</system-out></testcase>
  <testcase name='five'></testcase>
</testsuite></testsuite></testsuites>`;
    expect(readResult(text)).toEqual({
      tool: "JUnit",
      cases: [
        { name: "evals.test_refund > test <a> > b", outcome: "passed", detail: null },
        { name: "two", outcome: "failed", detail: 'expected "no"' },
        { name: "three", outcome: "skipped", detail: null },
        { name: "four", outcome: "error", detail: "boom" },
        { name: "five", outcome: "passed", detail: null },
      ],
    });
  });

  it.each([
    ["another document", "<html></html>", /no JUnit XML/],
    ["a file that was cut in an element", "<testsuite><testcase name='a'>", /<testcase> is open/],
    ["a file that was cut in a tag", "<testsuite><testcase name='a'", /middle of a tag/],
    ["elements that cross", "<testsuite><testcase></testsuite></testcase>", /not open/],
    ["no element", "<1>", /not well-formed/],
  ])("refuses %s", (_, text, why) => {
    expect(() => readResult(text)).toThrow(why);
  });

  it("takes time in proportion to a hostile file", () => {
    const start = performance.now();
    expect(() => readResult(`<testsuite>${'<a b="'.repeat(300_000)}`)).toThrow(UnreadableResult);
    expect(() => readResult("<testsuite>".repeat(300_000))).toThrow(UnreadableResult);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe("a result", () => {
  it("of no case that was run is refused", () => {
    expect(() => figuresOf([readResult("<testsuite><testcase><skipped/></testcase></testsuite>")])).toThrow(
      /proves nothing/,
    );
    expect(figuresOf([{ tool: "JUnit", cases: [{ name: "a", outcome: "passed", detail: null }] }])).toEqual({
      ...{ passed: 1, counted: 1, skipped: 0, passRate: 1 },
    });
  });

  it("of another tool is refused with what was expected", () => {
    expect(() => readResult('{"tests": 3}')).toThrow(/promptfoo's JSON .* DeepEval's test run .* JUnit XML/);
    expect(() => readResult("3 passed")).toThrow(/neither JSON nor XML/);
  });

  it("is read or refused, whatever the file holds", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `<testsuite>${text}`),
        ),
        (text) => {
          try {
            return Array.isArray(readResult(text).cases);
          } catch (fault) {
            return fault instanceof UnreadableResult;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
