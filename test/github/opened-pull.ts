import { sendPull } from "./pull-events.ts";
import type { Stage } from "./server.ts";
import type { Account, PullRequest, Repository } from "./world.ts";

/** What a pull request is opened with. */
export interface OpenedWith {
  readonly title: string;
  readonly body: string;
  readonly head: PullRequest["head"];
  readonly base: PullRequest["base"];
  readonly draft: boolean;
}

/** Opens a pull request, and says so. */
export function openPull(stage: Stage, repository: Repository, author: Account, given: OpenedWith): PullRequest {
  const { title, body, head, base, draft } = given;
  const number = repository.nextNumber++;
  const createdAt = stage.world.now();
  const state = "open" as const;
  const issue = {
    ...{ number, id: stage.world.nextId(), title, body, state, author },
    ...{ comments: [], labels: [], createdAt },
  };
  const pull: PullRequest = {
    ...{ id: stage.world.nextId(), number, issue, title, head, base, draft, state, merged: null },
    ...{ reviews: [], requestedReviewers: new Set(), requestedTeams: new Set(), timeline: [], assignees: [] },
    updatedAt: createdAt,
  };
  repository.issues.set(number, issue);
  repository.pulls.set(number, pull);
  sendPull(stage, repository, pull, "opened", author);
  return pull;
}
