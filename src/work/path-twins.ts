import type { Change, ChangeSet, Entry } from "../core/change-set.ts";
import { fold } from "../core/path-matcher.ts";
import type { GovernanceEdit, RegistryIndex } from "../core/touched-systems.ts";
import { readerOf } from "../readers/index.ts";

/** What lies directly in a folder of the change's head. */
type Folder = (folder: string) => Promise<readonly Entry[]>;

/**
 * Paths that a change adds beside one which a case-insensitive or normalising file system takes for the same: whoever
 * checks the repository out there gets one of the two, and not always the one that was approved (P05). Only of files
 * that a rule could read or that lie in a registered system.
 */
export async function pathTwins(
  { changes, head }: ChangeSet,
  index: RegistryIndex,
  entriesIn: (revision: string, folder: string) => Promise<readonly Entry[]>,
): Promise<readonly GovernanceEdit[]> {
  const folders = new Map<string, Promise<readonly Entry[]>>();
  const folder: Folder = (path) => {
    const known = folders.get(path) ?? entriesIn(head, path);
    folders.set(path, known);
    return known;
  };
  const found: GovernanceEdit[] = [];
  for (const path of changes.flatMap(added)) {
    const twin = (await sameWhenFolded(path, folder)).find((other) => other !== path);
    const matters = [path, twin ?? ""].some((one) => readerOf(one) !== null || index.byPath.match(one).length > 0);
    if (twin !== undefined && matters) found.push(edit(path, twin));
  }
  return found;
}

function added({ before, after }: Change): string[] {
  return after && after.path !== before?.path ? [after.path] : [];
}

async function sameWhenFolded(path: string, folder: Folder): Promise<readonly string[]> {
  let reached = [""];
  for (const segment of path.split("/")) {
    const wanted = fold(segment);
    const next: string[] = [];
    for (const at of reached) {
      for (const entry of await folder(at)) {
        if (fold(entry.path.slice(entry.path.lastIndexOf("/") + 1)) === wanted) next.push(entry.path);
      }
    }
    reached = next;
  }
  return reached;
}

function edit(path: string, twin: string): GovernanceEdit {
  return {
    byPath: true,
    finding: {
      rule: "record/path-twin",
      class: "governance",
      direction: "added",
      surface: "production",
      severity: "material",
      confidence: "certain",
      connected: true,
      place: { after: { path, line: 1 } },
      before: null,
      after: `beside ${twin}`,
      remedy: `Name it so that it differs from ${twin} by more than the case or the spelling of its letters: some file systems keep only one of the two.`,
    },
  };
}
