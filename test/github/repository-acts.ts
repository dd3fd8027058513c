import { changeDefaultBranch, deleteBranch, renameBranch } from "./branches.ts";
import type { LoopbackGitHub, Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import { stageOf } from "./stage.ts";
import type { Account, Repository } from "./world.ts";

/** What administrators do with a repository; logins say who does it. */
export interface RepositoryActs {
  rename(repository: Repository, name: string, by: string): void;
  /** Gives it to another account, whose Apps alone hear of it. */
  transfer(repository: Repository, to: string, by: string): void;
  archive(repository: Repository, by: string): void;
  unarchive(repository: Repository, by: string): void;
  privatize(repository: Repository, by: string): void;
  publicize(repository: Repository, by: string): void;
  /** Deletes it; of a fork's pull requests the head repository is null from then on. */
  remove(repository: Repository, by: string): void;
  setDefaultBranch(repository: Repository, branch: string, by: string): void;
  renameBranch(repository: Repository, from: string, to: string, by: string): void;
  /** Deletes a branch by git or the API, which closes the pull requests into it. */
  deleteBranch(repository: Repository, branch: string, by: string): void;
  /** Deletes the branch of a merged pull request with its button, by which those into it go on to its base. */
  deleteMergedBranch(repository: Repository, number: number, by: string): void;
}

/** Acts on repositories of a loopback GitHub. */
export function repositoryActs(github: LoopbackGitHub): RepositoryActs {
  return repositoryActsOn(stageOf(github));
}

/** The same from within a request. */
export function repositoryActsOn(stage: Stage): RepositoryActs {
  const { world, deliveries } = stage;
  const { repository: shaped, user } = shapes(stage.origin);
  const send = (action: string, repository: Repository, by: string, changes?: Record<string, unknown>) =>
    deliveries.send("repository", repository, {
      action,
      ...(changes ? { changes } : {}),
      repository: shaped(repository),
      sender: user(world.user(by)),
    });
  const leave = ({ owner, name }: Repository, repository: Repository) =>
    world.formerNames.set(`${owner.login}/${name}`.toLowerCase(), repository);
  return {
    rename(repository, name, by) {
      const from = repository.name;
      leave(repository, repository);
      repository.name = name;
      send("renamed", repository, by, { repository: { name: { from } } });
    },
    transfer(repository, to, by) {
      const from = repository.owner;
      leave(repository, repository);
      repository.owner = world.user(to);
      // Teams are an organisation's own.
      repository.teams.length = 0;
      send("transferred", repository, by, { owner: { from: ownerOf(from, stage.origin) } });
    },
    archive(repository, by) {
      repository.archived = true;
      send("archived", repository, by);
    },
    unarchive(repository, by) {
      repository.archived = false;
      send("unarchived", repository, by);
    },
    privatize(repository, by) {
      repository.private = true;
      send("privatized", repository, by);
    },
    publicize(repository, by) {
      repository.private = false;
      send("publicized", repository, by);
    },
    remove(repository, by) {
      send("deleted", repository, by);
      repository.deleted = true;
    },
    setDefaultBranch: (repository, branch, by) => changeDefaultBranch(stage, repository, branch, world.user(by)),
    renameBranch: (repository, from, to, by) => renameBranch(stage, repository, from, to, world.user(by)),
    deleteBranch: (repository, branch, by) => deleteBranch(stage, repository, branch, world.user(by)),
    deleteMergedBranch(repository, number, by) {
      const pull = repository.pulls.get(number);
      if (!pull?.merged) throw new Error(`pull request ${number} is not merged`);
      deleteBranch(stage, pull.head.repository, pull.head.ref, world.user(by), pull);
    },
  };
}

function ownerOf(account: Account, origin: string): Record<string, unknown> {
  const { user, organization } = shapes(origin);
  return account.type === "Organization" ? { organization: organization(account) } : { user: user(account) };
}
