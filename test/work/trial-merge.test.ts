import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Change, Entry } from "../../src/core/change-set.ts";
import { objectId } from "../../src/objects/tree-object.ts";
import { mergedText } from "../../src/work/text-merge.ts";
import { reversed, type TrialMerge, trialMerge } from "../../src/work/trial-merge.ts";

/** Files by path: content, and a mode where it is not an ordinary file. */
type Files = Readonly<Record<string, string | { readonly mode: string; readonly text: string }>>;

const blobs = new Map<string, Uint8Array>();
function entryOf(path: string, file: Files[string]): Entry {
  const { mode, text } = typeof file === "string" ? { mode: "100644", text: file } : file;
  const bytes = Buffer.from(text, "latin1");
  const id = objectId("blob", bytes, "0".repeat(40));
  blobs.set(id, bytes);
  return { path, mode, id };
}

function changesBetween(from: Files, to: Files): Change[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((path) => {
    const [before, after] = [from[path], to[path]].map((file) => (file === undefined ? null : entryOf(path, file)));
    if (before?.id === after?.id && before?.mode === after?.mode) return [];
    return [{ ...(before ? { before } : {}), ...(after ? { after } : {}) }];
  });
}

let reads = 0;
const content = {
  async *load(entries: readonly Entry[]) {
    for (const { id } of entries) {
      reads += 1;
      yield [id, blobs.get(id) as Uint8Array] as const;
    }
  },
};

const merge = (base: Files, ours: Files, theirs: Files) =>
  trialMerge(changesBetween(base, ours), changesBetween(base, theirs), content);

/** Everything that would stand after a merge without conflicts, `mode id` by path. */
function treeOf(ours: Files, { files }: TrialMerge): Record<string, string> {
  const tree = new Map(Object.entries(ours).map(([path, file]) => [path, entryOf(path, file)] as const));
  const rows = new Map([...tree].map(([path, { mode, id }]) => [path, `${mode} ${id}`]));
  for (const [path, file] of files) {
    if (file === null) rows.delete(path);
    else rows.set(path, `${file.mode} ${"id" in file ? file.id : objectId("blob", file.bytes, "0".repeat(40))}`);
  }
  return Object.fromEntries([...rows].sort());
}

