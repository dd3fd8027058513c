import { Refused } from "./access.ts";
import { renameBranch } from "./branches.ts";
import { accountOf } from "./callers.ts";
import { deleteDirectly, pushDirectly } from "./direct-push.ts";
import { page } from "./paging.ts";
import { repositoryActsOn } from "./repository-acts.ts";
import { commitOf, listedCommit } from "./routes-git.ts";
import { rulesOf } from "./rules.ts";
import type { Answer, Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { type Activity, reaches, roleOf } from "./world.ts";

const HEADS = "refs/heads/";

function branchOf(call: Call): { branch: string; sha: string } {
  const branch = call.params.branch ?? "";
  const sha = call.repository.refs.get(`${HEADS}${branch}`);
  if (sha === undefined) throw new Refused(404, "Branch not found");
  return { branch, sha };
}

/** The branch that a path `heads/NAME` names. */
function refOf(call: Call): string {
  const ref = call.params.ref ?? "";
  if (!ref.startsWith("heads/") || !call.repository.refs.has(`refs/${ref}`))
    throw new Refused(422, "Reference does not exist");
  return ref.slice("heads/".length);
}

function activityOf({ repository, origin }: Call, { ref, before, after, by, forced }: Activity, at: number) {
  const shown = after ?? before ?? "";
  const zero = "0".repeat(shown.length);
  const kind = before === null ? "branch_creation" : after === null ? "branch_deletion" : "push";
  return {
    ...{ id: at + 1, node_id: `ACT_${at + 1}`, ref, before: before ?? zero, after: after ?? zero },
    timestamp: repository.store.read(shown).committer.date,
    activity_type: forced && kind === "push" ? "force_push" : kind,
    actor: shapes(origin).user(by),
  };
}

function commitIn(call: Call): string {
  const sha = commitOf(call.repository, String(call.body.sha));
  if (sha === null) throw new Refused(422, "Object does not exist");
  return sha;
}

function refAnswer(call: Call, status: number, branch: string): Answer {
  const sha = call.repository.refs.get(`${HEADS}${branch}`);
  const at = `${call.origin}/repos/${shapes(call.origin).full(call.repository)}/git`;
  const object = { type: "commit", sha, url: `${at}/commits/${sha}` };
  const ref = `${HEADS}${branch}`;
  return { status, body: { ref, node_id: `REF_${sha}`, url: `${at}/${ref}`, object } };
}

function shownBranch(call: Call, branch: string, sha: string) {
  const at = `${call.origin}/repos/${shapes(call.origin).full(call.repository)}/branches/${branch}`;
  const isProtected = rulesOf(call.world, call.repository, branch).length > 0;
  return {
    name: branch,
    commit: listedCommit(call, sha),
    _links: { self: at, html: at },
    protected: isProtected,
    protection: { enabled: isProtected },
    protection_url: `${at}/protection`,
  };
}

const REPOSITORY = "/repos/{owner}/{repo}";

/** What administrators change about a repository, its branches and the refs behind them. */
export const branchRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/activity",
    needs: { contents: "read" },
    handle(call) {
      const wanted = call.query.get("ref");
      const rows = call.repository.activities.map((one, at) => activityOf(call, one, at));
      const found = rows.filter(({ ref }) => wanted === null || ref === wanted).reverse();
      return { status: 200, body: found.slice(0, Number(call.query.get("per_page") ?? 30)) };
    },
  },
  {
    method: "PATCH",
    path: REPOSITORY,
    needs: { administration: "write" },
    role: "admin",
    handle(call) {
      const { repository, body } = call;
      const { login } = accountOf(call);
      const acts = repositoryActsOn(call);
      if (typeof body.default_branch === "string") acts.setDefaultBranch(repository, body.default_branch, login);
      if (typeof body.delete_branch_on_merge === "boolean")
        repository.deleteBranchOnMerge = body.delete_branch_on_merge;
      if (typeof body.private === "boolean" && body.private !== repository.private)
        acts[body.private ? "privatize" : "publicize"](repository, login);
      if (typeof body.name === "string" && body.name !== repository.name) acts.rename(repository, body.name, login);
      if (body.archived === true) acts.archive(repository, login);
      return { status: 200, body: shapes(call.origin).repository(repository) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/branches`,
    needs: { contents: "read" },
    handle(call) {
      const all = [...call.repository.refs].filter(([ref]) => ref.startsWith(HEADS));
      return page(
        call,
        all.map(([ref, sha]) => {
          const { name, protected: isProtected } = shownBranch(call, ref.slice(HEADS.length), sha);
          return { name, commit: { sha, url: `${call.origin}/commits/${sha}` }, protected: isProtected };
        }),
      );
    },
  },
  {
    method: "POST",
    path: `${REPOSITORY}/branches/{branch}/rename`,
    needs: { contents: "write" },
    role: "write",
    handle(call) {
      const { branch, sha } = branchOf(call);
      const by = accountOf(call);
      if (branch === call.repository.defaultBranch && !reaches(roleOf(call.repository, by.login), "admin"))
        throw new Refused(403, "Only admins can rename the default branch");
      const name = String(call.body.new_name);
      if (call.repository.refs.has(`${HEADS}${name}`)) throw new Refused(422, "Branch already exists");
      renameBranch(call, call.repository, branch, name, by);
      return { status: 201, body: shownBranch(call, name, sha) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/branches/{branch}`,
    needs: { contents: "read" },
    handle(call) {
      const { branch, sha } = branchOf(call);
      return { status: 200, body: shownBranch(call, branch, sha) };
    },
  },
  {
    method: "POST",
    path: `${REPOSITORY}/git/refs`,
    needs: { contents: "write" },
    role: "write",
    handle(call) {
      const ref = String(call.body.ref);
      if (call.repository.refs.has(ref)) throw new Refused(422, "Reference already exists");
      const branch = ref.slice(HEADS.length);
      pushDirectly(call, call.repository, branch, commitIn(call), accountOf(call), { forced: false, stopped: true });
      return refAnswer(call, 201, ref.slice(HEADS.length));
    },
  },
  {
    method: "PATCH",
    path: `${REPOSITORY}/git/refs/{ref}`,
    needs: { contents: "write" },
    role: "write",
    handle(call) {
      const branch = refOf(call);
      const sha = commitIn(call);
      const forward = call.repository.store.isAncestor(call.repository.refs.get(`${HEADS}${branch}`) ?? "", sha);
      if (!forward && call.body.force !== true) throw new Refused(422, "Update is not a fast forward");
      pushDirectly(call, call.repository, branch, sha, accountOf(call), { forced: !forward, stopped: true });
      return refAnswer(call, 200, branch);
    },
  },
  {
    method: "DELETE",
    path: `${REPOSITORY}/git/refs/{ref}`,
    needs: { contents: "write" },
    role: "write",
    handle(call) {
      deleteDirectly(call, call.repository, refOf(call), accountOf(call));
      return { status: 204, body: undefined };
    },
  },
];
