import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import type { TrackingIssues } from "../work/landings.ts";
import { lacks } from "./accepted-permissions.ts";
import type { Api } from "./api.ts";
import { isGone } from "./publisher.ts";

const LIST = "/repos/{owner}/{repo}/issues";
const ONE = "/repos/{owner}/{repo}/issues/{issue_number}";
/** What ours is found by, beside its App: somebody may take the label away, so the number is remembered too. */
const LABEL = "countersign";
const MARKER = "<!-- countersign: tracking issue -->";

const Issue = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user: z.object({ type: z.string() }).nullish(),
  performed_via_github_app: z.object({ id: z.int() }).nullish(),
});
const Issues = z.array(Issue);
const Numbered = z.object({ number: z.int() });
const Written = z.object({ id: z.int() });

/** The one issue of a repository in which its people are told. */
export function trackingIssues(api: Api, issuesApi: () => Api, appId: number | string): TrackingIssues {
  // By marker and App, as far as GitHub names it: a person's issue that looks like ours is none.
  const isOurs = ({ body, user, performed_via_github_app: app }: z.infer<typeof Issue>) =>
    (app ? String(app.id) === String(appId) : user?.type === "Bot") && body?.startsWith(MARKER) === true;
  const found = async (number: number | null): Promise<z.infer<typeof Issue> | null> => {
    if (number !== null) {
      const known = await readIssue(api, number);
      // One that was moved to another repository has another number there, and is not ours to write.
      if (known?.number === number) return known;
    }
    const listed = await api.all(LIST, { labels: LABEL, state: "all" }, Issues);
    return listed.find(isOurs) ?? null;
  };
  const put = async (number: number | null, { title, body, reopen }: Parameters<TrackingIssues["put"]>[1]) => {
    const text = `${MARKER}\n${body}`;
    const known = await found(number);
    if (known === null) {
      const created = await issuesApi().write(`POST ${LIST}`, { title, body: text, labels: [LABEL] }, Numbered);
      return { number: created.number, created: true };
    }
    const opens = reopen && known.state === "closed";
    if (known.body !== text || known.title !== title || opens)
      await issuesApi().write(
        `PATCH ${ONE}`,
        { issue_number: known.number, title, body: text, ...(opens ? { state: "open" } : {}) },
        Numbered,
      );
    return { number: known.number, created: false };
  };
  return {
    mayWrite: async () => !lacks(await issuesApi().lacking(), "issues", "write"),
    async put(number, issue) {
      try {
        return await put(number, issue);
      } catch (fault) {
        // Issues are switched off there.
        if (fault instanceof HostingFault && fault.status === 410) return null;
        throw fault;
      }
    },
    async comment(number, body) {
      const params = { issue_number: number, body };
      await issuesApi().write("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", params, Written);
    },
  };
}

async function readIssue(api: Api, number: number): Promise<z.infer<typeof Issue> | null> {
  try {
    return await api.find(ONE, { issue_number: number }, Issue);
  } catch (fault) {
    if (isGone(fault)) return null;
    throw fault;
  }
}
