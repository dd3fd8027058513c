import { type Ecosystem, MODEL_PROVIDERS } from "./provider-catalogue.ts";

interface Names {
  readonly exact: Map<string, string>;
  readonly prefixes: (readonly [string, string])[];
}

const BY_ECOSYSTEM: ReadonlyMap<Ecosystem, Names> = index();

function index(): ReadonlyMap<Ecosystem, Names> {
  const names = new Map<Ecosystem, Names>();
  for (const { id, packages } of MODEL_PROVIDERS) {
    for (const [ecosystem, list] of Object.entries(packages) as readonly (readonly [Ecosystem, readonly string[]])[]) {
      const own: Names = names.get(ecosystem) ?? { exact: new Map(), prefixes: [] };
      names.set(ecosystem, own);
      for (const name of list) {
        if (name.endsWith("*")) own.prefixes.push([packageName(name.slice(0, -1), ecosystem), id]);
        else own.exact.set(packageName(name, ecosystem), id);
      }
    }
  }
  return names;
}

/** The provider that a package is the client of, or null. */
export function providerOfPackage(name: string, ecosystem: Ecosystem): string | null {
  const names = BY_ECOSYSTEM.get(ecosystem);
  const wanted = packageName(name, ecosystem);
  if (!names) return null;
  const exact = names.exact.get(wanted);
  if (exact !== undefined) return exact;
  if (ecosystem === "go") {
    const parent = [...names.exact].find(([module]) => wanted.startsWith(`${module}/`));
    if (parent) return parent[1];
  }
  return names.prefixes.find(([prefix]) => wanted.startsWith(prefix))?.[1] ?? null;
}

/** A name as its registry compares names. */
export function packageName(name: string, ecosystem: Ecosystem): string {
  if (ecosystem === "pypi") return name.toLowerCase().replace(/[-_.]+/g, "-");
  return ecosystem === "go" || ecosystem === "maven" ? name : name.toLowerCase();
}

/** The beginnings of package names without which no package of the catalogue is written, for the prefilter. */
export const PACKAGE_LITERALS: readonly string[] = [
  ...new Set(
    MODEL_PROVIDERS.flatMap(({ packages }) => Object.values(packages).flat()).map((name) =>
      // Python's names may be written with dashes, underscores or dots, Maven's two parts stand apart.
      (name.split(/[-_.:*]/).find((part) => part.length > 3 || part === name) ?? name).toLowerCase(),
    ),
  ),
];
