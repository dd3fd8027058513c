import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Change } from "../src/core/change-set.ts";
import { openRepository, type Repository } from "../src/git.ts";
import { type TestRepository, testRepository } from "./commands/repository.ts";

async function opened(directory: string): Promise<Repository> {
  const repository = await openRepository(directory);
  onTestFinished(() => repository.close());
  return repository;
}

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "countersign-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function changes(from: TestRepository | string, base: string, head: string): Promise<readonly Change[]> {
  const repository = await opened(typeof from === "string" ? from : from.directory);
  return (await repository.changeSet({ base, head })).changes;
}

async function contents(repository: Repository, list: readonly Change[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const entries = list.flatMap((change) => (change.after ? [change.after] : []));
  for await (const [id, bytes] of repository.load(entries))
    for (const entry of entries) if (entry.id === id) texts[entry.path] = Buffer.from(bytes).toString();
  return texts;
}

const shown = (list: readonly Change[]) =>
  list.map(({ before, after }) => `${before?.mode ?? "-"} ${after?.mode ?? "-"} ${(after ?? before)?.path}`);

describe("a change set", () => {
  it.each([
    ["sha1", 40],
    ["sha256", 64],
  ])("of a %s repository is everything between merge base and head, with full ids", async (format, length) => {
    const repo = testRepository(`--object-format=${format}`);
    const start = repo.commit({ "a.txt": "1", "gone.txt": "x", "same.txt": "s" });
    repo.git("checkout", "-q", "-b", "feature");
    const head = repo.commit({ "a.txt": "2", "gone.txt": null, "new/b.txt": "n" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "main-only.txt": "m" });
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: "main", head: "feature" });
    expect(set.base).toBe(start);
    expect(set.head).toBe(head);
    expect(head).toHaveLength(length);
    expect(shown(set.changes)).toEqual(["100644 100644 a.txt", "100644 - gone.txt", "- 100644 new/b.txt"]);
    const hash = createHash(format).update("blob 1\u00002").digest("hex");
    expect(set.changes[0]?.after?.id).toBe(hash);
    expect(await contents(repository, set.changes)).toEqual({ "a.txt": "2", "new/b.txt": "n" });
    expect((await repository.blobAt(head, "new/b.txt"))?.bytes.toString()).toBe("n");
    expect(await repository.blobAt(head, "new")).toBeNull();
    expect(await repository.blobAt(head, "new/b.txt/c")).toBeNull();
    expect(await repository.blobAt(start, "new/b.txt")).toBeNull();
  });

  it("is the same from a bare clone, from a linked work tree and from a folder inside", async () => {
    const repo = testRepository();
    const start = repo.commit({ "sub/a.txt": "1" });
    const head = repo.commit({ "sub/a.txt": "2" });
    const bare = join(folder(), "bare.git");
    repo.git("clone", "-q", "--bare", repo.directory, bare);
    const linked = join(folder(), "linked");
    repo.git("worktree", "add", "-q", "--detach", linked, head);
    const expected = ["100644 100644 sub/a.txt"];
    for (const place of [bare, linked, join(repo.directory, "sub"), join(repo.directory, ".git")])
      expect(shown(await changes(place, start, head))).toEqual(expected);
    expect((await opened(bare)).bare).toBe(true);
    await expect(changes(bare, start, "worktree")).rejects.toThrow(
      "a bare repository has no working tree and no index; name what is to be merged with --head REV",
    );
    writeFileSync(join(linked, "sub/b.txt"), "new");
    expect(shown(await changes(join(linked, "sub"), head, "worktree"))).toEqual(["- 100644 sub/b.txt"]);
  });

  it("sees modes, links, submodules, pointers and binary content as git does", async () => {
    const repo = testRepository();
    const start = repo.commit({
      "run.sh": "#!/bin/sh\n",
      link: "target.txt",
      "blob.bin": Buffer.of(0, 1, 2),
      "w.bin": "p",
    });
    repo.git("update-index", "--chmod=+x", "run.sh");
    rmSync(join(repo.directory, "link"));
    symlinkSync("target.txt", join(repo.directory, "link"));
    chmodSync(join(repo.directory, "run.sh"), 0o755);
    repo.git("update-index", "--add", "--cacheinfo", `160000,${start},vendor/module`);
    writeFileSync(join(repo.directory, "blob.bin"), Buffer.of(0, 1, 3));
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
    writeFileSync(join(repo.directory, "w.bin"), pointer);
    repo.git("add", "link", "run.sh", "blob.bin", "w.bin");
    repo.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "kinds");
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: start, head: "HEAD" });
    expect(shown(set.changes)).toEqual([
      "100644 100644 blob.bin",
      "100644 120000 link",
      "100644 100755 run.sh",
      "- 160000 vendor/module",
      "100644 100644 w.bin",
    ]);
    const run = set.changes[2];
    expect(run?.before?.id).toBe(run?.after?.id);
    expect(set.changes[3]?.after?.id).toBe(start);
    const texts = await contents(repository, set.changes);
    expect(texts.link).toBe("target.txt");
    expect(texts["w.bin"]).toBe(pointer);
    expect(texts["vendor/module"]).toBeUndefined();
    expect(await repository.blobAt("HEAD", "vendor/module")).toBeNull();
    expect((await repository.blobAt("HEAD", "link"))?.entry.mode).toBe("120000");
  });

  it("keeps a rename as one file gone and one come, with one blob id, so that a copy hides nothing", async () => {
    const repo = testRepository();
    const start = repo.commit({ "old.md": "text\n".repeat(50) });
    repo.git("mv", "old.md", "new.md");
    const head = repo.commit({});
    const list = await changes(repo, start, head);
    expect(shown(list)).toEqual(["- 100644 new.md", "100644 - old.md"]);
    expect(list[0]?.after?.id).toBe(list[1]?.before?.id);
  });

  it("keeps names of any bytes apart and readable", async () => {
    const repo = testRepository();
    const start = repo.commit({});
    const name = (...bytes: number[]) => Buffer.concat([Buffer.from(`${repo.directory}/`), Buffer.of(...bytes)]);
    writeFileSync(name(0x63, 0xe9), "latin-1");
    writeFileSync(name(0x63, 0xc3, 0xa9), "utf-8");
    writeFileSync(name(0x63, 0xef, 0xbf, 0xbd), "replacement");
    writeFileSync(name(0x63, 0xef, 0xbf, 0xbd, 0x45, 0x39), "replacement and digits");
    writeFileSync(join(repo.directory, "new\nline"), "newline");
    writeFileSync(join(repo.directory, 'quo"te\\back\ttab'), "quote");
    const pending = await changes(repo, start, "worktree");
    const head = repo.commit({});
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: start, head });
    const texts = await contents(repository, set.changes);
    expect(texts).toEqual({
      "c\ufffdE9": "latin-1",
      cé: "utf-8",
      "c\ufffdEF\ufffdBF\ufffdBD": "replacement",
      "c\ufffdEF\ufffdBF\ufffdBDE9": "replacement and digits",
      "new\nline": "newline",
      'quo"te\\back\ttab': "quote",
    });
    expect(pending).toEqual(set.changes);
    for (const [path, text] of Object.entries(texts))
      expect((await repository.blobAt(head, path))?.bytes.toString(), path).toBe(text);
    expect([...((await repository.changedPaths([{ id: head, parents: [start] }])).get(head) ?? [])].sort()).toEqual(
      Object.keys(texts).sort(),
    );
  });
});

