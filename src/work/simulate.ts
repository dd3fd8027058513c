import type { Landing, Replayed } from "../core/simulation.ts";
import type { Configuration } from "./configuration.ts";
import { evaluateChange } from "./evaluate.ts";
import type { Source } from "./source.ts";

/** What replaying a history needs beside the repository. */
export interface SimulateOptions {
  /** The rules that each landing is held against. */
  configurationAt(landing: Pick<Landing, "base" | "head">): Promise<Configuration>;
  readonly now: string;
  readonly fingerprintKey: Uint8Array;
  readonly progress: (done: number, total: number) => void;
}

/** Evaluates every landing as the pull request it was before anybody reviewed it; one that cannot be read is named, not skipped. */
export async function replay(
  source: Source,
  landings: readonly Landing[],
  options: SimulateOptions,
): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = [];
  for (const [done, landing] of landings.entries()) {
    options.progress(done, landings.length);
    replayed.push(await replayOne(source, landing, options));
  }
  return replayed;
}

async function replayOne(source: Source, landing: Landing, options: SimulateOptions): Promise<Replayed> {
  const { base, head } = landing;
  try {
    const configuration = await options.configurationAt(landing);
    const { evaluation } = await evaluateChange(source, {
      base,
      head,
      configuration,
      facts: null,
      now: options.now,
      fingerprintKey: options.fingerprintKey,
      progress: () => {},
    });
    return { landing, evaluation };
  } catch (fault) {
    return { landing, unreadable: fault instanceof Error ? fault.message : String(fault) };
  }
}
