/** Every path that a reference in a file may mean, nearest first: from the file's folder, each folder above, the root. */
export function referencedPaths(from: string, reference: string): readonly string[] {
  const written = reference
    .trim()
    .replace(/^file:(?:\/\/)?/i, "")
    .replace(/[?#].*$/, "")
    .replaceAll("\\", "/");
  if (written === "" || written.length > 500 || /^[a-z][a-z0-9+.-]*:/i.test(written)) return [];
  const folders = written.startsWith("/") ? [] : foldersAbove(from);
  const paths = folders.map((folder) => joined(folder, written));
  return [...new Set([...paths, joined("", written)].filter((path) => path !== null))];
}

/** The folder of a path, then the folders above it, without the root. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

/** The folder of a path; `""` at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function joined(folder: string, reference: string): string | null {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of reference.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? null : parts.join("/");
}
