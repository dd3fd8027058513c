import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Inputs } from "../../action/inputs.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const action = parse(read("action.yml")) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
};

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }[];
  readonly "timeout-minutes"?: number;
}

describe("action.yml", () => {
  it("has the inputs that the Action reads, and runs its one file on Node.js 24", () => {
    expect(Object.keys(action.inputs).sort()).toEqual(Object.keys(Inputs.shape).sort());
    expect(action.runs).toEqual({ using: "node24", main: "action/dist/index.js" });
  });
});

describe("the example workflows", () => {
  const files = readdirSync(new URL("docs/workflows/", root));
  it.each(files)("%s asks for no more than it needs, pins what it uses and lets nothing into a shell", (file) => {
    const text = read(`docs/workflows/${file}`);
    const { permissions, jobs } = parse(text) as { permissions: object; jobs: Readonly<Record<string, Job>> };
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toBeDefined();
      for (const { uses, run = "", with: inputs = {} } of job.steps) {
        if (uses !== undefined) expect(uses).toMatch(/^(?:OWNER\/countersign@COMMIT|[\w./-]+@[0-9a-f]{40})$/);
        if (uses?.startsWith("actions/checkout@")) expect(inputs["persist-credentials"]).toBe(false);
        if (uses?.startsWith("OWNER/"))
          expect(Object.keys(inputs).filter((name) => action.inputs[name] === undefined)).toEqual([]);
        expect(run).not.toContain("${{");
      }
    }
    // A workflow with the rights of the base never has the pull request's files.
    if (text.includes("pull_request_target")) expect(text).not.toContain("actions/checkout");
  });
});
