import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { CommandIo } from "../../src/commands/command-io.ts";

/** A real git repository in a temporary folder, removed when the test ends. */
export interface TestRepository {
  readonly directory: string;
  git(...args: string[]): string;
  /** Writes files (null removes one) and commits; returns the commit's id. */
  commit(files: Readonly<Record<string, string | Buffer | null>>, author?: string): string;
}

const IDENTITY = {
  GIT_AUTHOR_DATE: "2026-11-20T10:00:00Z",
  GIT_COMMITTER_DATE: "2026-11-20T10:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** Makes an empty repository whose first branch is `main`. */
export function testRepository(...init: string[]): TestRepository {
  const directory = mkdtempSync(join(tmpdir(), "countersign-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", directory, ...args], {
      encoding: "utf8",
      env: { ...process.env, ...IDENTITY },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "--quiet", "--initial-branch=main", ...init);
  return {
    directory,
    git,
    commit(files, author = "Anna <1+anna@users.noreply.github.com>") {
      for (const [path, content] of Object.entries(files)) {
        const full = join(directory, path);
        if (content === null) rmSync(full);
        else {
          mkdirSync(dirname(full), { recursive: true });
          writeFileSync(full, content);
        }
      }
      git("add", "--all");
      const [, name, email] = /^(.*) <(.*)>$/.exec(author) ?? [];
      git(
        "-c",
        `user.name=${name}`,
        "-c",
        `user.email=${email}`,
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        "change",
      );
      return git("rev-parse", "HEAD");
    },
  };
}

/** What a command wrote, and the io that collects it. */
export function recorded(files: Readonly<Record<string, string>> = {}): {
  io: CommandIo;
  out: () => string;
  err: () => string;
} {
  let out = "";
  let err = "";
  const io: CommandIo = {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    readFile: async (path) => (files[path] === undefined ? readFile(path) : Buffer.from(files[path])),
    color: false,
    progress: false,
    now: () => "2026-11-24T12:00:00.000Z",
  };
  return { io, out: () => out, err: () => err };
}
