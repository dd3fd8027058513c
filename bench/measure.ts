/** What one bench found: a value, what it was measured against in the same run, and whether the target is met. */
export interface Outcome {
  readonly what: string;
  readonly value: string;
  readonly yardstick: string;
  readonly target: string;
  readonly met: boolean;
}

/** One bench; `node bench/run.ts NAME` runs it alone. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly Outcome[]>;
}

/** The median time of both in milliseconds, run by turns so that a busy machine slows both. */
export async function medians(
  rounds: number,
  subject: () => unknown,
  yardstick: () => unknown,
): Promise<{ subject: number; yardstick: number; ratio: number }> {
  return mediansBy(timed, rounds, subject, yardstick);
}

async function mediansBy(
  measure: (work: () => unknown) => Promise<number>,
  rounds: number,
  subject: () => unknown,
  yardstick: () => unknown,
): Promise<{ subject: number; yardstick: number; ratio: number }> {
  const times: { subject: number[]; yardstick: number[] } = { subject: [], yardstick: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.yardstick.push(await measure(yardstick));
    times.subject.push(await measure(subject));
  }
  const [a, b] = [median(times.subject), median(times.yardstick)];
  return { subject: a, yardstick: b, ratio: a / b };
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * The median time in milliseconds that the processor works for this thread on both, once they have been run to warm up.
 * On a machine that others use too, the time on the clock says how busy they are.
 */
export async function cpuMedians(
  rounds: number,
  subject: () => unknown,
  yardstick: () => unknown,
): Promise<{ subject: number; yardstick: number; ratio: number }> {
  await yardstick();
  await subject();
  return mediansBy(spent, rounds, subject, yardstick);
}

async function spent(work: () => unknown): Promise<number> {
  globalThis.gc?.();
  const start = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** The middle of a list of numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Stops the bench when what is compared is not the same work. */
export function same(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what} differ: ${a?.slice(0, 200)} instead of ${b?.slice(0, 200)}`);
}

/** Milliseconds for people. */
export function ms(time: number): string {
  return `${time.toFixed(time < 10 ? 2 : time < 100 ? 1 : 0)} ms`;
}
