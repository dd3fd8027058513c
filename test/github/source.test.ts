import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Entry } from "../../src/core/change-set.ts";
import { type Repository as LocalRepository, openRepository } from "../../src/git.ts";
import type { ObjectSource } from "../../src/github/source.ts";
import { type HistoryCommit, type HistoryFile, writeHistory } from "./history.ts";
import { type SourceScene, sourceScene } from "./source-scene.ts";

let scene: SourceScene;
beforeAll(async () => {
  scene = await sourceScene();
});
afterAll(() => scene.github.close());

/** Paths as bytes: in each others' way, in several encodings, quoted, deep, and where the program looks by itself. */
const PATHS = [
  ...["a", "a/b", "a/c.py", "dir/x.md", "dir/sub/y.md", "dir.md", "dir-a/z", "deep/a/b/c/d/e.txt", "link", "module"],
  ...["caf\xe9.md", "caf\xe8.md", "d\xe9/x.md", "d\xe8/x.md", "\xc3\xbc/\xc3\xb6.txt", "\xef\xbf\xbd.md"],
  ...[' q"uo\\te', "new\nline/x", "e\xcc\x81.md", ".github/countersign.yml", ".github/ai-systems.yml"],
];
const CONTENTS = [
  ...["", "one\n", "two\n", "a\r\nb\r\n", "\ufeffmark", "\ud83d\ude80", "null\0byte"].map((text) => Buffer.from(text)),
  Buffer.from("caf\xe9", "latin1"),
  Buffer.alloc(600_000, "long "),
];
const MODES = ["100644", "100644", "100755", "120000", "160000"];
const MODULE = "1234567890".repeat(4);

const edit = fc.record({
  path: fc.nat(PATHS.length - 1),
  content: fc.option(fc.nat(CONTENTS.length - 1), { freq: 4 }),
  mode: fc.nat(MODES.length - 1),
});
const step = fc.record({
  parents: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
  orphan: fc.nat(11).map((value) => value === 0),
  edits: fc.array(edit, { maxLength: 5 }),
  sameSecond: fc.boolean(),
  message: fc.constantFrom("change", "more\n\nCo-authored-by: X <x@example.com>\nco-authored-by: Y <y@example.com>\n"),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Turns steps into commits: each edits the union of its parents' files. */
function historyOf(steps: readonly Step[], format: "sha1" | "sha256"): HistoryCommit[] {
  const commits: HistoryCommit[] = [];
  let at = 1_700_000_000;
  for (const [index, { parents, orphan, edits, sameSecond, message }] of steps.entries()) {
    const chosen = orphan || index === 0 ? [] : [...new Set(parents.map((back) => Math.max(0, index - 1 - back)))];
    const files = new Map<string, HistoryFile>();
    for (const parent of [...chosen].reverse())
      for (const [path, file] of commits[parent]?.files ?? []) put(files, path, file);
    for (const { path, content, mode } of edits) {
      const name = PATHS[path] ?? "";
      if (content === null) files.delete(name);
      else if (MODES[mode] === "160000")
        put(files, name, { mode: "160000", data: Buffer.from(MODULE.padEnd(format === "sha256" ? 64 : 40, "0")) });
      else put(files, name, { mode: MODES[mode] ?? "100644", data: CONTENTS[content] ?? Buffer.alloc(0) });
    }
    at += sameSecond ? 0 : 60;
    commits.push({ parents: chosen, files, message, at });
  }
  return commits;
}

/** Puts a file where others may be in its way: a file where a folder is to be, or the other way round. */
function put(files: Map<string, HistoryFile>, path: string, file: HistoryFile): void {
  for (const other of [...files.keys()])
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other);
  files.set(path, file);
}

const outcome = async <T>(work: () => Promise<T>): Promise<T | "fault"> => work().catch(() => "fault" as const);

/** Everything that both ways of reading a repository have to say about one range. */
async function account(source: ObjectSource | LocalRepository, base: string, head: string) {
  const mergeBase = await outcome(() => source.mergeBase({ base, head }));
  if (mergeBase === "fault") return "no merge base";
  const files = [];
  for (const revision of [head, base, mergeBase]) {
    for (const path of [
      ".github/countersign.yml",
      "a",
      "a/b",
      "module",
      "link",
      "dir/sub",
      "dir/none/x",
      "caf\ufffdE9.md",
    ])
      files.push([revision, path, shown(await source.blobAt(revision, path))]);
    for (const folder of ["", "dir", "d\ufffdE9", "a", "none", "deep/a/b"])
      files.push([revision, folder, await source.entriesIn(revision, folder)]);
  }
  const changes = await source.changeSet({ base, head });
  const entries = changes.changes.flatMap(({ before, after }) => [before, after].filter((one) => one !== undefined));
  const contents: [string, string][] = [];
  for await (const [id, bytes] of source.load(entries)) contents.push([id, Buffer.from(bytes).toString("base64")]);
  const commits = await source.commitsBetween(base, head);
  const paths = [...(await source.changedPaths(commits))].map(([id, list]) => [id, [...list].sort()]);
  return { mergeBase, files, changes, contents, commits, paths: Object.fromEntries(paths) };
}

function shown(found: { readonly entry: Entry; readonly bytes: Uint8Array } | null) {
  return found === null ? null : { ...found, bytes: Buffer.from(found.bytes).toString("base64") };
}

describe("a repository at GitHub reads as its clone does", () => {
  it("P01 P02 P03 P04 P07 whatever its history, names, modes and contents, and however little of a tree one answer holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 10 }),
        fc.nat(3),
        fc.constantFrom("sha1" as const, "sha1" as const, "sha256" as const),
        fc.constantFrom(100_000, 4, 1),
        fc.constantFrom(96 << 20, 0),
        async (steps, back, format, treeRows, objectsKept) => {
          const repository = scene.github.world.repository("acme/history", { "first.txt": "x" }, { format });
          const ids = writeHistory(repository.store, historyOf(steps, format));
          const head = ids.at(-1) ?? "";
          const base = ids.at(-2 - (back % (ids.length - 1))) ?? "";
          scene.github.world.treeRows = treeRows;
          const hosted = await scene.job(scene.hosting({ objectsKept }), repository);
          const local = await openRepository(repository.store.directory);
          try {
            expect(await account(hosted, base, head)).toEqual(await account(local, base, head));
          } finally {
            await local.close();
            scene.github.world.repositories.splice(scene.github.world.repositories.indexOf(repository), 1);
          }
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 40) },
    );
    scene.conforms();
  }, 120_000);
});

