import { join } from "node:path";
import type { Entry } from "../core/change-set.ts";
import type { ConfigurationFault } from "../core/decision.ts";
import { type EffectivePolicy, effectivePolicy, type Policy } from "../core/policy.ts";
import { EMPTY_REGISTRY, type Registry } from "../core/registry.ts";
import { configurationFaults, type DocumentSides } from "../governance/configuration-fault.ts";
import { type Parsed, parsePolicy, parseRegistry } from "../governance/configuration-file.ts";
import { formatProblem } from "../governance/configuration-problem.ts";
import { registryAfterMerge } from "../governance/registry-merge.ts";
import { baselineFor, type Loosening, stricterPolicy } from "../governance/tightening.ts";
import { InvalidFile } from "./invalid-file.ts";

export const POLICY_PATH = ".github/countersign.yml";
export const REGISTRY_PATH = ".github/ai-systems.yml";
/** The repository in which an organisation keeps its policy, and where in it; the first that is there counts. */
export const BASELINE_REPOSITORY = ".github";
export const BASELINE_PATHS: readonly string[] = [POLICY_PATH, "countersign.yml"];

/** What reads one file of a revision; null where it is absent. */
export interface Revisions {
  blobAt(revision: string, path: string): Promise<{ readonly entry: Entry; readonly bytes: Uint8Array } | null>;
}

/** Where the rules of a check come from. */
export interface ConfigurationSources {
  readonly base: string;
  /** What a change is compared with; the base when left out. */
  readonly mergeBase?: string | undefined;
  readonly head: string;
  readonly rules: string | undefined;
  readonly policy: string | undefined;
  readonly registry: string | undefined;
  /** The organisation's policy; null where there is none. */
  readonly baseline: Policy | null;
  /** A further governed branch, whose own policy may only tighten what holds (security rule S01). */
  readonly branch?: string | undefined;
  /** `owner/name`, where it is known: a baseline may enforce in some repositories only. */
  readonly repository?: string | undefined;
}

/** The rules an evaluation holds against a change, and what of them could not be read. */
export interface Configuration {
  readonly policy: EffectivePolicy;
  readonly registry: { readonly base: Registry; readonly head: Registry | null };
  /** Both sides of the files where they are documents that parse, for findings by effect. */
  readonly documents: {
    readonly policy: Sides<Policy>;
    readonly registry: Sides<Registry>;
  };
  /** What of the rules cannot be read, or is refused. */
  readonly faults: readonly ConfigurationFault[];
  /** Values of the repository that the organisation's baseline holds stricter. */
  readonly loosened: readonly Loosening[];
  /** Where this repository holds the policy of its whole organisation; empty in all others. */
  readonly organizationWide: readonly string[];
}

/** One document on both sides; `invalid` when the side's file cannot be read. */
export interface Sides<T> {
  readonly before: Parsed<T> | null;
  readonly after: Parsed<T> | null;
}

type Parser<T> = (bytes: Uint8Array, file: string) => Parsed<T>;

/**
 * Reads policy and registry from the base (or where the caller says) and the head's own copies for what they change. What
 * was parsed is remembered for as long as its keeper lives.
 */
export async function readConfiguration(
  revisions: Revisions,
  sources: ConfigurationSources,
  readFile: (path: string) => Promise<Uint8Array>,
  keeper: object = revisions,
): Promise<Configuration> {
  const rules = sources.rules ?? sources.base;
  const baseline = baselineFor(sources.baseline, sources.repository);
  const policyOf = (bytes: Uint8Array, file: string) => parsePolicy(bytes, file, baseline);
  const known = parsedBefore(keeper);
  const inTree = async <T>(revision: string, path: string, parse: Parser<T>) => {
    const found = await revisions.blobAt(revision, path);
    if (!found) return null;
    const key = JSON.stringify([path, found.entry.id, path === POLICY_PATH ? baseline : null]);
    const parsed = (known.get(key) as Parsed<T> | undefined) ?? parse(found.bytes, path);
    known.put(key, parsed, found.bytes.length);
    return parsed;
  };
  // What a change does to the rules is told against what it started from, not against what others merged since.
  const start = sources.mergeBase ?? sources.base;
  const sidesOf = async <T>(path: string, given: string | undefined, parse: Parser<T>): Promise<DocumentSides<T>> => ({
    rules:
      given === undefined ? await inTree(rules, path, parse) : byHand(parse(await readGiven(given, readFile), given)),
    before: await inTree(start, path, parse),
    after: await inTree(sources.head, path, parse),
  });
  const policy = await sidesOf(POLICY_PATH, sources.policy, policyOf);
  const registry = await sidesOf(REGISTRY_PATH, sources.registry, parseRegistry);
  const stricter = stricterPolicy(baseline, policy.rules?.ok ? policy.rules.value : null);
  const written = policy.rules || baseline ? stricter.policy : null;
  const own = sources.branch === undefined ? null : await inTree(sources.branch, POLICY_PATH, policyOf);
  return {
    // Without a readable policy nobody knows whether it enforces; so it does.
    policy: tightenedBy(
      own?.ok ? own.value : null,
      effectivePolicy(policy.rules?.ok === false ? { ...stricter.policy, mode: "enforce" } : written),
    ),
    registry: registriesOf(registry),
    documents: { policy, registry },
    faults: configurationFaults(policy, registry, baseline),
    loosened: stricter.loosened,
    organizationWide: sources.repository?.endsWith(`/${BASELINE_REPOSITORY}`) ? BASELINE_PATHS : [],
  };
}

