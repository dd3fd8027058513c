import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { recallFollowUps } from "./enforcement/afterwards/recall-follow-ups.ts";
import { resumeWatching } from "./enforcement/bypass/watched-branches.ts";
import { reconsiderIfChanged } from "./enforcement/changed-instance.ts";
import { deferring } from "./enforcement/deferred.ts";
import type { Enforcement, Evidence } from "./enforcement/enforcement.ts";
import { jobsOf } from "./enforcement/jobs.ts";
import { jobRunner } from "./enforcement/run-job.ts";
import type { Settings } from "./environment.ts";
import { githubHosting, type HostingSettings } from "./github/hosting.ts";
import { pagesOf } from "./github/pages.ts";
import type { EmbeddedOptions } from "./queues/embedded.ts";
import { ownedDatabase } from "./queues/embedded-database.ts";
import { type Service, startService } from "./service.ts";
import { operatorSigner } from "./signing/operator-signer.ts";
import { signingWarnings } from "./signing/signing-warnings.ts";
import type { Store } from "./stores/store.ts";
import type { Log } from "./web/log.ts";

/** What may be set by those who start it in a program of their own. */
export interface AppOptions {
  readonly log: Log;
  readonly now?: () => number;
  readonly queue?: Partial<EmbeddedOptions>;
  readonly hosting?: Partial<HostingSettings>;
}

/** The App as it runs: on one database file, against one GitHub. */
export interface AppService extends Service {
  readonly store: Store;
  readonly evidence: Evidence;
}

/** Starts the App as the settings say. */
export async function startApp(
  settings: Settings,
  { log, now = Date.now, ...options }: AppOptions,
): Promise<AppService> {
  const { appId, privateKey, apiUrl, mode } = settings;
  const signing = operatorSigner(settings.signing, folderOf(settings.database), process.env);
  const { store, ledger, queue, close } = ownedDatabase(settings.database, { now, ...options.queue });
  const hosting = githubHosting({ appId, privateKey, baseUrl: apiUrl, ...options.hosting });
  const evidence = { ledger, signer: signing.signer };
  const parts: Enforcement = {
    hosting,
    store,
    queue,
    evidence,
    now: () => new Date(now()).toISOString(),
    observes: mode === "observe",
    appId,
    program: programVersion(),
    server: pagesOf(apiUrl),
    log,
  };
  try {
    for (const warning of await signingWarnings(signing, ledger, now())) log.warn({}, warning);
    await reconsiderIfChanged(parts);
    await recallFollowUps(parts);
    await resumeWatching(parts);
    const runJob = deferring(jobRunner(jobsOf(parts)), parts);
    const service = await startService({ settings, queue, known: store, renew: hosting.renew, runJob, log });
    const stop = () => service.stop().finally(close);
    return { ...service, store, evidence, stop };
  } catch (fault) {
    close();
    throw fault;
  }
}

/** Where a database lies; null for one that leaves nothing behind. */
function folderOf(database: string): string | null {
  return database === ":memory:" ? null : dirname(database);
}

function programVersion(): string {
  return String(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
}
