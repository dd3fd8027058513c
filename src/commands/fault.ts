import { RepositoryProblem } from "../git/repository-problem.ts";
import { InvalidFile } from "../work/invalid-file.ts";
import { Usage } from "./usage.ts";

/** 2 for what the caller can put right, 3 for a fault. */
export function exitCodeOf(fault: unknown): 2 | 3 {
  return fault instanceof Usage || fault instanceof InvalidFile || fault instanceof RepositoryProblem ? 2 : 3;
}

/** What a person reads of it: the message, never a stack. */
export function faultText(fault: unknown): string {
  const message = fault instanceof Error ? fault.message : String(fault);
  return `countersign: ${message}\n`;
}
