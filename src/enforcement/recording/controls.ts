import { type EvidenceKind, type Framework, SUPPORTED } from "../../evidence/framework-controls.ts";
import type { Dossier } from "../../evidence/record.ts";

/** The kinds of evidence that a decision's dossier holds. */
export function kindsOf(dossier: Omit<Dossier, "controls">): readonly EvidenceKind[] {
  const { classes, findings, votes, requirements, rollback, exceptions, decision, tier } = dossier;
  const counted = votes.some((vote) => vote.counted);
  const held: Readonly<Record<EvidenceKind, boolean>> = {
    "change-detected": findings.length > 0,
    "tier-with-reasons": tier.reasons.length > 0,
    "named-approval": counted,
    "approval-bound": counted,
    revalidation: requirements.some(
      ({ kind, check, state }) => kind === "check" && check !== undefined && state === "met",
    ),
    "signed-record": true,
    "rollback-plan": rollback.length > 0,
    "break-glass": decision.basis === "break-glass",
    exception: exceptions.length > 0,
    "credential-change": classes.includes("credential"),
    "provider-disclosure": classes.includes("provider"),
    "governance-change": classes.includes("governance"),
    "agent-permission": classes.includes("tool"),
  };
  return (Object.keys(held) as EvidenceKind[]).filter((kind) => held[kind]);
}

/** The controls that a dossier supports, each once, by framework and reference. */
export function controlsOf(dossier: Omit<Dossier, "controls">): Dossier["controls"] {
  const found = new Map<string, Dossier["controls"][number]>();
  for (const kind of kindsOf(dossier))
    for (const [framework, refs] of Object.entries(SUPPORTED[kind]) as [Framework, readonly string[]][])
      for (const ref of refs) found.set(`${framework} ${ref}`, { framework, ref, relation: "supports" });
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, control]) => control);
}
