import type { FileSide, Literal } from "../../core/detector.ts";
import type { Dependency } from "./dependency.ts";
import { pythonRequirement } from "./dependency-line.ts";
import type { Ecosystem } from "./provider-catalogue.ts";

type Read = (file: FileSide) => readonly Dependency[];

/** What reads the packages of a manifest with a tree of values; null for every other path. */
export function treeManifestOf(path: string): Read | null {
  return MANIFESTS.find(({ names }) => names.test(path))?.read ?? null;
}

const MANIFESTS: readonly { readonly names: RegExp; readonly read: Read }[] = [
  {
    names:
      /(?:^|[/._-])(?:requirements?|constraints?|reqs?)(?:[._-][^/]*)?\.(?:txt|in|pip)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/i,
    read: ({ literals }) => literals.flatMap((literal) => named(literal, "pypi")),
  },
  { names: /(?:^|\/)go\.mod$/, read: goModules },
  {
    names: /(?:^|\/)(?:Gemfile|gems\.rb)$|\.gemspec$|\.gemfile$/,
    read: ({ literals }) => literals.flatMap((literal) => named(literal, "gem")),
  },
  { names: /(?:^|\/)package\.json$/, read: ({ literals }) => literals.flatMap(npm) },
  { names: /(?:^|\/)pnpm-workspace\.ya?ml$/, read: ({ literals }) => literals.flatMap(pnpmCatalog) },
  { names: /(?:^|\/)(?:deno|import_map|jsr)\.jsonc?$/, read: ({ literals }) => literals.flatMap(deno) },
  { names: /(?:^|\/)pyproject\.toml$/, read: ({ literals }) => literals.flatMap(pyproject) },
  { names: /(?:^|\/)Pipfile$/, read: ({ literals }) => literals.flatMap(pipfile) },
  { names: /(?:^|\/)(?:conda[^/]*|environment[^/]*)\.ya?ml$/, read: ({ literals }) => literals.flatMap(conda) },
  { names: /(?:^|\/)Cargo\.toml$/, read: ({ literals }) => cargo(literals) },
  { names: /\.versions\.toml$/, read: ({ literals }) => gradleCatalog(literals) },
  { names: /(?:^|\/)composer\.json$/, read: ({ literals }) => literals.flatMap(composer) },
  { names: /(?:^|\/)pubspec\.ya?ml$/, read: ({ literals }) => literals.flatMap(pubspec) },
];

const DIRECTIVES: ReadonlySet<string> = new Set(["source", "ruby", "name", "version", "required_ruby_version"]);

/** Formats whose reader gives a package as the name and its version as the value. */
function named({ path, value, line }: Literal, ecosystem: Ecosystem): readonly Dependency[] {
  const [name = ""] = path;
  return path.length === 1 && !name.startsWith("-") && !DIRECTIVES.has(name)
    ? [{ ecosystem, name, version: value, line }]
    : [];
}

/** Indirect requirements are what the tool adds: the module that needs them is the change. */
function goModules({ literals, comments }: FileSide): readonly Dependency[] {
  const indirect = new Set(comments.filter(({ text }) => text === "indirect").map(({ line }) => line));
  return literals
    .filter(({ line, value }) => !indirect.has(line) && /^v\d/.test(value))
    .flatMap((literal) => named(literal, "go"))
    .map((dependency) => ({ ...dependency, name: dependency.name.replace(/\/v\d+$/, "") }));
}

function npm({ path, value, line }: Literal): readonly Dependency[] {
  const [section = "", name = ""] = path;
  if (path.length !== 2 || !/^(?:dev|peer|optional|bundled?)?dependencies$|^resolutions$|^overrides$/i.test(section))
    return [];
  const alias = /^npm:(@?[^@]+)@?(.*)$/.exec(value);
  return alias
    ? [{ ecosystem: "npm", name: alias[1] ?? "", version: alias[2] ?? "", line }]
    : [{ ecosystem: "npm", name, version: value, line }];
}

function pnpmCatalog({ path, value, line }: Literal): readonly Dependency[] {
  const inCatalog = (path[0] === "catalog" && path.length === 2) || (path[0] === "catalogs" && path.length === 3);
  return inCatalog ? [{ ecosystem: "npm", name: path.at(-1) ?? "", version: value, line }] : [];
}

/** `"ai": "npm:openai@^4"` in the import map of Deno. */
function deno({ path, value, line }: Literal): readonly Dependency[] {
  const found = path.includes("imports") ? /^(?:npm|jsr):\/?(@?[^@]+)@?([^/]*)/.exec(value) : null;
  return found ? [{ ecosystem: "npm", name: found[1] ?? "", version: found[2] ?? "", line }] : [];
}

