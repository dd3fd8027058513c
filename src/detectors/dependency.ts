import type { FileSide } from "../core/detector.ts";
import { installedIn, isInstallScript } from "./dependency-install.ts";
import { lineManifestOf } from "./dependency-line.ts";
import { lockedIn } from "./dependency-lock.ts";
import { treeManifestOf } from "./dependency-tree.ts";
import type { Ecosystem } from "./provider-catalogue.ts";

/** A package that a manifest asks for, in its ecosystem's spelling. */
export interface Dependency {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** The version or range as written, without blanks; empty for any. */
  readonly version: string;
  readonly line: number;
}

/** What a file says about packages: as a manifest that people write, or as a lock file that a tool writes. */
export interface Dependencies {
  readonly locked: boolean;
  readonly all: readonly Dependency[];
}

const LOCK =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|poetry\.lock|uv\.lock|pdm\.lock|pylock[^/]*\.toml|Pipfile\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|gems\.locked|composer\.lock|packages\.lock\.json|gradle\.lockfile|pubspec\.lock|mix\.lock)$/i;

/** Whether a path is a manifest, a lock file or a script that installs packages. */
export function namesPackages(path: string): boolean {
  return LOCK.test(path) || lineManifestOf(path) !== null || treeManifestOf(path) !== null || isInstallScript(path);
}

/** The packages that a file asks for, in file order. */
export function dependenciesIn(file: FileSide): Dependencies {
  if (LOCK.test(file.path)) return { locked: true, all: lockedIn(file) };
  const read =
    lineManifestOf(file.path) ?? treeManifestOf(file.path) ?? (isInstallScript(file.path) ? installedIn : null);
  return { locked: false, all: read ? read(file) : [] };
}