describe("a merge base", () => {
  it("is the newest common commit when main was merged meanwhile", async () => {
    const repo = testRepository();
    repo.commit({ "a.txt": "1" });
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit({ "f.txt": "f" });
    repo.git("checkout", "-q", "main");
    const merged = repo.commit({ "m.txt": "m" });
    repo.git("checkout", "-q", "feature");
    repo.git("-c", "user.name=a", "-c", "user.email=a@b", "merge", "-q", "--no-edit", "main");
    repo.git("checkout", "-q", "main");
    repo.commit({ "later.txt": "l" });
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: "main", head: "feature" });
    expect(set.base).toBe(merged);
    expect(shown(set.changes)).toEqual(["- 100644 f.txt"]);
  });

  it("of criss-cross merges hides nothing that undoes what the base got through the other one", async () => {
    const repo = testRepository();
    repo.commit({ "prompt.md": "old", "b.txt": "b" });
    repo.git("checkout", "-q", "-b", "feature");
    const one = repo.commit({ "f.txt": "f" });
    repo.git("checkout", "-q", "main");
    const two = repo.commit({ "prompt.md": "guarded" });
    const merge = (...args: string[]) =>
      repo.git("-c", "user.name=a", "-c", "user.email=a@b", "merge", "-q", "--no-ff", "--no-edit", ...args);
    merge(one);
    repo.git("checkout", "-q", "feature");
    merge("-s", "ours", two);
    const repository = await opened(repo.directory);
    const bases = repo.git("merge-base", "--all", "main", "feature").split("\n");
    expect(new Set(bases)).toEqual(new Set([one, two]));
    const set = await repository.changeSet({ base: "main", head: "feature" });
    const paths = shown(set.changes);
    expect(paths).toContain("100644 100644 prompt.md");
    expect(await contents(repository, set.changes)).toMatchObject({ "prompt.md": "old" });
  });

  it("that does not exist is said, with what to do", async () => {
    const repo = testRepository();
    const start = repo.commit({ "a.txt": "1" });
    repo.git("checkout", "-q", "--orphan", "island");
    const island = repo.commit({ "b.txt": "1" });
    await expect(changes(repo, start, island)).rejects.toThrow(
      /have no common history, so there is no merge base.*--base REV/,
    );
  });

  it("is not guessed in a shallow clone whose history is cut off, and is found where it is whole", async () => {
    const repo = testRepository();
    repo.commit({ "a.txt": "1" });
    repo.commit({ "a.txt": "2" });
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit({ "f.txt": "1" });
    repo.commit({ "f.txt": "2" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "m.txt": "1" });
    const clone = (depth: number) => {
      const directory = folder();
      execFileSync("git", [
        "clone",
        "-q",
        "--no-single-branch",
        `--depth=${depth}`,
        `file://${repo.directory}`,
        directory,
      ]);
      return directory;
    };
    await expect(changes(clone(1), "origin/main", "origin/feature")).rejects.toThrow(/shallow.*git fetch --unshallow/);
    await expect(changes(clone(2), "origin/main", "origin/feature")).rejects.toThrow(/shallow.*git fetch --unshallow/);
    expect(shown(await changes(clone(4), "origin/main", "origin/feature"))).toEqual(["- 100644 f.txt"]);
    await expect(changes(clone(1), "HEAD~1", "HEAD")).rejects.toThrow(/"HEAD~1" is not known; this clone is shallow/);
  });
});

