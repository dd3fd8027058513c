import { Refused } from "./access.ts";
import { accountOf } from "./callers.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, Comment, Issue } from "./world.ts";
import { reaches, roleOf } from "./world.ts";

function issueOf(call: Call): Issue {
  const found = call.repository.issues.get(Number(call.params.number));
  if (!found) throw new Refused(404, "Not Found");
  return found;
}

function commentOf(call: Call): { issue: Issue; comment: Comment } {
  for (const issue of call.repository.issues.values()) {
    const comment = issue.comments.find((one) => String(one.id) === call.params.id);
    if (comment) return { issue, comment };
  }
  throw new Refused(404, "Not Found");
}

function send(call: Call, issue: Issue, comment: Comment, action: string, more = {}): void {
  const { comment: shaped, issue: issueShape, repository, user } = shapes(call.origin);
  call.deliveries.send("issue_comment", call.repository, {
    action,
    issue: issueShape(call.repository, issue, call.repository.pulls.has(issue.number)),
    comment: shaped(call.repository, issue, comment),
    repository: repository(call.repository),
    sender: user(accountOf(call)),
    ...more,
  });
}

/** An installation may write a pull request's comments with either permission. */
function mayWrite(call: Call, issue: Issue): void {
  if (call.actor.kind !== "installation") return;
  const permission = call.repository.pulls.has(issue.number) ? ["issues", "pull_requests"] : ["issues"];
  const { permissions } = call.actor;
  if (!permission.some((name) => permissions[name] === "write"))
    throw new Refused(403, "Resource not accessible by integration");
}

const REPOSITORY = "/repos/{owner}/{repo}";

function shown(call: Call, issue: Issue) {
  return shapes(call.origin).issue(call.repository, issue, call.repository.pulls.has(issue.number));
}

function sendIssue(call: Call, issue: Issue, action: string, more = {}): void {
  const { repository, user } = shapes(call.origin);
  call.deliveries.send("issues", call.repository, {
    action,
    issue: shown(call, issue),
    repository: repository(call.repository),
    sender: user(accountOf(call)),
    ...more,
  });
}

/** Labels by name, as people and Apps give them. */
function labelsIn(body: Record<string, unknown>): string[] | null {
  if (!Array.isArray(body.labels)) return null;
  return body.labels.map((one) => (typeof one === "string" ? one : String((one as { name?: unknown }).name)));
}

/** Who is to see to it: GitHub refuses names of accounts that may not. */
function assigneesIn({ body, repository, world }: Call): Account[] {
  const names = Array.isArray(body.assignees) ? body.assignees.map(String) : [];
  return names.map((name) => {
    const found = world.accounts.get(name.toLowerCase());
    if (!found || roleOf(repository, found.login) === null)
      throw new Refused(422, "Validation Failed: assignees is invalid");
    return found;
  });
}

