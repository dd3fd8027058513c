import type { Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import {
  bunLine,
  denoLine,
  goSumLine,
  gradleLine,
  jsonLine,
  type LockScan,
  npmName,
  pnpmLine,
  rubyLine,
  tomlLine,
  yarnLine,
} from "./lock-line.ts";
import type { Reader, Reading } from "./reader.ts";

interface LockFormat {
  readonly names: RegExp;
  /** A scan with fresh state for one file. */
  readonly scan: () => LockScan;
}

const FORMATS: readonly LockFormat[] = [
  { names: /^(?:package-lock|npm-shrinkwrap)\.json$/, scan: () => jsonLine("version", npmName) },
  { names: /^pipfile\.lock$/, scan: () => jsonLine("version", (key) => key) },
  { names: /^packages(?:\..{1,100})?\.lock\.json$/, scan: () => jsonLine("resolved", (key) => key) },
  { names: /^composer\.lock$/, scan: () => jsonLine("version", null) },
  { names: /^(?:poetry|uv|pdm|cargo)\.lock$|^pylock(?:\..{1,100})?\.toml$/, scan: tomlLine },
  { names: /^yarn\.lock$/, scan: yarnLine },
  { names: /^pnpm-lock\.ya?ml$/, scan: pnpmLine },
  { names: /^go\.(?:work\.)?sum$/, scan: () => goSumLine },
  { names: /^(?:gemfile|.{1,100}\.gemfile)\.lock$|^gems\.locked$/, scan: () => rubyLine },
  { names: /^(?:.{1,100}\.)?lockfile$/, scan: () => gradleLine },
  { names: /^bun\.lock$/, scan: () => bunLine },
  { names: /^deno\.lock$/, scan: () => denoLine },
];

/** Lock files: the version of each package by its name, scanned line by line as their tools write them, never parsed. */
export const lockFileReader: Reader = {
  name: "lock-file",
  anyLength: true,
  reads: (path) => formatOf(path) !== undefined,
  read: readLockFile,
};

function formatOf(path: string): LockFormat | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return FORMATS.find((format) => format.names.test(name));
}

function readLockFile(text: string, path: string): Reading {
  const literals: Literal[] = [];
  const scan = formatOf(path)?.scan();
  let line = 0;
  for (let at = 0; scan && at < text.length && !isFull({ literals, comments: [] }); ) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    line += 1;
    if (end > at) {
      scan(text.slice(at, end), (name, version) => {
        literals.push({ path: [name], value: version, kind: "string", line });
      });
    }
    at = end + 1;
  }
  return { literals, comments: [], parsed: !isFull({ literals, comments: [] }) };
}
