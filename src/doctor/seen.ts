/** What was seen, or why it could not be: nothing unseen may pass for safe (security rule S21). */
export type Seen<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** It was seen. */
export function seen<T>(value: T): Seen<T> {
  return { known: true, value };
}

/** It could not be seen; `why` says what hides it, without a full stop. */
export function unseen(why: string): { readonly known: false; readonly why: string } {
  return { known: false, why };
}
