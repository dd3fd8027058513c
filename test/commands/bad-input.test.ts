import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { run } from "../../src/commands/run.ts";
import { recorded, testRepository } from "./repository.ts";

/** What a command is called with, and what must come of it. */
interface Case {
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly exit: number;
  /** Place, expectation and remedy, in this order where they stand in one line. */
  readonly says: RegExp;
}

const POLICY = ".github/countersign.yml";
const REGISTRY = ".github/ai-systems.yml";
const MODEL = { "app/config.yaml": "model: gpt-4o\n" };
const SWAPPED = { "app/config.yaml": "model: gpt-4o-mini\n" };
const ROLES = 'version: 1\nmode: enforce\nroles:\n  ai-reviewer: ["@ann"]\n  risk-owner: ["@bob", "@cat"]\n';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "countersign-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A repository whose base holds `files`, with a swapped model on a branch. */
function change(files: Readonly<Record<string, string | Buffer>>) {
  const repo = testRepository();
  repo.commit({ ...MODEL, ...files });
  repo.git("checkout", "-q", "-b", "feature");
  repo.commit(SWAPPED);
  return repo;
}

/** `check` of such a change. */
function checked(
  files: Readonly<Record<string, string | Buffer>>,
  exit: number,
  says: RegExp,
  ...more: string[]
): Case {
  return {
    args: ["check", "--repo", change(files).directory, "--base", "main", "--head", "feature", ...more],
    exit,
    says,
  };
}

/** `check` of such a change with one file given by hand. */
function given(option: string, text: string, exit: number, says: RegExp): Case {
  const args = ["check", "--repo", change({}).directory, "--base", "main", "--head", "feature", option, "given"];
  return { args, files: { given: text }, exit, says };
}

const everyTier = (duty: string) =>
  `tiers:\n${["low", "medium", "high", "critical"].map((tier) => `  ${tier}: { ${duty} }\n`).join("")}`;

const BOMB = `version: 1\nroles:\n  a: &a ["@x"]\n${"bcdefgh"
  .split("")
  .map((name, index) => `  ${name}: &${name} [${Array(20).fill(`*${"abcdefg"[index]}`).join(", ")}]\n`)
  .join("")}`;
const LARGE = `version: 1\n# ${"x".repeat(25_000_000)}\n`;