describe("what is not committed yet", () => {
  function pending() {
    const repo = testRepository();
    const start = repo.commit({
      ".gitignore": "*.log\n",
      "both.txt": "0",
      "staged.txt": "0",
      "work.txt": "0",
      "gone.txt": "0",
      "kept.txt": "k",
    });
    const write = (path: string, text: string) => writeFileSync(join(repo.directory, path), text);
    write("both.txt", "1");
    write("staged.txt", "1");
    repo.git("add", "both.txt", "staged.txt");
    write("both.txt", "2");
    write("work.txt", "1");
    write("untracked.txt", "new");
    write("noise.log", "ignored");
    rmSync(join(repo.directory, "gone.txt"));
    return { repo, start };
  }

  it("is the index when staged, and everything but ignored files otherwise", async () => {
    const { repo, start } = pending();
    const repository = await opened(repo.directory);
    const staged = await repository.changeSet({ base: start, head: "index" });
    expect([staged.base, staged.head]).toEqual([start, "index"]);
    expect(await contents(repository, staged.changes)).toEqual({ "both.txt": "1", "staged.txt": "1" });
    const work = await repository.changeSet({ base: start, head: "worktree" });
    expect(shown(work.changes)).toEqual([
      "100644 100644 both.txt",
      "100644 - gone.txt",
      "100644 100644 staged.txt",
      "- 100644 untracked.txt",
      "100644 100644 work.txt",
    ]);
    expect(await contents(repository, work.changes)).toEqual({
      "both.txt": "2",
      "staged.txt": "1",
      "untracked.txt": "new",
      "work.txt": "1",
    });
    expect((await repository.blobAt("index", "both.txt"))?.bytes.toString()).toBe("1");
    expect((await repository.blobAt("worktree", "both.txt"))?.bytes.toString()).toBe("2");
    expect(shown((await repository.changeSet({ base: start, head: "HEAD" })).changes)).toEqual([]);
  });

  it("is read without a trace in the repository", async () => {
    const { repo, start } = pending();
    const trace = () => [
      statSync(join(repo.directory, ".git/index")).mtimeMs,
      repo.git("count-objects", "-v"),
      repo.git("ls-files", "--stage"),
      readdirSync(join(repo.directory, ".git")).sort(),
    ];
    const before = trace();
    const temporary = () => readdirSync(tmpdir()).filter((name) => /^countersign-[^t]/.test(name)).length;
    const folders = temporary();
    const repository = await openRepository(repo.directory);
    await repository.changeSet({ base: start, head: "worktree" });
    await repository.changeSet({ base: start, head: "index" });
    await repository.close();
    expect(trace()).toEqual(before);
    expect(temporary()).toBeLessThanOrEqual(folders);
  });

  it("has links as links, the executable bit, and submodules where they stand", async () => {
    const repo = testRepository();
    const inner = testRepository();
    const first = inner.commit({ "x.txt": "1" });
    const start = repo.commit({ "a.txt": "a", "run.sh": "#!/bin/sh\n", "other.txt": "o" });
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.directory, "sub");
    const head = repo.commit({});
    rmSync(join(repo.directory, "a.txt"));
    symlinkSync("other.txt", join(repo.directory, "a.txt"));
    chmodSync(join(repo.directory, "run.sh"), 0o755);
    execFileSync("git", [
      "-C",
      join(repo.directory, "sub"),
      "-c",
      "user.name=a",
      "-c",
      "user.email=a@b",
      "commit",
      "-q",
      "--allow-empty",
      "-m",
      "on",
    ]);
    const moved = execFileSync("git", ["-C", join(repo.directory, "sub"), "rev-parse", "HEAD"], {
      encoding: "utf8",
    }).trim();
    mkdirSync(join(repo.directory, "empty-nested"));
    execFileSync("git", ["init", "-q", join(repo.directory, "empty-nested")]);
    execFileSync("git", ["clone", "-q", inner.directory, join(repo.directory, "nested")]);
    const list = await changes(repo, head, "worktree");
    expect(shown(list)).toEqual([
      "100644 120000 a.txt",
      "- 160000 nested",
      "100644 100755 run.sh",
      "160000 160000 sub",
    ]);
    expect(list[1]?.after?.id).toBe(first);
    expect(list[3]?.after?.id).toBe(moved);
    expect(start).not.toBe(head);
  });

  it("has the line ends that a commit would have, and reads a file that was only touched as unchanged", async () => {
    const repo = testRepository();
    repo.git("config", "core.autocrlf", "true");
    const start = repo.commit({
      ".gitattributes": "*.bin -text\n",
      "a.txt": "one\ntwo\n",
      "b.txt": "same\n",
      "c.bin": "raw\n",
    });
    writeFileSync(join(repo.directory, "a.txt"), "one\r\nTWO\r\n");
    writeFileSync(join(repo.directory, "b.txt"), "same\r\n");
    writeFileSync(join(repo.directory, "c.bin"), "raw\r\n");
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: start, head: "worktree" });
    expect(await contents(repository, set.changes)).toEqual({ "a.txt": "one\nTWO\n", "c.bin": "raw\r\n" });
  });

  it("is seen where a file changed in the same instant as the index was written", async () => {
    const repo = testRepository();
    repo.git("config", "core.trustctime", "false");
    const start = repo.commit({ "a.txt": "0" });
    const file = join(repo.directory, "a.txt");
    const instant = new Date("2026-11-24T10:00:00Z");
    utimesSync(file, instant, instant);
    repo.git("update-index", "--refresh", "-q");
    writeFileSync(file, "1");
    utimesSync(file, instant, instant);
    utimesSync(join(repo.directory, ".git/index"), instant, instant);
    expect(shown(await changes(repo, start, "worktree"))).toEqual(["100644 100644 a.txt"]);
  });

  it("in the middle of a conflict is the files as they are, and a clear refusal for the index", async () => {
    const repo = testRepository();
    const start = repo.commit({ "a.txt": "0" });
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit({ "a.txt": "1" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "a.txt": "2" });
    expect(() => repo.git("-c", "user.name=a", "-c", "user.email=a@b", "merge", "-q", "feature")).toThrow();
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: start, head: "worktree" });
    expect((await contents(repository, set.changes))["a.txt"]).toMatch(/<<<<<<<[\s\S]*>>>>>>>/);
    await expect(repository.changeSet({ base: start, head: "index" })).rejects.toThrow(/unmerged files; resolve/);
  });

  it("is everything when nothing was added yet, and of a repository without a commit there is no base", async () => {
    const repo = testRepository();
    writeFileSync(join(repo.directory, "a.txt"), "1");
    const repository = await opened(repo.directory);
    expect(await repository.defaultBranch()).toBeNull();
    expect((await repository.blobAt("worktree", "a.txt"))?.bytes.toString()).toBe("1");
    await expect(repository.changeSet({ base: "HEAD", head: "worktree" })).rejects.toThrow(/"HEAD" is not known/);
  });

  it("of an index that a hook names is read from there", async () => {
    const repo = testRepository();
    const start = repo.commit({ "a.txt": "0" });
    const index = join(folder(), "index");
    writeFileSync(join(repo.directory, "a.txt"), "1");
    execFileSync("git", ["-C", repo.directory, "add", "a.txt"], { env: { ...process.env, GIT_INDEX_FILE: index } });
    const repository = await openRepository(repo.directory, index);
    onTestFinished(() => repository.close());
    expect(shown((await repository.changeSet({ base: start, head: "index" })).changes)).toEqual([
      "100644 100644 a.txt",
    ]);
    expect(await changes(repo, start, "index")).toEqual([]);
  });
});

