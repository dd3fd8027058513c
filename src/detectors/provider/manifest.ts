import type { FileSide } from "../../core/detector.ts";
import type { Dependency } from "./dependency.ts";
import { installedIn, isInstallScript } from "./dependency-install.ts";
import { lineManifestOf } from "./dependency-line.ts";
import { treeManifestOf } from "./dependency-tree.ts";
import type { Ecosystem } from "./provider-catalogue.ts";

/** What a file says about packages: as a manifest that people write, or as a lock file that a tool writes. */
export interface Dependencies {
  readonly locked: boolean;
  readonly all: readonly Dependency[];
}

const LOCKS: readonly (readonly [RegExp, Ecosystem])[] = [
  [/(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|bun\.lock|deno\.lock)$/i, "npm"],
  [/(?:^|\/)(?:(?:poetry|uv|pdm|Pipfile)\.lock|pylock(?:\.[^/]+)?\.toml)$/i, "pypi"],
  [/(?:^|\/)Cargo\.lock$/i, "cargo"],
  [/(?:^|\/)go\.(?:work\.)?sum$/i, "go"],
  [/(?:^|\/)(?:[^/]*Gemfile\.lock|gems\.locked)$/i, "gem"],
  [/(?:^|\/)composer\.lock$/i, "packagist"],
  [/(?:^|\/)packages(?:\.[^/]+)?\.lock\.json$/i, "nuget"],
  [/(?:^|\/)(?:[^/]+\.)?lockfile$/i, "maven"],
];

const ANY_LOCK = new RegExp(LOCKS.map(([names]) => names.source).join("|"), "i");

/** Whether a path is a manifest, a lock file or a script that installs packages. */
export function namesPackages(path: string): boolean {
  return ANY_LOCK.test(path) || manifestOf(path) !== null;
}

/** The packages that a file asks for, in file order. */
export function dependenciesIn(file: FileSide): Dependencies {
  const ecosystem = lockOf(file.path);
  if (ecosystem === null) return { locked: false, all: manifestOf(file.path)?.(file) ?? [] };
  const all = file.literals.map(({ path, value, line }) => ({ ecosystem, name: path[0] ?? "", version: value, line }));
  return { locked: true, all };
}

function lockOf(path: string): Ecosystem | null {
  return LOCKS.find(([names]) => names.test(path))?.[1] ?? null;
}

function manifestOf(path: string): ((file: FileSide) => readonly Dependency[]) | null {
  return lineManifestOf(path) ?? treeManifestOf(path) ?? (isInstallScript(path) ? installedIn : null);
}
