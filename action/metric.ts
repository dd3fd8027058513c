import { plus } from "../src/core/scalars.ts";
import { keepRecord } from "../src/enforcement/recording/keep-record.ts";
import type { LedgerEntry } from "../src/evidence/ledger.ts";
import type { EvidenceRecord, UnplacedRecord } from "../src/evidence/record.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import { UnreadableResult } from "../src/results/evaluation-result.ts";
import { isWithin } from "../src/results/metric-threshold.ts";
import { defaultRules } from "./default-rules.ts";
import { enforcing } from "./enforcing.ts";
import type { WorkflowEvent } from "./event.ts";
import { InvalidInput } from "./inputs.ts";

/** What the command report is asked of a production metric. */
export interface MetricOptions {
  readonly tokens: WorkflowTokens;
  readonly system: string;
  readonly metric: string;
  /** As it was given. */
  readonly value: string;
  readonly evidenceBranch: string;
  /** Empty where nothing is to be recorded. */
  readonly signingKey: string;
}

/** A metric held against its threshold, with the record of it; null where no key was given to sign one. */
export interface ReportedMetric {
  readonly metric: NonNullable<EvidenceRecord["metric"]>;
  /** Who answers for the system; null where the registry names nobody. */
  readonly owner: string | null;
  readonly entry: LedgerEntry | null;
}

/** Holds a production metric against the threshold of the default branch's registry, and records it. */
export async function reportMetric(
  event: WorkflowEvent,
  { tokens, system: id, metric: name, value: text, evidenceBranch: branch, signingKey }: MetricOptions,
  signal: AbortSignal,
): Promise<ReportedMetric> {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidInput("input value: expected a number");
  const evidence = signingKey === "" ? {} : { evidence: { repository: event.repository, branch, signingKey } };
  const asked = { appId: 0, tokens, comment: false, requestReviewers: false, notes: [], signal, ...evidence };
  const { parts, github, close } = enforcing(event, asked);
  try {
    const repository = await github.open(event.repository, signal);
    const { registry, policy } = await defaultRules(repository, parts);
    const system = registry.systems?.find((one) => one.id === id);
    if (system === undefined) throw new InvalidInput(`input system: the registry has no system ${JSON.stringify(id)}`);
    const known = system.monitoring?.metrics ?? [];
    const found = known.find((one) => one.name === name);
    if (found === undefined)
      throw new InvalidInput(
        unknownMetric(
          id,
          name,
          known.map((one) => one.name),
        ),
      );
    const { threshold, onBreach = null } = found;
    const metric = { system: id, name, value, threshold, breached: !within(value, threshold, found.name), onBreach };
    const owner = system.owner ?? null;
    const at = parts.now();
    const { id: number, owner: account, name: repositoryName } = event.repository;
    const due = {
      kind: "corrective-action",
      owner: owner ?? "",
      dueAt: plus(at, policy.breakGlass.reviewWithin),
    } as const;
    const record: UnplacedRecord = {
      record: { id: `metric/${number}/${id}/${name}/${at}` },
      ...{ event: "metric", metric, about: [], limitations: [SAID] },
      repository: { id: number, owner: account, name: repositoryName },
      // A breach is closed by its cause and what is done about it.
      ...(metric.breached ? { owed: [due] } : {}),
    };
    return { metric, owner, entry: parts.evidence && (await keepRecord(record, parts.evidence, parts)) };
  } finally {
    close();
  }
}

const SAID = "The value is what the workflow said; nothing here measured it.";

function within(value: number, threshold: string, name: string): boolean {
  try {
    return isWithin(value, threshold);
  } catch (fault) {
    if (fault instanceof UnreadableResult) throw new InvalidInput(`the threshold of ${name} ${fault.message}`);
    throw fault;
  }
}

function unknownMetric(system: string, name: string, known: readonly string[]): string {
  const listed = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
  return `input metric: ${system} has no metric ${JSON.stringify(name)} under monitoring; ${listed}`;
}
