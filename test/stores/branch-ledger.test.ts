import { execFileSync } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import type { EvidenceBranch } from "../../src/evidence/evidence-branch.ts";
import { openEvidenceBranch } from "../../src/git/evidence-branch.ts";
import { branchLedger, branchReading, storedRecords } from "../../src/stores/branch-ledger.ts";
import { mismatches } from "../github/conformance.ts";
import { BRANCH, type BranchScene, branchScene } from "./branch-scene.ts";
import { ledgerContract } from "./ledger-contract.ts";
import { signing, testSigner } from "./ledger-records.ts";

const signer = testSigner();

async function scene(): Promise<BranchScene> {
  const made = await branchScene();
  onTestFinished(async () => {
    await made.github.close();
  });
  return made;
}

ledgerContract("a branch at GitHub", async () => {
  const { branch } = await scene();
  return {
    ledger: branchLedger(branch()),
    beside: async () => branchLedger(branch()),
    afterCrash: async () => branchLedger(branch()),
  };
});

describe("the evidence branch", () => {
  it("begins without the history of the repository, and asks for nothing that GitHub does not describe", async () => {
    const { github, repository, branch } = await scene();
    const ledger = branchLedger(branch());
    await Promise.all(["a", "b"].map((id) => ledger.append(id, signing(signer, id))));
    await ledger.append("c", signing(signer, "c"));
    const tip = repository.refs.get(`refs/heads/${BRANCH}`) as string;
    const { store } = repository;
    expect(store.read(tip).message).toBe("Record 2");
    const [first = ""] = store.read(tip).parents;
    expect(store.read(first)).toMatchObject({ message: "Records 0 to 1", parents: [] });
    const paths = store.tree(store.read(tip).tree, true).flatMap(({ path, type }) => (type === "blob" ? [path] : []));
    expect(paths).toEqual([
      "README.md",
      expect.stringMatching(/^records\/000\/000000-[0-9a-f]{8}\.json$/),
      expect.stringMatching(/^records\/000\/000001-[0-9a-f]{8}\.json$/),
      expect.stringMatching(/^records\/000\/000002-[0-9a-f]{8}\.json$/),
    ]);
    expect(github.recorded.flatMap(mismatches)).toEqual([]);
  });

  it("is never forced: who comes second signs anew for the next place", async () => {
    const { repository, branch } = await scene();
    const [first, second] = [branchLedger(branch()), branchLedger(branch())];
    await first.append("a", signing(signer, "a"));
    let tries = 0;
    const entry = await second.append("c", async (tip) => {
      tries += 1;
      if (tries === 1) await first.append("b", signing(signer, "b"));
      return signing(signer, "c")(tip);
    });
    expect([tries, entry.sequence]).toEqual([2, 2]);
    const tip = repository.refs.get(`refs/heads/${BRANCH}`) as string;
    expect(repository.store.read(tip).message).toBe("Record 2");
  });

  it("tells a refusal that no other writer is the cause of", async () => {
    const { github, branch } = await scene();
    const ledger = branchLedger(branch());
    await ledger.append("a", signing(signer, "a"));
    github.faults.next({ route: "PATCH /repos/{owner}/{repo}/git/refs/{ref}", fault: { status: 422 } });
    await expect(ledger.append("b", signing(signer, "b"))).rejects.toThrow("422");
    expect((await ledger.tip()).size).toBe(1);
    // Done, and only the answer is lost.
    github.faults.next({ route: "PATCH /repos/{owner}/{repo}/git/refs/{ref}", fault: "reset", done: true });
    expect(await ledger.append("b", signing(signer, "b"))).toMatchObject({ sequence: 1 });
    expect((await ledger.tip()).size).toBe(2);
  });

  it("is read from a local repository too", async () => {
    const { repository, branch } = await scene();
    const ledger = branchLedger(branch());
    const entries = await Promise.all(["a", "b", "c"].map((id) => ledger.append(id, signing(signer, id))));
    const { directory } = repository.store;
    await expect(openEvidenceBranch(directory, BRANCH)).rejects.toThrow(`has no branch ${BRANCH}; fetch it`);
    await expect(openEvidenceBranch(directory, "--upload-pack")).rejects.toThrow("is no name of a branch");
    setRef(repository.store.directory, repository.refs.get(`refs/heads/${BRANCH}`) as string);
    const local = await openEvidenceBranch(directory, BRANCH);
    onTestFinished(() => local.close());
    const reading = branchReading(local);
    expect(await reading.get("b")).toEqual(entries[1]);
    expect(await reading.tip()).toEqual(await ledger.tip());
    const stored = [];
    for await (const entry of storedRecords(local)) stored.push(entry);
    expect(stored).toEqual(entries);
  });

  it("needs no more reads for one more record when it is long: folders of a thousand, a node for each level", async () => {
    const memory = memoryBranch();
    const ledger = branchLedger(memory.branch);
    const reads = [];
    for (const size of [0, 1000]) {
      await Promise.all(
        Array.from({ length: 1000 }, (_, at) => ledger.append(`${size + at}`, signing(signer, `${size + at}`))),
      );
      const before = memory.reads();
      const fresh = branchLedger(memory.branch);
      await fresh.append(`fresh ${size}`, signing(signer, `fresh ${size}`));
      reads.push(memory.reads() - before);
    }
    expect(Math.max(...reads)).toBeLessThan(20);
    const sequences = [];
    for await (const { sequence } of ledger.entries(998)) sequences.push(sequence);
    expect(sequences).toEqual(Array.from({ length: 2002 - 998 }, (_, at) => 998 + at));
    expect(await ledger.get("5")).toMatchObject({ sequence: 5 });
  });
});

function setRef(directory: string, commit: string): void {
  execFileSync("git", ["-C", directory, "update-ref", `refs/heads/${BRANCH}`, commit]);
}

/** A branch whose objects are kept in memory, with a count of what is read. */
function memoryBranch(): { readonly branch: EvidenceBranch; reads(): number } {
  const folders = new Map<string, ReadonlyMap<string, string>>([["empty", new Map()]]);
  const files = new Map<string, Buffer>();
  const trees = new Map<string, string>();
  let [tip, made, reads] = [null as string | null, 0, 0];
  const added = (tree: string, path: string, id: string): string => {
    const [name = "", ...rest] = path.split("/");
    const rows = new Map(folders.get(tree));
    rows.set(name, rest.length === 0 ? id : added(rows.get(name) ?? "empty", rest.join("/"), id));
    const changed = `tree ${++made}`;
    folders.set(changed, rows);
    return changed;
  };
  return {
    reads: () => reads,
    branch: {
      tip: async () => (tip === null ? null : { commit: tip, tree: trees.get(tip) as string }),
      async folder(tree) {
        reads += 1;
        return [...(folders.get(tree) ?? [])].map(([name, id]) => ({ name, id, folder: folders.has(id) }));
      },
      async file(id) {
        reads += 1;
        return files.get(id) as Buffer;
      },
      async commit(parent, more, message) {
        let tree = parent?.tree ?? "empty";
        for (const [path, content] of more) {
          const id = `blob ${++made}`;
          files.set(id, Buffer.from(content));
          tree = added(tree, path, id);
        }
        trees.set(`${message} ${++made}`, tree);
        return `${message} ${made}`;
      },
      async advance(from, commit) {
        if (tip !== (from?.commit ?? null)) return false;
        tip = commit;
        return true;
      },
    },
  };
}
