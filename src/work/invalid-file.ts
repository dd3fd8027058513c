/** A configuration file given by hand cannot be used; the message lists its problems, one a line. */
export class InvalidFile extends Error {
  readonly code = "invalid-file";
}
