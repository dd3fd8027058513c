import { formatProblem } from "../governance/configuration-problem.ts";
import { policyDifferences } from "../governance/policy-difference.ts";
import type { OwnRules } from "../reports/own-rules.ts";
import {
  type Configuration,
  type ConfigurationSources,
  type Revisions,
  readConfiguration,
  type Sides,
} from "./configuration.ts";
import { type EvaluateOptions, evaluateChange } from "./evaluate.ts";
import { HostingFault } from "./hosting-fault.ts";
import type { Source } from "./source.ts";

/** What is needed to judge a change once more, by the rules that it would leave. */
export interface OwnRulesOptions extends Omit<EvaluateOptions, "configuration" | "facts" | "foreseen" | "progress"> {
  readonly sources: ConfigurationSources & { readonly mergeBase: string };
  /** As it was read for the change itself. */
  readonly configuration: Configuration;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly keeper?: object;
  /** What the caller makes of rules before they count. */
  settle?(configuration: Configuration): Configuration;
  /** Facts for an evaluation under other rules. */
  factsUnder(configuration: Configuration): EvaluateOptions["facts"];
}

/** More problems of a file than these are not shown. */
const LISTED = 5;

/**
 * How a change that edits policy or registry would be judged by what it leaves of them; null for every other change.
 * Nothing is decided by it: the rules that count are those before the change (P08).
 */
export async function underOwnRules(source: Source & Revisions, options: OwnRulesOptions): Promise<OwnRules | null> {
  const { configuration, sources } = options;
  const { policy, registry } = configuration.documents;
  const edited = isEdited(policy) ? "policy" : isEdited(registry) ? "registry" : null;
  if (edited === null) return null;
  const problems = [...problemsOf(policy), ...problemsOf(registry)];
  if (problems.length > 0) return { edited, evaluation: null, problems: problems.slice(0, LISTED), differences: [] };
  const { settle = (one) => one } = options;
  const left = settle(await rulesAt(sources.head, source, options));
  const before = settle(await rulesAt(sources.mergeBase, source, options));
  const differences = policyDifferences(before.policy, left.policy);
  try {
    const { base, head, now, fingerprintKey, factsUnder } = options;
    const facts = factsUnder(left);
    const judged = { base, head, now, fingerprintKey, facts, configuration: left, progress: () => {} };
    const { evaluation } = await evaluateChange(source, judged);
    return { edited, evaluation, problems: [], differences };
  } catch (fault) {
    // It is shown, and decides nothing: what cannot be read for it keeps nobody from their answer.
    if (!(fault instanceof HostingFault)) throw fault;
    return { edited, evaluation: null, problems: [`${fault.message}. ${fault.remedy}`], differences };
  }
}

/** Both sides are parsed once for each content, so that the same content is the same value. */
function isEdited<T>({ before, after }: Sides<T>): boolean {
  return before !== after;
}

function problemsOf<T>(sides: Sides<T>): readonly string[] {
  return isEdited(sides) && sides.after?.ok === false ? sides.after.problems.map(formatProblem) : [];
}

/** The rules as they would be with the files of a commit; on a further branch those only tighten (security rule S01). */
async function rulesAt(
  revision: string,
  source: Revisions,
  { sources, readFile, keeper }: OwnRulesOptions,
): Promise<Configuration> {
  const read =
    sources.branch === undefined
      ? { ...sources, policy: undefined, registry: undefined, rules: revision }
      : { ...sources, branch: revision };
  return readConfiguration(source, read, readFile, keeper ?? source);
}
