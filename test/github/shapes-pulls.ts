import { accountShapes } from "./shapes-accounts.ts";
import { fullName as full, repositoryShape } from "./shapes-repository.ts";
import type { Comment, Issue, PullRequest, Repository, Review } from "./world.ts";

const REACTIONS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket"] as const;

/** How often people reacted in each way. */
function reactions(subject: string, given: Comment["reactions"]) {
  const counts = REACTIONS.map((content) => [content, given.filter((one) => one.content === content).length] as const);
  const total_count = given.length;
  return { url: `${subject}/reactions`, total_count, ...(Object.fromEntries(counts) as Record<"+1" | "-1", number>) };
}

/** Pull requests, reviews, issues and comments in the shapes of GitHub's REST API. */
export function pullShapes(at: string) {
  const { user, author, app } = accountShapes(at);
  const repository = repositoryShape(at);
  const branch = (owner: Repository, ref: string, sha: string) => ({
    label: `${owner.owner.login}:${ref}`,
    ref,
    sha,
    user: user(owner.owner),
    // A fork that was deleted leaves its pull requests behind.
    repo: owner.deleted ? null : repository(owner),
  });

  const pullUrls = (owner: Repository, number: number) => {
    const base = `${at}/repos/${full(owner)}/pulls/${number}`;
    const issue = `${at}/repos/${full(owner)}/issues/${number}`;
    return {
      url: base,
      html_url: `${at}/${full(owner)}/pull/${number}`,
      diff_url: `${at}/${full(owner)}/pull/${number}.diff`,
      patch_url: `${at}/${full(owner)}/pull/${number}.patch`,
      issue_url: issue,
      commits_url: `${base}/commits`,
      review_comments_url: `${base}/comments`,
      review_comment_url: `${at}/repos/${full(owner)}/pulls/comments{/number}`,
      comments_url: `${issue}/comments`,
      statuses_url: `${at}/repos/${full(owner)}/statuses/${number}`,
      _links: Object.fromEntries(
        ["self", "html", "issue", "comments", "review_comments", "review_comment", "commits", "statuses"].map(
          (name) => [name, { href: `${base}#${name}` }],
        ),
      ),
    };
  };

  const pullSimple = (owner: Repository, pull: PullRequest) => ({
    ...pullUrls(owner, pull.number),
    id: pull.id,
    node_id: `PR_${pull.id}`,
    number: pull.number,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    title: pull.title,
    user: author(pull.issue.author),
    body: pull.issue.body,
    labels: [],
    milestone: null,
    created_at: pull.issue.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.state === "closed" ? pull.updatedAt : null,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: branch(pull.head.repository, pull.head.ref, pull.head.sha),
    base: branch(owner, pull.base.ref, pull.base.sha),
    author_association: "CONTRIBUTOR",
    auto_merge: null,
    draft: pull.draft,
  });

  const pull = (owner: Repository, one: PullRequest) => ({
    ...pullSimple(owner, one),
    merged: one.merged !== null,
    mergeable: one.state === "open" ? true : null,
    rebaseable: null,
    mergeable_state: "unknown",
    merged_by: one.merged ? user(one.merged.by) : null,
    comments: one.issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 0,
    deletions: 0,
    changed_files: 0,
  });

  return {
    pull,
    pullSimple,
    comment: (owner: Repository, issue: Issue, one: Comment) => ({
      id: one.id,
      node_id: `IC_${one.id}`,
      url: `${at}/repos/${full(owner)}/issues/comments/${one.id}`,
      html_url: `${at}/${full(owner)}/issues/${issue.number}#issuecomment-${one.id}`,
      issue_url: `${at}/repos/${full(owner)}/issues/${issue.number}`,
      body: one.body,
      user: author(one.author),
      created_at: one.createdAt,
      updated_at: one.updatedAt,
      author_association: "CONTRIBUTOR",
      reactions: reactions(`${at}/repos/${full(owner)}/issues/comments/${one.id}`, one.reactions),
      performed_via_github_app: one.app ? app(one.app) : null,
    }),
    issue: (owner: Repository, one: Issue, isPull: boolean) => ({
      id: one.id,
      node_id: `I_${one.id}`,
      url: `${at}/repos/${full(owner)}/issues/${one.number}`,
      repository_url: `${at}/repos/${full(owner)}`,
      labels_url: `${at}/repos/${full(owner)}/issues/${one.number}/labels{/name}`,
      comments_url: `${at}/repos/${full(owner)}/issues/${one.number}/comments`,
      events_url: `${at}/repos/${full(owner)}/issues/${one.number}/events`,
      html_url: `${at}/${full(owner)}/issues/${one.number}`,
      number: one.number,
      state: one.state,
      title: one.title,
      body: one.body,
      user: author(one.author),
      labels: one.labels.map((name) => ({
        id: 1,
        node_id: "L_1",
        url: `${at}/labels`,
        name,
        description: null,
        color: "ededed",
        default: false,
      })),
      assignee: null,
      assignees: (one.assignees ?? []).map(user),
      milestone: null,
      locked: false,
      active_lock_reason: null,
      reactions: reactions(`${at}/repos/${full(owner)}/issues/${one.number}`, []),
      comments: one.comments.length,
      closed_at: one.state === "closed" ? one.createdAt : null,
      created_at: one.createdAt,
      updated_at: one.createdAt,
      author_association: "CONTRIBUTOR",
      ...(isPull
        ? {
            pull_request: {
              url: `${at}/repos/${full(owner)}/pulls/${one.number}`,
              html_url: `${at}/${full(owner)}/pull/${one.number}`,
              diff_url: `${at}/${full(owner)}/pull/${one.number}.diff`,
              patch_url: `${at}/${full(owner)}/pull/${one.number}.patch`,
            },
          }
        : {}),
    }),
    review: (owner: Repository, pullRequest: PullRequest, one: Review) => ({
      id: one.id,
      node_id: `PRR_${one.id}`,
      user: author(one.author),
      body: one.body,
      state: one.state,
      html_url: `${at}/${full(owner)}/pull/${pullRequest.number}#review-${one.id}`,
      pull_request_url: `${at}/repos/${full(owner)}/pulls/${pullRequest.number}`,
      _links: { html: { href: at }, pull_request: { href: at } },
      submitted_at: one.submittedAt,
      commit_id: one.commit,
      author_association: "CONTRIBUTOR",
    }),
  };
}
