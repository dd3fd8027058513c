import { expect, it } from "vitest";
import { assess } from "../../src/core/assessment.ts";
import type { ChangeSet } from "../../src/core/change-set.ts";
import type { ConfigurationFault } from "../../src/core/decision.ts";
import type { Detector, Fact } from "../../src/core/detector.ts";
import { type Evaluation, evaluate } from "../../src/core/evaluation.ts";
import type { Facts, Review } from "../../src/core/facts.ts";
import type { FileFacts } from "../../src/core/file-facts.ts";
import { CLASSES, type FindingClass, type Floor, type Severity } from "../../src/core/finding.ts";
import { effectivePolicy, type Policy, type Tier } from "../../src/core/policy.ts";
import type { Identity, Provider, Registry, System } from "../../src/core/registry.ts";
import { indexRegistry } from "../../src/core/touched-systems.ts";
import type { Parsed } from "../../src/governance/configuration-file.ts";
import { policyEdits, registryEdits } from "../../src/governance/governance-edit.ts";

export const NOW = "2026-11-24T12:00:00.000Z";
export const HEAD = "a".repeat(40);
const BASE = "b".repeat(40);

/** A detector whose facts say themselves how they are to be judged: the key is `severity`, optionally with a floor. */
const declaring: Detector = {
  name: "declaring",
  rules: CLASSES.map((name) => ({
    id: `${name}/example`,
    class: name,
    summary: "an example",
    severity: "major",
  })).concat([{ id: "credential/secret-value", class: "credential", summary: "a secret", severity: "major" }]),
  literals: [],
  selects: () => true,
  extract: () => [],
  judge: ({ before, after }) => {
    const [severity, floor] = ((after ?? before)?.key ?? "").split(" ");
    return {
      direction: !before ? "added" : !after ? "removed" : "changed",
      severity: severity as Severity,
      remedy: "none needed",
      ...(floor ? { floor: floor as Floor } : {}),
    };
  },
};

/** One changed file with one finding. */
export interface Changed {
  readonly path?: string;
  /** Where the file was before, when it moved. */
  readonly from?: string;
  readonly class?: FindingClass;
  readonly severity?: Severity;
  readonly floor?: Floor;
  readonly value?: string;
  readonly references?: readonly string[];
  readonly secret?: "certain" | "likely";
  readonly removed?: boolean;
  /** The value before the change; `null` where there was none. */
  readonly old?: string | null;
  /** A fact of another class that stands unchanged in the same file. */
  readonly beside?: FindingClass;
}

/** A situation to decide: everything left out is an ordinary, enforcing set-up with nobody's approval. */
export interface Situation {
  readonly changes?: readonly Changed[];
  readonly policy?: Partial<Policy>;
  readonly systems?: readonly System[];
  readonly identities?: readonly Identity[];
  readonly providers?: readonly Provider[];
  readonly exceptions?: Registry["exceptions"];
  /** The registry as the pull request leaves it, when it edits it. */
  readonly head?: Registry;
  /** The policy as the pull request leaves it, when it edits it. */
  readonly policyHead?: Policy;
  readonly faults?: readonly ConfigurationFault[];
  readonly reviews?: readonly (string | Partial<Review>)[];
  readonly facts?: Partial<Facts>;
  readonly now?: string;
}

export const POLICY: Policy = {
  version: 1,
  mode: "enforce",
  roles: {
    "ai-reviewer": ["@rita", "@ravi"],
    "risk-owner": ["@olga", "@omar"],
    security: ["@sam", "@sara"],
    privacy: ["@pia"],
  },
  checks: { evals: { name: "evals", app: "acme-evals", from: "high", when: ["model", "prompt"] } },
};

/** A registered system with everything a high one must have. */
export function system(fields: Partial<System> = {}): System {
  return {
    id: "bot",
    owner: "@wendy",
    deputies: ["@dan"],
    lifecycle: "deployed",
    tier: "high",
    risk: { impactAssessment: { ref: "docs/impact.md", expires: "2027-06-01" } },
    paths: ["bot/**"],
    monitoring: { logs: ["siem://bot"] },
    review: { every: "P90D", last: "2026-10-01" },
    rollback: { strategy: "revert-commit", runbook: "docs/run.md", owner: "@wendy" },
    ...fields,
  };
}

const EVALS = {
  name: "evals",
  app: "acme-evals",
  workflow: null,
  head: HEAD,
  status: "completed",
  conclusion: "success",
  completedAt: "2026-11-24T10:00:00Z",
};

