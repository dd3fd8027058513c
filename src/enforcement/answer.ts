import type { Assessment } from "../core/assessment.ts";
import type { ObjectId } from "../core/change-set.ts";
import type { Evaluation } from "../core/evaluation.ts";
import type { Review } from "../core/facts.ts";
import { evaluatingView, pullRequestView } from "../reports/check-run.ts";
import type { OwnRules } from "../reports/own-rules.ts";
import type { ReportContext, Ungranted } from "../reports/report-context.ts";
import type { StoredPush } from "../stores/store.ts";
import { type Configuration, readConfiguration } from "../work/configuration.ts";
import { type Evaluated, evaluateChange } from "../work/evaluate.ts";
import { underOwnRules } from "../work/own-rules.ts";
import { claimGlass, keepBrokenGlass } from "./afterwards/broken-glass.ts";
import { unaskedNotes } from "./commands/ask-reviewers.ts";
import { type Dialogue, dialogueOf } from "./commands/dialogue.ts";
import { givenCommands, headsByPushes } from "./commands/given-commands.ts";
import { keepNotSecrets } from "./commands/not-secrets.ts";
import { respond } from "./commands/respond.ts";
import { likelyAsked } from "./dependencies.ts";
import type { Enforcement } from "./enforcement.ts";
import { type CoveredHead, type Invalidated, invalidatedApprovals } from "./invalidated-approvals.ts";
import { keepDecision } from "./kept-decision.ts";
import { looserAnnotations } from "./looser-annotations.ts";
import { type Matter, noFile, sourcesFor } from "./matter.ts";
import { pooledFacts } from "./pooled-facts.ts";
import { publishAnswer, publishCheck } from "./publication.ts";
import { hashing } from "./recording/hashing.ts";
import { knownFacts } from "./recording/ledger-facts.ts";
import { boundHead, keepBindings, type ReviewOn } from "./review-binding.ts";
import { bindingVersion } from "./rules-version.ts";
import { heldBack, mayMerge } from "./shared-check.ts";
import { shownAs } from "./unsettled.ts";

/** How long an evaluation may take before a head without a run is shown that one is under way, in milliseconds. */
const SLOW = 3_000;

/** Evaluates what a matter is about as everything stands now, and publishes the answer. */
export async function answer(matter: Matter, enforcement: Enforcement): Promise<Evaluation> {
  const slow = shownWhenSlow(matter);
  try {
    const found = await evaluatedMatter(matter, enforcement);
    const { configuration, evaluated, reviews, version, given } = found;
    if (!(await claimGlass(matter, evaluated.evaluation, enforcement))) return await answer(matter, enforcement);
    const ownRules = await found.ownRules();
    await slow.end();
    const evaluation = enforcement.observes ? observed(evaluated.evaluation) : evaluated.evaluation;
    const scope = { repository: matter.repository.name.id, store: enforcement.store };
    await keepBindings(reviews, evaluated.assessments, version, scope);
    const invalidated = await invalidatedApprovals(
      evaluation,
      (review) => coveredHead(review, reviews, evaluated, matter),
      matter.repository,
    );
    const lacking = await ungranted(matter, enforcement);
    const held = await heldBack(evaluation, matter, enforcement.store);
    enforcement.decided?.({ evaluation: held, rules: evaluated.rules, ownRules });
    await keepDecision(matter, { evaluation: held, ...found }, mayMerge(held), enforcement);
    await keepBrokenGlass(matter, { ...found, evaluation: held }, enforcement);
    await keepNotSecrets(evaluation, matter.repository.name.id, enforcement);
    const dialogue = await dialogueOf(given, held, matter, enforcement);
    const place = { repository: matter.repository, store: enforcement.store, pulls: matter.pulls };
    const said = async (): Promise<Said> => ({ dialogue, unasked: await unaskedNotes(held, place) });
    const contextWith = (now: Said) =>
      contextOf(matter, configuration, { invalidated, lacking, ownRules, ...now }, enforcement);
    const before = await said();
    await published(matter, held, contextWith(before), enforcement, dialogue.again);
    const context = contextWith(before);
    const response = {
      evaluation: held,
      dialogue,
      contextOf: (number: number) => context(number, matter.names[0] ?? "", true),
    };
    await respond(response, matter, enforcement);
    const after = await said();
    // Whom the hosting service would not ask is known only now.
    if (after.unasked.join() !== before.unasked.join())
      await published(matter, held, contextWith(after), enforcement, false);
    return evaluation;
  } finally {
    await slow.end();
  }
}

