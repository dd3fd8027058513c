import { createHash } from "node:crypto";
import type { ObjectId } from "../core/change-set.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";

/** Who publishes, with what. */
export interface Publisher {
  readonly api: Api;
  /** The App's number: only what it wrote itself is ours, whatever it is called. */
  readonly appId: number | string;
  /** Is waited for before anything is written: from then on nobody knows what stands there until the answer is in. */
  writing(part: "check-run" | "comment"): Promise<void>;
  /** Whether the job has seen that no comment of ours can stand on a pull request. */
  uncommented(pullRequest: number): boolean;
}

/** Where a view belongs: a pull request, and the head that it speaks about (P18). */
export interface PublishPlace {
  readonly number: number;
  readonly head: ObjectId;
}

/** SHA-256 (hexadecimal) of a value as JSON. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** Whether GitHub says that what should be changed is no longer there. */
export function isGone(fault: unknown): boolean {
  return fault instanceof HostingFault && (fault.code === "hosting/not-found" || fault.status === 410);
}
