import type { BranchFile, BranchTip, EvidenceBranchReading } from "../evidence/evidence-branch.ts";
import { folderOf, RECORDS, type RecordName, recordNameOf } from "./branch-record.ts";

/** A file on an evidence branch, with what its name says. */
export interface NamedFile extends BranchFile {
  /** Null where it is no record. */
  readonly record: RecordName | null;
}

/** The files of an evidence branch as it stood at a commit. */
export interface BranchFiles {
  /** Everything among the records in the order of the names, from a sequence on; what is no record comes last in its folder. */
  from(tip: BranchTip | null, sequence: number): AsyncGenerator<NamedFile>;
  /** The file of one record. */
  at(tip: BranchTip | null, sequence: number): Promise<NamedFile | undefined>;
  /** The last record. */
  last(tip: BranchTip | null): Promise<NamedFile | undefined>;
  /** The records whose ids have this mark, the newest folder first. */
  marked(tip: BranchTip | null, mark: string): AsyncGenerator<NamedFile>;
}

/** Folders that are kept: the last one changes with every record, those before it never do. */
const FOLDERS_KEPT = 8;

/** Lists the files of an evidence branch, folder by folder. */
export function branchFiles(branch: EvidenceBranchReading): BranchFiles {
  const list = keptFolders(branch);
  const folders = async (tip: BranchTip | null): Promise<readonly BranchFile[]> => {
    const root = tip === null ? [] : await list(tip.tree);
    const records = root.find(({ name, folder }) => folder && name === RECORDS);
    return records === undefined ? [] : (await list(records.id)).toSorted((a, b) => numberOf(a) - numberOf(b));
  };
  const within = async ({ id }: BranchFile): Promise<readonly NamedFile[]> =>
    (await list(id))
      .map((file) => ({ ...file, record: file.folder ? null : recordNameOf(file.name) }))
      .toSorted((a, b) => (a.record?.sequence ?? Infinity) - (b.record?.sequence ?? Infinity));
  return {
    async *from(tip, sequence) {
      const first = Number(folderOf(sequence));
      for (const folder of await folders(tip)) {
        if (!folder.folder) yield { ...folder, record: null };
        else if (numberOf(folder) >= first)
          for (const file of await within(folder)) if ((file.record?.sequence ?? Infinity) >= sequence) yield file;
      }
    },
    async at(tip, sequence) {
      const folder = (await folders(tip)).find(({ name }) => name === folderOf(sequence));
      return folder && (await within(folder)).find(({ record }) => record?.sequence === sequence);
    },
    async last(tip) {
      const folder = (await folders(tip)).findLast((one) => one.folder && numberOf(one) < Infinity);
      return folder && (await within(folder)).findLast(({ record }) => record !== null);
    },
    async *marked(tip, mark) {
      for (const folder of (await folders(tip)).toReversed())
        if (folder.folder) yield* (await within(folder)).filter(({ record }) => record?.mark === mark);
    },
  };
}

function keptFolders(branch: EvidenceBranchReading): (tree: string) => Promise<readonly BranchFile[]> {
  const kept = new Map<string, readonly BranchFile[]>();
  return async (tree) => {
    const files = kept.get(tree) ?? (await branch.folder(tree));
    kept.delete(tree);
    kept.set(tree, files);
    for (const oldest of kept.keys()) if (kept.size > FOLDERS_KEPT) kept.delete(oldest);
    return files;
  };
}

function numberOf({ name }: BranchFile): number {
  return /^\d{3,15}$/.test(name) ? Number(name) : Infinity;
}
