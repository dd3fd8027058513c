import type { ZodType } from "zod";
import type { Api, Params } from "./api.ts";
import { type BoundedCache, boundedCache } from "./bounded-cache.ts";

/** What decisions about one pull request asked for last of what may change. */
export interface Asked {
  readonly head: string;
  readonly questions: Map<string, Question>;
}

interface Question {
  /** Which of the job's tokens it is asked with. */
  readonly whose: string;
  /** Whether another head makes it another question. */
  readonly ofHead: boolean;
  ask(api: Api): Promise<unknown>;
}

/** What was asked last, by repository and pull request. */
export type Foresight = BoundedCache<Asked>;

/** Remembers nothing yet; one for the life of the program. */
export function foresight(): Foresight {
  return boundedCache(16 << 20);
}

/** Roughly what the questions of one pull request take up. */
const WEIGHT = 6_000;

/** Asks again, at the beginning of a job, what the last one ended up asking: unchanged answers cost time but no charge. */
export interface Foreseeing {
  /** The same API; a question that was begun already is not asked again, and each that is answered is remembered. */
  over(whose: string, api: Api): Api;
  /** Begins what is likely to be asked about a pull request at this head. */
  begin(pullRequest: string, head: string): void;
  /** Begins one question that an event suggests, unless it was begun already. */
  beginFinding<T>(whose: string, question: Finding<T>): void;
}

/** One question whose answer may be that there is no such thing. */
interface Finding<T> {
  readonly route: string;
  readonly params: Params;
  readonly schema: ZodType<T>;
}

/** Foresight within one job, which has an API for each of its tokens. */
export function foreseeing(memory: Foresight, apis: Readonly<Record<string, () => Api>>): Foreseeing {
  const begun = new Map<string, Promise<unknown>>();
  const questions = new Map<string, Question>();
  const start = (key: string, early: Promise<unknown>) => {
    // A fault is thrown where the answer is waited for; one that nobody gets to must not end the process.
    early.catch(() => {});
    begun.set(key, early);
  };
  const answered = async <T>(key: string, question: Question, api: Api): Promise<T> => {
    const early = begun.get(key);
    begun.delete(key);
    const answer = (await (early ?? question.ask(api))) as T;
    // What is not there is not asked for ahead of time: such an answer is charged each time.
    if (answer !== null) questions.set(key, question);
    return answer;
  };
  return {
    over: (whose, api) => ({
      ...api,
      get: (route, params, schema) => {
        const ask: Question["ask"] = (other) => other.get(route, params, schema);
        return answered(keyOf("get", whose, route, params), { whose, ofHead: isOfHead(params), ask }, api);
      },
      find: (route, params, schema) => {
        const ask: Question["ask"] = (other) => other.find(route, params, schema);
        return answered(keyOf("find", whose, route, params), { whose, ofHead: isOfHead(params), ask }, api);
      },
      all: (route, params, schema) => {
        const ask: Question["ask"] = (other) => other.all(route, params, schema);
        return answered(keyOf("all", whose, route, params), { whose, ofHead: isOfHead(params), ask }, api);
      },
    }),
    begin(pullRequest, head) {
      const last = memory.get(pullRequest);
      memory.set(pullRequest, { head, questions }, WEIGHT);
      for (const [key, { whose, ofHead, ask }] of last?.questions ?? []) {
        const api = apis[whose]?.();
        if (!api || (ofHead && last?.head !== head)) continue;
        start(key, ask(api));
      }
    },
    beginFinding(whose, { route, params, schema }) {
      const key = keyOf("find", whose, route, params);
      const api = apis[whose]?.();
      if (api && !begun.has(key)) start(key, api.find(route, params, schema));
    },
  };
}

function keyOf(kind: string, whose: string, route: string, params: Params): string {
  return JSON.stringify([kind, whose, route, params]);
}

/** What is asked by a commit, or of what ran on it. */
function isOfHead(params: Params): boolean {
  return "head_sha" in params || "ref" in params || "run_id" in params;
}
