import type { ReviewRequests } from "../work/conversation.ts";

/** What of a pull request's conversation came along with it. */
export interface Discussion {
  /** Whether a comment begins as our one does, whoever wrote it; also where comments are not shown. */
  readonly marked: boolean;
  /** Null where they did not come along. */
  readonly requests: ReviewRequests | null;
}

/** What one job was told of conversations. Each part is said once: what the job does itself makes it out of date. */
export interface Discussions {
  put(pullRequest: number, discussion: Discussion): void;
  /** Whether no comment of ours can stand there. */
  uncommented(pullRequest: number): boolean;
  requests(pullRequest: number): ReviewRequests | null;
}

/** Was told nothing yet. */
export function discussions(): Discussions {
  const unmarked = new Set<number>();
  const requests = new Map<number, ReviewRequests>();
  return {
    put(pullRequest, { marked, requests: came }) {
      if (marked) unmarked.delete(pullRequest);
      else unmarked.add(pullRequest);
      if (came === null) requests.delete(pullRequest);
      else requests.set(pullRequest, came);
    },
    uncommented: (pullRequest) => unmarked.delete(pullRequest),
    requests(pullRequest) {
      const came = requests.get(pullRequest) ?? null;
      requests.delete(pullRequest);
      return came;
    },
  };
}
