/** The repository, or a revision of it, cannot be used as asked; the message says what is expected and what to do. */
export class RepositoryProblem extends Error {
  readonly code = "repository";
}

/** git itself failed where it should not have. */
export class GitFault extends Error {
  readonly code = "git";
}
