import { accountShapes } from "./shapes-accounts.ts";
import { checkShapes } from "./shapes-checks.ts";
import { pullShapes } from "./shapes-pulls.ts";
import { fullName, repositoryShape } from "./shapes-repository.ts";
import { ruleShapes } from "./shapes-rules.ts";

/** Writes the world's things in the shapes of GitHub's REST API; `at` is the API's address. */
export function shapes(at: string) {
  return {
    full: fullName,
    ...accountShapes(at),
    repository: repositoryShape(at),
    ...pullShapes(at),
    ...checkShapes(at),
    ...ruleShapes(at),
  };
}
