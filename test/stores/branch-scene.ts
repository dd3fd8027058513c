import type { EvidenceBranch } from "../../src/evidence/evidence-branch.ts";
import { clientWith } from "../../src/github/client.ts";
import { systemClock } from "../../src/github/clock.ts";
import { githubEvidenceBranch } from "../../src/github/evidence-branch.ts";
import { givenToken } from "../../src/github/tokens.ts";
import { type LoopbackGitHub, loopbackGitHub } from "../github/server.ts";
import type { Repository } from "../github/world.ts";

/** The name that the tests give an evidence branch. */
export const BRANCH = "countersign-evidence";

/** A repository at a loopback GitHub, where somebody who may write keeps evidence. */
export interface BranchScene {
  readonly github: LoopbackGitHub;
  readonly repository: Repository;
  /** Another program that keeps evidence there; it waits for nobody. */
  branch(): EvidenceBranch;
}

/** Builds a scene; whoever does closes its `github`. */
export async function branchScene(): Promise<BranchScene> {
  const github = await loopbackGitHub();
  github.world.user("dora");
  const repository = github.world.repository("dora/agent", { "bot.py": "MODEL = 'a'\n" });
  return {
    github,
    repository,
    branch() {
      let now = Date.now();
      // The limit of writes is another test's matter: here time flies.
      const tick = () => {
        now += 1_000;
        return now;
      };
      const clock = { now: tick, sleep: systemClock.sleep };
      const client = clientWith(() => givenToken("ghp_dora"), { baseUrl: github.url, clock });
      const charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
      const place = { owner: "dora", name: "agent", installation: 0, repository: { id: repository.id } };
      const signal = new AbortController().signal;
      return githubEvidenceBranch(client.api({ ...place, permissions: {}, signal, charges }), BRANCH);
    },
  };
}
