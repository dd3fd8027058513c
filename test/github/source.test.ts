import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Entry } from "../../src/core/change-set.ts";
import { type Repository as LocalRepository, openRepository } from "../../src/git.ts";
import type { ObjectSource } from "../../src/github/source.ts";
import type { FileChanges } from "./git-store.ts";
import { type HistoryCommit, type HistoryFile, writeHistory } from "./history.ts";
import { type SourceScene, sourceScene } from "./source-scene.ts";

let scene: SourceScene;
beforeAll(async () => {
  scene = await sourceScene();
});
beforeEach(() => {
  scene.github.world.treeRows = 100_000;
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
  // Whom GitHub knows behind the addresses no clone can tell.
  const commits = (await source.commitsBetween(base, head)).map((commit) => {
    return { ...commit, known: new Map(), coAuthorsAsked: true };
  });
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
  it("P01 what equals the first of two and undoes the other is told", async () => {
    const repository = scene.github.world.repository("acme/undone", { "first.txt": "x" });
    const file = (data: string) => ({ mode: "100644", data: Buffer.from(data) });
    const commit = (
      at: number,
      parents: readonly number[],
      files: Readonly<Record<string, string>>,
    ): HistoryCommit => ({
      at: 1_700_000_000 + 60 * at,
      parents,
      files: new Map(Object.entries(files).map(([path, data]) => [path, file(data)])),
    });
    const [, left, right, base = "", , head = ""] = writeHistory(repository.store, [
      commit(0, [], { f: "0", g: "0" }),
      commit(1, [0], { f: "1", g: "0" }),
      commit(2, [0], { f: "0", g: "1" }),
      commit(3, [1, 2], { f: "1", g: "1" }),
      commit(4, [2, 1], { f: "0", g: "1" }),
      commit(5, [4], { f: "0", g: "1", h: "1" }),
    ]);
    const job = await scene.job(scene.hosting(), repository);
    expect(await job.mergeBase({ base, head })).toBe(right);
    const { changes } = await job.changeSet({ base, head });
    const before = await job.blobAt(left ?? "", "f");
    expect(changes.map((change) => [change.before?.id ?? null, change.after?.path])).toEqual([
      [before?.entry.id, "f"],
      [null, "h"],
    ]);
    scene.conforms();
  });

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

describe("what reading costs", () => {
  const text = (index: number, side: string) => `# ${side} ${index}\n${"value = 1\n".repeat(index % 40)}`;
  const pathOf = (index: number) => `area${index % 20}/part${index % 150}/file${index}.py`;

  /** A repository with 3,000 changed files on one commit. */
  async function large() {
    const files = (side: string) =>
      new Map(
        Array.from({ length: 3_000 }, (_, index) => [
          pathOf(index),
          { mode: "100644", data: Buffer.from(text(index, side)) },
        ]),
      );
    const repository = scene.github.world.repository("acme/large", { "first.txt": "x" });
    const [base = "", head = ""] = writeHistory(repository.store, [
      { parents: [], files: files("before"), at: 1_700_000_000 },
      { parents: [0], files: files("after"), at: 1_700_000_060 },
    ]);
    return { repository, base, head };
  }

  async function loaded(source: ObjectSource, entries: readonly Entry[]): Promise<number> {
    let bytes = 0;
    for await (const [, content] of source.load(entries)) bytes += content.length;
    return bytes;
  }

  it("P01 P34 of 3,000 files: 15 requests where 60 are candidates, 80 where all are", async () => {
    const { repository, base, head } = await large();
    const few = await scene.job(scene.hosting(), repository);
    const { changes } = await few.changeSet({ base, head });
    expect(changes.length).toBe(3_000);
    const entries = changes.flatMap(({ before, after }) => [before, after].filter((one) => one !== undefined));
    await loaded(few, entries.slice(0, 120));
    expect(few.charges.requests).toBeLessThanOrEqual(15);
    const all = await scene.job(scene.hosting(), repository);
    await all.changeSet({ base, head });
    const expected = [0, 1].flatMap((side) =>
      Array.from({ length: 3_000 }, (_, index) => text(index, side === 0 ? "before" : "after").length),
    );
    expect(await loaded(all, entries)).toBe(expected.reduce((sum, length) => sum + length, 0));
    expect(all.charges.requests).toBeLessThanOrEqual(80);
    scene.conforms();
  }, 60_000);

  it("P34 of a small change: one comparison, one query for folders, one for contents, together the next time; nothing when asked again", async () => {
    const repository = scene.github.world.repository("acme/small", {
      ".github/countersign.yml": "version: 1\n",
      "src/deep/er/bot.py": "a\n",
      "docs/x.md": "x\n",
    });
    const base = repository.refs.get("refs/heads/main") ?? "";
    const author = { name: "A", email: "a@example.com", date: "2026-11-24T10:00:00Z" };
    const changed = (files: FileChanges) => repository.store.commit({ parents: [base], files, author });
    const hosting = scene.hosting();
    const read = async (head: string, path: string) => {
      const job = await scene.job(hosting, repository);
      const mergeBase = await job.mergeBase({ base, head });
      for (const revision of [base, mergeBase, head]) await job.blobAt(revision, ".github/ai-systems.yml");
      const { changes } = await job.changeSet({ base, head });
      await loaded(
        job,
        changes.flatMap(({ before, after }) => [before, after].filter((one) => one !== undefined)),
      );
      await job.entriesIn(head, "src/deep");
      const commits = await job.commitsBetween(base, head);
      expect([...(await job.changedPaths(commits))]).toEqual([[head, [path]]]);
      return job.charges;
    };
    const first = changed({ "src/deep/er/bot.py": "b\n" });
    // The first of four is the token.
    expect(await read(first, "src/deep/er/bot.py")).toMatchObject({ requests: 4, points: 2 });
    const nothing = { requests: 0, points: 0, unchanged: 0, writes: 0 };
    expect(await read(first, "src/deep/er/bot.py")).toEqual(nothing);
    const second = changed({ "docs/x.md": "y\n" });
    expect(await read(second, "docs/x.md")).toMatchObject({ requests: 2, points: 1 });
    expect(await read(second, "docs/x.md")).toEqual(nothing);
    // What GitHub does not show as text is read by itself, and once.
    const third = changed({ "docs/x.md": "\0\u{1f600}\0" });
    expect(await read(third, "docs/x.md")).toMatchObject({ requests: 3, points: 1 });
  });

  it("P01 a tree of more than 100,000 entries is walked, only where it differs", async () => {
    const files = new Map<string, HistoryFile>();
    const data = Buffer.from("x");
    for (let index = 0; index < 101_000; index += 1)
      files.set(`a${index % 30}/b${index % 900}/f${index}`, { mode: "100644", data });
    const changed = new Map(files);
    for (let index = 0; index < 101_000; index += 300)
      changed.set(`a${index % 30}/b${index % 900}/f${index}`, { mode: "100755", data });
    const repository = scene.github.world.repository("acme/huge", { "first.txt": "x" });
    const [base = "", head = ""] = writeHistory(repository.store, [
      { parents: [], files, at: 1_700_000_000 },
      { parents: [0], files: changed, at: 1_700_000_060 },
    ]);
    const job = await scene.job(scene.hosting(), repository);
    expect((await job.changeSet({ base, head })).changes.length).toBe(337);
    expect(job.charges.requests).toBeLessThanOrEqual(8);
    scene.github.recorded.length = 0;
  }, 60_000);
});

describe("what cannot be read", () => {
  it("P01 a missing object, contents that are not what their id says, and revisions that are none are faults", async () => {
    const repository = scene.github.world.repository("acme/broken", { "a.txt": "a\n" });
    const head = repository.refs.get("refs/heads/main") ?? "";
    const job = await scene.job(scene.hosting(), repository);
    const missing = { path: "a.txt", mode: "100644", id: "1".repeat(40) };
    const first = async (entry: Entry) => {
      for await (const found of job.load([entry])) return found;
      return null;
    };
    await expect(first(missing)).rejects.toMatchObject({ code: "hosting/not-found" });
    expect(await first({ ...missing, mode: "160000" })).toBeNull();
    const [entry] = await job.entriesIn(head, "");
    const lie = { oid: entry?.id, text: "b\n", isTruncated: false };
    const blob = { content: Buffer.from("c\n").toString("base64"), encoding: "base64" };
    scene.github.faults.push(
      {
        matches: (_, path) => path === "/graphql",
        times: 1,
        answer: { status: 200, body: { data: { repository: { o0: lie } } } },
      },
      { matches: (_, path) => path.includes("/git/blobs/"), times: 1, answer: { status: 200, body: blob } },
    );
    await expect(first(entry as Entry)).rejects.toMatchObject({ code: "hosting/unexpected" });
    await expect(job.blobAt("main", "a.txt")).rejects.toMatchObject({ code: "hosting/refused" });
    await expect(job.changeSet({ base: head, head: "2".repeat(40) })).rejects.toMatchObject({
      code: "hosting/not-found",
    });
    scene.github.recorded.length = 0;
  });

  it("P01 queries that GitHub gives up on are halved, and what fails alone is read by itself", async () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, `${index}\n`]));
    const repository = scene.github.world.repository("acme/slow", files);
    const head = repository.refs.get("refs/heads/main") ?? "";
    const job = await scene.job(scene.hosting({ clock: { now: () => Date.now(), sleep: async () => {} } }), repository);
    const entries = await job.entriesIn(head, "");
    scene.github.faults.push({ matches: (_, path) => path === "/graphql", times: 9, answer: { status: 502 } });
    const texts: string[] = [];
    for await (const [, bytes] of job.load(entries)) texts.push(Buffer.from(bytes).toString());
    expect(texts).toEqual(Object.values(files));
    scene.conforms();
  });

  it("P01 folders that an old program wrote in another form are read as git reads them", async () => {
    const repository = scene.github.world.repository("acme/old", { "a.txt": "a\n", "b.txt": "b\n" });
    const main = repository.refs.get("refs/heads/main") ?? "";
    const { tree } = repository.store.read(main);
    const [a, b] = repository.store.tree(tree, false);
    const write = (type: string, input: Buffer | string) =>
      execFileSync(
        "git",
        ["-C", repository.store.directory, "hash-object", "-t", type, "-w", "--stdin", "--literally"],
        {
          input,
        },
      )
        .toString()
        .trim();
    const row = (mode: string, name: string, id = "") =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]);
    const old = write("tree", Buffer.concat([row("100664", "a.txt", a?.sha), row("0100644", "b.txt", a?.sha)]));
    const author = { name: "A", email: "a@example.com", date: "2026-11-24T10:00:00Z" };
    const head = repository.store.commitTree(old, [main], "old", author);
    const job = await scene.job(scene.hosting(), repository);
    const { changes } = await job.changeSet({ base: main, head });
    const side = (id = "") => ({ path: "b.txt", mode: "100644", id });
    expect(changes).toEqual([{ before: side(b?.sha), after: side(a?.sha) }]);
    scene.github.recorded.length = 0;
  });
});