/** What is said beside the evaluation itself. */
interface Said {
  readonly dialogue: Dialogue;
  /** Who is not asked to review, and why. */
  readonly unasked: readonly string[];
}

/** Says that an answer is being looked for when that takes long, on a head that has none yet. */
function shownWhenSlow(matter: Matter): { end(): Promise<void> } {
  let writing: Promise<void> = Promise.resolve();
  const timer = setTimeout(() => {
    writing = (async () => {
      for (const name of matter.names) {
        const view = await matter.store.viewOf(matter.repository.name.id, matter.pulls[0].head, name);
        const stands = view !== null && view.checkRun !== null && !view.passing;
        if (!stands) await publishCheck(matter, name, evaluatingView(shownAs(name)), false);
      }
      // Nothing depends on it: the answer is written all the same.
    })().catch(() => {});
  }, SLOW);
  return {
    async end() {
      clearTimeout(timer);
      await writing;
    },
  };
}

/** Evaluates what a matter is about as everything stands now. */
export async function evaluatedMatter(matter: Matter, enforcement: Enforcement) {
  const { repository, pulls, organization } = matter;
  const [{ head, base, defaultBranch }] = pulls;
  const mergeBase = await repository.mergeBase({ base: base.head, head });
  const branch = base.ref === defaultBranch.name ? undefined : base.head;
  const places = { base: base.head, mergeBase, head, rules: defaultBranch.head, branch };
  const sources = { ...sourcesFor(repository, organization), ...places };
  const settle = (read: Configuration): Configuration => ({
    ...read,
    policy: enforcement.observes ? { ...read.policy, mode: "observe" } : read.policy,
    faults: [...organization.faults, ...read.faults],
  });
  const configuration = settle(await readConfiguration(repository, sources, noFile, enforcement));
  const fingerprintKey = await enforcement.store.fingerprintKey(repository.name.installation);
  const versionOf = (rules: Configuration) => bindingVersion(enforcement.program, fingerprintKey, rules);
  const { reviews, pushes, notSecrets } = await remembered(matter, enforcement);
  const given = await givenCommands(repository.name.id, pulls, headsByPushes(pushes), enforcement.store);
  const numbers = pulls.map(({ number }) => number);
  const scope = { repository: repository.name.id, pulls: numbers, baseRef: base.ref, now: enforcement.now() };
  const factsUnder = (rules: Configuration) => async (assessment: Assessment) => {
    const known = { reviews, pushes, version: versionOf(rules), given, notSecrets };
    const [pooled, ledger] = await Promise.all([
      pooledFacts(repository, pulls, assessment, known),
      knownFacts({ ...scope, assessment }, enforcement),
    ]);
    return { ...pooled, facts: { ...pooled.facts, ...ledger } };
  };
  const common = { base: base.head, head, configuration, now: enforcement.now(), fingerprintKey };
  const asked = Object.values(configuration.policy.checks);
  const hashes = new Map<ObjectId, string>();
  const evaluated = await evaluateChange(hashing(repository, hashes), {
    ...common,
    facts: factsUnder(configuration),
    progress: () => {},
    foreseen: () => void repository.foresee(head, asked, likelyAsked(configuration)).catch(() => {}),
  });
  const reading = { sources, readFile: noFile, keeper: enforcement, settle, factsUnder };
  // Only who shows it asks for it: it is a second evaluation.
  const ownRules = () => underOwnRules(repository, { ...common, ...reading });
  const rules = configuration;
  return { configuration, evaluated, reviews, pushes, hashes, version: versionOf(rules), given, ownRules };
}

