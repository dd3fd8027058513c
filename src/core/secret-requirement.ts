import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import { commandBy } from "./command.ts";
import type { Finding, Place } from "./finding.ts";
import type { Requirement } from "./requirement.ts";

const RULE = "credential/secret-value";

/** A secret's value blocks; a suspected one asks for a word of `security`, remembered for that fingerprint and path. */
export function secretRequirements(matter: Case): readonly Requirement[] {
  return governing(matter.assessment).flatMap(({ finding }): Requirement[] => {
    const place = finding.place.after;
    if (finding.rule !== RULE || !place) return [];
    return [finding.confidence === "certain" ? certain(place) : suspected(finding, place, matter)];
  });
}

function certain({ path, line }: Place): Requirement {
  const reason = `${RULE}: a secret's value stands at ${path}:${line}; remove it and rotate it`;
  return { kind: "record", state: "failed", rule: RULE, reason };
}

function suspected(finding: Finding, { path, line }: Place, matter: Case): Requirement {
  const fingerprint = /[0-9a-f]{16,}/.exec(finding.after ?? "")?.[0] ?? "";
  const base = { kind: "approval", role: "security", rule: RULE } as const;
  const where = `${path}:${line}`;
  const { ledger, notSecrets = [] } = matter.facts;
  const remembered = [...(ledger?.notSecrets ?? []), ...notSecrets].some(
    (entry) => entry.path === path && entry.fingerprint === fingerprint,
  );
  if (remembered)
    return { ...base, state: "met", reason: `${RULE}: ${fingerprint} at ${where} is on record as no secret` };
  const cleared = commandBy(
    "security",
    "not-a-secret",
    matter,
    ({ argument, reason }) => argument === fingerprint && reason !== "",
  );
  if (cleared) {
    const reason = `${RULE}: @${cleared.person?.login} says that ${fingerprint} at ${where} is no secret`;
    return { ...base, state: "met", reason, subject: fingerprint, people: [cleared.person?.login ?? ""] };
  }
  const ask = `security comments /countersign not-a-secret ${fingerprint} <reason>`;
  return { ...base, state: "waiting", reason: `${RULE}: a suspected secret at ${where}: remove it, or ${ask}` };
}
