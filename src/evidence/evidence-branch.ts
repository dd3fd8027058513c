/** Where a branch stands: its commit and that commit's tree, as ids of git's objects. */
export interface BranchTip {
  readonly commit: string;
  readonly tree: string;
}

/** What lies directly in a folder of a branch. */
export interface BranchFile {
  readonly name: string;
  readonly id: string;
  readonly folder: boolean;
}

/** A branch that holds nothing but evidence, for reading. Objects of git never change, and so neither does what is read by id. */
export interface EvidenceBranchReading {
  /** Null while there is no such branch. */
  tip(): Promise<BranchTip | null>;
  folder(tree: string): Promise<readonly BranchFile[]>;
  file(id: string): Promise<Uint8Array>;
}

/** The same for adding to. */
export interface EvidenceBranch extends EvidenceBranchReading {
  /** Makes a commit that adds files (by path) to where the branch stands; nothing leads to it yet. */
  commit(parent: BranchTip | null, files: ReadonlyMap<string, string>, message: string): Promise<string>;
  /** Has the branch go on to a commit, never back or aside. False where it has gone on elsewhere. */
  advance(from: BranchTip | null, commit: string): Promise<boolean>;
}
