const MOST = 20_000;

/** A pure function of a text that remembers its answers, a bounded number of them: names and values come again and again. */
export function memoised<T>(compute: (text: string) => T): (text: string) => T {
  let answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined || answers.has(text)) return known as T;
    if (answers.size >= MOST) answers = new Map();
    const answer = compute(text);
    answers.set(detached(text), answer);
    return answer;
  };
}

/** Longer pieces of a text keep the whole of it in memory. */
const LONGEST_COPIED = 12;

/** The same text as one of its own. */
function detached(text: string): string {
  return text.length <= LONGEST_COPIED ? text : ` ${text}`.slice(1);
}

/** A pure function of a text that is mostly asked about the same one several times in a row: of a file's path. */
export function askedInARow<T>(compute: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly answer: T } | null = null;
  return (text) => {
    if (last === null || last.text !== text) last = { text, answer: compute(text) };
    return last.answer;
  };
}

/** What is remembered of an object, by the number of the function: one weak entry an object costs far less than one for each. */
const answersOf = new WeakMap<object, unknown[]>();
let functions = 0;

/** A pure function of an object that remembers its answer, which is never undefined, as long as the object lives. */
export function memoisedByObject<K extends object, T extends NonNullable<unknown> | null>(
  compute: (key: K) => T,
): (key: K) => T {
  const number = functions;
  functions += 1;
  return (key) => {
    const answers = answersOf.get(key);
    const known = answers?.[number];
    if (known !== undefined) return known as T;
    const answer = compute(key);
    if (answers) answers[number] = answer;
    else remember(key, number, answer);
    return answer;
  };
}

function remember(key: object, number: number, answer: unknown): void {
  const answers = answersOf.get(key) ?? [];
  answers[number] = answer;
  answersOf.set(key, answers);
}
