import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { ObjectId } from "../core/change-set.ts";
import { GitFault, RepositoryProblem } from "./repository-problem.ts";
import { failed, type GitContext, notRunnable, partialClone, spawnGit } from "./run-git.ts";

/** An object of git with its content. */
export interface GitObject {
  readonly id: ObjectId;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Reads objects by id through children that live on between reads. */
export interface ObjectReader {
  /** Objects in the order of the ids. Reads only as fast as they are taken. */
  objects(ids: readonly ObjectId[]): AsyncGenerator<GitObject>;
  /** The object that an expression of git's names, such as `main^{commit}`; null when none does. One line. */
  find(expression: string): Promise<GitObject | null>;
  close(): Promise<void>;
}

/** Requests that are under way at once: enough to hide the round trip, few enough to fit every pipe. */
const WINDOW = 256;

/** Opens a reader; git is started at the first read. */
export function objectReader(context: GitContext): ObjectReader {
  const idle: Child[] = [];
  const all = new Set<Child>();
  return {
    async *objects(ids) {
      if (ids.length === 0) return;
      const child = idle.pop() ?? startChild(context, all);
      let open = 0;
      try {
        for (let asked = 0, taken = 0; taken < ids.length; taken += 1) {
          if (open <= WINDOW / 2 && asked < ids.length) {
            const next = ids.slice(asked, taken + WINDOW);
            child.ask(next);
            asked += next.length;
            open += next.length;
          }
          const answer = await child.answer();
          open -= 1;
          if (answer === null) throw partialClone(`${ids[taken]} is missing`);
          yield answer;
        }
      } finally {
        // A child with answers nobody took is of no use any more.
        if (open === 0) idle.push(child);
        else child.kill();
      }
    },
    async find(expression) {
      const child = idle.pop() ?? startChild(context, all);
      child.ask([expression]);
      const answer = await child.answer();
      idle.push(child);
      return answer;
    },
    async close() {
      await Promise.all([...all].map((child) => child.end()));
    },
  };
}

/** One `git cat-file --batch`. */
interface Child {
  ask(ids: readonly ObjectId[]): void;
  /** The next object; null when what was asked for names none. */
  answer(): Promise<GitObject | null>;
  kill(): void;
  end(): Promise<void>;
}

function startChild(context: GitContext, all: Set<Child>): Child {
  const process = spawnGit(context, ["cat-file", "--batch"]);
  const input = byteStream(process);
  const closed = new Promise<void>((resolve) => {
    process.on("close", () => resolve());
    process.on("error", () => resolve());
  });
  const child: Child = {
    ask: (ids) => void process.stdin.write(`${ids.join("\n")}\n`),
    answer: () => readAnswer(input),
    kill: () => {
      all.delete(child);
      process.kill();
    },
    end: () => {
      process.stdin.end();
      process.stdout.resume();
      return closed;
    },
  };
  all.add(child);
  return child;
}

async function readAnswer(input: ByteStream): Promise<GitObject | null> {
  const header = (await input.line()).toString("latin1");
  if (/ (?:missing|ambiguous)$/.test(header)) return null;
  const [id, type, size] = header.split(" ");
  if (id === undefined || type === undefined || !/^\d+$/.test(size ?? ""))
    throw new GitFault(`git cat-file answered ${JSON.stringify(header.slice(0, 200))}`);
  const bytes = await input.exactly(Number(size));
  await input.exactly(1);
  return { id, type, bytes };
}

/** The output of a child as lines and runs of known length. */
interface ByteStream {
  line(): Promise<Buffer>;
  exactly(length: number): Promise<Buffer>;
}

function byteStream(process: ChildProcessWithoutNullStreams): ByteStream {
  let words = "";
  let fault: Error | undefined;
  process.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  process.on("error", (cause) => {
    fault = notRunnable(cause);
  });
  process.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => process.stderr.on("close", () => resolve()));
  const chunks = process.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<Buffer> => {
    const next = await chunks.next();
    if (!next.done) return next.value;
    await ended;
    throw fault ?? (words ? failed(["cat-file"], words) : new GitFault("git cat-file ended early"));
  };
  return {
    async line() {
      for (;;) {
        const end = rest.indexOf(10);
        if (end >= 0) {
          const line = rest.subarray(0, end);
          rest = rest.subarray(end + 1);
          return line;
        }
        if (rest.length > 4096) throw new GitFault("git cat-file answered without end");
        const chunk = await more();
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      }
    },
    async exactly(length) {
      if (rest.length >= length) {
        const bytes = rest.subarray(0, length);
        rest = rest.subarray(length);
        return bytes;
      }
      const bytes = allocate(length);
      let filled = rest.copy(bytes);
      rest = Buffer.alloc(0);
      while (filled < length) {
        const chunk = await more();
        const copied = chunk.copy(bytes, filled);
        filled += copied;
        if (copied < chunk.length) rest = chunk.subarray(copied);
      }
      return bytes;
    },
  };
}

function allocate(length: number): Buffer {
  try {
    return Buffer.allocUnsafeSlow(length);
  } catch (cause) {
    throw new RepositoryProblem(`a file of ${length} bytes is larger than can be read`, { cause });
  }
}
