/** How many values and comments are taken from one file: more is data, not configuration, and would fill the memory. */
const MAX_TAKEN = 1_000_000;

/** Whether a reader has taken all it may; what it says then is not the whole file. */
export function isFull({
  literals,
  comments,
}: {
  literals: readonly unknown[];
  comments: readonly unknown[];
}): boolean {
  return literals.length >= MAX_TAKEN || comments.length >= MAX_TAKEN;
}