function file(changed: Changed, index: number): FileFacts {
  const path = changed.path ?? "bot/agent.py";
  const name = changed.secret ? "credential/secret-value" : `${changed.class ?? "model"}/example`;
  const fact = (value: string): Fact => ({
    rule: name,
    key: [changed.severity ?? "material", changed.floor].filter(Boolean).join(" "),
    value,
    line: index + 1,
    confidence: changed.secret === "likely" ? "likely" : "certain",
    ...(changed.references ? { references: changed.references } : {}),
  });
  const beside: Fact[] = changed.beside
    ? [{ rule: `${changed.beside}/example`, key: "minor", value: "same", line: 90, confidence: "certain" }]
    : [];
  const side = (digit: string, value: string, at = path) => ({
    entry: { path: at, mode: "100644", id: digit.repeat(40) },
    surface: "production" as const,
    facts: [fact(value), ...beside],
  });
  if (changed.secret) return { after: side("2", "0123456789abcdef") };
  return {
    ...(changed.old === null ? {} : { before: side("1", changed.old ?? "old", changed.from ?? path) }),
    ...(changed.removed ? {} : { after: side("2", changed.value ?? "new") }),
  };
}

function document<T>(value: T): Parsed<T> {
  return { ok: true, value, lines: () => ({ line: 1, column: 1 }) };
}

/** Decides a situation with the real pipeline; reviews of named people approve exactly this head. */
export function decideSituation(situation: Situation): Evaluation {
  const base: Registry = {
    version: 1,
    systems: [...(situation.systems ?? [system()])],
    identities: [...(situation.identities ?? [])],
    providers: [...(situation.providers ?? [])],
    exceptions: situation.exceptions ?? [],
  };
  const policy: Policy = { ...POLICY, ...situation.policy };
  const assessment = assess(assessmentInput(situation, base, policy));
  const input = { registry: { base, head: situation.head ?? null }, faults: situation.faults ?? [] };
  const reviews = (situation.reviews ?? []).map(
    (review, position): Review => ({
      id: position + 1,
      person: { login: typeof review === "string" ? review : "nobody", type: "User" },
      state: "APPROVED",
      commit: HEAD,
      submittedAt: "2026-11-24T09:00:00Z",
      via: "review",
      binding: assessment.digests,
      ...(typeof review === "string" ? {} : review),
    }),
  );
  return evaluate(assessment, { ...input, facts: factsOf(situation, reviews), now: situation.now ?? NOW });
}

function assessmentInput(situation: Situation, base: Registry, policy: Policy) {
  const files = (situation.changes ?? [{}]).map(file);
  const entry = (path: string) => ({ path, mode: "100644", id: "3".repeat(40) });
  const edited = [
    ...(situation.head ? [entry(".github/ai-systems.yml")] : []),
    ...(situation.policyHead ? [entry(".github/countersign.yml")] : []),
  ];
  const changeSet: ChangeSet = {
    base: BASE,
    head: HEAD,
    changes: [
      ...files.map(({ before, after }) => ({
        ...(before ? { before: before.entry } : {}),
        ...(after ? { after: after.entry } : {}),
      })),
      ...edited.map((after) => ({ before: { ...after, id: "4".repeat(40) }, after })),
    ],
  };
  const both = <T>(path: string, before: T, after: T) => ({ path, before: document(before), after: document(after) });
  return {
    changeSet,
    files,
    detectors: [declaring],
    edits: [
      ...(situation.head ? registryEdits(both(".github/ai-systems.yml", base, situation.head)) : []),
      ...(situation.policyHead ? policyEdits(both(".github/countersign.yml", policy, situation.policyHead)) : []),
    ],
    superseded: new Set<string>(),
    policy: effectivePolicy(policy),
    index: indexRegistry(base, situation.head ?? null),
  };
}

function factsOf(situation: Situation, reviews: readonly Review[]): Facts {
  return {
    pullRequest: { author: { login: "anna", type: "User" }, body: "", draft: false },
    reviews,
    commands: [],
    checks: [EVALS],
    workflowRuns: [],
    teams: new Map(),
    access: null,
    pushers: ["anna"],
    commits: [],
    missing: [],
    ...situation.facts,
  };
}

/** A situation with the state, the tier and the words of the reasons that it must give. */
export type Row = readonly [name: string, situation: Situation, state: string, tier: Tier, reasons: readonly string[]];

/** A decision as its state, its tier and every reason it gives. */
export function explained(situation: Situation): { state: string; tier: Tier; text: string } {
  const evaluation = decideSituation(situation);
  const text = [
    ...evaluation.assessment.tier.reasons,
    ...evaluation.requirements.map(({ state, reason }) => `${state}: ${reason}`),
    ...evaluation.votes.map((vote) => `${vote.counted ? "counted" : "not counted"} @${vote.person}: ${vote.reason}`),
  ].join("\n");
  return { state: evaluation.decision.state, tier: evaluation.assessment.tier.value, text };
}

/** One test for each row. */
export function table(rows: readonly Row[]): void {
  it.each(rows)("%s", (_, situation, state, tier, reasons) => {
    const found = explained(situation);
    for (const reason of reasons) expect(found.text).toContain(reason);
    expect(found).toMatchObject({ state, tier });
  });
}
