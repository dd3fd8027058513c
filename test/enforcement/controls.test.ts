import { describe, expect, it } from "vitest";
import { controlsOf, kindsOf } from "../../src/enforcement/recording/controls.ts";
import { SUPPORTED } from "../../src/evidence/framework-controls.ts";
import type { Dossier } from "../../src/evidence/record.ts";

const NOTHING = {
  decision: { state: "waiting", basis: "votes", validUntil: null, at: "2026-11-25T12:00:00Z" },
  tier: { value: "low", reasons: [] },
  ...{ classes: [], findings: [], votes: [], requirements: [], rollback: [], exceptions: [] },
} as unknown as Omit<Dossier, "controls">;
const refs = (dossier: Omit<Dossier, "controls">) =>
  controlsOf(dossier).map(({ framework, ref }) => `${framework} ${ref}`);
const vote = (counted: boolean) => ({ person: { id: 1, login: "olga" }, basis: "direct", counted, reason: "" });

describe("the controls that a record supports", () => {
  it("are those of what it holds, and no more", () => {
    expect(kindsOf(NOTHING)).toEqual(["signed-record"]);
    expect(refs(NOTHING)).not.toContain("owasp-llm LLM06");
    expect(kindsOf({ ...NOTHING, votes: [vote(false)] })).toEqual(["signed-record"]);
    expect(refs({ ...NOTHING, votes: [vote(true)] })).toEqual(
      expect.arrayContaining(["owasp-llm LLM06", "eu-ai-act 14"]),
    );
    const check = { kind: "check", check: "evals", reason: "" } as const;
    expect(kindsOf({ ...NOTHING, requirements: [{ ...check, state: "waiting" }] })).not.toContain("revalidation");
    expect(kindsOf({ ...NOTHING, requirements: [{ ...check, state: "met" }] })).toContain("revalidation");
    // That no check was needed is no evaluation.
    expect(kindsOf({ ...NOTHING, requirements: [{ kind: "check", state: "met", reason: "" }] })).not.toContain(
      "revalidation",
    );
    expect(kindsOf({ ...NOTHING, classes: ["credential", "tool"] })).toEqual(
      expect.arrayContaining(["credential-change", "agent-permission"]),
    );
  });

  it("stand once each, in one order, and only ever support", () => {
    const controls = controlsOf({ ...NOTHING, votes: [vote(true)], classes: ["provider", "governance"] });
    const keys = controls.map(({ framework, ref }) => `${framework} ${ref}`);
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(new Set(controls.map(({ relation }) => relation))).toEqual(new Set(["supports"]));
  });

  it("are named by ids that frameworks have", () => {
    const forms: Readonly<Record<string, RegExp>> = {
      iso42001: /^(?:[4-9]|10|A)(?:\.\d{1,2}){1,3}$/,
      "nist-ai-rmf": /^(?:GOVERN|MAP|MEASURE|MANAGE) \d\.\d{1,2}$/,
      "nist-csf": /^(?:GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d\d$/,
      "owasp-asi": /^ASI(?:0\d|10)$/,
      "owasp-llm": /^LLM(?:0\d|10)$/,
      "owasp-nhi": /^NHI(?:\d|10)$/,
      soc2: /^CC\d\.\d$/,
      "eu-ai-act": /^\d{1,3}(?:\(\w\)){0,2}$/,
    };
    for (const [kind, frameworks] of Object.entries(SUPPORTED))
      for (const [framework, ids] of Object.entries(frameworks))
        for (const id of ids) expect(id, `${kind} ${framework}`).toMatch(forms[framework] ?? /^$/);
  });
});
