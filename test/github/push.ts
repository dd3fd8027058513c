import type { Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import { type Account, accountOfEmail, type Repository } from "./world.ts";

/** A ref that moved; null for an end that does not exist. */
export interface Push {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly by: Account;
  readonly forced?: boolean;
}

/** "The array includes a maximum of 2048 commits" ("Webhook events and payloads", `push`). */
export const COMMITS_LISTED = 2048;

/** Sends a push event with the payload that GitHub documents: its commits with their files, oldest first. */
export function sendPush(stage: Stage, repository: Repository, push: Push): void {
  const { ref, before, after, by, forced = false } = push;
  repository.activities.push({ ref, before, after, by, forced });
  const zero = "0".repeat((before ?? after ?? "").length);
  const { repository: shaped, user, full } = shapes(stage.origin);
  const commits = listed(stage, repository, pushed(repository, push));
  const head = after === null ? undefined : (commits.at(-1) ?? listed(stage, repository, [after])[0]);
  const name = ref.replace("refs/heads/", "");
  const compare = before === null ? name : `${before.slice(0, 12)}...${(after ?? zero).slice(0, 12)}`;
  stage.deliveries.send("push", repository, {
    ref,
    before: before ?? zero,
    after: after ?? zero,
    created: before === null,
    deleted: after === null,
    forced,
    base_ref: null,
    compare: `${stage.origin}/${full(repository)}/compare/${compare}`,
    commits,
    head_commit: head ?? null,
    repository: shaped(repository),
    pusher: { name: by.login, email: `${by.id}+${by.login}@users.noreply.github.com` },
    sender: user(by),
  });
}

/** The commits that came with a push; of a new branch those that no other branch has. */
function pushed(repository: Repository, { ref, before, after }: Push): readonly string[] {
  if (after === null) return [];
  if (before !== null) return repository.store.between(before, after).slice(-COMMITS_LISTED);
  const main = repository.refs.get(`refs/heads/${repository.defaultBranch}`);
  const known = [...repository.refs].some(([name, sha]) => name !== ref && sha === after);
  return known || main === undefined ? [] : repository.store.between(main, after).slice(-COMMITS_LISTED);
}

function listed({ origin, world }: Stage, repository: Repository, ids: readonly string[]) {
  const files = repository.store.touched(ids);
  repository.store.preload(ids);
  const who = ({ name, email }: { name: string; email: string }) => {
    const account = accountOfEmail(world, email);
    return { name, email, ...(account ? { username: account.login } : {}) };
  };
  return ids.map((id) => {
    const { tree, message, author, committer } = repository.store.read(id);
    return {
      id,
      tree_id: tree,
      distinct: true,
      message,
      timestamp: committer.date,
      url: `${origin}/${repository.owner.login}/${repository.name}/commit/${id}`,
      author: who(author),
      committer: who(committer),
      ...(files.get(id) ?? { added: [], removed: [], modified: [] }),
    };
  });
}
