import type { z } from "zod";
import type { Repository } from "../enforcement/job.ts";
import type { RepositoryPayload } from "./webhook-payload.ts";

/** The repository that a webhook is about. */
export function repositoryOf({
  installation,
  repository,
}: Pick<z.infer<typeof RepositoryPayload>, "installation" | "repository">): Repository {
  return {
    installation: installation.id,
    repository: repository.id,
    owner: repository.owner.login,
    name: repository.name,
  };
}