function pyproject({ path, value, line }: Literal): readonly Dependency[] {
  const section = path.findIndex((part) => /(?:^|-)dependencies$|^dependency-groups$/.test(part));
  if (section < 0 || path[0] === "build-system") return [];
  const below = path.length - section - 1;
  const poetry = path[0] === "tool" && path[1] === "poetry";
  if (!poetry) return /^\d+$/.test(path.at(-1) ?? "") && below <= 2 ? pythonRequirement(value, line) : [];
  const isVersion = below === 1 || (below === 2 && path.at(-1) === "version");
  return isVersion ? [{ ecosystem: "pypi", name: path[section + 1] ?? "", version: value, line }] : [];
}

function pipfile({ path, value, line }: Literal): readonly Dependency[] {
  if (!/^(?:dev-)?packages$/.test(path[0] ?? "") || !(path.length === 2 || path[2] === "version")) return [];
  return [{ ecosystem: "pypi", name: path[1] ?? "", version: value, line }];
}

/** Conda writes `openai=1.2`, and a list of pip requirements below. */
function conda({ path, value, line }: Literal): readonly Dependency[] {
  if (path[0] !== "dependencies") return [];
  return pythonRequirement(
    path.includes("pip") ? value : value.replace(/^[\w-]+::/, "").replace(/^([\w.-]+)=(?!=)/, "$1=="),
    line,
  );
}

/** `name = "1"` or a table with `version`; a dependency may go by another name than its `package`. */
function cargo(literals: readonly Literal[]): readonly Dependency[] {
  const packages = new Map<string, string>();
  const place = (path: readonly string[]) =>
    path.findLastIndex((part, index) => /^(?:dev-|build-)?dependencies$/.test(part) && index < path.length - 1);
  for (const { path, value } of literals)
    if (path.at(-1) === "package" && place(path) === path.length - 3)
      packages.set(JSON.stringify(path.slice(0, -1)), value);
  const versioned = new Set(
    literals.filter(({ path }) => path.at(-1) === "version").map(({ path }) => JSON.stringify(path.slice(0, -1))),
  );
  const seen = new Set<string>();
  return literals.flatMap(({ path, value, line }): Dependency[] => {
    const at = place(path);
    if (at < 0) return [];
    const owner = JSON.stringify(path.slice(0, at + 2));
    const isVersion = path.length === at + 2 || path[at + 2] === "version";
    if (seen.has(owner) || !(isVersion || /^(?:git|path|workspace|package)$/.test(path[at + 2] ?? ""))) return [];
    if (isVersion || !versioned.has(owner)) {
      seen.add(owner);
      return [
        { ecosystem: "cargo", name: packages.get(owner) ?? path[at + 1] ?? "", version: isVersion ? value : "", line },
      ];
    }
    return [];
  });
}

/** `[libraries]` of a Gradle version catalogue: `"group:name:version"`, or `module` with `version` or `version.ref`. */
function gradleCatalog(literals: readonly Literal[]): readonly Dependency[] {
  const versions = new Map<string, string>();
  const own = new Map<string, string>();
  for (const { path, value } of literals) {
    if (path[0] === "versions") versions.set(path[1] ?? "", value);
    if (path[0] === "libraries" && path[2] === "version")
      own.set(path[1] ?? "", path[3] === "ref" ? (versions.get(value) ?? value) : value);
  }
  const groups = new Map<string, string>();
  return literals.flatMap(({ path, value, line }): Dependency[] => {
    if (path[0] !== "libraries") return [];
    const id = path[1] ?? "";
    const entry = (name: string, version = own.get(id) ?? ""): Dependency[] => [
      { ecosystem: "maven", name, version, line },
    ];
    if (path.length === 2) return entry(value.split(":").slice(0, 2).join(":"), value.split(":")[2]);
    if (path[2] === "module") return entry(value);
    if (path[2] === "group") groups.set(id, value);
    return path[2] === "name" ? entry(`${groups.get(id) ?? ""}:${value}`) : [];
  });
}

function composer({ path, value, line }: Literal): readonly Dependency[] {
  return /^require(?:-dev)?$/.test(path[0] ?? "") && path.length === 2
    ? [{ ecosystem: "packagist", name: path[1] ?? "", version: value, line }]
    : [];
}

function pubspec({ path, value, line }: Literal): readonly Dependency[] {
  const inSection = /^(?:dev_)?dependenc(?:ies|y_overrides)$/.test(path[0] ?? "");
  return inSection && (path.length === 2 || path[2] === "version")
    ? [{ ecosystem: "pub", name: path[1] ?? "", version: value, line }]
    : [];
}
