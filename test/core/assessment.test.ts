import { describe, expect, it } from "vitest";
import type { Identity, Provider, Registry, System } from "../../src/core/registry.ts";
import { type Changed, decideSituation, POLICY, type Situation, system, table } from "./situation.ts";

const key: Identity = { id: "key", type: "api-key", owner: "@ida", references: ["API_KEY"], state: "active" };
const registry = (fields: Omit<Registry, "version">): Registry => ({ version: 1, ...fields });
const ruleAndTier = (situation: Situation) => {
  const { assessment } = decideSituation(situation);
  return assessment.findings.map(({ finding }) => [finding.rule, finding.severity]);
};
const systemsOf = (situation: Situation) => decideSituation(situation).assessment.systems.map(({ id }) => id);

describe("the systems of a finding", () => {
  const bot = system();
  const far = (fields: Partial<System>) => system({ id: "far", paths: ["far/**"], ...fields });
  const outside: Changed = { path: "lib/x.py" };
  it.each<[string, Situation, readonly string[]]>([
    ["by path", {}, ["bot"]],
    ["P05 by path without regard to case", { changes: [{ path: "BOT/Agent.py" }] }, ["bot"]],
    [
      "by the path of a prompt",
      { changes: [outside], systems: [far({ prompts: [{ id: "p", paths: ["lib/*"] }] })] },
      ["far"],
    ],
    [
      "else by the reference of an identity",
      {
        changes: [{ ...outside, class: "credential", references: ["API_KEY"] }],
        systems: [bot, far({ identities: ["key"] })],
        identities: [key],
      },
      ["far"],
    ],
    ["else by a model", { changes: [outside], systems: [bot, far({ models: [{ id: "m", ref: "old" }] })] }, ["far"]],
    [
      "else by the model before it",
      { changes: [outside], systems: [bot, far({ models: [{ id: "m", ref: "x", previous: "new" }] })] },
      ["far"],
    ],
    [
      "else by a provider's host",
      {
        changes: [{ ...outside, class: "provider" }],
        systems: [bot, far({ providers: ["acme-ai"] })],
        providers: [{ id: "acme-ai", hosts: ["new"] }],
      },
      ["far"],
    ],
    ["a path goes before everything else", { systems: [bot, far({ models: [{ id: "m", ref: "new" }] })] }, ["bot"]],
    ["none", { changes: [outside] }, []],
  ])("%s", (_, situation, expected) => expect(systemsOf(situation)).toEqual(expected));

  it("S04 a new entry never takes the place of what the base finds", () => {
    const situation: Situation = {
      changes: [{ path: "lib/x.py", class: "credential", references: ["API_KEY"] }],
      systems: [system({ id: "vault", paths: [], identities: ["key"], tier: "critical" })],
      identities: [key],
      head: registry({
        systems: [
          system({ id: "vault", paths: [], identities: ["key"], tier: "critical" }),
          system({ id: "decoy", paths: ["lib/**"], tier: "low", owner: "@eve" }),
        ],
        identities: [key],
      }),
    };
    expect(systemsOf(situation)).toEqual(["decoy", "vault"]);
    expect(decideSituation(situation).assessment.tier.value).toBe("critical");
  });
});

