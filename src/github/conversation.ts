import { z } from "zod";
import type { Conversation } from "../work/conversation.ts";
import { lacks } from "./accepted-permissions.ts";
import type { Api } from "./api.ts";
import type { Discussions } from "./discussion.ts";
import { createComment, ownComment, updateComment } from "./own-comment.ts";
import { isGone } from "./publisher.ts";
import { readReviewRequests, requestReviewers } from "./review-requests.ts";

/** What it takes to put a reaction; not every installation grants it, and none has to (security rule S20). */
export const REACTION_PERMISSIONS = { issues: "write" } as const;

/** Who speaks, with what. */
export interface Speaker {
  readonly api: Api;
  /** With a token for reactions and nothing else: jobs without commands need none. */
  reactionsApi(): Api;
  readonly appId: number | string;
  /** What the job was told already. */
  readonly heard: Pick<Discussions, "requests">;
}

const REACT = "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions";

const Written = z.object({ id: z.int() });

/** What the App says on pull requests of one repository, within one job. */
export function conversation({ api, reactionsApi, appId, heard }: Speaker): Conversation {
  return {
    mayReact: async () => !lacks(await reactionsApi().lacking(), "issues", "write"),
    mayReply: async () => !lacks(await api.lacking(), "pull_requests", "write"),
    async react(comment, content) {
      try {
        // The same reaction of the same account is there once, however often it is put.
        await reactionsApi().write(REACT, { comment_id: comment, content }, Written);
      } catch (fault) {
        if (!isGone(fault)) throw fault;
      }
    },
    async reply(pullRequest, key, body) {
      const marker = `<!-- countersign: answer to ${key} -->`;
      const text = `${marker}\n${body}`;
      const own = await ownComment({ api, appId }, pullRequest, `${marker}\n`);
      if (own === null) await createComment({ api, appId }, pullRequest, text);
      else if (own.body !== text) await updateComment({ api, appId }, own.id, text);
    },
    reviewRequests: async (pullRequest) => heard.requests(pullRequest) ?? readReviewRequests(api, pullRequest),
    requestReviewers: (pullRequest, reviewers) => requestReviewers(api, pullRequest, reviewers),
  };
}
