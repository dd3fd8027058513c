/** What one commit changed, as a push says it. */
export interface TouchedPaths {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

/** Reads `git diff-tree --stdin -z --name-status`: each commit's id, then its paths. */
export function touchedPaths(parts: readonly string[]): Map<string, TouchedPaths> {
  const found = new Map<string, TouchedPaths>();
  let now: { added: string[]; removed: string[]; modified: string[] } = { added: [], removed: [], modified: [] };
  for (let at = 0; at < parts.length - 1; ) {
    const word = parts[at] ?? "";
    if (/^[0-9a-f]{40,64}$/.test(word)) {
      now = { added: [], removed: [], modified: [] };
      found.set(word, now);
      at += 1;
      continue;
    }
    const list = word === "A" ? now.added : word === "D" ? now.removed : now.modified;
    list.push(parts[at + 1] ?? "");
    at += 2;
  }
  return found;
}

const STATUS: Readonly<Record<string, string>> = {
  A: "added",
  D: "removed",
  M: "modified",
  T: "changed",
  R: "renamed",
};

/** A file that differs between two commits, as GitHub names what happened to it. */
export interface ChangedFile {
  readonly path: string;
  readonly previous?: string;
  readonly status: string;
  readonly sha: string;
}

/** Reads `git diff-tree -z -M --raw`. */
export function changed(parts: readonly string[]): readonly ChangedFile[] {
  const files: ChangedFile[] = [];
  for (let at = 0; at < parts.length - 1; ) {
    const [, , before = "", after = "", letter = ""] = (parts[at] ?? "").split(" ");
    const kind = letter[0] ?? "M";
    const renamed = kind === "R";
    const first = parts[at + 1] ?? "";
    const path = renamed ? (parts[at + 2] ?? "") : first;
    files.push({
      path,
      ...(renamed ? { previous: first } : {}),
      status: STATUS[kind] ?? "modified",
      sha: kind === "D" ? before : after,
    });
    at += renamed ? 3 : 2;
  }
  return files;
}
