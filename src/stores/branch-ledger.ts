import type { BranchTip, EvidenceBranch, EvidenceBranchReading } from "../evidence/evidence-branch.ts";
import type { Ledger, LedgerEntry, LedgerTip } from "../evidence/ledger.ts";
import { EMPTY_TREE, type ReadNodes, readFrontier, rootOf } from "../evidence/tree.ts";
import { branchFiles } from "./branch-files.ts";
import { markOf, recordIn, recordPath, recordText, storedRecord } from "./branch-record.ts";
import { groupedAppends, type KeptEntry, type Standing } from "./grouped-appends.ts";
import { completedBy, hashAt, nodesText } from "./kept-nodes.ts";

const README = `# Evidence

Signed records of Countersign, one file each: who approved what, and what landed. Each names the one before it, so nothing
here may be edited, moved or taken away: protect this branch against force-pushes and deletion, and let only Countersign push.

    countersign verify --key public-key.pem FOLDER_OF_A_CLONE

says whether everything stands as it was signed.
`;

/**
 * A ledger on an orphan branch of a repository, one file a record, for programs that keep no database. A commit adds records,
 * and the branch only goes on to it from where it stood when they were signed: whoever comes second signs anew.
 */
export function branchLedger(branch: EvidenceBranch): Ledger {
  const at = readingAt(branch);
  let known: { readonly commit: string; readonly standing: Standing } | null = null;
  const append = groupedAppends({
    async extend(make) {
      const tip = await branch.tip();
      const standing = known && known.commit === tip?.commit ? known.standing : await standingOf(at, tip);
      const { entries, standing: end } = await make(standing, (ids) => at.find(tip, ids));
      if (entries.length === 0) return true;
      const commit = await branch.commit(tip, filesOf(tip, entries), messageOf(entries));
      if (!(await branch.advance(tip, commit))) return false;
      known = { commit, standing: end };
      return true;
    },
  });
  return { append, ...branchReading(branch) };
}

/** The same for reading: each call looks where the branch stands, and reads on from there. */
export function branchReading(branch: EvidenceBranchReading): Omit<Ledger, "append"> {
  const at = readingAt(branch);
  return {
    get: async (id) => at.get(await branch.tip(), id),
    tip: async () => at.tip(await branch.tip()),
    nodes: async (wanted) => at.nodes(await branch.tip())(wanted),
    async *entries(from) {
      for await (const { id, record } of branchFiles(branch).from(await branch.tip(), from))
        if (record !== null) yield (await at.record(id)).entry;
    },
  };
}

/** Every file among the records in the order of the names, whatever is in it, for a verifier. */
export async function* storedRecords(branch: EvidenceBranchReading): AsyncGenerator<unknown> {
  for await (const { id, record } of branchFiles(branch).from(await branch.tip(), 0))
    yield record === null ? null : storedRecord(await branch.file(id));
}

function filesOf(tip: BranchTip | null, entries: readonly KeptEntry[]): ReadonlyMap<string, string> {
  const files = entries.map((kept) => [recordPath(kept.entry), recordText(kept)] as const);
  return new Map(tip === null ? [["README.md", README], ...files] : files);
}

function messageOf(entries: readonly KeptEntry[]): string {
  const [first, last] = [entries[0]?.entry.sequence, entries.at(-1)?.entry.sequence];
  return first === last ? `Record ${first}` : `Records ${first} to ${last}`;
}

async function standingOf(at: ReturnType<typeof readingAt>, place: BranchTip | null): Promise<Standing> {
  const tip = await at.tip(place);
  return { tip, tree: await readFrontier(tip.size, at.nodes(place)) };
}

/** Reads the records of a branch as it stood at a commit. */
function readingAt(branch: EvidenceBranchReading) {
  const files = branchFiles(branch);
  const record = async (id: string) => recordIn(await branch.file(id), id);
  const get = async (tip: BranchTip | null, id: string): Promise<LedgerEntry | null> => {
    for await (const file of files.marked(tip, markOf(id))) {
      const { entry } = await record(file.id);
      if (entry.id === id) return entry;
    }
    return null;
  };
  return {
    record,
    nodes:
      (tip: BranchTip | null): ReadNodes =>
      async (wanted) => {
        const hashes = [];
        for (const place of wanted) {
          const file = await files.at(tip, completedBy(place));
          hashes.push(hashAt(place, file && nodesText((await record(file.id)).nodes)));
        }
        return hashes;
      },
    async find(tip: BranchTip | null, ids: readonly string[]): Promise<readonly LedgerEntry[]> {
      const found = [];
      for (const id of ids) found.push(await get(tip, id));
      return found.filter((entry) => entry !== null);
    },
    get,
    async tip(tip: BranchTip | null): Promise<LedgerTip> {
      const last = await files.last(tip);
      if (!last) return { size: 0, previous: null, root: rootOf(EMPTY_TREE) };
      const { sequence, digest, root } = (await record(last.id)).entry;
      return { size: sequence + 1, previous: digest, root };
    },
  };
}
