import type { Change, Entry } from "../core/change-set.ts";
import { pathText } from "../objects/path-text.ts";
import { GitFault } from "./repository-problem.ts";

/** Parses `git diff-tree -r -z --raw --no-renames`: one row a path, `:mode mode id id status`, NUL, path, NUL. */
export function parseRawDiff(output: Buffer): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    const pathEnd = output.indexOf(0, end + 1);
    if (end < 0 || pathEnd < 0 || output[at] !== 58) throw new GitFault("git diff-tree answered unexpectedly");
    const [modeBefore, modeAfter, idBefore, idAfter] = output.toString("latin1", at + 1, end).split(" ");
    const path = pathText(output.subarray(end + 1, pathEnd));
    const before = side(path, modeBefore, idBefore);
    const after = side(path, modeAfter, idAfter);
    changes.push({ ...(before ? { before } : {}), ...(after ? { after } : {}) });
    at = pathEnd + 1;
  }
  return changes;
}

function side(path: string, mode: string | undefined, id: string | undefined): Entry | undefined {
  return mode === undefined || id === undefined || mode === "000000" ? undefined : { path, mode, id };
}
