import type { FileSide } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";

/** The lines of a file's text, split once for all who read by lines. */
export const linesOf: (file: FileSide) => readonly string[] = memoisedByObject((file) => file.text.split("\n"));
