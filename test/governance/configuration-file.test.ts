import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/core/policy.ts";
import { parsePolicy, parseRegistry } from "../../src/governance/configuration-file.ts";
import { formatProblem } from "../../src/governance/configuration-problem.ts";

const problemsOf = (parsed: ReturnType<typeof parsePolicy> | ReturnType<typeof parseRegistry>) =>
  parsed.ok ? [] : parsed.problems.map(formatProblem);
const policy = (text: string, baseline: Policy | null = null) => problemsOf(parsePolicy(text, "p.yml", baseline));
const registry = (text: string) => problemsOf(parseRegistry(text, "r.yml"));

const FULL_POLICY = `version: 1
mode: enforce
enforceFrom: low
branches: [~DEFAULT_BRANCH, "release/**"]
contact: "@acme/platform"
aiPolicy: { document: docs/ai-policy.md, owner: "@octocat", approvedBy: "@acme/board", review: { every: P365D, last: 2026-05-01 } }
unregisteredTier: medium
unregisteredOwner: risk-owner
roles:
  ai-reviewer: ["@acme/ml"]
  risk-owner: ["@octocat", "@hubot"]
  security: ["@acme/security"]
tiers:
  high:
    approvals:
      - { role: system-owner }
      - { role: risk-owner, count: 1 }
      - { role: security, when: [credential, tool, provider] }
    distinctPeople: 2
    rollback: planned
    statement: false
    bind: files
    validFor: P14D
checks:
  evals: { name: "evals / regression", app: github-actions, workflow: .github/workflows/evals.yml, inputs: ["evals/**"], when: [model, prompt], from: medium }
  red-team: { name: red-team, app: acme-evals, when: [model, tool, guardrail], from: high, maxAge: P7D }
selfApproval: never
breakGlass: { by: ["@acme/on-call-leads"], reviewWithin: P2D }
delegations: [{ from: "@octocat", to: "@hubot", roles: [risk-owner], until: 2026-12-31 }]
limits: { exceptionMax: P90D, rotationMax: P365D, rotationGrace: P7D, reviewMax: P365D, reviewGrace: P30D, rehearsalMaxAge: P180D, quickRevert: P14D }
detect:
  credentials: connected
  ignore: ["docs/**"]
  rules: { "prompt/agent-instructions": { severity: material } }
  custom: [{ id: model/acme-gateway, class: model, paths: ["gateway/*.yml"], pattern: '^model:\\s*(?<value>\\S+)' }]
notify: { channel: none, escalateAfter: P2D }
`;

