import type { Ecosystem } from "./provider-catalogue.ts";

/** A package that a manifest asks for, in its ecosystem's spelling. */
export interface Dependency {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** The version or range as written; empty for any. */
  readonly version: string;
  readonly line: number;
}
