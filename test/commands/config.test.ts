import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { run } from "../../src/commands/run.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { recorded, testRepository } from "./repository.ts";

const POLICY = `version: 1
mode: enforce
roles:
  ai-reviewer: ["@ann", "@acme/reviewers"]
  risk-owner: ["@bob", "@cat"]
  security: ["@dan", "@eve"]
tiers:
  high: { validFor: P7D }
`;

async function config(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const { io, out, err } = recorded(files);
  const exit = await run(["config", ...args], io);
  return { exit, out: out(), err: err() };
}

const byHand = ["--policy", "policy.yml", "--registry", "registry.yml"];
const files = (policy: string, registry = "version: 1\n", more: Readonly<Record<string, string>> = {}) => ({
  "policy.yml": policy,
  "registry.yml": registry,
  ...more,
});

describe("config check", () => {
  it("says that all is well", async () => {
    expect(await config(["check", ...byHand], files(POLICY))).toEqual({
      exit: 0,
      out: "policy.yml is valid; registry.yml is valid; 0 warnings\n",
      err: "",
    });
  });

  it("prints every problem of both files with file, line and column, and nothing about shortages meanwhile", async () => {
    const { exit, out } = await config(
      ["check", ...byHand],
      files("version: 1\nmode: on\nroles: []\n", "version: 1\nsystems:\n  - id: a\n    ownr: x\n"),
    );
    expect(exit).toBe(2);
    const lines = out.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^policy\.yml:2:7: mode: a value that is not allowed; expected one of observe, enforce$/);
    expect(lines[1]).toMatch(/^policy\.yml:3:8: roles: found a list; expected an object/);
    expect(lines[2]).toMatch(/^registry\.yml:4:5: systems\[0\]\.ownr: unknown key "ownr"; .*did you mean "owner"\?$/);
  });

  it("S15 warns of roles that nobody, or one person only, could fill, and of tiers with too few people, at their place", async () => {
    const policy = `version: 1\nroles:\n  risk-owner: ["@bob"]\n  legal: []\ntiers:\n  medium:\n    approvals: [{ role: legal }]\n`;
    const registry = "version: 1\nsystems:\n  - { id: a, approvers: [privacy] }\n";
    const { exit, out } = await config(["check", ...byHand], files(policy, registry));
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^policy\.yml:4:10: warning: nobody holds legal, which .*medium asks? for; name people under roles\.legal$/m,
    );
    expect(out).toMatch(/^policy\.yml:3:\d+: warning: nobody holds ai-reviewer, which .*low asks? for/m);
    expect(out).toMatch(/warning: nobody holds privacy, which system a asks for/);
    expect(out).toMatch(
      /^policy\.yml:3:15: warning: risk-owner is held by @bob only, so what they change themselves nobody can approve/m,
    );
    expect(out).toMatch(/warning: tier critical cannot be met: it asks for 3 different people, and only 1 is named/);
  });

  it("a team counts as many, since its members are not known here", async () => {
    const policy = 'version: 1\nroles:\n  ai-reviewer: ["@acme/ml"]\n  risk-owner: ["@acme/risk"]\n';
    expect((await config(["check", ...byHand], files(policy))).out).toMatch(/0 warnings\n$/);
  });

  it("knows the baseline: its roles, and what a repository holds looser", async () => {
    const baseline = { "org/countersign.yml": 'version: 1\nmode: enforce\nroles:\n  legal: ["@lea", "@lou"]\n' };
    const policy = `${POLICY.replace("enforce", "observe")}  low: { approvals: [{ role: legal }] }\n`;
    const { exit, out } = await config(["check", ...byHand, "--baseline", "org"], files(policy, undefined, baseline));
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^policy\.yml:2:7: warning: mode: observe is looser than the organisation's enforce.*The baseline's value holds\.$/m,
    );
    expect((await config(["check", ...byHand], files(policy))).out).toMatch(/unknown role "legal"/);
  });

  it("as JSON has problems and warnings with their parts", async () => {
    const broken = await config(["check", ...byHand, "--format", "json"], files("version: 1\nmode: on\n"));
    expect(JSON.parse(broken.out)).toMatchObject({
      version: 1,
      problems: [{ file: "policy.yml", line: 2, column: 7, path: ["mode"], expected: "one of observe, enforce" }],
      warnings: [],
    });
    const short = await config(["check", ...byHand, "--format", "json"], files("version: 1\n"));
    expect(JSON.parse(short.out).warnings[0]).toMatchObject({
      file: "policy.yml",
      line: 1,
      column: expect.any(Number),
      sentence: expect.stringMatching(/^nobody holds/),
    });
  });

  it("reads the working tree, a revision, and the default branch of a bare repository", async () => {
    const repo = testRepository();
    repo.commit({ ".github/countersign.yml": "version: 3\n" });
    writeFileSync(join(repo.directory, ".github/countersign.yml"), POLICY);
    const at = (...args: string[]) => config(["check", "--repo", repo.directory, ...args]);
    expect((await at()).out).toBe(".github/countersign.yml is valid; .github/ai-systems.yml is absent; 0 warnings\n");
    expect((await at("--rev", "main")).out).toMatch(/^\.github\/countersign\.yml:1:10: version: /);
    const bare = mkdtempSync(join(tmpdir(), "countersign-test-"));
    onTestFinished(() => rmSync(bare, { recursive: true }));
    execFileSync("git", ["clone", "-q", "--bare", repo.directory, bare]);
    expect((await config(["check", "--repo", bare])).exit).toBe(2);
    repo.commit({ ".github/countersign.yml": null });
    expect((await at()).out).toBe(
      ".github/countersign.yml is absent (the built-in policy observes only); .github/ai-systems.yml is absent; 0 warnings\n",
    );
  });
});

