import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Change, Entry } from "../../src/core/change-set.ts";
import type { Evaluation } from "../../src/core/evaluation.ts";
import type { Finding } from "../../src/core/finding.ts";
import { readConfiguration } from "../../src/work/configuration.ts";
import { evaluateChange } from "../../src/work/evaluate.ts";
import type { Source } from "../../src/work/source.ts";

const ROOT = fileURLToPath(new URL("../../fixtures/detectors/", import.meta.url));
const DEFAULT_POLICY = "version: 1\ndetect: { credentials: all }\n";

/** A file of a tree: its bytes and git's mode. */
export interface TreeFile {
  readonly bytes: Uint8Array;
  readonly mode: string;
}

/** The files of one revision, by path. */
export type Tree = ReadonlyMap<string, TreeFile>;

/** One example of a rule: a change that it finds (`hit`) or leaves alone (`miss`). */
export interface Fixture {
  readonly rule: string;
  readonly kind: "hit" | "miss";
  /** Its folder below fixtures/detectors. */
  readonly name: string;
  readonly before: Tree;
  readonly after: Tree;
  /** The policy it is evaluated under. */
  readonly policy: string;
  /** Findings of which each must come out, with at least these fields; null when it says nothing. */
  readonly expected: readonly Readonly<Record<string, unknown>>[] | null;
}

/** Every fixture in the repository, by name. */
export function fixtures(): readonly Fixture[] {
  return folders(ROOT).flatMap((group) =>
    folders(join(ROOT, group)).flatMap((rule) =>
      folders(join(ROOT, group, rule)).map((name) => fixture(`${group}/${rule}`, name)),
    ),
  );
}

function fixture(rule: string, name: string): Fixture {
  const folder = join(ROOT, rule, name);
  const kind = name.slice(0, name.indexOf("."));
  if (kind !== "hit" && kind !== "miss") throw new Error(`${folder}: expected a name like hit.case or miss.case`);
  const stray = readdirSync(folder).filter((file) => !/^(?:before|after|policy\.yml|expected\.json)$/.test(file));
  if (stray.length > 0) throw new Error(`${folder}: unexpected ${stray.join(", ")}`);
  const policy = join(folder, "policy.yml");
  const expected = join(folder, "expected.json");
  return {
    rule,
    kind,
    name: `${rule}/${name}`,
    before: treeIn(join(folder, "before")),
    after: treeIn(join(folder, "after")),
    policy: existsSync(policy) ? readFileSync(policy, "utf8") : DEFAULT_POLICY,
    expected: existsSync(expected) ? JSON.parse(readFileSync(expected, "utf8")) : null,
  };
}

function folders(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** A missing folder is an empty tree: everything was added, or everything removed. */
function treeIn(folder: string): Tree {
  const tree = new Map<string, TreeFile>();
  if (!existsSync(folder)) return tree;
  for (const path of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const full = join(folder, path);
    const status = lstatSync(full);
    if (status.isSymbolicLink()) tree.set(path, { bytes: Buffer.from(readlinkSync(full)), mode: "120000" });
    else if (status.isFile())
      tree.set(path, { bytes: readFileSync(full), mode: status.mode & 0o100 ? "100755" : "100644" });
  }
  return tree;
}

/**
 * The findings of a change from one tree to another, by the whole pipeline that the command line runs; without those of
 * the registry, which depend on more than the files.
 */
export async function findingsBetween(
  before: Tree,
  after: Tree,
  policy: string = DEFAULT_POLICY,
): Promise<readonly Finding[]> {
  const evaluation = await evaluationBetween(before, after, policy);
  return evaluation.assessment.findings.map(({ finding }) => finding).filter(({ rule }) => !rule.startsWith("record/"));
}

/** The evaluation of a change from one tree to another. */
export async function evaluationBetween(
  before: Tree,
  after: Tree,
  policy: string = DEFAULT_POLICY,
  fingerprintKey: Uint8Array = Buffer.alloc(32, 7),
): Promise<Evaluation> {
  const trees: Readonly<Record<string, Tree>> = { before, after };
  const configuration = await readConfiguration(
    {
      blobAt: async (revision, path) => {
        const file = trees[revision]?.get(path);
        return file ? { entry: entryOf(path, file), bytes: file.bytes } : null;
      },
    },
    { base: "before", head: "after", rules: undefined, policy: "policy.yml", registry: undefined, baseline: null },
    async () => Buffer.from(policy),
  );
  const { evaluation } = await evaluateChange(sourceOf(before, after), {
    base: "before",
    head: "after",
    configuration,
    facts: null,
    now: "2026-11-20T10:00:00Z",
    fingerprintKey,
    progress: () => {},
  });
  return evaluation;
}

function sourceOf(before: Tree, after: Tree): Source {
  const blobs = new Map<string, Uint8Array>();
  for (const tree of [before, after]) for (const [path, file] of tree) blobs.set(entryOf(path, file).id, file.bytes);
  return {
    changeSet: async () => ({ base: "before", head: "after", changes: changesBetween(before, after) }),
    entriesIn: async (revision, folder) => entriesIn(revision === "before" ? before : after, folder),
    commitsBetween: async () => [],
    changedPaths: async () => new Map(),
    async *load(entries) {
      for (const { id } of entries) {
        const bytes = blobs.get(id);
        if (!bytes) throw new Error(`no blob ${id}`);
        yield [id, bytes] as const;
      }
    },
  };
}

function entriesIn(tree: Tree, folder: string): readonly Entry[] {
  const start = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, Entry>();
  for (const [path, file] of tree) {
    if (!path.startsWith(start)) continue;
    const slash = path.indexOf("/", start.length);
    if (slash < 0) entries.set(path, entryOf(path, file));
    else entries.set(path.slice(0, slash), { path: path.slice(0, slash), mode: "040000", id: "" });
  }
  return [...entries.values()];
}

/** Pairs files as git does: by path, then what is gone with what is new by equal content. */
function changesBetween(before: Tree, after: Tree): readonly Change[] {
  const changes: Change[] = [];
  const gone = new Map<string, Entry[]>();
  for (const [path, file] of before) {
    const old = entryOf(path, file);
    const other = after.get(path);
    if (!other) gone.set(old.id, [...(gone.get(old.id) ?? []), old]);
    else if (entryOf(path, other).id !== old.id || other.mode !== file.mode)
      changes.push({ before: old, after: entryOf(path, other) });
  }
  for (const [path, file] of after) {
    if (before.has(path)) continue;
    const fresh = entryOf(path, file);
    const old = gone.get(fresh.id)?.shift();
    changes.push(old ? { before: old, after: fresh } : { after: fresh });
  }
  for (const entries of gone.values()) for (const entry of entries) changes.push({ before: entry });
  return changes;
}

function entryOf(path: string, file: TreeFile): Entry {
  const id = createHash("sha1").update(`blob ${file.bytes.length}\0`).update(file.bytes).digest("hex");
  return { path, mode: file.mode, id };
}
