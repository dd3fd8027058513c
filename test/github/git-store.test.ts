import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { changed } from "./git-output.ts";
import { type FileChanges, type GitStore, gitStore } from "./git-store.ts";
import { importedCommit } from "./imported-commit.ts";

const AUTHOR = { name: "A", email: "a@example.com", date: "2026-11-24T10:00:00Z" };
/** In each other's way, as files and as folders, and sorted otherwise as a folder than as a file. */
const PATHS = ["a", "a/b", "a/b/c", "a.b", "a/é", "a-", "d/e/f", "d/e", "z"];

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

const stores: GitStore[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.remove();
});
const made = (format: "sha1" | "sha256" = "sha1") => {
  const store = gitStore(format);
  stores.push(store);
  return store;
};
const git = (store: GitStore, ...args: string[]) =>
  execFileSync("git", ["-C", store.directory, ...args], { stdio: ["pipe", "pipe", "pipe"] })
    .toString()
    .trim();
const run = (store: GitStore) => (args: readonly string[], input?: string | Buffer) =>
  execFileSync("git", ["-C", store.directory, ...args], { input: input ?? "" });

const change: fc.Arbitrary<FileChanges[string]> = fc.oneof(
  fc.constantFrom("", "one\n", "two\n", Buffer.of(0, 255)),
  fc.constant(null),
  fc.constantFrom(
    { mode: "100755", data: "run" },
    { mode: "120000", data: "z" },
    { mode: "160000", data: "1".repeat(40) },
  ),
);
const files = fc.dictionary(fc.constantFrom(...PATHS), change, { maxKeys: 5 });

describe("the git objects of the loopback GitHub", () => {
  it("are those that git itself makes of the same changes", () => {
    fc.assert(
      fc.property(fc.array(files, { minLength: 1, maxLength: 4 }), (steps) => {
        const [own, theirs] = [made(), made()];
        const parents: string[] = [];
        for (const step of steps) {
          const options = { parents: parents.slice(-1), files: step, message: "m\n\nbody", author: AUTHOR };
          const id = own.commit(options);
          expect(id).toBe(importedCommit(run(theirs), options));
          parents.push(id);
        }
        expect(git(own, "fsck", "--strict", "--no-dangling")).toBe("");
        for (const [at, id] of parents.entries()) {
          const before = parents[at - 1] ?? EMPTY_TREE;
          const said = run(own)(["diff-tree", "-r", "-z", "-M", "--raw", "--no-abbrev", before, id]).toString();
          if (at > 0) expect(own.changedFiles(before, id)).toEqual(changed(said.split("\0")));
          const names = run(own)(["diff-tree", "-r", "-z", "--name-status", before, id]).toString().split("\0");
          const of = (...letters: string[]) =>
            names.filter((_, place) => letters.includes(names[place - 1] ?? "") && place % 2 === 1);
          const { added, removed, modified } = own.touched([id]).get(id) ?? {};
          expect([added, removed, modified]).toEqual([of("A"), of("D"), of("M", "T")]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each(["sha1", "sha256"] as const)(
    "%s: lines of history are found as git finds them, crossed ones too",
    (format) => {
      const store = made(format);
      const commit = (...parents: string[]) =>
        store.commit({ parents, files: { [`f${parents.join("").slice(0, 9)}${Math.random()}`]: "1" }, author: AUTHOR });
      const [root, strange] = [commit(), commit()];
      const [left, right] = [commit(root), commit(root)];
      const [one, other] = [commit(left, right), commit(right, left)];
      const tips = [root, strange, left, right, one, other, commit(one), commit(commit(other))];
      for (const a of tips)
        for (const b of tips) {
          const bases = mergeBasesBy(store, a, b);
          expect(store.mergeBase(a, b)).toBe(bases[0] ?? null);
          expect(store.isAncestor(a, b)).toBe(bases[0] === a);
          expect(store.between(a, b)).toEqual(
            git(store, "rev-list", "--reverse", "--topo-order", b, `^${a}`).split("\n").filter(Boolean),
          );
        }
    },
  );

  it("what is no commit, or nowhere, has nothing in common with anything", () => {
    const store = made();
    const id = store.commit({ parents: [], files: { a: "1" }, author: AUTHOR });
    expect(store.mergeBase(id, "f".repeat(40))).toBeNull();
    expect(store.isAncestor("f".repeat(40), id)).toBe(false);
    expect(store.type("f".repeat(40))).toBeNull();
    expect(store.type(store.read(id).tree)).toBe("tree");
  });
});

function mergeBasesBy(store: GitStore, a: string, b: string): string[] {
  try {
    return git(store, "merge-base", a, b).split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
