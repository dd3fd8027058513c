import type { Entry } from "./change-set.ts";
import { byText } from "./change-set.ts";
import type { Detector, Fact } from "./detector.ts";
import { type Likeness, pairFacts } from "./fact-pairs.ts";
import type { Finding, FindingClass, Place, Severity, Surface } from "./finding.ts";

/** The facts of one side of a changed file. */
export interface SideFacts {
  readonly entry: Entry;
  readonly surface: Surface;
  readonly facts: readonly Fact[];
  /** True where the file did not parse: what it means is not known, so approvals cover its bytes. */
  readonly unparsed?: boolean;
  /** For a workflow, where each part begins, in order: what stands in one job does not stand with what is in another. */
  readonly parts?: readonly FilePart[];
}

/** A part of a workflow from `line` on: a job, or what holds for all of them (null). */
export interface FilePart {
  readonly job: string | null;
  readonly line: number;
}

/** The facts of both sides of one changed file. */
export interface FileFacts {
  readonly before?: SideFacts;
  readonly after?: SideFacts;
}

/** A fact that stands on one side only, or with another value on the other side. */
export interface FactDifference {
  readonly rule: string;
  readonly file: FileFacts;
  readonly before?: Fact;
  readonly after?: Fact;
}

/**
 * Compares the facts of each file's two sides. Equal facts of any place in the file cancel; what is left of one rule and
 * key is paired, in file order or as `likeness` of the rule says. Across files a removal cancels an addition only when
 * rule, key, value, surface and `scope` (the systems and governing patterns of a path) are equal, so a move is silent
 * and a swap is not.
 */
export function compareFacts(
  files: readonly FileFacts[],
  scope: (path: string) => string,
  likeness: ReadonlyMap<string, Likeness> = new Map(),
): readonly FactDifference[] {
  return cancelMoves(
    files.flatMap((file) => differencesOf(file, likeness)),
    scope,
  ).sort(byPlace);
}

function differencesOf(file: FileFacts, likeness: ReadonlyMap<string, Likeness>): FactDifference[] {
  const removed = grouped(onlyIn(file.before, file.after));
  const added = grouped(onlyIn(file.after, file.before));
  return [...new Set([...removed.keys(), ...added.keys()])].flatMap((slot) => {
    const old = removed.get(slot) ?? [];
    const fresh = added.get(slot) ?? [];
    const rule = (fresh[0] ?? old[0])?.rule ?? "";
    return pairFacts(old, fresh, likeness.get(rule)).map((pair) => ({ rule, file, ...pair }));
  });
}

/** The facts of a side whose rule, key, value and surface the other side does not hold, counting repeats. */
function onlyIn(own: SideFacts | undefined, other: SideFacts | undefined): readonly Fact[] {
  const count = new Map<string, number>();
  for (const fact of other?.facts ?? []) {
    const key = identityOf(fact, other);
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  return (own?.facts ?? []).filter((fact) => {
    const key = identityOf(fact, own);
    const left = count.get(key) ?? 0;
    if (left > 0) count.set(key, left - 1);
    return left === 0;
  });
}

function identityOf(fact: Fact, side: SideFacts | undefined): string {
  return JSON.stringify([fact.rule, fact.key, fact.value, surfaceIn(side, fact)]);
}

function surfaceIn(side: SideFacts | undefined, fact: Fact): Surface {
  return fact.surface ?? side?.surface ?? "production";
}

function grouped(facts: readonly Fact[]): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const slot = JSON.stringify([fact.rule, fact.key]);
    const group = groups.get(slot);
    if (group) group.push(fact);
    else groups.set(slot, [fact]);
  }
  return groups;
}

function cancelMoves(differences: FactDifference[], scope: (path: string) => string): FactDifference[] {
  const removals = new Map<string, FactDifference[]>();
  for (const difference of differences) {
    if (!difference.before || difference.after) continue;
    const key = moveKey(difference.before, difference.file.before, scope);
    const group = removals.get(key);
    if (group) group.push(difference);
    else removals.set(key, [difference]);
  }
  const cancelled = new Set<FactDifference>();
  for (const difference of differences) {
    if (!difference.after || difference.before) continue;
    const match = removals.get(moveKey(difference.after, difference.file.after, scope))?.shift();
    if (!match) continue;
    cancelled.add(match);
    cancelled.add(difference);
  }
  return differences.filter((difference) => !cancelled.has(difference));
}