describe("what is not registered is proposed, and asks for nothing by itself", () => {
  it("a system, with the folders of its findings", () => {
    const { assessment } = decideSituation({ changes: [{ path: "services/help [old]/bot.py" }, { path: "web/a.ts" }] });
    expect(assessment.findings.at(-1)?.finding).toMatchObject({
      rule: "record/unregistered-system",
      class: "governance",
      severity: "trivial",
      after:
        '- { id: services-help-old, owner: "@login", lifecycle: deployed, tier: medium, paths: ["services/help \\\\[old\\\\]/**", "web/**"] }',
      remedy: "Add it under systems in .github/ai-systems.yml, with its owner.",
    });
    expect(assessment.classes).toEqual(["model"]);
  });
  it("a system in the root", () => {
    const { assessment } = decideSituation({ changes: [{ path: "agent.py" }] });
    expect(assessment.findings.at(-1)?.finding.after).toContain('{ id: my-system, owner: "@login"');
    expect(assessment.findings.at(-1)?.finding.after).toContain('paths: ["*"]');
  });
  it("identities, each once", () => {
    const changes: Changed[] = [
      { class: "credential", references: ["ANTHROPIC_API_KEY"] },
      { class: "credential", references: ["ANTHROPIC_API_KEY", "DB"], path: "bot/b.py" },
      { class: "credential", references: ["GONE"], path: "bot/c.py", removed: true },
      { class: "credential", references: ["API_KEY"], path: "bot/d.py" },
    ];
    const { assessment } = decideSituation({ changes, identities: [key] });
    const proposals = assessment.findings.filter(({ finding }) => finding.rule === "record/unregistered-identity");
    expect(proposals.map(({ finding }) => finding.after)).toEqual([
      '- { id: anthropic-api-key, type: api-key, owner: "@login", references: ["ANTHROPIC_API_KEY"] }',
      '- { id: db, type: api-key, owner: "@login", references: ["DB"] }',
    ]);
  });
  it("nothing where everything is registered, or nothing governs", () => {
    expect(ruleAndTier({})).toEqual([["model/example", "material"]]);
    expect(ruleAndTier({ changes: [{ path: "x.py", severity: "trivial" }] })).toEqual([["model/example", "trivial"]]);
    expect(ruleAndTier({ changes: [{ path: ".github/CODEOWNERS", class: "governance" }] })).toHaveLength(1);
  });
});

describe("a credential governs where an AI system acts with it", () => {
  const alone: Changed = { path: "infra/ci.yml", class: "credential", references: ["DEPLOY_KEY"] };
  it.each<[string, Situation, boolean]>([
    ["not by itself", { changes: [alone] }, false],
    ["when the policy says all", { changes: [alone], policy: { detect: { credentials: "all" } } }, true],
    ["in a system's paths", { changes: [{ ...alone, path: "bot/ci.yml" }] }, true],
    ["of a registered identity", { changes: [{ ...alone, references: ["API_KEY"] }], identities: [key] }, true],
    ["in one file with a model that changes", { changes: [alone, { path: "infra/ci.yml" }] }, true],
    ["in one file with a model that stays", { changes: [{ ...alone, beside: "model" }] }, true],
    ["in one file with a prompt that stays", { changes: [{ ...alone, beside: "prompt" }] }, true],
    ["in one file with a tool that stays", { changes: [{ ...alone, beside: "tool" }] }, true],
    ["not in one file with another credential", { changes: [{ ...alone, beside: "credential" }] }, false],
    ["a wildcard scope everywhere", { changes: [{ ...alone, floor: "critical" }] }, true],
    ["a secret's value everywhere", { changes: [{ ...alone, secret: "likely" }] }, true],
  ])("%s", (_, situation, expected) => {
    const { assessment } = decideSituation(situation);
    const found = assessment.findings.find(({ finding }) => finding.class === "credential")?.finding;
    expect([found?.connected, found?.severity !== "trivial"]).toEqual([expected, expected]);
  });
});

describe("the policy weighs rules", () => {
  const rules = (setting: object) => ({ policy: { detect: { rules: setting as never } } });
  it("off drops a rule, a severity replaces the judged one", () => {
    expect(ruleAndTier(rules({ "model/example": "off" }))).toEqual([]);
    expect(ruleAndTier(rules({ "model/example": { severity: "major" } }))).toEqual([["model/example", "major"]]);
  });
  it("but never for governance and secrets", () => {
    const changes: Changed[] = [
      { class: "governance", path: ".github/countersign.yml" },
      { class: "credential", secret: "certain", path: "bot/b.py" },
    ];
    expect(
      ruleAndTier({
        changes,
        ...rules({ "governance/example": "off", "credential/secret-value": { severity: "trivial" } }),
      }),
    ).toEqual([
      ["governance/example", "material"],
      ["credential/secret-value", "material"],
    ]);
  });
});

