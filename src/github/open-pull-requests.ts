import { z } from "zod";
import type { HostedRepository } from "../work/hosting.ts";
import type { Api } from "./api.ts";
import { collect, collected, connectionPage } from "./connection-page.ts";
import { nameTaken } from "./pull-request.ts";

/** Cursors, not page numbers: a pull request that is closed meanwhile moves no other one out of sight. */
const DOCUMENT = `query OpenPullRequests($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequests(states: [OPEN], first: 100, after: $after) {
      nodes { number headRefOid baseRefName }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const Listed = z.object({ number: z.int(), headRefOid: z.string(), baseRefName: z.string() });
type Listed = z.infer<typeof Listed>;
const Answer = z.object({ repository: z.object({ databaseId: z.int(), pullRequests: connectionPage(Listed) }) });

/** Every open pull request of the repository. */
export async function readOpenPullRequests(api: Api, id: number): ReturnType<HostedRepository["openPullRequests"]> {
  const list = collected<Listed>();
  do {
    const answer = await api.graphql(DOCUMENT, { after: list.cursor }, Answer);
    if (answer.repository.databaseId !== id) throw nameTaken();
    collect(list, answer.repository.pullRequests, "open pull requests");
  } while (list.cursor !== null);
  return list.items.map(({ number, headRefOid, baseRefName }) => ({ number, head: headRefOid, base: baseRefName }));
}
