import { z } from "zod";
import { commandIn } from "../work/comment-command.ts";
import type { HostedCommand } from "../work/conversation.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { TrackedIssue, TrackingIssues } from "../work/landings.ts";
import { lacks } from "./accepted-permissions.ts";
import type { Api } from "./api.ts";
import { createComment, ownComment } from "./own-comment.ts";
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

const Comments = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    created_at: z.string(),
    updated_at: z.string(),
    user: z.object({ login: z.string(), type: z.string() }).nullish(),
    performed_via_github_app: z.unknown(),
  }),
);
const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/** What the issue of an owner begins with: names hold no more than letters, digits and few signs. */
function markerOf(owner: string | null): string {
  return owner === null
    ? MARKER
    : `<!-- countersign: tracking issue of ${owner === "" ? "nobody" : owner.slice(1).toLowerCase()} -->`;
}

/** With what issues are read and written. */
interface Desk {
  readonly api: Api;
  /** With a token for issues and nothing else: not every installation grants it. */
  issuesApi(): Api;
  readonly appId: number | string;
}

/** The issues of a repository in which its people are told. */
export function trackingIssues(api: Api, issuesApi: () => Api, appId: number | string): TrackingIssues {
  const desk: Desk = { api, issuesApi, appId };
  return {
    mayWrite: async () => !lacks(await issuesApi().lacking(), "issues", "write"),
    async put(number, issue) {
      try {
        return await put(desk, number, issue);
      } catch (fault) {
        // Issues are switched off there.
        if (fault instanceof HostingFault && fault.status === 410) return null;
        throw fault;
      }
    },
    exists: async (owner) => (await found(desk, null, markerOf(owner))) !== null,
    async comment(number, body) {
      const params = { issue_number: number, body };
      await issuesApi().write(`POST ${COMMENTS}`, params, Written);
    },
    async commands(number) {
      if ((await readIssue(api, number)) === null) return [];
      return (await api.all(COMMENTS, { issue_number: number }, Comments)).flatMap(commandOf);
    },
    async answer(number, key, body) {
      const marker = `<!-- countersign: answer to ${key} -->`;
      const speaker = { api: issuesApi(), appId };
      if ((await ownComment({ api, appId }, number, `${marker}\n`)) === null)
        await createComment(speaker, number, `${marker}\n${body}`);
    },
  };
}

async function put(desk: Desk, number: number | null, { title, body, owner, state }: TrackedIssue) {
  const marker = markerOf(owner);
  const text = `${marker}\n${body}`;
  const known = await found(desk, number, marker);
  if (known === null) return { number: await create(desk, { title, body: text }, owner), created: true };
  const moved = state !== "kept" && known.state !== state;
  if (known.body !== text || known.title !== title || moved)
    await desk
      .issuesApi()
      .write(`PATCH ${ONE}`, { issue_number: known.number, title, body: text, ...(moved ? { state } : {}) }, Numbered);
  return { number: known.number, created: false };
}

async function found(
  { api, appId }: Desk,
  number: number | null,
  marker: string,
): Promise<z.infer<typeof Issue> | null> {
  if (number !== null) {
    const known = await readIssue(api, number);
    // One that was moved to another repository has another number there, and is not ours to write.
    if (known?.number === number) return known;
  }
  // By marker and App, as far as GitHub names it: a person's issue that looks like ours is none.
  const isOurs = ({ body, user, performed_via_github_app: app }: z.infer<typeof Issue>) =>
    (app ? String(app.id) === String(appId) : user?.type === "Bot") && body?.startsWith(marker) === true;
  return (await api.all(LIST, { labels: LABEL, state: "all" }, Issues)).find(isOurs) ?? null;
}

async function create(
  { issuesApi }: Desk,
  issue: { readonly title: string; readonly body: string },
  owner: string | null,
): Promise<number> {
  const labelled = { ...issue, labels: [LABEL] };
  const write = async (more: object) =>
    (await issuesApi().write(`POST ${LIST}`, { ...labelled, ...more }, Numbered)).number;
  if (owner === null || owner === "" || owner.includes("/")) return write({});
  try {
    return await write({ assignees: [owner.slice(1)] });
  } catch (fault) {
    // Whoever has no access cannot be assigned, and is told all the same.
    if (fault instanceof HostingFault && fault.status === 422) return write({});
    throw fault;
  }
}

/** The command of a person, written by themselves: an App may write in their name (security rule S12). */
function commandOf(comment: z.infer<typeof Comments>[number]): HostedCommand[] {
  const { id, body, user, created_at: createdAt, updated_at: updatedAt, performed_via_github_app: app } = comment;
  const command = user?.type === "User" && (app === null || app === undefined) ? commandIn(body ?? "") : null;
  if (command === null || !user) return [];
  const person = { login: user.login, type: user.type };
  return [{ ...command, person, createdAt, comment: id, untouched: updatedAt === createdAt }];
}

async function readIssue(api: Api, number: number): Promise<z.infer<typeof Issue> | null> {
  try {
    return await api.find(ONE, { issue_number: number }, Issue);
  } catch (fault) {
    if (isGone(fault)) return null;
    throw fault;
  }
}