const CASES: Readonly<Record<string, () => Case>> = {
  "not a repository": () => ({
    args: ["check", "--repo", folder()],
    exit: 2,
    says: /\/countersign-test-\w+ is not a git repository .*name one with --repo DIR/,
  }),
  "a folder that is not there": () => ({
    args: ["check", "--repo", "/no/such"],
    exit: 2,
    says: /not a git repository|was not found/,
  }),
  "an unknown revision": () => ({
    args: ["check", "--repo", change({}).directory, "--base", "mian", "--head", "feature"],
    exit: 2,
    says: /the revision "mian" is not known; name a branch, a tag or a commit/,
  }),
  "an unknown revision for the rules": () => checked({}, 2, /the revision "nope" is not known/, "--rules", "nope"),
  "a revision that would be an option": () =>
    checked({}, 2, /the revision "--output=x" is not known/, "--rules=--output=x"),
  "no merge base": () => {
    const repo = change({});
    repo.git("checkout", "-q", "--orphan", "island");
    repo.commit({});
    return {
      args: ["check", "--repo", repo.directory, "--base", "main", "--head", "island"],
      exit: 2,
      says: /[0-9a-f]{12} and [0-9a-f]{12} have no common history.*--base REV/,
    };
  },
  "a shallow clone": () => {
    const repo = change({});
    const clone = folder();
    execFileSync("git", ["clone", "-q", "--depth=1", "--no-single-branch", `file://${repo.directory}`, clone]);
    return {
      args: ["check", "--repo", clone, "--base", "origin/main", "--head", "origin/feature"],
      exit: 2,
      says: /this clone is shallow.*git fetch --unshallow/,
    };
  },
  "a bare repository without a head": () => {
    const bare = folder();
    execFileSync("git", ["clone", "-q", "--bare", change({}).directory, bare]);
    return { args: ["check", "--repo", bare], exit: 2, says: /a bare repository has no working tree.*--head REV/ };
  },
  "a repository without a commit": () => ({
    args: ["check", "--repo", testRepository().directory],
    exit: 2,
    says: /the default branch is not known.*--base REV/,
  }),
  "an unreadable policy on the base": () =>
    checked(
      { [POLICY]: "version: [1\n" },
      1,
      /record\/unreadable: \.github\/countersign\.yml:2:1: .*expected valid YAML 1\.2/,
    ),
  "an unreadable policy given by hand": () =>
    given("--policy", "version: [1\n", 2, /^countersign: given:2:1: .*expected valid YAML 1\.2/),
  "a policy that is not there": () =>
    checked({}, 2, /\/no\/such\.yml: cannot be read: ENOENT/, "--policy", "/no/such.yml"),
  "a policy that is a link": () => {
    const repo = testRepository();
    repo.commit({ ...MODEL, elsewhere: ROLES });
    execFileSync("sh", ["-c", `mkdir ${repo.directory}/.github && ln -s ../elsewhere ${repo.directory}/${POLICY}`]);
    repo.commit({});
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit(SWAPPED);
    return {
      args: ["check", "--repo", repo.directory, "--base", "main", "--head", "feature"],
      exit: 1,
      says: /record\/unreadable: \.github\/countersign\.yml:1:1: .*expected/,
    };
  },
  "a YAML bomb": () =>
    checked({ [POLICY]: BOMB }, 1, /countersign\.yml:\d+:\d+: aliases repeat too much; expected at most 10000/),
  "a policy of 25 MB": () =>
    checked({ [POLICY]: LARGE }, 1, /countersign\.yml:1:1: the file is too large; expected at most 1 MB/),
  "a policy of 25 MB given by hand": () =>
    given("--policy", LARGE, 2, /given:1:1: the file is too large; expected at most 1 MB/),
  "duplicate keys": () =>
    given(
      "--policy",
      "version: 1\nmode: observe\nmode: enforce\n",
      2,
      /given:3:1: the key "mode" twice; expected each key once/,
    ),
  "an unknown key": () =>
    given(
      "--policy",
      "version: 1\nmod: enforce\n",
      2,
      /given:2:1: mod: unknown key "mod"; expected one of version, mode.*did you mean "mode"\?/,
    ),
  "an unknown role": () =>
    given(
      "--policy",
      `${ROLES}tiers:\n  high:\n    approvals: [{ role: risk-ower }]\n`,
      2,
      /given:8:25: tiers\.high\.approvals\[0\]\.role: unknown role "risk-ower"; expected one of system-owner.*define it under roles; did you mean "risk-owner"\?/,
    ),
  "an unknown role of a delegation": () =>
    given(
      "--policy",
      `${ROLES}delegations: [{ from: "@ann", to: "@bob", roles: [reviewer], until: 2027-01-01 }]\n`,
      2,
      /given:6:\d+: delegations\[0\]\.roles\[0\]: unknown role "reviewer"/,
    ),
  "a role with nobody eligible, where a change needs it": () =>
    checked(
      { [POLICY]: `${ROLES}  legal: []\n${everyTier("approvals: [{ role: legal }]")}` },
      1,
      /✗ legal .*nobody.*roles\.legal/,
    ),
  "a role with nobody eligible, before any change": () => ({
    args: ["config", "check", "--policy", "policy", "--registry", "registry"],
    files: { policy: 'version: 1\nroles:\n  risk-owner: ["@bob", "@cat"]\n', registry: "version: 1\n" },
    exit: 0,
    says: /^policy:3:3: warning: nobody holds ai-reviewer, which .*name people under roles\.ai-reviewer$/m,
  }),
  "a tier that cannot be met, before any change": () => ({
    args: ["config", "check", "--policy", "policy", "--registry", "registry"],
    files: { policy: `${ROLES}tiers:\n  low: { distinctPeople: 9 }\n`, registry: "version: 1\n" },
    exit: 0,
    says: /^policy:7:26: warning: tier low cannot be met: it asks for 9 different people, and only 3 are named; name more people under roles, or lower tiers\.low\.distinctPeople$/m,
  }),
  "a tier that cannot be met, where a change reaches it": () =>
    checked(
      { [POLICY]: `${ROLES}${everyTier("distinctPeople: 9")}` },
      1,
      /✗ 0 of 9 different people approved, and only 3 could; name more people under roles/,
    ),
  "an invalid duration": () =>
    given(
      "--policy",
      `${ROLES}tiers:\n  high: { validFor: 14 days }\n`,
      2,
      /given:7:\d+: tiers\.high\.validFor: .*expected an ISO 8601 duration such as P90D/,
    ),
  "a registry naming unknown identities": () =>
    given(
      "--registry",
      "version: 1\nsystems:\n  - id: a\n    identities: [ghots]\nidentities:\n  - { id: ghost, type: api-key }\n",
      2,
      /given:4:18: systems\[0\]\.identities\[0\]: unknown identity "ghots"; expected one of ghost; register it under identities; did you mean "ghost"\?/,
    ),
  "a registry naming unknown identities, on the base": () =>
    checked(
      { [REGISTRY]: "version: 1\nsystems: [{ id: a, identities: [ghost] }]\n" },
      1,
      /record\/unreadable: \.github\/ai-systems\.yml:2:\d+: .*unknown identity "ghost"; expected one that is registered; register it under identities/,
    ),
  "two entries with one id": () =>
    given(
      "--registry",
      "version: 1\nsystems:\n  - id: a\n  - id: b\n  - id: a\n",
      2,
      /given:5:9: systems\[2\]\.id: the id "a" is also that of entry 0; expected an id of its own/,
    ),
  "an exception for what is not registered": () =>
    given(
      "--registry",
      'version: 1\nexceptions:\n  - { id: E, rule: record/static-secret, scope: { identity: x }, reason: r, compensatingControls: [c], acceptedBy: "@bob", created: 2026-01-01, expires: 2026-02-01 }\n',
      2,
      /given:3:\d+: exceptions\[0\]\.scope\.identity: unknown identity "x"/,
    ),
  "a policy that is not UTF-8": () =>
    checked(
      { [POLICY]: Buffer.from([0x76, 0x0a, 0xe9, 0x0a]) },
      1,
      /countersign\.yml:2:1: bytes that are not UTF-8; expected UTF-8 text/,
    ),
  "facts that are not JSON": () =>
    given(
      "--facts",
      "{",
      2,
      /given: cannot be read as JSON .*expected an object with parts such as pullRequest and reviews/,
    ),
  "facts of another shape": () =>
    given(
      "--facts",
      '{"reviews":[{"user":{"login":"a"},"state":"APPROVED","commit_id":"abc"}],"more":1}',
      2,
      /given: reviews\.0\.commit_id: expected a full commit id of 40 or 64 hexadecimal digits\n.*given: .*more/s,
    ),
  "facts with an instant that is none": () =>
    given(
      "--facts",
      '{"comments":[{"user":null,"body":"x","created_at":"yesterday"}]}',
      2,
      /given: comments\.0\.created_at: /,
    ),
  "a review of a commit that is not here": () => {
    const one = checked(
      { [POLICY]: ROLES },
      1,
      new RegExp(`what it covered cannot be known: the revision "${"a".repeat(40)}" is not known`),
      "--facts",
      "facts",
    );
    const review = {
      user: { login: "ann" },
      state: "APPROVED",
      commit_id: "a".repeat(40),
      submitted_at: "2026-11-24T10:00:00Z",
    };
    return { ...one, files: { facts: JSON.stringify({ pullRequest: { user: { login: "zoe" } }, reviews: [review] }) } };
  },
  "an instant that is none": () =>
    checked({}, 2, /--now is "next week"; expected an instant such as 2026-11-24T12:00:00Z/, "--now", "next week"),
  "a day that does not exist": () =>
    checked({}, 2, /--now is "2026-02-30"; expected an instant/, "--now", "2026-02-30"),
  "a format that is none": () =>
    checked({}, 2, /--format is "xml"; expected text, json, markdown or sarif/, "--format", "xml"),
  "two heads": () => checked({}, 2, /--staged and --head exclude each other; give one/, "--staged"),
  "an option twice": () => checked({}, 2, /--base is given twice; give it once/, "--base", "feature"),
  "an option without its value": () => ({
    args: ["check", "--base", "--head", "x"],
    exit: 2,
    says: /--base needs a value; see countersign check --help/,
  }),
  "an unknown option": () => ({
    args: ["check", "--ruels", "x"],
    exit: 2,
    says: /unknown option "--ruels"; did you mean --rules\?/,
  }),
  "a stray argument": () => ({
    args: ["check", "main"],
    exit: 2,
    says: /unexpected argument "main"; expected options only/,
  }),
  "an unknown command": () => ({
    args: ["chek"],
    exit: 2,
    says: /unknown command "chek"; expected check.*did you mean check\?/,
  }),
  "an unknown schema": () => ({
    args: ["config", "schema", "polcy"],
    exit: 2,
    says: /config schema takes one of policy, registry, evaluation, doctor, facts/,
  }),
  "a baseline without a policy": () =>
    checked(
      {},
      2,
      /holds no \.github\/countersign\.yml and no countersign\.yml; expected the organisation's baseline there/,
      "--baseline",
      folder(),
    ),
};

