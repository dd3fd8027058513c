import { Refused } from "./access.ts";
import { accountOf } from "./callers.ts";
import { gitCommit } from "./routes-git.ts";
import type { Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { gitPerson } from "./world.ts";

interface NewRow {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly content?: string;
}

/** Objects that somebody makes by the API before a branch goes on to them. */
export const gitDataRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/git/trees",
    needs: { contents: "write" },
    role: "write",
    handle(call) {
      const { store } = call.repository;
      const base = typeof call.body.base_tree === "string" ? call.body.base_tree : null;
      if (base !== null && store.type(base) !== "tree") throw new Refused(404, "Not Found");
      const rows = call.body.tree as readonly NewRow[];
      if (rows.some(({ mode, type, content }) => mode !== "100644" || type !== "blob" || content === undefined))
        throw new Refused(422, "this loopback GitHub makes files from their content alone");
      const sha = store.writeTree(base, new Map(rows.map(({ path, content = "" }) => [path, content])));
      const at = `${call.origin}/repos/${shapes(call.origin).full(call.repository)}/git`;
      const tree = store
        .tree(sha, false)
        .map(({ path, mode, type, sha: id }) => ({ path, mode, type, sha: id, url: at }));
      return { status: 201, body: { sha, url: `${at}/trees/${sha}`, tree, truncated: false } };
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/git/commits",
    needs: { contents: "write" },
    role: "write",
    handle(call) {
      const { store } = call.repository;
      const { tree, message, parents = [] } = call.body as { tree: string; message: string; parents?: string[] };
      if (store.type(tree) !== "tree") throw new Refused(422, "Tree SHA does not exist");
      if (parents.some((parent) => store.type(parent) !== "commit")) throw new Refused(422, "Parent does not exist");
      const sha = store.commitTree(tree, parents, message, gitPerson(accountOf(call), call.world.now()));
      return { status: 201, body: gitCommit(call, sha) };
    },
  },
];