describe("nothing of a repository runs", () => {
  it("neither hooks, filters, monitors, drivers nor a fetch", async () => {
    const repo = testRepository();
    const mark = join(folder(), "ran");
    const start = repo.commit({ ".gitattributes": "*.txt filter=evil diff=evil\n", "a.txt": "0" });
    const head = repo.commit({ "b.txt": "0" });
    const script = join(repo.directory, ".git/evil.sh");
    writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> ${mark}\ncat\n`, { mode: 0o755 });
    for (const [key, value] of [
      ["filter.evil.clean", script],
      ["filter.evil.smudge", script],
      ["filter.evil.process", script],
      ["filter.evil.required", "true"],
      ["diff.evil.textconv", script],
      ["diff.evil.command", script],
      ["diff.external", script],
      ["core.fsmonitor", script],
      ["core.pager", script],
      ["core.sshCommand", script],
      ["gpg.program", script],
      ["log.showSignature", "true"],
      ["core.alternateRefsCommand", script],
    ] as const)
      repo.git("config", key, value);
    const hooks = join(repo.directory, ".git/hooks");
    mkdirSync(hooks, { recursive: true });
    for (const hook of ["post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"])
      writeFileSync(join(hooks, hook), `#!/bin/sh\necho ${hook} >> ${mark}\n`, { mode: 0o755 });
    writeFileSync(join(repo.directory, "a.txt"), "1");
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: head, head: "worktree" });
    expect(await contents(repository, set.changes)).toEqual({ "a.txt": "1" });
    await repository.changeSet({ base: start, head: "index" });
    expect((await repository.changedPaths(await repository.commitsBetween(start, head))).get(head)).toEqual(["b.txt"]);
    expect(existsSync(mark)).toBe(false);
  });

  it("and objects that a partial clone leaves out are not fetched but named, with the remedy", async () => {
    const repo = testRepository();
    repo.git("config", "uploadpack.allowFilter", "true");
    const start = repo.commit({ "a.txt": "0" });
    const head = repo.commit({ "a.txt": "1" });
    const partial = join(folder(), "partial");
    execFileSync("git", ["clone", "-q", "--bare", "--filter=blob:none", `file://${repo.directory}`, partial]);
    const repository = await opened(partial);
    const set = await repository.changeSet({ base: start, head });
    await expect(contents(repository, set.changes)).rejects.toThrow(
      /this clone leaves out objects.*git fetch --refetch/,
    );
    expect(
      execFileSync("git", ["-C", partial, "rev-list", "--objects", "--missing=print", head], { encoding: "utf8" }),
    ).toContain("?");
  });

  it.each(["-x", "--upload-pack=touch x", "", "main\nHEAD", "main..HEAD", "no such", "HEAD:a.txt", "^HEAD"])(
    "and the revision %j is no option and no commit",
    async (revision) => {
      const repo = testRepository();
      repo.commit({ "a.txt": "0" });
      const repository = await opened(repo.directory);
      await expect(repository.commitId(revision)).rejects.toThrow(/is not known; name a branch, a tag or a commit/);
    },
  );

  it("and variables of git that lead elsewhere are not followed", async () => {
    const repo = testRepository();
    const start = repo.commit({ "a.txt": "0" });
    const other = testRepository();
    other.commit({ "b.txt": "0" });
    process.env.GIT_DIR = join(other.directory, ".git");
    process.env.GIT_INDEX_FILE = join(other.directory, ".git/index");
    onTestFinished(() => {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    });
    const repository = await opened(repo.directory);
    expect(await repository.commitId("HEAD")).toBe(start);
    expect((await repository.changeSet({ base: start, head: "index" })).changes).toEqual([]);
  });
});

