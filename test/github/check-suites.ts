import { covers, grants } from "./access.ts";
import type { LoopbackGitHub, Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import { stageOf } from "./stage.ts";
import type { Account, App, CheckRun, CheckSuite, Installation, Repository } from "./world.ts";

/** The suite of an App on a commit; made where there is none yet, as a first check run does. */
export function suiteOf({ world }: Pick<Stage, "world">, repository: Repository, app: App, sha: string): CheckSuite {
  const known = repository.checkSuites.find((one) => one.app === app && one.headSha === sha);
  if (known) return known;
  const [ref] = [...repository.refs].find(([, tip]) => tip === sha) ?? [];
  const headBranch = ref?.replace("refs/heads/", "") ?? null;
  const suite: CheckSuite = { id: world.nextId(), app, headSha: sha, headBranch, before: null, createdAt: world.now() };
  repository.checkSuites.push(suite);
  return suite;
}

/**
 * What a push to a branch of this repository begins: a suite for each App that writes checks, unless the newest commit says
 * `skip-checks: true` after two empty lines ("Status checks"). A fork's push begins none.
 */
export function requestSuites(
  stage: Stage,
  repository: Repository,
  sha: string,
  before: string | null,
  by: Account,
): void {
  if (/\n\n\nskip-checks: ?true\s*$/.test(repository.store.read(sha).message)) return;
  for (const installation of stage.world.installations) {
    if (!covers(stage.world, installation, repository.id) || !grants(installation.permissions, "checks", "write"))
      continue;
    if (repository.checkSuites.some((one) => one.app === installation.app && one.headSha === sha)) continue;
    const suite = { ...suiteOf(stage, repository, installation.app, sha), before };
    sendSuite(stage, repository, suite, "requested", installation, by);
  }
}

function sendSuite(
  stage: Stage,
  repository: Repository,
  suite: CheckSuite,
  action: string,
  to: Installation,
  by: Account,
): void {
  const { checkSuite, repository: shaped, user } = shapes(stage.origin);
  stage.deliveries.send("check_suite", to, {
    action,
    check_suite: checkSuite(repository, suite),
    repository: shaped(repository),
    sender: user(by),
  });
}

/** What people ask of an App's checks; only the App that they belong to hears of it. */
export interface CheckActs {
  rerequestSuite(repository: Repository, app: App, sha: string, by: string): void;
  rerequestRun(repository: Repository, run: CheckRun, by: string): void;
  /** Presses a button of a check run. */
  press(repository: Repository, run: CheckRun, identifier: string, by: string): void;
}

/** Acts on checks of a loopback GitHub. */
export function checkActs(github: LoopbackGitHub): CheckActs {
  const stage = stageOf(github);
  const installed = (repository: Repository, app: App) => {
    const found = stage.world.installations.find((one) => one.app === app && covers(stage.world, one, repository.id));
    if (!found) throw new Error(`${app.slug} is not installed on ${repository.name}`);
    return found;
  };
  const send = (repository: Repository, run: CheckRun, by: string, more: Record<string, unknown>) => {
    const { checkRun, repository: shaped, user } = shapes(stage.origin);
    stage.deliveries.send("check_run", installed(repository, run.app), {
      check_run: checkRun(repository, run),
      repository: shaped(repository),
      sender: user(stage.world.user(by)),
      ...more,
    });
  };
  return {
    rerequestSuite: (repository, app, sha, by) =>
      sendSuite(
        stage,
        repository,
        suiteOf(stage, repository, app, sha),
        "rerequested",
        installed(repository, app),
        stage.world.user(by),
      ),
    rerequestRun: (repository, run, by) => send(repository, run, by, { action: "rerequested" }),
    press: (repository, run, identifier, by) =>
      send(repository, run, by, { action: "requested_action", requested_action: { identifier } }),
  };
}