it.each(Object.keys(CASES))("%s: a clear message and the right exit code", async (name) => {
  const { args, files = {}, exit, says } = (CASES[name] as () => Case)();
  const { io, out, err } = recorded(files);
  const code = await run(args, io);
  expect(`${out()}${err()}`).toMatch(says);
  expect(code).toBe(exit);
  expect(err()).not.toMatch(/\n {4}at |node:internal/);
  if (exit === 2 && args[0] === "check") expect(out()).toBe("");
  if (exit === 1) expect(err()).toBe("");
});

it("files and names that are not UTF-8 lose nothing: the change is still found, by a name that can be read", async () => {
  const repo = testRepository();
  repo.commit({});
  repo.git("checkout", "-q", "-b", "feature");
  writeFileSync(
    Buffer.concat([Buffer.from(`${repo.directory}/caf`), Buffer.of(0xe9), Buffer.from(".yaml")]),
    Buffer.from("model: gpt-4o # caf\xe9\n", "latin1"),
  );
  repo.commit({});
  const { io, out } = recorded();
  expect(
    await run(["check", "--repo", repo.directory, "--base", "main", "--head", "feature", "--format", "json"], io),
  ).toBe(0);
  expect(JSON.parse(out()).findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        class: "model",
        after: "gpt-4o",
        place: { after: expect.objectContaining({ path: "caf\ufffdE9.yaml", line: 1 }) },
      }),
    ]),
  );
});

it("a broken policy still shows what changed", async () => {
  const { io, out } = recorded();
  const directory = change({ [POLICY]: "version: 2\n" }).directory;
  expect(await run(["check", "--repo", directory, "--base", "main", "--head", "feature", "--format", "json"], io)).toBe(
    1,
  );
  const evaluation = JSON.parse(out());
  expect(evaluation.decision.state).toBe("blocked");
  expect(evaluation.findings).toEqual(
    expect.arrayContaining([expect.objectContaining({ class: "model", before: "gpt-4o", after: "gpt-4o-mini" })]),
  );
});
