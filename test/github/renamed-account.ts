import type { Account, World } from "./world.ts";

/** Gives an account another login everywhere; its number stays, and its repositories redirect from their old names. */
export function renamedAccount(world: World, login: string, to: string): Account {
  const name = login.toLowerCase();
  const account = world.accounts.get(name);
  if (!account) throw new Error(`no account ${login}`);
  if (world.accounts.has(to.toLowerCase())) throw new Error(`${to} is taken`);
  for (const repository of world.repositories)
    if (repository.owner === account) world.formerNames.set(`${login}/${repository.name}`.toLowerCase(), repository);
  account.login = to;
  account.token = `ghp_${to}`;
  world.accounts.delete(name);
  world.accounts.set(to.toLowerCase(), account);
  const rekey = <T>(map: Map<string, T>) => {
    const value = map.get(name);
    if (value === undefined) return;
    map.delete(name);
    map.set(to.toLowerCase(), value);
  };
  for (const other of world.accounts.values()) rekey(other.members);
  for (const team of world.teams) {
    rekey(team.members);
    if (team.organisation.toLowerCase() === name) team.organisation = to;
  }
  const renamed = (one: string) => (one.toLowerCase() === name ? to : one);
  for (const repository of world.repositories) {
    rekey(repository.collaborators);
    for (const rules of repository.rules.values()) rules.bypass = rules.bypass.map(renamed);
    for (const pull of repository.pulls.values()) {
      pull.assignees = pull.assignees.map(renamed);
      if (pull.requestedReviewers.delete(name)) pull.requestedReviewers.add(to.toLowerCase());
      for (const event of pull.timeline)
        Object.assign(event, {
          actor: renamed(event.actor),
          ...(event.assignee === undefined ? {} : { assignee: renamed(event.assignee) }),
        });
    }
  }
  return account;
}
