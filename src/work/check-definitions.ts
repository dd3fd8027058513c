import type { Entry } from "../core/change-set.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import { fileSide } from "../readers/file-side.ts";
import { entryAt, isPlain, type TreeSide } from "./reference-lookup.ts";
import { folderOf } from "./reference-path.ts";
import type { Source } from "./source.ts";

/** What the workflows of named checks run beside themselves: local actions and reusable workflows (security rule S16). */
export interface CheckDefinitions {
  /** Whether a file is part of what a named check runs. */
  reaches(path: string): boolean;
  /** Why not everything was followed, a sentence each. */
  readonly unread: readonly string[];
}

/** GitHub nests composite actions ten deep, workflows less. */
const MAX_DEPTH = 10;
const MAX_FILES = 200;
/** Folders that a checkout may have put before a path of the repository. */
const MAX_PREFIX = 10;

interface Reached {
  readonly files: Set<string>;
  readonly folders: Set<string>;
  readonly unread: Set<string>;
}

/** Follows the workflows of the policy's checks as they are before a change and after it. */
export async function checkDefinitions(
  policy: EffectivePolicy,
  revisions: { readonly base: string; readonly head: string },
  source: Pick<Source, "load" | "entriesIn">,
): Promise<CheckDefinitions> {
  const named = Object.values(policy.checks).flatMap(({ workflow }) => (workflow === undefined ? [] : [workflow]));
  const workflows = [...new Set(named.map((path) => path.replace(/^\.?\//, "")))];
  const reached: Reached = { files: new Set(), folders: new Set(), unread: new Set() };
  if (workflows.length > 0)
    for (const revision of new Set([revisions.base, revisions.head])) {
      const entriesIn = (at: string, folder: string) => source.entriesIn(at, folder);
      const tree = { revision, changed: new Map(), absent: new Set<string>(), folders: new Map(), entriesIn };
      await follow(workflows, tree, source, reached);
    }
  const { files, folders, unread } = reached;
  return { unread: [...unread], reaches: (path) => files.has(path) || above(path).some((one) => folders.has(one)) };
}

/** The folders above a path, without the root. */
function above(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function follow(
  workflows: readonly string[],
  tree: TreeSide,
  source: Pick<Source, "load">,
  reached: Reached,
): Promise<void> {
  const seen = new Set<string>();
  let paths = workflows;
  for (let depth = 0; paths.length > 0; depth += 1) {
    const fresh = paths.filter((path) => !seen.has(path));
    for (const path of fresh) seen.add(path);
    if (depth > MAX_DEPTH || seen.size > MAX_FILES) {
      reached.unread.add(
        `what the workflows of the policy's checks run was not followed beyond ${MAX_FILES} files and ${MAX_DEPTH} steps`,
      );
      return;
    }
    const entries = (await Promise.all(fresh.map((path) => entryAt(path, tree)))).flat().filter(isPlain);
    const byId = Map.groupBy(entries, ({ id }) => id);
    const next: string[] = [];
    for await (const [id, bytes] of source.load([...byId.values()].flatMap((group) => group.slice(0, 1))))
      for (const entry of byId.get(id) ?? []) next.push(...(await usedBy(entry, bytes, tree, reached)));
    paths = next;
  }
}

/** What a workflow or an action uses of the repository, as files to follow; notes what is reached. */
async function usedBy(
  entry: Entry,
  bytes: Uint8Array,
  tree: TreeSide,
  { files, folders }: Reached,
): Promise<readonly string[]> {
  const next: string[] = [];
  for (const { path, value } of fileSide(entry, bytes).literals) {
    const key = path.at(-1) ?? "";
    if (path[0] === "runs" && PROGRAMS.has(key)) files.add(resolved(folderOf(entry.path), value));
    if (key !== "uses" || !value.startsWith("./")) continue;
    if (/\.ya?ml$/i.test(value)) {
      const workflow = resolved("", value);
      files.add(workflow);
      next.push(workflow);
      continue;
    }
    const folder = await actionAt(resolved("", value), tree);
    // What an action at the root runs is named in it; not every file of the repository is part of it.
    if (folder !== "") folders.add(folder);
    for (const name of ACTION_FILES) {
      files.add(resolved(folder, name));
      next.push(resolved(folder, name));
    }
  }
  return next;
}

const ACTION_FILES = ["action.yml", "action.yaml"] as const;
/** What an action names of its files. */
const PROGRAMS: ReadonlySet<string> = new Set([
  "main",
  "pre",
  "post",
  "image",
  "pre-entrypoint",
  "entrypoint",
  "post-entrypoint",
]);

/** The folder of an action; a checkout into a folder of its own stands before the repository's path. */
async function actionAt(folder: string, tree: TreeSide): Promise<string> {
  const parts = folder === "" ? [] : folder.split("/");
  for (let dropped = 0; dropped <= Math.min(parts.length, MAX_PREFIX); dropped += 1) {
    const candidate = parts.slice(dropped).join("/");
    for (const name of ACTION_FILES) if ((await entryAt(resolved(candidate, name), tree)).length > 0) return candidate;
  }
  return folder;
}

/** A path below a folder with its dots taken out; what leads out of the repository stays at its root. */
function resolved(folder: string, path: string): string {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
