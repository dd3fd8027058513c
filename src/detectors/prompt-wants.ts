import type { FileSide } from "../core/detector.ts";

/** The paths that a file loads as prompts, as it writes them. */
export function promptPaths(file: FileSide): readonly string[] {
  void file;
  return [];
}
