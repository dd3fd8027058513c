import type { Evaluation } from "../core/evaluation.ts";
import type { Instant } from "../core/scalars.ts";
import type { Signer } from "../evidence/envelope.ts";
import type { Ledger } from "../evidence/ledger.ts";
import type { WorkQueue } from "../queues/queue.ts";
import type { OwnRules } from "../reports/own-rules.ts";
import type { Store } from "../stores/store.ts";
import type { HostedName, Hosting } from "../work/hosting.ts";
import type { Place, Repository } from "./job.ts";

/** Where records are kept, and who signs them. */
export interface Evidence {
  readonly ledger: Ledger;
  readonly signer: Signer;
}

/** What deciding about pull requests needs of the world. */
export interface Enforcement {
  readonly hosting: Hosting;
  readonly store: Store;
  readonly queue: Pick<WorkQueue, "add">;
  /** Null where a program keeps no records, as a workflow's run without a key; then every decision is stricter. */
  readonly evidence: Evidence | null;
  now(): Instant;
  /** True where the operator lets nothing be blocked (`COUNTERSIGN_MODE=observe`). */
  readonly observes: boolean;
  /** The number of the App: only checks of its own are the gate. */
  readonly appId: number;
  /** True where others report checks as the same App, as every workflow does by its own token. */
  readonly sharesApp?: boolean;
  /** What rules this program has: decisions of another version are made again. */
  readonly program: string;
  /** `https://github.com`, or an Enterprise Server's address, without a slash at its end. */
  readonly server: string;
  /** Said with every decision: what this program cannot do where it runs. */
  readonly notes?: readonly string[];
  /** Is shown every decision about pull requests, before it is published. */
  decided?(decided: {
    readonly evaluation: Evaluation;
    readonly rules: readonly string[];
    readonly ownRules: OwnRules | null;
  }): void;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** A repository as the hosting service is asked for it. */
export function hostedName({ installation, repository, owner, name }: Repository): HostedName {
  return { installation, id: repository, owner, name };
}

/** The same place with another pull request's number. */
export function placeOf(place: Repository, number: number): Place {
  const { installation, repository, owner, name } = place;
  return { installation, repository, owner, name, number };
}
