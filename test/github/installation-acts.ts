import type { LoopbackGitHub, Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import { stageOf } from "./stage.ts";
import type { Account, App, Installation, Repository } from "./world.ts";

/** What owners do with an App that is installed at them, and what its owner asks of them; logins say who does it. */
export interface InstallationActs {
  suspend(installation: Installation, by: string): void;
  unsuspend(installation: Installation, by: string): void;
  /** Removes it; its tokens are worth nothing from then on. */
  remove(installation: Installation, by: string): void;
  /** The App asks for other permissions and events: nothing changes before an owner accepts. */
  ask(app: App, permissions: Readonly<Record<string, string>>, events?: readonly string[]): void;
  accept(installation: Installation, by: string): void;
  addRepositories(installation: Installation, repositories: readonly Repository[], by: string): void;
  removeRepositories(installation: Installation, repositories: readonly Repository[], by: string): void;
}

/** Acts on installations of a loopback GitHub. */
export function installationActs(github: LoopbackGitHub): InstallationActs {
  const stage = stageOf(github);
  const { world } = stage;
  const selected = (action: string, installation: Installation, repositories: readonly Repository[], by: string) =>
    send(stage, "installation_repositories", installation, world.user(by), {
      action,
      repository_selection: installation.selection ? "selected" : "all",
      repositories_added: action === "added" ? repositories.map(brief) : [],
      repositories_removed: action === "removed" ? repositories.map(brief) : [],
      requester: null,
    });
  return {
    suspend: (installation, by) => setSuspended(stage, installation, world.user(by), true),
    unsuspend: (installation, by) => setSuspended(stage, installation, world.user(by), false),
    remove: (installation, by) => removeInstallation(stage, installation, world.user(by)),
    ask(app, permissions, events = app.events) {
      app.permissions = permissions;
      app.events = events;
    },
    accept(installation, by) {
      installation.permissions = installation.app.permissions;
      changed(stage, "new_permissions_accepted", installation, world.user(by));
    },
    addRepositories(installation, repositories, by) {
      for (const { id } of repositories) installation.selection?.add(id);
      selected("added", installation, repositories, by);
    },
    removeRepositories(installation, repositories, by) {
      installation.selection ??= new Set(reached(stage, installation).map(({ id }) => id));
      for (const { id } of repositories) installation.selection.delete(id);
      selected("removed", installation, repositories, by);
    },
  };
}

/** Suspends an installation, or ends that. */
export function setSuspended(stage: Stage, installation: Installation, by: Account, suspended: boolean): void {
  installation.suspendedAt = suspended ? stage.world.now() : null;
  installation.suspendedBy = suspended ? by : null;
  changed(stage, suspended ? "suspend" : "unsuspend", installation, by);
}

/** Removes an installation; its App hears of it, and its tokens are worth nothing from then on. */
export function removeInstallation(stage: Stage, installation: Installation, by: Account): void {
  changed(stage, "deleted", installation, by);
  stage.world.installations.splice(stage.world.installations.indexOf(installation), 1);
}

function changed(stage: Stage, action: string, installation: Installation, by: Account): void {
  const repositories = reached(stage, installation).map(brief);
  send(stage, "installation", installation, by, { action, repositories });
}

function send(stage: Stage, event: string, to: Installation, by: Account, body: Record<string, unknown>): void {
  const { installation, user } = shapes(stage.origin);
  stage.deliveries.send(event, to, { ...body, installation: installation(to), sender: user(by) });
}

function reached({ world }: Stage, { account, selection }: Installation): readonly Repository[] {
  return world.repositories.filter(
    (one) => one.owner === account && !one.deleted && (selection === null || selection.has(one.id)),
  );
}

function brief({ id, name, owner, private: secret }: Repository) {
  return { id, node_id: `R_${id}`, name, full_name: `${owner.login}/${name}`, private: secret };
}
