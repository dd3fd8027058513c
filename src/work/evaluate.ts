import { type Assessment, assess } from "../core/assessment.ts";
import type { ChangeSet, ObjectId } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import { type Evaluation, evaluate } from "../core/evaluation.ts";
import { type BaseChange, type Facts, NO_FACTS } from "../core/facts.ts";
import { compareFacts } from "../core/file-facts.ts";
import { compilePaths } from "../core/path-matcher.ts";
import { type GovernanceEdit, indexRegistry, type RegistryIndex } from "../core/touched-systems.ts";
import { checkFiles } from "../detectors/governance/governance.ts";
import { detectorsFor } from "../detectors/index.ts";
import { promptDetector } from "../detectors/prompt/prompt.ts";
import { keptAgentSettingsDetector } from "../detectors/tool/tool.ts";
import { policyEdits, registryEdits } from "../governance/governance-edit.ts";
import { baseMoves } from "./base-moves.ts";
import { type Binder, boundFacts, type UnboundFacts } from "./bound-facts.ts";
import { checkDefinitions } from "./check-definitions.ts";
import { type Configuration, POLICY_PATH, REGISTRY_PATH } from "./configuration.ts";
import { detect } from "./detect.ts";
import { pathTwins } from "./path-twins.ts";
import type { FollowingScope } from "./references.ts";
import type { Source } from "./source.ts";

/** What to evaluate, under which rules. */
export interface EvaluateOptions {
  readonly base: string;
  readonly head: string;
  readonly configuration: Configuration;
  /** Null where nobody has proposed the change yet. A function is asked only where something is governed. */
  readonly facts: UnboundFacts | null | ((assessment: Assessment) => Promise<UnboundFacts>);
  readonly now: string;
  readonly fingerprintKey: Uint8Array;
  readonly progress: (done: number, total: number) => void;
  /** Is told that facts will most likely be asked for, while the change is still being read. */
  readonly foreseen?: () => void;
}

/** An evaluation, with what was looked at for it. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly rules: readonly string[];
  /** The assessments of the heads that reviews were given on, as far as they had to be made. */
  readonly assessments: ReadonlyMap<ObjectId, Assessment>;
  /** What others that land after it have to know of it. */
  moves(): readonly BaseChange[];
}

/** Reads a change, extracts its facts and decides. */
export async function evaluateChange(source: Source, options: EvaluateOptions): Promise<Evaluated> {
  const { configuration } = options;
  const index = indexRegistry(configuration.registry.base, configuration.registry.head);
  const changeSet = await source.changeSet({ base: options.base, head: options.head });
  const defined = await checkDefinitions(configuration.policy, changeSet, source);
  const { policy, organizationWide } = configuration;
  const detectors = detectorsFor(policy, options.fingerprintKey, defined.reaches, organizationWide);
  const { progress, foreseen = () => {} } = options;
  const context: Context = { source, detectors, index, configuration, progress, foreseen };
  const input = await assessmentInput(context, changeSet);
  const assessment = assess(input);
  const named = checkFiles(configuration.policy);
  const defines = (path: string) => named(path) || defined.reaches(path);
  const { facts, assessments } = await factsFor(assessment, options.facts, {
    source,
    detectors,
    base: options.base,
    defines,
    assessmentAt: async (other) =>
      assess(await assessmentInput({ ...context, progress: () => {}, foreseen: () => {} }, other)),
  });
  const unread = [...input.unread, ...defined.unread].map((reason) => ({ rule: "record/unreadable" as const, reason }));
  const evaluation = evaluate(assessment, {
    registry: configuration.registry,
    faults: [...configuration.faults, ...unread],
    facts,
    now: options.now,
  });
  return {
    evaluation,
    assessments,
    moves: () => baseMoves({ changes: changeSet.changes, findings: assessment.findings, detectors, defines }),
    rules: detectors.flatMap((detector) => detector.rules.map((rule) => `${rule.id}: ${rule.summary}`)),
  };
}

async function factsFor(
  assessment: Assessment,
  given: EvaluateOptions["facts"],
  binder: Binder,
): Promise<{ facts: Facts; assessments: ReadonlyMap<ObjectId, Assessment> }> {
  if (given === null) return { facts: NO_FACTS, assessments: new Map() };
  if (typeof given !== "function") return boundFacts(given, assessment, binder);
  if (assessment.tier.value === "none") return { facts: { ...NO_FACTS, missing: [] }, assessments: new Map() };
  return boundFacts(await given(assessment), assessment, binder);
}

interface Context {
  readonly source: Source;
  readonly detectors: readonly Detector[];
  readonly index: RegistryIndex;
  readonly configuration: Configuration;
  readonly progress: (done: number, total: number) => void;
  readonly foreseen: () => void;
}

async function assessmentInput(context: Context, changeSet: ChangeSet) {
  const { configuration, detectors, index } = context;
  const ignored = compilePaths([{ patterns: configuration.policy.detect.ignore, value: true }]);
  // What policy and registry say of models and credentials is told by its effect, not as if they were used there.
  const mute = (path: string) => path === POLICY_PATH || path === REGISTRY_PATH || ignored.match(path).length > 0;
  const { seen = [], muted = [] } = Object.groupBy(changeSet.changes, ({ before, after }) => {
    const paths = [before?.path, after?.path].filter((path) => path !== undefined);
    return paths.every(mute) ? "muted" : "seen";
  });
  const prompts = [...index.systems.values()].flatMap((system) => system.prompts ?? []);
  const registered = compilePaths([{ patterns: prompts.flatMap(({ paths }) => paths), value: true }]);
  const fixed = detectors.filter((detector) =>
    detector.rules.some((rule) => rule.class === "governance" || rule.id === "credential/secret-value"),
  );
  const always = [...fixed, keptAgentSettingsDetector];
  const following: FollowingScope = {
    revisions: { before: changeSet.base, after: changeSet.head },
    entriesIn: (revision, folder) => context.source.entriesIn(revision, folder),
    rolesOf: (path) => (registered.match(path).length > 0 ? [promptDetector.name] : []),
    ignored: (path) => ignored.match(path).length > 0,
    foretold(files) {
      if (compareFacts(files, (path) => path).length > 0) context.foreseen();
    },
  };
  const detected = await detect(seen, detectors, context.source, context.progress, following);
  const unfollowed = await detect(muted, always, context.source, () => {}, null);
  return {
    changeSet,
    files: [...detected.files, ...unfollowed.files],
    unread: detected.unreadable,
    detectors,
    index,
    policy: configuration.policy,
    edits: [...editsOf(changeSet, configuration), ...(await pathTwins(changeSet, index, following.entriesIn))],
    superseded: supersededBy(configuration),
  };
}

/** A registry that reads on both sides is judged entry by entry instead of as a file. */
function supersededBy({ documents: { registry } }: Configuration): ReadonlySet<string> {
  const readable = registry.before?.ok !== false && registry.after?.ok !== false;
  return new Set(readable ? ["governance/registry"] : []);
}

function editsOf(changeSet: ChangeSet, configuration: Configuration): readonly GovernanceEdit[] {
  const touches = (path: string) =>
    changeSet.changes.some(({ before, after }) => before?.path === path || after?.path === path);
  return [
    ...(touches(POLICY_PATH) ? policyEdits({ path: POLICY_PATH, ...configuration.documents.policy }) : []),
    ...(touches(REGISTRY_PATH) ? registryEdits({ path: REGISTRY_PATH, ...configuration.documents.registry }) : []),
  ];
}
