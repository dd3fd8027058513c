/** Values by key, of which those that were not used for longest go when together they weigh too much. */
export interface BoundedCache<T> {
  get(key: string): T | undefined;
  /** One that weighs more than a quarter of the whole cache is not kept. */
  set(key: string, value: T, weight: number): void;
  delete(key: string): void;
  /** What is kept weighs so much. */
  readonly weight: number;
}

/** Makes an empty cache that holds so much; by convention one unit is a byte of memory, roughly. */
export function boundedCache<T>(capacity: number): BoundedCache<T> {
  const kept = new Map<string, { readonly value: T; readonly weight: number }>();
  let total = 0;
  const remove = (key: string) => {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      // A Map keeps the order of insertion: the first is the one not used for longest.
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set(key, value, weight) {
      remove(key);
      if (weight > capacity / 4) return;
      kept.set(key, { value, weight });
      total += weight;
      for (const oldest of kept.keys()) {
        if (total <= capacity) break;
        remove(oldest);
      }
    },
    delete: remove,
    get weight() {
      return total;
    },
  };
}
