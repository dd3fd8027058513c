import type { Assessment } from "../core/assessment.ts";
import { placeOf } from "../core/finding.ts";
import { described } from "../core/tier.ts";
import { codeSpan, sentence } from "./markdown-text.ts";

/** A link of the chain from finding to tier: the finding as code, the rest with arrows. */
export function reasonText(reason: string, { findings }: Pick<Assessment, "findings">): string {
  const said = findings.find(({ finding }) => reason.startsWith(`${described(finding)} `))?.finding;
  const lead = said === undefined ? "" : described(said);
  const { path = "", line = 0 } = said === undefined ? {} : placeOf(said);
  const rest = sentence(reason.slice(lead.length).trimStart())
    .replaceAll(/\\?-\\> /g, "→ ")
    .replace(/ x (?=\w+ = \w+$)/, " × ");
  return said === undefined
    ? rest
    : `${codeSpan(said.rule)} ${said.direction} at ${codeSpan(`${path}:${line}`)} ${rest}`;
}