describe("config print", () => {
  it("prints the policy that holds as YAML that reads back, with the origin of each value", async () => {
    const baseline = {
      "org/countersign.yml": "version: 1\nmode: enforce\ntiers:\n  high: { validFor: P2D, distinctPeople: 4 }\n",
    };
    const { exit, out } = await config(["print", ...byHand, "--baseline", "org"], files(POLICY, undefined, baseline));
    expect(exit).toBe(0);
    const line = (start: string) => out.split("\n").find((one) => one.trim().startsWith(start)) ?? "";
    expect(line("mode:")).toMatch(/^mode: enforce +# repository$/);
    expect(line("unregisteredTier:")).toMatch(/# built-in$/);
    expect(line("distinctPeople: 4")).toMatch(/# baseline$/);
    expect(line("ai-reviewer:")).toMatch(/^ {2}ai-reviewer: \["@ann", "@acme\/reviewers"\] +# repository$/);
    expect(out).toMatch(/^# tiers\.high\.validFor: P7D is looser than the organisation's P2D/m);
    const read = parse(out);
    expect(read.tiers.high).toMatchObject({ validFor: "P2D", distinctPeople: 4 });
    const { policy } = JSON.parse(
      (await config(["print", ...byHand, "--baseline", "org", "--format", "json"], files(POLICY, undefined, baseline)))
        .out,
    );
    const { version, ...rest } = read;
    expect([version, rest]).toEqual([1, policy]);
  });

  it("without any file is the built-in policy, all of it", async () => {
    const repo = testRepository();
    repo.commit({});
    const { out } = await config(["print", "--repo", repo.directory]);
    const { version: _, ...rest } = parse(out);
    expect(rest).toEqual(JSON.parse(JSON.stringify(effectivePolicy(null))));
    expect(out.match(/# /g)).toHaveLength(out.match(/# built-in$/gm)?.length ?? 0);
  });

  it("of a policy with problems prints those", async () => {
    const { exit, out, err } = await config(["print", ...byHand], files("version: 1\nmode: on\n"));
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toMatch(/^countersign: policy\.yml:2:7: mode: /);
  });
});

describe("config schema", () => {
  it("prints schemas that accept what the program accepts and refuse what it refuses", async () => {
    const validator = async (name: string) =>
      new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse((await config(["schema", name])).out));
    const policy = await validator("policy");
    expect(policy(parse(POLICY)), JSON.stringify(policy.errors)).toBe(true);
    expect(policy({ version: 1, mod: "enforce" })).toBe(false);
    const registry = await validator("registry");
    expect(registry({ version: 1, systems: [{ id: "a", owner: "@ann" }] })).toBe(true);
    expect(registry({ version: 1, systems: [{ id: "a", owner: "ann" }] })).toBe(false);
    const facts = await validator("facts");
    expect(facts({ reviews: [{ user: null, state: "APPROVED", commit_id: "a".repeat(40), more: 1 }] })).toBe(true);
    expect(facts({ reviews: [{ user: null, state: "APPROVED", commit_id: "abc" }] })).toBe(false);
    expect(JSON.parse((await config(["schema"])).out).title).toMatch(/policy/);
  });
});
