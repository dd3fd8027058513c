import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
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
import { localSigner } from "./signing/local-signer.ts";
import { operatorSigner } from "./signing/operator-signer.ts";
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
  const { store, ledger, queue, close } = ownedDatabase(settings.database, { now, ...options.queue });
  const hosting = githubHosting({ appId, privateKey, baseUrl: apiUrl, ...options.hosting });
  const evidence = { ledger, signer: signerFor(settings.database) };
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
    await reconsiderIfChanged(parts);
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

/** What leaves nothing behind signs with a key that is gone with it. */
function signerFor(database: string): Evidence["signer"] {
  if (database === ":memory:") return localSigner(generateKeyPairSync("ed25519").privateKey);
  return operatorSigner({ with: { kind: "own" }, history: null }, dirname(database), process.env).signer;
}

function programVersion(): string {
  return String(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
}
