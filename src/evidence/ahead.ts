/** How many are under way at most, and how much they weigh together. */
const MOST = 16;
const HEAVIEST = 4_000_000;

/** What comes of each, in order, while the next ones are under way: `start` never fails, and says what its work weighs. */
export async function* ahead<T, R>(
  given: AsyncIterable<T> | Iterable<T>,
  start: (one: T) => { readonly weight: number; readonly result: Promise<R> },
): AsyncGenerator<R> {
  const underWay: ReturnType<typeof start>[] = [];
  let weight = 0;
  for await (const one of given) {
    const started = start(one);
    underWay.push(started);
    weight += started.weight;
    for (let [first] = underWay; first && (underWay.length > MOST || weight > HEAVIEST); [first] = underWay) {
      underWay.shift();
      weight -= first.weight;
      yield await first.result;
    }
  }
  for (const { result } of underWay) yield await result;
}