function moveKey(fact: Fact, side: SideFacts | undefined, scope: (path: string) => string): string {
  return JSON.stringify([identityOf(fact, side), scope(side?.entry.path ?? "")]);
}

const QUIET: ReadonlySet<Surface> = new Set(["test", "example", "docs", "comment"]);

/** Whether what stands on a surface does not run. */
export function isQuiet(surface: Surface): boolean {
  return QUIET.has(surface);
}

/** Rules that no policy can switch off or weigh otherwise. */
const PROTECTED_RULE = /^(?:governance\/|record\/|credential\/secret-value$)/;

/** How the policy adjusts rules: `off` drops a rule's findings, a severity replaces the judged one. */
export type RuleSettings = Readonly<Record<string, "off" | { readonly severity: Severity }>>;

/** Turns differences into findings: judged by the rule's detector, lowered where the surface does not run. */
export function findingsOf(
  differences: readonly FactDifference[],
  detectors: readonly Detector[],
  settings: RuleSettings,
): readonly { readonly finding: Finding; readonly difference: FactDifference }[] {
  const owners = new Map(
    detectors.flatMap((detector) => detector.rules.map((rule) => [rule.id, { detector, rule }] as const)),
  );
  return differences.flatMap((difference) => {
    const owner = owners.get(difference.rule);
    if (!owner) throw new Error(`no detector owns the rule ${difference.rule}`);
    const setting = PROTECTED_RULE.test(difference.rule) ? undefined : settings[difference.rule];
    if (setting === "off") return [];
    const judged = owner.detector.judge(difference);
    const surface = surfaceOf(difference);
    const quiet = isQuiet(surface) && owner.rule.ignoresSurface !== true;
    const severity = quiet ? "trivial" : (setting?.severity ?? judged.severity);
    return [{ difference, finding: assemble(difference, owner.rule.class, { ...judged, severity }, surface, quiet) }];
  });
}

function assemble(
  difference: FactDifference,
  findingClass: FindingClass,
  judged: ReturnType<Detector["judge"]>,
  surface: Surface,
  quiet: boolean,
): Finding {
  const { before, after, file } = difference;
  const { excerpt } = judged;
  return {
    rule: difference.rule,
    class: findingClass,
    direction: judged.direction,
    surface,
    severity: judged.severity,
    confidence: after?.confidence === "certain" || (!after && before?.confidence === "certain") ? "certain" : "likely",
    connected: true,
    place: {
      ...(before && file.before ? { before: placeIn(file.before.entry, before, excerpt?.beforeLine) } : {}),
      ...(after && file.after ? { after: placeIn(file.after.entry, after, excerpt?.afterLine) } : {}),
    },
    before: excerpt ? excerpt.before : (before?.shown ?? before?.value ?? null),
    after: excerpt ? excerpt.after : (after?.shown ?? after?.value ?? null),
    remedy: judged.remedy,
    ...(judged.floor && !quiet ? { floor: judged.floor } : {}),
  };
}

function placeIn(entry: Entry, fact: Fact, line: number = fact.line): Place {
  return { path: entry.path, line, key: fact.label ?? fact.key };
}

/** The surface that counts of the two sides: one that runs before one that does not. */
function surfaceOf({ before, after, file }: FactDifference): Surface {
  const old = before && surfaceIn(file.before, before);
  const fresh = after && surfaceIn(file.after, after);
  if (fresh && (!QUIET.has(fresh) || !old || QUIET.has(old))) return fresh;
  return old ?? "production";
}

function byPlace(a: FactDifference, b: FactDifference): number {
  const path = (difference: FactDifference) => (difference.file.after ?? difference.file.before)?.entry.path ?? "";
  const fact = (difference: FactDifference) => difference.after ?? difference.before;
  return (
    byText(path(a), path(b)) ||
    (fact(a)?.line ?? 0) - (fact(b)?.line ?? 0) ||
    byText(a.rule, b.rule) ||
    byText(fact(a)?.key ?? "", fact(b)?.key ?? "") ||
    byText(fact(a)?.value ?? "", fact(b)?.value ?? "")
  );
}
