/** How many requests of one kind are under way at once; GitHub asks for few. */
const AT_ONCE = 8;

/** Does the same for every item, a few at a time; the results stand in the order of the items. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
}
