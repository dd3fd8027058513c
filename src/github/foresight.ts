import type { ZodType } from "zod";
import type { Api, Params } from "./api.ts";
import { type BoundedCache, boundedCache } from "./bounded-cache.ts";

/** What decisions about one pull request asked for last of what may change. */
export interface Asked {
  readonly head: string;
  readonly questions: Map<string, Question>;
}

type Kind = "get" | "find" | "all";

interface Question {
  readonly kind: Kind;
  /** Which of the job's tokens it is asked with. */
  readonly whose: string;
  readonly route: string;
  readonly params: Params;
  readonly schema: ZodType;
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
  /** Begins what was asked about another head of the pull request, for this one. */
  beginAt(head: string): void;
  /** Begins one question that an event or the change itself suggests, unless it was begun already. */
  beginOne(kind: Kind, whose: string, question: Suggested): void;
  /** The answer to a question that was begun and not asked for yet; undefined where there is none. */
  begun(kind: Kind, whose: string, question: Suggested): Promise<unknown> | undefined;
}

/** What is asked of GitHub, and how its answer is read. */
export type Suggested = Pick<Question, "route" | "params" | "schema">;

/** Foresight within one job, which has an API for each of its tokens. */
export function foreseeing(memory: Foresight, apis: Readonly<Record<string, () => Api>>): Foreseeing {
  const begun = new Map<string, Promise<unknown>>();
  const questions = new Map<string, Question>();
  let last: Asked | undefined;
  const begin = (question: Question) => {
    const key = keyOf(question);
    const api = apis[question.whose]?.();
    if (!api || begun.has(key)) return;
    const early = ask(question, api);
    // A fault is thrown where the answer is waited for; one that nobody gets to must not end the process.
    early.catch(() => {});
    begun.set(key, early);
  };
  const answered = async (question: Question, api: Api) => {
    const key = keyOf(question);
    const early = begun.get(key);
    begun.delete(key);
    const answer = await (early ?? ask(question, api));
    // What is not there is not asked for ahead of time: such an answer is charged each time.
    if (answer !== null) questions.set(key, question);
    return answer;
  };
  return {
    over(whose, api) {
      // An answer that was begun earlier was asked for with the same schema: the question names what it is read by.
      const asked = (kind: Kind) => (route: string, params: Params, schema: ZodType) =>
        answered({ kind, whose, route, params, schema }, api);
      const [get, find, all] = [asked("get"), asked("find"), asked("all")];
      return { ...api, get: get as Api["get"], find: find as Api["find"], all: all as Api["all"] };
    },
    begin(pullRequest, head) {
      last = memory.get(pullRequest);
      memory.set(pullRequest, { head, questions }, WEIGHT);
      for (const question of last?.questions.values() ?? [])
        if (!isOfHead(question) || last?.head === head) begin(question);
    },
    beginAt(head) {
      for (const question of last?.questions.values() ?? []) {
        const moved = last?.head === head ? null : at(head, question);
        if (moved !== null) begin(moved);
      }
    },
    beginOne: (kind, whose, question) => begin({ kind, whose, ...question }),
    begun: (kind, whose, question) => begun.get(keyOf({ kind, whose, ...question })),
  };
}

function ask({ kind, route, params, schema }: Question, api: Api): Promise<unknown> {
  return kind === "all"
    ? api.all(route, params, schema as ZodType<readonly unknown[]>)
    : api[kind](route, params, schema);
}

function keyOf({ kind, whose, route, params }: Question): string {
  return JSON.stringify([kind, whose, route, params]);
}

/** Where a question names the commit that it is about. */
const HEADS = ["head_sha", "ref"] as const;

/** What is asked by a commit, or of what ran on it. */
function isOfHead({ params }: Question): boolean {
  return HEADS.some((name) => name in params) || "run_id" in params;
}

/** The same question about another head; null where it is about none by name. */
function at(head: string, question: Question): Question | null {
  const name = HEADS.find((one) => one in question.params);
  return name === undefined ? null : { ...question, params: { ...question.params, [name]: head } };
}