describe("a repository", () => {
  it("that is none is said", async () => {
    await expect(openRepository(folder())).rejects.toThrow(/is not a git repository.*--repo DIR/);
    await expect(openRepository("/no/such/folder")).rejects.toThrow(/is not a git repository|git was not found/);
  });

  it("knows its default branch from the remote, the configuration, main and master", async () => {
    const repo = testRepository();
    repo.commit({ "a.txt": "0" });
    const name = async (directory: string) => (await opened(directory)).defaultBranch();
    expect(await name(repo.directory)).toBe("refs/heads/main");
    repo.git("branch", "trunk");
    repo.git("config", "init.defaultBranch", "trunk");
    expect(await name(repo.directory)).toBe("refs/heads/trunk");
    const clone = folder();
    execFileSync("git", ["clone", "-q", repo.directory, clone]);
    expect(await name(clone)).toBe("refs/remotes/origin/HEAD");
    repo.git("config", "--unset", "init.defaultBranch");
    repo.git("branch", "-m", "main", "master");
    repo.git("branch", "-D", "trunk");
    expect(await name(repo.directory)).toBe("refs/heads/master");
    repo.git("branch", "-m", "master", "other");
    expect(await name(repo.directory)).toBeNull();
  });

  it("gives large and small files whole, however slowly they are taken, and lets a reader stop early", async () => {
    const repo = testRepository();
    const start = repo.commit({});
    const files: Record<string, Buffer> = { "large.bin": Buffer.alloc(3_000_000, 7), empty: Buffer.alloc(0) };
    for (let index = 0; index < 700; index += 1) files[`small/${index}`] = Buffer.from(`${index}\n`.repeat(index));
    const head = repo.commit(files);
    const repository = await opened(repo.directory);
    const set = await repository.changeSet({ base: start, head });
    const entries = set.changes.flatMap(({ after }) => (after ? [after] : []));
    let seen = 0;
    for await (const [id, bytes] of repository.load(entries)) {
      expect(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex")).toBe(id);
      if (seen++ % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(seen).toBe(new Set(entries.map(({ id }) => id)).size);
    for await (const _ of repository.load(entries)) break;
    expect((await repository.blobAt(head, "small/3"))?.bytes.toString()).toBe("3\n3\n3\n");
  });

  it("reads commits as they are stored, with everybody who is named in them", async () => {
    const repo = testRepository();
    const start = repo.commit({
      "a.txt": "0",
      ".mailmap": "Else <else@example.com> <1+anna@users.noreply.github.com>\n",
    });
    repo.git(
      "-c",
      "user.name=Bo",
      "-c",
      "user.email=bo@example.com",
      "commit",
      "-q",
      "--allow-empty",
      "-m",
      "one\n\nCo-authored-by: Cleo <cleo@example.com>\nco-authored-by: Dan <dan@example.com>",
    );
    const head = repo.commit({ "a.txt": "1" });
    const commits = await (await opened(repo.directory)).commitsBetween(start, head);
    expect(commits.map(({ authorEmail, coAuthors }) => [authorEmail, coAuthors])).toEqual([
      ["1+anna@users.noreply.github.com", []],
      ["bo@example.com", ["cleo@example.com", "dan@example.com"]],
    ]);
    expect(commits[0]?.parents).toEqual([commits[1]?.id]);
  });

  it("knows which commit decided which paths: a merge only what it did not merely bring together", async () => {
    const repo = testRepository();
    const start = repo.commit({ "base.txt": "0", "feature.txt": "0", "both.txt": "0", "picked.txt": "0" });
    repo.git("checkout", "-q", "-b", "feature");
    repo.commit({ "feature.txt": "f", "both.txt": "f", "picked.txt": "f" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "base.txt": "m", "both.txt": "m", "picked.txt": "m" });
    repo.git("checkout", "-q", "feature");
    const identity = ["-c", "user.name=a", "-c", "user.email=a@b"];
    repo.git(...identity, "merge", "-q", "--no-commit", "-s", "ours", "main");
    // Conflicts resolved by hand: one mixed, one taken from main; the rest as a merge brings it together.
    const merge = repo.commit({ "base.txt": "m", "both.txt": "mixed", "picked.txt": "m" });
    repo.git(...identity, "checkout", "-q", "-b", "sly", "HEAD~1");
    repo.git(...identity, "merge", "-q", "-s", "ours", "-m", "sly", "main");
    const repository = await opened(repo.directory);
    const paths = async (head: string) => {
      const commits = await repository.commitsBetween(start, head);
      const decided = await repository.changedPaths(commits);
      return Object.fromEntries(
        commits.map(({ id, parents }) => [parents.length, [...(decided.get(id) ?? [])].sort()]),
      );
    };
    expect((await paths(merge))[2]).toEqual(["both.txt", "picked.txt"]);
    expect((await paths("sly"))[2]).toEqual(["base.txt", "both.txt", "picked.txt"]);
    const root = await repository.commitsBetween(start, start);
    expect(root).toEqual([]);
    expect((await repository.changedPaths([{ id: start, parents: [] }])).get(start)).toHaveLength(4);
  });
});

it("a run that is interrupted leaves nothing of the working tree behind", async () => {
  const repo = testRepository();
  repo.commit(Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${index}.txt`, `${index}\n`])));
  for (let index = 0; index < 400; index += 1) writeFileSync(join(repo.directory, `${index}.txt`), "changed\n");
  const temporary = folder();
  const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
  const child = spawn(process.execPath, [cli, "check", "--repo", repo.directory], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await expect.poll(() => readdirSync(temporary).length, { timeout: 20_000, interval: 1 }).toBe(1);
  child.kill("SIGTERM");
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(143);
  expect(readdirSync(temporary)).toEqual([]);
});
