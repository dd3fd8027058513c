import { renamedAccount } from "./renamed-account.ts";
import type { LoopbackGitHub } from "./server.ts";
import { shapes } from "./shapes.ts";
import { stageOf } from "./stage.ts";
import {
  type Account,
  parentOf,
  type Repository,
  type RepositoryRole,
  roleOf,
  type Team,
  teamMembers,
} from "./world.ts";

/** What happens to people and teams; `by` is the login of who does it, left out an owner of the organisation. */
export interface PeopleActs {
  addMember(organisation: string, login: string, role?: "admin" | "member", by?: string): void;
  /** Takes somebody out of an organisation, out of its teams and off its repositories. */
  removeMember(organisation: string, login: string, by?: string): void;
  /** Puts somebody into a team; `pending` is an invitation, of which no event tells. */
  addToTeam(team: Team, login: string, state?: "active" | "pending", by?: string): void;
  removeFromTeam(team: Team, login: string, by?: string): void;
  /** Gives a team another name, and by that another slug. */
  renameTeam(team: Team, name: string, by?: string): void;
  /** Puts a team below another, or below none. */
  moveTeam(team: Team, parent: Team | null, by?: string): void;
  /** Deletes a team with the teams below it. */
  deleteTeam(team: Team, by?: string): void;
  /** What a team may do in a repository; null takes it off. */
  grantTeam(team: Team, repository: Repository, role: RepositoryRole | null, by?: string): void;
  /** What a person may do in a repository; null takes them off. */
  grant(repository: Repository, login: string, role: RepositoryRole | null, by?: string): void;
  /** The same account under another login; whoever registers the old one is somebody else. No event tells. */
  renameLogin(login: string, to: string): void;
  renameOrganisation(organisation: string, to: string, by?: string): void;
  /** Deletes an account: what it did stays, by a ghost. */
  deleteAccount(login: string): void;
}

/** Acts on people of a loopback GitHub. */
export function peopleActs(github: LoopbackGitHub): PeopleActs {
  const stage = stageOf(github);
  const { world, deliveries } = stage;
  const shape = shapes(stage.origin);
  const ownerOf = (organisation: Account, by?: string): Account =>
    world.user(by ?? [...organisation.members].find(([, role]) => role === "admin")?.[0] ?? organisation.login);
  const accountOf = ({ organisation }: Team) => world.user(organisation);
  const toldOfTeam = (event: string, team: Team, by: string | undefined, more: Record<string, unknown>) =>
    deliveries.send(event, accountOf(team), {
      team: shape.team(team, parentOf(world, team)),
      sender: shape.user(ownerOf(accountOf(team), by)),
      ...more,
    });
  const toldOfMembership = (action: string, team: Team, login: string, by?: string) =>
    toldOfTeam("membership", team, by, { action, scope: "team", member: shape.user(world.user(login)) });
  const toldOfMember = (action: string, account: Account, login: string, role: string, by?: string) =>
    deliveries.send("organization", account, {
      action,
      membership: shape.organizationMembership(account, world.user(login), role),
      sender: shape.user(ownerOf(account, by)),
    });
  const self: PeopleActs = {
    addMember(organisation, login, role = "member", by) {
      const account = world.organisation(organisation);
      account.members.set(world.user(login).login.toLowerCase(), role);
      toldOfMember("member_added", account, login, role, by);
    },
    removeMember(organisation, login, by) {
      const account = world.organisation(organisation);
      const name = login.toLowerCase();
      for (const team of world.teams)
        if (accountOf(team) === account && team.members.has(name)) self.removeFromTeam(team, login, by);
      const role = account.members.get(name) ?? "member";
      account.members.delete(name);
      for (const repository of world.repositories)
        if (repository.owner === account) repository.collaborators.delete(name);
      toldOfMember("member_removed", account, login, role, by);
    },
    addToTeam(team, login, state = "active", by) {
      const { members } = accountOf(team);
      const name = world.user(login).login.toLowerCase();
      team.members.set(name, state);
      if (state === "pending") return;
      if (!members.has(name)) members.set(name, "member");
      toldOfMembership("added", team, login, by);
    },
    removeFromTeam(team, login, by) {
      team.members.delete(login.toLowerCase());
      toldOfMembership("removed", team, login, by);
    },
    renameTeam(team, name, by) {
      const from = team.name;
      const before = team.slug;
      team.name = name;
      team.slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
      for (const child of world.teams)
        if (child.organisation === team.organisation && child.parent === before) child.parent = team.slug;
      toldOfTeam("team", team, by, { action: "edited", changes: { name: { from } } });
    },
    moveTeam(team, parent, by) {
      team.parent = parent?.slug ?? null;
      // GitHub's description of the event has no field for the parent among its changes.
      toldOfTeam("team", team, by, { action: "edited", changes: {} });
    },
    deleteTeam(team, by) {
      const below = world.teams.filter((one) => one.organisation === team.organisation && one.parent === team.slug);
      for (const child of below) self.deleteTeam(child, by);
      world.teams.splice(world.teams.indexOf(team), 1);
      for (const repository of world.repositories) takeOff(repository, team);
      toldOfTeam("team", team, by, { action: "deleted" });
    },
    grantTeam(team, repository, role, by) {
      takeOff(repository, team);
      if (role) repository.teams.push({ team, role, members: () => teamMembers(world, team) });
      const action = role ? "added_to_repository" : "removed_from_repository";
      toldOfTeam("team", team, by, { action, repository: shape.repository(repository) });
    },
    grant(repository, login, role, by) {
      const account = world.user(login);
      const from = roleOf(repository, login);
      const known = repository.collaborators.has(login.toLowerCase());
      if (role) repository.collaborators.set(login.toLowerCase(), role);
      else repository.collaborators.delete(login.toLowerCase());
      const changes = known
        ? { old_permission: { from }, permission: { from, to: role } }
        : { permission: { to: role }, role_name: { to: role } };
      deliveries.send("member", repository, {
        action: role === null ? "removed" : known ? "edited" : "added",
        member: shape.user(account),
        ...(role === null ? {} : { changes }),
        repository: shape.repository(repository),
        sender: shape.user(ownerOf(repository.owner, by)),
      });
    },
    renameLogin: (login, to) => void renamedAccount(world, login, to),
    renameOrganisation(organisation, to, by) {
      const account = renamedAccount(world, organisation, to);
      const sender = shape.user(ownerOf(account, by));
      const changes = { login: { from: organisation } };
      deliveries.send("organization", account, { action: "renamed", changes, sender });
      for (const installation of world.installations.filter((one) => one.account === account))
        deliveries.send("installation_target", installation, {
          action: "renamed",
          account: { ...shape.user(account), ...shape.organization(account) },
          changes,
          target_type: "Organization",
          installation: { id: installation.id, node_id: `I_${installation.id}` },
          sender,
        });
    },
    deleteAccount(login) {
      const account = world.user(login);
      const name = login.toLowerCase();
      account.gone = true;
      for (const other of world.accounts.values()) other.members.delete(name);
      for (const team of world.teams) team.members.delete(name);
      for (const repository of world.repositories) repository.collaborators.delete(name);
      world.accounts.delete(name);
    },
  };
  return self;
}

function takeOff(repository: Repository, team: Team): void {
  const at = repository.teams.findIndex((one) => one.team === team);
  if (at >= 0) repository.teams.splice(at, 1);
}
