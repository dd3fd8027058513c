import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Checked } from "../../action/check.ts";
import { checkOutputs } from "../../action/outputs.ts";
import { tell } from "../../action/tell.ts";
import { pullRequestView } from "../../src/reports/check-run.ts";
import { HostingFault } from "../../src/work/hosting-fault.ts";
import { decideSituation } from "../core/situation.ts";
import { harm, hostile } from "../reports/hostile-text.ts";
import { CONTEXT } from "../reports/views.ts";
import { outputsOf } from "./workflow.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-hostile-"));
const [OUTPUT, SUMMARY] = [join(folder, "output"), join(folder, "summary")];
let printed = "";

beforeAll(() => {
  vi.stubEnv("GITHUB_OUTPUT", OUTPUT);
  vi.stubEnv("GITHUB_STEP_SUMMARY", SUMMARY);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What a runner takes for a command: at the start of a line, white space apart, or the older form anywhere in it. */
const COMMAND = /^\s*::|##\[/;
const OWN = /^::error(?: title=[^:,\r\n]*(?:,file=[^:,\r\n]*)?(?:,line=\d+)?|)::[^\r\n]*$/;

describe("P39 what a change holds", () => {
  it("is no command of the runner, no output of another name, and no markup, in 10,000 cases", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, hostile, async (path, value, note, title) => {
        const evaluation = decideSituation({
          changes: [
            { path: `services/${path}`, value: `${value}x`, old: note },
            { path: `b/${value}`, class: "prompt", old: null, value: `${title}y` },
          ],
        });
        const { checkRun } = pullRequestView(evaluation, CONTEXT);
        const checked: Checked = {
          decided: { evaluation, rules: [`model/id: ${note}`], ownRules: null },
          check: { ...checkRun, conclusion: "failure" },
          ...{ notes: [note], checks: new Map() },
          refused: new HostingFault("hosting/forbidden", title, { remedy: note }),
        };
        writeFileSync(OUTPUT, "");
        writeFileSync(SUMMARY, "");
        printed = "";
        await tell(checked, "");
        const commands = printed.split(/\r\n|\n|\r/).filter((line) => COMMAND.test(line));
        expect(commands.filter((line) => !OWN.test(line))).toEqual([]);
        expect(outputsOf(readFileSync(OUTPUT, "utf8"))).toEqual({ ...checkOutputs(evaluation), passes: "false" });
        expect(harm(readFileSync(SUMMARY, "utf8"))).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  }, 300_000);
});
