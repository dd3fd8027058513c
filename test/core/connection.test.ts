import { describe, expect, it } from "vitest";
import { connect } from "../../src/core/connection.ts";
import type { Fact } from "../../src/core/detector.ts";
import type { FileFacts, FilePart } from "../../src/core/file-facts.ts";
import type { Finding, Surface } from "../../src/core/finding.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { isProviderKey } from "../../src/core/provider-key.ts";
import { EMPTY_REGISTRY } from "../../src/core/registry.ts";
import { indexRegistry } from "../../src/core/touched-systems.ts";

const index = indexRegistry(EMPTY_REGISTRY, null);

function fact(rule: string, line: number, fields: Partial<Fact> = {}): Fact {
  return { rule, key: "k", value: "v", line, confidence: "certain", ...fields };
}

function finding(line: number, side: "before" | "after" = "after"): Finding {
  return {
    rule: "credential/reference",
    class: "credential",
    direction: "added",
    surface: "production",
    severity: "material",
    confidence: "certain",
    connected: true,
    place: { [side]: { path: "a.yml", line } },
    before: null,
    after: null,
    remedy: "",
  };
}

interface Case {
  readonly beside: readonly Fact[];
  readonly line?: number;
  readonly parts?: readonly FilePart[];
  readonly path?: string;
  readonly surface?: Surface;
  /** The side of the companion. */
  readonly side?: "before" | "after";
}

/** Whether a credential at a line of `a.yml` governs beside the given facts. */
function connected({
  beside,
  line = 20,
  parts,
  path = "a.yml",
  surface = "production",
  side = "after",
}: Case): boolean {
  const file: FileFacts = {
    [side]: { entry: { path, mode: "100644", id: "1" }, surface, facts: beside, ...(parts ? { parts } : {}) },
  };
  const entry = { finding: finding(line), systems: [], identities: [], providers: [] };
  const [found] = connect([entry], [file], effectivePolicy({ version: 1 }), index);
  expect(found?.finding.severity === "trivial").toBe(found?.finding.connected === false);
  return found?.finding.connected ?? false;
}

const model = fact("model/id", 12);
const PARTS: readonly FilePart[] = [
  { job: null, line: 1 },
  { job: "review", line: 10 },
  { job: "deploy", line: 18 },
  { job: null, line: 30 },
];

describe("a credential stands with an AI system's own", () => {
  it.each<readonly [string, Case, boolean]>([
    ["with nothing", { beside: [] }, false],
    ["with a model in the same file", { beside: [model] }, true],
    ["with a model in another file", { beside: [model], path: "b.yml" }, false],
    ["with a model that only the other side has", { beside: [model], side: "before" }, false],
    ["with a model that nothing runs", { beside: [model], surface: "docs" }, false],
    ["with a model in a part that nothing runs", { beside: [fact("model/id", 1, { surface: "comment" })] }, false],
    ["with a guardrail", { beside: [fact("guardrail/eval", 1)] }, false],
    [
      "with a model provider's key",
      { beside: [fact("credential/reference", 1, { references: ["OPENAI_API_KEY"] })] },
      true,
    ],
    [
      "with a key of something else",
      { beside: [fact("credential/reference", 1, { references: ["STRIPE_API_KEY"] })] },
      false,
    ],
    ["with a model in another job", { beside: [model], parts: PARTS }, false],
    ["with a model in its own job", { beside: [model], parts: PARTS, line: 17 }, true],
    ["with a model for all jobs", { beside: [fact("model/id", 3)], parts: PARTS }, true],
    ["for all jobs, with a model in one", { beside: [model], parts: PARTS, line: 5 }, true],
    ["for all jobs below them, with a model in one", { beside: [model], parts: PARTS, line: 31 }, true],
  ])("%s", (_, situation, expected) => expect(connected(situation)).toBe(expected));

  it("by the side it is gone from", () => {
    const files: FileFacts[] = [
      { before: { entry: { path: "a.yml", mode: "100644", id: "1" }, surface: "production", facts: [model] } },
    ];
    const entry = { finding: finding(3, "before"), systems: [], identities: [], providers: [] };
    expect(connect([entry], files, effectivePolicy({ version: 1 }), index)[0]?.finding.connected).toBe(true);
  });
});

describe("names of model providers' keys", () => {
  it.each([
    "OPENAI_API_KEY",
    "openai-api-key",
    "AzureOpenAIKey",
    "HF_TOKEN",
    "prod/agent/anthropic",
    "llm/key",
    "MISTRAL_KEY_2",
  ])("%s is one", (name) => expect(isProviderKey(name)).toBe(true));
  it.each(["NPM_TOKEN", "STRIPE_API_KEY", "EMAIL_PASSWORD", "MAINTAINER_TOKEN", "DB_PASSWORD", "CHAIN_KEY", ""])(
    "%s is none",
    (name) => expect(isProviderKey(name)).toBe(false),
  );
});
