import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import type { OpenedRevert, Reverts } from "../work/reverts.ts";
import { lacks } from "./accepted-permissions.ts";
import type { Api } from "./api.ts";

/** What it takes to open one; not every installation grants it, and none has to (security rule S20). */
export const REVERT_PERMISSIONS = { contents: "write", pull_requests: "write" } as const;

const REVERT = `
mutation RevertPullRequest($id: ID!, $title: String!, $body: String!) {
  revertPullRequest(input: { pullRequestId: $id, title: $title, body: $body }) {
    revertPullRequest { number }
  }
}`;

const Reverted = z.object({ revertPullRequest: z.object({ revertPullRequest: z.object({ number: z.int() }) }) });
const Node = z.object({ node_id: z.string() });
const Listed = z.object({
  number: z.int(),
  state: z.enum(["open", "closed"]),
  merged_at: z.string().nullable(),
  body: z.string().nullable(),
  user: z.object({ type: z.string() }).nullable(),
});

/** Opens pull requests that take others back; `revertsApi` has a token for that and nothing else. */
export function reverts({ api, revertsApi }: { readonly api: Api; revertsApi(): Api }): Reverts {
  return {
    async mayOpen() {
      const lacking = await revertsApi().lacking();
      return !lacks(lacking, "contents", "write") && !lacks(lacking, "pull_requests", "write");
    },
    async openedFor(pullRequest) {
      // Whoever asks does so soon after: it is among the newest.
      const newest = { state: "all", sort: "created", direction: "desc", per_page: 100 };
      const pulls = await api.get("/repos/{owner}/{repo}/pulls", newest, z.array(Listed));
      const own = pulls.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(markerOf(pullRequest)));
      return own === undefined ? null : { number: own.number, state: stateOf(own) };
    },
    async open(pullRequest, { title, body }) {
      const { node_id: id } = await api.get(
        "/repos/{owner}/{repo}/pulls/{pull_number}",
        { pull_number: pullRequest },
        Node,
      );
      try {
        const text = `${markerOf(pullRequest)}\n${body}`;
        const answer = await revertsApi().mutate(REVERT, { id, title, body: text }, Reverted);
        return { number: answer.revertPullRequest.revertPullRequest.number };
      } catch (fault) {
        if (fault instanceof HostingFault && REFUSALS.has(fault.code)) return { refused: fault.message };
        throw fault;
      }
    },
  };
}

const REFUSALS: ReadonlySet<HostingFault["code"]> = new Set(["hosting/refused", "hosting/forbidden"]);

/** By this it is found again where a program stopped before it could note its number. It shows nowhere. */
function markerOf(pullRequest: number): string {
  return `<!-- countersign: takes back #${pullRequest} -->`;
}

function stateOf({ state, merged_at: merged }: z.infer<typeof Listed>): OpenedRevert["state"] {
  return merged === null ? state : "merged";
}