/** Numbers that are the same in every run. */
function random(seed: number) {
  let state = seed;
  return (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

let fresh = 0;
/** A few edits as people make them: lines changed, inserted, removed; files added, deleted, moved, made executable. */
function edited(files: Files, pick: (most: number) => number, moves: boolean): Files {
  const next: Record<string, Files[string]> = { ...files };
  for (let count = 1 + pick(3); count > 0; count -= 1) {
    const paths = Object.keys(next);
    const path = paths[pick(paths.length)] as string;
    const file = next[path] as Files[string];
    const { mode, text } = typeof file === "string" ? { mode: "100644", text: file } : file;
    const lines = text.split(/(?<=\n)/);
    const at = pick(lines.length + 1);
    fresh += 1;
    const what = pick(moves ? 12 : 11);
    if (what < 4) lines[Math.min(at, lines.length - 1)] = `edited ${fresh}\n`;
    else if (what < 6) lines.splice(at, 0, `inserted ${fresh}\n`);
    else if (what < 8) lines.splice(at, 1 + pick(2));
    if (what < 8) next[path] = { mode, text: lines.join("") };
    if (what === 8) next[`new/${pick(4)}.md`] = lineBlock(`added ${pick(2) === 0 ? fresh : "same"}`);
    if (what === 9 && paths.length > 2) delete next[path];
    if (what === 10) next[path] = { mode: mode === "100644" ? "100755" : "100644", text };
    if (what === 11) {
      delete next[path];
      next[`moved/${path.replaceAll("/", "-")}${pick(3) === 0 ? fresh : ""}`] = file;
    }
  }
  return next;
}

function lineBlock(name: string, count = 12): string {
  return Array.from({ length: count }, (_, line) => `${name}: line ${line}\n`).join("");
}

let folder = "";
const git = (args: readonly string[], input?: string): string =>
  execFileSync("git", ["-C", folder, ...args], {
    encoding: "latin1",
    ...(input === undefined ? {} : { input: Buffer.from(input, "latin1") }),
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-merge-"));
  git(["init", "-q", "."]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function commitLines(name: string, mark: number, files: Files, parent: number | null): string {
  const rows = Object.entries(files).map(([path, file]) => {
    const { mode, text } = typeof file === "string" ? { mode: "100644", text: file } : file;
    return `M ${mode} inline ${path}\ndata ${text.length}\n${text}\n`;
  });
  const from = parent === null ? "" : `from :${parent}\n`;
  return `reset refs/heads/${name}\ncommit refs/heads/${name}\nmark :${mark}\ncommitter A <a@b.c> ${1_700_000_000 + mark} +0000\ndata 1\nx\n${from}deleteall\n${rows.join("")}\n`;
}

interface Story {
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
}

/** What git makes of it: whether it conflicts, and the tree. */
function byGit(name: string): { readonly clean: boolean; readonly tree: Record<string, string> } {
  const args = ["-c", "merge.directoryRenames=false", "merge-tree", "--write-tree", `${name}-ours`, `${name}-theirs`];
  let clean = true;
  let said = "";
  try {
    said = git(args);
  } catch (fault) {
    clean = false;
    said = String((fault as { stdout: string }).stdout);
  }
  const [id = ""] = said.split("\n");
  const rows = git(["ls-tree", "-r", "-z", id]).split("\0").filter(Boolean);
  const tree = rows.map((row) => {
    const [meta = "", path = ""] = row.split("\t");
    const [mode, , blob] = meta.split(" ");
    return [path, `${mode} ${blob}`] as const;
  });
  return { clean, tree: Object.fromEntries(tree.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function written(stories: readonly Story[], prefix: string): void {
  const parts = stories.map(({ base, ours, theirs }, at) => {
    const mark = 1 + at * 3;
    return [
      commitLines(`${prefix}${at}-base`, mark, base, null),
      commitLines(`${prefix}${at}-ours`, mark + 1, ours, mark),
      commitLines(`${prefix}${at}-theirs`, mark + 2, theirs, mark),
    ].join("");
  });
  git(["fast-import", "--quiet", "--force"], parts.join(""));
}

function storiesOf(count: number, seed: number, moves: boolean, line: (name: string) => string): Story[] {
  return Array.from({ length: count }, (_, at) => {
    const pick = random(seed + at * 7_919);
    const base: Files = Object.fromEntries(
      ["a.md", "b/c.md", "b/d.py", "e.yaml"].map((path) => [path, line(`${path} ${at}`)]),
    );
    return { base, ours: edited(base, pick, moves), theirs: edited(base, pick, moves) };
  });
}

/** Compares with git; gives how many of the stories go by themselves, and where the two are of different minds. */
async function compared(stories: readonly Story[], prefix: string) {
  written(stories, prefix);
  let clean = 0;
  const different: { readonly at: number; readonly git: boolean; readonly trial: TrialMerge["conflicts"] }[] = [];
  for (const [at, { base, ours, theirs }] of stories.entries()) {
    const git = byGit(`${prefix}${at}`);
    const trial = await merge(base, ours, theirs);
    const same = (trial.conflicts.length === 0) === git.clean;
    if (!same) different.push({ at, git: git.clean, trial: trial.conflicts });
    if (git.clean) clean += 1;
    if (same && git.clean) expect({ at, tree: treeOf(ours, trial) }).toEqual({ at, tree: git.tree });
  }
  return { clean, different };
}

describe("a trial merge over blobs", () => {
  it("comes to what git comes to, on 400 random histories with files that come, go and move", async () => {
    const { clean, different } = await compared(storiesOf(400, 11, true, lineBlock), "s");
    expect(different).toEqual([]);
    // Neither of the two is rare, or the comparison would say little.
    expect(clean).toBeGreaterThan(100);
    expect(clean).toBeLessThan(340);
  });

  it("never goes by itself where git would not, on 120 random histories of texts that repeat themselves", async () => {
    const repeating = () => "a\nb\n\na\n\nb\na\n\n}\n\n}\n\n";
    const { clean, different } = await compared(storiesOf(120, 5, false, repeating), "r");
    expect(different.filter(({ git }) => !git)).toEqual([]);
    expect(different.length).toBeLessThan(5);
    expect(clean).toBeGreaterThan(50);
  });

  it("says of a revert what `git revert` says, on 40 histories", async () => {
    const as = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "merge.directoryRenames=false"];
    const seen = { clean: 0, conflicts: 0 };
    for (const [number, { base: before, ours: change }] of storiesOf(40, 29, true, lineBlock).entries()) {
      const since = edited(change, random(number * 7_919 + 3), true);
      const steps = [before, change, since].map((files, step) =>
        commitLines(`w${number}-${step}`, step + 1, files, step === 0 ? null : step),
      );
      git(["fast-import", "--quiet", "--force"], steps.join(""));
      git(["checkout", "-q", "-f", "--detach", `w${number}-2`]);
      let clean = true;
      try {
        git([...as, "revert", "--no-edit", `w${number}-1`]);
      } catch {
        // It also refuses what would change nothing any more, which is no conflict.
        clean = git(["ls-files", "-u"]) === "";
      }
      git(["reset", "-q", "--hard"]);
      const trial = await trialMerge(changesBetween(change, since), reversed(changesBetween(before, change)), content);
      expect({ number, clean: trial.conflicts.length === 0 }).toEqual({ number, clean });
      seen[clean ? "clean" : "conflicts"] += 1;
    }
    expect(seen.clean).toBeGreaterThan(5);
    expect(seen.conflicts).toBeGreaterThan(5);
  });

  const text = lineBlock("text");
  const whys = async (base: Files, ours: Files, theirs: Files) =>
    (await merge(base, ours, theirs)).conflicts.map(({ path, why }) => `${path}: ${why}`);
  const conflicting: readonly (readonly [string, Files, Files, Files, readonly string[]])[] = [
    [
      "the same line",
      { a: text },
      { a: text.replace("line 3", "x") },
      { a: text.replace("line 3", "y") },
      ["a: content"],
    ],
    [
      "lines that touch",
      { a: text },
      { a: text.replace("line 3", "x") },
      { a: text.replace("line 4", "y") },
      ["a: content"],
    ],
    ["deleted and changed", { a: text }, {}, { a: text.replace("line 3", "y") }, ["a: deleted"]],
    ["added twice", {}, { a: "one\n" }, { a: "two\n" }, ["a: content"]],
    ["bytes that are no text", { a: "\0a" }, { a: "\0b" }, { a: "\0c" }, ["a: binary"]],
    [
      "a link on one side",
      { a: text },
      { a: { mode: "120000", text: "b" } },
      { a: text.replace("line 3", "y") },
      ["a: kind"],
    ],
    [
      "links to two places",
      { a: { mode: "120000", text: "x" } },
      { a: { mode: "120000", text: "y" } },
      { a: { mode: "120000", text: "z" } },
      ["a: kind"],
    ],
    ["a file where a folder is", {}, { a: "one\n" }, { "a/b": "two\n" }, ["a: kind"]],
    ["moved to two places", { a: text }, { b: text }, { c: text }, ["a: moved"]],
    ["moved and gone", { a: text }, { b: `${text}more\n` }, {}, ["a: moved"]],
    ["other modes for one new file", {}, { a: text }, { a: { mode: "100755", text } }, ["a: mode"]],
    [
      "texts that are too much",
      { a: "x\n".repeat(9_000) },
      { a: `y\n${"x\n".repeat(8_000)}z\n` },
      { a: `z\n${"x\n".repeat(8_500)}y\n` },
      ["a: too-large"],
    ],
  ];
  it.each(conflicting)("does not go by itself: %s", async (_, base, ours, theirs, expected) => {
    expect(await whys(base, ours, theirs)).toEqual(expected);
    expect(await whys(base, theirs, ours)).toEqual(expected);
  });

  it("reads nothing where ids tell, and of what both sides changed no more than its three texts", async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`${at}.md`, lineBlock(`${at}`)] as const));
    const change = (path: string, by: string, all: Files = files): Files => ({ ...all, [path]: `${all[path]}${by}\n` });
    reads = 0;
    await merge(files, change("1.md", "x"), change("2.md", "y"));
    expect(reads).toBe(0);
    await merge(files, change("1.md", "x"), change("1.md", "y", change("2.md", "y")));
    expect(reads).toBe(3);
  });

  it("takes a change back exactly where nothing moved since, without reading", async () => {
    const change = changesBetween({ a: text, b: "gone\n" }, { a: text.replace("line 3", "x"), c: "new\n" });
    reads = 0;
    const { conflicts, files } = await trialMerge([], reversed(change), content);
    expect([conflicts, reads]).toEqual([[], 0]);
    expect([...files.keys()].sort()).toEqual(["a", "b", "c"]);
    expect(files.get("c")).toBeNull();
    expect(files.get("a")).toMatchObject({ id: entryOf("a", text).id });
  });

  it("P41 ends soon whatever the text", () => {
    const lines = (count: number, kinds: number) => Array.from({ length: count }, (_, at) => `${(at * 7) % kinds}\n`);
    for (const kinds of [1, 2, 3, 50, 1e9])
      for (const count of [500, 5_000, 50_000]) {
        const [o, a, b] = [0, 1, 2].map((side) =>
          Buffer.from([`${side}s`, ...lines(count + side, kinds), `${side}e`].join("")),
        );
        const start = performance.now();
        mergedText(o as Buffer, a as Buffer, b as Buffer);
        expect(performance.now() - start).toBeLessThan(5_000);
      }
  });
});
