import { z } from "zod";
import { BASELINE_PATHS, BASELINE_REPOSITORY } from "../work/configuration.ts";
import type { HostedRepository } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { type BoundedCache, boundedCache } from "./bounded-cache.ts";

type Baseline = Awaited<ReturnType<HostedRepository["baseline"]>>;

/** What is remembered of organisations' policies between jobs. */
export interface BaselineMemory {
  /** What a tree holds, by the tree's id: that never changes. */
  readonly trees: BoundedCache<Baseline>;
  /** Until when a way that led nowhere is not tried again: asking is charged each time, since only a 304 is free. */
  readonly unreachable: BoundedCache<number>;
  /** Ways that are being tried: of jobs side by side one finds out whether they lead anywhere. Null once they do. */
  readonly trying: Map<string, Promise<unknown> | null>;
}

/** Remembers nothing yet. */
export function baselineMemory(): BaselineMemory {
  return { trees: boundedCache(8 << 20), unreachable: boundedCache(100_000), trying: new Map() };
}

/** How long a way that led nowhere is not tried again, in milliseconds. */
const PAUSE = 300_000;

const Tree = z.object({
  sha: z.string(),
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() })),
});
type Tree = z.infer<typeof Tree>;
type Row = Tree["tree"][number];
const Blob = z.object({ content: z.string(), encoding: z.literal("base64") });

/** A way to the repository, and what to remember it by where it leads nowhere. */
export interface BaselineWay {
  readonly key: string;
  api(): Api;
}

/**
 * The organisation's policy from the default branch of its `.github` repository, by the first way that leads there.
 * Unchanged it costs nothing: one answer with an ETag names the tree, and what that holds is remembered (security rule
 * S03).
 */
export async function readBaseline(
  ways: readonly BaselineWay[],
  memory: BaselineMemory,
  now: number,
): Promise<Baseline> {
  for (const way of ways) {
    const other = memory.trying.get(way.key);
    if (other) await other;
    if ((memory.unreachable.get(way.key) ?? 0) > now) continue;
    const api = way.api();
    const root = await tried(way.key, rootOf(api), memory, now);
    if (root === "empty") return "absent";
    if (root !== "unreachable") return remembered(api, root, memory);
  }
  return {
    unreadable:
      "the organisation's repository .github is not there, or the App is not installed on it with `contents: read`",
  };
}

/** Notes whether a way leads anywhere; others that go it before that is known wait. */
async function tried<T>(key: string, trying: Promise<T>, memory: BaselineMemory, now: number): Promise<T> {
  const noted = trying.then(
    (root) => {
      if (root === "unreachable") memory.unreachable.set(key, now + PAUSE, key.length + 100);
      return root !== "unreachable";
    },
    // What failed told nothing.
    () => false,
  );
  if (!memory.trying.has(key)) memory.trying.set(key, noted);
  if (await noted) memory.trying.set(key, null);
  else memory.trying.delete(key);
  return trying;
}

async function remembered(api: Api, root: Tree, { trees }: BaselineMemory): Promise<Baseline> {
  const known = trees.get(root.sha);
  if (known !== undefined) return known;
  const found = await policyIn(api, root);
  trees.set(root.sha, found, typeof found === "object" && "bytes" in found ? found.bytes.length + 100 : 100);
  return found;
}

/** The tree of the default branch's head, or `empty` without a commit. */
async function rootOf(api: Api): Promise<Tree | "empty" | "unreachable"> {
  const at = { repo: BASELINE_REPOSITORY, tree_sha: "HEAD" };
  try {
    return (await api.find("/repos/{owner}/{repo}/git/trees/{tree_sha}", at, Tree)) ?? "unreachable";
  } catch (fault) {
    if (!(fault instanceof HostingFault)) throw fault;
    if (fault.status === 409) return "empty";
    // Without access GitHub gives no token for the repository (422), or lets the token see nothing (403).
    if (fault.code === "hosting/refused" || fault.code === "hosting/forbidden") return "unreachable";
    throw fault;
  }
}

async function policyIn(api: Api, root: Tree): Promise<Baseline> {
  for (const place of BASELINE_PATHS) {
    const row = await rowAt(api, root, place);
    if (row === "unknown") return { unreadable: `${BASELINE_REPOSITORY}: too many files lie beside ${place}` };
    if (row === null) continue;
    if (row.type !== "blob" || row.mode === "120000")
      return { unreadable: `${BASELINE_REPOSITORY}: ${place} is no plain file` };
    const { content } = await api.fixed(
      "/repos/{owner}/{repo}/git/blobs/{file_sha}",
      { repo: BASELINE_REPOSITORY, file_sha: row.sha },
      Blob,
    );
    return { bytes: new Uint8Array(Buffer.from(content, "base64")) };
  }
  return "absent";
}

/** What a path names below a tree; null where nothing does, `unknown` where a list does not show it all. */
async function rowAt(api: Api, root: Tree, path: string): Promise<Row | null | "unknown"> {
  const [name = "", ...rest] = path.split("/");
  const row = root.tree.find((one) => one.path === name);
  if (!row) return root.truncated ? "unknown" : null;
  if (rest.length === 0) return row;
  if (row.type !== "tree") return null;
  const below = await api.fixed(
    "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    { repo: BASELINE_REPOSITORY, tree_sha: row.sha },
    Tree,
  );
  return rowAt(api, below, rest.join("/"));
}
