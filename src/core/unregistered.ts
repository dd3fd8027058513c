import type { Finding } from "./finding.ts";
import { pathsOf, type TouchedFinding } from "./touched-systems.ts";

/** More folders and names than this are not listed in a proposal. */
const LISTED = 5;

/** What the registry does not know of a change, as trivial findings that propose the entry to add. */
export function unregisteredEntries(governing: readonly TouchedFinding[]): readonly TouchedFinding[] {
  const outside = governing.filter(({ finding, systems }) => systems.length === 0 && finding.class !== "governance");
  const unknown = new Map<string, Finding>();
  for (const { finding, identities, references = [] } of governing) {
    if (finding.class !== "credential" || !finding.place.after || identities.length > 0) continue;
    for (const name of references) if (!unknown.has(name)) unknown.set(name, finding);
  }
  const found = [
    ...(outside[0] ? [proposal("record/unregistered-system", outside[0].finding, systemEntry(outside))] : []),
    ...[...unknown].map(([name, finding]) => proposal("record/unregistered-identity", finding, identityEntry(name))),
  ];
  return found.map((finding) => ({ finding, systems: [], identities: [], providers: [] }));
}

function proposal(rule: string, { place, surface }: Finding, entry: string): Finding {
  const list = rule === "record/unregistered-system" ? "systems" : "identities";
  return {
    rule,
    class: "governance",
    direction: "added",
    surface,
    severity: "trivial",
    confidence: "certain",
    connected: true,
    place,
    before: null,
    after: entry,
    remedy: `Add it under ${list} in .github/ai-systems.yml, with its owner.`,
  };
}

function systemEntry(outside: readonly TouchedFinding[]): string {
  const paths = outside.flatMap(({ finding }) => pathsOf(finding));
  const folders = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf("/") + 1)))].slice(0, LISTED);
  const globs = folders.map((folder) => JSON.stringify(folder === "" ? "*" : `${escaped(folder)}**`));
  return `- { id: ${idOf(folders[0] ?? "")}, owner: "@login", lifecycle: deployed, tier: medium, paths: [${globs.join(", ")}] }`;
}

function identityEntry(name: string): string {
  return `- { id: ${idOf(name)}, type: api-key, owner: "@login", references: [${JSON.stringify(name)}] }`;
}

/** A folder's or a credential's name as an id of the registry. */
function idOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.slice(-4).join("-").slice(0, 60) || "my-system";
}

function escaped(folder: string): string {
  return folder.replace(/[\\*?[\]{}]/g, "\\$&");
}
