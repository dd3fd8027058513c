import { debug } from "@actions/core";
import type { Enforcement } from "../src/enforcement/enforcement.ts";
import { jobsOf } from "../src/enforcement/jobs.ts";
import { jobRunner } from "../src/enforcement/run-job.ts";
import { type GitHubHosting, workflowHosting } from "../src/github/hosting.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import { embeddedDatabase } from "../src/queues/embedded-database.ts";
import type { Store } from "../src/stores/store.ts";
import type { HostedRepository, Hosting } from "../src/work/hosting.ts";
import type { Decided } from "./check.ts";
import type { WorkflowEvent } from "./event.ts";
import { publishing, type Said, type Wanted } from "./publishing.ts";
import { VERSION } from "./version.ts";
import { type Works, works } from "./works.ts";

/** What the jobs of one run need beside the event. */
export interface EnforcingOptions extends Wanted {
  readonly tokens: WorkflowTokens;
  /** The App that the token belongs to; 0 for a person's. */
  readonly appId: number;
  readonly notes: readonly string[];
}

/** The App's own jobs, within one run of a workflow: what they remember is gone when it ends. */
export interface Enforcing {
  readonly parts: Enforcement;
  readonly store: Store;
  readonly queue: Works;
  /** Works off what waits, and what comes due within `patience` milliseconds. A fault ends it. */
  run(patience: number, signal: AbortSignal): Promise<void>;
  decided(): readonly Decided[];
  said(): Said;
  close(): void;
}

/** Puts the App's jobs together over what the runner gives. */
export function enforcing({ apiUrl, serverUrl }: WorkflowEvent, options: EnforcingOptions): Enforcing {
  const { store, close } = embeddedDatabase(":memory:");
  const { appId, tokens, notes } = options;
  const github = remembering(workflowHosting({ appId, tokens, baseUrl: apiUrl }), store);
  const { hosting, said } = publishing(github, options);
  const queue = works(Date.now);
  const decided: Decided[] = [];
  const log = (fields: object, message: string) => debug(`${message} ${JSON.stringify(fields)}`);
  const parts: Enforcement = {
    ...{ hosting, store, queue, appId, notes },
    now: () => new Date().toISOString(),
    observes: false,
    program: VERSION,
    server: serverUrl,
    evidence: null,
    decided: (one) => void decided.push(one),
    log: { info: log, warn: log },
  };
  const runJob = jobRunner(jobsOf(parts));
  return {
    ...{ parts, store, queue, said, close },
    run: (patience, signal) => queue.run((work) => runJob(work, signal), patience),
    decided: () => decided,
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
