import { describe, expect, it } from "vitest";
import { Policy } from "../../src/core/policy.ts";
import { Registry } from "../../src/core/registry.ts";
import { policyReferences, registryReferences } from "../../src/governance/cross-reference.ts";

const policy = (fields: object) => Policy.parse({ version: 1, ...fields });
const registry = (fields: object) => Registry.parse({ version: 1, ...fields });
const said = (wrong: readonly { path: readonly unknown[]; message: string }[]) =>
  wrong.map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("roles that a policy asks for", () => {
  it("are those of the registry, the standard ones, its own and the baseline's", () => {
    const asked = [
      "system-owner",
      "identity-owner",
      "provider-owner",
      "ai-reviewer",
      "risk-owner",
      "security",
      "legal",
      "privacy",
    ];
    const written = policy({
      roles: { legal: ["@lea"] },
      tiers: { high: { approvals: asked.map((role) => ({ role })) } },
      delegations: [{ from: "@ann", to: "@bob", roles: ["system-owner", "legal"], until: "2027-01-01" }],
    });
    expect(policyReferences(written, policy({ roles: { privacy: [] } }))).toEqual([]);
    expect(said(policyReferences(written, null))).toEqual(['tiers.high.approvals.7.role: unknown role "privacy"']);
  });

  it("outside every system are people's, not an owner's of the registry", () => {
    expect(policyReferences(policy({ unregisteredOwner: "security" }), null)).toEqual([]);
    expect(said(policyReferences(policy({ unregisteredOwner: "system-owner" }), null))).toEqual([
      'unregisteredOwner: unknown role "system-owner"',
    ]);
  });
});

describe("names that a registry's entries use", () => {
  it("lead to entries, once each", () => {
    const wrong = registryReferences(
      registry({
        systems: [
          {
            id: "a",
            identities: ["key", "gone"],
            models: [
              { id: "m", ref: "x" },
              { id: "m", ref: "y" },
            ],
          },
          { id: "a" },
        ],
        identities: [{ id: "key", type: "api-key" }],
        providers: [{ id: "p" }, { id: "p" }],
      }),
    );
    expect(said(wrong)).toEqual([
      'systems.1.id: the id "a" is also that of entry 0',
      'providers.1.id: the id "p" is also that of entry 0',
      'systems.0.models.1.id: the id "m" is also that of entry 0',
      'systems.0.identities.1: unknown identity "gone"',
    ]);
  });

  it("may be providers that nobody declared yet, until one is declared", () => {
    const systems = [{ id: "a", providers: ["openai"], models: [{ id: "m", ref: "x", provider: "openai" }] }];
    expect(registryReferences(registry({ systems }))).toEqual([]);
    expect(said(registryReferences(registry({ systems, providers: [{ id: "anthropic" }] })))).toEqual([
      'systems.0.providers.0: unknown provider "openai"',
      'systems.0.models.0.provider: unknown provider "openai"',
    ]);
  });

  it("are listed so far as anybody reads, in time that grows with the file alone", () => {
    const systems = Array.from({ length: 10_000 }, (_, index) => ({
      id: `system-${index}`,
      identities: [`none-${index}`],
    }));
    const identities = Array.from({ length: 10_000 }, (_, index) => ({ id: `identity-${index}`, type: "api-key" }));
    const large = registry({ systems, identities });
    const start = performance.now();
    expect(registryReferences(large)).toHaveLength(50);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