describe("merge bases", () => {
  it("P01 of criss-cross merges are all found: what undoes one of them is part of the change", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            parents: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(9)),
            edits: fc.array(fc.tuple(fc.nat(3), fc.nat(2)), { minLength: 1, maxLength: 2 }),
          }),
          { minLength: 6, maxLength: 12 },
        ),
        async (steps) => {
          const repository = scene.github.world.repository("acme/criss-cross", { "first.txt": "x" });
          const ids = writeHistory(repository.store, crissCross(steps));
          const hosted = await scene.job(scene.hosting(), repository);
          const local = await openRepository(repository.store.directory);
          const range = async (source: ObjectSource | LocalRepository, base = "", head = "") => [
            await outcome(() => source.mergeBase({ base, head })),
            await outcome(() => source.changeSet({ base, head })),
          ];
          try {
            for (let base = Math.max(0, ids.length - 5); base < ids.length; base += 1)
              for (let head = Math.max(0, ids.length - 4); head < ids.length; head += 1)
                expect(await range(hosted, ids[base], ids[head])).toEqual(await range(local, ids[base], ids[head]));
          } finally {
            await local.close();
            scene.github.world.repositories.splice(scene.github.world.repositories.indexOf(repository), 1);
          }
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 6) },
    );
    scene.conforms();
  }, 120_000);
});

/** Merges of merges, each with what its parents had and a little more, so that bases are many. */
function crissCross(
  steps: readonly { readonly parents: readonly number[]; readonly edits: readonly (readonly [number, number])[] }[],
): HistoryCommit[] {
  return steps.map(({ parents: [one = 0, other = 0, alone = 0], edits }, index) => {
    const parents = index === 0 ? [] : [index - 1 - one, ...(alone === 0 ? [] : [index - 2 - other])];
    const files = edits.map(([path, text]) => [`f${path}`, { mode: "100644", data: Buffer.from(`${text}`) }] as const);
    return {
      parents: [...new Set(parents.map((parent) => Math.max(0, parent)))],
      files: new Map(files),
      at: 1_700_000_000 + 60 * index,
    };
  });
}