/** A policy with what another one asks for beyond it. */
function tightenedBy(own: Policy | null, policy: EffectivePolicy): EffectivePolicy {
  if (own === null) return policy;
  // With nothing left out, so that silence leaves nothing to the other one.
  const whole = { version: 1, ...policy } as unknown as Policy;
  return effectivePolicy(stricterPolicy(whole, own).policy);
}

/** The registry that rules, and what a merge would leave of it; null where the head has none that reads. */
function registriesOf({ rules, before, after: head }: DocumentSides<Registry>): Configuration["registry"] {
  const base = rules?.ok ? rules.value : EMPTY_REGISTRY;
  if (!head?.ok) return { base, head: null };
  const start = before === rules ? base : before?.ok ? before.value : EMPTY_REGISTRY;
  return { base, head: registryAfterMerge(base, start, head.value) };
}

/** What was parsed before, by path and blob: a large registry is dear to read, and most changes leave it alone. */
interface KeptDocuments {
  get(key: string): Parsed<unknown> | undefined;
  put(key: string, parsed: Parsed<unknown>, bytes: number): void;
}

const KEPT = new WeakMap<object, KeptDocuments>();
/** Bytes of documents kept at once, those that were read last; each takes up a multiple of that when parsed. */
const CAPACITY = 8 << 20;

function parsedBefore(keeper: object): KeptDocuments {
  const kept = KEPT.get(keeper) ?? keptDocuments();
  KEPT.set(keeper, kept);
  return kept;
}

function keptDocuments(): KeptDocuments {
  const documents = new Map<string, { readonly parsed: Parsed<unknown>; readonly bytes: number }>();
  let total = 0;
  return {
    get: (key) => documents.get(key)?.parsed,
    put(key, parsed, bytes) {
      total += bytes - (documents.get(key)?.bytes ?? 0);
      documents.delete(key);
      documents.set(key, { parsed, bytes });
      for (const [old, document] of documents) {
        if (total <= CAPACITY || old === key) break;
        documents.delete(old);
        total -= document.bytes;
      }
    },
  };
}

function problemsOf<T>(parsed: Parsed<T> | null): string[] {
  return parsed?.ok === false ? parsed.problems.slice(0, 5).map(formatProblem) : [];
}

function byHand<T>(parsed: Parsed<T>): Parsed<T> {
  if (!parsed.ok) throw new InvalidFile(parsed.problems.slice(0, 20).map(formatProblem).join("\n"));
  return parsed;
}

/** Reads a configuration file given by hand. */
export async function readGiven(path: string, readFile: (path: string) => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (fault) {
    throw new InvalidFile(`${path}: cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

/** Reads the organisation's policy from a folder; null without a folder. */
export async function readBaseline(
  directory: string | undefined,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Policy | null> {
  if (directory === undefined) return null;
  for (const path of BASELINE_PATHS.map((one) => join(directory, one))) {
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) continue;
    const parsed = parsePolicy(bytes, path);
    if (!parsed.ok) throw new InvalidFile(problemsOf(parsed).join("\n"));
    return parsed.value;
  }
  throw new InvalidFile(
    `${directory}: holds no ${POLICY_PATH} and no countersign.yml; expected the organisation's baseline there`,
  );
}
