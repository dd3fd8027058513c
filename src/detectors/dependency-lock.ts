import type { FileSide } from "../core/detector.ts";
import type { Dependency } from "./dependency.ts";
import type { Ecosystem } from "./provider-catalogue.ts";

const LONGEST_LINE = 600;
/** How far below its name a package's version stands. */
const NEAR = 3;

interface LockFormat {
  readonly names: RegExp;
  readonly ecosystem: Ecosystem;
  /** A line with a name (group 1) and perhaps its version (group 2). */
  readonly entry: RegExp;
  /** A line after it with the version, where the entry has none. */
  readonly version?: RegExp;
}

const JSON_VERSION = /^\s{0,20}"version":\s{0,5}"([^"]{1,100})"/;
const TOML_NAME = /^name = "([^"]{1,100})"/;
const TOML_VERSION = /^version = "([^"]{1,100})"/;
const FORMATS: readonly LockFormat[] = [
  {
    names: /package-lock\.json$|shrinkwrap\.json$/,
    ecosystem: "npm",
    entry: /^\s{0,20}"(?:[^"]{0,300}node_modules\/)?(@?[\w./-]{1,120})":\s{0,5}\{/,
    version: JSON_VERSION,
  },
  {
    names: /yarn\.lock$/,
    ecosystem: "npm",
    entry: /^"?(@?[\w./-]{1,120})@/,
    version: /^\s{1,8}"?version"?:?\s{1,4}"?([\w.+-]{1,60})/,
  },
  {
    names: /pnpm-lock\.yaml$/,
    ecosystem: "npm",
    entry: /^\s{2}['"]?\/?(@?[\w.-]{1,80}(?:\/[\w.-]{1,80})?)[@/](\d[\w.+-]{0,60})/,
  },
  { names: /bun\.lock$/, ecosystem: "npm", entry: /^\s{4}"[^"]{1,200}":\s\["(@?[\w./-]{1,120})@([\w.+-]{1,60})"/ },
  { names: /deno\.lock$/, ecosystem: "npm", entry: /^\s{4}"(@?[\w./-]{1,120})@(\d[\w.+-]{0,60})/ },
  { names: /(?:poetry|uv|pdm)\.lock$|pylock[^/]*\.toml$/, ecosystem: "pypi", entry: TOML_NAME, version: TOML_VERSION },
  {
    names: /Pipfile\.lock$/,
    ecosystem: "pypi",
    entry: /^\s{8}"([\w.-]{1,100})":\s\{/,
    version: /^\s{12}"version":\s"==([^"]{1,60})"/,
  },
  { names: /Cargo\.lock$/, ecosystem: "cargo", entry: TOML_NAME, version: TOML_VERSION },
  { names: /go\.sum$/, ecosystem: "go", entry: /^([\w./-]{1,200})\s(v[^\s/]{1,100})\sh1:/ },
  { names: /(?:Gemfile\.lock|gems\.locked)$/, ecosystem: "gem", entry: /^\s{4}([\w.-]{1,100})\s\(([^)]{1,60})\)/ },
  { names: /composer\.lock$/, ecosystem: "packagist", entry: /^\s{12}"name":\s"([^"]{1,120})"/, version: JSON_VERSION },
  {
    names: /packages\.lock\.json$/,
    ecosystem: "nuget",
    entry: /^\s{6}"([\w.-]{1,120})":\s\{/,
    version: /^\s{8}"resolved":\s"([^"]{1,60})"/,
  },
  { names: /gradle\.lockfile$/, ecosystem: "maven", entry: /^([\w.-]{3,100}:[\w.-]{2,100}):([^=]{1,60})=/ },
  {
    names: /pubspec\.lock$/,
    ecosystem: "pub",
    entry: /^\s{2}(\w{1,80}):$/,
    version: /^\s{4}version:\s"?([^"\s]{1,60})/,
  },
  { names: /mix\.lock$/, ecosystem: "hex", entry: /^\s{2}"(\w{1,80})":\s\{:hex,\s:\w{1,80},\s"([^"]{1,60})"/ },
];

/** The packages of a lock file, by lines: such files are too large to parse for what is asked of them. */
export function lockedIn(file: FileSide): readonly Dependency[] {
  const format = FORMATS.find(({ names }) => names.test(file.path));
  if (!format) return [];
  const found: Dependency[] = [];
  let open: { readonly name: string; readonly line: number } | null = null;
  let number = 0;
  for (const line of file.text.split("\n")) {
    number += 1;
    if (line.length > LONGEST_LINE) continue;
    if (open && format.version) {
      const version = format.version.exec(line)?.[1];
      if (version !== undefined) found.push({ ecosystem: format.ecosystem, ...open, version });
      if (version !== undefined || number - open.line > NEAR) open = null;
    }
    const [, name, version] = format.entry.exec(line) ?? [];
    if (name === undefined) continue;
    if (version !== undefined) found.push({ ecosystem: format.ecosystem, name, version, line: number });
    else if (format.version) open = { name, line: number };
  }
  return found;
}
