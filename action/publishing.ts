import { LACKING } from "../src/github/people.ts";
import type { CheckRunView } from "../src/reports/pull-request-view.ts";
import type { Conversation } from "../src/work/conversation.ts";
import type { HostedRepository, Hosting } from "../src/work/hosting.ts";
import { HostingFault } from "../src/work/hosting-fault.ts";

/** What a workflow wants said on its pull request beside the check. */
export interface Wanted {
  readonly comment: boolean;
  readonly requestReviewers: boolean;
}

/** What was said, or would have been. */
export interface Said {
  /** The last view of each check, by its head and name. */
  readonly checks: ReadonlyMap<string, CheckRunView>;
  /** Why the token could not write them; null where it could. */
  readonly refused: HostingFault | null;
}

/** The hosting service as a workflow's job writes to it: a check that its token may not write is left to the job (S25). */
export function publishing(hosting: Hosting, wanted: Wanted): { readonly hosting: Hosting; said(): Said } {
  const checks = new Map<string, CheckRunView>();
  let refused: HostingFault | null = null;
  const publishes =
    ({ publish }: HostedRepository): HostedRepository["publish"] =>
    async (place, view, last, writing) => {
      // Buttons are answered by an App that hears of them; a workflow is not started by one.
      const checkRun = view.checkRun && { ...view.checkRun, actions: [] };
      if (checkRun !== null) checks.set(`${place.head} ${checkRun.name}`, checkRun);
      if (refused !== null) return NOTHING;
      try {
        return await publish(place, { checkRun, comment: wanted.comment ? view.comment : null }, last, writing);
      } catch (fault) {
        if (!(fault instanceof HostingFault) || fault.code !== "hosting/forbidden") throw fault;
        refused = fault;
        return NOTHING;
      }
    };
  return {
    said: () => ({ checks, refused }),
    hosting: {
      async open(name, signal) {
        const repository = await hosting.open(name, signal);
        const conversation = speaking(repository.conversation, wanted, () => refused === null);
        const teamMembers: HostedRepository["teamMembers"] = async (teams) => {
          const { members, unreadable } = await repository.teamMembers(teams);
          return { members, unreadable: unreadable.map((why) => why.replace(LACKING, OWN_TOKEN)) };
        };
        return { ...repository, publish: publishes(repository), conversation, teamMembers };
      },
    },
  };
}

const OWN_TOKEN = "a workflow's own token may not; give one that may with the input `organization-token`";
const NOTHING = { checkRun: null, commentId: null, checkRunDigest: null, commentDigest: null, passing: false };
const NONE: ReadonlySet<string> = new Set();
const NOBODY = { open: NONE, ever: NONE, declined: NONE, reviewed: NONE };

function speaking(conversation: Conversation, { comment, requestReviewers }: Wanted, may: () => boolean): Conversation {
  return {
    mayReact: async () => comment && may() && conversation.mayReact(),
    mayReply: async () => (comment || requestReviewers) && may() && conversation.mayReply(),
    react: async (...args) => (comment ? conversation.react(...args) : undefined),
    reply: async (...args) => (comment ? conversation.reply(...args) : undefined),
    reviewRequests: async (number) => (requestReviewers ? conversation.reviewRequests(number) : NOBODY),
    requestReviewers: async (...args) => (requestReviewers ? conversation.requestReviewers(...args) : new Map()),
  };
}
