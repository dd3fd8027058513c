import type { Work } from "../queues/queue.ts";
import { JOBS, type JobKind, type Payload } from "./job.ts";

/** One function for each kind of work. */
export type Jobs = {
  readonly [K in JobKind]: (payload: Payload<K>, signal: AbortSignal) => Promise<void>;
};

/** A work that no job understands: another version of the program wrote it. */
export class UnknownWork extends Error {
  readonly code = "work/unknown";
}

/** What a queue calls for each work: its payload is parsed and handed to the job of its kind. */
export function jobRunner(jobs: Jobs): (work: Work, signal: AbortSignal) => Promise<void> {
  const run = <K extends JobKind>(kind: K, payload: unknown, signal: AbortSignal) => {
    const parsed = JOBS[kind].safeParse(payload);
    if (!parsed.success) throw new UnknownWork(`the payload of ${kind} is not as this version writes it`);
    return jobs[kind](parsed.data as Payload<K>, signal);
  };
  return async ({ kind, payload }, signal) => {
    if (!Object.hasOwn(JOBS, kind)) throw new UnknownWork(`no job is named ${kind}`);
    await run(kind as JobKind, payload, signal);
  };
}