async function remembered({ repository, pulls }: Matter, { store }: Enforcement) {
  const reviews: ReviewOn[] = [];
  const pushes: StoredPush[] = [];
  for (const pull of pulls) {
    const bindings = await store.bindingsOf(repository.name.id, pull.number);
    const byReview = new Map(bindings.map((binding) => [binding.review, binding]));
    for (const review of pull.reviews) reviews.push({ review, pull, stored: byReview.get(review.id) ?? null });
    pushes.push(...(await store.pushesOf(repository.name.id, pull.number)));
  }
  return { reviews, pushes, notSecrets: await store.notSecretsOf(repository.name.id) };
}

/** What an approval covered: as it was assessed now, else as it can be read again, else as it was stored. */
async function coveredHead(
  review: Review,
  reviews: readonly ReviewOn[],
  { assessments }: Evaluated,
  { repository, pulls }: Matter,
): Promise<CoveredHead> {
  const reviewed = review.via === "review" ? reviews.find(({ review: { id } }) => id === review.id) : undefined;
  const head = reviewed ? boundHead(reviewed) : review.commit;
  const entries = reviewed?.stored?.covered?.entries ?? [];
  if (head === null) return { head, changes: null, entries };
  const assessed = assessments.get(head)?.changeSet;
  const range = { base: reviewed?.stored?.covered?.mergeBase ?? pulls[0].base.head, head };
  const changeSet = assessed ?? (await repository.changeSet(range).catch(() => null));
  return { head, changes: changeSet?.changes ?? null, entries };
}

/** The same where the operator lets nothing be blocked. */
export function observed(evaluation: Evaluation): Evaluation {
  const { decision } = evaluation;
  if (decision.state === "not-governed") return evaluation;
  return { ...evaluation, decision: { ...decision, basis: "observe" } };
}

/** What was left out because the App may not read or write it; said in the check and in the log (P37). */
async function ungranted({ repository, work }: Matter, { log }: Enforcement): Promise<Ungranted | null> {
  const lacking = await repository.ungranted();
  if (lacking !== null)
    log.warn({ repository: work.repository, number: work.number, ...lacking }, "the installation lacks permissions");
  return lacking;
}

function contextOf(
  { organization, inForce, written, pulls, repository }: Matter,
  { loosened }: Configuration,
  {
    invalidated,
    lacking,
    ownRules,
    dialogue,
    unasked,
  }: Said & {
    readonly invalidated: readonly Invalidated[];
    readonly lacking: Ungranted | null;
    readonly ownRules: OwnRules | null;
  },
  { server, observes, notes = [] }: Enforcement,
) {
  const [{ defaultBranch, organization: owner }, ...others] = pulls;
  const { owner: account, name } = repository.name;
  return (number: number, checkName: string, commented: boolean): ReportContext => ({
    checkName,
    place: {
      ...{ server, owner: account, name, number },
      defaultBranch: defaultBranch.name,
      ownedByOrganization: owner !== null,
    },
    rules: inForce,
    invalidated,
    ungranted: lacking,
    notes: [
      ...(observes ? ["The operator of this instance lets nothing be blocked (COUNTERSIGN_MODE=observe)."] : []),
      ...(others.length > 0 ? [sharedNote(pulls.map((pull) => pull.number))] : []),
      ...organization.notes,
      ...unasked,
      ...notes,
      ...loosened.map(({ sentence }) => `${sentence} The organisation's baseline holds.`),
    ],
    annotations: looserAnnotations(loosened, written),
    ownRules,
    commands: dialogue.lines,
    explains: dialogue.explains,
    detailsUrl: null,
    commented,
  });
}

function sharedNote(numbers: readonly number[]): string {
  const named = numbers.map((number) => `#${number}`).join(", ");
  return `Pull requests with this head and base share one decision: ${named}. Approvals of all of them count, and whoever made one of them approves none.`;
}

async function published(
  matter: Matter,
  evaluation: Evaluation,
  context: (number: number, checkName: string, commented: boolean) => ReportContext,
  { store }: Enforcement,
  again: boolean,
): Promise<void> {
  const commented = new Map<number, boolean>();
  for (const { number } of matter.pulls)
    commented.set(number, (await store.commentOf(matter.repository.name.id, number)) !== null);
  await publishAnswer(
    matter,
    (name, number) => pullRequestView(evaluation, context(number, name, commented.get(number) ?? false)),
    again || matter.work.again === true,
  );
}
