import type { Evidence } from "../src/enforcement/enforcement.ts";
import type { EvidenceBranch } from "../src/evidence/evidence-branch.ts";
import type { LedgerEntry } from "../src/evidence/ledger.ts";
import type { GitHubHosting } from "../src/github/hosting.ts";
import { localSigner, signingKeyOf } from "../src/signing/local-signer.ts";
import { branchLedger } from "../src/stores/branch-ledger.ts";
import type { HostedName } from "../src/work/hosting.ts";
import { InvalidInput } from "./inputs.ts";

/** Where a workflow keeps records: on a branch of its repository. */
export interface EvidencePlace {
  readonly repository: HostedName;
  readonly branch: string;
  /** PEM. */
  readonly signingKey: string;
}

/** Evidence on a branch, with what one run adds to it. */
export interface BranchEvidence extends Evidence {
  added(): readonly LedgerEntry[];
}

/** The evidence branch of a repository, opened anew for each question, since others may add to it. */
export function evidenceBranch(
  hosting: Pick<GitHubHosting, "open">,
  { repository, branch }: Pick<EvidencePlace, "repository" | "branch">,
  signal: AbortSignal,
): EvidenceBranch {
  const opened = async () => (await hosting.open(repository, signal)).evidenceBranch(branch);
  return {
    tip: async () => (await opened()).tip(),
    folder: async (tree) => (await opened()).folder(tree),
    file: async (id) => (await opened()).file(id),
    commit: async (parent, files, message) => (await opened()).commit(parent, files, message),
    advance: async (from, commit) => (await opened()).advance(from, commit),
  };
}

/** Signs and keeps records on the branch; appends are retried where another run was faster. */
export function branchEvidence(
  hosting: Pick<GitHubHosting, "open">,
  place: EvidencePlace,
  signal: AbortSignal,
): BranchEvidence {
  const key = signingKeyOf(place.signingKey);
  if (key === null)
    throw new InvalidInput(
      "input signing-key: expected a private key in PEM form, Ed25519 or P-256; make one with: openssl genpkey -algorithm ed25519",
    );
  const ledger = branchLedger(evidenceBranch(hosting, place, signal));
  const added: LedgerEntry[] = [];
  return {
    signer: localSigner(key),
    added: () => added,
    ledger: {
      ...ledger,
      async append(id, build) {
        let built = false;
        const entry = await ledger.append(id, (tip) => {
          built = true;
          return build(tip);
        });
        if (built) added.push(entry);
        return entry;
      },
    },
  };
}
