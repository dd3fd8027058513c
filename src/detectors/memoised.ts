const MOST = 20_000;

/** A pure function of a text that remembers its answers, a bounded number of them: names and values come again and again. */
export function memoised<T>(compute: (text: string) => T): (text: string) => T {
  let answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined || answers.has(text)) return known as T;
    if (answers.size >= MOST) answers = new Map();
    const answer = compute(text);
    answers.set(text, answer);
    return answer;
  };
}

/** A pure function of an object that remembers its answer as long as the object lives. */
export function memoisedByObject<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const answers = new WeakMap<K, { readonly answer: T }>();
  return (key) => {
    const known = answers.get(key);
    if (known) return known.answer;
    const answer = compute(key);
    answers.set(key, { answer });
    return answer;
  };
}
