import { Refused } from "./access.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { accountOfEmail, type Repository } from "./world.ts";

/** `HEAD`, a branch, a full ref or a commit id as a commit id. */
export function commitOf(repository: Repository, revision: string): string | null {
  const ref =
    repository.refs.get(revision) ??
    repository.refs.get(`refs/heads/${revision === "HEAD" ? repository.defaultBranch : revision}`) ??
    repository.refs.get(`refs/${revision}`);
  if (ref) return ref;
  return /^[0-9a-f]{40,64}$/.test(revision) && repository.store.type(revision) === "commit" ? revision : null;
}

function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Refused(404, "Not Found");
  return value;
}

/** A commit in the shape of git data. */
export function gitCommit(call: Call, sha: string) {
  const { repository, origin } = call;
  const at = `${origin}/repos/${shapes(origin).full(repository)}/git`;
  const commit = repository.store.read(sha);
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${at}/commits/${sha}`,
    html_url: `${at}/commits/${sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${at}/trees/${commit.tree}` },
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${at}/commits/${parent}`,
      html_url: `${at}/commits/${parent}`,
    })),
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  };
}

/** A commit in the shape of lists: with the accounts its addresses belong to. */
export function listedCommit(call: Call, sha: string) {
  const { repository, origin, world } = call;
  const { author, committer, message, tree, parents, verification } = gitCommit(call, sha);
  const at = `${origin}/repos/${shapes(origin).full(repository)}/commits`;
  const account = (email: string) => {
    const one = accountOfEmail(world, email);
    return one ? shapes(origin).user(one) : null;
  };
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${at}/${sha}`,
    html_url: `${at}/${sha}`,
    comments_url: `${at}/${sha}/comments`,
    commit: { url: `${at}/${sha}`, author, committer, message, comment_count: 0, tree, verification },
    author: account(author.email),
    committer: account(committer.email),
    parents,
  };
}

/** Repository, objects and comparisons. */
export const gitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}",
    needs: { metadata: "read" },
    handle: (call) => ({ status: 200, body: shapes(call.origin).repository(call.repository) }),
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    needs: { contents: "read" },
    handle(call) {
      const { repository, params } = call;
      const sha = params.tree_sha ?? "";
      const commit = commitOf(repository, sha);
      const tree = commit ? repository.store.read(commit).tree : sha;
      if (repository.store.type(tree) !== "tree") throw new Refused(404, "Not Found");
      const rows = repository.store.tree(tree, call.query.get("recursive") !== null);
      const limit = call.world.treeRows;
      const at = `${call.origin}/repos/${shapes(call.origin).full(repository)}/git`;
      const body = {
        sha: tree,
        url: `${at}/trees/${tree}`,
        tree: rows.slice(0, limit).map((row) => ({
          path: row.path,
          mode: row.mode,
          type: row.type,
          sha: row.sha,
          ...(row.size === undefined ? {} : { size: row.size }),
          ...(row.type === "commit" ? {} : { url: `${at}/${row.type}s/${row.sha}` }),
        })),
        truncated: rows.length > limit,
      };
      return { status: 200, body };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/blobs/{file_sha}",
    needs: { contents: "read" },
    handle(call) {
      const sha = call.params.file_sha ?? "";
      if (call.repository.store.type(sha) !== "blob") throw new Refused(404, "Not Found");
      const content = call.repository.store.blob(sha);
      const url = `${call.origin}/repos/${shapes(call.origin).full(call.repository)}/git/blobs/${sha}`;
      return {
        status: 200,
        body: {
          sha,
          node_id: `B_${sha}`,
          size: content.length,
          url,
          content: content.toString("base64"),
          encoding: "base64",
        },
      };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/commits/{commit_sha}",
    needs: { contents: "read" },
    handle(call) {
      const sha = call.params.commit_sha ?? "";
      if (call.repository.store.type(sha) !== "commit") throw new Refused(404, "Not Found");
      return { status: 200, body: gitCommit(call, sha) };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/git/ref/{ref}",
    needs: { contents: "read" },
    handle(call) {
      const ref = `refs/${call.params.ref}`;
      const sha = found(call.repository.refs.get(ref));
      const at = `${call.origin}/repos/${shapes(call.origin).full(call.repository)}/git`;
      return {
        status: 200,
        body: {
          ref,
          node_id: `REF_${sha}`,
          url: `${at}/${ref}`,
          object: { type: "commit", sha, url: `${at}/commits/${sha}` },
        },
      };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{sha}",
    needs: { contents: "read" },
    handle(call) {
      const sha = found(commitOf(call.repository, call.params.sha ?? ""));
      return { status: 200, body: { ...listedCommit(call, sha), files: [] } };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/compare/{basehead}",
    needs: { contents: "read" },
    handle: compare,
  },
];

function compare(call: Call) {
  const [base = "", head = ""] = (call.params.basehead ?? "").split("...");
  const { repository } = call;
  const own = (revision: string) => commitOf(repository, revision.split(":").at(-1) ?? "");
  const [from, to] = [found(own(base)), found(own(head))];
  const mergeBase = found(repository.store.mergeBase(from, to));
  const commits = repository.store.between(from, to);
  const files = repository.store.changedFiles(mergeBase, to);
  const behind = repository.store.between(to, from).length;
  const at = `${call.origin}/${shapes(call.origin).full(repository)}`;
  const status = commits.length > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical";
  return page(
    call,
    // Without paging GitHub stops at 250 commits.
    (call.query.has("page") || call.query.has("per_page") ? commits : commits.slice(0, 250)).map((sha) =>
      listedCommit(call, sha),
    ),
    (listed) => ({
      url: `${at}/compare`,
      html_url: `${at}/compare`,
      permalink_url: `${at}/compare`,
      diff_url: `${at}/compare.diff`,
      patch_url: `${at}/compare.patch`,
      base_commit: listedCommit(call, from),
      merge_base_commit: listedCommit(call, mergeBase),
      status,
      ahead_by: commits.length,
      behind_by: behind,
      total_commits: commits.length,
      commits: listed,
      files: (Number(call.query.get("page") ?? 1) > 1 ? [] : files).slice(0, 300).map((file) => ({
        sha: file.sha,
        filename: file.path,
        status: file.status,
        additions: 0,
        deletions: 0,
        changes: 0,
        blob_url: at,
        raw_url: at,
        contents_url: at,
        ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
      })),
    }),
  );
}