describe("edits of the registry by their effect", () => {
  const reviews = ["wendy", "olga", "ida", "sam", "rita"];
  const edit = (before: System, after: System, fields: Partial<Situation> = {}): Situation => ({
    changes: [],
    systems: [before],
    head: registry({ systems: [after] }),
    ...fields,
  });
  const low = (fields: Partial<System> = {}) => system({ tier: "low", ...fields });
  const guarded = [{ id: "p", paths: ["bot/*.md"], guardrail: true }];
  const exception = (acceptedBy: string) => [
    {
      id: "EX-1",
      rule: "record/review-overdue",
      scope: { system: "bot" },
      reason: "r",
      compensatingControls: ["c"],
      acceptedBy,
      created: "2026-11-20",
      expires: "2026-12-20",
    },
  ];
  table([
    [
      "another owner is material: the owner of now is asked",
      edit(system(), system({ owner: "@newman" }), { reviews: ["olga", "newman"] }),
      "waiting",
      "high",
      [
        "governance/registry changed at .github/ai-systems.yml:1 is material -> system bot is high",
        "needs 1 approval of @wendy",
      ],
    ],
    [
      "and approves",
      edit(system(), system({ owner: "@newman" }), { reviews }),
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "retiring is material",
      edit(low(), low({ lifecycle: "retired" }), { reviews }),
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "deploying is major, never below high",
      edit(low({ lifecycle: "planned" }), low(), { reviews }),
      "approved",
      "high",
      ["major x low = medium", "governance/registry widened at .github/ai-systems.yml:1 -> floor high"],
    ],
    [
      "lowering the tier",
      edit(system({ tier: "medium" }), low(), { reviews }),
      "approved",
      "high",
      ["major x medium = high"],
    ],
    [
      "taking a path away",
      edit(low({ paths: ["bot/**", "b/**"] }), low(), { reviews }),
      "approved",
      "high",
      ["floor high"],
    ],
    [
      "taking a guardrail away",
      edit(low({ prompts: guarded }), low({ prompts: [{ id: "p", paths: ["bot/*.md"] }] }), { reviews }),
      "approved",
      "high",
      ["floor high"],
    ],
    [
      "taking the owner away",
      edit(low(), low({ owner: undefined as never }), { reviews }),
      "approved",
      "high",
      ["floor high"],
    ],
    [
      "lengthening a cadence",
      edit(low(), low({ review: { every: "P300D", last: "2026-10-01" } }), { reviews }),
      "approved",
      "high",
      ["floor high"],
    ],
    [
      "widening data, which raises the tier as well",
      edit(
        low(),
        low({ risk: { impactAssessment: { ref: "docs/impact.md", expires: "2027-06-01" }, data: ["personal"] } }),
        {
          reviews,
        },
      ),
      "approved",
      "high",
      ["floor high"],
    ],
    [
      "removing the entry of a low system",
      edit(low(), low(), { head: registry({ systems: [] }), reviews }),
      "approved",
      "high",
      ["governance/registry removed at .github/ai-systems.yml:1 -> floor high"],
    ],
    [
      "removing the entry of a critical system is critical",
      edit(system({ tier: "critical" }), low(), { head: registry({ systems: [] }), reviews }),
      "waiting",
      "critical",
      [
        "system bot is critical (declared) -> major x critical = critical",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
    [
      "adding a system asks the unregistered owner beside the one it names",
      edit(low(), low(), { head: registry({ systems: [low(), system({ id: "new", owner: "@newman" })] }), reviews }),
      "waiting",
      "high",
      ["system-owner for system new: needs 1 approval of @newman", "met: system-owner for a new entry of the registry"],
    ],
    [
      "a planned system is at least of the unregistered tier",
      edit(low(), low(), {
        head: registry({ systems: [low(), low({ id: "new", owner: "@newman" })] }),
        reviews: ["newman", "olga", "rita"],
      }),
      "approved",
      "medium",
      ["system new is medium (new, so at least unregisteredTier)"],
    ],
    [
      "an exception asks exactly its acceptor",
      edit(system(), system(), {
        head: registry({ systems: [system()], exceptions: exception("@omar") }),
        reviews: ["wendy", "olga", "sam"],
      }),
      "waiting",
      "high",
      ["exception-acceptor for an exception that @omar accepts as risk-owner: needs 1 approval of @omar"],
    ],
    [
      "who accepts it",
      edit(system(), system(), {
        head: registry({ systems: [system()], exceptions: exception("@omar") }),
        reviews: ["wendy", "omar", "sam"],
      }),
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "an exception that somebody else than a risk owner accepts is refused",
      edit(system(), system(), {
        head: registry({ systems: [system()], exceptions: exception("@rita") }),
        reviews,
      }),
      "blocked",
      "high",
      ["exception-acceptor for an exception that @rita accepts as risk-owner: nobody is left to fill it"],
    ],
    [
      "an exception that its author accepts is refused",
      edit(system(), system(), {
        head: registry({ systems: [system()], exceptions: exception("@omar") }),
        facts: { pullRequest: { author: { login: "omar", type: "User" }, body: "", draft: false }, pushers: ["omar"] },
        reviews: ["wendy", "olga", "sam"],
      }),
      "blocked",
      "high",
      ["have it accepted by somebody of roles.risk-owner who did not make the change"],
    ],
    [
      "an edit of an identity asks its owner and its system's",
      {
        changes: [],
        systems: [system({ identities: ["key"] })],
        identities: [key],
        head: registry({ systems: [system({ identities: ["key"] })], identities: [{ ...key, privilege: "write" }] }),
        reviews: ["olga", "sam"],
      },
      "waiting",
      "critical",
      [
        "identity-owner for identity key: needs 1 approval of @ida",
        "system-owner for system bot: needs 1 approval of @wendy",
      ],
    ],
    [
      "an edit of a provider asks its owner",
      {
        changes: [],
        providers: [{ id: "acme-ai", owner: "@vera" } satisfies Provider],
        head: registry({ systems: [system()], providers: [{ id: "acme-ai", owner: "@vera", hosts: ["h"] }] }),
        reviews: ["olga", "rita"],
      },
      "waiting",
      "medium",
      ["provider-owner for provider acme-ai: needs 1 approval of @vera"],
    ],
  ]);
});

describe("edits of the policy by their effect", () => {
  const file: Changed = { path: ".github/countersign.yml", class: "governance", severity: "major", floor: "high" };
  const reviews = ["olga", "sam", "pia"];
  table([
    [
      "any edit is at least high",
      { changes: [file], policyHead: { ...POLICY, contact: "@acme/ml" }, reviews },
      "approved",
      "high",
      ["governance/example changed at .github/countersign.yml:1 is major -> no registered system is medium"],
    ],
    [
      "loosening is critical, and needs no rehearsal",
      { changes: [file], policyHead: { ...POLICY, mode: "observe" }, reviews },
      "waiting",
      "critical",
      [
        "governance/policy widened at .github/countersign.yml:1 -> floor critical",
        "met: record/rollback-missing: rehearsed, revert-commit",
        "waiting: a risk-owner comments /countersign accept-risk",
      ],
    ],
    [
      "together with unregistered code it is asked for as such",
      { changes: [file, { path: "lib/x.py" }], policyHead: POLICY, reviews: [] },
      "blocked",
      "high",
      ["system-owner for an unregistered system, for which risk-owner stands in"],
    ],
    [
      "it asks the role that answers for what is unregistered",
      {
        changes: [file],
        policyHead: { ...POLICY, unregisteredOwner: "privacy" },
        policy: { unregisteredOwner: "privacy" },
        reviews: ["olga", "sam"],
      },
      "waiting",
      "high",
      ["system-owner for policy and registry, for which privacy stands in: needs 1 approval of @pia"],
    ],
    [
      "and says once who that is, also where something is new",
      {
        changes: [file, { path: "bot/agent.py" }],
        policyHead: POLICY,
        systems: [],
        head: { version: 1, systems: [system({ owner: "@newman" })] },
        reviews: [],
      },
      "waiting",
      "high",
      ["system-owner for policy and registry, a new entry of the registry, for which risk-owner stands in: needs"],
    ],
  ]);
});
