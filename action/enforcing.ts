import { debug } from "@actions/core";
import type { Enforcement } from "../src/enforcement/enforcement.ts";
import { jobsOf } from "../src/enforcement/jobs.ts";
import { jobRunner } from "../src/enforcement/run-job.ts";
import type { LedgerEntry } from "../src/evidence/ledger.ts";
import { type GitHubHosting, workflowHosting } from "../src/github/hosting.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import { embeddedDatabase } from "../src/queues/embedded-database.ts";
import type { Store } from "../src/stores/store.ts";
import type { HostedRepository, Hosting } from "../src/work/hosting.ts";
import type { LandedPull } from "../src/work/landings.ts";
import type { Decided } from "./check.ts";
import type { WorkflowEvent } from "./event.ts";
import { branchEvidence, type EvidencePlace } from "./evidence.ts";
import { publishing, type Said, type Wanted } from "./publishing.ts";
import { VERSION } from "./version.ts";
import { type Works, works } from "./works.ts";

/** What the jobs of one run need beside the event. */
export interface EnforcingOptions extends Wanted {
  readonly tokens: WorkflowTokens;
  /** The App that the token belongs to; 0 for a person's. */
  readonly appId: number;
  readonly notes: readonly string[];
  /** Where records are kept; none are where it is left out. */
  readonly evidence?: EvidencePlace;
  readonly signal: AbortSignal;
}

/** Told of the pull requests that a commit came with. */
export type Brought = (commit: string, pulls: readonly LandedPull[], repository: HostedRepository) => Promise<void>;

/** The App's own jobs, within one run of a workflow: what they remember is gone when it ends. */
export interface Enforcing {
  readonly github: GitHubHosting;
  readonly parts: Enforcement;
  readonly store: Store;
  readonly queue: Works;
  /** Works off what waits, and what comes due within `patience` milliseconds. A fault ends it. */
  run(patience: number, signal: AbortSignal): Promise<void>;
  decided(): readonly Decided[];
  /** Records that were added. */
  added(): readonly LedgerEntry[];
  said(): Said;
  /** Has something done before it is judged what a commit of a branch brought. */
  onBrought(brought: Brought): void;
  close(): void;
}

/** Puts the App's jobs together over what the runner gives. */
export function enforcing({ apiUrl, serverUrl }: WorkflowEvent, options: EnforcingOptions): Enforcing {
  const { store, close } = embeddedDatabase(":memory:");
  const { appId, tokens, notes } = options;
  const github = workflowHosting({ appId, tokens, baseUrl: apiUrl });
  let brought: Brought = async () => {};
  const told = telling(remembering(github, store), (...of) => brought(...of));
  const { hosting, said } = publishing(told, options);
  const evidence = options.evidence ? branchEvidence(github, options.evidence, options.signal) : null;
  const queue = works(Date.now);
  const decided: Decided[] = [];
  const log = (fields: object, message: string) => debug(`${message} ${JSON.stringify(fields)}`);
  const parts: Enforcement = {
    ...{ hosting, store, queue, appId, notes },
    now: () => new Date().toISOString(),
    observes: false,
    sharesApp: true,
    program: VERSION,
    server: serverUrl,
    evidence,
    decided: (one) => void decided.push(one),
    log: { info: log, warn: log },
  };
  const runJob = jobRunner(jobsOf(parts));
  return {
    ...{ github, parts, store, queue, said, close },
    run: (patience, signal) => queue.run((work) => runJob(work, signal), patience),
    decided: () => decided,
    added: () => evidence?.added() ?? [],
    onBrought(one) {
      brought = one;
    },
  };
}

/** A run hears of no pushes but the one that started it: what GitHub remembers of them is kept as if it had been heard. */
function remembering({ open }: GitHubHosting, store: Pick<Store, "putPush">): Hosting {
  return {
    async open(name, signal) {
      const { pushes, ...repository } = await open(name, signal);
      const pullRequest: HostedRepository["pullRequest"] = async (number, expected) => {
        const pull = await repository.pullRequest(number, expected);
        // A fork's activity is its owner's.
        const known = pull?.state === "open" && pull.sameRepository ? await pushes(pull.headRef) : [];
        for (const push of known) await store.putPush({ repository: name.id, pullRequest: number, ...push });
        return pull;
      };
      return { ...repository, pullRequest };
    },
  };
}

function telling({ open }: Hosting, brought: Brought): Hosting {
  return {
    async open(name, signal) {
      const repository = await open(name, signal);
      const { landings } = repository;
      const pullsOf: typeof landings.pullsOf = async (commit) => {
        const pulls = await landings.pullsOf(commit);
        await brought(commit, pulls, repository);
        return pulls;
      };
      return { ...repository, landings: { ...landings, pullsOf } };
    },
  };
}