describe("a policy", () => {
  it("reads with every field, and says where each stands", () => {
    const parsed = parsePolicy(FULL_POLICY, "p.yml");
    expect(problemsOf(parsed)).toEqual([]);
    if (!parsed.ok) return;
    expect(parsed.lines(["tiers", "high", "distinctPeople"])).toEqual({ line: 19, column: 21 });
    expect(parsed.lines(["checks", "red-team", "maxAge"])?.line).toBe(26);
    expect(parsed.lines(["nothing", "there"])).toEqual({ line: 1, column: 1 });
  });

  it.each<[string, string, readonly string[]]>([
    [
      "an unknown key",
      "version: 1\nmodes: enforce\n",
      ['p.yml:2:1: modes: unknown key "modes"; expected one of version, mode,'],
    ],
    ["the nearest key", "version: 1\nmodes: enforce\n", ['did you mean "mode"?']],
    [
      "an unknown key below",
      "version: 1\ntiers: { high: { distinct: 2 } }\n",
      ['p.yml:2:18: tiers.high.distinct: unknown key "distinct"'],
    ],
    [
      "a value that is none",
      "version: 1\nmode: enforced\n",
      ['p.yml:2:7: mode: a value that is not allowed; expected one of observe, enforce; did you mean "enforce"?'],
    ],
    [
      "a value of another kind",
      "version: 1\nroles: [a]\n",
      ["p.yml:2:8: roles: found a list; expected an object (keys with values)"],
    ],
    ["what is missing", "mode: observe\n", ["p.yml:1:1: version: missing; expected 1"]],
    ["an unknown version", "version: 2\n", ["p.yml:1:10: version: a value that is not allowed; expected 1"]],
    [
      "a duration that is none",
      "version: 1\nlimits: { reviewMax: 90 days }\n",
      ["p.yml:2:22: limits.reviewMax: a value that is not valid; expected an ISO 8601 duration such as P90D or PT4H"],
    ],
    ["a duration in months", "version: 1\nlimits: { reviewMax: P3M }\n", ["expected an ISO 8601 duration"]],
    [
      "a date that does not exist",
      'version: 1\ndelegations: [{ from: "@a", to: "@b", roles: [risk-owner], until: 2026-02-30 }]\n',
      ["delegations[0].until: a value that is not valid; expected a date that exists"],
    ],
    [
      "a team where a person is needed",
      'version: 1\ndelegations: [{ from: "@acme/ml", to: "@b", roles: [risk-owner], until: 2026-02-20 }]\n',
      ["delegations[0].from: a value that is not valid; expected a person such as @octocat"],
    ],
    [
      "a login without its sign",
      "version: 1\nroles: { risk-owner: [octocat] }\n",
      [
        "roles.risk-owner[0]: a value that is not valid; expected a person such as @octocat or a team such as @acme/security",
      ],
    ],
    [
      "too many people",
      "version: 1\ntiers: { low: { distinctPeople: 99 } }\n",
      ["tiers.low.distinctPeople: too much; expected at most 20"],
    ],
    ["nobody asked", "version: 1\ntiers: { low: { distinctPeople: 0 } }\n", ["too little; expected at least 1"]],
    [
      "a check of Actions without its workflow",
      "version: 1\nchecks: { e: { name: e, app: github-actions } }\n",
      ["checks.e.workflow: a value that is not valid; expected `workflow`"],
    ],
    [
      "a role nobody defines",
      "version: 1\ntiers: { low: { approvals: [{ role: secruity }] } }\n",
      [
        'tiers.low.approvals[0].role: unknown role "secruity"; expected one of system-owner,',
        'did you mean "security"?',
      ],
    ],
    [
      "a rule that stays as it is",
      "version: 1\ndetect: { rules: { credential/secret-value: off } }\n",
      [
        "a key that is not allowed; expected a rule such as model/id; governance/*, record/*, credential/secret-value and tool/permission stay as they are",
      ],
    ],
    [
      "a rule of governance",
      "version: 1\ndetect: { rules: { governance/policy: { severity: trivial } } }\n",
      ["a key that is not allowed"],
    ],
    [
      "a glob with a leading slash",
      "version: 1\ndetect: { ignore: [/docs/**] }\n",
      [
        "detect.ignore[0]: a value that is not valid; expected a path from the repository's root without a leading slash",
      ],
    ],
    [
      "a glob of a folder",
      "version: 1\ndetect: { ignore: [docs/] }\n",
      ["expected a glob of files, such as folder/**"],
    ],
    ["a glob that negates", 'version: 1\ndetect: { ignore: ["!docs/**"] }\n', ["expected a glob without !"]],
    ["an extended glob", 'version: 1\ndetect: { ignore: ["docs/+(a|b)"] }\n', ["expected braces such as {a,b}"]],
    [
      "a glob of countless alternatives",
      `version: 1\ndetect: { ignore: ["${"{a,b}".repeat(20)}"] }\n`,
      ["expected at most 256 alternatives"],
    ],
    ["no object", "- a\n", ["p.yml:1:1: found a list; expected an object (keys with values)"]],
    ["an empty file", "", ["found nothing"]],
    ["a key twice", "version: 1\nversion: 1\n", ['p.yml:2:1: the key "version" twice; expected each key once']],
  ])("says of %s where and what is expected", (_, text, expected) => {
    const found = policy(text).join("\n");
    for (const part of expected) expect(found).toContain(part);
  });

  it("knows the roles of the baseline", () => {
    const text = "version: 1\ntiers: { low: { approvals: [{ role: privacy }] } }\n";
    expect(policy(text)).toHaveLength(1);
    expect(policy(text, { version: 1, roles: { privacy: ["@acme/privacy"] } })).toEqual([]);
  });

  it.each([
    [
      "an unknown rule",
      "rules: { model/idd: off }",
      'detect.rules.model/idd: unknown rule "model/idd"',
      'did you mean "model/id"?',
    ],
    [
      "a pattern that does not compile",
      "custom: [{ id: model/x, class: model, paths: [a], pattern: 'gateway(?<value>[a-z+' }]",
      "p.yml:3:62: detect.custom[0].pattern: a pattern that does not compile (error parsing regexp: missing closing ])",
      "RE2 syntax",
    ],
    [
      "look-around",
      "custom: [{ id: model/x, class: model, paths: [a], pattern: 'gateway(?=x)(?<value>y)' }]",
      "a pattern that does not compile",
      "without look-around and back-references",
    ],
    [
      "no group to compare",
      "custom: [{ id: model/x, class: model, paths: [a], pattern: 'gateway: (w+)' }]",
      "a pattern without the group `value`",
      "(?<value>...)",
    ],
    [
      "nothing that must stand in the text",
      "custom: [{ id: model/x, class: model, paths: [a], pattern: '(?<value>gpt|claude)' }]",
      "a pattern that any text may begin to match",
      "three letters or more",
    ],
    [
      "another class than the id's",
      "custom: [{ id: model/x, class: tool, paths: [a], pattern: 'gateway: (?<value>.+)' }]",
      "detect.custom[0].class: the class tool of the rule model/x",
      "model, as its id says",
    ],
    [
      "a built-in rule's id",
      "custom: [{ id: model/id, class: model, paths: [a], pattern: 'gateway: (?<value>.+)' }]",
      'the id "model/id" is a built-in rule\'s',
      "",
    ],
    [
      "one id twice",
      "custom: [{ id: model/x, class: model, paths: [a], pattern: 'gateway: (?<value>.+)' }, { id: model/x, class: model, paths: [b], pattern: 'gateway: (?<value>.+)' }]",
      'detect.custom[1].id: the id "model/x" is also that of entry 0',
      "",
    ],
  ])("refuses %s", (_, detect, message, hint) => {
    const problems = policy(`version: 1\ndetect:\n  ${detect}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
    expect(problems[0]).toContain(hint);
  });

  it("knows rules of its own and of the baseline", () => {
    const own = "custom: [{ id: model/x, class: model, paths: [a], pattern: 'gateway: (?<value>.+)' }]";
    expect(policy(`version: 1\ndetect:\n  rules: { model/x: off }\n  ${own}\n`)).toEqual([]);
    const text = "version: 1\ndetect: { rules: { model/x: { severity: major } } }\n";
    expect(policy(text)).toHaveLength(1);
    const custom = [{ id: "model/x", class: "model" as const, paths: ["a"], pattern: "gateway: (?<value>.+)" }];
    expect(policy(text, { version: 1, detect: { custom } })).toEqual([]);
  });

  it("lists problems in the file's order, a hundred at most", () => {
    const text = `version: 1\nroles:\n${Array.from({ length: 300 }, (_, at) => `  r${at}: [x]`).join("\n")}\n`;
    const lines = policy(text).map((line) => Number(line.split(":")[1]));
    expect(lines).toHaveLength(100);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });
  it("is refused above its size, without being read", () => {
    const started = performance.now();
    expect(policy(`# ${"x".repeat(25_000_000)}`)).toEqual(["p.yml:1:1: the file is too large; expected at most 1 MB"]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
  it("is UTF-8, and the line that is not is named", () => {
    const bytes = Buffer.concat([Buffer.from("version: 1\ncontact: "), Buffer.from([0xff, 0xfe]), Buffer.from("\n")]);
    expect(problemsOf(parsePolicy(bytes, "p.yml"))).toEqual([
      "p.yml:2:1: bytes that are not UTF-8; expected UTF-8 text",
    ]);
  });
  it("P40 repeats no value: it may be a secret in the wrong place", () => {
    const secret = ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_");
    const places = [
      `mode: ${secret}`,
      `contact: ${secret}`,
      `limits: { reviewMax: ${secret} }`,
      `"${secret}?": 1`,
      `x: &a ${secret}\ny: !${secret} z`,
    ];
    for (const place of places) {
      const found = policy(`version: 1\n${place}\n`);
      expect(found.length).toBeGreaterThan(0);
      expect(found.join()).not.toContain(secret);
    }
  });
});

describe("a registry", () => {
  it.each<[string, string, readonly string[]]>([
    [
      "two entries of one id",
      "version: 1\nsystems:\n  - id: bot\n  - id: bot\n",
      ['r.yml:4:9: systems[1].id: the id "bot" is also that of entry 0; expected an id of its own'],
    ],
    [
      "an identity that nobody registered",
      "version: 1\nsystems:\n  - id: bot\n    identities: [kay]\nidentities:\n  - { id: key, type: api-key }\n",
      ['r.yml:4:18: systems[0].identities[0]: unknown identity "kay"', 'did you mean "key"?'],
    ],
    [
      "a provider that nobody registered",
      "version: 1\nsystems:\n  - { id: bot, providers: [acmee] }\nproviders:\n  - id: acme\n",
      ['unknown provider "acmee"', 'did you mean "acme"?'],
    ],
    [
      "an exception for nothing",
      'version: 1\nexceptions:\n  - { id: E, rule: record/static-secret, scope: { identity: key }, reason: r, compensatingControls: [c], acceptedBy: "@o", created: 2026-01-01, expires: 2026-02-01 }\n',
      ['exceptions[0].scope.identity: unknown identity "key"; expected one that is registered'],
    ],
    [
      "an exception without a scope",
      'version: 1\nexceptions:\n  - { id: E, rule: record/static-secret, scope: {}, reason: r, compensatingControls: [c], acceptedBy: "@o", created: 2026-01-01, expires: 2026-02-01 }\n',
      ["exceptions[0].scope: a value that is not valid; expected identity, system or provider"],
    ],
    [
      "an exception without a control",
      'version: 1\nexceptions:\n  - { id: E, rule: record/static-secret, scope: { system: s }, reason: r, compensatingControls: [], acceptedBy: "@o", created: 2026-01-01, expires: 2026-02-01 }\n',
      ["compensatingControls: too little; expected at least 1 entries"],
    ],
    [
      "a lifecycle that is none",
      "version: 1\nsystems: [{ id: a, lifecycle: live }]\n",
      ["systems[0].lifecycle: a value that is not allowed; expected one of planned, deployed, paused, retired"],
    ],
    [
      "a glob that could match nothing",
      "version: 1\nsystems: [{ id: a, paths: [/services/**] }]\n",
      ["systems[0].paths[0]: a value that is not valid"],
    ],
  ])("says of %s where and what is expected", (_, text, expected) => {
    const found = registry(text).join("\n");
    for (const part of expected) expect(found).toContain(part);
  });

  it("may name providers before any is registered", () => {
    expect(registry("version: 1\nsystems: [{ id: a, providers: [anthropic] }]\n")).toEqual([]);
  });
});

describe("parsing never throws", () => {
  it("on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const parse of [parsePolicy, parseRegistry]) {
          const parsed = parse(bytes, "f.yml");
          if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });
  it("on a real file that was damaged anywhere", () => {
    fc.assert(
      fc.property(fc.nat(FULL_POLICY.length), fc.string({ maxLength: 6 }), fc.nat(8), (at, inserted, cut) => {
        const text = FULL_POLICY.slice(0, at) + inserted + FULL_POLICY.slice(at + cut);
        const parsed = parsePolicy(text, "p.yml");
        const lines = text.split("\n").length;
        for (const { line, column } of parsed.ok ? [] : parsed.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
