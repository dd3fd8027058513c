import type { FileSide } from "../core/detector.ts";
import type { FilePart } from "../core/file-facts.ts";

/** Where the jobs of a workflow and what holds for all of them begin, in order; nothing for files without jobs. */
export function workflowParts(file: FileSide): readonly FilePart[] {
  if (!/\.ya?ml$/i.test(file.path) || !/^["']?jobs["']?\s*:/m.test(file.text)) return [];
  const lines = file.text.split("\n");
  const parts: FilePart[] = [];
  let known = "";
  for (const { path, line } of file.literals) {
    const [top = "", name = ""] = path;
    const part = top === "jobs" ? `jobs/${name}` : top;
    if (part === known) continue;
    known = part;
    const job = top === "jobs" ? name : null;
    parts.push({ job, line: keyLine(lines, job ?? top, line, parts.at(-1)?.line ?? 0) });
  }
  return parts.some(({ job }) => job !== null) ? parts : [];
}

/** The line of a key at or above the first value below it: what stands between them belongs to it. */
function keyLine(lines: readonly string[], key: string, line: number, above: number): number {
  for (let at = line; at > above; at -= 1) {
    const text = (lines[at - 1] ?? "").trimStart().replace(/^["']/, "");
    if (text.startsWith(key) && /^["']?\s*:/.test(text.slice(key.length))) return at;
  }
  return line;
}