/** Issues, their comments and reactions; in lists a pull request is an issue too. */
export const issueRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${REPOSITORY}/issues`,
    needs: { issues: "read" },
    handle(call) {
      const { query, repository } = call;
      const state = query.get("state") ?? "open";
      const labels = query.get("labels")?.split(",") ?? [];
      const creator = query.get("creator")?.toLowerCase() ?? null;
      const found = [...repository.issues.values()]
        .filter((one) => state === "all" || one.state === state)
        .filter((one) => labels.every((label) => one.labels.includes(label)))
        .filter(({ author }) => creator === null || author.login.toLowerCase() === creator)
        .toReversed();
      return page(
        call,
        found.map((one) => shown(call, one)),
      );
    },
  },
  {
    method: "POST",
    path: `${REPOSITORY}/issues`,
    needs: { issues: "write" },
    role: "read",
    handle(call) {
      const { repository, world } = call;
      const issue: Issue = {
        number: repository.nextNumber++,
        id: world.nextId(),
        title: String(call.body.title),
        body: String(call.body.body ?? ""),
        state: "open",
        author: accountOf(call),
        comments: [],
        labels: labelsIn(call.body) ?? [],
        assignees: assigneesIn(call),
        createdAt: world.now(),
      };
      repository.issues.set(issue.number, issue);
      sendIssue(call, issue, "opened");
      return { status: 201, body: shown(call, issue) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/issues/{number}`,
    needs: { issues: "read" },
    handle: (call) => ({ status: 200, body: shown(call, issueOf(call)) }),
  },
  {
    method: "PATCH",
    path: `${REPOSITORY}/issues/{number}`,
    needs: { issues: "write" },
    handle(call) {
      const issue = issueOf(call);
      const who = accountOf(call);
      if (call.actor.kind === "user" && issue.author !== who && !reaches(roleOf(call.repository, who.login), "triage"))
        throw new Refused(403, "Must have admin rights to Repository.");
      const { title, body, state } = call.body;
      const changes = {
        ...(typeof title === "string" && title !== issue.title ? { title: { from: issue.title } } : {}),
        ...(typeof body === "string" && body !== issue.body ? { body: { from: issue.body } } : {}),
      };
      if (typeof title === "string") issue.title = title;
      if (typeof body === "string") issue.body = body;
      issue.labels = labelsIn(call.body) ?? issue.labels;
      if (Object.keys(changes).length > 0) sendIssue(call, issue, "edited", { changes });
      if ((state === "open" || state === "closed") && state !== issue.state) {
        issue.state = state;
        sendIssue(call, issue, state === "open" ? "reopened" : "closed");
      }
      return { status: 200, body: shown(call, issue) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/issues/{number}/comments`,
    needs: { issues: "read" },
    handle(call) {
      const issue = issueOf(call);
      const since = Date.parse(call.query.get("since") ?? "1970-01-01T00:00:00Z");
      const listed = issue.comments.filter((one) => Date.parse(one.updatedAt) >= since);
      return page(
        call,
        listed.map((one) => shapes(call.origin).comment(call.repository, issue, one)),
      );
    },
  },
  {
    method: "POST",
    path: `${REPOSITORY}/issues/{number}/comments`,
    handle(call) {
      const issue = issueOf(call);
      mayWrite(call, issue);
      const body = String(call.body.body ?? "");
      if (body.length > 65_536)
        throw new Refused(422, "Validation Failed", [{ message: "body is too long (maximum is 65536 characters)" }]);
      const createdAt = call.world.now();
      const app = call.actor.kind === "installation" ? call.actor.installation.app : null;
      const comment: Comment = {
        id: call.world.nextId(),
        author: accountOf(call),
        app,
        body,
        createdAt,
        updatedAt: createdAt,
        reactions: [],
      };
      issue.comments.push(comment);
      send(call, issue, comment, "created");
      return { status: 201, body: shapes(call.origin).comment(call.repository, issue, comment) };
    },
  },
  {
    method: "PATCH",
    path: `${REPOSITORY}/issues/comments/{id}`,
    handle(call) {
      const { issue, comment } = commentOf(call);
      mayWrite(call, issue);
      const who = accountOf(call);
      if (comment.author !== who && call.actor.kind === "user" && !reaches(roleOf(call.repository, who.login), "write"))
        throw new Refused(403, "Must have push access");
      const from = comment.body;
      comment.body = String(call.body.body ?? "");
      comment.updatedAt = call.world.now();
      send(call, issue, comment, "edited", { changes: { body: { from } } });
      return { status: 200, body: shapes(call.origin).comment(call.repository, issue, comment) };
    },
  },
  {
    method: "DELETE",
    path: `${REPOSITORY}/issues/comments/{id}`,
    handle(call) {
      const { issue, comment } = commentOf(call);
      mayWrite(call, issue);
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      send(call, issue, comment, "deleted");
      return { status: 204, body: undefined };
    },
  },
  {
    method: "POST",
    path: `${REPOSITORY}/issues/comments/{id}/reactions`,
    needs: { issues: "write" },
    handle(call) {
      const { comment } = commentOf(call);
      const reaction = { content: String(call.body.content), user: accountOf(call).login };
      // A reaction that its account put before is shown again.
      const known = comment.reactions.some(
        ({ content, user: by }) => content === reaction.content && by === reaction.user,
      );
      if (!known) comment.reactions.push(reaction);
      const { user } = shapes(call.origin);
      return {
        status: known ? 200 : 201,
        body: {
          id: call.world.nextId(),
          node_id: "REA_1",
          user: user(accountOf(call)),
          content: reaction.content,
          created_at: call.world.now(),
        },
      };
    },
  },
];
