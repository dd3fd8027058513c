import { z } from "zod";
import { type Entry, type ObjectId, SUBMODULE } from "../core/change-set.ts";
import { objectId } from "../objects/tree-object.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";
import { queryObjects } from "./object-query.ts";
import type { ObjectStore } from "./object-store.ts";

/** What is asked of a content. */
export const BLOB_FIELDS = "... on Blob { oid text isTruncated }";
/** A content as GraphQL gives it. */
export const BlobNode = z.object({ oid: z.string(), text: z.string().nullable(), isTruncated: z.boolean() });
type BlobNode = z.infer<typeof BlobNode>;
const Blob = z.object({ content: z.string(), encoding: z.string() });

/** Files in one query: at first, and at most. */
const FIRST = 200;
const MOST = 800;
/** What one query should bring, in bytes: GitHub ends a query after ten seconds. */
const TARGET = 2_000_000;
/** Queries under way at once. */
const WINDOW = 3;
/** Files larger than this are not kept between jobs. */
const KEPT = 256 * 1024;

/** What one job has found out about contents beside those that it read. */
export interface BlobHints {
  /** What is likely to be asked for next: it comes along with what is asked for before. */
  next: readonly ObjectId[];
  /** What is no text as GitHub shows it. */
  readonly opaque: Set<ObjectId>;
}

/**
 * Reads files by id, each once, in the order of the entries. Text comes in batches by GraphQL and is taken only when its
 * hash is the id; what GitHub does not show as it is (no UTF-8, binary, cut off) is read by itself. Where a few are asked
 * for, those that are asked for `next` come along.
 */
export async function* readBlobs(
  api: Api,
  store: ObjectStore,
  entries: readonly Entry[],
  hints: BlobHints,
): AsyncGenerator<readonly [ObjectId, Uint8Array]> {
  const ids = contentsOf(entries);
  const batches: Promise<readonly (readonly [ObjectId, Uint8Array])[]>[] = [];
  let size = FIRST;
  let at = 0;
  const more = () => {
    const batch = ids.slice(at, at + size);
    at += batch.length;
    const reading = readBatch(api, store, batch, ids.length === batch.length ? hints : { ...hints, next: [] });
    // A fault is thrown where the batch is waited for; one that nobody gets to must not end the process.
    reading.catch(() => {});
    batches.push(reading);
  };
  while (batches.length > 0 || at < ids.length) {
    // The first batch tells how large the others may be.
    while (at < ids.length && batches.length < (size === FIRST && at > 0 ? 1 : WINDOW)) more();
    const read = (await batches.shift()) ?? [];
    const bytes = read.reduce((sum, [, content]) => sum + content.length, 0);
    size = Math.max(10, Math.min(MOST, Math.floor((TARGET * read.length) / Math.max(1, bytes))));
    yield* read;
  }
}

/** The ids of what has a content, each once. */
export function contentsOf(entries: readonly Entry[]): readonly ObjectId[] {
  return [...new Set(entries.filter(({ mode }) => mode !== SUBMODULE).map(({ id }) => id))];
}

async function readBatch(
  api: Api,
  store: ObjectStore,
  ids: readonly ObjectId[],
  { next, opaque }: BlobHints,
): Promise<readonly (readonly [ObjectId, Uint8Array])[]> {
  const found = new Map<ObjectId, Uint8Array>();
  const take = (id: ObjectId, bytes: Uint8Array) => {
    found.set(id, bytes);
    if (bytes.length <= KEPT) store.blobs.put(bytes, id);
  };
  for (const id of ids) {
    const known = store.blobs.get(id);
    if (known !== undefined) found.set(id, known);
  }
  const missing = ids.filter((id) => !found.has(id));
  const shown = missing.filter((id) => !opaque.has(id));
  const asked = shown.length === 0 ? [] : [...shown, ...alongWith(store, shown, next)];
  const wanted = asked.map((oid) => ({ oid }));
  for (const node of await queryObjects(api, wanted, BLOB_FIELDS, BlobNode)) {
    const bytes = node && contentOf(node);
    if (bytes) take(node.oid, bytes);
  }
  await inTurns(
    missing.filter((id) => !found.has(id)),
    async (id) => take(id, await blobByItself(api, id)),
  );
  return ids.map((id) => [id, found.get(id) as Uint8Array] as const);
}

/** Takes a content in that is likely to be asked for, as far as GitHub shows it. */
export function takeLikely(store: ObjectStore, node: BlobNode, { opaque }: BlobHints): void {
  const bytes = contentOf(node);
  if (bytes && bytes.length <= KEPT) store.blobs.put(bytes, node.oid);
  else if (!bytes) opaque.add(node.oid);
}

/** The bytes of a text; null where what GitHub shows is not what the id says. */
function contentOf({ oid, text, isTruncated }: BlobNode): Uint8Array | null {
  if (text === null || isTruncated) return null;
  const bytes = Buffer.from(text);
  return objectId("blob", bytes, oid) === oid ? bytes : null;
}

/** What is not known of the next, as far as the first batch has room. */
function alongWith(store: ObjectStore, missing: readonly ObjectId[], next: readonly ObjectId[]): readonly ObjectId[] {
  const room = Math.max(0, FIRST - missing.length);
  if (room === 0 || next.length > room) return [];
  const own = new Set(missing);
  return next.filter((id) => !own.has(id) && store.blobs.get(id) === undefined);
}

async function blobByItself(api: Api, id: ObjectId): Promise<Uint8Array> {
  const { content, encoding } = await api.fixed("/repos/{owner}/{repo}/git/blobs/{file_sha}", { file_sha: id }, Blob);
  const bytes = encoding === "base64" ? Buffer.from(content, "base64") : Buffer.from(content);
  if (objectId("blob", bytes, id) === id) return bytes;
  throw new HostingFault("hosting/unexpected", `the content of the file ${id} is not what its id says`, {
    remedy: "If a proxy stands between, let it pass answers unchanged; else try again later.",
  });
}
