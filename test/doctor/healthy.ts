import { inspectedConfiguration } from "../../src/doctor/configuration.ts";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type {
  CheckHistory,
  Demands,
  InspectedBranch,
  InspectedPerson,
  Inspection,
} from "../../src/doctor/inspection.ts";
import { type Seen, seen } from "../../src/doctor/seen.ts";
import { readManifest } from "../../src/manifest-file.ts";
import type { Diagnosis } from "../../src/reports/diagnosis.ts";

export const APP = 4711;

const POLICY = `version: 1
mode: enforce
branches: ["~DEFAULT_BRANCH", "release/**"]
roles:
  ai-reviewer: ["@acme/ml"]
  risk-owner: ["@rita", "@rob"]
  security: ["@sam", "@sue"]
checks:
  evals: { name: evals, app: github-actions, workflow: .github/workflows/evals.yml }
  red-team: { name: red-team, app: acme-evals }
`;
const REGISTRY = `version: 1
systems:
  - { id: support, owner: "@olga", deputies: ["@otto"] }
`;

/** What a repository holds, as bytes; null for an absent file. */
export function configured(policy: string | null = POLICY, registry: string | null = REGISTRY, baseline?: string) {
  const file = (path: string, text: string | null) => ({ path, bytes: text === null ? null : Buffer.from(text) });
  return inspectedConfiguration(
    {
      policy: file(".github/countersign.yml", policy),
      registry: file(".github/ai-systems.yml", registry),
      baseline: seen(baseline === undefined ? "absent" : { bytes: Buffer.from(baseline) }),
    },
    { owner: "acme", name: "agent" },
  );
}

/** A ruleset that makes a check of the App required and leaves no way round. */
export function closed(checkName: string, more: Partial<Demands> = {}): Demands {
  return {
    source: 'ruleset "gate"',
    url: "https://github.com/acme/agent/settings/rules/7",
    bypass: seen([]),
    checks: [{ name: checkName, app: APP }],
    strict: true,
    mergeQueue: false,
    forcePushRefused: true,
    reviews: null,
    ...more,
  };
}

/** A branch with these rules of rulesets and no protection. */
export function branch(name: string, rules: readonly Demands[], more: Partial<InspectedBranch> = {}): InspectedBranch {
  return {
    checkName: "countersign",
    pattern: null,
    name,
    exists: true,
    rules: seen(rules),
    protection: seen(null),
    ...more,
  };
}

const RELEASE = { checkName: "countersign: release/**", pattern: "release/**" };

/** A repository in which nothing is left to be desired, with what a test changes. */
export function healthy(change: Partial<Inspection> = {}): Inspection {
  const manifest = readManifest();
  const permissions = Object.fromEntries(
    Object.entries(manifest.permissions).map(([name, { level }]) => [name, level]),
  );
  const people = ["rita", "rob", "sam", "sue", "olga", "otto"];
  const writer: Seen<InspectedPerson> = seen({ type: "User", access: "write", member: null });
  return {
    place: {
      server: "https://github.com",
      owner: "acme",
      name: "agent",
      defaultBranch: "main",
      ownedByOrganization: true,
      private: true,
      archived: false,
      rulesOffered: true,
    },
    app: {
      id: APP,
      slug: "countersign-acme",
      installation: seen({
        permissions,
        events: manifest.events,
        suspended: false,
        reaches: seen(true),
        url: "https://github.com/organizations/acme/settings/installations/9",
      }),
      answers: seen({ asked: 3, answered: 3 }),
    },
    branches: [
      branch("main", [closed("countersign")]),
      branch("release/2", [closed(RELEASE.checkName)], RELEASE),
      branch("release/example", [closed(RELEASE.checkName)], { ...RELEASE, exists: false }),
    ],
    configuration: configured(POLICY, REGISTRY, "version: 1\n"),
    people: new Map(people.map((login) => [login, writer])),
    teams: new Map([["acme/ml", seen({ members: ["anna", "ben"], access: true })]]),
    checks: new Map<string, Seen<CheckHistory>>([
      ["evals", seen({ workflow: true, looked: 5, names: ["evals"], others: [] })],
      ["red-team", seen({ workflow: null, looked: 8, names: ["red-team"], others: [] })],
    ]),
    ...change,
  };
}

/** Everything that is not in order, as `state id: what`. */
export function wrong(change: Partial<Inspection>): readonly string[] {
  return found(change).map(({ state, id, what }) => `${state} ${id}: ${what}`);
}

/** The same with all that is said of it. */
export function found(change: Partial<Inspection>): readonly Diagnosis[] {
  return diagnose(healthy(change), readManifest()).filter(({ state }) => state !== "ok");
}
