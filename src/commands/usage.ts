/** A command was called wrongly, or a file given by hand is invalid: exit code 2. */
export class Usage extends Error {
  readonly code = "usage";
}
